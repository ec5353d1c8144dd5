import { m } from "$i18n";
import type { EditionKind, ReportState, SignatureMeaning } from "$ipc";

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
