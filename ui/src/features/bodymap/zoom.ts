import type { Point } from "./outline";
import { STAGE } from "./plates";

/** How a plate lies on the stage: a point of the plate is shown at `point * scale + shift`. */
export type Frame = { scale: number; x: number; y: number };

export const WHOLE: Frame = { scale: 1, x: 0, y: 0 };
export const MOST = 8;
/** One press of a key or a button. */
export const STEP = 1.5;

const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** The plate always covers the stage: nothing can be lost out of sight. */
function held({ scale, x, y }: Frame): Frame {
  return {
    scale,
    x: between(STAGE.width * (1 - scale), x, 0),
    y: between(STAGE.height * (1 - scale), y, 0),
  };
}

/** Zooms by a factor; what lies at `at`, a point of the stage, stays where it is. */
export function zoomed(frame: Frame, factor: number, at: Point = { x: STAGE.width / 2, y: STAGE.height / 2 }): Frame {
  const scale = between(1, frame.scale * factor, MOST);
  const by = scale / frame.scale;
  return held({ scale, x: at.x - (at.x - frame.x) * by, y: at.y - (at.y - frame.y) * by });
}

export function panned(frame: Frame, by: Point): Frame {
  return held({ ...frame, x: frame.x + by.x, y: frame.y + by.y });
}

/** Brings a point of the plate to the middle, at least at a scale. */
export function centred(frame: Frame, on: Point, scale: number): Frame {
  const to = between(1, Math.max(scale, frame.scale), MOST);
  return held({ scale: to, x: STAGE.width / 2 - on.x * to, y: STAGE.height / 2 - on.y * to });
}

export function toStage(frame: Frame, point: Point): Point {
  return { x: point.x * frame.scale + frame.x, y: point.y * frame.scale + frame.y };
}

export function toPlate(frame: Frame, point: Point): Point {
  return { x: (point.x - frame.x) / frame.scale, y: (point.y - frame.y) / frame.scale };
}

export function onStage(point: Point): boolean {
  return point.x >= 0 && point.y >= 0 && point.x <= STAGE.width && point.y <= STAGE.height;
}
