import { type AppError, call, type Colleague, type HistoryEntry, type HistoryPlace, type HistoryRequest, toAppError } from "$ipc";

const PAGE = 50;

export type HistoryFilter = Omit<HistoryRequest, "before" | "limit">;

export const EVERYTHING: HistoryFilter = {
  noun: "reading",
  text: "",
  class: null,
  band: null,
  urgency: null,
  from: null,
  to: null,
  site: null,
  by: null,
  reviewer: null,
  deleted: false,
};

/** Whether a filter leaves anything out of the entries of its kind. */
export function narrows(filter: HistoryFilter): boolean {
  const keys = Object.keys(EVERYTHING) as (keyof HistoryFilter)[];
  return keys.some((key) => key !== "noun" && filter[key] !== EVERYTHING[key]);
}

/** What was found, newest first; a late answer to an earlier question is left out. */
export class Uploads {
  entries = $state.raw<HistoryEntry[]>([]);
  people = $state.raw<Colleague[]>([]);
  next = $state.raw<HistoryPlace | null>(null);
  /** The last page ended because enough was looked at. */
  cutShort = $state(false);
  retentionDays = $state(0);
  answered = $state(false);
  busy = $state<"search" | "older" | null>(null);
  failure = $state<AppError | null>(null);
  #filter: HistoryFilter;
  #turn = 0;

  constructor(filter: HistoryFilter) {
    this.#filter = filter;
  }

  search(filter: HistoryFilter = this.#filter): Promise<void> {
    this.#filter = filter;
    return this.#read(null);
  }

  async older(): Promise<void> {
    if (this.next && this.busy === null) await this.#read(this.next);
  }

  async #read(before: HistoryPlace | null): Promise<void> {
    const turn = ++this.#turn;
    this.busy = before === null ? "search" : "older";
    this.failure = null;
    try {
      const page = await call("history_read", { ...this.#filter, before, limit: PAGE });
      if (turn !== this.#turn) return;
      this.entries = before === null ? page.entries : [...this.entries, ...page.entries];
      this.people = page.people;
      this.next = page.next;
      this.cutShort = page.cut_short;
      this.retentionDays = page.retention_days;
      this.answered = true;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.failure = toAppError(reason);
      // Entries of another filter must not be taken for the answer to this one.
      if (before === null) {
        this.entries = [];
        this.next = null;
        this.answered = false;
      }
    }
    this.busy = null;
  }
}
