import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";
import type {
  Band,
  ChecklistItemView,
  ChecklistKind,
  ChecklistResult,
  ChecklistView,
  DecisionView,
  DiagnosisTermView,
  FeedbackView,
  FilledChecklistView,
  ImpressionView,
  ItemGroup,
  Plan,
  Proposal,
  ReferralView,
  SessionView,
} from "./types";

type Kept<T> = T & { lesion_id: string };

/** Checklists, impressions, decisions, feedback and letters as the core keeps them. */
export class FakeDecisions {
  readFirst = false;
  /** Readings that nobody opened yet, while the clinic reads first. */
  readonly unseen = new Set<string>();
  proposals: Proposal[] = [];
  filled: Kept<FilledChecklistView>[] = [];
  decisions: Kept<DecisionView>[] = [];
  impressions = new Map<string, ImpressionView>();
  feedback = new Map<string, FeedbackView>();
  letters: (ReferralView & { decision_id: string })[] = [];

  hides(analysis: string): boolean {
    return this.readFirst && this.unseen.has(analysis);
  }
}

const item = (code: string, group: ItemGroup, weight: number, low = 0, high = 1): ChecklistItemView => ({ code, group, weight, low, high });
const list = (kind: ChecklistKind, items: ChecklistItemView[], rule: string, citation: string, year: number): ChecklistView => ({
  kind,
  version: 1,
  items,
  rule,
  scope: "Melanocytic lesions under the dermatoscope.",
  sources: [{ citation, year }],
});

export const LISTS: ChecklistView[] = [
  list(
    "abcd",
    [item("asymmetry", "component", 1.3, 0, 2), item("border", "component", 0.1, 0, 8), item("colours", "component", 0.5, 1, 6), item("structures", "component", 0.5, 1, 5)],
    "Total dermoscopy score = 1.3 A + 0.1 B + 0.5 C + 0.5 D. Below 4.75 benign, 4.75 to 5.45 suspicious, above 5.45 highly suspicious of melanoma.",
    "Stolz W et al. ABCD rule of dermatoscopy. Eur J Dermatol 1994;4:521-527.",
    1994,
  ),
  list(
    "seven_point",
    [
      ...["network", "veil", "vessels"].map((code) => item(code, "major", 2)),
      ...["streaks", "dots", "blotches", "regression"].map((code) => item(code, "minor", 1)),
    ],
    "Major criteria count 2 points, minor ones 1. From 3 points on the criteria of melanoma are met.",
    "Argenziano G et al. Arch Dermatol 1998;134:1563-1570.",
    1998,
  ),
  list(
    "weighted_seven_point",
    [
      ...["size_change", "shape", "colour"].map((code) => item(code, "major", 2)),
      ...["diameter", "inflammation", "oozing", "sensation"].map((code) => item(code, "minor", 1)),
    ],
    "Major features count 2 points, minor ones 1. Refer from 3 points on.",
    "National Institute for Health and Care Excellence. Guideline NG12, 2015.",
    2015,
  ),
  list(
    "menzies",
    [
      ...["symmetry", "single_colour"].map((code) => item(code, "negative", 0)),
      ...["blue_white_veil", "brown_dots", "pseudopods", "radial_streaming", "scar_depigmentation", "peripheral_black_dots", "many_colours", "blue_grey_dots", "broad_network"].map((code) => item(code, "positive", 1)),
    ],
    "Melanoma: neither of the two negative features is found, and at least one of the nine positive ones is.",
    "Menzies SW et al. Arch Dermatol 1996;132:1178-1182.",
    1996,
  ),
  list(
    "abcde",
    ["asymmetry", "border", "colour", "diameter", "evolving"].map((code) => item(code, "sign", 1)),
    "Each letter is a sign that a lesion deserves a closer look. No number of them was published as a limit.",
    "Abbasi NR et al. JAMA 2004;292:2771-2776.",
    2004,
  ),
];

