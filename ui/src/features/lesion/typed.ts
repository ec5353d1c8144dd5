import { keysOf, sideWords, siteWords, viewWords } from "$i18n";
import type { BodySite, Laterality, LesionPlace } from "$ipc";

export type TypedLesion = {
  label: string;
  site: BodySite | "";
  laterality: Laterality;
  note: string;
  place: LesionPlace | null;
};

/** Typed text that was kept over a lock, read with care: it may come from another version of the window. */
export function readTyped(taken: unknown): TypedLesion | null {
  if (typeof taken !== "object" || taken === null) return null;
  const { label, site, laterality, note, place } = taken as Record<string, unknown>;
  const side = keysOf(sideWords).find((known) => known === laterality);
  if (typeof label !== "string" || typeof note !== "string" || side === undefined) return null;
  const known = keysOf(siteWords).find((one) => one === site) ?? "";
  return { label, site: known, laterality: side, note, place: readPlace(place) };
}

function readPlace(taken: unknown): LesionPlace | null {
  if (typeof taken !== "object" || taken === null) return null;
  const { view, x, y } = taken as Record<string, unknown>;
  const known = keysOf(viewWords).find((one) => one === view);
  return known === undefined || typeof x !== "number" || typeof y !== "number" ? null : { view: known, x, y };
}
