import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../src/ipc/generated";
import { entry } from "../fake/history";
import { World } from "../world";

describe("the history of uploads", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    const on = { patient_id: patient.id, lesion_id: lesion.id };
    const benign = entry("a", NOW).said;
    world.clinic.history.entries = [
      entry("a3", "2026-11-19T10:00:00Z", on),
      entry("a2", "2026-11-18T10:00:00Z", { ...on, said: benign && { ...benign, band: "benign", urgency: "routine" } }),
      entry("a1", "2026-11-17T10:00:00Z", { ...on, family_name: "Abara", patient_number: "P-000002" }),
      entry("x", "2026-11-16T10:00:00Z", { ...on, analysis_id: null, image_id: "image-9", said: null }),
    ];
  });
  afterEach(() => world.close());
  const NOW = "2026-11-20T10:30:00Z";

  async function at(role: Role = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.click("nav-history");
    await world.until(() => expect(world.all("history-row")).toHaveLength(3));
  }
  const rows = (): number => world.all("history-row").length;

  it("is found by name, band and kind of entry", async () => {
    await at();
    await world.accessible();
    await world.type("history-text", "abar");
    await world.click("history-search");
    await world.until(() => expect(rows()).toBe(1));
    expect(await world.text("history-row")).toContain("Abara, Adaeze");
    await world.click("history-reset");
    await world.until(() => expect(rows()).toBe(3));
    await world.choose("history-band", "benign");
    await world.click("history-search");
    await world.until(() => expect(rows()).toBe(1));
    await world.choose("history-noun", "photograph");
    await world.click("history-search");
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ noun: "photograph", band: null }));
    expect(await world.text("history-row")).toContain("Photograph");
    await world.type("history-from", "nonsense");
    await world.click("history-search");
    expect(document.activeElement?.id).toBe("history-from");
    await world.accessible();
  });

  it("deletes one with a reason and the password, and brings it back", async () => {
    await at();
    await world.user.click(world.all("history-delete")[0] as HTMLElement);
    await world.at("history-reason");
    await world.accessible();
    await world.click("history-delete-save");
    expect(world.host.calledWith("reading_delete")).toHaveLength(0);
    await world.type("history-reason", "Wrong patient");
    await world.type("history-password", "not it");
    await world.click("history-delete-save");
    await world.at("failure");
    await world.type("history-password", "correct horse battery staple");
    await world.click("history-delete-save");
    await world.until(() => expect(rows()).toBe(2));
    expect(world.host.calledWith("reading_delete").at(-1)).toMatchObject({ id: "a3", reason: "Wrong patient" });
    await world.click("history-deleted");
    await world.click("history-search");
    await world.until(() => expect(world.all("history-deletion")).toHaveLength(1));
    expect(await world.text("history-deletion")).toContain("Wrong patient");
    await world.accessible();
    await world.click("history-undo");
    await world.until(() => expect(rows()).toBe(0));
    expect(world.clinic.history.entries[0]?.deletion).toBeNull();
  });

  it("clears the history of one patient up to a day", async () => {
    await at();
    await world.user.click(world.all("history-clear")[0] as HTMLElement);
    await world.type("history-before", "2026-11-18");
    await world.type("history-reason", "Asked for");
    await world.type("history-password", "correct horse battery staple");
    await world.click("history-delete-save");
    await world.until(() => expect(rows()).toBe(2));
    expect(world.host.calledWith("history_clear").at(-1)).toMatchObject({ before: "2026-11-18" });
  });

  it("says why a photograph stays", async () => {
    world.clinic.history.sites.add("image-9");
    await at();
    await world.choose("history-noun", "photograph");
    await world.click("history-search");
    await world.until(() => expect(rows()).toBe(1));
    await world.click("history-delete");
    await world.type("history-reason", "Blurred");
    await world.type("history-password", "correct horse battery staple");
    await world.click("history-delete-save");
    await world.at("history-kept");
    await world.accessible();
  });

  it("opens the lesion of an entry", async () => {
    await at();
    await world.user.click(world.all("history-open")[0] as HTMLElement);
    await world.at("drop-zone");
  });

  it("is not offered to the front desk", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    await world.at("nav-patients");
    expect(world.all("nav-history")).toHaveLength(0);
  });
});
