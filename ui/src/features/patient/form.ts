import { completedYears, datePattern, formatDay, formatLocale, m, parseDate, problemText, typedDate } from "$i18n";
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
    alert: "",
    medical_history: "",
    risk_factors: [],
    photo_consent: false,
    ai_consent: false,
    training_consent: false,
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
    alert: details.alert,
    medical_history: details.medical_history,
    risk_factors: [...details.risk_factors],
    photo_consent: details.photo_consent,
    ai_consent: details.ai_consent,
    training_consent: details.training_consent,
  };
}

type Kept = {
  draft: PatientDraft;
  version: number;
  /** What the form was filled from, where that was kept too. */
  base: PatientDraft | null;
};

/** Typed text that was kept over a lock, read with care: it may come from another version of the window. */
export function readTyped(taken: unknown, blank: PatientDraft): Kept | null {
  if (typeof taken !== "object" || taken === null || !("draft" in taken) || !("version" in taken)) return null;
  const { draft, version } = taken;
  if (!isDraft(draft, blank) || typeof version !== "number") return null;
  return { draft, version, base: "base" in taken && isDraft(taken.base, blank) ? taken.base : null };
}

function isDraft(value: unknown, blank: PatientDraft): value is PatientDraft {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(blank).every(([key, like]) => {
    const typed: unknown = (value as Record<string, unknown>)[key];
    return typeof typed === typeof like && Array.isArray(typed) === Array.isArray(like);
  });
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

/** What a typed date of birth is read as, or how to type one. */
export function bornHint(typed: string): string {
  const born = parseDate(typed);
  const age = born === null ? -1 : completedYears(born);
  return born === null || age < 0
    ? m.patient_dob_hint({ pattern: datePattern() })
    : m.patient_dob_read({ date: formatDay(born, "long"), age: m.patient_age_years({ count: age }) });
}

export function wordsOf(problem: FieldProblem): string {
  return problem.field === "date_of_birth" && problem.code === "bad_format"
    ? m.problem_date({ pattern: datePattern(formatLocale()) })
    : problemText(problem);
}
