import { m } from "$i18n";

/** Stretches of time that are asked for most; days of one's own are typed. */
export const RANGES = ["quarter", "year", "five_years", "all", "own"] as const;
export type Range = (typeof RANGES)[number];

export const rangeWords: Record<Range, () => string> = {
  quarter: m.trend_range_quarter,
  year: m.trend_range_year,
  five_years: m.trend_range_five_years,
  all: m.trend_range_all,
  own: m.trend_range_own,
};

const MONTHS: Partial<Record<Range, number>> = { quarter: 3, year: 12, five_years: 60 };

const two = (part: number): string => String(part).padStart(2, "0");

/** The first day of a range that ends today; null where it has no beginning of its own. */
export function beginOf(range: Range, today: Date = new Date()): string | null {
  const months = MONTHS[range];
  if (months === undefined) return null;
  // From the first of a month, so that months are whole.
  const first = new Date(today.getFullYear(), today.getMonth() - months + 1, 1);
  return `${first.getFullYear()}-${two(first.getMonth() + 1)}-${two(first.getDate())}`;
}
