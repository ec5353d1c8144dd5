import { type AppError, call, type ImportOutcome, type ImportResult, type ImportRow, toAppError } from "$ipc";

const PAGE = 100;

type Filter = { outcome: ImportOutcome | null; result: ImportResult | null };

/** The rows of a dry run, or of its result, as far as they were asked for. */
export class RowList {
  rows = $state.raw<ImportRow[]>([]);
  total = $state(0);
  failure = $state.raw<AppError | null>(null);
  busy = $state(false);
  #filter: Filter = { outcome: null, result: null };
  #turn = 0;

  async load(filter: Filter): Promise<void> {
    this.#filter = filter;
    await this.#ask(0);
  }

  async more(): Promise<void> {
    await this.#ask(this.rows.length);
  }

  /** The same rows once more, after a decision. */
  async again(): Promise<void> {
    await this.#ask(0, Math.max(PAGE, this.rows.length));
  }

  async #ask(offset: number, limit = PAGE): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const page = await call("import_rows", { ...this.#filter, offset, limit: Math.min(limit, 2 * PAGE) });
      if (turn !== this.#turn) return;
      this.rows = offset === 0 ? page.rows : [...this.rows, ...page.rows];
      this.total = page.total;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#turn) this.failure = toAppError(reason);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
