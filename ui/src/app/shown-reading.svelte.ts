import { type AnalysisId, type AnalysisView, type AppError, call, toAppError } from "$ipc";

/** The reading beside the photograph; choosing quickly between several never shows the wrong one. */
export class ShownReading {
  view = $state.raw<AnalysisView | null>(null);
  id = $state<AnalysisId | null>(null);
  failure = $state<AppError | null>(null);

  async show(id: AnalysisId): Promise<AnalysisView | null> {
    if (this.id === id && this.view?.analysis.id === id) return this.view;
    this.id = id;
    this.failure = null;
    try {
      const view = await call("analysis_read", { id });
      if (this.id !== id) return null;
      this.view = view;
      return view;
    } catch (reason) {
      if (this.id === id) {
        this.failure = toAppError(reason);
        this.view = null;
      }
      return null;
    }
  }

  /** Asks again for what is shown: a scale has changed its millimetres. */
  async refresh(): Promise<void> {
    const { id } = this;
    if (id === null || this.view?.analysis.id !== id) return;
    try {
      const view = await call("analysis_read", { id });
      if (this.id === id) this.view = view;
    } catch (reason) {
      if (this.id === id) this.failure = toAppError(reason);
    }
  }
}
