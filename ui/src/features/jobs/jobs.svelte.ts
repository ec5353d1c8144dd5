import { type AppError, call, type JobsView, onRecordChanged, toAppError } from "$ipc";
import { m } from "$i18n";

/** Changes come in bursts; a look this often is enough for the eye. */
const EVERY_MS = 500;

/** The queue of analyses as the window shows it; the core keeps it. */
export class JobQueue {
  view = $state.raw<JobsView | null>(null);
  failure = $state<AppError | null>(null);
  open = $state(false);
  /** The last thing worth saying aloud. */
  said = $state("");
  /** Rises with every look, for lists that follow. */
  looks = $state(0);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #turn = 0;

  readonly waiting = $derived(this.view?.waiting ?? 0);
  readonly running = $derived(this.view?.running ?? 0);
  readonly paused = $derived((this.view?.batches ?? []).filter((batch) => batch.state === "paused").length);
  readonly failed = $derived((this.view?.batches ?? []).reduce((sum, batch) => sum + batch.failed, this.view?.singles.failed ?? 0));
  readonly active = $derived(this.waiting + this.running > 0);

  /** Follows the core until the answer is called. */
  listen(): () => void {
    void this.load();
    const end = onRecordChanged(({ what }) => {
      if (what === "job" || what === "batch" || what === "analysis") this.#soon();
    });
    return () => {
      end();
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    };
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const view = await call("job_list");
      if (turn !== this.#turn) return;
      this.#tell(this.view, view);
      this.view = view;
      this.failure = null;
      this.looks += 1;
    } catch (reason) {
      if (turn === this.#turn) this.failure = toAppError(reason);
    }
  }

  /** Runs what a button asks for and looks again. */
  async act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.load();
    } catch (reason) {
      await this.load();
      this.failure = toAppError(reason);
    }
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.load();
    }, EVERY_MS);
  }

  /** Only what a person has to know: an end, or a stop. */
  #tell(before: JobsView | null, now: JobsView): void {
    for (const batch of now.batches) {
      const known = before?.batches.find((candidate) => candidate.id === batch.id);
      if (known === undefined || known.state === batch.state) continue;
      if (batch.state === "finished") this.said = m.batch_said_finished({ completed: batch.completed, failed: batch.failed });
      else if (batch.state === "paused") this.said = m.batch_said_paused();
      else if (batch.state === "cancelled") this.said = m.batch_said_cancelled();
    }
  }
}
