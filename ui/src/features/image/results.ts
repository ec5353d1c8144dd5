import type { ImportEntry } from "./queue";

type Result = Omit<ImportEntry, "key">;

/**
 * What became of files that were imported, so that leaving the page does not take it away. It lies in the memory of
 * this window alone, without pictures, and goes with the session.
 */
class ImportResults {
  #kept = new Map<string, Result[]>();
  /** Rises with every end of a session: an importer that outlives its session leaves nothing to the next. */
  #session = 0;

  get session(): number {
    return this.#session;
  }

  /** Gives the results of a place to whoever shows them now. */
  take(place: string): Result[] {
    const found = this.#kept.get(place) ?? [];
    this.#kept.delete(place);
    return found;
  }

  /** Adds results of a place, after those that lie there already. */
  keep(session: number, place: string, results: readonly Result[]): void {
    if (session !== this.#session || results.length === 0) return;
    const bare = results.map((result) => ({ ...result, preview: null }));
    this.#kept.set(place, [...(this.#kept.get(place) ?? []), ...bare]);
  }

  clear(): void {
    this.#kept.clear();
    this.#session++;
  }
}

export const importResults = new ImportResults();
