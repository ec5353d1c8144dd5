import { getLocale } from "./generated/runtime";

/**
 * Locale for dates and numbers: the system's own variant where it speaks the window's language, and the window's language
 * as it is written in the system's country otherwise. So an English window shows British dates on a British workstation,
 * and never American ones on a German.
 */
export function formatLocale(): string {
  const language = getLocale();
  const systems = typeof navigator === "undefined" ? [] : navigator.languages;
  const own = systems.find((tag) => tag.split("-")[0] === language);
  if (own !== undefined) return own;
  const [, country] = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?-([A-Z]{2})$/.exec(systems[0] ?? "") ?? [];
  return country === undefined ? language : `${language}-${country}`;
}
