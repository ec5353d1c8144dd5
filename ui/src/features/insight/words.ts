import { formatDay, m, shownBandWords, siteWords, translated } from "$i18n";
import type { BodySite, HistoryRequest, Period, ReportState, SafetyNetCounts, SafetyNetKind, SearchKind, SearchScreen, ShownBand, TrendBy, TrendSeries, TrendStep } from "$ipc";

export const reportStateWords: Record<ReportState, () => string> = {
  draft: m.report_state_draft,
  signed: m.report_state_signed,
  withdrawn: m.report_state_withdrawn,
  discarded: m.report_state_discarded,
};

export const trendWords: Record<TrendBy, () => string> = {
  band: m.trend_by_band,
  class: m.trend_by_class,
  site: m.trend_by_site,
  reviewer: m.trend_by_reviewer,
  photographs: m.trend_by_photographs,
};

export const stepWords: Record<TrendStep, () => string> = { week: m.trend_step_week, month: m.trend_step_month };

export const screenWords: Record<SearchScreen, () => string> = {
  patients: m.nav_patients,
  history: m.nav_history,
  reports: m.nav_reports,
  audit_trail: m.nav_audit,
};

export const searchWords: Record<SearchKind, () => string> = {
  everything: m.search_everything,
  text: m.search_text,
  class: m.history_class,
  band: m.history_band,
  urgency: m.history_urgency,
  days: m.search_days,
  site: m.lesion_site,
  person: m.search_person,
  reviewer: m.history_reviewer,
  deleted: m.history_deleted_only,
  state: m.search_state,
  action: m.search_action,
  patient: m.audit_patient,
};

/** What waits, in the order of the safety net. */
export const WAITING: readonly (readonly [SafetyNetKind, keyof SafetyNetCounts])[] = [
  ["unsigned_report", "unsigned_reports"],
  ["unread_reading", "unread_readings"],
  ["undecided_reading", "undecided_readings"],
  ["unread_histology", "unread_histology"],
  ["pending_histology", "pending_histology"],
  ["overdue_recall", "overdue_recalls"],
];

export const periodText = ({ from, to }: Period): string => (from === to ? formatDay(from) : m.insight_period({ from: formatDay(from), to: formatDay(to) }));

const isSite = (value: string): value is BodySite => value in siteWords;
const isBand = (value: string): value is ShownBand => value in shownBandWords;

export function seriesText(by: TrendBy, { value, name }: TrendSeries): string {
  if (by === "photographs") return m.trend_by_photographs();
  if (by === "band") return isBand(value) ? shownBandWords[value]() : value;
  if (by === "site") return isSite(value) ? siteWords[value]() : value;
  if (by === "class") return value === "" ? m.trend_no_class() : translated(name ?? value);
  return value === "" ? m.trend_nobody() : (name ?? value);
}

type Filter = Omit<HistoryRequest, "before" | "limit">;

/** The history of everything of a kind. */
export function everything(noun: Filter["noun"], period: Period | null = null): Filter {
  const rest = { class: null, band: null, urgency: null, site: null, by: null, reviewer: null } as const;
  return { noun, text: "", ...rest, from: period?.from ?? null, to: period?.to ?? null, deleted: false };
}

/** The records behind a figure of a trend; nothing where no list holds just these. */
export function behind(by: TrendBy, value: string | null, period: Period): Filter | null {
  const all = everything(by === "photographs" ? "photograph" : "reading", period);
  if (value === null || by === "photographs") return all;
  if (by === "band") return isBand(value) ? { ...all, band: value } : null;
  if (by === "site") return isSite(value) ? { ...all, site: value } : null;
  if (by === "class") return { ...all, class: value };
  return value === "" ? null : { ...all, reviewer: value };
}
