import { type AppError, call, type PatientRow, toAppError } from "$ipc";

const DEBOUNCE_MS = 120;
const LIMIT = 8;

/** Patients for the queue as they are typed; only the answer to the latest question is shown. */
export class Finder {
  rows = $state.raw<PatientRow[]>([]);
  total = $state(0);
  /** There are more than the total. */
  over = $state(false);
  /** The text the rows belong to; null before the first answer. */
  answered = $state<string | null>(null);
  failure = $state.raw<AppError | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  ask(text: string): void {
    const turn = ++this.#asked;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#find(turn, text), DEBOUNCE_MS);
  }

  stop(): void {
    this.#asked++;
    clearTimeout(this.#timer);
  }

  async #find(turn: number, text: string): Promise<void> {
    try {
      const found = await call("patient_search", { text: text.slice(0, 200), limit: LIMIT, offset: 0 });
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
