import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { item } from "../fake/batches";
import { image } from "../fake/samples";
import { World } from "../world";

describe("batches of analyses", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.setRole("clinician");
  });
  afterEach(() => world.close());

  async function panel(): Promise<void> {
    await world.open();
    await world.click("jobs-open");
    await world.at("jobs");
  }

  it("says that nothing is under way", async () => {
    await panel();
    expect(await world.text("jobs")).toContain("Nothing is being analysed");
    await world.accessible();
    await world.click("jobs-close");
    expect(world.all("batch")).toHaveLength(0);
    expect((await world.at("jobs-open")).getAttribute("aria-expanded")).toBe("false");
  });

  it("counts in the bar, pauses, goes on and cancels", async () => {
    world.clinic.batches.add("b", ["COMPLETED", "PROCESSING", "PENDING", "PENDING"]);
    await panel();
    expect(await world.text("jobs-left")).toBe("3");
    expect(await world.text("batch-counts")).toContain("1 of 4 lesions read");
    await world.accessible();
    await world.click("batch-pause");
    await world.until(() => expect(world.all("batch-continue")).toHaveLength(1));
    expect(await world.text("batch-state")).toBe("Paused");
    expect(await world.text("jobs-said")).toContain("paused");
    await world.click("batch-continue");
    await world.click("batch-cancel");
    expect(world.host.calledWith("batch_cancel")).toHaveLength(0);
    await world.accessible();
    await world.click("batch-cancel-yes");
    await world.until(() => expect(world.all("batch-cancel")).toHaveLength(0));
    expect(await world.text("batch-counts")).toContain("2 cancelled");
  });

  it("shows how far a reading asked for alone is, and cancels it", async () => {
    const single = item("alone", "PROCESSING");
    single.job.fraction = 0.4;
    world.clinic.batches.singles.push(single);
    world.clinic.jobs.push(single.job);
    await panel();
    await world.click("singles-items");
    await world.until(() => expect(world.all("batch-item")).toHaveLength(1));
    expect(world.all("batch-item")[0]?.querySelector("progress")?.value).toBe(0.4);
    await world.accessible();
    await world.click("batch-item-cancel");
    await world.until(() => expect(world.host.calledWith("analysis_cancel")).toEqual([{ id: "alone" }]));
    await world.until(() => expect(world.all("batch-item-cancel")).toHaveLength(0));
  });

  it("names what failed and why, tries it again and opens the lesion", async () => {
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.batches.add("b", ["COMPLETED", "FAILED"], { state: "finished" });
    for (const item of world.clinic.batches.items.get("b") ?? []) {
      Object.assign(item, { patient_id: patient.id });
      item.job.lesion_id = lesion.id;
    }
    await panel();
    await world.click("batch-items");
    await world.until(() => expect(world.all("batch-item")).toHaveLength(2));
    expect(world.all("batch-item")[1]?.textContent).toContain("consent");
    await world.accessible();
    await world.click("batch-retry");
    await world.until(() => expect(world.host.calledWith("batch_retry")).toEqual([{ id: "b" }]));
    await world.until(() => expect(world.all("batch-retry")).toHaveLength(0));
    await world.user.click(world.all("batch-item-open")[0] as HTMLElement);
    await world.at("drop-zone");
  });

  it("says why a batch stands still", async () => {
    world.clinic.batches.add("b", ["PENDING"], { state: "paused", pause_reason: "storage_full" });
    await panel();
    expect(await world.text("batch-stalled")).toContain("disk is full");
    await world.accessible();
  });

  it("follows the core and outlives a change of screens", async () => {
    const batch = world.clinic.batches.add("b", ["PENDING", "PENDING"]);
    await panel();
    await world.click("nav-patients");
    await world.at("patient-search");
    expect(world.all("batch")).toHaveLength(1);
    for (const { job } of world.clinic.batches.items.get("b") ?? []) job.state = "COMPLETED";
    world.clinic.batches.count(Object.assign(batch, { state: "finished" }));
    world.host.emit("record_changed", { what: "batch", id: "b" });
    await world.until(() => expect(world.all("jobs-left")).toHaveLength(0));
    expect(await world.text("jobs-said")).toContain("2 read");
  });

  it("asks before it starts on a patient's photographs", async () => {
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-x", lesion.id, patient.id));
    await world.open();
    await world.click("nav-patients");
    await world.openPatient(patient.family_name);
    await world.click("batch-ask");
    await world.at("batch-preview");
    await world.accessible();
    await world.click("batch-start");
    await world.until(() => expect(world.host.calledWith("batch_start")).toEqual([{ of: { scope: "patient", patient_id: patient.id } }]));
    await world.until(() => expect(world.all("jobs-left")).toHaveLength(1));
  });

  it("is not offered to the front desk", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    await world.at("nav-patients");
    expect(world.all("jobs-open")).toHaveLength(0);
    expect(world.host.calledWith("job_list")).toHaveLength(0);
  });
});
