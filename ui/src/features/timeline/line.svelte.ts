import {
  type AppError,
  call,
  type LesionId,
  type PatientId,
  type TimelineCursor,
  type TimelineEventView,
  type TimelineKind,
  toAppError,
} from "$ipc";

const PAGE = 50;

export type LineFilter = { kinds: TimelineKind[]; lesion_id: LesionId | null };

/** The events of a patient, newest first; a late answer to an earlier question is left out. */
export class Line {
  events = $state.raw<TimelineEventView[]>([]);
  next = $state.raw<TimelineCursor | null>(null);
  /** Whether the events are the answer to the filter. */
  answered = $state(false);
  busy = $state<"all" | "older" | null>(null);
  failure = $state<AppError | null>(null);
  #filter: LineFilter = { kinds: [], lesion_id: null };
  #turn = 0;

  constructor(private readonly patientId: PatientId) {}

  read(filter: LineFilter = this.#filter): Promise<void> {
    this.#filter = filter;
    return this.#page(null);
  }

  async older(): Promise<void> {
    if (this.next && this.busy === null) await this.#page(this.next);
  }

  async #page(before: TimelineCursor | null): Promise<void> {
    const turn = ++this.#turn;
    this.busy = before === null ? "all" : "older";
    this.failure = null;
    try {
      const page = await call("timeline_read", { ...this.#filter, patient_id: this.patientId, before, limit: PAGE });
      if (turn !== this.#turn) return;
      this.events = before === null ? page.events : [...this.events, ...page.events];
      this.next = page.next;
      this.answered = true;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.failure = toAppError(reason);
      // Events of another filter must not be taken for the answer to this one.
      if (before === null) {
        this.events = [];
        this.next = null;
        this.answered = false;
      }
    }
    this.busy = null;
  }
}

/** Events of one day, in the order in which they came. */
export type Day = { day: string; events: TimelineEventView[] };

export function byDay(events: readonly TimelineEventView[]): Day[] {
  const days: Day[] = [];
  for (const event of events) {
    const last = days.at(-1);
    if (last?.day === event.day) last.events.push(event);
    else days.push({ day: event.day, events: [event] });
  }
  return days;
}
