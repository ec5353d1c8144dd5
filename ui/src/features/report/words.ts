import { m, textLanguageWords } from "$i18n";
import type { EditionKind, ReportState, SignatureMeaning, TextSource } from "$ipc";

export const reportStateWords: Record<ReportState, () => string> = {
  draft: m.report_state_draft,
  signed: m.report_state_signed,
  withdrawn: m.report_state_withdrawn,
  discarded: m.report_state_discarded,
};

/** As somebody says it who signs. */
export const ownMeaningWords: Record<SignatureMeaning, () => string> = {
  author: m.signature_author,
  review: m.signature_review,
  responsibility: m.signature_responsibility,
};

/** As it is told of somebody who signed. */
export const meaningWords: Record<SignatureMeaning, () => string> = {
  author: m.signed_as_author,
  review: m.signed_as_review,
  responsibility: m.signed_as_responsibility,
};

export const editionWords: Record<EditionKind, () => string> = {
  signed: m.edition_signed,
  addendum: m.edition_addendum,
  withdrawn: m.edition_withdrawn,
};

/** Longest conclusion, addendum or reason, in characters as the core counts them. */
export const LONGEST_TEXT = 4_000;

/** Counted by code point, not by UTF-16 unit. */
export const lengthOf = (text: string): number => [...text].length;

/** Where a text came from. */
export function sourceText(source: TextSource): string {
  const language = textLanguageWords[source.language]();
  return source.kind === "template"
    ? m.report_text_source_template({ name: source.name, version: source.version, language })
    : m.report_text_source_model({ model: source.model, host: source.host, language });
}
