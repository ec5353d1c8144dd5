import { formatLocale } from "$i18n";

const two = (n: number): string => String(n).padStart(2, "0");

/** The month of a day, by its first day. */
export const monthOf = (day: Date): string => `${day.getFullYear()}-${two(day.getMonth() + 1)}-01`;

/** A month so many months later. */
export function shifted(month: string, by: number): string {
  const [year = 0, of = 1] = month.split("-").map(Number);
  const count = year * 12 + (of - 1) + by;
  return `${Math.floor(count / 12)}-${two((count % 12) + 1)}-01`;
}

export const monthName = (month: string): string =>
  new Intl.DateTimeFormat(formatLocale(), { year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${month}T00:00:00Z`));
