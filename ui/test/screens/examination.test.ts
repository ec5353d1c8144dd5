import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Flavour } from "../fake/samples";
import { picture, World } from "../world";

const transfer = (files: File[]) => ({ dataTransfer: { files, types: ["Files"], dropEffect: "none" } });

describe("an examination", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addLesion(world.clinic.addPatient());
  });
  afterEach(() => world.close());

  async function drop(...files: File[]): Promise<void> {
    await fireEvent.drop(window, transfer(files));
    await world.until(() => {
      const states = world.all("import-entry").map((entry) => entry.dataset.state);
      expect(states.filter((state) => state !== "waiting" && state !== "reading").length).toBe(files.length);
    });
  }

  async function analyse(flavour: Flavour): Promise<void> {
    world.clinic.flavour = flavour;
    await world.open();
    await world.openLesion("Okonkwo");
    await drop(picture("a.jpg", 1, 2, 3, 4));
    await world.click("analyse");
    await world.at("result-band");
  }

  it("tells of every file what became of it", async () => {
    await world.open();
    await world.openLesion("Okonkwo");
    await world.accessible();
    await drop(
      picture("good.jpg", 1, 2, 3, 4),
      picture("again.jpg", 1, 2, 3, 4),
      picture("tiny.jpg", 1),
      picture("empty.jpg"),
      picture("poor.jpg", 7, 7, 7, 7),
    );
    expect(world.all("import-entry").map((entry) => entry.dataset.state)).toEqual([
      "imported",
      "known",
      "rejected",
      "rejected",
      "imported",
    ]);
    expect(world.all("import-entry")[2]?.textContent).toMatch(/96 × 80.*224/);
    expect(await world.text("import-summary")).toBe("2 imported, 1 already stored, 2 rejected");
    expect(await world.text("quality-warnings")).toMatch(/Blurred.*61\.42.*100.*224 px/);
    await world.accessible();
    await world.click("clear-import");
    expect(world.all("import-entry")).toHaveLength(0);
  });

  it("takes files from the button and from the clipboard, with the kind that was chosen", async () => {
    await world.open();
    await world.openLesion("Okonkwo");
    await world.choose("image-kind", "clinical");
    await world.user.upload(await world.at<HTMLInputElement>("file-input"), picture("chosen.jpg", 1, 2, 3, 4));
    await world.until(() => expect(world.all("photo")).toHaveLength(1));
    await fireEvent.paste(window, { clipboardData: { files: [picture("image.png", 9, 9, 9, 9)], types: ["Files"] } });
    await world.until(() => expect(world.all("photo")).toHaveLength(2));
    expect(world.host.calledWith("tray_add").map((request) => request.kind)).toEqual(["clinical", "clinical"]);
    expect(world.all("import-entry")[1]?.textContent).toContain("Pasted picture 1");
  });

  it("goes from photograph to reading to report to PDF", async () => {
    await analyse({ band: "malignant", gate: "confident" });
    expect(await world.text("result-band")).toContain("Malignant");
    expect(await world.text("urgency")).toBe("Immediate consultation");
    expect(await world.text("leading-class")).toContain("Melanoma");
    expect(await world.text("prediction-set")).toContain("in 90% of comparable cases");
    expect(await world.text("model-line")).toMatch(/lentigo-lesion 1\.0\.0.*3f7a9c0d5e1b/);
    expect(await world.text("disclaimer")).toContain("not a diagnosis");
    expect((await world.at<HTMLImageElement>("heatmap")).src).toMatch(/^vault:\/\/localhost\/analysis\/.*\/heatmap\/mel$/);
    const rows = [...document.querySelectorAll('[data-testid="probabilities"] tbody tr')].map((row) => (row as HTMLElement).dataset.class);
    expect(rows[0]).toBe("mel");
    await world.accessible();

    await world.click("write-report");
    await world.type("conclusion", "Excision planned.");
    await world.accessible();
    await world.click("create-report");
    await world.at("report-row");
    expect(world.host.calledWith("report_create")[0]).toMatchObject({ conclusion: "Excision planned." });
    await world.choose("paper-size", "letter");
    await world.click("export-report");
    await world.until(() => expect(document.body.textContent).toContain("Saved to Documents/R-2026-00001-letter.pdf"));
    world.host.answers.report_export = () => ({ saved: false, path: null });
    await world.click("export-report");
    await world.until(() => expect(document.body.textContent).toContain("Not saved"));
  });

  it("lays the heatmap over the photograph as strongly as asked, for any class", async () => {
    await analyse({ band: "malignant", gate: "confident" });
    const slider = await world.at<HTMLInputElement>("heatmap-opacity");
    await fireEvent.input(slider, { target: { value: "80" } });
    expect((await world.at("heatmap")).style.opacity).toBe("0.8");
    await fireEvent.input(slider, { target: { value: "0" } });
    expect((await world.at("heatmap")).style.opacity).toBe("0");
    await world.choose("heatmap-class", "nv");
    expect((await world.at<HTMLImageElement>("heatmap")).src).toContain("/heatmap/nv");
    await fireEvent.error(await world.at("heatmap"));
    expect(document.body.textContent).toContain("The heatmap cannot be shown.");
  });

  it("names no class and reassures nobody when inconclusive", async () => {
    await analyse({ band: "benign", gate: "inconclusive" });
    expect(await world.text("result-band")).toContain("Inconclusive");
    expect(world.all("leading-class")).toHaveLength(0);
    expect(await world.text("gate")).toContain("No class reached the limit");
  });

  it("says when the leading class may not be named here", async () => {
    await analyse({ band: "benign", gate: "inconclusive", not_named: ["nv"] });
    expect(await world.text("gate")).toContain("may not name here");
  });

  it("still shows the band when it is inconclusive but malignancy weighs", async () => {
    await analyse({ band: "malignant", gate: "inconclusive" });
    expect(await world.text("result-band")).toContain("Malignant");
    expect(world.all("leading-class")).toHaveLength(0);
    expect(await world.text("gate")).toContain("No class reached the limit");
  });

  it("warns strongly of an uncertain class and explains a raised band", async () => {
    await analyse({ band: "suspicious", gate: "uncertain", override: true });
    expect(await world.text("gate")).toContain("Uncertain class");
    expect(await world.text("malignancy-override")).toMatch(/malignant classes together reach \d/);
    await world.accessible();
  });

  it("does not assess what the model does not know", async () => {
    await analyse({ band: "malignant", gate: "out_of_distribution" });
    expect(await world.text("result-band")).toContain("Not assessed");
    expect(world.all("urgency")).toHaveLength(0);
    expect(world.all("prediction-set")).toHaveLength(0);
    expect(document.querySelector("details")?.open).toBe(false);
    await world.accessible();
  });

  it("reads at most three photographs together and shows their spread", async () => {
    await world.open();
    await world.openLesion("Okonkwo");
    await drop(...[1, 2, 3, 4].map((n) => picture(`${n}.jpg`, n, n, n, n)));
    await world.until(() => expect(world.all("choose-photo")).toHaveLength(4));
    const boxes = world.all("choose-photo") as HTMLInputElement[];
    expect(boxes.filter((box) => box.checked)).toHaveLength(3);
    expect(boxes.filter((box) => box.disabled)).toHaveLength(1);
    await world.click("analyse");
    await world.at("result-band");
    expect(world.host.calledWith("analysis_start")[0]?.image_ids).toHaveLength(3);
    expect(document.body.textContent).toContain("Spread");
  });

  it("shows steps and can be cancelled", async () => {
    world.host.pace = 100_000;
    await world.open();
    await world.openLesion("Okonkwo");
    await drop(picture("a.jpg", 1, 2, 3, 4));
    await world.click("analyse");
    await world.at("analysis-progress");
    await world.accessible();
    await world.until(() => expect((document.querySelector('[data-testid="cancel-analysis"]') as HTMLButtonElement).disabled).toBe(false));
    await world.click("cancel-analysis");
    await world.at("analysis-cancelled");
    await world.click("dismiss-analysis");
    expect(world.all("analysis-cancelled")).toHaveLength(0);
  });

  it("says why no reading could be made and never shows an invented one", async () => {
    await world.open();
    await world.openLesion("Okonkwo");
    await drop(picture("a.jpg", 1, 2, 3, 4));
    world.host.answers.analysis_start = () => Promise.reject({ code: "model_unavailable", message: "", details: {} });
    await world.click("analyse");
    expect(await world.text("failure")).toContain("No analysis is possible");
    expect(world.all("ai-card")).toHaveLength(0);
  });

  it("offers no analysis without consent to it or without a model", async () => {
    const patient = world.clinic.patients[0];
    if (patient) patient.ai_consent = false;
    await world.open();
    await world.openLesion("Okonkwo");
    await drop(picture("a.jpg", 1, 2, 3, 4));
    expect((await world.at<HTMLButtonElement>("analyse")).disabled).toBe(true);
    expect(document.getElementById("analyse-hint")?.textContent).toContain("not consented");
  });

  it("keeps the history of a lesion and shows any reading again", async () => {
    await analyse({ band: "benign", gate: "confident" });
    world.clinic.flavour = { band: "malignant", gate: "confident" };
    await world.click("analyse");
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("malignant"));
    await world.click("tab-readings");
    await world.until(() => expect(world.all("history-entry")).toHaveLength(2));
    const older = world.all("history-entry")[1];
    if (older) await world.user.click(older);
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("benign"));
    expect(await world.text("earlier-reading")).toContain("not the latest");
    await world.click("show-latest");
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("malignant"));
    expect(world.all("earlier-reading")).toHaveLength(0);
  });

  it("counts the conclusion and stops it at its limit", async () => {
    await analyse({ band: "benign", gate: "confident" });
    await world.click("write-report");
    await fireEvent.input(await world.at("conclusion"), { target: { value: "x".repeat(4_001) } });
    expect(document.body.textContent).toContain("4,001 of 4,000");
    await world.click("create-report");
    expect(world.host.calledWith("report_create")).toHaveLength(0);
    expect(document.activeElement?.id).toBe("conclusion");
  });
});
