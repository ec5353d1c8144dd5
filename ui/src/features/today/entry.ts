import { datePattern, m, parseDate, problemText, typedDate } from "$i18n";
import type { ClinicianId, FieldProblem, VisitEntry, VisitView } from "$ipc";
import { parseTime, typedTime } from "./clock";

/** A visit as it is typed. */
export type EntryDraft = { day: string; planned: string; clinician: ClinicianId | ""; room: string; note: string };

export function emptyEntry(day: string): EntryDraft {
  return { day: typedDate(day), planned: "", clinician: "", room: "", note: "" };
}

export function entryOf(visit: VisitView): EntryDraft {
  return {
    day: typedDate(visit.day),
    planned: typedTime(visit.planned_at),
    clinician: visit.clinician_id ?? "",
    room: visit.room,
    note: visit.note,
  };
}

/** What was typed, for the core; or what is wrong with it. */
export function judgeEntry(draft: EntryDraft): { entry: VisitEntry; problems: FieldProblem[] } {
  const day = parseDate(draft.day);
  const planned = draft.planned.trim() === "" ? null : parseTime(draft.planned);
  const problems: FieldProblem[] = [
    ...(day === null ? [{ field: "day", code: "bad_format" as const }] : []),
    ...(planned === null && draft.planned.trim() !== "" ? [{ field: "planned", code: "bad_format" as const }] : []),
  ];
  const clinician_id = draft.clinician === "" ? null : draft.clinician;
  return { entry: { day, planned, clinician_id, room: draft.room.trim(), note: draft.note.trim() }, problems };
}

/** The words for a problem of a visit's field. */
export function entryProblem(problem: FieldProblem): string {
  if (problem.field === "planned") return m.visit_problem_time();
  if (problem.field === "day") {
    return problem.code === "bad_format" ? m.visit_problem_day({ pattern: datePattern() }) : m.visit_problem_day_range();
  }
  return problemText(problem);
}

/** What was typed, and the visit as it was when the typing began. */
export type KeptEntry = { draft: EntryDraft; base: EntryDraft };

/** Typed text that was kept over a lock, read with care: it may come from another version of the window. */
export function readKept(typed: unknown): KeptEntry | null {
  if (typeof typed !== "object" || typed === null || !("draft" in typed) || !("base" in typed)) return null;
  const [draft, base] = [readEntry(typed.draft), readEntry(typed.base)];
  return draft && base && { draft, base };
}

export const sameEntry = (one: EntryDraft, other: EntryDraft): boolean => ENTRY_FIELDS.every((field) => one[field] === other[field]);

const ENTRY_FIELDS = ["day", "planned", "clinician", "room", "note"] as const;

export function readEntry(typed: unknown): EntryDraft | null {
  if (typeof typed !== "object" || typed === null) return null;
  const read: Partial<Record<(typeof ENTRY_FIELDS)[number], string>> = {};
  for (const field of ENTRY_FIELDS) {
    const value: unknown = (typed as Record<string, unknown>)[field];
    if (typeof value !== "string") return null;
    read[field] = value;
  }
  return read as EntryDraft;
}
