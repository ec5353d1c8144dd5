import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { biopsy, day, note, recall } from "../fake/follow-up";
import { image } from "../fake/samples";
import type { Role } from "../../src/ipc/generated";
import { fail } from "../fake/clinic";
import { World } from "../world";

const PATIENT = "patient-1";

describe("the follow-up of a patient", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-1", lesion.id, patient.id), image("image-2", lesion.id, patient.id));
  });
  afterEach(() => world.close());

  const kept = () => world.clinic.followUp;
  const photo = () => world.clinic.images[0] as (typeof world.clinic.images)[number];

  async function atFollowUp(role: Role = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("tab-follow-up");
    await world.at("note-form");
  }

  describe("recalls", () => {
    it("are planned after an interval, worked and done", async () => {
      await atFollowUp();
      expect(document.body.textContent).toContain("Nothing is planned for this patient.");
      await world.accessible();
      await world.click("recall-plan");
      expect((await world.at<HTMLSelectElement>("responsible")).value).toBe("user-1");
      await world.accessible();
      await world.type("interval", "0");
      await world.click("recall-submit");
      expect(document.activeElement?.id).toBe("interval");
      expect(await world.text("reason-error")).not.toBe("");
      await world.accessible();
      await world.type("interval", "3");
      await world.type("reason", "Atypical network in L1");
      await world.type("desk-text", "Skin check");
      await world.click("recall-submit");
      await world.until(() => expect(world.all("recall-row")).toHaveLength(1));
      const [asked] = world.host.calledWith("recall_plan");
      expect(asked).toEqual({
        patient_id: PATIENT,
        plan: { lesion_id: null, due_on: null, interval: { count: 3, unit: "months" }, reason: "Atypical network in L1", desk_text: "Skin check", responsible: "user-1" },
      });

      await world.click("recall-contact");
      await world.choose("outcome", "booked");
      await world.click("contact-submit");
      expect(document.activeElement?.id).toBe("booked-for");
      await world.type("booked-for", day(40));
      await world.type("note", "Prefers mornings");
      await world.accessible();
      await world.click("contact-submit");
      await world.until(() => expect(world.all("recall-row")[0]?.textContent).toContain("Booked for"));
      await world.click("recall-unbook");
      await world.until(() => expect(world.all("recall-row")[0]?.textContent).toContain("Due"));
      expect(world.all("recall-contacts")[0]?.textContent).toContain("Prefers mornings");

      await world.click("recall-done");
      await world.accessible();
      await world.click("reason-submit");
      await world.until(() => expect(world.all("recall-closed-row")).toHaveLength(1));
      expect(world.all("recall-row")).toHaveLength(0);
      await world.accessible();
    });

    it("are cancelled with a reason only", async () => {
      kept().recalls.push(recall("recall-1", PATIENT, { due_on: day(-3) }));
      await atFollowUp();
      expect(await world.text("recall-row")).toContain("Overdue");
      await world.click("recall-cancel-it");
      await world.click("reason-submit");
      expect(document.activeElement?.id).toBe("note");
      await world.type("note", "Moved away");
      await world.click("reason-submit");
      await world.until(() => expect(world.host.calledWith("recall_close")).toEqual([{ id: "recall-1", version: 1, end: "cancelled", note: "Moved away" }]));
    });

    it("tell the later of two writers and lose nothing", async () => {
      kept().recalls.push(recall("recall-1", PATIENT));
      await atFollowUp();
      await world.click("recall-change");
      await world.type("reason", "My words");
      Object.assign(kept().recalls[0] as object, { reason: "Their words", version: 2 });
      await world.click("recall-submit");
      await world.at("conflict");
      await world.accessible();
      await world.click("conflict-take");
      await world.until(() => expect(world.all("conflict")).toHaveLength(0));
      expect((await world.at<HTMLTextAreaElement>("reason")).value).toBe("My words");
      await world.click("recall-submit");
      await world.until(() => expect(kept().recalls[0]?.reason).toBe("My words"));
    });

    it("keep what was typed over a lock", async () => {
      const typed = { lesion_id: "", when: "interval", count: "2", unit: "weeks", due_on: "", reason: "Wound check", desk_text: "", responsible: "user-1" };
      world.clinic.account.drafts.set(`follow-up:${PATIENT}`, {
        route: { name: "patient", patientId: PATIENT },
        at: 1,
        typed: { ask: { form: "recall", id: null }, typed },
      });
      world.clinic.setRole("clinician");
      await world.open();
      await world.at("draft-kept");
      expect((await world.at<HTMLTextAreaElement>("reason")).value).toBe("Wound check");
      await world.click("recall-submit");
      await world.until(() => expect(world.all("recall-row")).toHaveLength(1));
      expect(world.clinic.account.drafts.size).toBe(0);
    });
  });

  describe("biopsies", () => {
    it("need a photograph of the site", async () => {
      await atFollowUp();
      await world.click("biopsy-take");
      await world.accessible();
      await world.type("specimen-number", "H-26-118");
      await world.click("specimen-submit");
      expect(document.activeElement?.id).toBe("site-image-id");
      expect(await world.text("site-image-id-error")).not.toBe("");
      await world.accessible();
      await world.click("site-image-id-1");
      await world.choose("impression", "benign");
      await world.click("specimen-submit");
      await world.until(() => expect(world.all("biopsy-row")).toHaveLength(1));
      const [asked] = world.host.calledWith("biopsy_take");
      expect(asked?.details).toMatchObject({ specimen_number: "H-26-118", impression: "benign", taken_on: day(0), taken_by: "user-1" });
      expect(asked?.details.site_image_id).toBe("image-1");
      await world.accessible();
    });

    it("go from sent to acknowledged, compared in words", async () => {
      kept().biopsies.push(biopsy("biopsy-1", photo()));
      await atFollowUp();
      expect(await world.text("biopsy-row")).toContain("9 days without a result");
      await world.click("biopsy-send");
      await world.type("sent-to", "Pathology Lindau");
      await world.accessible();
      await world.click("send-submit");
      await world.until(() => expect(world.all("biopsy-state")[0]?.textContent).toBe("Sent, no result yet"));

      await world.click("biopsy-result");
      await world.type("reported-on", "");
      await world.click("result-submit");
      for (const field of ["behaviour", "text", "reported-on"]) expect(await world.text(`${field}-error`)).not.toBe("");
      await world.accessible();
      await world.type("morphology", "8743/3 Superficial spreading melanoma");
      expect(await world.text("histology-coded")).toContain("Malignant");
      await world.type("breslow-mm", "thick");
      await world.type("reported-on", day(0));
      await world.click("result-submit");
      expect(await world.text("breslow-mm-error")).toContain("0.01 to 100");
      await world.type("breslow-mm", "0,8");
      await world.accessible();
      await world.click("result-submit");
      const found = await world.text("histology");
      for (const words of ["Superficial spreading melanoma", "Breslow 0.8 mm · Margins", "Melanoma (Malignant): agrees with the result", "Benign: disagrees with the result"]) {
        expect(found.toLowerCase()).toContain(words.toLowerCase());
      }
      expect(world.host.calledWith("histology_enter")[0]?.details).toMatchObject({ morphology: "8743/3", breslow_mm: 0.8 });
      expect(await world.text("biopsy-row")).toContain("Result not acknowledged");
      await world.accessible();
      await world.click("biopsy-acknowledge");
      await world.until(() => expect(world.all("biopsy-state")[0]?.textContent).toBe("Result acknowledged"));

      await world.click("biopsy-result");
      await world.type("breslow-mm", "0.9");
      await world.click("result-submit");
      await world.until(() => expect(world.all("earlier-editions")).toHaveLength(1));
      expect(await world.text("biopsy-row")).toContain("Result not acknowledged");
      await world.accessible();
    });

    it("say that a number is in use, and are withdrawn with a reason", async () => {
      kept().biopsies.push(biopsy("biopsy-1", photo()), biopsy("biopsy-2", photo(), { state: "sent", sent_to: "Lab", sent_on: day(-1) }));
      await atFollowUp();
      await world.user.click(world.all("biopsy-change")[0] as HTMLElement);
      await world.type("specimen-number", "H-biopsy-2");
      await world.click("specimen-submit");
      expect(await world.text("specimen-number-error")).not.toBe("");
      await world.click("specimen-cancel");
      await world.user.click(world.all("biopsy-withdraw")[0] as HTMLElement);
      await world.type("reason", "Entered twice");
      await world.click("reason-submit");
      await world.until(() => expect(world.all("biopsy-row")[0]?.textContent).toContain("Entered twice"));
      expect(world.all("biopsy-withdraw")).toHaveLength(1);
    });
  });

  describe("notes", () => {
    it("are left, answered, ticked and struck out", async () => {
      await atFollowUp();
      await world.click("note-submit");
      expect(document.activeElement?.id).toBe("text");
      await world.type("text", "Please book 30 minutes");
      await world.choose("audience", "desk");
      await world.click("note-submit");
      await world.until(() => expect(world.all("note-row")).toHaveLength(1));
      expect((await world.at<HTMLTextAreaElement>("text")).value).toBe("");
      await world.accessible();

      await world.click("note-follow");
      expect(document.activeElement?.id).toBe("text");
      expect((await world.at<HTMLSelectElement>("audience")).value).toBe("desk");
      await world.type("text", "Or 45");
      await world.click("note-submit");
      await world.until(() => expect(world.all("note-row")).toHaveLength(2));
      expect(world.host.calledWith("case_note_write")[1]?.entry.follows).toBe(kept().notes[1]?.id);
      expect(world.all("note-row")[0]?.textContent).toContain("Follows the note of");

      await world.user.click(world.all("note-done")[1] as HTMLElement);
      await world.until(() => expect(world.all("note-undone")).toHaveLength(1));
      await world.user.click(world.all("note-strike")[0] as HTMLElement);
      await world.type("reason", "Wrong patient");
      await world.accessible();
      await world.click("reason-submit");
      await world.until(() => expect(world.all("note-row")[0]?.textContent).toContain("Struck out"));
      expect(world.all("note-row")[0]?.querySelector("s")?.textContent).toBe("Or 45");
      await new Promise((done) => setTimeout(done, 500));
      expect(world.clinic.account.drafts.size).toBe(0);
      await world.accessible();
    });

    it("say when they cannot be left", async () => {
      await atFollowUp();
      world.host.answers.case_note_write = () => Promise.reject(fail("storage_full"));
      await world.type("text", "x");
      await world.click("note-submit");
      await world.at("failure");
      expect((await world.at<HTMLTextAreaElement>("text")).value).toBe("x");
    });
  });

  it("shows the desk what is theirs and nothing clinical", async () => {
    kept().recalls.push(recall("recall-1", PATIENT));
    kept().biopsies.push(biopsy("biopsy-1", photo()));
    kept().notes.push(note("note-1", PATIENT, { audience: "clinicians", text: "Suspect melanoma", author: "user-2" }), note("note-2", PATIENT, { may_strike: false }));
    await atFollowUp("front_desk");
    await world.until(() => expect(world.all("note-row")).toHaveLength(1));
    const shown = document.body.textContent ?? "";
    for (const hidden of ["Atypical network", "Suspect melanoma", "Specimen"]) expect(shown).not.toContain(hidden);
    for (const closed of ["recall-plan", "recall-change", "recall-done", "note-strike", "biopsy-row"]) expect(world.all(closed)).toHaveLength(0);
    expect(world.all("recall-contact")).toHaveLength(1);
    expect(world.host.calls.filter(({ name }) => name.startsWith("biopsy"))).toHaveLength(0);
    await world.accessible();
  });

  it("is read-only for auditors, and says when it cannot be read", async () => {
    kept().recalls.push(recall("recall-1", PATIENT));
    world.clinic.setRole("auditor");
    world.host.answers.follow_up_read = () => Promise.reject(fail("storage_failed"));
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("tab-follow-up");
    await world.at("failure");
    delete world.host.answers.follow_up_read;
    await world.click("retry");
    await world.at("recall-row");
    for (const closed of ["note-form", "recall-contact", "note-done"]) expect(world.all(closed)).toHaveLength(0);
    await world.accessible();
  });

  it("holds forty of each", async () => {
    for (let n = 0; n < 40; n++) {
      kept().recalls.push(recall(`recall-${n}`, PATIENT, { due_on: day(n - 5) }));
      kept().biopsies.push(biopsy(`biopsy-${n}`, photo()));
      kept().notes.push(note(`note-${n}`, PATIENT, { text: "x".repeat(1000) }));
    }
    await atFollowUp();
    await world.until(() => expect(world.all("note-row")).toHaveLength(40));
    expect([world.all("recall-row").length, world.all("biopsy-row").length]).toEqual([40, 40]);
    await world.accessible();
  });
});
