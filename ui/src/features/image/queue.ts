import type { AppError, DoubtView, LesionId, TrayAdded } from "$ipc";

/** What became of one file; nothing that was handed over is ever without an entry. */
export type ImportEntry = {
  key: number;
  name: string;
  state: "waiting" | "reading" | "imported" | "known" | "asked" | "left" | "rejected" | "cancelled";
  error: AppError | null;
  /** Quality checks that did not pass. */
  warnings: number;
  /** Why a person is asked. */
  doubts: DoubtView[];
  /** Pictures in the file. */
  pictures: number;
  /** The lesion that has it already. */
  lesionId: LesionId | null;
  /** Address of a small picture that the window made. */
  preview: string | null;
};

export type ImportCounts = Record<"total" | "done" | "imported" | "known" | "asked" | "rejected" | "left", number>;

export const NONE: ImportCounts = { total: 0, done: 0, imported: 0, known: 0, asked: 0, rejected: 0, left: 0 };

export function blank(key: number, name: string): ImportEntry {
  return { key, name, state: "waiting", error: null, warnings: 0, doubts: [], pictures: 1, lesionId: null, preview: null };
}

const FINAL: ReadonlySet<ImportEntry["state"]> = new Set(["imported", "known", "asked", "rejected", "left", "cancelled"] as const);

function tally(counts: ImportCounts, { state }: ImportEntry, by: 1 | -1): void {
  if (FINAL.has(state)) counts.done += by;
  if (state === "cancelled") counts.left += by;
  else if (state in counts) counts[state as "imported"] += by;
}

export function countEntries(entries: readonly ImportEntry[]): ImportCounts {
  const counts = { ...NONE, total: entries.length };
  for (const entry of entries) tally(counts, entry, 1);
  return counts;
}

/** The counts after one entry changed, without looking at the thousands of others. */
export function recount(counts: ImportCounts, before: ImportEntry, after: ImportEntry): ImportCounts {
  const fresh = { ...counts };
  tally(fresh, before, -1);
  tally(fresh, after, 1);
  return fresh;
}

export function outcomeOf(answer: TrayAdded): Partial<ImportEntry> {
  if (answer.outcome === "doubted") return { state: "asked", doubts: answer.doubts };
  const warnings = answer.photos.map((photo) => photo.quality?.checks.filter((check) => !check.passed).length ?? 0);
  return {
    state: answer.photos.every((photo) => photo.already) ? "known" : "imported",
    doubts: [],
    pictures: answer.photos.length,
    lesionId: answer.photos.find((photo) => photo.already)?.image?.lesion_id ?? null,
    warnings: Math.max(0, ...warnings),
  };
}
