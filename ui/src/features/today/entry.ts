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

const ENTRY_FIELDS = ["day", "planned", "clinician", "room", "note"] as const satisfies (keyof EntryDraft)[];
export type EntryField = (typeof ENTRY_FIELDS)[number];

/** What was typed, with its day as it is stored: no language of the window writes that otherwise. */
const plainOf = (draft: EntryDraft): EntryDraft => ({ ...draft, day: parseDate(draft.day) ?? draft.day });

/** A visit in the same form. */
export const storedOf = (visit: VisitView): EntryDraft => ({ ...entryOf(visit), day: visit.day });

export function isTyped(draft: EntryDraft, base: EntryDraft): boolean {
  const plain = plainOf(draft);
  return ENTRY_FIELDS.some((field) => plain[field] !== base[field]);
}

/** What was typed, and the visit as it was stored when the typing began. */
export type KeptEntry = { draft: EntryDraft; base: EntryDraft };

/** A visit that moved on meanwhile: the fields that nobody typed in follow it. */
export function follow({ draft, base }: KeptEntry, visit: VisitView): KeptEntry {
  const [plain, stored, shown] = [plainOf(draft), storedOf(visit), entryOf(visit)];
  const untouched = ENTRY_FIELDS.filter((field) => plain[field] === base[field]);
  const settled = ENTRY_FIELDS.filter((field) => plain[field] === base[field] || plain[field] === stored[field]);
  const taken = (from: EntryDraft, fields: EntryField[]) => Object.fromEntries(fields.map((field) => [field, from[field]]));
  return { draft: { ...draft, ...taken(shown, untouched) }, base: { ...base, ...taken(stored, settled) } };
}

/** The fields that somebody typed in while somebody else stored something else there. */
export function contested({ draft, base }: KeptEntry, visit: VisitView): EntryField[] {
  const [plain, stored] = [plainOf(draft), storedOf(visit)];
  return ENTRY_FIELDS.filter((field) => stored[field] !== base[field] && plain[field] !== base[field] && plain[field] !== stored[field]);
}

/** Typed text that was kept over a lock, read with care: it may come from another version of the window. */
export function readKept(typed: unknown): KeptEntry | null {
  if (typeof typed !== "object" || typed === null || !("draft" in typed) || !("base" in typed)) return null;
  const [draft, base] = [readEntry(typed.draft), readEntry(typed.base)];
  return draft && base && { draft, base };
}

export function readEntry(typed: unknown): EntryDraft | null {
  if (typeof typed !== "object" || typed === null) return null;
  const read: Partial<Record<EntryField, string>> = {};
  for (const field of ENTRY_FIELDS) {
    const value: unknown = (typed as Record<string, unknown>)[field];
    if (typeof value !== "string") return null;
    read[field] = value;
  }
  return read as EntryDraft;
}
