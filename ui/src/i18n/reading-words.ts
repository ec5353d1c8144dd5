import type { Advice, Label } from "../ipc/generated";
import { m } from "./generated/messages";
import { baseLocale, getLocale } from "./generated/runtime";

type Word = typeof m.advice_inconclusive;

/** Row of the table of recommendations → its headline and its text. */
const ADVICE: Readonly<Record<string, readonly [headline: Word, text: Word]>> = {
  out_of_distribution: [m.advice_out_of_distribution, m.advice_out_of_distribution_text],
  inconclusive: [m.advice_inconclusive, m.advice_inconclusive_text],
  inconclusive_suspicious: [m.advice_inconclusive_suspicious, m.advice_inconclusive_suspicious_text],
  inconclusive_malignant: [m.advice_inconclusive_malignant, m.advice_inconclusive_malignant_text],
  uncertain_benign: [m.advice_uncertain_benign, m.advice_uncertain_benign_text],
  uncertain_suspicious: [m.advice_uncertain_suspicious, m.advice_uncertain_suspicious_text],
  uncertain_malignant: [m.advice_uncertain_malignant, m.advice_uncertain_malignant_text],
  confident_benign: [m.advice_confident_benign, m.advice_confident_benign_text],
  confident_suspicious: [m.advice_confident_suspicious, m.advice_confident_suspicious_text],
  confident_malignant: [m.advice_confident_malignant, m.advice_confident_malignant_text],
};

const CLASSES: Readonly<Record<string, Word>> = {
  nv: m.class_nv,
  mel: m.class_mel,
  bcc: m.class_bcc,
  scc: m.class_scc,
  ak: m.class_ak,
  bkl: m.class_bkl,
  df: m.class_df,
  vasc: m.class_vasc,
};

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

/** A result keeps the English words it was given with; they are translated only while they are still the table's. */
export function adviceText({ code, text }: Advice): string {
  const words = own(ADVICE, code)?.[1];
  return words?.({}, { locale: baseLocale }) === text ? words() : text;
}

/** A headline alone is known by its words: a summary has no row of the table. */
export const adviceHeadline = (headline: string): string =>
  Object.values(ADVICE).find(([words]) => words({}, { locale: baseLocale }) === headline)?.[0]() ?? headline;

/** A class of the model; its card speaks English, and has the word where the window has none. */
export const className = ({ code, name }: Pick<Label, "code" | "name">): string =>
  getLocale() === baseLocale ? name : (own(CLASSES, code)?.() ?? name);
