import type { Analysis, ClassProbability, ImageId } from "$ipc";

/** Classes from most to least probable; equal ones keep the model's order. */
export function byProbability(probabilities: readonly ClassProbability[]): ClassProbability[] {
  return probabilities
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => b.entry.probability - a.entry.probability || a.index - b.index)
    .map(({ entry }) => entry);
}

/** The class whose heatmap is shown first: the named one, else the most probable. */
export function leadingCode(analysis: Analysis): string {
  return analysis.assessment.label?.code ?? byProbability(analysis.assessment.probabilities)[0]?.code ?? "";
}

/** The classes that a reading names: the likeliest one and its prediction set; none where nothing was assessed. */
export function namedBy({ analysis }: { analysis: Analysis }): string[] {
  const { gate, prediction_set: set } = analysis.assessment;
  return gate === "out_of_distribution" ? [] : [leadingCode(analysis), ...(set?.codes ?? [])];
}

export function hasHeatmap(analysis: Analysis | null, image: ImageId | null): boolean {
  return analysis !== null && image !== null && analysis.heatmap === "available" && analysis.image_ids.includes(image);
}

/** Below this a class is folded away. */
const SMALL = 0.01;

/** The classes under 1 % that may be folded: not those of the prediction set, and never just one. */
export function folded(rows: readonly ClassProbability[], set: readonly string[]): ClassProbability[] {
  const small = rows.filter((row, index) => index > 0 && row.probability < SMALL && !set.includes(row.code));
  return small.length > 1 ? small : [];
}

/** "Benign keratosis (seborrhoeic keratosis, …)" → "Benign keratosis". */
export function shortName(name: string): string {
  const bracket = name.indexOf(" (");
  return bracket > 0 ? name.slice(0, bracket) : name;
}

/** How many photographs of the validation with a malignant sum like this one were malignant. */
export type Meaning = { from: number; to: number; images: number; share: number; low: number; high: number };

/** Read from the card's table of reliability; null where it has none or too few to speak of. */
export function meaningOf(metrics: unknown, malignantSum: number): Meaning | null {
  const table = (metrics as { reliability?: unknown } | null)?.reliability;
  if (typeof table !== "object" || table === null) return null;
  for (const [range, entry] of Object.entries(table as Record<string, unknown>)) {
    const ends = /^(\d+)-(\d+)$/.exec(range);
    const { images, share } = (entry ?? {}) as { images?: unknown; share?: { value?: unknown; ci95?: unknown } };
    const interval = share?.ci95;
    if (!ends || typeof images !== "number" || typeof share?.value !== "number" || !Array.isArray(interval)) continue;
    const [from, to] = [Number(ends[1]), Number(ends[2])];
    const percent = malignantSum * 100;
    if (percent < from || (percent >= to && to < 100)) continue;
    const [low, high] = interval as [number, number];
    return images < FEWEST ? null : { from, to, images, share: share.value, low, high };
  }
  return null;
}

/** Of fewer photographs a share says little. */
const FEWEST = 30;
