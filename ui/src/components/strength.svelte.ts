import { call, type PasswordJudgement } from "$ipc";

const DEBOUNCE_MS = 150;

/** Asks the core how strong a password is while it is typed; a late answer never replaces a newer one. */
export class PasswordStrength {
  judgement = $state<PasswordJudgement | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `secondFactor`: whether its owner also signs in with a second factor, so that fewer characters are enough. */
  ask(password: string, context: string[], secondFactor = false): void {
    const turn = ++this.#asked;
    clearTimeout(this.#timer);
    if (password === "") {
      this.judgement = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#judge(turn, password, context, secondFactor), DEBOUNCE_MS);
  }

  stop(): void {
    this.#asked++;
    clearTimeout(this.#timer);
  }

  async #judge(turn: number, password: string, context: string[], second_factor: boolean): Promise<void> {
    try {
      const judgement = await call("password_judge", { password, context, second_factor });
      if (turn === this.#asked) this.judgement = judgement;
    } catch {
      // The core judges again when the password is set; the meter is only a help on the way.
      if (turn === this.#asked) this.judgement = null;
    }
  }
}
