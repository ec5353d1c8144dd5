import { m, problemText } from "$i18n";
import { type AppError, type FieldProblem, fieldProblems, toAppError } from "$ipc";

/** What a form is at: the problems of its fields, a failure of the whole, and whether it waits for an answer. */
export class FormWork {
  problems = $state<FieldProblem[]>([]);
  failure = $state<AppError | null>(null);
  busy = $state(false);
  /** The field whose password the core refused. */
  wrongPassword = $state<string | null>(null);

  /** Starts a judgement over; true when nothing is wrong so far. */
  judge(problems: FieldProblem[]): boolean {
    this.failure = null;
    this.wrongPassword = null;
    this.problems = problems;
    return problems.length === 0;
  }

  /** The fields of `values` that are needed and empty. */
  missing(values: Record<string, string>): FieldProblem[] {
    return Object.entries(values)
      .filter(([, value]) => value.trim() === "")
      .map(([field]) => ({ field, code: "required" as const }));
  }

  /**
   * Runs a call; a refusal goes to its fields, or to the head of the form. False when it was refused.
   * `passwordField` asks for the password of somebody who is signed in: a wrong one is a matter of that field.
   */
  async run(work: () => Promise<void>, passwordField?: string): Promise<boolean> {
    this.busy = true;
    this.failure = null;
    this.wrongPassword = null;
    try {
      await work();
      return true;
    } catch (reason) {
      const error = toAppError(reason);
      if (passwordField !== undefined && error.code === "invalid_credentials") this.wrongPassword = passwordField;
      else this.refuse(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  refuse(error: AppError): void {
    this.problems = fieldProblems(error);
    this.failure = this.problems.length === 0 ? error : null;
  }

  /** Whether a field is marked. */
  get marked(): boolean {
    return this.problems.length > 0 || this.wrongPassword !== null;
  }

  errorOf(field: string): string | undefined {
    if (this.wrongPassword === field) return m.password_wrong();
    const found = this.problems.find((problem) => problem.field === field);
    return found && problemText(found);
  }

  /** A mark goes as soon as its field is touched again. */
  touched(event: Event): void {
    const id = event.target instanceof HTMLElement ? event.target.id.replace(/-\d+$/, "").replaceAll("-", "_") : "";
    this.problems = this.problems.filter((problem) => problem.field !== id);
    this.wrongPassword = null;
  }
}
