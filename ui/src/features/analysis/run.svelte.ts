import { type AnalysisId, type AppError, call, type ImageId, type JobView, onRecordChanged, toAppError } from "$ipc";
import { advance, hasEnded } from "./progress";

/** One analysis from the button to its result. */
export class AnalysisRun {
  job = $state<JobView | null>(null);
  failure = $state<AppError | null>(null);
  starting = $state(false);
  cancelling = $state(false);
  active = $derived(this.starting || (this.job !== null && !hasEnded(this.job)));
  #told = "";
  #over = false;

  constructor(private readonly onDone: (id: AnalysisId) => void) {}

  async start(images: ImageId[]): Promise<void> {
    this.starting = true;
    this.cancelling = false;
    this.failure = null;
    this.job = null;
    try {
      const onProgress = (job: JobView): void => this.report(job);
      this.report(await call("analysis_start", { image_ids: [...images] }, { onProgress }));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
    this.starting = false;
  }

  /** Follows a job that was already running when the page was opened. */
  follow(job: JobView): void {
    if (!this.active && !hasEnded(job)) this.report(job);
  }

  async cancel(): Promise<void> {
    if (this.job === null) return;
    this.cancelling = true;
    try {
      this.report(await call("analysis_cancel", { id: this.job.id }));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
    this.cancelling = false;
  }

  dismiss(): void {
    if (this.active) return;
    this.job = null;
    this.failure = null;
  }

  /** Keeps up by event too, so that a lost report cannot leave the page waiting. The answer ends it all. */
  listen(): () => void {
    const end = onRecordChanged((change) => {
      if (change.what === "job" && change.id === this.job?.id) void this.#refresh(change.id);
    });
    return () => {
      this.#over = true;
      end();
    };
  }

  async #refresh(id: string): Promise<void> {
    try {
      this.report(await call("job_read", { id }));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  report(view: JobView): void {
    if (this.#over) return;
    this.job = advance(this.job, view);
    if (this.job.state === "FAILED") this.failure = this.job.error ?? toAppError(null);
    if (this.job.state === "COMPLETED" && this.job.analysis_id !== null && this.#told !== this.job.id) {
      this.#told = this.job.id;
      this.onDone(this.job.analysis_id);
    }
  }
}
