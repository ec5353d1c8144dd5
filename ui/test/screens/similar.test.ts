import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { analysis, details, image } from "../fake/samples";
import { World } from "../world";

describe("like cases", () => {
  let world: World;
  let other: { patient: string; lesion: string };

  beforeEach(() => {
    world = new World();
    const { clinic } = world;
    const read = (family_name: string, flavour: Parameters<typeof analysis>[4]) => {
      const patient = clinic.addPatient(details({ family_name }));
      const lesion = clinic.addLesion(patient);
      const photo = image(clinic.id("image"), lesion.id, patient.id);
      clinic.images.push(photo);
      clinic.analyses.push(analysis(clinic.id("analysis"), lesion.id, patient.id, [photo.id], flavour));
      return { patient: patient.id, lesion: lesion.id };
    };
    read("Okonkwo", { band: "suspicious", gate: "confident" });
    other = read("Quellenberg", { band: "benign", gate: "confident" });
    read("Steinmetzger", { band: "malignant", gate: "confident" });
  });
  afterEach(() => world.close());

  it("are looked for when somebody asks, and shown without a name", async () => {
    await world.open();
    await world.openLesion("Okonkwo");
    await world.at("similar-find");
    expect(world.host.calledWith("similar_read")).toHaveLength(0);
    await world.click("similar-find");
    await world.at("similar-cases");
    const cases = world.all("similar-case");
    expect(cases.map((entry) => entry.dataset.nearness)).toEqual(["near", "fair"]);
    expect(cases[0]?.textContent).toContain("Very alike");
    expect(cases[1]?.textContent).toContain("Superficial spreading melanoma");
    const text = (await world.at("similar")).textContent;
    expect(text).not.toMatch(/Quellenberg|Steinmetzger|P-0000/);
    expect(text).toContain("1,284 photographs compared");
    await world.accessible();
  });

  it("open the record of the patient", async () => {
    await world.open();
    await world.openLesion("Okonkwo");
    await world.click("similar-find");
    await world.at("similar-cases");
    const first = world.all("similar-case")[0];
    if (first) await world.user.click(first);
    await world.until(() => expect(document.body.textContent).toContain("Quellenberg"));
    expect(world.host.calledWith("similar_open")).toHaveLength(1);
    expect(world.host.calledWith("patient_read").at(-1)?.id).toBe(other.patient);
  });

  it("say that nothing is compared without the consent", async () => {
    const patient = world.clinic.patients.find((candidate) => candidate.family_name === "Okonkwo");
    if (patient) patient.ai_consent = false;
    await world.open();
    await world.openLesion("Okonkwo");
    await world.at("similar-no-consent");
    expect(world.all("similar-find")).toHaveLength(0);
  });
});

describe("the card of a reading", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addLesion(world.clinic.addPatient());
  });
  afterEach(() => world.close());

  async function read(flavour: Parameters<typeof analysis>[4]): Promise<void> {
    const { clinic } = world;
    const [lesion] = clinic.lesions;
    if (!lesion) return;
    const photo = image(clinic.id("image"), lesion.id, lesion.patient_id);
    clinic.images.push(photo);
    clinic.analyses.push(analysis(clinic.id("analysis"), lesion.id, lesion.patient_id, [photo.id], flavour));
    await world.open();
    await world.openLesion("Okonkwo");
    await world.at("ai-card");
  }

  it("says what its malignant sum meant in validation, and folds small classes away", async () => {
    await read({ band: "malignant", gate: "confident" });
    expect(await world.text("meaning")).toMatch(/80% to 100%, about 90 showed a malignant lesion \(95% interval 83 to 94, 116/);
    const rows = () => document.querySelectorAll('[data-testid="probabilities"] tbody tr').length;
    const folded = rows();
    await world.click("probabilities-fold");
    expect(rows()).toBeGreaterThan(folded);
    expect(await world.text("why")).toMatch(/speaks for Melanoma.*4 of 6 colours/s);
    await world.accessible();
  });

  it("explains nothing that it refuses", async () => {
    await read({ band: "suspicious", gate: "out_of_distribution" });
    expect(world.all("why")).toHaveLength(0);
    expect(world.all("meaning")).toHaveLength(0);
    expect(world.all("prediction-set")).toHaveLength(0);
  });
});
