import type {
  Agreement,
  Behaviour,
  BiopsyState,
  ContactMeans,
  ContactOutcome,
  IntervalUnit,
  Malignancy,
  Margins,
  NoteAudience,
  RecallInterval,
  RecallState,
  SafetyNetKind,
  SpecimenKind,
} from "../ipc/generated";
import { m } from "./generated/messages";

type Words<T extends string> = Record<T, () => string>;

export const recallStateWords: Words<RecallState> = {
  due: m.recall_state_due,
  booked: m.recall_state_booked,
  done: m.recall_state_done,
  cancelled: m.recall_state_cancelled,
};

export const intervalUnitWords: Words<IntervalUnit> = {
  weeks: m.recall_unit_weeks,
  months: m.recall_unit_months,
  years: m.recall_unit_years,
};

const intervals: Record<IntervalUnit, (count: { count: number }) => string> = {
  weeks: m.recall_interval_weeks,
  months: m.recall_interval_months,
  years: m.recall_interval_years,
};

export const intervalText = ({ count, unit }: RecallInterval): string => intervals[unit]({ count });

export const contactMeansWords: Words<ContactMeans> = {
  phone: m.contact_means_phone,
  email: m.contact_means_email,
  letter: m.contact_means_letter,
  in_person: m.contact_means_in_person,
};

export const contactOutcomeWords: Words<ContactOutcome> = {
  reached: m.contact_outcome_reached,
  no_answer: m.contact_outcome_no_answer,
  booked: m.contact_outcome_booked,
  declined: m.contact_outcome_declined,
};

export const specimenWords: Words<SpecimenKind> = {
  shave: m.biopsy_kind_shave,
  punch: m.biopsy_kind_punch,
  incision: m.biopsy_kind_incision,
  excision: m.biopsy_kind_excision,
  re_excision: m.biopsy_kind_re_excision,
  curettage: m.biopsy_kind_curettage,
  other: m.biopsy_kind_other,
};

export const biopsyStateWords: Words<BiopsyState> = {
  taken: m.biopsy_state_taken,
  sent: m.biopsy_state_sent,
  result: m.biopsy_state_result,
  read: m.biopsy_state_read,
};

export const behaviourWords: Words<Behaviour> = {
  benign: m.behaviour_benign,
  uncertain: m.behaviour_uncertain,
  in_situ: m.behaviour_in_situ,
  malignant: m.behaviour_malignant,
};

export const marginWords: Words<Margins> = {
  clear: m.margins_clear,
  close: m.margins_close,
  involved: m.margins_involved,
  not_stated: m.margins_not_stated,
};

export const agreementWords: Words<Agreement> = {
  agrees: m.agreement_agrees,
  disagrees: m.agreement_disagrees,
  not_comparable: m.agreement_not_comparable,
};

export const audienceWords: Words<NoteAudience> = {
  all: m.note_audience_all,
  desk: m.note_audience_desk,
  clinicians: m.note_audience_clinicians,
};

export const netWords: Words<SafetyNetKind> = {
  unsigned_report: m.net_unsigned_report,
  unread_reading: m.net_unread_reading,
  unread_histology: m.net_unread_histology,
  pending_histology: m.net_pending_histology,
  overdue_recall: m.net_overdue_recall,
  undecided_reading: m.net_undecided_reading,
};

export const IMPRESSIONS: readonly Malignancy[] = ["benign", "premalignant", "malignant"];
