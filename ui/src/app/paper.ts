import { formatLocale } from "$i18n";
import type { PaperSize } from "$ipc";

/** Letter is the office paper of North America and a few neighbours; everyone else prints on A4. */
const LETTER = new Set(["US", "CA", "MX", "PH", "CL", "CO", "VE"]);

export function defaultPaper(locale: string = formatLocale()): PaperSize {
  const region = new Intl.Locale(locale).region;
  return region !== undefined && LETTER.has(region) ? "letter" : "a4";
}
