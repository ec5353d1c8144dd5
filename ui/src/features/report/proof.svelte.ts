import type { FormWork } from "$components";
import { errorText, m } from "$i18n";
import type { FieldProblem } from "$ipc";

const DIGITS = /^\d{6}$/;

/** Who signs proves it again: the password, and the digits where a second factor is set. */
export class Proof {
  password = $state("");
  code = $state("");
  codeError = $state<string | undefined>(undefined);

  constructor(readonly factor: () => boolean) {}

  get fields(): { password: string; code: string | null } {
    return { password: this.password, code: this.factor() ? this.code : null };
  }

  problems(work: FormWork): FieldProblem[] {
    this.codeError = this.factor() && !DIGITS.test(this.code) ? m.totp_six_digits() : undefined;
    const marked: FieldProblem[] = this.codeError === undefined ? [] : [{ field: "code", code: "bad_format" }];
    return [...work.missing({ password: this.password }), ...marked];
  }

  /** After a refusal: nothing of a proof is used twice, and a wrong code is a matter of its field. */
  refused(work: FormWork): void {
    this.code = "";
    if (work.failure?.code === "second_factor_wrong") {
      this.codeError = errorText(work.failure);
      work.failure = null;
      work.problems = [{ field: "code", code: "bad_format" }];
    } else if (work.wrongPassword !== null) {
      this.password = "";
    }
  }

  /** The mark of a code, as long as it stands. */
  codeErrorOf(work: FormWork): string | undefined {
    return work.problems.some((problem) => problem.field === "code") ? (this.codeError ?? work.errorOf("code")) : undefined;
  }
}
