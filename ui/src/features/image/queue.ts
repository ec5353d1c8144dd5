import type { AppError, ImageImported } from "$ipc";

/** What became of one file; nothing that was dropped is ever without an entry. */
export type ImportEntry = {
  key: number;
  name: string;
  state: "waiting" | "reading" | "imported" | "known" | "rejected";
  error: AppError | null;
  /** Quality checks that did not pass. */
  warnings: number;
};

export type ImportCounts = { total: number; done: number; imported: number; known: number; rejected: number };

export function countEntries(entries: ImportEntry[]): ImportCounts {
  const of = (state: ImportEntry["state"]) => entries.filter((entry) => entry.state === state).length;
  const [imported, known, rejected] = [of("imported"), of("known"), of("rejected")];
  return { total: entries.length, done: imported + known + rejected, imported, known, rejected };
}

export function outcomeOf(result: ImageImported): Pick<ImportEntry, "state" | "warnings"> {
  return {
    state: result.already_stored ? "known" : "imported",
    warnings: result.image.quality.checks.filter((check) => !check.passed).length,
  };
}
