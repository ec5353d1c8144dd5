import type { LesionId } from "$ipc";
import type { Point } from "./outline";
import { STAGE } from "./plates";

/** A lesion at its true point of the stage; the higher its rank, the less it may be hidden. */
export type Spot = Point & { id: LesionId; label: string; rank: number };
export type Pin = Spot & { kind: "pin"; anchor: Point };
/** `id` is that of the lesion with the highest rank. */
export type Cluster = Point & { kind: "cluster"; id: LesionId; ids: LesionId[]; rank: number };

/** Two marks nearer than this cover each other. */
export const NEAR = 27;
/** So many marks around one place are spread; more become one mark with a number. */
export const SPREAD = 6;
/** More marks than can stand on the stage beside each other are left where they are. */
const SPREADABLE = 900;
const ROUNDS = 60;

const apart = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Every spot with those close to it, each in one group; the weightiest spots gather first. */
function gathered(spots: readonly Spot[]): Spot[][] {
  const reach = NEAR * 0.75;
  const cell = ({ x, y }: Point, dx = 0, dy = 0): string => `${Math.floor(x / reach) + dx}:${Math.floor(y / reach) + dy}`;
  const grid = new Map<string, Spot[]>();
  for (const spot of spots) {
    const here = grid.get(cell(spot));
    if (here) here.push(spot);
    else grid.set(cell(spot), [spot]);
  }
  const done = new Set<Spot>();
  return spots.flatMap((spot) => {
    if (done.has(spot)) return [];
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => grid.get(cell(spot, dx, dy)) ?? []));
    const group = around.filter((other) => !done.has(other) && apart(spot, other) < reach);
    for (const other of group) done.add(other);
    return [group];
  });
}

const middle = (spots: readonly Spot[]): Point => ({
  x: spots.reduce((sum, spot) => sum + spot.x, 0) / spots.length,
  y: spots.reduce((sum, spot) => sum + spot.y, 0) / spots.length,
});

const pinAt = (spot: Spot): Pin => ({ ...spot, kind: "pin", anchor: { x: spot.x, y: spot.y } });

/** Pushes marks that cover each other apart, a little in every round, until none does. */
function spread(marks: (Pin | Cluster)[]): void {
  if (marks.length > SPREADABLE) return;
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (const [index, a] of marks.entries()) {
      for (let next = index + 1; next < marks.length; next++) {
        const b = marks[next] as Pin | Cluster;
        const distance = apart(a, b);
        if (distance >= NEAR) continue;
        moved = true;
        // Marks on one point part in directions of their own (the golden angle).
        const turn = distance > 0.5 ? Math.atan2(b.y - a.y, b.x - a.x) : (index + next) * 2.4;
        const push = (NEAR - distance) / 2 + 0.1;
        a.x -= Math.cos(turn) * push;
        a.y -= Math.sin(turn) * push;
        b.x += Math.cos(turn) * push;
        b.y += Math.sin(turn) * push;
      }
    }
    if (!moved) return;
  }
}

/**
 * Marks that do not cover each other: at their point where there is room, else beside it with a line to it,
 * and as one number where many lie together. `kept` is never hidden in a number; at the closest zoom
 * (`apartNow`) nothing is.
 */
export function arranged(spots: readonly Spot[], kept: LesionId | null, apartNow: boolean): (Pin | Cluster)[] {
  const weightiest = (a: Spot, b: Spot): number => b.rank - a.rank || a.id.localeCompare(b.id);
  const marks = gathered([...spots].sort(weightiest)).flatMap((group): (Pin | Cluster)[] => {
    const hidden = group.filter((spot) => spot.id !== kept).sort(weightiest);
    const [worst] = hidden;
    if (group.length <= SPREAD || apartNow || !worst) return group.map(pinAt);
    const ids = hidden.map((spot) => spot.id);
    const cluster: Cluster = { ...middle(hidden), kind: "cluster", id: worst.id, ids, rank: worst.rank };
    return [cluster, ...group.filter((spot) => spot.id === kept).map(pinAt)];
  });
  spread(marks);
  return marks;
}

/** Room that a label takes, in units of the stage: it is written in the size of the page, not of the figure. */
const LETTER = 9;
const LINE = 22;
const OFFSET = 15;
const MARK = 13;
const LONGEST = 14;

export const shortLabel = (label: string): string => (label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label);

type Box = { left: number; right: number; top: number; bottom: number };
const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** On which side the label of each pin has room; a pin that is not named has none, unless it is chosen. */
export function labelled(pins: readonly (Pin | Cluster)[], chosen: LesionId | null): Map<LesionId, "start" | "end"> {
  const taken: Box[] = pins.map(({ x, y }) => ({ left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK }));
  const sides = new Map<LesionId, "start" | "end">();
  const named = pins.filter((pin) => pin.kind === "pin");
  const ordered = [...named.filter((pin) => pin.id === chosen), ...named.filter((pin) => pin.id !== chosen)];
  for (const pin of ordered) {
    const width = shortLabel(pin.label).length * LETTER;
    const [top, bottom] = [pin.y - LINE / 2, pin.y + LINE / 2];
    const end: Box = { left: pin.x + OFFSET, right: pin.x + OFFSET + width, top, bottom };
    const start: Box = { left: pin.x - OFFSET - width, right: pin.x - OFFSET, top, bottom };
    const fits = (box: Box) => box.left >= 0 && box.right <= STAGE.width && !taken.some((other) => meets(box, other));
    const side = fits(end) ? "end" : fits(start) ? "start" : pin.id === chosen ? (end.right <= STAGE.width ? "end" : "start") : null;
    if (side === null) continue;
    sides.set(pin.id, side);
    taken.push(side === "end" ? end : start);
  }
  return sides;
}
