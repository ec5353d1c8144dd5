import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

describe("DICOM out", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const { clinic } = world;
    const patient = clinic.addPatient();
    for (const label of ["Upper back", "Left calf"]) {
      const lesion = clinic.addLesion(patient, { label });
      const shown = image(clinic.id("image"), lesion.id, patient.id);
      clinic.images.push(shown);
      clinic.analyses.push(analysis(clinic.id("analysis"), lesion.id, patient.id, [shown.id], clinic.flavour));
    }
    clinic.addLesion(patient, { label: "Not hers", closure: { reason: "entered_in_error", on: "2026-01-02", note: "" } });
  });
  afterEach(() => world.close());

  const pacs = () => world.clinic.dicom.pacs;
  async function at(role: "administrator" | "clinician" | "front_desk" = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient("Okonkwo");
  }
  function connected(): void {
    Object.assign(pacs(), { enabled: true, host: "pacs.house", called_title: "HOSPITAL" });
  }

  it("is not the front desk's", async () => {
    await at("front_desk");
    for (const hook of ["dicom-export", "dicom-send"]) expect(world.all(hook)).toHaveLength(0);
  });

  it("exports chosen lesions after the password, and says what is in the file", async () => {
    await at();
    await world.click("dicom-export");
    await world.accessible();
    await world.click("dicom-some");
    expect(world.all("dicom-lesion")).toHaveLength(2);
    await world.type("password", "wrong");
    await world.click("dicom-export-submit");
    expect(await world.text("dicom-lesions-error")).toBe("Choose at least one lesion with a photograph.");
    world.all("dicom-lesion")[1]?.click();
    await world.click("dicom-export-submit");
    await world.until(() => expect(document.getElementById("password")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("password", world.clinic.password);
    await world.click("dicom-export-submit");
    expect(await world.text("dicom-export-saved")).toContain("/media/stick/P-000001-dicom.zip");
    await world.accessible();
    const [selection] = world.clinic.dicom.exported;
    expect(selection).toMatchObject({ lesion_ids: [world.clinic.lesions[1]?.id], reports: true, readings: true });
    await world.click("dicom-export-done");
    expect(document.getElementById("dicom-export-dialog")).toBeNull();
  });

  it("says what stays behind: readings without an impression, damaged files", async () => {
    world.clinic.decisions.readFirst = true;
    for (const { id } of world.clinic.analyses) world.clinic.decisions.unseen.add(id);
    world.clinic.dicom.damaged = 1;
    await at();
    await world.click("dicom-export");
    expect(await world.text("dicom-withheld")).toContain("2");
    await world.type("password", world.clinic.password);
    await world.click("dicom-export-submit");
    expect(await world.text("dicom-export-damaged")).toContain("1");
    expect(document.body.textContent).toContain("wait for an impression, with the reports on them: 2.");
  });

  it("says that nothing was saved where no place was chosen", async () => {
    world.clinic.dicom.place = null;
    await at();
    await world.click("dicom-export");
    await world.type("password", world.clinic.password);
    await world.click("dicom-export-submit");
    await world.until(() => expect(document.querySelector("[data-testid=dicom-export-outcome]")?.textContent).toContain("Nothing was saved"));
  });

  it("sends nowhere until a PACS is set up", async () => {
    await at();
    await world.click("dicom-send");
    expect(await world.text("dicom-send-off")).toContain("An administrator can switch one on");
    await world.accessible();
    expect(world.host.calledWith("patient_dicom_send")).toHaveLength(0);
  });

  it("sends to the PACS and tells of each object that was not stored", async () => {
    connected();
    world.clinic.dicom.outcomes = [
      { state: "stored", status: 0 },
      { state: "refused", status: 0xa700 },
      { state: "not_accepted", status: null },
    ];
    await at();
    await world.click("dicom-send");
    await world.click("dicom-send-submit");
    expect(await world.text("dicom-sent-summary")).toBe("HOSPITAL has 2 of 4 objects.");
    const odd = await world.text("dicom-sent-odd");
    expect(odd).toContain("Refused by the PACS (A700)");
    expect(odd).toContain("does not take objects of this kind");
    await world.accessible();
    await world.click("dicom-sent-done");
    expect(document.getElementById("dicom-send-dialog")).toBeNull();
  });

  it("can be stopped, and the dialog waits for what became of it", async () => {
    connected();
    let finish = (): void => undefined;
    world.host.answers.patient_dicom_send = () =>
      new Promise((done) => {
        const error = { code: "pacs_failed" as const, message: "", details: { reason: "cancelled" } };
        finish = () => done({ objects: [{ kind: "photograph", label: "L1", state: "not_sent", status: null }], stored: 0, withheld: 0, error });
      });
    await at();
    await world.click("dicom-send");
    await world.click("dicom-send-submit");
    await world.at("dicom-send-stop");
    await world.accessible();
    await world.click("dicom-send-stop");
    await world.until(() => expect(world.host.calledWith("patient_dicom_send_cancel")).toHaveLength(1));
    finish();
    expect(await world.text("failure")).toContain("The sending was stopped.");
    expect(await world.text("dicom-sent-odd")).toContain("Not sent");
  });

  it("says why the PACS could not be reached, and offers the form again", async () => {
    connected();
    world.host.answers.patient_dicom_send = () => Promise.reject({ code: "pacs_failed", message: "", details: { reason: "calling_title" } });
    await at();
    await world.click("dicom-send");
    await world.click("dicom-send-submit");
    expect(await world.text("failure")).toContain("does not know the AE title of this workstation");
    await world.at("dicom-send-submit");
  });

  describe("the PACS tab", () => {
    async function tab(): Promise<void> {
      world.clinic.setRole("administrator");
      await world.open();
      await world.click("nav-administration");
      await world.click("tab-pacs");
    }

    it("is off at first, judges what is typed, and tests what is saved", async () => {
      await tab();
      expect(await world.text("pacs-state")).toBe("The PACS is off.");
      expect((await world.at<HTMLButtonElement>("pacs-test")).disabled).toBe(true);
      await world.accessible();
      await world.click("enabled");
      expect(await world.text("pacs-plain")).toContain("Without TLS");
      await world.click("pacs-save");
      expect(document.activeElement?.id).toBe("host");
      await world.type("host", "pacs.house");
      await world.type("called_title", "HOSP\\ITAL");
      await world.click("pacs-save");
      expect(await world.text("called_title-error")).toContain("without a backslash");
      await world.type("called_title", "HOSPITAL");
      await world.type("port", "11112");
      await world.click("pacs-save");
      await world.until(() => expect(pacs()).toMatchObject({ enabled: true, port: 11_112, called_title: "HOSPITAL" }));
      await world.click("pacs-test");
      await world.until(() => expect(document.querySelector("[data-testid=pacs-answered]")?.textContent).toBe("HOSPITAL answered."));
      await world.accessible();
    });

    it("is set up by DICOMweb, keeps its password, and trusts a certificate", async () => {
      await tab();
      await world.click("enabled");
      await world.choose("way", "dicomweb");
      expect(document.getElementById("called_title")).toBeNull();
      await world.choose("access", "password");
      await world.accessible();
      await world.click("pacs-save");
      expect(document.activeElement?.id).toBe("url");
      await world.type("url", "http://pacs.house/dicom-web");
      expect(await world.text("pacs-plain")).toContain("Over http");
      await world.type("user", "lentigo");
      await world.type("secret", "quince and plum");
      await world.click("pacs-save");
      expect(await world.text("secret-error")).toContain("over https only");
      await world.type("url", "https://pacs.house/dicom-web");
      await world.type("certificate", "rubbish");
      await world.click("pacs-save");
      expect(await world.text("certificate-error")).toContain("no certificate in PEM");
      await world.type("certificate", "-----BEGIN CERTIFICATE-----");
      await world.click("pacs-save");
      await world.until(() => expect(pacs()).toMatchObject({ enabled: true, way: "dicomweb", url: "https://pacs.house/dicom-web", user: "lentigo" }));
      expect(await world.text("pacs-state")).toBe("On: DICOMweb at pacs.house.");
      expect((document.getElementById("secret") as HTMLInputElement).value).toBe("");
      expect(document.getElementById("certificate-hint")?.textContent).toContain("3F:9A:41");
      await world.click("pacs-test");
      await world.until(() => expect(document.querySelector("[data-testid=pacs-answered]")?.textContent).toBe("pacs.house answered."));
      await world.accessible();
      // What is stored stays when other things are saved, and goes when it is asked to.
      await world.type("patience_seconds", "20");
      await world.click("no-certificate");
      await world.click("pacs-save");
      await world.until(() => expect(pacs().patience_seconds).toBe(20));
      expect(world.clinic.dicom.secret).toBe("quince and plum");
      expect(world.clinic.dicom.certificate).toBeNull();
    });

    it.each([
      [{ reason: "denied" }, "denied access"],
      [{ reason: "not_dicomweb" }, "no DICOMweb under this URL"],
      [{ reason: "status", status: 503 }, "HTTP status 503"],
      [{ reason: "public_address" }, "outside the house"],
    ])("says what %o means", async (details, words) => {
      connected();
      world.host.answers.pacs_test = () => Promise.reject({ code: "pacs_failed", message: "", details });
      await tab();
      await world.click("pacs-test");
      expect(await world.text("failure")).toContain(words);
    });

    it("says why the PACS did not answer", async () => {
      connected();
      world.host.answers.pacs_test = () => Promise.reject({ code: "pacs_failed", message: "", details: { reason: "timeout" } });
      await tab();
      await world.click("pacs-test");
      expect(await world.text("failure")).toBe("The PACS did not answer in time.");
    });
  });
});
