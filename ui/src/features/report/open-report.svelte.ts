import { type AppError, call, onRecordChanged, type ReportId, type ReportView, toAppError } from "$ipc";

/** The report on the screen; what the core tells of it brings it anew. */
export class OpenReport {
  view = $state.raw<ReportView | null>(null);
  failure = $state.raw<AppError | null>(null);
  #turn = 0;

  constructor(readonly id: ReportId) {}

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const view = await call("report_read", { id: this.id });
      if (turn !== this.#turn) return;
      this.view = view;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#turn) this.failure = toAppError(reason);
    }
  }

  /** The core has just answered with it. */
  take(view: ReportView): void {
    this.#turn++;
    this.view = view;
    this.failure = null;
  }

  /** Until the answer is called. */
  listen(): () => void {
    const end = onRecordChanged(({ what, id }) => {
      if (what === "report" && id === this.id) void this.load();
    });
    return () => {
      end();
      this.#turn++;
    };
  }
}
