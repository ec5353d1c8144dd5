import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../world";

describe("the rights of the patient", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addPatient();
  });
  afterEach(() => world.close());

  async function at(role: "administrator" | "clinician" | "front_desk"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient("Okonkwo");
  }
  const passphrase = "two lanterns";

  it("are not the front desk's, and a clinician exports alone", async () => {
    await at("front_desk");
    expect(world.all("patient-rights")).toHaveLength(0);
    await world.close();
    world = new World();
    world.clinic.addPatient();
    await at("clinician");
    await world.at("rights-export");
    for (const hook of ["rights-hold-set", "rights-erase"]) expect(world.all(hook)).toHaveLength(0);
    await world.accessible();
  });

  it("export the whole record under a passphrase", async () => {
    await at("clinician");
    await world.click("rights-export");
    await world.accessible();
    await world.click("rights-export-submit");
    expect((await world.at("passphrase")).getAttribute("aria-invalid")).toBe("true");
    await world.type("passphrase", "short");
    await world.type("passphrase-repeat", "short");
    await world.type("password", world.clinic.password);
    await world.click("rights-export-submit");
    expect((await world.at("passphrase")).getAttribute("aria-invalid")).toBe("true");
    await world.type("passphrase", passphrase);
    await world.type("passphrase-repeat", `${passphrase}!`);
    await world.type("password", "wrong");
    await world.click("rights-export-submit");
    await world.until(() => expect(document.getElementById("passphrase-repeat")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("passphrase-repeat", passphrase);
    await world.type("password", "wrong");
    await world.click("rights-export-submit");
    await world.until(() => expect(document.getElementById("password")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("password", world.clinic.password);
    await world.click("rights-export-submit");
    expect(await world.text("rights-export-saved")).toContain("/media/stick/P-000001-record.zip");
    await world.accessible();
    expect(world.clinic.rights.exported).toHaveLength(1);
    expect(world.clinic.rights.exported[0]?.passphrase).toBe(passphrase);
    await world.click("rights-export-done");
    expect(document.getElementById("rights-export-dialog")).toBeNull();
  });

  it("say what an open file means, and that nothing was saved", async () => {
    world.clinic.rights.place = null;
    await at("clinician");
    await world.click("rights-export");
    await world.click("rights-sealed");
    expect(document.getElementById("passphrase")).toBeNull();
    expect(document.body.textContent).toContain("Without a passphrase, whoever gets hold of the file");
    await world.type("password", world.clinic.password);
    await world.click("rights-export-submit");
    await world.until(() => expect(document.querySelector("[data-testid=rights-export-outcome]")?.textContent).toContain("Nothing was saved"));
    expect(world.clinic.rights.exported).toHaveLength(0);
    await world.accessible();
  });

  it("hold a record, show it everywhere, and lift the hold", async () => {
    await at("administrator");
    expect(await world.text("rights-hold")).toBe("No retention hold stands.");
    await world.click("rights-hold-set");
    await world.accessible();
    await world.click("rights-hold-submit");
    expect((await world.at("reason")).getAttribute("aria-invalid")).toBe("true");
    await world.type("reason", "Lawsuit of 2026");
    await world.type("until", "2020-01-01");
    await world.click("rights-hold-submit");
    await world.until(() => expect(document.getElementById("until")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("until", "12/31");
    await world.click("rights-hold-submit");
    await world.until(() => expect(document.body.textContent).toContain("MM/DD/YYYY"));
    expect((await world.at("until")).getAttribute("aria-invalid")).toBe("true");
    expect(world.host.calledWith("hold_set")).toHaveLength(1);
    await world.type("until", "2030-12-31");
    await world.click("rights-hold-submit");
    expect(await world.text("patient-hold")).toContain("Dec 31, 2030");
    await world.until(() => expect(document.querySelector("[data-testid=rights-hold]")?.textContent).toContain("Dec 31, 2030"));
    await world.click("rights-erase");
    await world.at("rights-erase-held");
    await world.accessible();
    await world.click("rights-erase-close");
    await world.click("rights-hold-lift");
    expect(await world.text("rights-lift-hold")).toContain("Lawsuit of 2026");
    await world.accessible();
    await world.click("rights-lift-submit");
    await world.until(() => expect(world.all("patient-hold")).toHaveLength(0));
  });

  it("erase a record for good, with its number and the password", async () => {
    await at("administrator");
    await world.click("rights-erase");
    await world.accessible();
    await world.choose("reason", "retention_over");
    await world.type("number", "P-000009");
    await world.type("password", world.clinic.password);
    await world.click("rights-erase-submit");
    await world.until(() => expect(document.getElementById("number")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("number", "P-000001");
    await world.type("password", world.clinic.password);
    await world.click("rights-erase-submit");
    await world.at("patient-search");
    expect(world.clinic.patients).toHaveLength(0);
    expect(world.clinic.rights.erased[0]).toMatchObject({ number: "P-000001", reason: "retention_over" });
    await world.until(() => expect(world.all("toast").map((toast) => toast.textContent).join()).toContain("P-000001 was erased"));
    await world.accessible();
  });

  it("say when a rest waits for the next start", async () => {
    world.clinic.rights.clean = false;
    await at("administrator");
    await world.click("rights-erase");
    await world.type("number", "P-000001");
    await world.type("password", world.clinic.password);
    await world.click("rights-erase-submit");
    await world.until(() => expect(world.all("toast").map((toast) => toast.textContent).join()).toContain("next start"));
  });
});
