import { SvelteMap } from "svelte/reactivity";
import { type AppError, type BatchId, type BatchItemView, call, toAppError } from "$ipc";

const PAGE = 50;
/** What is read stays read; everything else may change. */
const open = ({ job }: BatchItemView): boolean => job.state !== "COMPLETED";

/** The readings of a batch on the screen: their names are asked for once, how far they are again and again. */
export class ItemList {
  items = $state.raw<BatchItemView[]>([]);
  more = $state(false);
  busy = $state(false);
  failure = $state<AppError | null>(null);
  readonly #id: BatchId | null;

  constructor(id: BatchId | null) {
    this.#id = id;
  }

  async next(): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      const { items } = await call("batch_items", { id: this.#id, offset: this.items.length, limit: PAGE });
      this.items = [...this.items, ...items];
      this.more = items.length === PAGE;
    } catch (reason) {
      this.failure = toAppError(reason);
    }
    this.busy = false;
  }

  /** How far those are that have no result. */
  async look(): Promise<void> {
    const ids = this.items.filter(open).map(({ job }) => job.id);
    if (ids.length === 0) return;
    try {
      const states = new SvelteMap((await call("job_states", { ids: ids.slice(0, 200) })).map((job) => [job.id, job]));
      this.items = this.items.map((item) => ({ ...item, job: states.get(item.job.id) ?? item.job }));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }

  async act(command: "job_retry" | "analysis_cancel", item: BatchItemView): Promise<void> {
    try {
      const job = await call(command, { id: item.job.id });
      this.items = this.items.map((known) => (known.job.id === job.id ? { ...known, job } : known));
    } catch (reason) {
      this.failure = toAppError(reason);
    }
  }
}
