import type { TemplateState, TextLanguage } from "../ipc/generated";
import { m } from "./generated/messages";
import { getLocale } from "./generated/runtime";

/** Languages that a report's text can be proposed in. */
export const TEXT_LANGUAGES = ["en", "de", "es"] as const satisfies readonly TextLanguage[];

export const textLanguageWords: Record<TextLanguage, () => string> = {
  en: m.text_language_en,
  de: m.text_language_de,
  es: m.text_language_es,
};

/** That of the window. */
export const ownTextLanguage = (): TextLanguage => TEXT_LANGUAGES.find((language) => language === getLocale()) ?? "en";

const PROGRAM_TEMPLATES: Record<string, () => string> = {
  standard: m.template_standard,
  short: m.template_short,
  course: m.template_course,
};

/** A template that the clinic has not changed is called as the window calls it. */
export const templateName = ({ key, name, state }: { key: string; name: string; state: TemplateState }): string =>
  state === "built_in" && Object.hasOwn(PROGRAM_TEMPLATES, key) ? (PROGRAM_TEMPLATES[key]?.() ?? name) : name;
