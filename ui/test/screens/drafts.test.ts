import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

describe("typed text over a lock", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  async function lockAndReturn(): Promise<void> {
    await world.user.keyboard("{Control>}l{/Control}");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
  }

  it("gives a new patient back, and forgets it once saved", async () => {
    await world.open();
    await world.click("register-patient");
    await world.type("family-name", "Quillfeather");
    await world.type("date-of-birth", "1962-08-01");
    await world.user.keyboard("{Control>}l{/Control}");
    await world.at("sign-in-password");
    expect(document.body.innerHTML).not.toContain("Quillfeather");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    expect(await world.text("draft-kept")).toContain("Your typed text was kept");
    expect((await world.at<HTMLInputElement>("family-name")).value).toBe("Quillfeather");
    await world.accessible();
    await world.type("given-names", "Odile");
    await world.click("save-patient");
    await world.at("patient-banner");
    expect(world.clinic.account.drafts.size).toBe(0);
  });

  it("is discarded when asked, and with cancel", async () => {
    await world.open();
    await world.click("register-patient");
    await world.type("family-name", "Quillfeather");
    await lockAndReturn();
    await world.click("draft-discard");
    expect((await world.at<HTMLInputElement>("family-name")).value).toBe("");
    await world.type("family-name", "Again");
    await world.click("cancel-patient");
    await world.at("patient-search");
    await world.until(() => expect(world.clinic.account.drafts.size).toBe(0));
  });

  it("does not overwrite what was saved meanwhile", async () => {
    const patient = world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("edit-patient");
    await world.type("phone", "111");
    await world.user.keyboard("{Control>}l{/Control}");
    Object.assign(patient, { phone: "222", version: 2 });
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    expect((await world.at<HTMLInputElement>("phone")).value).toBe("111");
    expect(await world.text("conflict")).toContain("Somebody else saved this record");
    expect((await world.at<HTMLButtonElement>("save-patient")).disabled).toBe(true);
    await world.click("conflict-phone-theirs");
    await world.click("conflict-take");
    await world.until(() => expect((document.getElementById("phone") as HTMLInputElement).value).toBe("222"));
    expect(world.all("draft-kept")).toHaveLength(0);
  });

  it("opens a lesion form again", async () => {
    world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("add-lesion");
    await world.choose("lesion-site", "hand");
    await world.type("lesion-note", "bleeds at times");
    await lockAndReturn();
    expect((await world.at<HTMLTextAreaElement>("lesion-note")).value).toBe("bleeds at times");
    await world.click("save-lesion");
    await world.at("drop-zone");
    expect(world.clinic.lesions[0]).toMatchObject({ site: "hand", note: "bleeds at times" });
  });

  it("says when it is more than can be kept", async () => {
    await world.open();
    await world.click("register-patient");
    const history = await world.at<HTMLTextAreaElement>("medical-history");
    history.value = "x".repeat(70_000);
    history.dispatchEvent(new Event("input", { bubbles: true }));
    const told = (): number => world.all("toast").filter(({ textContent }) => textContent?.includes("more text than can outlive a lock")).length;
    await world.until(() => expect(told()).toBe(1));
    history.value = "short";
    history.dispatchEvent(new Event("input", { bubbles: true }));
    await world.until(() => expect(world.clinic.account.drafts.size).toBe(1));
    expect(told()).toBe(1);
  });

  it("is not lost to one Escape in a dialog", async () => {
    world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("add-lesion");
    // Whether the dialog stays: then the browser is kept from closing it.
    const stays = (): boolean =>
      document.getElementById("lesion-note")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true })) === false;
    await world.at("lesion-note");
    expect(stays()).toBe(false);
    await world.type("lesion-note", "mole near the navel");
    expect(stays()).toBe(true);
    expect(await world.text("escape-again")).toContain("still here");
    await world.accessible();
    await world.type("lesion-note", "scar");
    expect(world.all("escape-again")).toHaveLength(0);
    expect(stays()).toBe(true);
    expect(stays()).toBe(false);
  });

  it("opens a report again, on the reading it was written for", async () => {
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-a", lesion.id, patient.id));
    for (const id of ["older", "newer"]) {
      world.clinic.analyses.push(analysis(id, lesion.id, patient.id, ["image-a"], { band: "suspicious", gate: "confident" }));
    }
    await world.open();
    await world.openLesion("Okonkwo");
    await world.click("tab-readings");
    const readings = () => world.all("history-entry");
    await world.until(() => expect(readings().length).toBeGreaterThan(1));
    await world.user.click(readings()[1] as HTMLElement);
    await world.at("earlier-reading");
    await world.click("write-report");
    await world.type("conclusion", "Seen again in March.");
    await lockAndReturn();
    expect((await world.at<HTMLTextAreaElement>("conclusion")).value).toBe("Seen again in March.");
    await world.click("create-report");
    await world.until(() => expect(world.clinic.reports).toMatchObject([{ analysis_id: "older" }]));
  });

  it.each([
    ["nav-administration", "tab-templates", "template-row", "template-text"],
    ["nav-administration", "tab-assistant", "rules-row", "rules-source"],
  ])("opens an editor of a list again, on the row it stood on: %s %s", async (nav, tab, row, field) => {
    const text = async (): Promise<string> => (await world.at<HTMLTextAreaElement>(field)).value;
    const row2 = async (): Promise<HTMLElement> => {
      await world.until(() => expect(world.all(row).length).toBeGreaterThan(1));
      return world.all(row)[1] as HTMLElement;
    };
    await world.open();
    await world.click(nav);
    await world.click(tab);
    await world.user.click(await row2());
    const stored = await text();
    await world.user.type(await world.at(field), " more");
    await world.user.click(world.all(row)[0] as HTMLElement);
    await world.until(() => expect((document.getElementById(field) as HTMLTextAreaElement).value).not.toContain(" more"));
    await world.user.click(await row2());
    await world.until(() => expect((document.getElementById(field) as HTMLTextAreaElement).value).toBe(`${stored} more`));
    await lockAndReturn();
    await row2();
    await world.until(() => expect((document.getElementById(field) as HTMLTextAreaElement).value).toBe(`${stored} more`));
    await world.accessible();
    await world.click("draft-discard");
    await world.until(() => expect((document.getElementById(field) as HTMLTextAreaElement).value).toBe(stored));
    await world.until(() => expect(world.clinic.account.drafts.size).toBe(0));
  });

  it("opens the letterhead again", async () => {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-letterhead");
    await world.type("clinic-name", "Lakeside Skin Centre");
    await lockAndReturn();
    expect((await world.at<HTMLInputElement>("clinic-name")).value).toBe("Lakeside Skin Centre");
    expect(await world.text("draft-kept")).not.toContain("Something else has been stored since");
    const { reportDesk: reports } = world.clinic;
    reports.letterhead = { ...reports.letterhead, letterhead: { ...reports.letterhead.letterhead, clinic_name: "Harbour Skin Clinic" } };
    await lockAndReturn();
    expect(await world.text("draft-kept")).toContain("Something else has been stored since");
    expect((await world.at<HTMLInputElement>("clinic-name")).value).toBe("Lakeside Skin Centre");
    await world.click("letterhead-save");
    await world.until(() => expect(world.clinic.account.drafts.size).toBe(0));
    expect(world.all("draft-kept")).toHaveLength(0);
  });

  it("opens a new article again, also one begun beside another article and in another language", async () => {
    await world.open();
    await world.click("nav-library");
    await world.choose("library-language", "de");
    await world.at("library-row");
    await world.user.click(world.all("library-row")[0] as HTMLElement);
    await world.click("library-new");
    await world.type("title", "Lentigo maligna");
    await lockAndReturn();
    expect((await world.at<HTMLInputElement>("title")).value).toBe("Lentigo maligna");
    expect((await world.at<HTMLSelectElement>("library-language")).value).toBe("de");
    await world.click("article-cancel");
    await world.until(() => expect(world.clinic.account.drafts.size).toBe(0));
  });

  it("opens an article again, and says when another version was stored meanwhile", async () => {
    await world.open();
    await world.click("nav-library");
    await world.at("library-row");
    const row = world.all("library-row").find((one) => one.textContent?.includes("Psoriasis"));
    if (row) await world.user.click(row);
    await world.click("article-edit");
    await world.type("title", "Psoriasis, with our words");
    await world.user.click(world.all("library-row")[0] as HTMLElement);
    await world.click("article-edit");
    await world.click("article-cancel");
    const article = world.clinic.library.articles.find(({ slug }) => slug === "psoriasis");
    if (article?.program) article.editions.push({ version: 2, state: "own", content: article.program, author: "Dr. A. Other" });
    if (row) await world.user.click(world.all("library-row").find((one) => one.textContent?.includes("Psoriasis")) as HTMLElement);
    await world.until(() => expect((document.getElementById("title") as HTMLInputElement).value).toBe("Psoriasis, with our words"));
    expect(await world.text("draft-kept")).toContain("Something else has been stored since");
    await lockAndReturn();
    expect((await world.at<HTMLInputElement>("title")).value).toBe("Psoriasis, with our words");
    await world.click("article-save");
    await world.until(() => expect(world.clinic.account.drafts.size).toBe(0));
  });

  it("hands over after a pause in typing", async () => {
    await world.open();
    await world.click("register-patient");
    await world.type("family-name", "Quill");
    await world.until(() => expect(world.clinic.account.drafts.has("patient:new")).toBe(true));
    expect(world.host.calledWith("draft_keep").length).toBeLessThan(4);
  });

  it("keeps nothing of a form that was only looked at", async () => {
    await world.open();
    await world.click("register-patient");
    await world.at("family-name");
    await lockAndReturn();
    await world.at("patient-search");
    expect(world.host.calledWith("draft_keep")).toHaveLength(0);
  });
});

describe("coming back to the window", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.open();
    await world.at("patient-search");
  });
  afterEach(() => world.close());

  it("asks who is signed in, and leaves when nobody is", async () => {
    document.dispatchEvent(new Event("visibilitychange"));
    await world.until(() => expect(world.host.calledWith("session_read")).toHaveLength(1));
    world.clinic.session = null;
    document.dispatchEvent(new Event("visibilitychange"));
    await world.at("locked-notice");
  });
});
