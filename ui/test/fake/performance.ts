import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import type { AgreementFigures, DriftMonth, Kappa, PerformanceCase, PerformanceDriftView, PerformanceView, Proportion, Subgroup } from "./types";

type Names = "performance_read" | "performance_drift" | "performance_cases" | "performance_table_save" | "performance_page_save";

const SHA = "4f".repeat(32);
const OLD = "a0".repeat(32);

/** Wilson's interval, as the core has it. */
function share(hits: number, of: number, least = 10): Proportion {
  if (of < least) return { hits, of, value: null, interval: null };
  const [p, z] = [hits / of, 1.96];
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { hits, of, value: p, interval: { low: Math.max(0, centre - half), high: Math.min(1, centre + half) } };
}

const kappa = (hits: number, of: number, value: number | null): Kappa => ({
  agree: share(hits, of),
  by_chance: value === null ? null : 0.52,
  kappa: value,
  interval: value === null ? null : { low: value - 0.14, high: value + 0.14 },
});

const agreement = (lesions: number, value: number | null): AgreementFigures => ({
  lesions,
  malignancy: kappa(Math.round(lesions * 0.83), lesions, value),
  class: kappa(Math.round(lesions * 0.7), lesions, value),
});

const group = (grouping: Subgroup["grouping"], key: string, [a, b]: [number, number], [c, d]: [number, number]): Subgroup => ({
  grouping,
  key,
  malignant: b,
  benign: d,
  sensitivity: share(a, b),
  specificity: share(c, d),
  auc: b >= 10 && d >= 10 ? 0.88 : null,
  auc_interval: b >= 10 && d >= 10 ? { low: 0.81, high: 0.95 } : null,
});

/** A clinic with 42 melanomas and other malignant lesions and 96 benign ones. */
export function figures(): PerformanceView {
  const points = [0, 0.02, 0.05, 0.1, 0.22, 0.4, 0.7, 1].map((x, at) => ({
    threshold: 1 - at / 7,
    false_positives: x,
    sensitivity: [0, 0.45, 0.62, 0.76, 0.88, 0.95, 0.98, 1][at] ?? 1,
  }));
  const counts = [30, 22, 14, 12, 10, 9, 10, 11, 10, 10];
  const came = [1, 1, 2, 3, 3, 4, 5, 7, 8, 8];
  return {
    figures: {
      counts: { lesions: 143, by_histology: 143, by_follow_up: 0, malignant: 42, benign: 96, uncertain: 2, not_assessed: 3 },
      confusion: {
        rows: ["mel", "bcc", "nv", "bkl", "no_class", "not_assessed"],
        columns: ["mel", "bcc", "nv", "other_benign", "other_uncertain"],
        cells: [[18, 0, 4, 1, 0], [0, 9, 1, 2, 0], [2, 0, 51, 3, 1], [1, 1, 2, 12, 0], [5, 4, 9, 13, 1], [1, 0, 1, 1, 0]],
      },
      thresholds: [
        {
          from: "suspicious",
          counts: { true_positive: 39, false_positive: 28, true_negative: 68, false_negative: 3 },
          sensitivity: share(39, 42),
          specificity: share(68, 96),
          positive_predictive: share(39, 67),
          negative_predictive: share(68, 71),
        },
        {
          from: "malignant",
          counts: { true_positive: 31, false_positive: 9, true_negative: 87, false_negative: 11 },
          sensitivity: share(31, 42),
          specificity: share(87, 96),
          positive_predictive: share(31, 40),
          negative_predictive: share(87, 98),
        },
      ],
      roc: { points, auc: 0.894, interval: { low: 0.832, high: 0.956 } },
      calibration: {
        bins: counts.map((of, at) => ({ from: at / 10, to: (at + 1) / 10, said: at / 10 + 0.05, malignant: share(came[at] ?? 0, of, 0) })),
        expected_error: 0.061,
        brier: 0.108,
      },
      subgroups: [
        group("class", "mel", [25, 27], [0, 0]),
        group("class", "nv", [0, 0], [49, 67]),
        group("sex", "female", [20, 21], [36, 50]),
        group("sex", "male", [19, 21], [32, 46]),
        group("age", "60", [20, 21], [30, 40]),
        group("skin_type", "II", [30, 32], [50, 70]),
        group("skin_type", "V", [1, 2], [3, 4]),
        group("site", "back", [22, 24], [40, 55]),
        group("model", SHA, [30, 32], [50, 70]),
        group("model", OLD, [9, 10], [18, 26]),
        group("kind", "dermoscopic", [38, 40], [66, 92]),
      ],
      read_first: {
        lesions: 60,
        malignant: 20,
        alone: { sensitivity: share(14, 20), specificity: share(33, 40) },
        reading: { sensitivity: share(18, 20), specificity: share(28, 40) },
        after: { sensitivity: share(17, 20), specificity: share(34, 40) },
        alone_and_reading: [{ first_alone_right: 1, second_alone_right: 5, p: 0.2188 }, { first_alone_right: 8, second_alone_right: 3, p: 0.2266 }],
        alone_and_after: [{ first_alone_right: 0, second_alone_right: 3, p: 0.25 }, { first_alone_right: 0, second_alone_right: 1, p: 1 }],
        changes: { to_malignant: 3, to_benign: 1, helped: 4, harmed: 0 },
      },
    },
    follow_up_months: 12,
    without_reading: 4,
    withheld: 0,
    before: agreement(86, 0.61),
    after: agreement(212, 0.74),
    models: [
      { identity: { name: "lentigo-lesion", version: "1.0.0", sha256: SHA }, first_on: "2026-06-02", last_on: "2026-11-19", in_use: true },
      { identity: { name: "lentigo-lesion", version: "0.9.0", sha256: OLD }, first_on: "2025-12-01", last_on: "2026-06-01", in_use: false },
    ],
  };
}

