import { SvelteSet } from "svelte/reactivity";
import { type AppError, call, type PatientRow, toAppError } from "$ipc";

export const SEARCH_DEBOUNCE_MS = 120;
export const SEARCH_LIMIT = 200;

/** Search as you type. Answers may come out of order; only the one to the latest question is shown. */
export class PatientSearch {
  rows = $state.raw<PatientRow[]>([]);
  total = $state(0);
  /** There are more than the total: counting ended there. */
  over = $state(false);
  /** The text the rows belong to; null before the first answer. */
  answered = $state<string | null>(null);
  failure = $state<AppError | null>(null);
  /** Further rows are on their way. */
  busy = $state(false);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks after a pause in typing. */
  ask(text: string): void {
    this.#start(text, SEARCH_DEBOUNCE_MS);
  }

  /** Asks at once: on entering the screen and when a patient has changed. */
  askNow(text: string): void {
    this.#start(text, 0);
  }

  /** The next rows of the same answer. */
  async more(): Promise<void> {
    const text = this.answered;
    if (text === null || this.busy) return;
    const turn = this.#asked;
    this.busy = true;
    try {
      const found = await call("patient_search", { text: text.slice(0, 200), limit: SEARCH_LIMIT, offset: this.rows.length });
      if (turn === this.#asked) {
        const known = new SvelteSet(this.rows.map((row) => row.id));
        // Somebody may have been registered meanwhile, which moves the rows by one.
        this.rows = [...this.rows, ...found.rows.filter((row) => !known.has(row.id))];
        this.total = found.total;
        this.over = found.more;
      }
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
    this.busy = false;
  }

  stop(): void {
    this.#asked++;
    clearTimeout(this.#timer);
  }

  #start(text: string, delay: number): void {
    const turn = ++this.#asked;
    clearTimeout(this.#timer);
    if (delay === 0) void this.#search(turn, text);
    else this.#timer = setTimeout(() => void this.#search(turn, text), delay);
  }

  async #search(turn: number, text: string): Promise<void> {
    try {
      const found = await call("patient_search", { text: text.slice(0, 200), limit: SEARCH_LIMIT, offset: 0 });
      if (turn !== this.#asked) return;
      this.rows = found.rows;
      this.total = found.total;
      this.over = found.more;
      this.answered = text;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
  }
}
