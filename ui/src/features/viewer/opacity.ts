export const OPACITY_STEP = 5;

/** A typed or slid opacity in per cent, kept within 0 and 100. */
export function clampOpacity(percent: number): number {
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, Math.round(percent))) : 0;
}
