import type { FieldProblem, LetterheadRequest } from "$ipc";

export const MOST_LINES = 6;
export const LONGEST_LINE = 120;
export const LONGEST_NAME = 200;

/** As typed: the lines are still one text. */
export type LetterheadDraft = { name: string; lines: string; paper: LetterheadRequest["paper"] };

export const letterheadDraft = ({ clinic_name, lines, paper }: LetterheadRequest): LetterheadDraft => ({ name: clinic_name, lines: lines.join("\n"), paper });

/** Lines without the empty ones at the end, which nobody means. */
export const linesOf = (text: string): string[] => text.trimEnd().split("\n").map((line) => line.trim()).filter((line, at, all) => line !== "" || at < all.length - 1);

export const letterheadOf = ({ name, lines, paper }: LetterheadDraft): LetterheadRequest => ({ clinic_name: name.trim(), lines: linesOf(lines), paper });

/** What the form can judge by itself; the core judges everything again. */
export function judgeLetterhead({ clinic_name, lines }: LetterheadRequest): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if ([...clinic_name].length > LONGEST_NAME) problems.push({ field: "clinic_name", code: "too_long", limit: LONGEST_NAME });
  if (lines.length > MOST_LINES) problems.push({ field: "lines", code: "not_allowed" });
  else if (lines.some((line) => [...line].length > LONGEST_LINE)) problems.push({ field: "lines", code: "too_long", limit: LONGEST_LINE });
  return problems;
}
