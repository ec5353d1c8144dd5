/** A whole number within its limits, or null for anything else that was typed. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  const typed = text.trim();
  if (!/^\d{1,6}$/.test(typed)) return null;
  const value = Number(typed);
  return value >= least && value <= most ? value : null;
}
