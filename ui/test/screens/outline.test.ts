import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LesionOutline } from "../../src/ipc/generated";
import { measures, missingOutline, outline } from "../fake/outlines";
import { analysis, type Flavour, image, MODEL_VIEW } from "../fake/samples";
import { World } from "../world";

describe("the outline of a lesion", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  /** A lesion with one reading over as many photographs as outlines are given. */
  async function shown(outlines: (LesionOutline | null)[] = [outline("image")], flavour?: Partial<Flavour>): Promise<void> {
    const { clinic } = world;
    const patient = clinic.addPatient();
    const lesion = clinic.addLesion(patient);
    const ids = outlines.map((given) => {
      const made = image(clinic.id("image"), lesion.id, patient.id);
      clinic.images.push(made);
      clinic.outlines.set(made.id, given && { ...given, image_id: made.id });
      return made.id;
    });
    const made = analysis(clinic.id("analysis"), lesion.id, patient.id, ids, { band: "malignant", gate: "confident", ...flavour });
    clinic.analyses.push(made);
    await world.open();
    await world.openLesion("Okonkwo");
    await world.at("result-band");
  }

  const row = (name: string): string =>
    [...(document.querySelector(`[data-measure="${name}"]`)?.children ?? [])]
      .map((cell) => (cell.textContent ?? "").replaceAll(/\s+/g, " ").trim())
      .join(": ");

  it("is drawn over the photograph on demand, whatever the heatmap does", async () => {
    await shown();
    expect(world.all("outline")).toHaveLength(0);
    const toggle = await world.at("outline-toggle");
    expect(toggle.getAttribute("aria-pressed")).toBe("false");
    toggle.focus();
    await world.user.keyboard("{Enter}");
    expect(toggle.getAttribute("aria-pressed")).toBe("true");
    expect((await world.at<HTMLImageElement>("outline")).src).toMatch(/^vault:\/\/localhost\/analysis\/[^/]+\/[^/]+\/outline$/);
    await fireEvent.input(await world.at<HTMLInputElement>("heatmap-opacity"), { target: { value: "0" } });
    expect((await world.at("heatmap")).style.opacity).toBe("0");
    expect((await world.at("outline")).style.opacity).toBe("");
    expect(document.body.textContent).toContain("automatic proposal");
    await world.accessible();
    await fireEvent.error(await world.at("outline"));
    expect(document.body.textContent).toContain("The outline cannot be shown.");
    await world.user.click(toggle);
    expect(world.all("outline")).toHaveLength(0);
  });

  it("has its measures in words, uncalibrated ones in pixels alone", async () => {
    await shown();
    expect(row("asymmetry")).toMatch(/1 of 2 axes asymmetric.*Axis 2: contour differs by 16%, colour by 9%/);
    expect(row("border")).toContain("3 of 8 segments");
    expect(row("colours")).toMatch(/4 of 6 Dark brown 58% Light brown 22% Black 9% Blue-grey 5%/);
    expect(row("diameter")).toMatch(/943 px \(uncalibrated\)$/);
    expect(row("area")).toMatch(/512,340 square px \(uncalibrated\)$/);
    expect(row("texture")).toContain("Entropy 5.3 bits");
    expect(document.getElementById("measures")?.textContent).not.toMatch(/\d mm/);
    expect(await world.text("outline-model")).toBe("Outline by lentigo-outline 1.0.0");
    expect(world.all("artefacts")).toHaveLength(0);
    const definitions = await world.at<HTMLDetailsElement>("measure-definitions");
    expect(definitions.open).toBe(false);
    expect(definitions.textContent).toMatch(/Stolz 1994.*Haralick 1973/s);
    await world.accessible();
  });

  it("has millimetres only with a scale", async () => {
    const base = measures();
    const size = { ...base.size, feret_mm: 7.42, min_feret_mm: 5.5, area_mm2: 31.8 };
    await shown([outline("", { lesion: { measures: { ...base, mm_per_px: 0.008, size }, tds_proposal: null } })]);
    expect(row("diameter")).toBe("Largest diameter: 7.4 mm (scale 0.008 mm per pixel)");
    expect(row("area")).toContain("31.8 mm²");
    expect(document.getElementById("measures")?.textContent).not.toContain("uncalibrated");
    expect(document.getElementById("measures")?.textContent).toContain("No total dermoscopy score is proposed");
  });

  it("proposes a score whose structures a person counts, and trusts a poor photograph less", async () => {
    await shown();
    expect(await world.text("tds-proposal")).toMatch(/Proposal 5\.1, in the suspicious range/);
    expect(await world.text("tds-proposal")).toContain("1.3 × A 1 + 0.1 × B 3 + 0.5 × C 4 + 0.5 × D 3");
    expect(await world.text("tds-structures")).toContain("Count network");
    expect(await world.text("tds-confidence")).toMatch(/^Confidence 97%, good/);
  });

  it("says low confidence in a word", async () => {
    const given = outline("");
    if ("tds_proposal" in given.lesion && given.lesion.tds_proposal) given.lesion.tds_proposal.confidence = 0.29;
    await shown([{ ...given, method: "classical", model: null }]);
    expect(await world.text("tds-confidence")).toMatch(/^Confidence 29%, low/);
    expect(await world.text("outline-model")).toContain("by colour alone");
  });

  it("proposes no score for a photograph unlike the lesions the model knows", async () => {
    await shown([outline("")], { gate: "out_of_distribution" });
    await world.at("measures-unlike");
    expect(world.all("tds-proposal")).toHaveLength(0);
    await world.accessible();
  });

  it.each([
    ["outline_not_found", "No lesion stands out"],
    ["model_unavailable", "The outline model is missing"],
  ] as const)("says why there is none: %s", async (gap, words) => {
    await shown([missingOutline("", gap)]);
    expect(await world.text("measures-missing")).toContain(words);
    expect(world.all("outline-toggle")).toHaveLength(0);
    expect(world.all("measures-table")).toHaveLength(0);
    await world.accessible();
  });

  it("says that an old reading has none", async () => {
    await shown([null]);
    expect(await world.text("measures-none")).toContain("Analyse the photograph again");
    expect(world.all("outline-toggle")).toHaveLength(0);
  });

  it("names what lies on the skin, and a lesion that is cut off", async () => {
    const artefacts = { ruler: 0.9, ink: 0.5, dark_corners: 0.7, hair: 1, bubbles: 0.6 };
    const lesion = { measures: measures({ touches_frame: true, border: null }), tds_proposal: null };
    await shown([outline("", { artefacts, lesion })]);
    const text = await world.text("artefacts");
    for (const words of ["ruler", "Pen marks", "Dark corners", "Hair", "Gel bubbles"]) expect(text).toContain(words);
    expect(await world.text("measures-frame")).toContain("lower bounds");
    expect(row("border")).toBe("Border: not measurable here");
    await world.accessible();
  });

  it("is measured in each photograph of a reading", async () => {
    await shown([outline(""), missingOutline("", "outline_not_found")]);
    const parts = [...document.querySelectorAll("#measures details")].filter((part) => part.querySelector("[data-testid='photo-measures']"));
    expect(parts.map((part) => (part as HTMLDetailsElement).open)).toEqual([true, false]);
    expect(world.all("photo-measures")).toHaveLength(2);
    const show = async (index: number): Promise<void> => {
      const photo = world.all("photo").find((entry) => entry.dataset.image === world.clinic.images[index]?.id);
      if (photo) await world.user.click(photo);
    };
    await show(0);
    await world.at("outline-toggle");
    await show(1);
    await world.until(() => expect(world.all("outline-toggle")).toHaveLength(0));
  });
});

