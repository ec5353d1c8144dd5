import type { DashboardView, Period, SearchUsageView, ShownBand, TrendRequest, TrendView } from "../../src/ipc/generated";
import { shownBand } from "../../src/components/band";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";

const BANDS: readonly ShownBand[] = ["benign", "suspicious", "malignant", "inconclusive", "unassessed"];
const TODAY = "2026-11-20";

/** What the core counts; tests reach in and change it. */
export class FakeInsight {
  usage: SearchUsageView = { counts: false, rows: [] };
  /** Photographs of each week, the last one first; the weeks before have none. */
  weeks: number[] = [14, 22, 0, 31, 18, 9, 27, 12, 25, 16];
  /** Counts of a trend, by value, in the order of the periods; nothing is made up from the records. */
  series: { value: string; name: string | null; counts: number[] }[] | null = null;
  withheld = 0;
  saves = true;
}

const plus = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

function periods({ step, from, to }: TrendRequest): Period[] {
  const last = to ?? TODAY;
  const found: Period[] = [];
  let day = from ?? "2026-01-01";
  while (day <= last) {
    const date = new Date(`${day}T00:00:00Z`);
    const end = step === "week" ? plus(day, 6 - ((date.getUTCDay() + 6) % 7)) : new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).toISOString().slice(0, 10);
    found.push({ from: day, to: end < last ? end : last });
    day = plus(end, 1);
  }
  return found;
}

type Names = "dashboard_read" | "trend_read" | "insight_export" | "patient_risk_read" | "search_usage_read" | "search_usage_clear";

export function insightHandlers(clinic: FakeClinic, open: () => { role: string }): Pick<Handlers, Names> {
  const { insight } = clinic;
  const guard = (...roles: string[]): void => {
    if (!roles.includes(open().role)) throw fail("not_permitted");
  };
  const clinical = (): void => guard("administrator", "clinician");
  const bandOf = (id: string): ShownBand => {
    const found = clinic.analyses.find((analysis) => analysis.id === id);
    return found ? shownBand(found.assessment.band, found.assessment.gate) : "unassessed";
  };
  return {
    dashboard_read: (): DashboardView => {
      clinical();
      const count = (band: ShownBand): number => clinic.analyses.filter(({ id }) => bandOf(id) === band).length;
      const unsigned = clinic.reports.filter(({ state }) => state === "draft").length;
      const waiting = { unsigned_reports: unsigned, unread_readings: 2, unread_histology: 0, pending_histology: 1, overdue_recalls: 0, undecided_readings: 0 };
      const monday = "2026-11-16";
      return {
        today: TODAY,
        patients: clinic.patients.length,
        lesions: clinic.lesions.length,
        photographs: clinic.images.length,
        readings: clinic.analyses.length,
        bands: BANDS.map((band) => ({ band, count: count(band) })),
        withheld: insight.withheld,
        reports: (["draft", "signed", "withdrawn"] as const).map((state) => ({ state, count: clinic.reports.filter((report) => report.state === state).length })),
        waiting: { ...waiting, total: Object.values(waiting).reduce((sum, one) => sum + one, 0) },
        uploads: Array.from({ length: 26 }, (_, at) => {
          const from = plus(monday, (at - 25) * 7);
          const photographs = insight.weeks[25 - at] ?? 0;
          return { period: { from, to: plus(from, 6) }, photographs, readings: Math.floor(photographs / 2) };
        }),
      };
    },
    trend_read: (request): TrendView => {
      clinical();
      if (request.from !== null && request.to !== null && request.to < request.from) throw fail("invalid_input", { fields: [{ field: "to", code: "not_allowed" }] });
      const stretches = periods(request);
      const made = BANDS.map((value, band) => ({ value: value as string, name: null, counts: stretches.map((_, at) => (at % 4 === 3 ? 0 : ((at * 7 + band * 5) % 11) + (band < 2 ? 4 : 0))) }));
      const series = insight.series ?? made;
      return {
        by: request.by,
        step: request.step,
        periods: stretches,
        series: series.map((one) => ({ ...one, total: one.counts.reduce((sum, count) => sum + count, 0) })),
        withheld: insight.withheld,
      };
    },
    insight_export: ({ trend, format }) => {
      clinical();
      return insight.saves ? { saved: true, path: `/saved/${trend ? `trend-${trend.by}` : "dashboard"}.${format}` } : { saved: false, path: null };
    },
    patient_risk_read: ({ patient_id }) => {
      clinical();
      const lesions = clinic.lesions.filter((lesion) => lesion.patient_id === patient_id);
      const hidden = (id: string): boolean => clinic.decisions.hides(id);
      const all = clinic.analyses.filter((analysis) => analysis.patient_id === patient_id);
      const readings = all
        .filter(({ id }) => !hidden(id))
        .map((analysis) => ({
          id: analysis.id,
          lesion_id: analysis.lesion_id,
          at: analysis.analysed_at,
          band: bandOf(analysis.id),
          gate: analysis.assessment.gate,
          malignant_sum: analysis.assessment.malignant_sum,
          class_name: analysis.assessment.label?.name ?? null,
          model_name: analysis.model.name,
          model_version: analysis.model.version,
        }));
      const first = lesions[0];
      return {
        lesions: lesions.map(({ id, label, site, laterality, closure }) => ({ id, label, site, laterality, closed: closure !== null })),
        readings: readings.sort((a, b) => a.at.localeCompare(b.at)),
        withheld: all.length - readings.length,
        checklists: first
          ? [{ id: "checklist-1", lesion_id: first.id, analysis_id: null, at: "2026-11-19T09:00:00Z", kind: "abcd", score: 5.1, max: 8.9, verdict: "suspicious" }]
          : [],
        findings: first ? [{ id: "biopsy-1", lesion_id: first.id, taken_on: "2026-10-02", behaviour: "benign", morphology: "8720/0" }] : [],
      };
    },
    search_usage_read: () => (clinical(), insight.usage),
    search_usage_clear: () => {
      guard("administrator");
      insight.usage = { ...insight.usage, rows: [] };
      return insight.usage;
    },
  };
}
