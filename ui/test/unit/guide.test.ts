import { describe, expect, it } from "vitest";
import { TOPICS } from "../../src/app/help.svelte";
import { type Inline, parseInline, parseMarkdown, plain } from "../../src/components/markdown/parse";
import { placeOf } from "../../src/features/guide/links";
import { pagesIn } from "../../src/features/guide/pages";
import { NAMES, nameOf, pictureOf } from "../../src/features/guide/pictures";
import { LANGUAGE_CODES } from "../../src/i18n";
import { searchIn, sectionsOf } from "../../src/features/guide/search";

const pages = pagesIn("en");

/** Every link of a page, wherever it stands. */
function linksOf(text: string): string[] {
  const links: string[] = [];
  const inline = (parts: readonly Inline[]): void => {
    for (const part of parts) {
      if (part.kind === "link") links.push(part.to);
      if ("inside" in part) inline(part.inside);
    }
  };
  for (const block of parseMarkdown(text)) {
    if (block.kind === "table") [block.head, ...block.rows].flat().forEach(inline);
    else if (block.kind === "list") block.items.forEach((item) => inline(item.inside));
    else if (block.kind !== "code" && block.kind !== "picture") inline(block.inside);
  }
  return links;
}

describe("the guide", () => {
  it("has both parts, each chapter with one title, and the list of errors", () => {
    expect(pages.filter(({ part }) => part === "user").length).toBeGreaterThanOrEqual(14);
    expect(pages.filter(({ part }) => part === "administrator").length).toBeGreaterThanOrEqual(14);
    for (const page of pages) {
      const titles = parseMarkdown(page.text).filter((block) => block.kind === "heading" && block.level === 1);
      expect(titles, page.id).toHaveLength(1);
      expect(page.title, page.id).not.toBe("");
    }
    expect(pages.at(pages.findIndex(({ part }) => part === "administrator") - 1)?.id).toBe("user/errors");
    expect(pages.find(({ id }) => id === "user/errors")?.text).toContain("image_heic");
  });

  it("has a chapter for every screen that asks for one", () => {
    const ids = pages.map(({ id }) => id);
    expect(TOPICS.filter((topic) => !ids.includes(topic))).toEqual([]);
  });

  it.each(LANGUAGE_CODES)("has no link that leads nowhere: %s", (language) => {
    const own = pagesIn(language);
    const sections = sectionsOf(own);
    const broken = own.flatMap((page) =>
      linksOf(page.text).flatMap((to) => {
        const place = placeOf(page.id, to);
        const found = sections.some(({ page: { id }, id: section }) => id === place.page && (place.section === "" || section === place.section));
        return found ? [] : [`${page.id}: ${to}`];
      }),
    );
    expect(own.flatMap(({ text }) => linksOf(text)).length).toBeGreaterThanOrEqual(15);
    expect(broken).toEqual([]);
  });

  it.each(LANGUAGE_CODES)("is whole in every language of the window: %s", (language) => {
    const own = pagesIn(language);
    expect(own.map(({ id }) => id)).toEqual(pages.map(({ id }) => id));
    expect(own.filter(({ inEnglish }) => inEnglish).map(({ id }) => id)).toEqual([]);
    const shape = (text: string): string[] => parseMarkdown(text).map((block) => (block.kind === "heading" ? `h${String(block.level)}` : block.kind));
    for (const [at, page] of own.entries()) expect(shape(page.text), page.id).toEqual(shape(pages[at]?.text ?? ""));
    expect(own.find(({ id }) => id === "user/errors")?.text).toContain("image_heic");
  });

  it.each(LANGUAGE_CODES)("shows every picture that it has, and has every one that it shows, each with words: %s", (language) => {
    const shown = pagesIn(language).flatMap(({ text }) => parseMarkdown(text).flatMap((block) => (block.kind === "picture" ? [block] : [])));
    expect(shown.filter(({ to }) => pictureOf(to) === undefined).map(({ to }) => to)).toEqual([]);
    expect(shown.map(({ to }) => nameOf(to)).sort()).toEqual([...NAMES].sort());
    expect(NAMES.length).toBeGreaterThanOrEqual(12);
    expect(shown.filter(({ text }) => text.split(" ").length < 4).map(({ text }) => text)).toEqual([]);
  });

  it("is searched by all words, without accents and case, titles first", () => {
    const sections = sectionsOf(pages);
    const [first] = searchIn(sections, "Recovery SHEET");
    expect(first?.section.title.toLowerCase()).toContain("recovery sheet");
    expect(searchIn(sections, "gülltanz recovery")).toEqual([]);
    expect(searchIn(sections, "  ")).toEqual([]);
    const [heic] = searchIn(sections, "iphone");
    expect(heic?.match.toLowerCase()).toBe("iphone");
  });

  it("cuts what stands around a find at whole signs", () => {
    const page = { id: "user/x", part: "user" as const, title: "X", text: "# X\n\nJosé’s naïve 🐻 ÉTUDE ends", inEnglish: false };
    const [hit] = searchIn(sectionsOf([page]), "etude");
    expect(hit?.match).toBe("ÉTUDE");
    expect(hit?.before).toBe("José’s naïve 🐻 ");
  });
});

