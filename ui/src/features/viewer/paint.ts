import type { Size, TilePlace, View } from "./view";
import { tileArea, toStage, visible } from "./view";

export type Layers = {
  /** The whole photograph: its display copy, or the thumbnail until that is there. */
  base: HTMLImageElement | null;
  tiles: { place: TilePlace; picture: HTMLImageElement }[];
  /** What lies over the photograph, each with its opacity from 0 to 1. */
  over: { picture: HTMLImageElement; opacity: number }[];
};

type Area = { x: number; y: number; width: number; height: number };

/** Draws what is on the stage and nothing beside it. The pictures themselves are never changed. */
export function paint(context: CanvasRenderingContext2D, layers: Layers, image: Size, view: View, stage: Size, dpr: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  // Beyond its own size every pixel is shown as it is.
  context.imageSmoothingEnabled = view.scale * dpr < 2;
  context.imageSmoothingQuality = "low";
  const whole: Area = { x: 0, y: 0, width: image.width, height: image.height };
  if (layers.base) part(context, layers.base, whole, image, view, stage);
  for (const { place, picture } of layers.tiles) part(context, picture, tileArea(place, image), image, view, stage);
  context.imageSmoothingEnabled = true;
  for (const { picture, opacity } of layers.over) {
    if (opacity <= 0) continue;
    context.globalAlpha = Math.min(1, opacity);
    part(context, picture, whole, image, view, stage);
    context.globalAlpha = 1;
  }
}

/** The visible part of a picture that covers `area` of the photograph. */
function part(context: CanvasRenderingContext2D, picture: HTMLImageElement, area: Area, image: Size, view: View, stage: Size): void {
  const [wide, high] = [picture.naturalWidth, picture.naturalHeight];
  if (wide === 0 || high === 0) return;
  const seen = visible(view, image, stage);
  // Whole pixels of the picture, so that neighbouring parts meet.
  const [sx, sy] = [wide / area.width, high / area.height];
  const left = Math.max(0, Math.floor((seen.left - area.x) * sx) - 1);
  const top = Math.max(0, Math.floor((seen.top - area.y) * sy) - 1);
  const right = Math.min(wide, Math.ceil((seen.right - area.x) * sx) + 1);
  const bottom = Math.min(high, Math.ceil((seen.bottom - area.y) * sy) + 1);
  if (right <= left || bottom <= top) return;
  const at = toStage({ x: area.x + left / sx, y: area.y + top / sy }, view, stage);
  const [width, height] = [((right - left) / sx) * view.scale, ((bottom - top) / sy) * view.scale];
  context.drawImage(picture, left, top, right - left, bottom - top, at.x, at.y, width, height);
}
