import { afterEach, beforeEach, describe, expect, it } from "vitest";
import "../pdf-here";
import { report } from "../fake/reports";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

const MODEL = { enabled: true, url: "http://localhost:11434/v1", model: "house-8b", has_key: false, patience_seconds: 30 };

describe("a proposed text", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-1", lesion.id, patient.id));
    world.clinic.analyses.push(analysis("analysis-1", lesion.id, patient.id, ["image-1"], { band: "malignant", gate: "confident" }));
    world.clinic.reports.push(report("report-1", 1, patient.id, "analysis-1", { conclusion: "" }));
  });
  afterEach(() => world.close());

  const texts = () => world.clinic.reportTexts;
  const conclusion = async () => (await world.at<HTMLTextAreaElement>("conclusion")).value;

  async function writing(): Promise<void> {
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("open-report");
    await world.click("edit-conclusion");
  }

  async function proposes(by?: string): Promise<void> {
    await world.click("propose-open");
    if (by) await world.choose("text-by", by);
    await world.click("propose-text");
  }

  it("comes from a template in a language, and is marked until it is accepted", async () => {
    await writing();
    await world.click("propose-open");
    await world.at("propose-text");
    await world.accessible();
    await world.choose("text-by", "short");
    await world.choose("text-language", "de");
    await world.click("propose-text");
    await world.until(async () => expect(await conclusion()).toBe("Proposed by short in de."));
    expect(await world.text("text-unread")).toContain("the template short, version 1 (German)");
    await world.accessible();
    await world.click("save-conclusion");
    await world.until(() => expect(texts().origins.get("report-1")?.standing).toBe("unread"));

    expect(await world.text("text-unread")).toContain("cannot be signed");
    expect((await world.at<HTMLButtonElement>("sign-report")).disabled).toBe(true);
    await world.click("accept-standing-text");
    await world.until(() => expect(texts().origins.get("report-1")?.standing).toBe("accepted"));
    await world.until(() => expect(world.all("text-unread")).toHaveLength(0));
    expect((await world.at("text-origin")).dataset.standing).toBe("accepted");
    expect((await world.at<HTMLButtonElement>("sign-report")).disabled).toBe(false);
    await world.accessible();
  });

  it("stands below what is written already, and is the clinician's own once it is changed", async () => {
    await writing();
    await world.type("conclusion", "Seen today.");
    await proposes();
    await world.until(async () => expect(await conclusion()).toBe("Seen today.\n\nProposed by standard in en."));
    // Another proposal takes the place of the first.
    await proposes("short");
    await world.until(async () => expect(await conclusion()).toBe("Seen today.\n\nProposed by short in en."));
    await world.type("conclusion", "In my own words.");
    expect((await world.at("text-origin")).dataset.standing).toBe("edited");
    await world.click("save-conclusion");
    await world.until(() => expect(texts().origins.get("report-1")?.standing).toBe("edited"));
    expect(world.host.calledWith("report_update")[0]).toMatchObject({ conclusion: "In my own words.", proposal: { accepted: false } });
  });

  it("is accepted or refused where it is written", async () => {
    await writing();
    await world.type("conclusion", "Mine.");
    await proposes();
    await world.click("refuse-text");
    await world.until(async () => expect(await conclusion()).toBe("Mine."));
    expect(world.all("text-unread")).toHaveLength(0);
    expect([...texts().proposals.values()][0]?.refused).toBe(true);
    await proposes();
    await world.click("accept-text");
    await world.until(async () => expect((await world.at("text-origin")).dataset.standing).toBe("accepted"));
    await world.click("save-conclusion");
    await world.until(() => expect(texts().origins.get("report-1")?.standing).toBe("accepted"));
  });

  it("outlives a lock with its origin", async () => {
    await writing();
    await proposes();
    await world.at("text-unread");
    await world.click("lock");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    expect(await conclusion()).toBe("Proposed by standard in en.");
    await world.at("text-unread");
    await world.click("save-conclusion");
    await world.until(() => expect(texts().origins.get("report-1")?.standing).toBe("unread"));
  });

  it("is asked of a language model only where one is on", async () => {
    await writing();
    await world.click("propose-open");
    const by = await world.at<HTMLSelectElement>("text-by");
    expect([...by.options].map(({ value }) => value)).toEqual(["standard", "short", "course"]);
  });

  it("is waited for, stopped, and what goes wrong leaves the text as it is", async () => {
    texts().model = MODEL;
    texts().hangs = true;
    await writing();
    await world.type("conclusion", "Mine.");
    await proposes("language_model");
    await world.at("stop-asking");
    await world.accessible();
    // The screen stays usable meanwhile.
    await world.type("conclusion", "Mine, and more.");
    await world.click("stop-asking");
    expect(await world.text("failure")).toContain("You stopped");
    expect(await conclusion()).toBe("Mine, and more.");

    texts().hangs = false;
    for (const [reason, words] of [
      ["timeout", "did not answer in time"],
      ["too_large", "far more than a text"],
      ["content_type", "other than JSON"],
      ["unreadable", "could not be understood"],
      ["refused", "status 500"],
      ["public_address", "outside the house"],
    ] as const) {
      texts().answer = { reason };
      await world.click("propose-text");
      await world.until(async () => expect(await world.text("failure")).toContain(words));
      expect(await conclusion()).toBe("Mine, and more.");
    }
    await world.choose("text-by", "short");
    await world.click("propose-text");
    await world.until(async () => expect(await conclusion()).toContain("Proposed by short"));
  });

  it("comes below what was typed while the language model was asked", async () => {
    texts().model = MODEL;
    texts().hangs = true;
    await writing();
    await world.type("conclusion", "Mine");
    await world.click("propose-open");
    await world.choose("text-by", "language_model");
    await world.click("propose-text");
    await world.at("stop-asking");
    await world.user.type(await world.at("conclusion"), ", and more.");
    texts().silent?.(false);
    await world.until(async () => expect(await conclusion()).toBe("Mine, and more.\n\nAsymmetric lesion in the highest band."));
    // Whoever types on goes on where the typing was.
    await world.user.keyboard(" And yet");
    expect(await conclusion()).toBe("Mine, and more. And yet\n\nAsymmetric lesion in the highest band.");
  });

  it("of a language model says so", async () => {
    texts().model = MODEL;
    await writing();
    await proposes("language_model");
    await world.until(async () => expect(await conclusion()).toBe("Asymmetric lesion in the highest band."));
    expect(await world.text("text-unread")).toContain("the language model house-8b on localhost (English)");
    expect(world.host.calledWith("report_text_ask")).toEqual([{ analysis_id: "analysis-1", language: "en" }]);
  });
});

