import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { details } from "../fake/samples";
import { World } from "../world";

const PASSPHRASE = "two lanterns";

describe("records for other programs", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const invalid = (id: string) => document.getElementById(id)?.getAttribute("aria-invalid") === "true";

  describe("a patient's, in FHIR", () => {
    async function asked(role: "administrator" | "clinician" | "front_desk" = "clinician"): Promise<void> {
      world.clinic.setRole(role);
      await world.open();
      await world.openPatient("Okonkwo");
    }

    it("are saved under a passphrase with the password typed again", async () => {
      world.clinic.addPatient();
      await asked();
      await world.click("fhir-export");
      await world.accessible();
      expect(world.all("fhir-without-consent")).toHaveLength(0);
      await world.click("fhir-submit");
      expect(invalid("passphrase")).toBe(true);
      await world.type("passphrase", PASSPHRASE);
      await world.type("passphrase-repeat", `${PASSPHRASE}!`);
      await world.type("password", world.clinic.password);
      await world.click("fhir-submit");
      await world.until(() => expect(invalid("passphrase-repeat")).toBe(true));
      await world.type("passphrase-repeat", PASSPHRASE);
      await world.type("password", "wrong");
      await world.click("fhir-submit");
      await world.until(() => expect(invalid("password")).toBe(true));
      expect((await world.at<HTMLInputElement>("password")).value).toBe("");
      await world.type("password", world.clinic.password);
      await world.click("fhir-submit");
      expect(await world.text("fhir-saved")).toContain("/media/stick/P-000001-fhir.zip");
      await world.accessible();
      expect(world.clinic.dataExport.bundles).toMatchObject([{ patient_id: "patient-1", passphrase: PASSPHRASE }]);
      await world.click("fhir-done");
      expect(document.getElementById("fhir-dialog")).toBeNull();
    });

    it("say what stays without consent, and that nothing was saved", async () => {
      world.clinic.dataExport.folder = null;
      world.clinic.addPatient(details({ photo_consent: false, ai_consent: false }));
      await asked();
      await world.click("fhir-export");
      expect(await world.text("fhir-without-consent")).toContain("no consent to storing photographs");
      expect(await world.text("fhir-without-consent")).toContain("no consent to readings by the classifier");
      await world.click("fhir-sealed");
      await world.type("password", world.clinic.password);
      await world.click("fhir-submit");
      await world.until(() => expect(document.querySelector("[data-testid=fhir-outcome]")?.textContent).toContain("Nothing was saved"));
      expect(world.clinic.dataExport.bundles).toHaveLength(0);
      await world.accessible();
    });

    it("are not the front desk's", async () => {
      world.clinic.addPatient();
      await asked("front_desk");
      expect(world.all("fhir-export")).toHaveLength(0);
    });
  });

  describe("the clinic's, as tables", () => {
    async function asked(): Promise<void> {
      await world.open();
      await world.click("nav-administration");
      await world.click("tab-export");
    }

    it("are saved, and can be saved again", async () => {
      await asked();
      await world.accessible();
      await world.click("tables-photographs");
      await world.type("passphrase", PASSPHRASE);
      await world.type("passphrase-repeat", PASSPHRASE);
      await world.type("password", world.clinic.password);
      await world.click("tables-submit");
      expect(await world.text("tables-saved")).toContain("/media/stick/clinic-tables.zip");
      expect(world.clinic.dataExport.tables).toMatchObject([{ passphrase: PASSPHRASE, photographs: true }]);
      await world.accessible();
      await world.click("tables-again");
      expect((await world.at<HTMLInputElement>("passphrase")).value).toBe("");
    });

    it("need the password, and say what an open file means", async () => {
      world.clinic.dataExport.folder = null;
      await asked();
      await world.click("tables-sealed");
      expect(document.body.textContent).toContain("Without a passphrase, whoever gets hold of the file");
      await world.click("tables-submit");
      expect(invalid("password")).toBe(true);
      await world.type("password", "wrong");
      await world.click("tables-submit");
      await world.until(() => expect((document.getElementById("password") as HTMLInputElement).value).toBe(""));
      expect(invalid("password")).toBe(true);
      await world.type("password", world.clinic.password);
      await world.click("tables-submit");
      await world.until(() => expect(document.querySelector("[data-testid=tables-outcome]")?.textContent).toContain("Nothing was saved"));
      expect(world.clinic.dataExport.tables).toHaveLength(0);
    });
  });
});
