import { getLocale } from "./generated/runtime";

/**
 * Locale for dates and numbers: the system's own variant where it speaks the window's language,
 * so that an English window shows British dates on a British workstation.
 */
export function formatLocale(): string {
  const language = getLocale();
  const systems = typeof navigator === "undefined" ? [] : navigator.languages;
  return systems.find((tag) => tag.split("-")[0] === language) ?? language;
}
