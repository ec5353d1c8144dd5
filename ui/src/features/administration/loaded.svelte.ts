import { type AppError, toAppError } from "$ipc";

/** What a question to the core has brought; a late answer never replaces a newer one. */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<AppError | null>(null);
  readonly #ask: () => Promise<T>;
  #asked = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  async load(): Promise<void> {
    const turn = ++this.#asked;
    this.failure = null;
    try {
      const value = await this.#ask();
      if (turn === this.#asked) this.value = value;
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
  }
}
