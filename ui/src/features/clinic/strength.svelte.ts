import { call, type PasswordJudgement } from "$ipc";

const DEBOUNCE_MS = 150;

/** Asks the core how strong a password is while it is typed; a late answer never replaces a newer one. */
export class PasswordStrength {
  judgement = $state<PasswordJudgement | null>(null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  ask(password: string, context: string[]): void {
    const turn = ++this.#asked;
    clearTimeout(this.#timer);
    if (password === "") {
      this.judgement = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#judge(turn, password, context), DEBOUNCE_MS);
  }

  stop(): void {
    this.#asked++;
    clearTimeout(this.#timer);
  }

  async #judge(turn: number, password: string, context: string[]): Promise<void> {
    try {
      const judgement = await call("password_judge", { password, context });
      if (turn === this.#asked) this.judgement = judgement;
    } catch {
      // The core judges again when the clinic is created; the meter is only a help on the way.
      if (turn === this.#asked) this.judgement = null;
    }
  }
}
