import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { details } from "../fake/samples";
import { World } from "../world";

describe("the registry of patients", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const value = (id: string): string => (document.getElementById(id) as HTMLInputElement).value;
  const checked = async (hook: string): Promise<boolean> => (await world.at<HTMLInputElement>(hook)).checked;

  async function register(family: string, given: string, born: string): Promise<void> {
    await world.click("register-patient");
    await world.type("family-name", family);
    await world.type("given-names", given);
    await world.type("date-of-birth", born);
  }

  it("warns of a patient who may be on record, says why, and still saves", async () => {
    world.clinic.addPatient();
    await world.open();
    await register("Okonkow", "Ada", "1971-03-09");
    expect(await world.text("duplicates")).toContain("may be a patient on record");
    expect(await world.text("duplicate-row")).toMatch(/Okonkwo, Adaeze.*97 % likely/);
    await world.user.click((await world.at("duplicate-row")).querySelector("summary") as HTMLElement);
    expect(await world.text("duplicate-row")).toMatch(/Same date of birth\s?\+14\.5/);
    expect(await world.text("duplicate-row")).toMatch(/Different given names\s?−5/);
    expect(world.all("duplicate-merge")).toHaveLength(0);
    await world.accessible();
    await world.click("save-patient");
    await world.at("patient-banner");
    expect(world.clinic.patients).toHaveLength(2);
  });

  it("asks once a pause in typing, for the front desk too, and opens the other record", async () => {
    world.clinic.addPatient();
    world.clinic.setRole("front_desk");
    await world.open();
    await register("Okonkwo", "Adaeze", "1971-03-09");
    await world.at("duplicates");
    expect(world.host.calledWith("patient_duplicates").length).toBeLessThan(5);
    await world.click("duplicate-open");
    expect(await world.text("patient-number")).toBe("P-000001");
    expect(world.all("merge-with")).toHaveLength(0);
  });

  it("goes quietly without the warning when it cannot be had", async () => {
    world.clinic.addPatient();
    world.host.answers.patient_duplicates = () => Promise.reject({ code: "internal", message: "", details: {} });
    await world.open();
    await register("Okonkwo", "Adaeze", "1971-03-09");
    await world.until(() => expect(world.host.calledWith("patient_duplicates").length).toBeGreaterThan(0));
    expect(world.all("duplicates")).toHaveLength(0);
    await world.click("save-patient");
    await world.at("patient-banner");
  });

  it("shows the alert on every page of the patient", async () => {
    const patient = world.clinic.addPatient(details({ alert: "Allergy to <b>lidocaine</b>" }));
    world.clinic.addLesion(patient);
    await world.open();
    await world.openPatient("Okonkwo");
    expect(await world.text("patient-alert")).toBe("Allergy to <b>lidocaine</b>");
    await world.accessible();
    await world.click("edit-patient");
    expect(await world.text("patient-alert")).toContain("lidocaine");
    await world.type("alert", "None known");
    await world.click("save-patient");
    await world.until(() => expect(patient.alert).toBe("None known"));
  });

  it("marks a hit that is only similar", async () => {
    const patient = world.clinic.addPatient();
    const row = { ...patient, approximate: true };
    world.host.answers.patient_search = () => ({ total: 1, more: false, rows: [row] });
    await world.open();
    await world.type("patient-search", "okonkow");
    expect(await world.text("approximate")).toBe("Similar");
    await world.accessible();
  });

  it("withdraws a consent with a note and shows the history", async () => {
    const patient = world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("consents-open");
    await world.choose("consent-kind", "ai");
    expect(await world.text("consent-save")).toBe("Record as withdrawn");
    await world.type("note", "by telephone");
    await world.accessible();
    await world.click("consent-save");
    await world.until(() => expect(world.all("consent-row")).toHaveLength(1));
    expect(await world.text("consent-row")).toMatch(/AI reading: withdrawn.*Halloran.*by telephone/);
    expect(patient.ai_consent).toBe(false);
    expect(await world.text("patient-banner")).toContain("No AI consent");
    await world.until(() => expect(document.querySelector("[data-testid=consent-save]")?.textContent).toContain("Record as given"));
  });

  it("numbers patients by a pattern that shows its example", async () => {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-security");
    expect(await world.text("numbering-example")).toBe("Next number: P-000001");
    const field = await world.at<HTMLInputElement>("pattern");
    await world.user.clear(field);
    await world.user.type(field, "{{yyyy}-{{n:4}");
    await world.until(() => expect(document.querySelector("[data-testid=numbering-example]")?.textContent).toBe("Next number: 2026-0001"));
    await world.user.clear(field);
    await world.user.type(field, "HH-");
    await world.until(() => expect(document.getElementById("pattern-error")?.textContent).toContain("{n:6}"));
    await world.user.type(field, "{{n:3}");
    await world.click("numbering-save");
    expect(await world.text("toast")).toContain("HH-001");
    expect(world.clinic.registry.pattern).toBe("HH-{n:3}");
    await world.accessible();
  });

  describe("two windows on one record", () => {
    it("shows both and loses neither", async () => {
      const patient = world.clinic.addPatient();
      await world.open();
      await world.openPatient("Okonkwo");
      await world.click("edit-patient");
      await world.type("phone", "1234");
      await world.type("address", "Quay 9");
      Object.assign(patient, { phone: "5678", email: "new@mail.example", version: 2 });
      await world.click("save-patient");
      expect(await world.text("conflict")).toContain("Nothing is lost");
      await world.accessible();
      // Both changed the telephone: somebody has to say. The rest is plain.
      expect(await checked("conflict-address-mine")).toBe(true);
      expect(await checked("conflict-email-theirs")).toBe(true);
      expect(await checked("conflict-phone-mine")).toBe(false);
      expect(await checked("conflict-phone-theirs")).toBe(false);
      expect((await world.at<HTMLButtonElement>("conflict-take")).disabled).toBe(true);
      expect((await world.at<HTMLButtonElement>("save-patient")).disabled).toBe(true);
      await world.click("conflict-phone-mine");
      await world.click("conflict-take");
      await world.until(() => expect(world.all("conflict")).toHaveLength(0));
      expect([value("phone"), value("address"), value("email")]).toEqual(["1234", "Quay 9", "new@mail.example"]);
      await world.click("save-patient");
      await world.at("patient-details");
      expect(patient).toMatchObject({ phone: "1234", address: "Quay 9", email: "new@mail.example", version: 3 });
    });

    it("says so at once when the record changes under the form", async () => {
      const patient = world.clinic.addPatient();
      await world.open();
      await world.openPatient("Okonkwo");
      await world.click("edit-patient");
      await world.type("phone", "1234");
      Object.assign(patient, { address: "Quay 9", version: 2 });
      world.host.emit("record_changed", { what: "patient", id: patient.id });
      await world.at("conflict");
      expect(await checked("conflict-phone-mine")).toBe(true);
      expect(await checked("conflict-address-theirs")).toBe(true);
      await world.click("conflict-take");
      await world.until(() => expect(world.all("conflict")).toHaveLength(0));
      expect([value("phone"), value("address")]).toEqual(["1234", "Quay 9"]);
    });
  });

  describe("merging", () => {
    function two() {
      const kept = world.clinic.addPatient();
      const other = world.clinic.addPatient(
        details({ family_name: "Okonkow", phone: "0171 2345", alert: "Lidocaine", ai_consent: false, medical_history: "Asthma" }),
      );
      world.clinic.addLesion(other);
      return { kept, other };
    }

    it("is chosen field by field and can be undone", async () => {
      const { kept, other } = two();
      await world.open();
      await world.openPatient("Okonkwo");
      await world.click("merge-with");
      await world.type("merge-search", "Okonkow");
      await world.until(() => expect(world.all("patient-row")).toHaveLength(1));
      await world.accessible();
      await world.click("patient-row");
      expect(await world.text("merge-effect")).toContain("P-000002 goes into P-000001");
      expect(await world.text("merge-moves")).toContain("lesions 1");
      // Nothing known is lost by default, and a consent counts only where both agree.
      expect(await checked("merge-family_name-kept")).toBe(true);
      expect(await checked("merge-medical_history-both")).toBe(true);
      expect(await checked("merge-alert-other")).toBe(true);
      expect(await checked("merge-ai_consent-other")).toBe(true);
      await world.click("merge-phone-other");
      await world.accessible();
      await world.click("merge-confirm");
      expect(await world.text("toast")).toContain("P-000002 merged into P-000001");
      expect(kept).toMatchObject({ family_name: "Okonkwo", phone: "0171 2345", alert: "Lidocaine", ai_consent: false });
      await world.at("lesion-row");
      expect(await world.text("merge-row")).toMatch(/P-000002 Okonkow, Adaeze Merged .* by Dr\. Ines Halloran/);
      await world.accessible();
      await world.click("merge-undo");
      await world.accessible();
      await world.click("merge-undo-confirm");
      await world.until(() => expect(world.all("merge-undo")).toHaveLength(0));
      expect(await world.text("merge-row")).toContain("Undone");
      expect(other.merged_into).toBeNull();
      await world.until(() => expect(world.all("lesion-row")).toHaveLength(0));
    });

    it("can keep the other record, and starts from the warning", async () => {
      const { kept, other } = two();
      await world.open();
      await world.openPatient("Okonkwo");
      await world.click("edit-patient");
      await world.click("duplicate-merge");
      expect(await world.text("merge-effect")).toContain("P-000002 goes into P-000001");
      await world.click("merge-swap");
      await world.until(() => expect(document.body.textContent).toContain("P-000001 goes into P-000002"));
      await world.click("merge-confirm");
      await world.until(() => expect(kept.merged_into).toBe(other.id));
      expect(await world.text("patient-number")).toBe("P-000002");
    });

    it("tells of a record that changed meanwhile and compares again", async () => {
      const { kept } = two();
      await world.open();
      await world.openPatient("Okonkwo");
      await world.click("edit-patient");
      await world.click("duplicate-merge");
      await world.at("merge-effect");
      Object.assign(kept, { version: 2, address: "Quay 9" });
      await world.click("merge-confirm");
      expect(await world.text("failure")).toContain("changed this record");
      await world.click("retry");
      await world.until(() => expect(document.body.textContent).toContain("Quay 9"));
      await world.click("merge-confirm");
      await world.at("merge-row");
    });

    it("leads from a merged record to the one in its place", async () => {
      const { kept, other } = two();
      other.merged_into = kept.id;
      const row = { ...other, approximate: false };
      world.host.answers.patient_search = () => ({ total: 1, more: false, rows: [row] });
      await world.open();
      await world.openPatient("Okonkow");
      await world.at("merged-away");
      expect(world.all("edit-patient")).toHaveLength(0);
      expect(world.all("merge-with")).toHaveLength(0);
      await world.accessible();
      await world.click("merged-away-open");
      await world.until(() => expect(document.querySelector("[data-testid=patient-number]")?.textContent).toBe("P-000001"));
    });
  });
});