const term = (code: string, name: string, malignancy: DiagnosisTermView["malignancy"], is_class: boolean, snomed: string | null = null): DiagnosisTermView => ({
  code,
  name,
  malignancy,
  is_class,
  snomed,
});
const TERMS: DiagnosisTermView[] = [
  term("nv", "Melanocytic naevus", "benign", true, "400096001"),
  term("mel", "Melanoma", "malignant", true, "93655004"),
  term("bcc", "Basal cell carcinoma", "malignant", true, "254701007"),
  term("ak", "Actinic keratosis", "premalignant", true, "201101007"),
  term("blue_naevus", "Blue naevus", "benign", false),
  term("eczema", "Eczema", "benign", false, "43116000"),
];

function judge(kind: ChecklistKind, answers: Record<string, number>): ChecklistResult {
  const { items } = LISTS.find((one) => one.kind === kind) as ChecklistView;
  const sum = (of: (entry: ChecklistItemView) => number) => Math.round(items.reduce((total, entry) => total + entry.weight * of(entry), 0) * 10) / 10;
  const score = sum(({ code }) => answers[code] ?? 0);
  const missing = items.filter(({ code }) => answers[code] === undefined).map(({ code }) => code);
  const found = (group: ItemGroup) => items.some((entry) => entry.group === group && (answers[entry.code] ?? 0) > 0);
  const verdicts: Record<ChecklistKind, () => ChecklistResult["verdict"]> = {
    abcd: () => (score < 4.75 ? "benign" : score <= 5.45 ? "suspicious" : "highly_suspicious"),
    seven_point: () => (score >= 3 ? "melanoma" : "not_melanoma"),
    weighted_seven_point: () => (score >= 3 ? "refer" : "no_referral"),
    menzies: () => (!found("negative") && found("positive") ? "melanoma" : "not_melanoma"),
    abcde: () => (score > 0 ? "warning_signs" : "no_warning_sign"),
  };
  return { score, max: sum(({ high }) => high), missing, verdict: missing.length === 0 ? verdicts[kind]() : null };
}

const STRENGTH: Record<Plan["kind"], number> = { reassure: 0, monitor: 1, biopsy: 2, refer: 2 };
const LEAST: Record<Band, number> = { benign: 0, suspicious: 1, malignant: 2 };

