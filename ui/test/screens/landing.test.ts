import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../src/ipc/generated";
import { entry } from "../fake/history";
import { furnishQueue } from "../fake/today";
import { World } from "../world";

describe("where the work begins and where one comes back to", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.history.entries = [entry("a1", "2026-11-19T10:00:00Z", { patient_id: patient.id, lesion_id: lesion.id })];
    furnishQueue(world.clinic, 2);
  });
  afterEach(() => world.close());

  const shown = (): string | undefined => document.querySelector<HTMLElement>("main")?.dataset.screen;
  const section = (): string | undefined => document.querySelector<HTMLElement>("nav [aria-current=page]")?.dataset.testid;

  it.each<[Role, string]>([
    ["front_desk", "today"],
    ["clinician", "today"],
    ["administrator", "patients"],
    ["auditor", "audit"],
  ])("lands a %s on %s", async (role, screen) => {
    world.clinic.setRole(role);
    await world.open({ lands: true });
    await world.until(() => expect(shown()).toBe(screen));
  });

  it("goes back to the day, on the tab that was left", async () => {
    world.clinic.setRole("clinician");
    await world.open({ lands: true });
    await world.at("queue-row");
    await world.click("queue-open");
    await world.click("visit-open-patient");
    await world.at("patient-banner");
    expect(section()).toBe("nav-today");
    await world.click("back-to-patients");
    await world.until(() => expect(shown()).toBe("today"));
  });

  it("goes back to the history with what was looked for", async () => {
    world.clinic.setRole("clinician");
    await world.open();
    await world.click("nav-history");
    await world.at("history-row");
    await world.type("history-text", "okon");
    await world.click("history-search");
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ text: "okon" }));
    await world.click("history-open");
    await world.click("back-to-patient");
    await world.click("back-to-patients");
    await world.until(() => expect(shown()).toBe("history"));
    expect((await world.at<HTMLInputElement>("history-text")).value).toBe("okon");
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ text: "okon" }));
  });
});

describe("how long deleted entries are kept", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => world.close());

  it("is set in whole days", async () => {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-security");
    expect((await world.at<HTMLInputElement>("retention-days")).value).toBe("30");
    await world.accessible();
    await world.type("retention-days", "0");
    await world.click("retention-save");
    expect(world.host.calledWith("retention_update")).toHaveLength(0);
    await world.type("retention-days", "90");
    await world.click("retention-save");
    await world.until(() => expect(world.host.calledWith("retention_update")).toEqual([{ days: 90 }]));
    expect(await world.text("toast")).toContain("90 days");
  });
});

describe("a very long list", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => world.close());

  it("is shown a stretch at a time", async () => {
    const patient = world.clinic.addPatient();
    for (let n = 0; n < 450; n++) world.clinic.addLesion(patient);
    await world.open();
    await world.openPatient(patient.family_name);
    await world.until(() => expect(world.all("lesion-row")).toHaveLength(200));
    await world.click("lesions-more");
    await world.click("lesions-more");
    await world.until(() => expect(world.all("lesion-row")).toHaveLength(450));
    expect(world.all("lesions-more")).toHaveLength(0);
  });
});
