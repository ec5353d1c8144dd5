import { type AppError, call, onRecordChanged, type PatientId, type PatientPageView, toAppError } from "$ipc";

const GATHER_MS = 150;

/** The one patient on the screen. Changes told by the core are gathered into one new read. */
export class OpenPatient {
  page = $state.raw<PatientPageView | null>(null);
  failure = $state<AppError | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly id: PatientId) {}

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = ++this.#asked;
    try {
      const page = await call("patient_read", { id: this.id });
      if (turn !== this.#asked) return;
      this.page = page;
      this.failure = null;
    } catch (reason) {
      if (turn === this.#asked) this.failure = toAppError(reason);
    }
  }

  listen(): () => void {
    const end = onRecordChanged((change) => {
      if (change.what === "job" || change.what === "follow_up" || change.what === "visit" || change.what === "tray" || (change.what === "patient" && change.id !== this.id)) return;
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
