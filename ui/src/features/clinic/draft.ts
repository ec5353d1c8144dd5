import type { FieldProblem } from "$ipc";

/** What is typed before the password. */
export type ClinicDraft = { clinic_name: string; full_name: string; email: string };
export type Step = "welcome" | "clinic" | "administrator" | "password" | "creating" | "recovery" | "second-factor";

export const emptyDraft = (): ClinicDraft => ({ clinic_name: "", full_name: "", email: "" });

/** The step that holds a field, so that a refused set-up goes back to where it can be mended. */
export function stepOf(field: string): Step {
  if (field === "clinic_name") return "clinic";
  return field === "full_name" || field === "email" ? "administrator" : "password";
}

/** The first of the refused steps in the order in which they are walked. */
export function firstStepOf(problems: FieldProblem[]): Step {
  const steps = problems.map((problem) => stepOf(problem.field));
  return (["clinic", "administrator", "password"] as const).find((step) => steps.includes(step)) ?? "password";
}

/** Group of the sheet to type back: never the first, which the eye catches without reading. */
export function groupToConfirm(count: number, random: () => number = Math.random): number {
  return count < 2 ? 1 : 2 + Math.floor(random() * (count - 1));
}
