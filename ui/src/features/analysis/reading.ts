import type { Analysis, ClassProbability, ImageId } from "$ipc";

/** Classes from most to least probable; equal ones keep the model's order. */
export function byProbability(probabilities: readonly ClassProbability[]): ClassProbability[] {
  return probabilities
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => b.entry.probability - a.entry.probability || a.index - b.index)
    .map(({ entry }) => entry);
}

/** The class whose heatmap is shown first: the named one, else the most probable. */
export function leadingCode(analysis: Analysis): string {
  return analysis.assessment.label?.code ?? byProbability(analysis.assessment.probabilities)[0]?.code ?? "";
}

export function hasHeatmap(analysis: Analysis | null, image: ImageId | null): boolean {
  return analysis !== null && image !== null && analysis.heatmap === "available" && analysis.image_ids.includes(image);
}

export const OPACITY_STEP = 5;

/** A typed or slid opacity in per cent, kept within 0 and 100. */
export function clampOpacity(percent: number): number {
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, Math.round(percent))) : 0;
}
