import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initials } from "../../src/features/patient/initials";
import type { Role } from "../../src/ipc/generated";
import { details } from "../fake/samples";
import { picture, World } from "../world";

describe("the portrait beside the name", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addPatient();
    world.clinic.addPatient(details({ family_name: "Abara", photo_consent: false, alert: "Allergic to lidocaine" }));
  });
  afterEach(() => world.close());

  async function at(role: Role, name: string): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient(name);
  }

  it("is initials until the desk chooses a picture, and again when it is taken away", async () => {
    await at("front_desk", "Okonkwo");
    expect(await world.text("portrait")).toBe("AO");
    const file = await world.at<HTMLInputElement>("portrait-file");
    await world.user.upload(file, picture("notes.jpg", 0x25, 0x50));
    await world.at("failure");
    await world.accessible();
    await world.user.upload(file, picture("face.jpg", 0xff, 0xd8, 0xff));
    await world.until(() => expect(world.all("portrait")[0]?.dataset.edition).toBe("1"));
    expect(document.querySelector<HTMLImageElement>("[data-testid=portrait] img")?.alt).toBe("Photograph of Adaeze Okonkwo");
    expect(document.querySelector<HTMLImageElement>("[data-testid=portrait] img")?.src).toContain("portrait/patient-1?edition=1");
    await world.accessible();
    await world.click("portrait-remove");
    await world.until(() => expect(world.all("portrait")[0]?.dataset.edition).toBe("none"));
    expect(document.activeElement?.id).toBe("portrait-choose");
  });

  it("stands on every page of the patient", async () => {
    world.clinic.portraits.set("patient-1", 7);
    await at("clinician", "Okonkwo");
    await world.until(() => expect(world.all("portrait")[0]?.dataset.edition).toBe("7"));
    await world.click("edit-patient");
    await world.at("family-name");
    expect(world.all("portrait")[0]?.dataset.edition).toBe("7");
  });

  it("needs the consent, and the alerts stand beside it", async () => {
    world.clinic.portraits.set("patient-2", 3);
    world.clinic.bannerHolds.set("patient-2", { until: "2030-12-31" });
    await at("clinician", "Abara");
    await world.at("portrait-no-consent");
    expect(world.all("portrait")[0]?.dataset.edition).toBe("none");
    expect(world.all("portrait-choose")).toHaveLength(0);
    const banner = await world.text("patient-banner");
    for (const words of ["Allergic to lidocaine", "Retention hold until Dec 31, 2030", "No photo consent"]) expect(banner).toContain(words);
    await world.accessible();
  });

  it("is not the auditor's to change", async () => {
    await at("auditor", "Okonkwo");
    await world.at("portrait");
    expect(document.getElementById("portrait-file")).toBeNull();
  });

  it("takes whole letters for initials", () => {
    expect(initials({ given_names: " élodie", family_name: "o\u0308berg" })).toBe("ÉO\u0308");
    expect(initials({ given_names: "小明", family_name: "王" })).toBe("小王");
    expect(initials({ given_names: "", family_name: "Ng" })).toBe("N");
  });
});
