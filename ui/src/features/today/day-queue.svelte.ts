import { type AppError, call, onRecordChanged, type QueueRow, type QueueView, toAppError, type VisitState, type VisitStep, type VisitView } from "$ipc";
import { localToday } from "./clock";

const GATHER_MS = 150;
const TICK_MS = 20_000;

/** The queue of the day on the screen. Changes told by the core are gathered into one new listing. */
export class DayQueue {
  view = $state.raw<QueueView | null>(null);
  failure = $state.raw<AppError | null>(null);
  /** Minutes since the listing, for those who wait. */
  elapsed = $state(0);
  counts = $derived.by(() => {
    const counts: Record<VisitState, number> = { in_room: 0, arrived: 0, expected: 0, done: 0, cancelled: 0, did_not_attend: 0 };
    for (const row of this.view?.rows ?? []) counts[row.visit.state]++;
    return counts;
  });
  /** The day asked for; null follows today over midnight. */
  #day: string | null = null;
  #asked = 0;
  #listedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async show(day: string | null): Promise<void> {
    this.#day = day;
    await this.load();
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = ++this.#asked;
    try {
      const view = await call("queue_read", { day: this.#day });
      if (turn !== this.#asked) return;
      this.view = view;
      this.failure = null;
      this.#listedAt = Date.now();
      this.elapsed = 0;
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
  }

  /** Moves a visit; the row shows it at once, its new place comes with the next listing. */
  async move(row: QueueRow, step: VisitStep): Promise<boolean> {
    const { id, version } = row.visit;
    try {
      this.put(await call("visit_move", { id, version, step }));
      this.failure = null;
      return true;
    } catch (reason) {
      // Somebody else was faster: what they did is listed, and the refusal stands above it.
      const failure = toAppError(reason);
      await this.load();
      this.failure = failure;
      return false;
    }
  }

  put(visit: VisitView): void {
    if (this.view === null) return;
    const rows = this.view.rows.map((row) => (row.visit.id === visit.id ? { ...row, visit } : row));
    this.view = { ...this.view, rows };
  }

  /** Minutes that somebody has waited by now. */
  waited({ visit }: QueueRow): number | null {
    if (visit.waited_minutes === null) return null;
    return visit.state === "arrived" ? visit.waited_minutes + this.elapsed : visit.waited_minutes;
  }

  listen(): () => void {
    const end = onRecordChanged(({ what }) => {
      if (what !== "visit" && what !== "patient") return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), GATHER_MS);
    });
    const ticking = setInterval(() => this.#tick(), TICK_MS);
    return () => {
      end();
      clearInterval(ticking);
      clearTimeout(this.#timer);
      this.#asked++;
    };
  }

  #tick(): void {
    if (this.view === null) return;
    this.elapsed = Math.max(0, Math.floor((Date.now() - this.#listedAt) / 60_000));
    if (this.#day === null && this.view.today < localToday()) void this.load();
  }
}