export function decisionHandlers(clinic: FakeClinic, open: () => SessionView, changed: (what: string, id: string) => void) {
  const kept = clinic.decisions;
  const clinical = (): SessionView => {
    const session = open();
    if (!["administrator", "clinician"].includes(session.role)) throw fail("not_permitted");
    return session;
  };
  const reading = (id: string | null) => clinic.analyses.find((one) => one.id === id);
  const refuse = (id: string | null) => {
    if (id !== null && kept.hides(id)) throw fail("impression_required", { analysis_id: id });
  };
  const same = (lesion_id: string, analysis_id: string | null) => (one: { lesion_id: string; analysis_id: string | null }) =>
    one.lesion_id === lesion_id && one.analysis_id === analysis_id;

  return {
    checklist_page: ({ lesion_id, analysis_id }) => {
      clinical();
      const filled = kept.filled.filter(same(lesion_id, analysis_id));
      return {
        lists: LISTS,
        proposals: analysis_id === null || kept.hides(analysis_id) ? [] : kept.proposals,
        filled,
        earlier: kept.filled.filter((one) => one.lesion_id === lesion_id && !filled.includes(one)),
      };
    },
    checklist_judge: ({ kind, answers }) => (clinical(), judge(kind, answers)),
    checklist_save: ({ lesion_id, analysis_id, kind, answers, previous }) => {
      const { user_name } = clinical();
      const old = kept.filled.find((one) => same(lesion_id, analysis_id)(one) && one.kind === kind);
      if ((old?.id ?? null) !== previous || old?.printed) throw fail("conflict");
      const saved = {
        id: clinic.id("checklist"),
        kind,
        lesion_id,
        analysis_id,
        answers,
        result: judge(kind, answers),
        edition: (old?.edition ?? 0) + 1,
        author_name: user_name,
        filled_at: NOW,
        printed: false,
      };
      kept.filled = [saved, ...kept.filled.filter((one) => one !== old)];
      changed("lesion", lesion_id);
      return saved;
    },
    read_first_read: () => (open(), { on: kept.readFirst }),
    read_first_update: ({ on }) => {
      open();
      kept.readFirst = on;
      return { on };
    },
    impression_commit: ({ analysis_id, entry }) => {
      const { user_name } = clinical();
      if (!kept.unseen.delete(analysis_id)) throw fail("conflict");
      const label = reading(analysis_id)?.assessment.label;
      const malignancy = TERMS.find((one) => one.code === entry.impression.term)?.malignancy ?? entry.impression.malignancy;
      kept.impressions.set(analysis_id, {
        id: clinic.id("impression"),
        entry: { ...entry, impression: { ...entry.impression, malignancy } },
        author_name: user_name,
        committed_at: NOW,
        agreement: {
          malignancy: malignancy && label ? malignancy === label.malignancy : null,
          class: label ? entry.impression.term === label.code : null,
        },
      });
      return clinic.analysisView(analysis_id);
    },
    impression_statistics: () => {
      clinical();
      const none = { agree: 0, disagree: 0, open: kept.impressions.size };
      return { committed: kept.impressions.size, malignancy: none, class: none, by_confidence: [] };
    },
    decision_page: ({ lesion_id, analysis_id }) => {
      clinical();
      const withheld = analysis_id !== null && kept.hides(analysis_id);
      const decision = kept.decisions.find((one) => same(lesion_id, analysis_id)(one) && !one.superseded) ?? null;
      return {
        terms: TERMS,
        withheld,
        band: withheld ? null : (reading(analysis_id)?.assessment.band ?? null),
        impression: withheld ? null : (kept.impressions.get(analysis_id ?? "") ?? null),
        decision,
        earlier: kept.decisions.filter((one) => one.lesion_id === lesion_id && one !== decision),
        feedback: withheld ? null : (kept.feedback.get(analysis_id ?? "") ?? null),
        letters: kept.letters.filter((one) => one.decision_id === decision?.id),
      };
    },
    decision_save: ({ lesion_id, analysis_id, previous, entry }) => {
      const { user_name } = clinical();
      refuse(analysis_id);
      const band = reading(analysis_id)?.assessment.band;
      if (band && STRENGTH[entry.plan.kind] < LEAST[band] && entry.override_reason === "")
        throw fail("invalid_input", { problems: [{ field: "override_reason", code: "required" }] });
      const old = kept.decisions.find((one) => same(lesion_id, analysis_id)(one) && !one.superseded);
      if ((old?.id ?? null) !== previous) throw fail("conflict");
      if (old) old.superseded = true;
      const malignancy = TERMS.find((one) => one.code === entry.impression.term)?.malignancy ?? entry.impression.malignancy;
      const saved = {
        id: clinic.id("decision"),
        lesion_id,
        analysis_id,
        entry: { ...entry, impression: { ...entry.impression, malignancy } },
        recall_id: entry.plan.kind === "monitor" ? clinic.id("recall") : null,
        recall_on: entry.plan.kind === "monitor" ? "2027-02-20" : null,
        edition: (old?.edition ?? 0) + 1,
        author_name: user_name,
        decided_at: NOW,
        superseded: false,
      };
      kept.decisions.unshift(saved);
      changed("lesion", lesion_id);
      return saved;
    },
    feedback_give: ({ analysis_id, entry }) => {
      const { user_name } = clinical();
      refuse(analysis_id);
      const said = { entry, author_name: user_name, given_at: NOW };
      kept.feedback.set(analysis_id, said);
      return said;
    },
    referral_write: ({ decision_id, entry }) => {
      const { user_name } = clinical();
      const letter = { id: clinic.id("referral"), decision_id, entry, author_name: user_name, written_at: NOW };
      kept.letters.unshift(letter);
      return letter;
    },
    referral_export: () => (clinical(), { saved: true, path: "Documents/P-000001-referral.pdf" }),
    case_set_count: ({ incorrect_only }) => {
      clinical();
      const cases = incorrect_only ? kept.feedback.size : kept.decisions.filter((one) => !one.superseded).length;
      return { cases, patients: Math.min(cases, 1), photographs: cases, without_consent: 2 };
    },
    case_set_export: ({ password }) => {
      clinical();
      if (password !== clinic.password) throw fail("invalid_credentials");
      return { saved: true, path: "Documents/case-set.zip" };
    },
  } satisfies Partial<Handlers>;
}
