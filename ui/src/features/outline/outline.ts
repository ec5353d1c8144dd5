import { formatCount, m, millimetres, squareMillimetres } from "$i18n";
import type { ArtefactScores, DermoscopicColour, LesionOutline, MeasuredLesion, OutlinedLesion } from "$ipc";

/** The references the colours are told by, in sRGB; the words beside them carry the meaning. */
export const SWATCHES: Record<DermoscopicColour, string> = {
  white: "rgb(240 232 226)",
  red: "rgb(186 62 58)",
  light_brown: "rgb(176 118 74)",
  dark_brown: "rgb(98 58 38)",
  blue_grey: "rgb(96 112 134)",
  black: "rgb(34 28 28)",
};

/** Score from which the detectors count an artefact as present. */
const PRESENT = 0.5;

export function isMeasured(lesion: OutlinedLesion): lesion is MeasuredLesion {
  return "measures" in lesion;
}

export function artefactsIn(scores: ArtefactScores): (keyof ArtefactScores)[] {
  return (["ruler", "ink", "dark_corners", "hair", "bubbles"] as const).filter((name) => scores[name] >= PRESENT);
}

export type Confidence = "low" | "moderate" | "good";

/** Never more than good: the structures behind a proposal are guessed. */
export function confidenceOf(share: number): Confidence {
  if (share < 0.5) return "low";
  return share < 0.8 ? "moderate" : "good";
}

/** A length in millimetres where there is a scale, else in pixels. */
export function lengthText(px: number, mm: number | null, share: number | null = null): string {
  return mm === null ? m.measure_px({ value: formatCount(px) }) : millimetres(mm, 1, share);
}

export function areaText(px: number, mm2: number | null, share: number | null = null): string {
  return mm2 === null ? m.measure_px2({ value: formatCount(px) }) : squareMillimetres(mm2, 1, share);
}

/** The outline of one photograph of a reading. */
export function outlineOf(outlines: readonly LesionOutline[], image: string | null): LesionOutline | null {
  return outlines.find((outline) => outline.image_id === image) ?? null;
}
