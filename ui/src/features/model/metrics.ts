/** One figure of a metrics object, and the groups below it. */
export type MetricGroup = { title: string; rows: [name: string, value: string | number | boolean][]; groups: MetricGroup[] };

/** `balanced_accuracy` → `Balanced accuracy`; short names such as `auc` are written in capitals. */
export function metricName(key: string): string {
  const words = key.replaceAll(/[_-]+/g, " ").trim();
  return /^(auc|ece|n|f1|ppv|npv|id|roc)$/i.test(words)
    ? words.toUpperCase()
    : words.charAt(0).toUpperCase() + words.slice(1);
}

type Plain = string | number | boolean;
const isPlain = (value: unknown): value is Plain => ["string", "number", "boolean"].includes(typeof value);

/** Any nesting of objects and lists as titled groups of name and value; what is neither is left out. */
export function groupMetrics(value: unknown, title = ""): MetricGroup {
  const group: MetricGroup = { title, rows: [], groups: [] };
  if (typeof value !== "object" || value === null) return group;
  for (const [key, entry] of Object.entries(value)) {
    const name = Array.isArray(value) ? String(Number(key) + 1) : metricName(key);
    if (isPlain(entry)) group.rows.push([name, entry]);
    else if (Array.isArray(entry) && entry.every(isPlain)) group.rows.push([name, entry.join(", ")]);
    else if (typeof entry === "object" && entry !== null) group.groups.push(groupMetrics(entry, name));
  }
  return group;
}
