import type { DraftSlot } from "$components";
import { parseDate } from "$i18n";
import type { FieldProblem } from "$ipc";

const FORMS = ["recall", "contact", "done", "cancel", "specimen", "send", "result", "withdraw", "strike"] as const;

/** What somebody is asked for, about which record; nothing for a new one. */
export type Ask = { form: (typeof FORMS)[number]; id: string | null };

/** A form that a lock interrupted, with what it held. */
export function readAsk(taken: unknown): { ask: Ask; typed: unknown } | null {
  if (typeof taken !== "object" || taken === null || !("ask" in taken) || !("typed" in taken)) return null;
  const { ask, typed } = taken;
  if (typeof ask !== "object" || ask === null || !("form" in ask) || !("id" in ask)) return null;
  const form = FORMS.find((known) => known === ask.form);
  const { id } = ask;
  if (form === undefined || (id !== null && typeof id !== "string")) return null;
  return { ask: { form, id }, typed };
}

/** The part of a slot that belongs to one question. */
export function slotOf(slot: DraftSlot, ask: Ask): DraftSlot {
  const kept = readAsk(slot.taken);
  const same = kept !== null && kept.ask.form === ask.form && kept.ask.id === ask.id;
  return { taken: same ? kept.typed : null, at: slot.at, keep: (typed) => slot.keep({ ask, typed }), drop: () => slot.drop() };
}

/** Typed fields that came back from a lock; nothing when one of them is missing. */
export function readStrings<K extends string>(taken: unknown, keys: readonly K[]): Record<K, string> | null {
  if (typeof taken !== "object" || taken === null) return null;
  const held = taken as Record<string, unknown>;
  const read: Partial<Record<K, string>> = {};
  for (const key of keys) {
    const value = held[key];
    if (typeof value !== "string") return null;
    read[key] = value;
  }
  return read as Record<K, string>;
}

/** A typed day, with what is wrong with it. */
export function dayOf(field: string, text: string): { day: string | null; problems: FieldProblem[] } {
  if (text.trim() === "") return { day: null, problems: [{ field, code: "required" }] };
  const day = parseDate(text);
  return { day, problems: day === null ? [{ field, code: "bad_format" }] : [] };
}

export function wholeNumber(text: string, least: number, most: number): number | null {
  const typed = text.trim();
  const number = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
  return number >= least && number <= most ? number : null;
}

/** A decimal number with a point or a comma; nothing for anything else. */
export function decimal(text: string): number | null {
  return /^\d{1,4}([.,]\d{1,4})?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : null;
}

/** Counted as the core counts: trimmed, and by code point. */
export function tooLong(field: string, text: string, limit: number): FieldProblem[] {
  return [...text.trim()].length > limit ? [{ field, code: "too_long", limit }] : [];
}

export const fullName = (person: { family_name: string; given_names: string }): string =>
  `${person.family_name}, ${person.given_names}`;
