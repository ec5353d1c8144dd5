/** Where the lines of an axis stand: few round numbers from 0 to at least the largest value. */
export function ticks(most: number, wanted = 5): number[] {
  if (!Number.isFinite(most) || most <= 0) return [0, 1];
  const raw = most / wanted;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max([1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= raw) ?? raw, most >= 1 ? 1 : 0);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** Neighbours that are drawn together: the first and the last, both of which belong to it. */
export type Bin = { first: number; last: number };

/** As many bins as there is room for; with more values than that, neighbours share one. */
export function bins(count: number, room: number): Bin[] {
  const size = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(room))));
  return Array.from({ length: Math.ceil(count / size) }, (_, at) => ({ first: at * size, last: Math.min(count, (at + 1) * size) - 1 }));
}

/** The sum of each bin. */
export function sums(values: readonly number[], groups: readonly Bin[]): number[] {
  return groups.map(({ first, last }) => {
    let sum = 0;
    for (let at = first; at <= last; at++) sum += values[at] ?? 0;
    return sum;
  });
}

export type Point = { x: number; y: number };

/** Points in order of `x`, thinned to the highest and the lowest of each stretch of `width / room`, so that no peak is lost. */
export function thinned(points: readonly Point[], room: number): Point[] {
  if (points.length <= room * 2) return [...points];
  const kept: Point[] = [];
  for (const { first, last } of bins(points.length, room)) {
    let low = first;
    let high = first;
    for (let at = first; at <= last; at++) {
      if ((points[at]?.y ?? 0) < (points[low]?.y ?? 0)) low = at;
      if ((points[at]?.y ?? 0) > (points[high]?.y ?? 0)) high = at;
    }
    for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      const point = points[at];
      if (point) kept.push(point);
    }
  }
  return kept;
}

/** Which labels of an axis are written: the first, and then as many as there is room for. */
export function labelled(count: number, room: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(room))));
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step);
}
