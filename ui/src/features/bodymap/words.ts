import { shownBand, type ShownBand } from "$components";
import { bandWords, closeReasonWords, formatCount, m, sideWords, siteWords, viewWords } from "$i18n";
import type { LesionPlace, LesionView } from "$ipc";
import { proposal, type Proposal } from "./regions";

/** Site and side in words. */
export function siteText({ site, laterality }: Proposal): string {
  return laterality === "not_applicable" ? siteWords[site]() : `${siteWords[site]()}, ${sideWords[laterality]()}`;
}

/** A place of the map in words: the figure, and what lies there. */
export function placeText(place: LesionPlace): string {
  const there = proposal(place);
  return there === null ? viewWords[place.view]() : m.map_place_text({ site: siteText(there), view: viewWords[place.view]() });
}

export function lastBand(view: LesionView): ShownBand | null {
  const [latest] = view.analyses;
  return latest ? shownBand(latest.band, latest.gate) : null;
}

const WEIGHTS: Record<ShownBand, number> = { malignant: 4, suspicious: 3, unassessed: 2, inconclusive: 2, benign: 0 };

/** How little a lesion may be hidden by others on the map. */
export function rankOf(view: LesionView): number {
  const band = lastBand(view);
  return (band === null ? 1 : WEIGHTS[band]) - (view.lesion.closure ? 5 : 0);
}

/** What a number on the map stands for. */
export function clusterText(count: number, worst: LesionView | undefined): string {
  const band = worst && !worst.lesion.closure ? lastBand(worst) : null;
  const words = m.map_zoom_to({ count: formatCount(count) });
  return band === null ? words : `${words}, ${m.map_worst({ band: bandText(band) })}`;
}

export function bandText(band: ShownBand | null): string {
  if (band === null) return m.map_state_not_analysed();
  if (band === "unassessed") return m.band_unassessed();
  return band === "inconclusive" ? m.band_inconclusive() : bandWords[band]();
}

/** Everything a mark says by colour, shape and filling, in words. */
export function pinText(view: LesionView): string {
  const { lesion } = view;
  const closed = lesion.closure ? [m.map_state_closed({ reason: closeReasonWords[lesion.closure.reason]() })] : [];
  const state = [bandText(lastBand(view)), ...closed].join(", ");
  return m.map_pin({ label: lesion.label, site: siteText(lesion), state });
}