describe("Markdown", () => {
  it("makes the blocks that pages are written in", () => {
    const blocks = parseMarkdown("# A *b*\n\ntwo\nlines\n\n- one\n  goes on\n- two\n  - below\n\n1. first\n\n> said\n> so\n\n```\na | b\n```\n\n| x | y |\n|---|---|\n| `a\\|b` | c \\| d |\n| alone |\n");
    expect(blocks.map(({ kind }) => kind)).toEqual(["heading", "paragraph", "list", "list", "quote", "code", "table"]);
    const [heading, paragraph, list, numbers, quote, , table] = blocks;
    expect(heading).toMatchObject({ level: 1, id: "a-b" });
    expect(paragraph?.kind === "paragraph" && plain(paragraph.inside)).toBe("two lines");
    expect(list?.kind === "list" && list.items.map(({ inside }) => plain(inside))).toEqual(["one goes on", "two"]);
    expect(list?.kind === "list" && list.items[1]?.below).toMatchObject({ kind: "list", ordered: false });
    expect(numbers).toMatchObject({ ordered: true });
    expect(quote?.kind === "quote" && plain(quote.inside)).toBe("said so");
    expect(table?.kind === "table" && table.rows.map((row) => row.map(plain))).toEqual([["a|b", "c | d"], ["alone", ""]]);
  });

  it("knows emphasis, code and links, and nothing of HTML", () => {
    expect(parseInline("**bold `x`** and *slanted* [to](b.md#c)")).toEqual([
      { kind: "strong", inside: [{ kind: "text", text: "bold " }, { kind: "code", text: "x" }] },
      { kind: "text", text: " and " },
      { kind: "em", inside: [{ kind: "text", text: "slanted" }] },
      { kind: "text", text: " " },
      { kind: "link", to: "b.md#c", inside: [{ kind: "text", text: "to" }] },
    ]);
    const html = "<img src=x onerror=alert(1)> <script>x</script>";
    expect(parseInline(html)).toEqual([{ kind: "text", text: html }]);
    expect(parseInline("3 * 4 * 5 and `*`")).toHaveLength(2);
  });

  it("knows a picture on a line of its own, and no other", () => {
    expect(parseMarkdown("one\n![What it shows](../pictures/a.webp)\ntwo ![x](y.webp)")).toMatchObject([
      { kind: "paragraph" },
      { kind: "picture", to: "../pictures/a.webp", text: "What it shows" },
      { kind: "paragraph" },
    ]);
  });

  it("ends with any text, and gives headings of one name marks of their own", () => {
    for (const text of ["```\nnever closed", "| no | rule", "- ", "[x](", "**", "   - deep\n- shallow", ">", "|---|\n|---|"]) expect(() => parseMarkdown(text)).not.toThrow();
    expect(parseMarkdown("## Keys\n\n## Keys").map((block) => block.kind === "heading" && block.id)).toEqual(["keys", "keys-1"]);
  });
});
