import { m } from "$i18n";
import type { ArticleCode, ArticleContent, ArticleSection, CodeSystem } from "$ipc";

/** In the order they are read in. */
export const SECTIONS = [
  "description", "urgent", "symptoms", "dermoscopy", "causes", "treatment", "prevention",
  "severity_mild", "severity_moderate", "severity_severe", "contagion",
] as const satisfies readonly ArticleSection[];

/** A message that can be said in a language that need not be the window's: an article is read as a whole. */
type Word = typeof m.library_description;

export const sectionWords: Record<ArticleSection, Word> = {
  description: m.library_description,
  urgent: m.library_urgent,
  symptoms: m.library_symptoms,
  dermoscopy: m.library_dermoscopy,
  causes: m.library_causes,
  treatment: m.library_treatment,
  prevention: m.library_prevention,
  severity_mild: m.library_severity_mild,
  severity_moderate: m.library_severity_moderate,
  severity_severe: m.library_severity_severe,
  contagion: m.library_contagion,
};

export const SEVERITIES: readonly ArticleSection[] = ["severity_mild", "severity_moderate", "severity_severe"];

const SYSTEMS: Record<CodeSystem, string> = { icd10: "ICD-10", snomed_ct: "SNOMED CT" };

export const codeText = ({ system, code }: ArticleCode): string => `${SYSTEMS[system]} ${code}`;

export const textOf = (content: ArticleContent, section: ArticleSection): string =>
  content.sections.find((one) => one.section === section)?.text ?? "";

export const EMPTY_ARTICLE: ArticleContent = { title: "", synonyms: [], codes: [], classes: [], contagious: null, sections: [], sources: [] };

/** "L57.0, 201101007": a code of ICD-10 begins with a letter. */
export const codesOf = (typed: string): ArticleCode[] =>
  piecesOf(typed, /[,;\n]/).map((code) => ({ system: /^\d/.test(code) ? "snomed_ct" : "icd10", code: code.toUpperCase() }));

export function piecesOf(typed: string, between: RegExp): string[] {
  const pieces = typed.split(between).map((piece) => piece.trim());
  return pieces.filter((piece) => piece !== "");
}
