import {
  bandWords,
  behaviourWords,
  checklistWords,
  closeReasonWords,
  consentWords,
  contactMeansWords,
  contactOutcomeWords,
  formatDay,
  formatNumber,
  formatPercent,
  m,
  planWord,
  recallStateWords,
  specimenWords,
  termWord,
  translated,
  verdictWords,
} from "$i18n";
import type { Band, EarlierReading, TimelineContent, TimelineKind } from "$ipc";

/** What a reader asks for; a topic may be more than one kind of event. */
export const TOPICS = {
  reading: { word: m.timeline_topic_reading, kinds: ["reading"], clinical: true },
  photographs: { word: m.timeline_topic_photographs, kinds: ["photographs"], clinical: true },
  decisions: { word: m.timeline_topic_decisions, kinds: ["decision", "checklist"], clinical: true },
  lesions: { word: m.timeline_topic_lesions, kinds: ["lesion_opened", "lesion_closed"], clinical: true },
  biopsies: { word: m.timeline_topic_biopsies, kinds: ["biopsy", "histology"], clinical: true },
  reports: { word: m.timeline_topic_reports, kinds: ["report"], clinical: true },
  visits: { word: m.timeline_topic_visits, kinds: ["visit"], clinical: false },
  recalls: { word: m.timeline_topic_recalls, kinds: ["recall", "contact"], clinical: false },
  consents: { word: m.timeline_topic_consents, kinds: ["consent"], clinical: false },
} as const satisfies Record<string, { word: () => string; kinds: readonly TimelineKind[]; clinical: boolean }>;
export type Topic = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

const kindWords: Record<TimelineKind, () => string> = {
  visit: m.timeline_visit,
  photographs: m.timeline_photographs,
  reading: m.timeline_reading,
  biopsy: m.timeline_biopsy,
  histology: m.timeline_histology,
  report: m.timeline_report,
  recall: m.timeline_recall,
  contact: m.timeline_contact,
  consent: m.timeline_consent,
  lesion_opened: m.timeline_lesion_opened,
  lesion_closed: m.timeline_lesion_closed,
  checklist: m.timeline_checklist,
  decision: m.timeline_decision,
};

const visitWords = {
  expected: m.visit_state_expected,
  arrived: m.visit_state_arrived,
  in_room: m.visit_state_in_room,
  done: m.visit_state_done,
  cancelled: m.visit_state_cancelled,
  did_not_attend: m.visit_state_did_not_attend,
};

/** The kind of event, in a word or two. */
export function titleOf(content: TimelineContent): string {
  if (content.kind === "biopsy" && content.withdrawn) return m.timeline_biopsy_withdrawn();
  if (content.kind === "histology" && content.edition > 1) return m.timeline_histology_again();
  if (content.kind === "consent") return content.given ? m.timeline_consent() : m.timeline_consent_withdrawn();
  if (content.kind === "reading_withheld") return m.timeline_reading_withheld();
  if (content.kind === "decision" && content.superseded) return m.timeline_decision_replaced();
  return kindWords[content.kind]();
}

const parts = (...texts: (string | null | undefined)[]): string => texts.filter(Boolean).join(" · ");

/** What there is to say beside the title. A reading is shown with its own signs. */
export function detailOf(content: TimelineContent): string {
  switch (content.kind) {
    case "visit":
      return visitWords[content.state]();
    case "photographs":
      return m.timeline_photographs_count({ count: content.count });
    case "reading":
      return translated(content.label?.name ?? "");
    case "biopsy":
      return parts(specimenWords[content.specimen_kind](), content.specimen_number);
    case "histology":
      return parts(behaviourWords[content.behaviour](), translated(content.morphology ?? ""), content.specimen_number);
    case "report":
      return content.number;
    case "recall":
      return parts(m.timeline_recall_due({ day: formatDay(content.due_on) }), content.text, recallStateWords[content.state]());
    case "contact":
      return parts(
        contactMeansWords[content.means](),
        contactOutcomeWords[content.outcome](),
        content.booked_for && formatDay(content.booked_for),
      );
    case "consent":
      return consentWords[content.consent]();
    case "checklist":
      return parts(
        checklistWords[content.list](),
        formatNumber(content.score, Number.isInteger(content.score) ? 0 : 1),
        content.verdict && verdictWords[content.verdict](),
      );
    case "decision":
      return parts(
        termWord(content.term, content.text),
        content.plan === "monitor" && content.months !== null
          ? m.plan_monitor_months({ months: content.months })
          : planWord(content.plan),
        content.overrides ? m.timeline_override() : null,
      );
    case "reading_withheld":
      return "";
    case "lesion_opened":
      return content.label;
    case "lesion_closed":
      return parts(content.label, closeReasonWords[content.reason]());
  }
}

const RANK: Record<Band, number> = { benign: 0, suspicious: 1, malignant: 2 };
/** Shown with one digit, so what differs less is the same to the reader. */
const NOTICEABLE = 0.0005;

/** How a reading differs from the one of the lesion before it. */
export function changeText(band: Band, sum: number, before: EarlierReading | null): string {
  if (before === null) return m.timeline_first_reading();
  const from = formatPercent(before.malignant_sum);
  const to = formatPercent(sum);
  if (RANK[band] !== RANK[before.band]) {
    const words = { before: bandWords[before.band](), now: bandWords[band](), from, to };
    return RANK[band] > RANK[before.band] ? m.timeline_band_up(words) : m.timeline_band_down(words);
  }
  if (Math.abs(sum - before.malignant_sum) < NOTICEABLE) return m.timeline_unchanged({ to });
  return sum > before.malignant_sum ? m.timeline_sum_up({ from, to }) : m.timeline_sum_down({ from, to });
}
