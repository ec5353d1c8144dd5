import type { AppError, ErrorCode } from "./generated";

/** A field and its problem, as `details.problems` lists them. */
export type FieldProblem = { field: string; code: ProblemCode; limit?: number };

export const PROBLEM_CODES = [
  "required",
  "too_long",
  "too_short",
  "bad_format",
  "in_the_future",
  "too_long_ago",
  "not_allowed",
  "already_used",
  "mismatch",
  "too_weak",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whatever a call was rejected with, as the one error shape of the border. */
export function toAppError(reason: unknown): AppError {
  if (isRecord(reason) && typeof reason.code === "string" && typeof reason.message === "string") {
    return {
      code: reason.code as ErrorCode,
      message: reason.message,
      details: isRecord(reason.details) ? reason.details : {},
    };
  }
  return { code: "internal", message: "", details: {} };
}

/** The problems of an `invalid_input`, each with its field; anything malformed is left out. */
export function fieldProblems(error: AppError): FieldProblem[] {
  const listed = error.details.problems;
  if (error.code !== "invalid_input" || !Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown): FieldProblem[] => {
    if (!isRecord(entry) || typeof entry.field !== "string") return [];
    const code = PROBLEM_CODES.find((known) => known === entry.code) ?? "bad_format";
    // A request may wrap its fields; the last part of the path is the name of the input.
    const field = entry.field.split(".").at(-1) ?? entry.field;
    return [typeof entry.limit === "number" ? { field, code, limit: entry.limit } : { field, code }];
  });
}
