import { type Block, parseMarkdown, plain } from "$components";
import type { Page } from "./pages";

/** A piece of a chapter under one heading. */
export type Section = { page: Page; /** Mark of the heading; empty before the first. */ id: string; title: string; text: string };
export type Hit = { section: Section; /** The words around the first find, in three parts. */ before: string; match: string; after: string };

const AROUND = 70;
const MOST = 40;

function wordsOf(block: Block): string {
  if (block.kind === "code" || block.kind === "picture") return block.text;
  if (block.kind === "list") return block.items.map((item) => [plain(item.inside), item.below ? wordsOf(item.below) : ""].filter(Boolean).join(" ")).join(" ");
  if (block.kind === "table") return [block.head, ...block.rows].map((row) => row.map(plain).join(" ")).join(" ");
  return plain(block.inside);
}

/** The sections of all chapters, in their order. */
export function sectionsOf(pages: readonly Page[]): Section[] {
  return pages.flatMap((page) => {
    const sections: Section[] = [];
    for (const block of parseMarkdown(page.text)) {
      if (block.kind === "heading") sections.push({ page, id: block.level === 1 ? "" : block.id, title: plain(block.inside), text: "" });
      else {
        const last = sections.at(-1);
        if (last) last.text = `${last.text} ${wordsOf(block)}`.trim();
      }
    }
    return sections;
  });
}

/** Letters without accents and case; one sign stays one sign, so that places in it are places in the text. */
function fold(text: string): string {
  return [...text].map((sign) => sign.normalize("NFD").charAt(0).toLowerCase() || sign).join("");
}

/** Sections that hold every word; those with a word in the title come first. */
export function searchIn(sections: readonly Section[], asked: string): Hit[] {
  const words = fold(asked).split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return [];
  const hits = sections.flatMap((section) => {
    const title = fold(section.title);
    const text = fold(section.text);
    if (!words.every((word) => title.includes(word) || text.includes(word))) return [];
    const named = words.some((word) => title.includes(word));
    return [{ named, hit: { section, ...around(section.text, text, words.find((word) => text.includes(word)) ?? first) } }];
  });
  return hits
    .sort((one, other) => Number(other.named) - Number(one.named))
    .slice(0, MOST)
    .map(({ hit }) => hit);
}

function around(text: string, folded: string, word: string): { before: string; match: string; after: string } {
  const signs = [...text];
  const at = folded.indexOf(word);
  if (at < 0) return { before: "", match: "", after: signs.slice(0, 2 * AROUND).join("") };
  const from = Math.max(0, at - AROUND);
  const end = at + word.length;
  return {
    before: (from > 0 ? "…" : "") + signs.slice(from, at).join(""),
    match: signs.slice(at, end).join(""),
    after: signs.slice(end, end + AROUND).join("") + (end + AROUND < signs.length ? "…" : ""),
  };
}
