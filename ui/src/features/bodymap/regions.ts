import type { BodySite, BodyView, Laterality, LesionPlace } from "$ipc";
import { figures } from "./figures";
import { inside, marks, nearest, type Point } from "./outline";
import { CHEST_AND_LIMBS, BACK_AND_LIMBS } from "./regions-body";
import { FOOT_ABOVE, FOOT_BELOW, HAND_BACK, HAND_PALM } from "./regions-limbs";
import { HEAD_ABOVE, HEAD_BEHIND, HEAD_BEFORE, HEAD_BESIDE } from "./regions-head";

/** A part of a figure, written as the corners of a polygon; it may reach beyond the skin. */
export type Region = readonly [site: BodySite, corners: string];

/** What a place of the map says of the body. */
export type Proposal = { site: BodySite; laterality: Laterality };

type Regions = {
  regions: readonly Region[];
  /** Regions are written for the half to the right of the midline, or for the whole figure. */
  half: boolean;
  /** The figure is the mirror image of the one that the regions are written for. */
  flipped?: boolean;
  /** The patient's side: one for the whole figure, or the one that lies right of its midline. */
  side: "left" | "right" | { rightOfMidline: "left" | "right"; midline: number };
};

const FACING = { rightOfMidline: "left", midline: 5 } as const;
const TURNED = { rightOfMidline: "right", midline: 5 } as const;

const OF_VIEW: Record<BodyView, Regions> = {
  front: { regions: CHEST_AND_LIMBS, half: true, side: FACING },
  back: { regions: BACK_AND_LIMBS, half: true, side: TURNED },
  head_front: { regions: HEAD_BEFORE, half: true, side: FACING },
  head_back: { regions: HEAD_BEHIND, half: true, side: TURNED },
  head_top: { regions: HEAD_ABOVE, half: true, side: TURNED },
  head_left: { regions: HEAD_BESIDE, half: false, side: "left" },
  head_right: { regions: HEAD_BESIDE, half: false, flipped: true, side: "right" },
  hand_left_dorsal: { regions: HAND_BACK, half: false, side: "left" },
  hand_right_dorsal: { regions: HAND_BACK, half: false, flipped: true, side: "right" },
  hand_right_palmar: { regions: HAND_PALM, half: false, side: "right" },
  hand_left_palmar: { regions: HAND_PALM, half: false, flipped: true, side: "left" },
  foot_left_dorsal: { regions: FOOT_ABOVE, half: false, side: "left" },
  foot_right_dorsal: { regions: FOOT_ABOVE, half: false, flipped: true, side: "right" },
  foot_right_plantar: { regions: FOOT_BELOW, half: false, side: "right" },
  foot_left_plantar: { regions: FOOT_BELOW, half: false, flipped: true, side: "left" },
};

/** Sites that have a middle; an arm or a leg is always left or right. */
const WITH_MIDDLE: ReadonlySet<BodySite> = new Set<BodySite>([
  "scalp", "forehead", "nose", "lip", "chin", "face", "neck", "chest", "abdomen", "genital_region",
  "upper_back", "back", "lower_back", "buttock", "perianal_region",
]);

const read = new Map<readonly Region[], { site: BodySite; corners: Point[] }[]>();

function polygons(regions: readonly Region[]): { site: BodySite; corners: Point[] }[] {
  const known = read.get(regions);
  if (known) return known;
  const made = regions.map(([site, corners]) => ({ site, corners: marks(corners) }));
  read.set(regions, made);
  return made;
}

/** How far from the skin, in units of the figure, a point still counts as on its edge. */
const REACH = 9;

/** The same place if it is on the skin, the nearest on its edge if it is close by, or null. */
export function settled(place: LesionPlace): LesionPlace | null {
  const figure = figures[place.view];
  const point = { x: place.x * figure.width, y: place.y * figure.height };
  if (figure.skin.some((outline) => inside(point, outline))) return place;
  const edges = figure.skin.map((outline) => nearest(point, outline));
  const far = (edge: Point) => Math.hypot(edge.x - point.x, edge.y - point.y);
  const edge = edges.reduce((best, next) => (far(next) < far(best) ? next : best));
  return far(edge) > REACH ? null : { ...place, x: edge.x / figure.width, y: edge.y / figure.height };
}

/** The region that holds a point, or the nearest where two leave a gap between them. */
function siteAt(point: Point, regions: { site: BodySite; corners: Point[] }[]): BodySite {
  const holding = regions.find((region) => inside(point, region.corners));
  if (holding) return holding.site;
  const far = ({ corners }: { corners: Point[] }): number => {
    const edge = nearest(point, corners);
    return Math.hypot(edge.x - point.x, edge.y - point.y);
  };
  return regions.reduce((best, next) => (far(next) < far(best) ? next : best)).site;
}

/** The site and the side at a place, or null beside the figure. */
export function proposal(place: LesionPlace): Proposal | null {
  const on = settled(place);
  if (on === null) return null;
  const { width, height } = figures[on.view];
  const { regions, half, flipped = false, side } = OF_VIEW[on.view];
  const fromMiddle = on.x * width - width / 2;
  const x = half ? Math.abs(fromMiddle) : (flipped ? 1 - on.x : on.x) * width;
  const point = { x, y: on.y * height };
  const site = siteAt(point, polygons(regions));
  if (typeof side === "string") return { site, laterality: side };
  if (WITH_MIDDLE.has(site) && Math.abs(fromMiddle) <= side.midline) return { site, laterality: "midline" };
  const other = side.rightOfMidline === "left" ? "right" : "left";
  return { site, laterality: fromMiddle > 0 ? side.rightOfMidline : other };
}

const GROUPS: readonly (readonly BodySite[])[] = [
  ["scalp", "forehead", "temple", "eye_region", "ear", "nose", "cheek", "lip", "chin", "face", "neck"],
  ["neck", "chest", "breast", "axilla", "abdomen", "groin", "genital_region", "upper_back", "back", "lower_back", "buttock", "perianal_region", "shoulder"],
  ["axilla", "shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand", "palm", "finger", "finger_nail"],
  ["groin", "buttock", "thigh", "knee", "lower_leg", "ankle", "foot", "heel", "sole", "toe", "toe_nail"],
];

/** Whether record and map speak of different sides, or of parts of the body that do not touch. */
export function disagree(recorded: Proposal, mapped: Proposal): boolean {
  const sides = [recorded.laterality, mapped.laterality];
  if (sides.includes("left") && sides.includes("right")) return true;
  if (recorded.site === "other") return false;
  return !GROUPS.some((group) => group.includes(recorded.site) && group.includes(mapped.site));
}
