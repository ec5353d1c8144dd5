/** A run of words in one writing. */
export type Run = { text: string; kind: "plain" | "strong" | "emphasis" };
export type Block = { kind: "paragraph"; runs: Run[] } | { kind: "list"; items: Run[][] };

const MARKS = /\*\*(?<strong>[^*]+)\*\*|\*(?<emphasis>[^*\s][^*]*)\*/g;

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index), kind: "plain" });
    const { strong, emphasis } = match.groups ?? {};
    runs.push(strong === undefined ? { text: emphasis ?? "", kind: "emphasis" } : { text: strong, kind: "strong" });
    from = match.index + match[0].length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), kind: "plain" });
  return runs;
}

/**
 * Paragraphs, lists with "- ", **bold** and *italic*. The answer is data and never markup: whatever else stands in
 * the text, tags included, is shown as it was typed.
 */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", runs: runsOf(paragraph.join(" ")) });
    paragraph = [];
  };
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line.startsWith("- ")) {
      close();
      const last = blocks.at(-1);
      const item = runsOf(line.slice(2).trim());
      if (last?.kind === "list") last.items.push(item);
      else blocks.push({ kind: "list", items: [item] });
    } else if (line === "") {
      close();
    } else {
      paragraph.push(line);
    }
  }
  close();
  return blocks;
}
