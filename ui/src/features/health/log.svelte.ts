import { type AppError, call, type LogLevel, type LogLine, toAppError } from "$ipc";

/** What is asked of the log besides the place in it. */
export type LogFilter = { level: LogLevel; area: string | null; from: string | null; to: string | null; text: string };

export const EVERYTHING: LogFilter = { level: "info", area: null, from: null, to: null, text: "" };
const PAGE = 100;

/** The lines that fit a filter, page by page; a late answer never replaces a newer one. */
export class Log {
  lines = $state.raw<LogLine[]>([]);
  areas = $state.raw<string[]>([]);
  total = $state(0);
  answered = $state(false);
  busy = $state(false);
  failure = $state.raw<AppError | null>(null);
  #filter = EVERYTHING;
  #asked = 0;

  async search(filter: LogFilter): Promise<void> {
    this.#filter = filter;
    await this.#read(0);
  }

  async older(): Promise<void> {
    await this.#read(this.lines.length);
  }

  async #read(offset: number): Promise<void> {
    const turn = ++this.#asked;
    this.busy = true;
    this.failure = null;
    try {
      const page = await call("log_read", { ...this.#filter, offset, limit: PAGE });
      if (turn !== this.#asked) return;
      this.lines = offset === 0 ? page.lines : [...this.lines, ...page.lines];
      this.areas = page.areas;
      this.total = page.total;
      this.answered = true;
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
    if (turn === this.#asked) this.busy = false;
  }
}
