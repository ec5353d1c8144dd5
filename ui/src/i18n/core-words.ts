import { m } from "./generated/messages";
import { baseLocale } from "./generated/runtime";
import { MODEL_SENTENCES } from "./model-words";
import { MORPHOLOGIES } from "./morphology-words";

type Word = typeof m.advice_inconclusive;

/** What the core says, stores or ships in English: recommendations, scales of quality checks, the model cards, histology. */
const SENTENCES: readonly Word[] = [
  m.advice_out_of_distribution,
  m.advice_out_of_distribution_text,
  m.advice_inconclusive,
  m.advice_inconclusive_text,
  m.advice_inconclusive_suspicious,
  m.advice_inconclusive_suspicious_text,
  m.advice_inconclusive_malignant,
  m.advice_inconclusive_malignant_text,
  m.advice_uncertain_benign,
  m.advice_uncertain_benign_text,
  m.advice_uncertain_suspicious,
  m.advice_uncertain_suspicious_text,
  m.advice_uncertain_malignant,
  m.advice_uncertain_malignant_text,
  m.advice_confident_benign,
  m.advice_confident_benign_text,
  m.advice_confident_suspicious,
  m.advice_confident_suspicious_text,
  m.advice_confident_malignant,
  m.advice_confident_malignant_text,
  // Of readings from before the words were changed.
  m.advice_2026_11_inconclusive_text,
  m.advice_2026_11_inconclusive_suspicious_text,
  m.advice_2026_11_inconclusive_malignant_text,
  m.quality_scale_grey,
  m.quality_scale_corners,
  m.quality_scale_ticks,
  m.quality_scale_pixels,
  ...MODEL_SENTENCES,
  ...MORPHOLOGIES,
];

const byWording = new Map<string, Word>(SENTENCES.map((words) => [words({}, { locale: baseLocale }), words]));

/** A result keeps the English words it was given with; they are translated while the window still knows just these. */
export const translated = (stored: string): string => byWording.get(stored)?.() ?? stored;
