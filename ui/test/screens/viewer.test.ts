import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { measures, outline } from "../fake/outlines";
import { analysis, image } from "../fake/samples";
import { measuringOf, USUAL_KEYS } from "../fake/viewer";
import { World } from "../world";

const STAGE = { width: 800, height: 600 };

describe("the viewer", () => {
  let world: World;
  let photos: string[];
  beforeEach(() => {
    world = new World();
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(STAGE.width);
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(STAGE.height);
    // Tells the stage its size, as the browser does when it is laid out.
    vi.stubGlobal("ResizeObserver", class {
      constructor(private told: () => void) {}
      observe(): void {
        this.told();
      }
      disconnect(): void {
        this.told = () => undefined;
      }
    });
  });
  afterEach(async () => {
    await world.close();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** A lesion with two photographs of 24 megapixels and a reading of both. */
  async function shown(): Promise<HTMLElement> {
    const { clinic } = world;
    const patient = clinic.addPatient();
    const lesion = clinic.addLesion(patient);
    photos = [1, 2].map(() => {
      const made = image(clinic.id("image"), lesion.id, patient.id, { width: 6000, height: 4000 });
      clinic.images.push(made);
      clinic.outlines.set(made.id, { ...outline(made.id), lesion: { measures: measures(), tds_proposal: null } });
      return made.id;
    });
    clinic.analyses.push(analysis(clinic.id("analysis"), lesion.id, patient.id, photos, { band: "malignant", gate: "confident" }));
    await world.open();
    await world.openLesion("Okonkwo");
    await world.at("result-band");
    await world.until(() => expect(world.all("zoom-fit")[0]?.getAttribute("aria-keyshortcuts")).toBe("F"));
    return world.at("stage");
  }

  const zoom = (): number => Number(world.all("stage")[0]?.dataset.zoom);
  const press = (key: string) => fireEvent.keyDown(document.body, { key });
  const click = async (stage: HTMLElement, x: number, y: number): Promise<void> => {
    const at = { clientX: x, clientY: y, button: 0, pointerId: 1, detail: 1 };
    await fireEvent.pointerDown(stage, at);
    await fireEvent.pointerUp(stage, at);
  };

  it("fits, zooms to the pointer and back, by wheel, double click, buttons and keys", async () => {
    const stage = await shown();
    expect(zoom()).toBeCloseTo(800 / 6000, 3);
    await fireEvent.wheel(stage, { deltaY: -300, clientX: 700, clientY: 100 });
    expect(zoom()).toBeGreaterThan(0.2);
    await world.at("minimap");
    await fireEvent.dblClick(stage, { clientX: 10, clientY: 10 });
    expect(zoom()).toBeCloseTo(800 / 6000, 3);
    expect(world.all("minimap")).toHaveLength(0);
    await world.click("zoom-full");
    expect(zoom()).toBe(1);
    expect(await world.text("zoom-percent")).toBe("100%");
    await world.accessible();
    await press("2");
    expect(zoom()).toBe(2);
    await press("-");
    expect(zoom()).toBeCloseTo(1.6);
    await press("=");
    expect(zoom()).toBe(2);
    await press("0");
    expect((await world.at("zoom-fit")).getAttribute("aria-pressed")).toBe("true");
  });

  it("asks for tiles when the display copy has too few pixels, and for those on the stage alone", async () => {
    const asked: string[] = [];
    const src = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
    vi.spyOn(HTMLImageElement.prototype, "src", "set").mockImplementation(function (this: HTMLImageElement, value: string) {
      asked.push(value);
      src?.set?.call(this, value);
    });
    await shown();
    const tiles = () => asked.filter((address) => address.includes("/tile/"));
    await new Promise((done) => setTimeout(done, 150));
    expect(tiles()).toEqual([]);
    await press("1");
    await world.until(() => expect(tiles()).toHaveLength(4));
    for (const address of tiles()) expect(address).toMatch(new RegExp(`^vault://localhost/tile/${photos[0]}/0/[4-7]/[2-5]$`));
  });

  it("goes to the photographs before and after by key, pans a zoomed one, and does nothing while somebody types", async () => {
    const stage = await shown();
    const photo = () => (world.all("photograph")[0] as HTMLImageElement).src;
    // The newest comes first.
    await press("ArrowLeft");
    await world.until(() => expect(photo()).toContain(photos[1]));
    await press("ArrowLeft");
    expect(photo()).toContain(photos[1]);
    await press("ArrowRight");
    await world.until(() => expect(photo()).toContain(photos[0]));
    await press("1");
    const focused = world.all("stage")[0] ?? stage;
    await fireEvent.keyDown(focused, { key: "ArrowRight" });
    expect(photo()).toContain(photos[0]);
    await fireEvent.keyDown(await world.at("heatmap-class"), { key: "f" });
    expect(zoom()).toBe(1);
    await fireEvent.keyDown(document.body, { key: "f", ctrlKey: true });
    expect(zoom()).toBe(1);
  });

  it("shows, hides and fades the layers by key", async () => {
    await shown();
    expect((await world.at("heatmap")).style.opacity).toBe("0.5");
    await press("]");
    expect((await world.at("heatmap")).style.opacity).toBe("0.55");
    await press("[");
    await press("[");
    expect((await world.at("heatmap")).style.opacity).toBe("0.45");
    await press("h");
    expect(world.all("heatmap")).toHaveLength(0);
    await press("h");
    await press("O");
    await world.at("outline");
  });

  it("measures in pixels and says so, labels, removes and brings back", async () => {
    const stage = await shown();
    await press("m");
    expect(await world.text("measure-panel")).toContain("Uncalibrated. Set a scale");
    await world.click("mark-line");
    await click(stage, 100, 300);
    await click(stage, 500, 300);
    await world.until(() => expect(world.all("mark-row")).toHaveLength(1));
    expect(world.host.calledWith("image_mark_add")[0]?.entry).toMatchObject({ kind: "line", points: [{ x: 750 }, { x: 3750 }] });
    expect(await world.text("mark-row")).toContain("Length 3,000 px (uncalibrated)");
    expect(await world.text("measure-panel")).not.toMatch(/\d mm/);
    const label = await world.at<HTMLInputElement>("mark-label");
    await fireEvent.change(label, { target: { value: "Across" } });
    await world.until(() => expect(world.all("mark-row")[0]?.textContent).toContain("1. Across"));
    await world.accessible();
    await world.click("mark-remove");
    await world.until(() => expect(world.all("mark-row")).toHaveLength(0));
    await world.click("mark-restore");
    await world.until(() => expect(world.all("mark-row")).toHaveLength(1));
  });

  it("draws an ellipse and an area, also by the keyboard alone", async () => {
    const stage = await shown();
    await world.click("measure-toggle");
    await world.click("mark-ellipse");
    for (const [x, y] of [[200, 300], [600, 300], [400, 400]] as const) await click(stage, x, y);
    await world.until(() => expect(world.all("mark-row")).toHaveLength(1));
    expect(await world.text("mark-row")).toMatch(/Length 3,000 px.*Width 1,500 px.*Area 3,534,292 square px/);

    await world.click("mark-polygon");
    stage.focus();
    for (const keys of [["Enter"], ["ArrowRight", "ArrowRight", "Enter"], ["ArrowDown", "Enter"]]) {
      for (const key of keys) await fireEvent.keyDown(stage, { key });
    }
    expect(await world.text("mark-live")).toContain("px");
    await world.click("mark-finish");
    await world.until(() => expect(world.all("mark-row")).toHaveLength(2));
    expect(world.host.calledWith("image_mark_add")[1]?.entry.points).toHaveLength(3);
    await world.click("mark-line");
    stage.focus();
    await fireEvent.keyDown(stage, { key: "Enter" });
    await fireEvent.keyDown(stage, { key: "Backspace" });
    await fireEvent.keyDown(stage, { key: "Escape" });
    expect((await world.at("mark-line")).getAttribute("aria-pressed")).toBe("false");
  });

  it("takes the scale from a ruler, and every size is in millimetres until it is removed", async () => {
    const stage = await shown();
    const diameter = () => (document.querySelector('[data-measure="diameter"] td')?.textContent ?? "").replaceAll(/\s+/g, " ");
    expect(diameter()).toContain("uncalibrated");
    await press("s");
    expect(await world.text("scale-now")).toBe("Uncalibrated");
    await world.click("scale-ruler");
    await click(stage, 100, 100);
    await click(stage, 102, 100);
    await world.type("distance-mm", "10");
    await world.click("scale-ruler-save");
    await world.until(() => expect(world.all("scale-panel")[0]?.textContent).toContain("too near"));
    await world.accessible();
    await world.user.click(world.all("scale-panel")[0]?.querySelector("form + div button") as HTMLElement);
    await world.click("scale-ruler");
    await click(stage, 100, 100);
    await click(stage, 500, 100);
    await world.type("distance-mm", "2000");
    await world.click("scale-ruler-save");
    await world.until(() => expect(document.getElementById("distance-mm")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("distance-mm", "15");
    await world.click("scale-ruler-save");
    await world.until(() => expect(world.all("scale-now")[0]?.textContent).toMatch(/5(\.00)? µm per pixel ± 0\.6/));
    expect(world.host.calledWith("scale_by_ruler").at(-1)?.reading.pointing_px).toBeCloseTo(7.5);
    await world.until(() => expect(diameter()).toMatch(/4\.7 ± 0\.1 mm/));
    await world.accessible();
    await world.click("scale-remove");
    await world.until(() => expect(diameter()).toContain("uncalibrated"));
  });

  it("offers the device that the photograph names first", async () => {
    const kept = measuringOf(world.clinic);
    const device = { make: "", image_width: 3000, um_per_px: 8 };
    kept.devices = [
      { id: "d1", name: "Old camera", model: "", ...device },
      { id: "d2", name: "Delta", model: "DELTA 30", ...device },
    ];
    kept.camera = { make: "Heine", model: "DELTA 30" };
    await shown();
    await world.click("scale-toggle");
    expect(await world.text("scale-camera")).toContain("Heine DELTA 30");
    const select = await world.at<HTMLSelectElement>("device-id");
    expect([...select.options].map((option) => option.text)).toEqual(["Choose a device", "Delta (named in the photograph)", "Old camera"]);
    await world.choose("device-id", "d2");
    await world.click("scale-device-save");
    await world.until(() => expect(world.all("scale-now")[0]?.textContent).toMatch(/4(\.00)? µm per pixel$/));
    expect(world.all("scale-panel")[0]?.textContent).toContain("Delta");
  });

  it("has keys that can be changed and never do two things", async () => {
    await shown();
    await press("?");
    await world.at("keys-table");
    expect(await world.text("key-heatmap")).toBe("H");
    await world.accessible();
    await world.click("key-heatmap");
    await fireEvent.keyDown(await world.at("key-heatmap"), { key: "O" });
    await world.until(() => expect(document.body.textContent).toContain("Used twice"));
    expect((await world.at<HTMLButtonElement>("keys-save")).disabled).toBe(true);
    await world.click("key-heatmap");
    await fireEvent.keyDown(await world.at("key-heatmap"), { key: "c" });
    await world.until(() => expect(document.body.textContent).toContain("Taken by Compare"));
    expect((await world.at<HTMLButtonElement>("keys-save")).disabled).toBe(true);
    await world.click("key-heatmap");
    await fireEvent.keyDown(await world.at("key-heatmap"), { key: "k" });
    await world.click("keys-save");
    await world.until(() => expect(world.all("keys-table")).toHaveLength(0));
    expect(measuringOf(world.clinic).keys).toEqual(USUAL_KEYS.map((one) => (one.action === "heatmap" ? { ...one, key: "k" } : one)));
    await press("h");
    expect(world.all("heatmap")).toHaveLength(1);
    await press("k");
    expect(world.all("heatmap")).toHaveLength(0);
  });

  it("says what cannot be shown or kept", async () => {
    world.host.answers.image_mark_add = () => {
      throw { code: "storage_full", message: "", details: {} };
    };
    const stage = await shown();
    await press("m");
    await world.click("mark-line");
    await click(stage, 100, 300);
    await click(stage, 500, 300);
    await world.at("failure");
    await fireEvent.error(await world.at("photograph"));
    expect(document.body.textContent).toContain("The photograph cannot be shown.");
    await world.accessible();
  });
});

describe("devices of the clinic", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  it("are added, changed and removed by an administrator", async () => {
    await world.open();
    await world.click("nav-administration");
    await world.user.click(await world.at("tab-devices"));
    expect(await world.text("content")).toContain("No devices yet");
    await world.click("device-add");
    await world.click("device-save");
    await world.until(() => expect(document.querySelectorAll('[aria-invalid="true"]')).toHaveLength(3));
    await world.accessible();
    await world.type("name", "Delta");
    await world.type("image-width", "4000");
    await world.type("um-per-px", "5,5");
    await world.click("device-save");
    await world.until(() => expect(world.all("device-row")[0]?.textContent).toMatch(/Delta.*4,000.*5\.50? µm per pixel/));
    expect(world.host.calledWith("imaging_device_save")[0]?.profile.um_per_px).toBe(5.5);
    await world.accessible();
  });
});
