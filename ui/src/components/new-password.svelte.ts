import type { FieldProblem } from "$ipc";
import { PasswordStrength } from "./strength.svelte";

/** A password being chosen: typed twice and judged by the core on the way. */
export class NewPassword {
  password = $state("");
  repeat = $state("");
  readonly strength = new PasswordStrength();
  readonly differs = $derived(this.repeat !== "" && this.password !== this.repeat);

  problems(): FieldProblem[] {
    const found: FieldProblem[] = [];
    if (this.password === "") found.push({ field: "password", code: "required" });
    else if (this.strength.judgement?.acceptable === false) found.push({ field: "password", code: "too_weak" });
    if (this.repeat === "") found.push({ field: "password_repeat", code: "required" });
    else if (this.differs) found.push({ field: "password_repeat", code: "mismatch" });
    return found;
  }

  get fields(): { password: string; password_repeat: string } {
    return { password: this.password, password_repeat: this.repeat };
  }

  forget(): void {
    this.strength.stop();
    this.password = "";
    this.repeat = "";
  }
}
