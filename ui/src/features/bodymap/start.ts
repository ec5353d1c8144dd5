import { keysOf, viewWords } from "$i18n";
import type { BodySite, BodyView, LesionPlace } from "$ipc";
import { proposal, type Proposal } from "./regions";

/** Sites that are better seen on a close view than on the standing figures. */
const CLOSE: ReadonlySet<BodySite> = new Set<BodySite>([
  "scalp", "forehead", "temple", "eye_region", "ear", "nose", "cheek", "lip", "chin",
  "hand", "palm", "finger", "finger_nail", "foot", "heel", "sole", "toe", "toe_nail",
]);

const STANDING: readonly BodyView[] = ["front", "back"];
/** Odd, so that the midline is among the samples. */
const ACROSS = 29;
const DOWN = 44;

function samples(view: BodyView): LesionPlace[] {
  return Array.from({ length: ACROSS * DOWN }, (_, index) => ({
    view,
    x: ((index % ACROSS) + 0.5) / ACROSS,
    y: (Math.floor(index / ACROSS) + 0.5) / DOWN,
  }));
}

/** Somewhere in the middle of a recorded site, for a mark to start from; null for a site that no figure shows. */
export function likelyPlace({ site, laterality }: Proposal): LesionPlace | null {
  if (site === "other") return null;
  const wanted = site === "breast" ? "chest" : site;
  const close = keysOf(viewWords).filter((view) => !STANDING.includes(view));
  for (const view of CLOSE.has(site) ? [...close, ...STANDING] : [...STANDING, ...close]) {
    const hits = samples(view).filter((place) => {
      const found = proposal(place);
      return found?.site === wanted && (laterality === "not_applicable" || found.laterality === laterality);
    });
    if (hits.length === 0) continue;
    const mid = { x: hits.reduce((sum, hit) => sum + hit.x, 0) / hits.length, y: hits.reduce((sum, hit) => sum + hit.y, 0) / hits.length };
    const far = (hit: LesionPlace): number => Math.hypot(hit.x - mid.x, hit.y - mid.y);
    return hits.reduce((best, hit) => (far(hit) < far(best) ? hit : best));
  }
  return null;
}
