import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drafts } from "../../src/app/drafts.svelte";
import { navigation } from "../../src/app/route.svelte";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

describe("a reading that ends while somebody does something else", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-a", lesion.id, patient.id));
    world.clinic.analyses.push(analysis("older", lesion.id, patient.id, ["image-a"], { band: "benign", gate: "confident" }));
    world.clinic.flavour = { band: "malignant", gate: "confident" };
    await world.open();
    await world.openLesion("Okonkwo");
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("benign"));
  });
  afterEach(() => world.close());

  const field = (id: string): Promise<HTMLTextAreaElement> => world.at<HTMLTextAreaElement>(id);
  const ended = (): Promise<void> => world.until(() => expect(world.clinic.analyses).toHaveLength(2));

  /** Starts an analysis that ends when the core is told to go on. */
  async function starts(): Promise<() => void> {
    let goOn = (): void => undefined;
    world.host.gate = new Promise<void>((done) => (goOn = done));
    await world.click("analyse");
    await world.at("analysis-progress");
    return goOn;
  }

  it("is not opened for somebody who has left the lesion", async () => {
    const goOn = await starts();
    await world.click("back-to-patient");
    await world.at("lesion-row");
    const read = world.host.calledWith("analysis_read").length;
    goOn();
    await ended();
    await new Promise((done) => setTimeout(done, 50));
    expect(world.host.calledWith("analysis_read")).toHaveLength(read);
  });

  it("does not take over a report that is being written", async () => {
    const goOn = await starts();
    await world.click("write-report");
    await world.type("conclusion", "Seen again in March.");
    goOn();
    await ended();
    expect(await world.text("earlier-reading")).toContain("You were typing");
    expect((await field("conclusion")).value).toBe("Seen again in March.");
    await world.click("create-report");
    await world.until(() => expect(world.clinic.reports).toMatchObject([{ analysis_id: "older" }]));
  });

  it("gets no report that is begun before it is seen", async () => {
    const goOn = await starts();
    world.host.answers.analysis_read = () => new Promise(() => undefined);
    const asked = world.host.calledWith("analysis_read").length;
    goOn();
    await world.until(() => expect(world.host.calledWith("analysis_read")).toHaveLength(asked + 1));
    await world.click("write-report");
    await world.click("create-report");
    await world.until(() => expect(world.clinic.reports).toMatchObject([{ analysis_id: "older" }]));
  });

  it("leaves typed forms where they are, and is shown on demand", async () => {
    const goOn = await starts();
    await world.click("tab-decision");
    await world.type("decision-note", "Grown since spring.");
    goOn();
    await ended();
    expect(await world.text("earlier-reading")).toContain("You were typing");
    await world.accessible();
    expect((await field("decision-note")).value).toBe("Grown since spring.");
    await world.click("show-latest");
    await world.until(() => expect((document.getElementById("decision-note") as HTMLTextAreaElement).value).toBe(""));
    await world.click("tab-reading");
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("malignant"));
    expect(world.all("earlier-reading")).toHaveLength(0);
  });

  it("keeps a conclusion that Escape closed, and forgets one that was given up", async () => {
    await world.click("write-report");
    await world.type("conclusion", "Half a sentence");
    // What a browser makes of Escape in a dialog.
    document.getElementById("write-report")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    await world.until(() => expect(document.getElementById("write-report")).toBeNull());
    await world.click("write-report");
    expect((await field("conclusion")).value).toBe("Half a sentence");
    await world.click("cancel-report");
    await world.click("write-report");
    expect((await field("conclusion")).value).toBe("");
  });

  it("that waits for an impression is offered too", async () => {
    const goOn = await starts();
    world.clinic.decisions.readFirst = true;
    await world.click("tab-decision");
    await world.type("decision-note", "Grown since spring.");
    goOn();
    await ended();
    expect(await world.text("earlier-reading")).toContain("You were typing");
    expect((await field("decision-note")).value).toBe("Grown since spring.");
    await world.click("show-latest");
    await world.at("decision-withheld");
    await world.click("tab-reading");
    await world.at("impression-card");
    expect(world.all("earlier-reading")).toHaveLength(0);
  });

  it("takes nothing along that was typed about the lesion itself", async () => {
    const { patient_id: patientId = "", id: lesionId = "" } = world.clinic.lesions[0] ?? {};
    const keys = [`lesion-edit:${lesionId}`, `specimen:${lesionId}`];
    await world.click("back-to-patient");
    await world.at("lesion-row");
    for (const key of keys) drafts.keepDraft(key, { name: "patient", patientId }, { note: "bleeds at times" });
    navigation.go({ name: "lesion", patientId, lesionId });
    await world.at("result-band");
    expect(keys.map((key) => drafts.takeDraft(key))).toEqual([{ note: "bleeds at times" }, { note: "bleeds at times" }]);
  });

  it("does not come between a lock and the form that it interrupted", async () => {
    const goOn = await starts();
    await world.click("tab-decision");
    await world.type("decision-note", "Grown since spring.");
    goOn();
    await ended();
    await world.at("earlier-reading");
    await world.user.keyboard("{Control>}l{/Control}");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("benign"));
    await world.click("tab-decision");
    expect((await field("decision-note")).value).toBe("Grown since spring.");
  });

  it("leads to the reading that is asked for, whatever report is unfinished", async () => {
    const [lesion] = world.clinic.lesions;
    const { patient_id: patientId = "", id: lesionId = "" } = lesion ?? {};
    world.clinic.analyses.push(analysis("newer", lesionId, patientId, ["image-a"], { band: "malignant", gate: "confident" }));
    await world.click("write-report");
    await world.type("conclusion", "Half a sentence");
    document.getElementById("write-report")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    await world.until(() => expect(document.getElementById("write-report")).toBeNull());
    await world.click("back-to-patient");
    await world.at("lesion-row");
    navigation.go({ name: "lesion", patientId, lesionId, analysisId: "newer" });
    await world.until(() => expect(world.all("result-band")[0]?.dataset.band).toBe("malignant"));
    expect(document.getElementById("write-report")).toBeNull();
  });
});
