import type { BodyView, LesionPlace } from "$ipc";
import { figures } from "./figures";
import type { Point } from "./outline";

/** Size of the stage in its own units; everything on it is counted in them. */
export const STAGE = { width: 640, height: 680 } as const;

export type PlateName = "body" | "head" | "hands" | "feet";
export type Cell = { view: BodyView; x: number; y: number; scale: number };

const row = (views: readonly BodyView[], y: number, scale: number, gap: number): Cell[] => {
  const widths = views.map((view) => figures[view].width * scale);
  const all = widths.reduce((sum, width) => sum + width, 0) + gap * (views.length - 1);
  let x = (STAGE.width - all) / 2;
  return views.map((view, index) => {
    const cell = { view, x, y, scale };
    x += (widths[index] ?? 0) + gap;
    return cell;
  });
};

/** What stands together on the stage. The patient's right is on the left, as when facing them. */
export const plates: Record<PlateName, readonly Cell[]> = {
  body: row(["front", "back"], 40, 0.78, 24),
  head: [...row(["head_right", "head_front", "head_left"], 64, 0.68, 10), ...row(["head_back", "head_top"], 378, 0.68, 24)],
  hands: [...row(["hand_right_palmar", "hand_left_palmar"], 44, 0.8, 60), ...row(["hand_right_dorsal", "hand_left_dorsal"], 384, 0.8, 60)],
  feet: [...row(["foot_right_dorsal", "foot_left_dorsal"], 42, 0.72, 80), ...row(["foot_right_plantar", "foot_left_plantar"], 382, 0.72, 80)],
};

export const plateNames = Object.keys(plates) as PlateName[];

export function plateOf(view: BodyView): PlateName {
  return plateNames.find((name) => plates[name].some((cell) => cell.view === view)) ?? "body";
}

/** Where a place lies on its plate. */
export function onPlate(place: LesionPlace): Point {
  const cell = plates[plateOf(place.view)].find((candidate) => candidate.view === place.view);
  const { width, height } = figures[place.view];
  if (!cell) return { x: 0, y: 0 };
  return { x: cell.x + place.x * width * cell.scale, y: cell.y + place.y * height * cell.scale };
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** The place at a point of a plate, or null between the figures. */
export function placeAt(plate: PlateName, point: Point): LesionPlace | null {
  for (const { view, x, y, scale } of plates[plate]) {
    const figure = figures[view];
    const [across, down] = [(point.x - x) / (figure.width * scale), (point.y - y) / (figure.height * scale)];
    if (across >= 0 && across <= 1 && down >= 0 && down <= 1) return { view, x: across, y: down };
  }
  return null;
}

/** The same place moved by units of the stage, held inside its figure. */
export function nudged(place: LesionPlace, by: Point): LesionPlace {
  const cell = plates[plateOf(place.view)].find((candidate) => candidate.view === place.view);
  const { width, height } = figures[place.view];
  if (!cell) return place;
  return { ...place, x: clamp(place.x + by.x / (width * cell.scale)), y: clamp(place.y + by.y / (height * cell.scale)) };
}
