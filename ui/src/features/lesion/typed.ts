import { keysOf, sideWords, siteWords } from "$i18n";
import type { BodySite, Laterality } from "$ipc";

export type TypedLesion = { label: string; site: BodySite | ""; laterality: Laterality; note: string };

/** Typed text that was kept over a lock, read with care: it may come from another version of the window. */
export function readTyped(taken: unknown): TypedLesion | null {
  if (typeof taken !== "object" || taken === null) return null;
  const { label, site, laterality, note } = taken as Record<string, unknown>;
  const side = keysOf(sideWords).find((known) => known === laterality);
  if (typeof label !== "string" || typeof note !== "string" || side === undefined) return null;
  return { label, site: keysOf(siteWords).find((known) => known === site) ?? "", laterality: side, note };
}
