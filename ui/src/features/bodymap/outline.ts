/** A point of a figure, in the units of its own box. */
export type Point = { x: number; y: number };

/** A point of an outline; the curve turns sharply at a corner and runs smoothly through the others. */
export type Mark = Point & { corner: boolean };

/** Reads an outline written as `x,y x,y! …`, where `!` says that the curve turns sharply there. */
export function marks(text: string): Mark[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const corner = word.endsWith("!");
      const [x = Number.NaN, y = Number.NaN] = (corner ? word.slice(0, -1) : word).split(",").map(Number);
      return { x, y, corner };
    });
}

/** The other half of an outline that is written from the midline, in the order that continues it. */
export function mirrored(half: readonly Mark[], axis: number): Mark[] {
  return half.map((mark) => ({ ...mark, x: 2 * axis - mark.x })).reverse();
}

/** A whole closed outline from one half; points on the midline are not doubled. */
export function whole(half: readonly Mark[], axis: number): Mark[] {
  const other = mirrored(half, axis).filter((mark) => Math.abs(mark.x - axis) > 0.01);
  return [...half, ...other];
}

type Curve = { from: Point; first: Point; second: Point; to: Point };

const gap = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

/** The slope through a point, from its neighbours weighed by how near they are (non-uniform Catmull–Rom). */
function slope(before: Mark | undefined, at: Mark, after: Mark | undefined): Point {
  if (at.corner || before === undefined || after === undefined) return { x: 0, y: 0 };
  const [back, on] = [gap(before, at), gap(at, after)];
  if (back === 0 || on === 0) return { x: 0, y: 0 };
  const along = (p: number, q: number, r: number) => (on * ((q - p) / back) + back * ((r - q) / on)) / (back + on);
  return { x: along(before.x, at.x, after.x), y: along(before.y, at.y, after.y) };
}

/** Cubic curves through the points of an outline. */
export function curves(outline: readonly Mark[], closed: boolean): Curve[] {
  const count = outline.length;
  const at = (index: number): Mark | undefined => outline[closed ? (index + count) % count : index];
  return Array.from({ length: closed ? count : count - 1 }, (_, index) => {
    const [from, to] = [at(index) as Mark, at(index + 1) as Mark];
    const third = gap(from, to) / 3;
    const [leaves, arrives] = [slope(at(index - 1), from, to), slope(from, to, at(index + 2))];
    return {
      from,
      first: { x: from.x + leaves.x * third, y: from.y + leaves.y * third },
      second: { x: to.x - arrives.x * third, y: to.y - arrives.y * third },
      to,
    };
  });
}

const short = (value: number): string => String(Math.round(value * 10) / 10);
const pair = (point: Point): string => `${short(point.x)} ${short(point.y)}`;

/** The outline as path data of SVG. */
export function path(outline: readonly Mark[], closed: boolean): string {
  const [start] = outline;
  if (start === undefined) return "";
  const steps = curves(outline, closed).map(({ first, second, to }) => `C${pair(first)} ${pair(second)} ${pair(to)}`);
  return `M${pair(start)}${steps.join("")}${closed ? "Z" : ""}`;
}

const STEPS = 6;

/** The outline as a polygon, for finding out what lies inside. */
export function polygon(outline: readonly Mark[]): Point[] {
  return curves(outline, true).flatMap(({ from, first, second, to }) =>
    Array.from({ length: STEPS }, (_, step) => {
      const t = step / STEPS;
      const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
      return {
        x: a * from.x + b * first.x + c * second.x + d * to.x,
        y: a * from.y + b * first.y + c * second.y + d * to.y,
      };
    }),
  );
}

/** Whether a point lies inside a polygon (even-odd rule). */
export function inside(point: Point, corners: readonly Point[]): boolean {
  let within = false;
  for (const [index, a] of corners.entries()) {
    const b = corners[(index + 1) % corners.length] as Point;
    const crosses = a.y > point.y !== b.y > point.y;
    if (crosses && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) within = !within;
  }
  return within;
}

/** The nearest point of the edge of a polygon. */
export function nearest(point: Point, corners: readonly Point[]): Point {
  let best: Point = point;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, a] of corners.entries()) {
    const b = corners[(index + 1) % corners.length] as Point;
    const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
    const along = length === 0 ? 0 : ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length;
    const t = Math.min(1, Math.max(0, along));
    const candidate = { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
    const distance = gap(point, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}