describe("the model card", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  async function card(): Promise<void> {
    await world.open();
    await world.click("nav-model");
    await world.at("model-metrics");
  }
  const text = (id: string): string => (document.getElementById(id)?.textContent ?? "").replaceAll(/\s+/g, " ");

  it("says what the model is for, from which data, how well it does and what it cannot do", async () => {
    await card();
    expect(text("model-use")).toContain("not a medical device");
    expect(text("model-data")).toMatch(/HAM10000.*CC BY-NC-SA 4\.0.*Tschandl/);
    expect(text("model-data")).toMatch(/5,759/);
    expect(text("model-limits")).toContain("What it cannot do");
    expect(text("model-metrics")).toMatch(/Melanoma ?222 ?0\.387 \(0\.326 to 0\.453\) ?0\.840 \(0\.814 to 0\.862\)/);
    expect(text("model-metrics")).toMatch(/Sex.*Female ?808 ?125 ?0\.875 \(0\.846 to 0\.904\)/);
    expect(text("model-metrics")).toMatch(/Age.*0-29.*Site.*Back/);
    expect(text("model-outline")).toMatch(/lentigo-outline.*Mean Jaccard ?0\.858 \(0\.851 to 0\.865\).*Hair/);
    await world.accessible();
  });

  it("says when outlines are found without a model, or not at all", async () => {
    world.host.answers.model_read = () => ({ ...MODEL_VIEW, outline: null });
    await card();
    expect(await world.text("outline-model-classical")).toContain("colour and threshold");
    world.host.answers.model_read = () => ({ ...MODEL_VIEW, outline: null, outline_problem: "model_unavailable" });
    await world.click("nav-patients");
    await world.click("nav-model");
    expect(await world.text("outline-model-problem")).toContain("was altered");
  });
});
