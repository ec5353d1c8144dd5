import {
  type AppError,
  type AuditActor,
  type AuditFilterRequest,
  type AuditRowView,
  call,
  type PatientId,
  toAppError,
} from "$ipc";

const PAGE = 100;

/** The part of the filter that is typed; the patient is chosen from a row. */
export type TypedFilter = Omit<AuditFilterRequest, "patient_id">;
export type ChosenPatient = { id: PatientId; number: string };

const EVERYTHING: TypedFilter = { from: null, to: null, actor: null, actions: [] };

/** The rows found, newest first; a late answer to an earlier question is left out. */
export class Trail {
  rows = $state.raw<AuditRowView[]>([]);
  actors = $state.raw<AuditActor[]>([]);
  more = $state(false);
  /** Whether the rows are the answer to the filter. */
  answered = $state(false);
  busy = $state<"search" | "older" | null>(null);
  failure = $state<AppError | null>(null);
  patient = $state.raw<ChosenPatient | null>(null);
  #typed: TypedFilter = EVERYTHING;
  #turn = 0;

  get filter(): AuditFilterRequest {
    return { ...this.#typed, patient_id: this.patient?.id ?? null };
  }

  search(typed: TypedFilter = this.#typed): Promise<void> {
    this.#typed = typed;
    return this.#read(null);
  }

  only(patient: ChosenPatient | null): Promise<void> {
    this.patient = patient;
    return this.#read(null);
  }

  clear(): Promise<void> {
    this.patient = null;
    return this.search(EVERYTHING);
  }

  async older(): Promise<void> {
    const oldest = this.rows.at(-1);
    if (oldest && this.busy === null) await this.#read(oldest.seq);
  }

  async #read(before: number | null): Promise<void> {
    const turn = ++this.#turn;
    this.busy = before === null ? "search" : "older";
    this.failure = null;
    try {
      const page = await call("audit_search", { filter: this.filter, before, limit: PAGE });
      if (turn !== this.#turn) return;
      this.rows = before === null ? page.rows : [...this.rows, ...page.rows];
      this.actors = page.actors;
      this.more = page.more;
      this.answered = true;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.failure = toAppError(reason);
      // Rows of another filter must not be taken for the answer to this one.
      if (before === null) this.#forget();
    }
    this.busy = null;
  }

  #forget(): void {
    this.rows = [];
    this.more = false;
    this.answered = false;
  }
}
