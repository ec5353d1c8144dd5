import type { Band, Gate, ShownBand } from "$ipc";

export type { ShownBand };

/** What may be said: nothing reassuring is said of a reading that named no class. */
export function shownBand(band: Band, gate: Gate): ShownBand {
  if (gate === "out_of_distribution") return "unassessed";
  return gate === "inconclusive" && band === "benign" ? "inconclusive" : band;
}
