const STEP = 200;

/** A long list of which a stretch is on the screen, so that it stays quick however long it is. */
export class Stretch<T> {
  #count = $state(STEP);
  readonly #all: () => readonly T[];

  constructor(all: () => readonly T[]) {
    this.#all = all;
  }

  get rows(): readonly T[] {
    const all = this.#all();
    return all.length <= this.#count ? all : all.slice(0, this.#count);
  }

  get total(): number {
    return this.#all().length;
  }

  more(): void {
    this.#count = Math.max(this.#count, this.rows.length) + STEP;
  }

  /** Shows as much as it takes to have an entry on the screen. */
  reach(wanted: (entry: T) => boolean): void {
    const at = this.#all().findIndex(wanted);
    if (at >= this.#count) this.#count = Math.ceil((at + 1) / STEP) * STEP;
  }
}
