import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CHANGE, comparison } from "../fake/comparisons";
import { image } from "../fake/samples";
import { fail } from "../fake/clinic";
import { World } from "../world";

describe("comparing two photographs", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const DAYS = ["2026-11-20T10:30:00Z", "2026-11-20T10:20:00Z", "2026-08-10T09:00:00Z"];

  /** A lesion with photographs of some days, newest first, and its screen. */
  async function lesion(days: string[] = DAYS): Promise<string[]> {
    const { clinic } = world;
    const patient = clinic.addPatient();
    const view = clinic.addLesion(patient);
    const images = days.map((imported_at) => image(clinic.id("image"), view.id, patient.id, { imported_at }));
    // The core lists the newest first, the fake one what was added last.
    clinic.images.push(...images.toReversed());
    await world.open();
    await world.openLesion("Okonkwo");
    return images.map(({ id }) => id);
  }

  const shownPair = async (): Promise<string[]> => [
    (await world.at<HTMLSelectElement>("compare-earlier")).value,
    (await world.at<HTMLSelectElement>("compare-later")).value,
  ];

  const row = (name: string): string =>
    (document.querySelector(`[data-change="${name}"]`)?.textContent ?? "").replaceAll(/\s+/g, " ").trim();

  it("needs two photographs, and says so", async () => {
    await lesion([DAYS[0] ?? ""]);
    const button = await world.at<HTMLButtonElement>("compare-open");
    expect(button.disabled).toBe(true);
    expect(document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent).toContain("two photographs");
    await world.user.keyboard("c");
    expect(world.all("compare-page")).toHaveLength(0);
  });

  it("is one key away, with the newest photograph and that of the previous visit", async () => {
    const [newest, , before] = await lesion();
    await world.user.keyboard("c");
    await world.at("compare-table");
    expect(await shownPair()).toEqual([before, newest]);
    expect(world.host.calledWith("comparison_start")).toEqual([{ earlier_id: before, later_id: newest }]);
    expect(document.activeElement?.textContent).toBe("Compare photographs");
    expect(await world.text("compare-status")).toBe("The comparison is ready.");
    await world.accessible();
    // The guide lies over it; what closes a dialog leaves the comparison.
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.setAttribute("open", "");
    await world.user.keyboard("{Escape}");
    await world.at("compare-table");
    dialog.remove();
    // So does a panel in front of it.
    await world.click("jobs-open");
    await world.at("jobs");
    await world.user.keyboard("{Escape}");
    await world.until(() => expect(world.all("jobs-close")).toHaveLength(0));
    await world.at("compare-table");
    await world.user.keyboard("{Escape}");
    await world.at("drop-zone");
    expect(document.activeElement).toBe(await world.at("compare-open"));
  });

  it("finds a comparison on record again instead of making it anew", async () => {
    const ids = await lesion();
    const [later, , earlier] = ids.map((id) => world.clinic.images.find((one) => one.id === id));
    if (earlier && later) world.clinic.comparisons.set(`${earlier.id} ${later.id}`, comparison(earlier, later));
    await world.click("compare-open");
    await world.at("compare-table");
    expect(world.host.calledWith("comparison_start")).toHaveLength(0);
  });

  it("tells the change with what it may be off by, and calls it nothing else", async () => {
    await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    expect(row("area")).toMatch(/\+42% \(\+5% to \+92%\) More than repeated photographs of an unchanged lesion differ/);
    expect(row("diameter")).toMatch(/\+9% .*Within what repeated photographs/);
    expect(row("regions")).toContain("44% new, 2% lost");
    expect(row("colour")).toMatch(/ΔE 4\.9 lightness −4\.2, red \+1\.1, yellow −2\.3 Within the 10/);
    expect(row("colours")).toMatch(/Blue-grey: 0% → 6% new/);
    expect(row("asymmetry")).toContain("0.82 → 1.31");
    const said = (await world.text("compare-figures")).toLowerCase();
    expect(said).toContain("3.4 months (102 days)");
    expect(said).toContain("any change in this time leads to excision");
    expect(said).toContain("arch dermatol 2001");
    expect(said).toContain("no diagnosis");
    expect(said).not.toMatch(/melanoma|malignan|benign|suspicious lesion/);
  });

  it("shows refusal in words and the photographs side by side all the same", async () => {
    world.host.answers.comparison_start = ({ earlier_id, later_id }) => {
      const [earlier, later] = [earlier_id, later_id].map((id) => world.clinic.images.find((one) => one.id === id));
      if (!earlier || !later) throw fail("not_found");
      return comparison(earlier, later, { alignment: { state: "refused", reason: "no_agreement" }, change: null });
    };
    await lesion();
    await world.click("compare-open");
    expect(await world.text("compare-refused")).toMatch(/cannot be laid over each other.*different lesions.*no change is measured/);
    expect(world.all("compare-table")).toHaveLength(0);
    expect(world.all("compare-map")).toHaveLength(0);
    expect(await world.at("layer-earlier")).toBeTruthy();
    expect(await world.at("layer-later")).toBeTruthy();
    await world.accessible();
  });

  it("does not tell growth that only the lesion itself could scale", async () => {
    world.host.answers.comparison_start = ({ earlier_id, later_id }) => {
      const [earlier, later] = [earlier_id, later_id].map((id) => world.clinic.images.find((one) => one.id === id));
      if (!earlier || !later) throw fail("not_found");
      return comparison(earlier, later, { change: { ...CHANGE, size: null, gained: null, lost: null, scale_conflict: 1.12 } });
    };
    await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    expect(row("size")).toContain("growth and camera distance cannot be told apart");
    expect(row("area")).toBe("");
    expect(await world.text("compare-scale-conflict")).toContain("+12%");
  });

  it("moves both panes together, by keys", async () => {
    await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    const maps = async () => [(await world.at("layer-earlier")).style.transform, (await world.at("layer-later")).style.transform];
    const [earlier, later] = await maps();
    expect(earlier).not.toBe(later);
    (await world.at("pane-earlier")).focus();
    await world.user.keyboard("+{ArrowRight}");
    const [moved, followed] = await maps();
    expect(moved).not.toBe(earlier);
    expect(followed).not.toBe(later);
    await world.user.keyboard("0");
    expect(await maps()).toEqual([earlier, later]);
  });

  it("overlays with a slider, swipes, and draws outlines and the change map", async () => {
    await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    await world.user.keyboard("2");
    const stage = await world.at("compare-stage");
    expect(stage.dataset.mode).toBe("overlay");
    const over = () => world.all("layer-later")[0]?.parentElement?.style;
    expect(over()?.opacity).toBe("0.5");
    await fireEvent.input(await world.at("compare-share"), { target: { value: "80" } });
    expect(over()?.opacity).toBe("0.8");
    await world.user.keyboard("4");
    expect(over()?.clipPath).toBe("inset(0 0 0 20%)");
    expect(world.all("map-new")).toHaveLength(0);
    await world.click("compare-map");
    await world.at("map-new");
    await world.at("map-lost");
    expect(document.body.textContent).toContain("White stripes: new area. Dark dots: no longer lesion.");
    await world.click("compare-outlines");
    await world.at("line-later");
    await world.accessible();
  });

  it("blinks until it is paused, and by hand alone where motion is unwelcome", async () => {
    await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    await world.click("mode-blink");
    expect(world.all("layer-later")).toHaveLength(0);
    await fireEvent.input(await world.at("blink-pace"), { target: { value: "0.4" } });
    await world.until(() => expect(world.all("layer-later")).toHaveLength(1));
    await world.click("blink-flip");
    expect(await world.text("blink-run")).toBe("Start");
    await world.click("compare-close");

    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    await world.click("compare-open");
    await world.at("compare-table");
    await world.click("mode-blink");
    expect(world.all("blink-run")).toHaveLength(0);
    expect(world.all("layer-earlier")).toHaveLength(1);
    await world.click("blink-flip");
    expect(world.all("layer-later")).toHaveLength(1);
    vi.unstubAllGlobals();
  });

  it("swaps a photograph that the other side has, and compares the pair that is chosen", async () => {
    const [newest, second, before] = await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    await world.choose("compare-earlier", second ?? "");
    await world.until(() => expect(world.host.calledWith("comparison_start")).toHaveLength(2));
    expect(await shownPair()).toEqual([second, newest]);
    await world.choose("compare-later", second ?? "");
    expect(await shownPair()).toEqual([newest, second]);
    await world.click("compare-swap");
    expect(await shownPair()).toEqual([second, newest]);
    expect(before).toBeTruthy();
  });

  it("shows no change the wrong way round", async () => {
    const [newest, , before] = await lesion();
    await world.click("compare-open");
    await world.at("compare-table");
    await world.click("compare-swap");
    expect(await shownPair()).toEqual([newest, before]);
    expect(await world.text("compare-reversed")).toContain("before the other");
    expect(world.all("compare-table")).toHaveLength(0);
    await world.accessible();
    await world.click("compare-put-right");
    await world.at("compare-table");
    expect(await shownPair()).toEqual([before, newest]);
    expect(world.all("compare-reversed")).toHaveLength(0);
  });

  it("says what went wrong and tries again", async () => {
    world.host.answers.comparison_read = () => {
      throw fail("record_damaged");
    };
    await lesion();
    await world.click("compare-open");
    await world.at("failure");
    delete world.host.answers.comparison_read;
    await world.click("retry");
    await world.at("compare-table");
  });
});
