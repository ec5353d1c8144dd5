import { type AppError, call, type FollowUpView, onRecordChanged, type PatientId, toAppError } from "$ipc";

const GATHER_MS = 150;

/** The follow-up of one patient; what others change meanwhile is read again. */
export class FollowUp {
  view = $state.raw<FollowUpView | null>(null);
  failure = $state.raw<AppError | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly patientId: PatientId) {}

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = ++this.#asked;
    try {
      const view = await call("follow_up_read", { patient_id: this.patientId });
      if (turn !== this.#asked) return;
      this.view = view;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
  }

  listen(): () => void {
    const end = onRecordChanged((change) => {
      if (change.what !== "follow_up" || change.id !== this.patientId) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), GATHER_MS);
    });
    return () => {
      end();
      clearTimeout(this.#timer);
      this.#asked++;
    };
  }
}
