import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rowOf } from "../fake/registry";
import { World } from "../world";

describe("patients", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  it("registers a patient with the keyboard alone", async () => {
    await world.open();
    await world.until(() => expect(document.body.textContent).toContain("No patients yet"));
    await world.accessible();
    const { user } = world;
    await user.keyboard("{Control>}n{/Control}");
    await world.at("family-name");
    await user.keyboard("Okonkwo{Tab}Adaeze{Tab}1971-03-09{Tab}");
    await user.selectOptions(document.activeElement as HTMLElement, "female");
    await user.keyboard("{Tab} {Tab} {Tab}");
    await world.accessible();
    expect(document.getElementById("date-of-birth-hint")?.textContent).toMatch(/1971.*years/);
    await user.click(await world.at("save-patient"));
    await world.at("patient-banner");
    expect(world.host.calledWith("patient_create")[0]?.details).toMatchObject({
      family_name: "Okonkwo",
      given_names: "Adaeze",
      date_of_birth: "1971-03-09",
      sex: "female",
      photo_consent: true,
      ai_consent: true,
    });
    expect(await world.text("patient-number")).toBe("P-000001");
    await world.accessible();
  });

  it("puts every problem at its field and the cursor in the first", async () => {
    await world.open();
    await world.click("register-patient");
    await world.type("given-names", "Adaeze");
    await world.type("date-of-birth", "yesterday");
    await world.click("save-patient");
    expect(document.activeElement?.id).toBe("family-name");
    expect(document.getElementById("date-of-birth-error")?.textContent).toContain("YYYY-MM-DD");
    await world.type("family-name", "Okonkwo");
    expect(document.getElementById("family-name-error")).toBeNull();
    await world.type("date-of-birth", "1971-03-09");
    await world.type("email", "nobody");
    await world.click("save-patient");
    await world.until(() => expect(document.activeElement?.id).toBe("email"));
    expect(document.getElementById("email-error")?.textContent).toContain("name@clinic.example");
  });

  it("edits, and says when someone else was faster", async () => {
    const patient = world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("edit-patient");
    expect((await world.at<HTMLInputElement>("family-name")).value).toBe("Okonkwo");
    patient.version = 7;
    await world.type("phone", "1234");
    await world.click("save-patient");
    expect(await world.text("conflict")).toContain("Somebody else saved this record");
    await world.click("conflict-take");
    expect((await world.at<HTMLInputElement>("phone")).value).toBe("1234");
    await world.type("phone", "5678");
    await world.click("save-patient");
    await world.at("patient-details");
    expect(patient.phone).toBe("5678");
  });

  it("finds names with accents and walks the rows by arrow keys", async () => {
    world.clinic.addCrowd();
    await world.open();
    await world.until(() => expect(world.all("patient-row")).toHaveLength(10));
    expect(await world.text("patient-count")).toBe("10 patients");
    await world.accessible();
    await world.user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}");
    expect(document.activeElement?.textContent).toContain("Bergström");
    await world.user.keyboard("{Enter}");
    expect(await world.text("patient-banner")).toContain("Bergström");
    await world.click("back-to-patients");
    await world.type("patient-search", "dvorak");
    await world.until(() => expect(world.all("patient-row")).toHaveLength(1));
    await world.user.keyboard("{Enter}");
    expect(await world.text("patient-banner")).toContain("Dvořák");
  });

  it("says when nobody matches and when the search fails", async () => {
    world.clinic.addCrowd();
    await world.open();
    await world.type("patient-search", "zzz");
    await world.until(() => expect(document.body.textContent).toContain("No patient matches"));
    world.host.answers.patient_search = () => Promise.reject({ code: "storage_failed", message: "", details: {} });
    await world.type("patient-search", "a");
    expect(await world.text("failure")).toContain("disk");
    delete world.host.answers.patient_search;
    await world.click("retry");
    await world.until(() => expect(world.all("failure")).toHaveLength(0));
  });

  it("says that there are more than were counted, and offers the next of them", async () => {
    const patient = world.clinic.addPatient();
    world.clinic.addLesion(patient);
    await world.open();
    world.host.answers.patient_search = () => ({ total: 2000, more: true, rows: [rowOf(patient)] });
    await world.type("patient-search", "o");
    await world.until(() => expect(document.body.textContent).toContain("1 of more than 2,000 patients shown"));
    await world.at("patients-more");
    delete world.host.answers.patient_search;
  });

  it("shows missing consents on every page of the patient", async () => {
    const patient = world.clinic.addPatient();
    Object.assign(patient, { photo_consent: false, ai_consent: false });
    world.clinic.addLesion(patient);
    await world.open();
    await world.openPatient("Okonkwo");
    expect(await world.text("patient-banner")).toMatch(/No photo consent.*No AI consent/);
    await world.click("lesion-row");
    await world.at("no-photo-consent");
    expect(await world.text("patient-banner")).toMatch(/No photo consent/);
    expect(document.getElementById("file-input")).toBeNull();
    await world.accessible();
  });

  it("hides photographs and results from the front desk", async () => {
    world.clinic.addLesion(world.clinic.addPatient());
    world.clinic.setRole("front_desk");
    await world.open();
    await world.openPatient("Okonkwo");
    await world.at("not-clinical");
    expect(world.all("lesion-row")).toHaveLength(0);
    expect(world.all("add-lesion")).toHaveLength(0);
    expect(world.all("report-row")).toHaveLength(0);
    expect(world.all("edit-patient")).toHaveLength(1);
    await world.accessible();
  });

  it("offers the auditor nothing to change", async () => {
    world.clinic.addPatient();
    world.clinic.setRole("auditor");
    await world.open();
    await world.at("patient-row");
    expect(world.all("register-patient")).toHaveLength(0);
    await world.user.keyboard("{Control>}n{/Control}");
    expect(document.getElementById("family-name")).toBeNull();
    await world.click("patient-row");
    await world.at("not-clinical");
    expect(world.all("edit-patient")).toHaveLength(0);
  });

  it("adds a lesion", async () => {
    world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("add-lesion");
    expect((await world.at<HTMLInputElement>("lesion-label")).value).toBe("L1");
    await world.accessible();
    await world.click("save-lesion");
    expect(document.activeElement?.id).toBe("lesion-site");
    await world.choose("lesion-site", "lower_leg");
    await world.choose("lesion-laterality", "left");
    await world.click("save-lesion");
    await world.at("drop-zone");
    expect(world.host.calledWith("lesion_create")[0]?.details).toEqual({ label: "L1", site: "lower_leg", laterality: "left", note: "" });
  });
});
