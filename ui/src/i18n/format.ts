import { m } from "./generated/messages";
import { formatLocale } from "./locale";

const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.Collator>();

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${formatLocale()}${JSON.stringify(options)}`;
  const made = cache.get(key) ?? new Intl.DateTimeFormat(formatLocale(), options);
  cache.set(key, made);
  return made as Intl.DateTimeFormat;
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${formatLocale()}${JSON.stringify(options)}`;
  const made = cache.get(key) ?? new Intl.NumberFormat(formatLocale(), options);
  cache.set(key, made);
  return made as Intl.NumberFormat;
}

/** Orders names as the language of the window does, numbers in them by their size. */
export function byName(a: string, b: string): number {
  const key = `c${formatLocale()}`;
  const made = cache.get(key) ?? new Intl.Collator(formatLocale(), { numeric: true });
  cache.set(key, made);
  return (made as Intl.Collator).compare(a, b);
}

/** A calendar day such as a date of birth (`1971-03-09`), free of time zones. */
export function formatDay(day: string, style: "short" | "long" = "short"): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  // A month in letters: 09/03 is two different days on two sides of an ocean.
  const month = style === "long" ? "long" : "short";
  return dates({ year: "numeric", month, day: "numeric", timeZone: "UTC" }).format(date);
}

/** The month of a calendar day. */
export function formatMonth(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return dates({ year: "numeric", month: "short", timeZone: "UTC" }).format(date);
}

/** The local day of an instant. */
export function formatInstantDay(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dates({ year: "numeric", month: "short", day: "numeric" }).format(date);
}

/** Hour and minute: 02:01 where a day has twenty-four hours, 2:01 AM where it has twice twelve. */
function clock(): Intl.DateTimeFormatOptions {
  const twelve = dates({ hour: "numeric" }).resolvedOptions().hour12;
  return { hour: twelve ? "numeric" : "2-digit", minute: "2-digit" };
}

/** The local day and minute of an instant. */
export function formatInstant(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dates({ year: "numeric", month: "short", day: "numeric", ...clock() }).format(date);
}

/** The local day and second of an instant. */
export function formatMoment(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const second = { second: "2-digit" } as const;
  return dates({ year: "numeric", month: "short", day: "numeric", ...clock(), ...second }).format(date);
}

/** The local hour and minute of an instant. */
export function formatTime(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dates(clock()).format(date);
}

/** A whole hour of the day, 0 to 23. */
export function formatHour(hour: number): string {
  return dates({ ...clock(), timeZone: "UTC" }).format(new Date(Date.UTC(2026, 0, 5, hour)));
}

/** A day of the week, 1 (Monday) to 7. */
export function formatWeekday(day: number): string {
  // 5 January 2026 was a Monday.
  return dates({ weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2026, 0, 4 + day)));
}

export function formatCount(value: number): string {
  return numbers({ maximumFractionDigits: 0 }).format(value);
}

/** A count that may have ended early. */
export function countOver(value: number, over: boolean): string {
  return over ? m.count_over({ count: formatCount(value) }) : formatCount(value);
}

/** Shares far below one keep two digits that mean something: 0.004 is not 0. */
export function formatNumber(value: number, digits = 2): string {
  if (value !== 0 && Math.abs(value) < 0.1) return numbers({ maximumSignificantDigits: 2 }).format(value);
  return numbers({ maximumFractionDigits: digits }).format(value);
}

/** Always as many decimals, for figures that stand under each other. */
export function formatFixed(value: number, digits: number): string {
  return numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A probability of 0 to 1 as per cent with one decimal. */
export function formatPercent(value: number, digits = 1): string {
  return numbers({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A span of time: milliseconds below one second, seconds with a decimal above. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000
    ? numbers({ style: "unit", unit: "millisecond", maximumFractionDigits: 0 }).format(milliseconds)
    : numbers({ style: "unit", unit: "second", unitDisplay: "narrow", maximumFractionDigits: 1 }).format(milliseconds / 1000);
}

export function formatBytes(bytes: number): string {
  const mega = bytes / 1_000_000;
  if (mega >= 1000) return numbers({ style: "unit", unit: "gigabyte", maximumFractionDigits: 1 }).format(mega / 1000);
  return mega >= 1
    ? numbers({ style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(mega)
    : numbers({ style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }).format(bytes / 1000);
}
