import { translated } from "$i18n";

type Plain = string | number | boolean;

/** A figure with its 95 % interval, where the card has one. */
export type Figure = { value: Plain; interval: [low: number, high: number] | null };

/** Entries that have the same figures, one line each: classes, age bands, thresholds. */
export type MetricGrid = { columns: string[]; rows: { name: string; cells: (Figure | null)[] }[] };

/** The figures of one object, the grid its entries make, and the groups below it. */
export type MetricGroup = { title: string; rows: [name: string, figure: Figure][]; grid: MetricGrid | null; groups: MetricGroup[] };

/** Names of codes in the card, such as those of the classes. */
type Names = Readonly<Record<string, string>>;
type Entries = Record<string, unknown>;

/** Wider grids are turned, so that the entries become the columns. */
const MOST_COLUMNS = 5;

/** `balanced_accuracy` → `Balanced accuracy`, in the language of the window; short names such as `auc` are written in capitals. */
export function metricName(key: string, names: Names = {}): string {
  const known = names[key];
  if (known !== undefined) return known;
  const words = key
    .replaceAll(/[_-]+(?=\D)|_/g, " ")
    .trim()
    .replaceAll(/\b(auc|ece|n|f1|ppv|npv|id|roc)\b/gi, (word) => word.toUpperCase())
    .replaceAll(/\bjaccard\b/g, "Jaccard");
  return translated(words.charAt(0).toUpperCase() + words.slice(1));
}

const isPlain = (value: unknown): value is Plain => ["string", "number", "boolean"].includes(typeof value);
const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function intervalOf(value: unknown): Figure["interval"] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === "number")
    ? [value[0] as number, value[1] as number]
    : null;
}

function figureOf(value: unknown, beside: unknown): Figure | null {
  if (isPlain(value)) return { value, interval: intervalOf(beside) };
  if (isEntries(value) && isPlain(value.value)) return { value: value.value, interval: intervalOf(value.ci95) };
  if (Array.isArray(value) && value.length > 0 && value.every(isPlain)) return { value: value.join(", "), interval: null };
  return null;
}

/** The figures of an object by key; an interval beside its figure (`recall_ci95`) joins it. */
function figuresOf(entries: Entries): Map<string, Figure> {
  const found = new Map<string, Figure>();
  for (const [key, value] of Object.entries(entries)) {
    if (key.endsWith("_ci95")) continue;
    const figure = figureOf(value, entries[`${key}_ci95`]);
    if (figure) found.set(key, figure);
  }
  return found;
}

const countOf = (entries: Entries): number => Object.keys(entries).filter((key) => !key.endsWith("_ci95")).length;

/** A grid of objects of nothing but figures; null for less than two of them. */
function gridOf(entries: [key: string, value: Entries][], names: Names): MetricGrid | null {
  const lines = entries.map(([key, value]) => ({ name: metricName(key, names), figures: figuresOf(value) }));
  if (lines.length < 2) return null;
  const keys = [...new Set(lines.flatMap((line) => [...line.figures.keys()]))];
  if (keys.length > MOST_COLUMNS && keys.length > lines.length) {
    const rows = keys.map((key) => ({
      name: metricName(key, names),
      cells: lines.map((line) => line.figures.get(key) ?? null),
    }));
    return { columns: lines.map((line) => line.name), rows };
  }
  const rows = lines.map(({ name, figures }) => ({ name, cells: keys.map((key) => figures.get(key) ?? null) }));
  return { columns: keys.map((key) => metricName(key, names)), rows };
}

/** Any nesting of objects and lists as titled groups of figures; what is neither is left out. */
export function groupMetrics(value: unknown, names: Names = {}, title = ""): MetricGroup {
  const group: MetricGroup = { title, rows: [], grid: null, groups: [] };
  if (Array.isArray(value)) value = Object.fromEntries(value.map((entry, index) => [String(index + 1), entry as unknown]));
  if (!isEntries(value)) return group;
  const figures = figuresOf(value);
  for (const [key, figure] of figures) group.rows.push([metricName(key, names), figure]);
  const inner = Object.entries(value).filter(([key, entry]) => typeof entry === "object" && entry !== null && !figures.has(key) && !key.endsWith("_ci95"));
  const even = inner.filter((entry): entry is [string, Entries] => isEntries(entry[1]) && figuresOf(entry[1]).size === countOf(entry[1]));
  group.grid = gridOf(even, names);
  for (const [key, entry] of inner) {
    if (group.grid !== null && even.some(([known]) => known === key)) continue;
    const found = groupMetrics(entry, names, metricName(key, names));
    if (found.rows.length > 0 || found.grid !== null || found.groups.length > 0) group.groups.push(found);
  }
  return group;
}

/** What the card calls its collections, by the short names its figures use: `ham10000` is HAM10000. */
export function sourceNames(images: unknown, sources: readonly { name: string }[]): Names {
  const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const parts = isEntries(images) ? Object.values(images).filter(isEntries) : [];
  const keys = new Set(parts.flatMap((part) => Object.keys(part)));
  const found: Record<string, string> = {};
  for (const key of keys) {
    const source = sources.find(({ name }) => bare(name).startsWith(bare(key)));
    if (source) found[key] = source.name;
  }
  return found;
}
