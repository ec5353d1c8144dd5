import { completedYears, parseDate, typedDate } from "$i18n";
import type { FieldProblem, UserDetails } from "$ipc";

/** The form as typed: the date is still text, an unsaid gender is an empty choice. */
export type AccountDraft = {
  full_name: string;
  email: string;
  phone: string;
  date_of_birth: string;
  gender: NonNullable<UserDetails["gender"]> | "";
};

export const emptyAccount = (): AccountDraft => ({ full_name: "", email: "", phone: "", date_of_birth: "", gender: "" });

export function accountOf(details: UserDetails): AccountDraft {
  return {
    full_name: details.full_name,
    email: details.email,
    phone: details.phone ?? "",
    date_of_birth: details.date_of_birth === null ? "" : typedDate(details.date_of_birth),
    gender: details.gender ?? "",
  };
}

export type Judged = { details: UserDetails; problems: [] } | { details: null; problems: FieldProblem[] };

/** What the form can judge by itself; the core judges everything again. */
export function judgeAccount(draft: AccountDraft, licence: string | null = null, today: Date = new Date()): Judged {
  const problems: FieldProblem[] = [];
  const full_name = draft.full_name.trim();
  const email = draft.email.trim();
  if (full_name === "") problems.push({ field: "full_name", code: "required" });
  if (email === "") problems.push({ field: "email", code: "required" });
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) problems.push({ field: "email", code: "bad_format" });
  const typed = draft.date_of_birth.trim();
  const born = typed === "" ? null : parseDate(typed);
  if (typed !== "" && born === null) problems.push({ field: "date_of_birth", code: "bad_format" });
  else if (born !== null && completedYears(born, today) < 0) problems.push({ field: "date_of_birth", code: "in_the_future" });
  else if (born !== null && completedYears(born, today) > 130) problems.push({ field: "date_of_birth", code: "too_long_ago" });
  if (problems.length > 0) return { details: null, problems };
  return {
    details: {
      full_name,
      email,
      phone: draft.phone.trim() || null,
      date_of_birth: born,
      gender: draft.gender || null,
      licence_number: licence,
    },
    problems: [],
  };
}
