/** Where the photograph stands on the stage: plain geometry, in pixels of the photograph and of the stage. */

export type Size = { width: number; height: number };
export type Point = { x: number; y: number };
/** `scale`: stage pixels in one of the photograph; `x`, `y`: the point of the photograph in the middle of the stage. */
export type View = { scale: number; x: number; y: number };
export type TilePlace = { level: number; column: number; row: number };

/** Side of a tile in pixels; the core cuts them so. */
export const TILE_SIDE = 512;
/** Long side of the display copy in pixels, from which everything is drawn until more is needed. */
export const DISPLAY_SIDE = 2048;
/** Eight pixels of the screen for one of the photograph. */
const MOST = 8;

export function fitScale(image: Size, stage: Size): number {
  return Math.min(stage.width / image.width, stage.height / image.height);
}

/** Never smaller than the whole picture or its own size, whichever is smaller; never larger than eight times. */
export function limitScale(scale: number, image: Size, stage: Size, dpr: number): number {
  const least = Math.min(fitScale(image, stage), 1 / dpr);
  return Math.min(Math.max(scale, least), Math.max(MOST / dpr, least));
}

/** A picture that is smaller than the stage stands in its middle; a larger one covers it. */
export function settle(view: View, image: Size, stage: Size): View {
  const along = (at: number, side: number, room: number): number => {
    const half = room / view.scale / 2;
    return side <= 2 * half ? side / 2 : Math.min(Math.max(at, half), side - half);
  };
  return { scale: view.scale, x: along(view.x, image.width, stage.width), y: along(view.y, image.height, stage.height) };
}

export function toStage(point: Point, view: View, stage: Size): Point {
  return { x: (point.x - view.x) * view.scale + stage.width / 2, y: (point.y - view.y) * view.scale + stage.height / 2 };
}

export function toImage(point: Point, view: View, stage: Size): Point {
  return { x: (point.x - stage.width / 2) / view.scale + view.x, y: (point.y - stage.height / 2) / view.scale + view.y };
}

/** What is under `at` stays under it. */
export function zoomAt(view: View, scale: number, at: Point, image: Size, stage: Size): View {
  const held = toImage(at, view, stage);
  const x = held.x - (at.x - stage.width / 2) / scale;
  const y = held.y - (at.y - stage.height / 2) / scale;
  return settle({ scale, x, y }, image, stage);
}

/** Size of a level of the pyramid. */
export function levelSize(image: Size, level: number): Size {
  return { width: Math.ceil(image.width / 2 ** level), height: Math.ceil(image.height / 2 ** level) };
}

/** The level with enough pixels for the screen; null where the display copy has as many. */
export function levelFor(image: Size, scale: number, dpr: number): number | null {
  const long = Math.max(image.width, image.height);
  const shown = scale * dpr;
  if (long <= DISPLAY_SIDE || shown * long <= DISPLAY_SIDE) return null;
  const level = Math.max(0, Math.floor(-Math.log2(shown)));
  return long / 2 ** level <= DISPLAY_SIDE ? null : level;
}

/** The part of the photograph that is on the stage. */
export function visible(view: View, image: Size, stage: Size): { left: number; top: number; right: number; bottom: number } {
  const [halfWidth, halfHeight] = [stage.width / view.scale / 2, stage.height / view.scale / 2];
  return {
    left: Math.max(0, view.x - halfWidth),
    top: Math.max(0, view.y - halfHeight),
    right: Math.min(image.width, view.x + halfWidth),
    bottom: Math.min(image.height, view.y + halfHeight),
  };
}

/** Tiles of a level that are on the stage, those in the middle first. */
export function tilesIn(level: number, view: View, image: Size, stage: Size): TilePlace[] {
  const share = 1 / 2 ** level;
  const seen = visible(view, image, stage);
  const places: TilePlace[] = [];
  for (let row = Math.floor((seen.top * share) / TILE_SIDE); row * TILE_SIDE < seen.bottom * share; row++) {
    for (let column = Math.floor((seen.left * share) / TILE_SIDE); column * TILE_SIDE < seen.right * share; column++) {
      places.push({ level, column, row });
    }
  }
  const far = (place: TilePlace) =>
    Math.hypot((place.column + 0.5) * TILE_SIDE - view.x * share, (place.row + 0.5) * TILE_SIDE - view.y * share);
  return places.sort((a, b) => far(a) - far(b));
}

/** Where a tile lies in the photograph; its last pixels may stand for a part that reaches over the edge. */
export function tileArea({ level, column, row }: TilePlace, image: Size): { x: number; y: number; width: number; height: number } {
  const size = levelSize(image, level);
  const each = 2 ** level;
  const width = Math.min(TILE_SIDE, size.width - column * TILE_SIDE);
  const height = Math.min(TILE_SIDE, size.height - row * TILE_SIDE);
  return { x: column * TILE_SIDE * each, y: row * TILE_SIDE * each, width: width * each, height: height * each };
}