const NOTHING = { hits: 0, of: 0, value: null, interval: null };
const NO_STEP = { sensitivity: NOTHING, specificity: NOTHING };
const NO_TEST = { first_alone_right: 0, second_alone_right: 0, p: null };

/** A clinic in which no pathologist has said anything yet. */
export function nothing(): PerformanceView {
  const none: Kappa = { agree: NOTHING, by_chance: null, kappa: null, interval: null };
  const said: AgreementFigures = { lesions: 0, malignancy: none, class: none };
  return {
    ...figures(),
    figures: {
      counts: { lesions: 0, by_histology: 0, by_follow_up: 0, malignant: 0, benign: 0, uncertain: 0, not_assessed: 0 },
      confusion: { rows: [], columns: [], cells: [] },
      thresholds: [],
      roc: null,
      calibration: null,
      subgroups: [],
      read_first: {
        lesions: 0,
        malignant: 0,
        alone: NO_STEP,
        reading: NO_STEP,
        after: NO_STEP,
        alone_and_reading: [NO_TEST, NO_TEST],
        alone_and_after: [NO_TEST, NO_TEST],
        changes: { to_malignant: 0, to_benign: 0, helped: 0, harmed: 0 },
      },
    },
    without_reading: 0,
    before: said,
    after: said,
    models: [],
  };
}

function month(name: string, at: number): DriftMonth {
  const readings = at === 5 ? 0 : 180 + 10 * at;
  const index = at < 3 || readings === 0 ? null : 0.03 * at;
  return {
    month: name,
    readings,
    outside: share(Math.round(readings * 0.03), readings),
    bands: [Math.round(readings * 0.6), Math.round(readings * 0.25), Math.round(readings * 0.12)],
    mean_malignant_sum: readings === 0 ? null : 0.21 + 0.02 * at,
    classes: readings === 0 ? {} : { nv: 110, no_class: 40, mel: 20, bcc: 10 },
    models: readings === 0 ? {} : { [at < 6 ? OLD : SHA]: readings },
    new_models: at === 6 ? [SHA] : [],
    quality: { photographs: 100, score: 0.88 - 0.01 * at, sharpness: 240, grey: 131, contrast: 44 },
    stability: { malignant_sum: index, class: index, quality: index },
    warns: at === 7,
    in_reference: at < 3,
  };
}

export function drifting(): PerformanceDriftView {
  const names = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07"];
  return {
    report: { months: names.map(month), reference: names.slice(0, 3), reference_readings: 570 },
    months: names,
    cut_short: false,
    sampled: 100,
  };
}

/** What the fake core knows of how the AI does; tests put another view in. */
export class FakePerformance {
  view: PerformanceView = figures();
  drift: PerformanceDriftView = drifting();
  cases: PerformanceCase[] = [];
}

export function performanceHandlers(clinic: FakeClinic, open: () => { role: string }): Pick<Handlers, Names> {
  const state = clinic.performance;
  const may = (): void => {
    if (!["administrator", "clinician"].includes(open().role)) throw fail("not_permitted");
  };
  return {
    performance_read: () => (may(), state.view),
    performance_drift: ({ reference }) => {
      may();
      const months = state.drift.months;
      const begin = Math.max(0, months.indexOf(reference ?? ""));
      return { ...state.drift, report: { ...state.drift.report, reference: months.slice(begin, begin + 3) } };
    },
    performance_cases: ({ limit, offset }) => (may(), { total: state.cases.length, rows: state.cases.slice(offset, offset + limit) }),
    performance_table_save: () => (may(), { saved: true, path: "/media/clinic/ai-performance.csv" }),
    performance_page_save: () => (may(), { saved: true, path: "/media/clinic/ai-performance-2026-11-20.pdf" }),
  };
}
