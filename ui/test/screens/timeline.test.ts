import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role, TimelineEventView } from "../../src/ipc/generated";
import { fail } from "../fake/clinic";
import { event, reading } from "../fake/timeline";
import { World } from "../world";

describe("the timeline of a patient", () => {
  let world: World;
  let lesionId: string;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient, { label: "Mole left calf" });
    const other = world.clinic.addLesion(patient);
    lesionId = lesion.id;
    const on = { lesion_id: lesion.id };
    const before = { id: "a1", at: "2026-03-01T09:00:00Z", band: "suspicious", malignant_sum: 0.25 } as const;
    world.clinic.timeline = [
      event("2026-11-20T08:00:00Z", { kind: "visit", id: "v1", state: "arrived" }),
      event("2026-11-19T10:00:00Z", reading("a2", "malignant", 0.75, before), on),
      event("2026-11-19T00:00:00Z", { kind: "biopsy", id: "b1", specimen_kind: "excision", specimen_number: "H-7", withdrawn: false }, { ...on, whole_day: true }),
      event("2026-10-01T10:00:00Z", { kind: "recall", id: "r1", due_on: "2027-01-05", state: "due", text: "Skin check" }),
      event("2026-09-01T10:00:00Z", { kind: "consent", consent: "ai", given: false }),
      event("2026-03-01T10:00:00Z", reading("a0", "benign", 0.01), { lesion_id: other.id }),
      event("2026-03-01T09:00:00Z", reading("a1", "suspicious", 0.25), on),
      event("2026-03-01T08:00:00Z", { kind: "photographs", image_ids: ["i1"], count: 3 }, on),
    ];
  });
  afterEach(() => world.close());

  async function at(role: Role = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("tab-timeline");
    await world.at("timeline");
  }
  const kinds = (): (string | undefined)[] => world.all("timeline-event").map((row) => row.dataset.kind);

  it("stands in days, newest first, with what each event says", async () => {
    await at();
    await world.until(() => expect(kinds()).toHaveLength(8));
    expect(kinds().slice(0, 3)).toEqual(["visit", "reading", "biopsy"]);
    const text = await world.text("timeline-days");
    for (const words of ["Nov 20, 2026", "Nov 19, 2026", "Excision · H-7", "3 photographs imported", "Consent withdrawn", "Melanoma", "Dr. Ines Halloran"]) {
      expect(text).toContain(words);
    }
    expect(text).toContain("Up from Suspicious to Malignant, malignant 25.0% before, 75.0% now");
    await world.at("timeline-end");
    await world.accessible();
  });

  it("shows the detection history of the patient and of one lesion", async () => {
    await at();
    await world.choose("timeline-topic", "reading");
    await world.until(() => expect(kinds()).toEqual(["reading", "reading", "reading"]));
    await world.choose("timeline-lesion-filter", lesionId);
    await world.until(() => expect(kinds()).toHaveLength(2));
    expect(world.host.calledWith("timeline_read").at(-1)).toMatchObject({ kinds: ["reading"], lesion_id: lesionId });
    expect(world.all("timeline-change").map((row) => row.textContent?.split("·")[0]?.trim())).toEqual([
      "Up from Suspicious to Malignant, malignant 25.0% before, 75.0% now",
      "First reading of this lesion",
    ]);
    await world.accessible();
    await world.click("timeline-lesion");
    await world.at("drop-zone");
  });

  it("says when there is nothing of a kind and goes back to everything", async () => {
    await at();
    await world.choose("timeline-topic", "reports");
    await world.click("timeline-clear");
    await world.until(() => expect(kinds()).toHaveLength(8));
    await world.accessible();
  });

  it("goes on where the page ended", async () => {
    world.clinic.timeline = Array.from({ length: 120 }, (_, n): TimelineEventView => {
      const when = new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString();
      return event(when, { kind: "visit", id: `v${n}`, state: "done" });
    });
    await at();
    await world.until(() => expect(kinds()).toHaveLength(50));
    await world.click("timeline-older");
    await world.until(() => expect(kinds()).toHaveLength(100));
    await world.click("timeline-older");
    await world.until(() => expect(kinds()).toHaveLength(120));
    await world.at("timeline-end");
  });

  it("tells the front desk the plain part alone", async () => {
    await at("front_desk");
    await world.until(() => expect(kinds()).toEqual(["visit", "recall", "consent"]));
    const options = [...(await world.at<HTMLSelectElement>("timeline-topic")).options].map((option) => option.value);
    expect(options).toEqual(["", "visits", "recalls", "consents"]);
    expect(document.getElementById("timeline-lesion-filter")).toBeNull();
    await world.accessible();
  });

  it("says when it cannot be read", async () => {
    world.host.answers.timeline_read = () => Promise.reject(fail("storage_failed"));
    await at();
    await world.at("failure");
    delete world.host.answers.timeline_read;
    await world.click("retry");
    await world.until(() => expect(kinds()).toHaveLength(8));
  });
});
