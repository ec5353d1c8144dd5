import { errorText, formatCount, formatInstant, m } from "$i18n";
import type { DerivedCounts, DerivedKind, DerivedRunView, DerivedView } from "$ipc";

export const KINDS = ["pictures", "heatmaps", "directions"] as const satisfies readonly DerivedKind[];

export const kindWords: Record<DerivedKind, () => string> = {
  pictures: m.derived_kind_pictures,
  heatmaps: m.derived_kind_heatmaps,
  directions: m.derived_kind_directions,
};

export const columns: { field: keyof DerivedCounts; label: () => string }[] = [
  { field: "looked", label: m.derived_column_looked },
  { field: "stale", label: m.derived_column_stale },
  { field: "made", label: m.derived_column_made },
  { field: "without_model", label: m.derived_column_without_model },
  { field: "without_consent", label: m.derived_column_without_consent },
  { field: "failed", label: m.derived_column_failed },
];

const isAfter = (one: DerivedRunView, other: DerivedRunView): boolean => Date.parse(one.began_at) > Date.parse(other.began_at);

/** The pass whose figures are shown: the open one, else the newest that has ended. */
export function shown(view: DerivedView): DerivedRunView | null {
  if (view.current) return view.current;
  const ended = [view.last_look, view.last_make].filter((run) => run !== null);
  return ended.reduce<DerivedRunView | null>((newest, run) => (newest === null || isAfter(run, newest) ? run : newest), null);
}

const sum = (run: DerivedRunView, field: keyof DerivedCounts): number => KINDS.reduce((all, kind) => all + run.tally[kind][field], 0);

/** How much a look that has ended found to be made anew; null while there is none, or while it is older than what was made. */
export function toMake(view: DerivedView): number | null {
  const look = view.last_look;
  if (look?.state !== "finished" || view.current) return null;
  if (view.last_make && isAfter(view.last_make, look)) return null;
  return sum(look, "stale");
}

export function outcomeText(run: DerivedRunView): string {
  const when = formatInstant(run.ended_at ?? run.began_at);
  if (run.state === "cancelled") return m.derived_cancelled({ when });
  if (run.state === "failed") return m.derived_failed({ when, reason: run.problem ? errorText(run.problem) : "" });
  const name = run.asked_by_name;
  if (run.purpose === "make") return m.derived_made({ when, name, count: formatCount(sum(run, "made")) });
  const rest = sum(run, "stale") + sum(run, "without_model") + sum(run, "without_consent") + sum(run, "failed");
  return rest === 0 ? m.derived_whole({ when, name }) : m.derived_looked({ when, name, count: formatCount(sum(run, "stale")) });
}
