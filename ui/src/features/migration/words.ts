import { errorText, m, problemText } from "$i18n";
import type {
  DateOrder,
  ErrorCode,
  ImportDecision,
  ImportField,
  ImportKind,
  ImportOutcome,
  ImportRemark,
  ImportResult,
  ImportWord,
  TextEncoding,
} from "$ipc";

/** One word for each value of a closed set: a missing value does not compile. */
type Words<T extends string> = Record<T, () => string>;

export const kindWords: Words<ImportKind> = {
  clinic: m.migration_kind_clinic,
  folder: m.migration_kind_folder,
  fhir: m.migration_kind_fhir,
};

export const kindLeads: Words<ImportKind> = {
  clinic: m.migration_lead_clinic,
  folder: m.migration_lead_folder,
  fhir: m.migration_lead_fhir,
};

export const fieldWords: Words<ImportField> = {
  number: m.migration_field_number,
  family_name: m.migration_field_family_name,
  given_names: m.migration_field_given_names,
  date_of_birth: m.migration_field_date_of_birth,
  sex: m.migration_field_sex,
  phone: m.migration_field_phone,
  email: m.migration_field_email,
  address: m.migration_field_address,
  fitzpatrick: m.migration_field_fitzpatrick,
  alert: m.migration_field_alert,
  medical_history: m.migration_field_medical_history,
  photo_consent: m.migration_field_photo_consent,
  ai_consent: m.migration_field_ai_consent,
  lesion: m.migration_field_lesion,
  site: m.migration_field_site,
  side: m.migration_field_side,
  lesion_note: m.migration_field_lesion_note,
  photographs: m.migration_field_photographs,
};

export const orderWords: Words<DateOrder> = {
  year_first: m.migration_order_year_first,
  day_first: m.migration_order_day_first,
  month_first: m.migration_order_month_first,
};

export const encodingWords: Words<TextEncoding> = {
  utf8: m.migration_encoding_utf8,
  utf16: m.migration_encoding_utf16,
  windows1252: m.migration_encoding_windows1252,
  mixed: m.migration_encoding_mixed,
};

export const outcomeWords: Words<ImportOutcome> = {
  new: m.migration_outcome_new,
  same: m.migration_outcome_same,
  doubtful: m.migration_outcome_doubtful,
  refused: m.migration_outcome_refused,
};

export const resultWords: Words<ImportResult> = {
  created: m.migration_result_created,
  added: m.migration_result_added,
  unchanged: m.migration_result_unchanged,
  skipped: m.migration_result_skipped,
  refused: m.migration_result_refused,
  failed: m.migration_result_failed,
  not_reached: m.migration_result_not_reached,
};

export const decisionWords: Words<ImportDecision> = {
  new: m.migration_decision_new,
  same: m.migration_decision_same,
  skip: m.migration_decision_skip,
};

export function delimiterWord(sign: string): string {
  const known: Record<string, () => string> = {
    ",": m.migration_delimiter_comma,
    ";": m.migration_delimiter_semicolon,
    "\t": m.migration_delimiter_tab,
    "|": m.migration_delimiter_bar,
  };
  return known[sign]?.() ?? sign;
}

const field = (name: string | null): string => (name !== null && Object.hasOwn(fieldWords, name) ? fieldWords[name as ImportField]() : (name ?? ""));
const reason = (code: string | null): string => errorText({ code: (code ?? "internal") as ErrorCode, details: {} });

const remarkWords: Record<ImportWord, (detail: string | null) => string> = {
  cell_count: () => m.migration_remark_cell_count(),
  quoting: () => m.migration_remark_quoting(),
  field_missing: (name) => m.migration_remark_field({ field: field(name), problem: problemText({ field: name ?? "", code: "required" }) }),
  field_invalid: (name) => m.migration_remark_field({ field: field(name), problem: problemText({ field: name ?? "", code: "not_allowed" }) }),
  date_invalid: () => m.migration_remark_date_invalid(),
  date_two_digits: () => m.migration_remark_date_two_digits(),
  number_twice: () => m.migration_remark_number_twice(),
  nobodys_lesion: () => m.migration_remark_nobodys_lesion(),
  number_of_another: () => m.migration_remark_number_of_another(),
  like_somebody: () => m.migration_remark_like_somebody(),
  erased_here: () => m.migration_remark_erased_here(),
  partly_here: () => m.migration_remark_partly_here(),
  damaged: () => m.migration_remark_damaged(),
  number_changed: (number) => (number === null ? m.migration_remark_number_changes() : m.migration_remark_number_changed({ number })),
  not_understood: (name) => m.migration_remark_not_understood({ field: field(name) }),
  photographs_missing: (count) => m.migration_remark_photographs_missing({ count: count ?? "" }),
  photograph_outside: (path) => m.migration_remark_photograph_outside({ path: path ?? "" }),
  photograph_not_found: (path) => m.migration_remark_photograph_not_found({ path: path ?? "" }),
  photograph_link: (path) => m.migration_remark_photograph_link({ path: path ?? "" }),
  photograph_refused: (code) => m.migration_remark_photograph_refused({ reason: reason(code) }),
  photograph_of_another: () => m.migration_remark_photograph_of_another(),
  consent_missing: () => m.migration_remark_consent_missing(),
  lines_joined: () => m.migration_remark_lines_joined(),
  undecided: () => m.migration_remark_undecided(),
  failure: (code) => m.migration_remark_failure({ reason: reason(code) }),
};

export function remarkText({ word, detail }: ImportRemark): string {
  return remarkWords[word](detail);
}
