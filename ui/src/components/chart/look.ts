import type { ShownBand } from "../band";

/** How a series is told apart: no two share a pattern, so that colour is never alone. */
export type Look = {
  colour: string;
  pattern: "solid" | "hatch" | "dots" | "level" | "cross" | "open" | "back";
  /** Of a line. */
  dash: string;
  marker: "circle" | "square" | "triangle" | "diamond" | "ring" | "box" | "plus";
};

const LOOKS: readonly Look[] = [
  { colour: "var(--accent)", pattern: "solid", dash: "", marker: "circle" },
  { colour: "var(--text-quiet)", pattern: "hatch", dash: "6 3", marker: "square" },
  { colour: "var(--accent)", pattern: "dots", dash: "2 3", marker: "triangle" },
  { colour: "var(--text-quiet)", pattern: "level", dash: "8 3 2 3", marker: "diamond" },
  { colour: "var(--accent)", pattern: "cross", dash: "1 4", marker: "ring" },
  { colour: "var(--text-quiet)", pattern: "open", dash: "10 5", marker: "box" },
  { colour: "var(--accent)", pattern: "back", dash: "4 2 1 2", marker: "plus" },
];

/** Series that can be told apart in one chart. */
export const MOST_SERIES = LOOKS.length;

export const lookOf = (index: number): Look => LOOKS[index % LOOKS.length] ?? (LOOKS[0] as Look);

export const bandLooks: Record<ShownBand, Look> = {
  benign: { colour: "var(--benign)", pattern: "open", dash: "", marker: "ring" },
  suspicious: { colour: "var(--suspicious)", pattern: "hatch", dash: "6 3", marker: "triangle" },
  malignant: { colour: "var(--malignant)", pattern: "solid", dash: "", marker: "square" },
  inconclusive: { colour: "var(--text-quiet)", pattern: "dots", dash: "2 3", marker: "circle" },
  unassessed: { colour: "var(--text-quiet)", pattern: "level", dash: "1 4", marker: "plus" },
};
