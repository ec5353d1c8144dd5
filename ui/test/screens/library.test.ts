import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../pdf-here";
import { blocksOf } from "../../src/features/library/markdown";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

describe("the library", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => world.close());

  const rows = (): string[] => world.all("library-row").map((row) => (row.textContent ?? "").trim());

  async function opens(title: string): Promise<void> {
    await world.open();
    await world.click("nav-library");
    await world.at("library-row");
    const row = world.all("library-row").find((one) => one.textContent?.includes(title));
    if (row) await world.user.click(row);
    await world.at("article-text");
  }

  it("shows an article with its urgent part, in the language that is chosen", async () => {
    await opens("Melanoma");
    expect(rows()).toEqual(["Melanoma", "Melanocytic naevus", "Psoriasis"]);
    expect(await world.text("article-text")).toContain("When to see a doctor urgently See a dermatologist within two weeks.");
    expect(await world.text("article-standing")).toBe("Built-in text");
    await world.accessible();
    await world.choose("library-language", "de");
    await world.until(async () => expect(await world.text("article-text")).toContain("Wann dringend in ärztliche Hand"));
    expect((await world.at("article-text")).lang).toBe("de");
  });

  it("finds words and marks them without taking markup for markup", async () => {
    const article = world.clinic.library.articles[0];
    if (article?.program) article.program.sections[0] = { section: "description", text: "<img src=x onerror=alert(1)> pigment" };
    await opens("Psoriasis");
    await world.type("library-search", "pigment");
    await world.until(() => expect(world.all("library-hit")).toHaveLength(1));
    const [hit] = world.all("library-hit");
    expect(hit?.querySelector("mark")?.textContent).toBe("pigment");
    expect(hit?.querySelector("img")).toBeNull();
    expect(hit?.textContent).toContain("Description: <img src=x");
    await world.accessible();
    await world.type("library-search", "zzz");
    await world.until(() => expect(document.body.textContent).toContain("No article was found"));
  });

  it("keeps an edit as a version that can be compared and taken back", async () => {
    await opens("Psoriasis");
    await world.click("article-edit");
    await world.type("codes", "nonsense");
    await world.click("article-save");
    await world.until(() => expect(document.getElementById("codes")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("codes", "L40.9, 9014002");
    await world.type("description", "As we see it **here**.");
    expect(await world.text("article-preview")).toContain("As we see it here.");
    await world.accessible();
    await world.click("article-save");
    await world.until(async () => expect(await world.text("article-standing")).toContain("Changed by the clinic: version 2"));
    expect(world.host.calledWith("library_save").at(-1)?.content.codes).toEqual([
      { system: "icd10", code: "L40.9" },
      { system: "snomed_ct", code: "9014002" },
    ]);
    expect((await world.at("article-text")).querySelector("section strong")?.textContent).toBe("here");

    await world.click("article-versions");
    await world.at("article-editions");
    await world.click("article-compare");
    const difference = await world.at("article-difference");
    expect(difference.querySelector("[data-kind=removed]")?.textContent).toContain("A chronic inflammation.");
    expect(difference.querySelector("[data-kind=added]")?.textContent).toContain("As we see it **here**.");
    await world.accessible();
    await world.click("article-restore");
    await world.until(async () => expect(await world.text("article-standing")).toBe("Built-in text"));
  });

  it("says that an update brought another text and keeps the clinic's", async () => {
    const article = world.clinic.library.articles.find(({ slug }) => slug === "psoriasis");
    if (article?.program) article.editions.push({ version: 2, state: "own", content: { ...article.program, title: "Our psoriasis" }, author: "Dr. M. Reuter" });
    if (article) article.newer = true;
    await opens("Our psoriasis");
    expect(await world.text("article-newer")).toContain("Newer built-in text available");
    await world.click("article-take-newer");
    await world.until(async () => expect(await world.text("article-standing")).toBe("Built-in text"));
    expect(world.all("article-newer")).toHaveLength(0);
  });

  it("takes a new article and hides it from those who only read", async () => {
    await opens("Psoriasis");
    await world.click("library-new");
    await world.type("title", "Scabies");
    await world.click("article-save");
    await world.until(() => expect(document.getElementById("description")?.getAttribute("aria-invalid")).toBe("true"));
    await world.type("description", "A mite.");
    await world.click("article-save");
    await world.until(() => expect(rows()).toContain("Scabies Of the clinic"));
    await world.click("article-hide");
    await world.until(() => expect(rows()).toContain("Scabies Hidden"));
  });

  it("refuses to overwrite what somebody else changed", async () => {
    await opens("Psoriasis");
    await world.click("article-edit");
    const article = world.clinic.library.articles.find(({ slug }) => slug === "psoriasis");
    if (article?.program) article.editions.push({ version: 2, state: "own", content: article.program, author: "Dr. A. Other" });
    await world.type("title", "Mine");
    await world.click("article-save");
    await world.click("article-reload");
    await world.until(async () => expect(await world.text("article-standing")).toContain("Dr. A. Other"));
  });

  it("is read and not changed by the front desk", async () => {
    world.clinic.setRole("front_desk");
    await opens("Melanoma");
    for (const hook of ["article-edit", "article-versions", "library-new"]) expect(world.all(hook)).toHaveLength(0);
  });

  it("prints the article alone", async () => {
    let printed = "";
    vi.stubGlobal("print", () => (printed = document.querySelector(".handout")?.textContent ?? ""));
    await opens("Melanoma");
    await world.click("article-print");
    expect(printed).toContain("A cancer of the pigment cells.");
    window.dispatchEvent(new Event("afterprint"));
    expect(document.querySelector(".handout")).toBeNull();
    vi.unstubAllGlobals();
  });

  it("is reached from a reading, and leads back to it", async () => {
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-1", lesion.id, patient.id));
    world.clinic.analyses.push(analysis("analysis-1", lesion.id, patient.id, ["image-1"], { band: "malignant", gate: "confident" }));
    await world.open();
    await world.openLesion("Okonkwo");
    await world.at("in-library");
    expect(world.all("library-link").map((link) => link.dataset.slug)).toContain("melanoma");
    await world.accessible();
    const link = world.all("library-link").find((one) => one.dataset.slug === "melanoma");
    if (link) await world.user.click(link);
    expect(await world.text("article-text")).toContain("Melanoma");
    await world.click("library-back");
    await world.at("ai-card");
  });
});

describe("the writing of an article", () => {
  it("knows paragraphs, lists, bold and italic, and nothing else", () => {
    expect(blocksOf("One\ntwo **b** *i*\n\n- a\n- **c**\n<b>x</b>")).toEqual([
      { kind: "paragraph", runs: [{ text: "One two ", kind: "plain" }, { text: "b", kind: "strong" }, { text: " ", kind: "plain" }, { text: "i", kind: "emphasis" }] },
      { kind: "list", items: [[{ text: "a", kind: "plain" }], [{ text: "c", kind: "strong" }]] },
      { kind: "paragraph", runs: [{ text: "<b>x</b>", kind: "plain" }] },
    ]);
    expect(blocksOf("2 * 3 * 4")).toEqual([{ kind: "paragraph", runs: [{ text: "2 * 3 * 4", kind: "plain" }] }]);
    expect(blocksOf("")).toEqual([]);
  });

  it("is put on the page as text and never as markup", () => {
    for (const name of ["Formatted", "Pieces", "ArticleText"]) {
      expect(readFileSync(`src/features/library/${name}.svelte`, "utf8")).not.toContain("{@html");
    }
  });
});
