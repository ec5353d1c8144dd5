import { m } from "$i18n";

/** Reads a typed time of day: `9`, `930`, `9:30`, `09.30`; null where it is none. */
export function parseTime(text: string): string | null {
  const fields = /^(\d{1,2})(?:[:.h ]?(\d{2}))?$/.exec(text.trim());
  if (!fields) return null;
  const [hour, minute] = [Number(fields[1]), Number(fields[2] ?? "0")];
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** The time of an instant by the clock on the wall, as it is typed. */
export function typedTime(instant: string | null): string {
  if (instant === null) return "";
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A span of waiting in hours and minutes. */
export function waitText(minutes: number): string {
  if (minutes < 60) return m.wait_minutes({ minutes });
  return m.wait_hours({ hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

/** The calendar day so many days away (`2026-03-05`), free of time zones. */
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Today by the clock on the wall. */
export function localToday(now: Date = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
