import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../src/ipc/generated";
import { fail } from "../fake/clinic";
import { biopsy, day, recall } from "../fake/follow-up";
import { image } from "../fake/samples";
import { World } from "../world";

const PATIENT = "patient-1";

describe("today's lists", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-1", lesion.id, patient.id));
  });
  afterEach(() => world.close());

  const kept = () => world.clinic.followUp;
  const photo = () => world.clinic.images[0] as (typeof world.clinic.images)[number];

  async function atToday(role: Role, tab: "calls" | "net"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.click("nav-today");
    await world.click(`tab-${tab}`);
  }

  describe("the call list", () => {
    it("says when there is nobody to call", async () => {
      await atToday("front_desk", "calls");
      await world.at("calls-empty");
      expect(world.all("tab-net")).toHaveLength(0);
      await world.accessible();
    });

    it("is worked by the desk, overdue first", async () => {
      kept().recalls.push(recall("recall-1", PATIENT, { due_on: day(0) }), recall("recall-2", PATIENT, { due_on: day(-40) }));
      await atToday("front_desk", "calls");
      await world.until(() => expect(world.all("call-row")).toHaveLength(2));
      const first = world.all("call-row")[0]?.textContent ?? "";
      for (const words of ["Overdue", "Skin check", "Nobody has tried yet"]) expect(first).toContain(words);
      expect(first).not.toContain("Atypical");
      expect(await world.text("calls-figures")).toContain("1 overdue");
      await world.accessible();
      await world.user.click(world.all("call-contact")[0] as HTMLElement);
      await world.choose("outcome", "no_answer");
      await world.type("note", "Mailbox");
      await world.accessible();
      await world.click("contact-submit");
      await world.until(() => expect(world.all("call-row")[0]?.textContent).toContain("Mailbox"));
      expect(world.host.calledWith("recall_contact")).toEqual([
        { id: "recall-2", version: 1, entry: { means: "phone", outcome: "no_answer", note: "Mailbox", booked_for: null } },
      ]);
      await world.user.click(world.all("call-patient")[0] as HTMLElement);
      await world.at("patient-banner");
    });

    it("turns its months", async () => {
      kept().recalls.push(recall("recall-1", PATIENT, { due_on: day(0) }));
      await atToday("clinician", "calls");
      const now = await world.text("calls-month");
      await world.at("call-row");
      await world.click("calls-previous");
      await world.at("calls-empty");
      expect(await world.text("calls-month")).not.toBe(now);
      await world.click("calls-now");
      await world.at("call-row");
      await world.click("calls-next");
      await world.at("call-row");
      expect(world.host.calledWith("call_list").every(({ month }) => month.endsWith("-01"))).toBe(true);
    });

    it("shows forty, and more on demand", async () => {
      for (let n = 0; n < 60; n++) kept().recalls.push(recall(`recall-${n}`, PATIENT, { due_on: day(-n) }));
      await atToday("clinician", "calls");
      await world.until(() => expect(world.all("call-row")).toHaveLength(50));
      await world.accessible();
      await world.click("calls-more");
      await world.until(() => expect(world.all("call-row")).toHaveLength(60));
    });

    it("keeps a call over a lock, and says when it cannot be noted", async () => {
      kept().recalls.push(recall("recall-1", PATIENT, { due_on: day(0) }));
      const month = `${day(0).slice(0, 7)}-01`;
      const typed = { ask: { form: "contact", id: `${month}:recall-1` }, typed: { means: "letter", outcome: "reached", booked_for: "", note: "Half a sen" } };
      world.clinic.account.drafts.set("call-list", { route: { name: "today" }, at: 1, typed });
      world.clinic.setRole("front_desk");
      await world.open({ lands: true });
      await world.at("draft-kept");
      expect((await world.at<HTMLTextAreaElement>("note")).value).toBe("Half a sen");
      kept().recalls[0] = { ...recall("recall-1", PATIENT, { due_on: day(0) }), version: 2 };
      await world.click("contact-submit");
      await world.at("conflict");
      await world.click("conflict-take");
      await world.click("contact-submit");
      await world.until(() => expect(kept().recalls[0]?.contacts).toHaveLength(1));
    });
  });

  describe("the safety net", () => {
    it("says when nothing is forgotten", async () => {
      await atToday("clinician", "net");
      await world.at("net-clear");
      expect(world.all("tab-net-waiting")).toHaveLength(0);
      await world.accessible();
    });

    it("lists what waits, with person, age and a way there", async () => {
      kept().biopsies.push(biopsy("biopsy-1", photo()));
      kept().recalls.push(recall("recall-1", PATIENT, { due_on: day(-3) }));
      kept().net.unread_reading = [
        {
          id: "analysis-9",
          patient_id: PATIENT,
          patient_number: "P-000001",
          family_name: "Okonkwo",
          given_names: "Adaeze",
          lesion_id: photo().lesion_id,
          responsible_name: null,
          since: day(-1),
          age_days: 1,
          label: "",
          band: "benign",
          gate: "inconclusive",
        },
      ];
      await atToday("administrator", "net");
      await world.until(() => expect(world.all("net-row")).toHaveLength(3));
      expect(await world.text("tab-net-waiting")).toContain("3");
      const pending = await world.text("net-pending_histology");
      for (const words of ["Specimen H-biopsy-1", "9 days", "Dr. Ines Halloran", "P-000001"]) expect(pending).toContain(words);
      expect(await world.text("net-unread_reading")).toContain("Nobody in particular");
      expect(await world.text("net-unread_reading")).toContain("Inconclusive");
      expect(await world.text("net-unsigned_report")).toContain("None.");
      await world.accessible();
      await world.user.click(world.all("net-open")[0] as HTMLElement);
      await world.at("drop-zone");
      expect(world.host.calledWith("analysis_read")).toEqual([{ id: "analysis-9" }]);
      await world.click("nav-today");
      await world.click("tab-net");
      await world.until(() => expect(world.all("net-open")).toHaveLength(3));
      await world.user.click(world.all("net-open")[2] as HTMLElement);
      await world.at("recall-row");
    });

    it("opens a reading without a decision where it is decided", async () => {
      const { lesion_id } = photo();
      const item = { id: "analysis-8", patient_id: PATIENT, patient_number: "P-000001", family_name: "Okonkwo", given_names: "Adaeze", lesion_id };
      kept().net.undecided_reading = [{ ...item, responsible_name: null, since: day(-1), age_days: 1, label: "", band: "malignant", gate: "confident" }];
      await atToday("administrator", "net");
      const open = await world.at("net-open");
      expect(open.textContent).toBe("Reading");
      await world.user.click(open);
      await world.at("drop-zone");
      expect(world.host.calledWith("analysis_read")).toEqual([{ id: "analysis-8" }]);
    });

    it("follows what changes and counts it on the tab", async () => {
      world.clinic.setRole("clinician");
      await world.open({ lands: true });
      await world.until(() => expect(world.host.calledWith("safety_net_count")).toHaveLength(1));
      kept().recalls.push(recall("recall-1", PATIENT, { due_on: day(-3) }));
      world.host.emit("record_changed", { what: "follow_up", id: PATIENT });
      await world.until(() => expect(world.all("tab-net-waiting")).toHaveLength(1));
      await world.click("tab-net");
      await world.until(() => expect(world.all("net-row")).toHaveLength(1));
      kept().recalls.length = 0;
      await world.click("net-again");
      await world.at("net-clear");
    });

    it("shows forty at once and the rest on demand, and says when it fails", async () => {
      for (let n = 0; n < 60; n++) kept().recalls.push(recall(`recall-${n}`, PATIENT, { due_on: day(-1 - n) }));
      await atToday("clinician", "net");
      await world.until(() => expect(world.all("net-row")).toHaveLength(50));
      await world.accessible();
      await world.click("net-more");
      await world.until(() => expect(world.all("net-row")).toHaveLength(60));
      world.host.answers.safety_net_read = () => Promise.reject(fail("storage_failed"));
      await world.click("net-again");
      await world.at("failure");
      await world.accessible();
    });
  });
});
