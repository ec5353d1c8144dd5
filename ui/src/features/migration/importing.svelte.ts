import { createContext } from "svelte";
import { type AppError, call, type ImportProgress, type ImportView, toAppError } from "$ipc";

/** The import that runs, for the page and the jobs panel alike. What is in the source stays with the page. */
export class Importing {
  running = $state(false);
  stopping = $state(false);
  progress = $state.raw<ImportProgress | null>(null);
  failure = $state.raw<AppError | null>(null);

  /** Follows an import to its end; null when it failed, with the reason in `failure`. */
  async run(): Promise<ImportView | null> {
    if (this.running) return null;
    [this.running, this.stopping, this.progress, this.failure] = [true, false, null, null];
    try {
      return await call("import_start", null, { onProgress: (step) => (this.progress = step) });
    } catch (reason) {
      this.failure = toAppError(reason);
      return null;
    } finally {
      this.running = false;
      this.stopping = false;
    }
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    try {
      await call("import_cancel");
    } catch (reason) {
      this.failure = toAppError(reason);
      this.stopping = false;
    }
  }
}

export const [importingHere, provideImporting] = createContext<Importing>();
