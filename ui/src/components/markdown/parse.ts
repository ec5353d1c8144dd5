/**
 * The part of Markdown that our own pages are written in: headings, paragraphs, lists (one level below another),
 * tables, quotes, code, pictures, emphasis and links. It becomes a tree, never HTML: what a page says is drawn as text.
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong"; inside: Inline[] }
  | { kind: "em"; inside: Inline[] }
  | { kind: "link"; to: string; inside: Inline[] };

export type Item = { inside: Inline[]; below: Block | null };
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; id: string; inside: Inline[] }
  | { kind: "paragraph"; inside: Inline[] }
  | { kind: "quote"; inside: Inline[] }
  | { kind: "list"; ordered: boolean; items: Item[] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] }
  | { kind: "code"; text: string }
  | { kind: "picture"; to: string; text: string };

const HEADING = /^(#{1,3})\s+(.*)$/;
const ITEM = /^(\s*)([-*]|\d+\.)\s+(.*)$/;
const FENCE = /^```/;
const PICTURE = /^!\[([^\]]*)\]\(([^)\s]+)\)\s*$/;
const RULE_OF_TABLE = /^\|?[\s:|-]+\|[\s:|-]*$/;

/** The mark of a heading, as forges make it, so that links work there and here. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

/** The words alone. */
export function plain(inside: readonly Inline[]): string {
  return inside.map((part) => ("text" in part ? part.text : plain(part.inside))).join("");
}

export function parseMarkdown(source: string): Block[] {
  const lines = source.replaceAll("\r\n", "\n").replaceAll(/<!--[\s\S]*?-->/g, "").split("\n");
  const blocks: Block[] = [];
  const taken = new Map<string, number>();
  let at = 0;

  const line = (): string => lines[at] ?? "";
  const begins = (text: string): boolean =>
    text.trim() === "" || HEADING.test(text) || ITEM.test(text) || FENCE.test(text) || PICTURE.test(text) || text.startsWith(">") || text.startsWith("|");

  while (at < lines.length) {
    const heading = HEADING.exec(line());
    const picture = PICTURE.exec(line());
    if (line().trim() === "") at += 1;
    else if (heading) {
      const inside = parseInline((heading[2] ?? "").trim());
      blocks.push({ kind: "heading", level: depth(heading[1] ?? "#"), id: unique(slug(plain(inside)), taken), inside });
      at += 1;
    } else if (picture) {
      blocks.push({ kind: "picture", to: picture[2] ?? "", text: picture[1] ?? "" });
      at += 1;
    } else if (FENCE.test(line())) blocks.push(code());
    else if (ITEM.test(line())) blocks.push(list());
    else if (line().startsWith("|") && RULE_OF_TABLE.test(lines[at + 1] ?? "")) blocks.push(table());
    else if (line().startsWith(">")) blocks.push({ kind: "quote", inside: parseInline(together((text) => text.startsWith(">"), (text) => text.replace(/^>\s?/, ""))) });
    else {
      const first = line().trim();
      at += 1;
      const rest = together((text) => !begins(text), (text) => text.trim());
      blocks.push({ kind: "paragraph", inside: parseInline([first, rest].filter(Boolean).join(" ")) });
    }
  }
  return blocks;

  /** Lines that belong together, as one. */
  function together(belongs: (text: string) => boolean, cleaned: (text: string) => string): string {
    const found: string[] = [];
    while (at < lines.length && belongs(line())) {
      found.push(cleaned(line()));
      at += 1;
    }
    return found.join(" ").trim();
  }

  function code(): Block {
    const found: string[] = [];
    for (at += 1; at < lines.length && !FENCE.test(line()); at += 1) found.push(line());
    at += 1;
    return { kind: "code", text: found.join("\n") };
  }

  function list(): Block {
    const [, indent = "", sign = "-"] = ITEM.exec(line()) ?? [];
    const items: Item[] = [];
    while (at < lines.length) {
      const found = ITEM.exec(line());
      if (!found || (found[1] ?? "").length < indent.length) break;
      const last = items.at(-1);
      if ((found[1] ?? "").length > indent.length && last) {
        last.below = list();
        continue;
      }
      at += 1;
      const rest = together((text) => !begins(text) && /^\s/.test(text), (text) => text.trim());
      items.push({ inside: parseInline([(found[3] ?? "").trim(), rest].filter(Boolean).join(" ")), below: null });
    }
    return { kind: "list", ordered: /\d/.test(sign), items };
  }

  function table(): Block {
    const head = cells(line());
    at += 2;
    const rows: Inline[][][] = [];
    for (; at < lines.length && line().startsWith("|"); at += 1) {
      const row = cells(line());
      rows.push(head.map((_, column) => row[column] ?? []));
    }
    return { kind: "table", head, rows };
  }
}

function depth(signs: string): 1 | 2 | 3 {
  return signs.length === 1 ? 1 : signs.length === 2 ? 2 : 3;
}

/** The second heading of the same name gets a number. */
function unique(id: string, taken: Map<string, number>): string {
  const before = taken.get(id) ?? 0;
  taken.set(id, before + 1);
  return before === 0 ? id : `${id}-${before}`;
}

/** The cells of a row; a bar inside code or behind a backslash is no border. */
function cells(row: string): Inline[][] {
  const bare = row.trim().replace(/^\|/, "").replace(/\|$/, "");
  const found = bare.match(/(?:\\\||`[^`]*`|[^|])*(?:\||$)/g) ?? [];
  const texts = found.map((cell) => cell.replace(/\|$/, "").replaceAll("\\|", "|").trim());
  // The pattern finds one empty piece behind the last cell.
  return texts.slice(0, Math.max(1, texts.length - (texts.at(-1) === "" ? 1 : 0))).map(parseInline);
}

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/;

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index > 0) parts.push({ kind: "text", text: rest.slice(0, found.index) });
    const [whole, code, strong, em, words, to] = found;
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", inside: parseInline(strong) });
    else if (em !== undefined) parts.push({ kind: "em", inside: parseInline(em) });
    else if (words !== undefined && to !== undefined) parts.push({ kind: "link", to, inside: parseInline(words) });
    rest = rest.slice(found.index + whole.length);
  }
  if (rest !== "") parts.push({ kind: "text", text: rest });
  return parts;
}
