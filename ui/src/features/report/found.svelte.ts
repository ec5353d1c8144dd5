import { type AppError, call, type ReportListRequest, type ReportPlace, type ReportRow, toAppError } from "$ipc";

const PAGE = 50;

export type ReportFilter = Omit<ReportListRequest, "before" | "limit">;

export const EVERY_REPORT: ReportFilter = { text: "", state: null, from: null, to: null };

/** Whether a filter leaves anything out. */
export function narrows(filter: ReportFilter): boolean {
  return (Object.keys(EVERY_REPORT) as (keyof ReportFilter)[]).some((key) => filter[key] !== EVERY_REPORT[key]);
}

/** The reports that were found, newest first; a late answer to an earlier question is left out. */
export class FoundReports {
  rows = $state.raw<ReportRow[]>([]);
  next = $state.raw<ReportPlace | null>(null);
  answered = $state(false);
  busy = $state<"search" | "older" | null>(null);
  failure = $state.raw<AppError | null>(null);
  #filter: ReportFilter;
  #turn = 0;

  constructor(filter: ReportFilter) {
    this.#filter = filter;
  }

  search(filter: ReportFilter = this.#filter): Promise<void> {
    this.#filter = filter;
    return this.#read(null);
  }

  async older(): Promise<void> {
    if (this.next && this.busy === null) await this.#read(this.next);
  }

  async #read(before: ReportPlace | null): Promise<void> {
    const turn = ++this.#turn;
    this.busy = before === null ? "search" : "older";
    this.failure = null;
    try {
      const page = await call("report_list", { ...this.#filter, before, limit: PAGE });
      if (turn !== this.#turn) return;
      this.rows = before === null ? page.reports : [...this.rows, ...page.reports];
      this.next = page.next;
      this.answered = true;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.failure = toAppError(reason);
      // Reports of another filter must not be taken for the answer to this one.
      if (before === null) {
        this.rows = [];
        this.next = null;
        this.answered = false;
      }
    }
    this.busy = null;
  }
}
