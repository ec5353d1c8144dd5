import { m } from "$i18n";
import type { ViewerAction } from "$ipc";

export const actionWords: Record<ViewerAction, () => string> = {
  heatmap: m.key_heatmap,
  outline: m.key_outline,
  less_opacity: m.key_less_opacity,
  more_opacity: m.key_more_opacity,
  measure: m.key_measure,
  scale: m.key_scale,
  fit: m.key_fit,
  zoom_full: m.key_zoom_full,
  zoom_double: m.key_zoom_double,
  zoom_in: m.key_zoom_in,
  zoom_out: m.key_zoom_out,
  previous_photo: m.key_previous_photo,
  next_photo: m.key_next_photo,
  help: m.key_help,
};

const NAMED: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

/** Keys that the screen around the viewer has taken, and what they do there. */
export const TAKEN: Record<string, () => string> = { c: m.compare_open };

/** A key as it stands on the keyboard. */
export function keyText(key: string): string {
  return NAMED[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
