import { completedYears, datePattern, formatLocale, m, parseDate, problemText, typedDate } from "$i18n";
import type { FieldProblem, FitzpatrickType, PatientDetails } from "$ipc";

/** The form as typed: the date is still text, an unassessed skin type is an empty choice. */
export type PatientDraft = Omit<PatientDetails, "date_of_birth" | "fitzpatrick"> & {
  date_of_birth: string;
  fitzpatrick: FitzpatrickType | "";
};

export function emptyDraft(): PatientDraft {
  return {
    family_name: "",
    given_names: "",
    date_of_birth: "",
    sex: "unknown",
    phone: "",
    email: "",
    address: "",
    fitzpatrick: "",
    medical_history: "",
    risk_factors: [],
    photo_consent: false,
    ai_consent: false,
  };
}

export function draftOf(details: PatientDetails): PatientDraft {
  return {
    family_name: details.family_name,
    given_names: details.given_names,
    date_of_birth: typedDate(details.date_of_birth),
    sex: details.sex,
    phone: details.phone,
    email: details.email,
    address: details.address,
    fitzpatrick: details.fitzpatrick ?? "",
    medical_history: details.medical_history,
    risk_factors: [...details.risk_factors],
    photo_consent: details.photo_consent,
    ai_consent: details.ai_consent,
  };
}

/** Typed text that was kept over a lock, read with care: it may come from another version of the window. */
export function readTyped(taken: unknown, blank: PatientDraft): { draft: PatientDraft; version: number } | null {
  if (typeof taken !== "object" || taken === null || !("draft" in taken) || !("version" in taken)) return null;
  const { draft, version } = taken;
  if (typeof draft !== "object" || draft === null || typeof version !== "number") return null;
  const fits = Object.entries(blank).every(([key, value]) => {
    const typed: unknown = (draft as Record<string, unknown>)[key];
    return typeof typed === typeof value && Array.isArray(typed) === Array.isArray(value);
  });
  return fits ? { draft: draft as PatientDraft, version } : null;
}

export type Judged = { details: PatientDetails; problems: [] } | { details: null; problems: FieldProblem[] };

/** What the form can judge by itself; the core judges everything again. */
export function judge(draft: PatientDraft, today: Date = new Date()): Judged {
  const problems: FieldProblem[] = [];
  for (const field of ["family_name", "given_names"] as const) {
    if (draft[field].trim() === "") problems.push({ field, code: "required" });
  }
  const born = parseDate(draft.date_of_birth);
  if (draft.date_of_birth.trim() === "") problems.push({ field: "date_of_birth", code: "required" });
  else if (born === null) problems.push({ field: "date_of_birth", code: "bad_format" });
  else if (completedYears(born, today) < 0) problems.push({ field: "date_of_birth", code: "in_the_future" });
  else if (completedYears(born, today) > 130) problems.push({ field: "date_of_birth", code: "too_long_ago" });
  if (problems.length > 0 || born === null) return { details: null, problems };
  return {
    details: { ...draft, date_of_birth: born, fitzpatrick: draft.fitzpatrick === "" ? null : draft.fitzpatrick },
    problems: [],
  };
}

export function wordsOf(problem: FieldProblem): string {
  return problem.field === "date_of_birth" && problem.code === "bad_format"
    ? m.problem_date({ pattern: datePattern(formatLocale()) })
    : problemText(problem);
}