describe("templates and the language model in the administration", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const texts = () => world.clinic.reportTexts;

  async function at(tab: "templates" | "language_model"): Promise<void> {
    world.clinic.setRole("administrator");
    await world.open();
    await world.click("nav-administration");
    await world.click(`tab-${tab}`);
  }

  async function writes(text: string): Promise<void> {
    const field = await world.at<HTMLTextAreaElement>("template-text");
    await world.user.clear(field);
    await world.user.click(field);
    await world.user.paste(text);
  }

  it("are changed, refused with the line of a mistake, and restored", async () => {
    await at("templates");
    await world.at("template-save");
    await world.accessible();
    await writes("[always]\nOne.\nTwo {diametre}.");
    await world.click("template-save");
    expect(await world.text("template-text-error")).toContain("a mistake");
    await world.accessible();
    await world.click("template-fault");
    const field = await world.at<HTMLTextAreaElement>("template-text");
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("Two {diametre}.");
    expect(texts().templates[0]?.version).toBe(1);

    await writes("[always]\nOne.");
    await world.click("template-save");
    await world.until(() => expect(texts().templates[0]).toMatchObject({ version: 2, state: "own", texts: { en: "[always]\nOne." } }));
    await world.until(() => expect(world.all("template-row")[0]?.textContent).toContain("Changed, version 2"));
    await world.click("template-end");
    await world.accessible();
    await world.click("template-end-confirm");
    await world.until(() => expect(texts().templates[0]).toMatchObject({ version: 3, state: "built_in" }));
  });

  it("are added in the languages that have a text, tried, and removed", async () => {
    await at("templates");
    await world.click("template-new");
    await world.click("template-save");
    expect(await world.text("name-error")).not.toBe("");
    await world.type("name", "Naevus control");
    await world.choose("template-language", "de");
    await writes("Gesehen.");
    await world.choose("trial-band", "malignant");
    await world.click("template-try");
    expect(await world.text("template-tried")).toBe("Tried in de on malignant.");
    await world.click("template-save");
    await world.until(() => expect(texts().templates.at(-1)).toMatchObject({ name: "Naevus control", texts: { en: "", de: "Gesehen." } }));
    await world.until(() => expect(world.all("template-row")).toHaveLength(4));
    await world.click("template-end");
    await world.click("template-end-confirm");
    await world.until(() => expect(world.all("template-row")).toHaveLength(3));
  });

  it("names the language of a mistake that is not on the screen", async () => {
    await at("templates");
    await world.choose("template-language", "es");
    await writes("Uno {uno}.");
    await world.choose("template-language", "en");
    await world.click("template-save");
    await world.until(async () => expect((await world.at<HTMLSelectElement>("template-language")).value).toBe("es"));
    expect(world.all("template-fault")).toHaveLength(1);
  });

  it("are switched on with a URL of the house, and tested", async () => {
    await at("language_model");
    expect((await world.at("language-model-state")).dataset.enabled).toBe("false");
    expect((await world.at<HTMLButtonElement>("language-model-test")).disabled).toBe(true);
    await world.accessible();
    await world.click("enabled");
    await world.click("language-model-save");
    expect(await world.text("url-error")).not.toBe("");
    await world.type("url", "localhost:11434");
    await world.type("model", "house-8b");
    await world.click("language-model-save");
    await world.until(async () => expect(await world.text("url-error")).toContain("http://"));
    await world.type("url", "http://localhost:11434/v1");
    await world.type("key", "quince");
    await world.click("language-model-save");
    await world.until(() => expect(texts().model).toMatchObject({ enabled: true, model: "house-8b", has_key: true }));
    await world.click("language-model-test");
    expect(await world.text("language-model-answered")).toContain("house-8b answered");
    texts().answer = { reason: "tls" };
    await world.click("language-model-test");
    await world.until(async () => expect(await world.text("failure")).toContain("certificate"));
    await world.click("no-key");
    await world.click("language-model-save");
    await world.until(() => expect(texts().model.has_key).toBe(false));
  });
});
