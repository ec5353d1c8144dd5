import { call, type PatientViewing } from "$ipc";

const TOUCH_EVERY_MS = 20_000;

/**
 * How long a patient's look lasts: until its end, or until nobody has touched anything for a while.
 * Reading it again is what tells the core of a touch, so it is read after a touch only.
 */
export class Viewing {
  current = $state.raw<PatientViewing>() as PatientViewing;
  /** Seconds until it ends by itself. */
  left = $state(0);
  /** Seconds until it ends because nobody touches anything. */
  idleLeft = $state(0);
  #readAt = 0;
  #touched = false;
  #asking = false;

  constructor(
    first: PatientViewing,
    private readonly onEnd: () => void,
    private readonly now: () => number = Date.now,
  ) {
    this.#take(first);
  }

  touch(): void {
    this.#touched = true;
    this.#askWhenDue();
  }

  /** Once a second. */
  tick(): void {
    const gone = (this.now() - this.#readAt) / 1000;
    this.left = Math.max(0, Math.ceil(this.current.ends_in_seconds - gone));
    this.idleLeft = Math.max(0, Math.ceil(this.current.idle_seconds - gone));
    if (this.left === 0 || this.idleLeft === 0) this.onEnd();
    else this.#askWhenDue();
  }

  #take(viewing: PatientViewing): void {
    this.current = viewing;
    this.#readAt = this.now();
    this.#touched = false;
    this.left = viewing.ends_in_seconds;
    this.idleLeft = viewing.idle_seconds;
  }

  #askWhenDue(): void {
    if (!this.#touched || this.#asking || this.now() - this.#readAt < TOUCH_EVERY_MS) return;
    void this.ask();
  }

  /** Reads it from the core; a refusal means that it is over. */
  async ask(): Promise<void> {
    this.#asking = true;
    try {
      this.#take(await call("patient_view_read"));
    } catch {
      this.onEnd();
    }
    this.#asking = false;
  }
}
