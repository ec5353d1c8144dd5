import { type AppError, call, type PerformanceDriftView, type PerformanceFilter, type PerformanceView, toAppError } from "$ipc";

export const EVERYTHING: PerformanceFilter = { from: null, to: null, model: null, kind: null, follow_up: false };

/** The figures under one filter; a late answer to an earlier question is left out. */
export class Figures {
  view = $state.raw<PerformanceView | null>(null);
  drift = $state.raw<PerformanceDriftView | null>(null);
  filter = $state.raw<PerformanceFilter>(EVERYTHING);
  busy = $state(false);
  failure = $state.raw<AppError | null>(null);
  #reference: string | null = null;
  #turn = 0;

  async load(filter: PerformanceFilter = this.filter): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.failure = null;
    try {
      const view = await call("performance_read", filter);
      const drift = await call("performance_drift", { filter, reference: this.#reference });
      if (turn !== this.#turn) return;
      this.filter = filter;
      this.view = view;
      this.drift = drift;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.failure = toAppError(reason);
    }
    this.busy = false;
  }

  /** Holds the months against other ones. */
  async compareWith(reference: string): Promise<void> {
    const turn = ++this.#turn;
    this.#reference = reference === "" ? null : reference;
    try {
      const drift = await call("performance_drift", { filter: this.filter, reference: this.#reference });
      if (turn === this.#turn) this.drift = drift;
    } catch (reason) {
      if (turn === this.#turn) this.failure = toAppError(reason);
    }
  }
}
