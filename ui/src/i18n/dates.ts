import { m } from "./generated/messages";
import { formatLocale } from "./locale";

type Part = "year" | "month" | "day";

/** The order in which a locale writes a date, and the sign between its parts. */
function writtenForm(locale: string): { order: Part[]; separator: string } {
  const parts = new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(
    new Date(2001, 1, 3),
  );
  const order = parts.map((p) => p.type).filter((t): t is Part => t === "year" || t === "month" || t === "day");
  const separator = parts.find((p) => p.type === "literal")?.value.trim() || "-";
  return { order, separator };
}

/** The pattern shown beside a date field, in letters of the language, such as `DD/MM/YYYY` or `TT.MM.JJJJ`. */
export function datePattern(locale: string = formatLocale()): string {
  const letters: Record<Part, string> = { year: m.date_letters_year(), month: m.date_letters_month(), day: m.date_letters_day() };
  const { order, separator } = writtenForm(locale);
  return order.map((part) => letters[part]).join(separator);
}

function toIso(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!real || year < 1000) return null;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}`;
}

/**
 * Reads a typed date: ISO (`1971-03-09`, `19710309`) or the order of the locale with any separator.
 * Two-digit years are refused: a patient of 1926 and one of 2026 must not be mixed up.
 */
export function parseDate(text: string, locale: string = formatLocale()): string | null {
  const typed = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(typed);
  if (iso) return toIso(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const fields = /^(\d{1,4})\s*[./\- ]\s*(\d{1,2})\s*[./\- ]\s*(\d{1,4})\.?$/.exec(typed);
  if (!fields) return null;
  const { order } = writtenForm(locale);
  const read: Partial<Record<Part, string>> = {};
  order.forEach((part, index) => (read[part] = fields[index + 1] ?? ""));
  if (read.year?.length !== 4 || (read.month?.length ?? 3) > 2 || (read.day?.length ?? 3) > 2) return null;
  return toIso(Number(read.year), Number(read.month), Number(read.day));
}

/** A stored day in the form in which the locale types it. */
export function typedDate(day: string, locale: string = formatLocale()): string {
  const [year = "", month = "", dayOfMonth = ""] = day.split("-");
  const { order, separator } = writtenForm(locale);
  const values: Record<Part, string> = { year, month, day: dayOfMonth };
  return order.map((part) => values[part]).join(separator);
}

/** What was typed under one locale, with those days typed anew that another one would read as other days. */
export function retyped(typed: unknown, from: string, to: string): unknown {
  if (from === to) return typed;
  if (Array.isArray(typed)) return typed.map((entry) => retyped(entry, from, to));
  if (typeof typed === "object" && typed !== null) {
    return Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, retyped(value, from, to)]));
  }
  if (typeof typed !== "string") return typed;
  const day = parseDate(typed, from);
  return day === null || day === parseDate(typed, to) ? typed : typedDate(day, to);
}

/** Completed years between a day of birth and a day; someone born on 29 February turns on 1 March. */
export function completedYears(birth: string, today: Date = new Date()): number {
  const [year = 0, month = 1, day = 1] = birth.split("-").map(Number);
  const had = today.getMonth() + 1 > month || (today.getMonth() + 1 === month && today.getDate() >= day);
  return today.getFullYear() - year - (had ? 0 : 1);
}
