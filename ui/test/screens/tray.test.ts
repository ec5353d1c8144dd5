import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fail } from "../fake/clinic";
import { addWaiting } from "../fake/tray";
import { picture, World } from "../world";

const transfer = (files: File[]) => ({ dataTransfer: { files, types: ["Files"], dropEffect: "none" } });

describe("the import of a patient", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addLesion(world.clinic.addPatient());
  });
  afterEach(() => world.close());

  const patientId = (): string => world.clinic.patients[0]?.id ?? "";

  async function openImport(): Promise<void> {
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("tab-import");
    await world.at("drop-zone");
  }

  async function settled(count: number): Promise<void> {
    await world.until(() => {
      const states = world.all("import-entry").map((entry) => entry.dataset.state);
      expect(states.filter((state) => state !== "waiting" && state !== "reading")).toHaveLength(count);
    });
  }

  it("takes photographs in before a lesion is chosen, and gives them to one", async () => {
    await openImport();
    await fireEvent.drop(window, transfer([picture("a.jpg", 1, 2, 3, 4), picture("b.jpg", 5, 2, 3, 4), picture("c.heic", 0x48, 1, 1, 1)]));
    await settled(3);
    expect(world.all("import-entry").map((entry) => entry.dataset.state)).toEqual(["imported", "imported", "rejected"]);
    expect(world.all("import-entry")[2]?.textContent).toMatch(/HEIC.*Export it as JPEG/);
    expect(world.host.calledWith("tray_add").map(({ kind, lesion_id, source }) => [kind, lesion_id, source])).toEqual([
      [null, null, "file"],
      [null, null, "file"],
      [null, null, "file"],
    ]);
    await world.until(() => expect(world.all("tray-photo")).toHaveLength(2));
    expect(world.all("tray-photo").map((photo) => photo.textContent)).toEqual([
      expect.stringMatching(/Dermoscopic\s*proposed/),
      expect.stringMatching(/Clinical close-up\s*proposed/),
    ]);
    await world.accessible();

    world.all("tray-photo")[0]?.focus();
    await world.user.keyboard("{Control>}a{/Control}");
    expect(await world.text("tray-chosen")).toBe("2 photographs chosen");
    await world.choose("tray-lesion", world.clinic.lesions[0]?.id ?? "");
    await world.click("tray-assign");
    await world.until(() => expect(world.all("ready-lesion")).toHaveLength(1));
    expect(world.clinic.images.map((image) => image.kind)).toEqual(["dermoscopic", "clinical"]);
    expect(world.all("tray-photo")).toHaveLength(0);
    await world.accessible();
    await world.click("ready-analyse");
    await world.until(() => expect(world.host.calledWith("analysis_start")).toHaveLength(1));
    expect(world.host.calledWith("analysis_start")[0]?.image_ids).toEqual(world.clinic.images.map((image) => image.id));
    await world.until(() => expect(world.all("ready-done")).toHaveLength(1));
  });

  it("says why an analysis of what was just given failed, and offers it again", async () => {
    addWaiting(world.clinic, patientId());
    await openImport();
    await world.until(() => expect(world.all("tray-photo")).toHaveLength(1));
    world.all("tray-photo")[0]?.focus();
    await world.user.keyboard("{Control>}a{/Control}");
    await world.choose("tray-lesion", world.clinic.lesions[0]?.id ?? "");
    await world.click("tray-assign");
    world.host.answers.analysis_start = () => {
      throw fail("model_unavailable");
    };
    await world.click("ready-analyse");
    await world.until(async () => expect(await world.text("ready-lesion")).toContain("model"));
    await world.accessible();
    expect(world.all("ready-analyse")).toHaveLength(1);
  });

  it("chooses by keyboard, changes the kind and discards with a reason", async () => {
    for (let count = 0; count < 4; count++) addWaiting(world.clinic, patientId());
    await openImport();
    await world.until(() => expect(world.all("tray-photo")).toHaveLength(4));
    world.all("tray-photo")[0]?.focus();
    await world.user.keyboard(" {Shift>}{ArrowRight}{ArrowRight}{/Shift}");
    expect(world.all("tray-photo").map((photo) => photo.getAttribute("aria-selected"))).toEqual(["true", "true", "true", "false"]);
    await world.choose("tray-kind", "overview");
    await world.click("tray-kind-save");
    await world.until(() => expect(world.clinic.tray.photos.map((photo) => photo.kind)).toEqual(["overview", "overview", "overview", "dermoscopic"]));
    world.all("tray-photo")[2]?.focus();
    await world.user.keyboard("{Delete}");
    await world.click("tray-discard-save");
    expect(document.body.textContent).toContain("This is needed.");
    await world.type("reason", "Another person's arm");
    await world.accessible();
    await world.click("tray-discard-save");
    await world.until(() => expect(world.all("tray-photo")).toHaveLength(1));
  });

  it("asks before it takes in what does not seem to belong here", async () => {
    world.clinic.tray.doubts.set(9, { doubt: "patient_number", detail: "P-000777" });
    world.clinic.tray.doubts.set(8, { doubt: "stored_for_another", detail: null });
    await openImport();
    await fireEvent.drop(window, transfer([picture("a.dcm", 9, 2, 3, 4), picture("b.jpg", 8, 2, 3, 4)]));
    await settled(2);
    expect(world.all("import-entry").map((entry) => entry.textContent)).toEqual([
      expect.stringContaining("P-000777"),
      expect.stringContaining("already stored for another patient"),
    ]);
    expect(await world.text("import-summary")).toContain("2 to answer");
    await world.accessible();
    await world.user.click(world.all("import-accept")[0] as HTMLElement);
    await world.until(() => expect(world.all("tray-photo")).toHaveLength(1));
    await world.user.click(world.all("import-leave")[0] as HTMLElement);
    expect(world.all("import-entry").map((entry) => entry.dataset.state)).toEqual(["imported", "left"]);
    expect(world.host.calledWith("tray_add").map(({ accepted }) => accepted)).toEqual([[], [], ["patient_number"]]);
  });

  it("imports a folder of ten thousand files with a list that stays short, and stops when asked", async () => {
    world.clinic.tray.folder = {
      name: "DCIM",
      files: Array.from({ length: 10_000 }, (_, key) => ({ key, name: `100/${key}.jpg`, bytes: 4, content: [key % 200, key >> 8, 3, 4] })),
    };
    await openImport();
    await world.click("add-folder");
    await world.until(() => expect(world.all("import-entry").length).toBeGreaterThan(5));
    expect(world.all("import-entry").length).toBeLessThan(60);
    expect(await world.text("folder-notes")).toContain("2 links and hidden files");
    await world.click("cancel-import");
    await world.until(() => expect(document.querySelector('[data-testid="clear-import"]')).not.toBeNull());
    expect(await world.text("import-summary")).toMatch(/\d+ imported, .* left out/);
    expect(world.host.calledWith("offer_take").length).toBeLessThan(10_000);
    expect(world.host.calledWith("offer_take")[0]).toMatchObject({ key: 0, watched: false, about: { source: "folder" } });
  });

  it("offers what a device has put into the watched folder, and takes it in only when told", async () => {
    world.clinic.tray.watched = {
      folder: "/media/dermatoscope",
      reachable: true,
      files: [
        { key: 4, name: "DSC_1.JPG", bytes: 4_000_000, seen_at: "2026-10-21T10:00:00Z", before_this_patient: true },
        { key: 5, name: "DSC_2.JPG", bytes: 4_000_000, seen_at: "2026-10-21T10:01:00Z", before_this_patient: false },
      ],
    };
    world.clinic.tray.contents.set(5, [1, 2, 3, 4]);
    await openImport();
    await world.until(() => expect(world.all("watched-file")).toHaveLength(2));
    expect(world.all("watched-file")[0]?.textContent).toContain("another patient was open");
    expect(world.host.calledWith("offer_take")).toHaveLength(0);
    await world.accessible();
    await world.click("watch-take");
    await world.until(() => expect(world.all("tray-photo")).toHaveLength(1));
    expect(world.host.calledWith("offer_take")).toMatchObject([{ key: 5, watched: true, about: { source: "watched" } }]);
    world.clinic.tray.watched = { ...world.clinic.tray.watched, reachable: false, files: [] };
    await world.until(() => expect(document.body.textContent).toContain("The folder cannot be reached"));
  });

  it("says what is missing where there is no camera", async () => {
    await openImport();
    await world.click("open-camera");
    expect(await world.text("camera-trouble")).toContain("gives the program no camera");
    await world.accessible();
  });

  it("takes the whole picture of the camera", async () => {
    const stop = vi.fn();
    const stream = { getTracks: () => [{ stop }] } as unknown as MediaStream;
    const getUserMedia = vi.fn<(wish: MediaStreamConstraints) => Promise<MediaStream>>(() => Promise.resolve(stream));
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia } });
    await openImport();
    await world.click("open-camera");
    await world.at("camera-take");
    expect(getUserMedia.mock.calls[0]?.[0]).toMatchObject({ audio: false });
    await world.accessible();
    await world.user.keyboard("{Escape}");
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: undefined });
    await world.close();
    expect(stop).toHaveBeenCalled();
    world = new World();
  });

  it("moves a photograph that was put wrongly, with the reason where a reading looks at it", async () => {
    const other = world.clinic.addLesion(world.clinic.patients[0] as never, { label: "L2" });
    await world.open();
    await world.openLesion("Okonkwo");
    await fireEvent.drop(window, transfer([picture("a.jpg", 1, 2, 3, 4)]));
    await settled(1);
    await world.click("analyse");
    await world.at("result-band");
    await world.choose("photo-kind", "clinical");
    await world.until(() => expect(world.clinic.images[0]?.kind).toBe("clinical"));
    await world.click("move-photo");
    await world.choose("lesion-id", other.id);
    await world.click("move-photo-save");
    expect(document.body.textContent).toContain("This is needed.");
    await world.type("reason", "Taken of the other mole");
    await world.accessible();
    await world.click("move-photo-save");
    await world.until(() => expect(world.clinic.images[0]?.lesion_id).toBe(other.id));
    expect(world.host.calledWith("image_move")[0]).toMatchObject({ reason: "Taken of the other mole" });
  });
});
