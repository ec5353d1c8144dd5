import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Lesion, PatientView } from "../../src/ipc";
import { onPlate, STAGE } from "../../src/features/bodymap/plates";
import { analysis } from "../fake/samples";
import { World } from "../world";

const CHEST = { view: "front", x: 0.6, y: 0.25 } as const;

describe("the body map", () => {
  let world: World;
  let patient: PatientView;
  let first: Lesion;
  let unplaced: Lesion;

  beforeEach(() => {
    world = new World();
    patient = world.clinic.addPatient();
    first = world.clinic.addLesion(patient, { site: "chest", place: CHEST });
    unplaced = world.clinic.addLesion(patient, { site: "thigh", laterality: "left" });
    // jsdom lays nothing out: the stage is as large as its own units.
    vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(
      () => ({ x: 0, y: 0, left: 0, top: 0, right: STAGE.width, bottom: STAGE.height, width: STAGE.width, height: STAGE.height }) as DOMRect,
    );
  });
  afterEach(() => world.close());

  async function open(): Promise<HTMLElement> {
    await world.open();
    await world.openPatient("Okonkwo");
    return world.at("map-stage");
  }

  const pointer = (x: number, y: number) => ({ clientX: x, clientY: y, button: 0, pointerId: 1 });

  async function tap(at: { x: number; y: number }): Promise<void> {
    const stage = await world.at("map-stage");
    await fireEvent.pointerDown(stage, pointer(at.x, at.y));
    await fireEvent.pointerUp(stage, pointer(at.x, at.y));
  }

  const entry = (id: string) => world.all("map-entry").find((found) => found.dataset.lesion === id) as HTMLElement;
  const pin = (id: string) => world.all("map-pin").find((found) => found.dataset.lesion === id);

  it("shows band, site and state of every lesion in words, and what has no place", async () => {
    world.clinic.analyses.push(analysis("a1", first.id, patient.id, [], { band: "malignant", gate: "confident" }));
    world.clinic.addLesion(patient, { site: "nose", laterality: "midline", place: { view: "head_front", x: 0.5, y: 0.5 } });
    await open();
    expect(entry(first.id).textContent?.split(/\s{2,}|\n/).join(" ")).toMatch(/L1.*Chest, Left.*Malignant/s);
    expect(entry(unplaced.id).textContent).toContain("Not on the map");
    expect(pin(first.id)?.getAttribute("aria-label")).toBe("L1, Chest, Left, Malignant");
    expect(world.all("map-pin")).toHaveLength(1);
    expect((await world.at("plate-head")).textContent).toContain("lesions: 1");
    await world.accessible();
    await world.click("plate-head");
    expect(world.all("map-pin")).toHaveLength(1);
    expect((await world.at("map-stage")).getAttribute("aria-label")).toBe("Map: Head");
    await world.accessible();
  });

  it("highlights in the list what is chosen on the figure, and the other way round", async () => {
    const nose = world.clinic.addLesion(patient, { site: "nose", place: { view: "head_front", x: 0.5, y: 0.5 } });
    await open();
    await fireEvent.pointerDown(pin(first.id) as HTMLElement, pointer(0, 0));
    await fireEvent.pointerUp(await world.at("map-stage"), pointer(0, 0));
    await world.until(() => expect(entry(first.id).getAttribute("aria-pressed")).toBe("true"));
    expect(await world.text("map-details")).toContain("SNOMED CT 244106003: Skin of anterior surface of thorax");
    await world.user.click(entry(nose.id));
    await world.until(() => expect(pin(nose.id)?.getAttribute("aria-pressed")).toBe("true"));
    expect((await world.at("map-stage")).dataset.plate).toBe("head");
    await world.accessible();
  });

  it("adds a lesion at a click, with site and side proposed from the map", async () => {
    await open();
    const spot = onPlate({ view: "back", x: 0.4, y: 0.25 });
    await tap(spot);
    expect(await world.text("map-there")).toBe("Upper back, Left");
    await world.accessible();
    await world.click("map-set");
    expect((await world.at<HTMLSelectElement>("lesion-site")).value).toBe("upper_back");
    expect((await world.at<HTMLSelectElement>("lesion-laterality")).value).toBe("left");
    expect(await world.text("lesion-place")).toContain("Upper back, Left (Back)");
    await world.accessible();
    await world.click("save-lesion");
    await world.at("drop-zone");
    const [request] = world.host.calledWith("lesion_create");
    expect(request?.details).toMatchObject({ label: "L3", site: "upper_back", laterality: "left" });
    expect(request?.place?.view).toBe("back");
    expect(request?.place?.x).toBeCloseTo(0.4, 4);
  });

  it("refuses a place beside the body", async () => {
    await open();
    await tap({ x: 20, y: 60 });
    expect(await world.text("map-there")).toBe("The mark is not on the body.");
    expect((await world.at<HTMLButtonElement>("map-set")).disabled).toBe(true);
    await fireEvent.keyDown(await world.at("map-stage"), { key: "Enter" });
    expect(document.getElementById("add-lesion")).toBeNull();
    await fireEvent.keyDown(await world.at("map-stage"), { key: "Escape" });
    expect(world.all("map-placing")).toHaveLength(0);
  });

  it("places a lesion by the keyboard alone", async () => {
    const stage = await open();
    await world.user.click(entry(unplaced.id));
    (await world.at("map-place")).focus();
    await world.user.keyboard("{Enter}");
    await world.until(() => expect(document.activeElement).toBe(stage));
    // The mark starts where the record has the lesion.
    expect(await world.text("map-there")).toBe("Thigh, Left");
    await world.user.keyboard("{ArrowDown>24/}{Shift>}{ArrowDown>2/}{/Shift}");
    expect(await world.text("map-there")).toBe("Lower leg, Left");
    await world.choose("map-figure", "foot_left_plantar");
    expect((await world.at("map-stage")).dataset.plate).toBe("feet");
    expect(await world.text("map-there")).toBe("Sole of foot, Left");
    (await world.at("map-stage")).focus();
    await world.user.keyboard("{Enter}");
    await world.until(() => expect(world.host.calledWith("lesion_move")).toHaveLength(1));
    expect(world.host.calledWith("lesion_move")[0]).toEqual({
      id: unplaced.id,
      version: 1,
      place: { view: "foot_left_plantar", x: 0.5, y: 0.5 },
    });
    await world.until(() => expect(pin(unplaced.id)).toBeDefined());
    expect(world.all("map-placing")).toHaveLength(0);
    await world.accessible();
  });

  it("moves a pin that is dragged, once that is confirmed", async () => {
    const stage = await open();
    const from = onPlate(CHEST);
    const to = onPlate({ ...CHEST, x: 0.4 });
    await fireEvent.pointerDown(pin(first.id) as HTMLElement, pointer(from.x, from.y));
    await fireEvent.pointerMove(stage, pointer(from.x - 3, from.y));
    expect(world.all("map-placing"), "a trembling hand moves nothing").toHaveLength(0);
    await fireEvent.pointerMove(stage, pointer(from.x - 20, from.y));
    await fireEvent.pointerMove(stage, pointer(to.x, to.y));
    await fireEvent.pointerUp(stage, pointer(to.x, to.y));
    expect(await world.text("map-there")).toBe("Chest, Right");
    expect(world.host.calledWith("lesion_move")).toHaveLength(0);
    await world.click("map-set");
    await world.until(() => expect(world.clinic.lesions[0]?.place?.x).toBeCloseTo(0.4, 4));
    // The record still says left: the list says that the two disagree.
    await world.until(() => expect(world.all("map-disagrees")[0]?.textContent).toBe("The map shows Chest, Right, the record says Chest, Left."));
  });

  it("tells of a move that somebody else was faster with, and shows theirs", async () => {
    await open();
    await world.user.click(entry(first.id));
    await world.click("map-place");
    Object.assign(first, { version: 2, place: { view: "back", x: 0.5, y: 0.3 } });
    await world.user.keyboard("{ArrowLeft}{Enter}");
    expect(await world.text("failure")).toContain("changed");
    await world.accessible();
    await world.click("retry");
    await world.until(() => expect(world.all("map-placing")).toHaveLength(0));
    expect(first.place).toEqual({ view: "back", x: 0.5, y: 0.3 });
    await world.click("map-take-off");
    await world.until(() => expect(first.place).toBeNull());
    expect(entry(first.id).textContent).toContain("Not on the map");
  });

  it("edits label, site, side and note, and keeps the place", async () => {
    await open();
    await world.user.click(entry(first.id));
    await world.click("map-edit");
    await world.type("label", " ");
    await world.click("save-lesion");
    expect((await world.at("label")).getAttribute("aria-invalid")).toBe("true");
    await world.type("label", "mole chest");
    await world.choose("laterality", "right");
    await world.accessible();
    await world.click("save-lesion");
    await world.until(() => expect(entry(first.id).textContent).toContain("mole chest"));
    expect(world.host.calledWith("lesion_update")[0]).toMatchObject({ version: 1, place: CHEST, details: { label: "mole chest", laterality: "right" } });
    expect(document.getElementById("edit-lesion")).toBeNull();

  });

  it("tells the later of two edits what the other wrote, and loses nothing", async () => {
    await open();
    await world.user.click(entry(first.id));
    await world.click("map-edit");
    await world.type("note", "mine");
    await world.choose("laterality", "midline");
    Object.assign(first, { version: 2, label: "theirs", laterality: "right" });
    await world.click("save-lesion");
    expect(await world.text("failure")).toContain("changed");
    await world.accessible();
    await world.click("retry");
    expect(await world.text("lesion-theirs")).toMatch(/Side: they wrote “Right”$/);
    expect((await world.at<HTMLInputElement>("label")).value).toBe("theirs");
    expect((await world.at<HTMLTextAreaElement>("note")).value).toBe("mine");
    await world.accessible();
    await world.click("save-lesion");
    await world.until(() => expect(first).toMatchObject({ version: 3, label: "theirs", note: "mine", laterality: "midline", place: CHEST }));
  });

  it("closes a lesion with a reason, hides it, and takes it up again", async () => {
    await open();
    await world.user.click(entry(first.id));
    await world.click("map-close");
    await world.click("save-closure");
    expect((await world.at("reason")).getAttribute("aria-invalid")).toBe("true");
    await world.choose("reason", "other");
    await world.click("save-closure");
    expect((await world.at("close-note")).getAttribute("aria-invalid")).toBe("true");
    await world.choose("reason", "excised");
    await world.type("on", "2026-11-19");
    await world.accessible();
    await world.click("save-closure");
    await world.until(() => expect(entry(first.id).textContent).toMatch(/Closed .*Excised/));
    expect(world.host.calledWith("lesion_close")[0]?.closure).toEqual({ reason: "excised", on: "2026-11-19", note: "" });
    expect(pin(first.id)?.getAttribute("aria-label")).toContain("closed: Excised");
    expect(pin(first.id)?.querySelector("svg")?.classList.contains("closed")).toBe(true);
    expect(world.all("lesion-closed")).toHaveLength(1);
    await world.click("map-closed");
    expect(pin(first.id)).toBeUndefined();
    expect(world.all("map-entry")).toHaveLength(1);
    await world.click("map-closed");
    await world.click("map-reopen");
    await world.until(() => expect(first.closure).toBeNull());
    await world.accessible();
  });

  it("zooms by wheel, keys and buttons, and pans by keys and by dragging", async () => {
    const stage = await open();
    const scale = () => Number(stage.dataset.scale);
    stage.focus();
    await world.user.keyboard("+");
    expect(scale()).toBe(1.5);
    await world.user.keyboard("-");
    expect(scale()).toBe(1);
    await fireEvent.wheel(stage, { deltaY: -200, clientX: 100, clientY: 100 });
    expect(scale()).toBeGreaterThan(1.5);
    const shift = () => stage.querySelector("svg > g")?.getAttribute("transform");
    const before = shift();
    await world.user.keyboard("{ArrowRight}");
    expect(shift()).not.toBe(before);
    const moved = shift();
    await fireEvent.pointerDown(stage, pointer(300, 300));
    await fireEvent.pointerMove(stage, pointer(340, 320));
    await fireEvent.pointerUp(stage, pointer(340, 320));
    expect(shift()).not.toBe(moved);
    expect(world.all("map-placing"), "a drag is no click").toHaveLength(0);
    await world.user.keyboard("0");
    expect(scale()).toBe(1);
    await world.click("map-zoom-in");
    expect(scale()).toBe(1.5);
    await world.click("map-zoom-reset");
    expect(scale()).toBe(1);
  });

  it("gathers many pins in a number that opens by a click", async () => {
    for (let count = 0; count < 40; count++) {
      world.clinic.addLesion(patient, { place: { view: "back", x: 0.45 + (count % 8) * 0.004, y: 0.3 + Math.floor(count / 8) * 0.003 } });
    }
    const stage = await open();
    const [many] = world.all("map-cluster");
    expect(many?.textContent?.trim()).toBe("40");
    expect(many?.getAttribute("aria-label")).toBe("Zoom to 40 lesions");
    await world.accessible();
    await world.user.click(many as HTMLElement);
    expect(Number(stage.dataset.scale)).toBeGreaterThan(1);
    expect(world.all("map-entry")).toHaveLength(42);
  });

  it("says so when nothing is on record, and offers to begin", async () => {
    world.clinic.lesions = [];
    await open();
    expect(document.getElementById("body-map")?.textContent).toContain("Nothing on the map");
    await world.click("map-place-new");
    expect(await world.text("map-placing")).toContain("New lesion");
    await world.accessible();
  });

  it("is not there for the front desk, and changes nothing during an emergency look", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    await world.openPatient("Okonkwo");
    await world.at("not-clinical");
    expect(document.getElementById("body-map")).toBeNull();
  });
});
