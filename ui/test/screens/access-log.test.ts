import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../src/ipc/generated";
import { fail } from "../fake/clinic";
import { World } from "../world";

describe("the access log of a patient", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addPatient();
    world.clinic.audit.rows = world.clinic.audit.rows.slice(-20);
  });
  afterEach(() => world.close());

  async function atPatient(role: Role): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient("Okonkwo");
  }

  it("is asked for when it is opened, and each time", async () => {
    await atPatient("clinician");
    expect((await world.at<HTMLDetailsElement>("access-log")).open).toBe(false);
    expect(world.host.calledWith("access_log_read")).toHaveLength(0);
    await world.click("access-log-open");
    await world.until(() => expect(world.all("log-table-row")).toHaveLength(10));
    expect(world.host.calledWith("access_log_read")).toEqual([{ patient_id: "patient-1", limit: 200 }]);
    const newest = world.all("log-table-row")[0]?.textContent ?? "";
    for (const expected of ["Bo Lindqvist", "Auditor", "Read a patient's record"]) expect(newest).toContain(expected);
    await world.user.click(world.all("audit-details")[0] as HTMLElement);
    await world.at("audit-unfolded");
    await world.accessible();
    await world.click("access-log-again");
    await world.until(() => expect(world.host.calledWith("access_log_read")).toHaveLength(2));
  });

  it("says when nobody was there, and when it cannot be read", async () => {
    world.clinic.audit.rows = [];
    await atPatient("auditor");
    world.host.answers.access_log_read = () => Promise.reject(fail("storage_failed"));
    await world.click("access-log-open");
    await world.at("failure");
    await world.accessible();
    delete world.host.answers.access_log_read;
    await world.click("retry");
    await world.until(() => expect(document.body.textContent).toContain("Nobody has opened this record yet"));
  });

  it("is not for the front desk", async () => {
    await atPatient("front_desk");
    await world.at("not-clinical");
    expect(world.all("access-log")).toHaveLength(0);
  });
});
