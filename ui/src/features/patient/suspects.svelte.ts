import { call, type DuplicateView, type PatientDuplicatesRequest } from "$ipc";

export const DUPLICATES_DEBOUNCE_MS = 350;

/** Asks, after a pause in typing, who on record may be the person in the form. */
export class Suspects {
  rows = $state.raw<DuplicateView[]>([]);
  #asked = 0;
  #last = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  ask(request: PatientDuplicatesRequest): void {
    const text = JSON.stringify(request);
    if (text === this.#last) return;
    this.#last = text;
    const turn = ++this.#asked;
    clearTimeout(this.#timer);
    const enough = [
      request.family_name.trim() && request.given_names.trim(),
      request.date_of_birth,
      request.phone.trim(),
      request.email.trim(),
    ].some(Boolean);
    if (!enough) {
      this.rows = [];
      return;
    }
    this.#timer = setTimeout(() => void this.#look(turn, request), DUPLICATES_DEBOUNCE_MS);
  }

  stop(): void {
    this.#asked++;
    clearTimeout(this.#timer);
  }

  async #look(turn: number, request: PatientDuplicatesRequest): Promise<void> {
    try {
      const rows = await call("patient_duplicates", request);
      if (turn === this.#asked) this.rows = rows;
    } catch {
      // The warning is a help; without it the form works as always.
      if (turn === this.#asked) this.rows = [];
    }
  }
}
