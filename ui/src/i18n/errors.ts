import type { AppError, DoubtView, ErrorCode } from "../ipc/generated";
import type { FieldProblem, ProblemCode } from "../ipc/errors";
import { formatBytes, formatCount, formatInstant } from "./format";
import { m } from "./generated/messages";
import { modelRefusalOf } from "./model-refusals";

type Details = Record<string, unknown>;

/** Steps of the second factor (RFC 6238) last 30 s. */
const STEPS_PER_MINUTE = 2;

/** The first of the named details that is a number. */
function figure(details: Details, ...names: string[]): number | null {
  for (const name of names) {
    const value = details[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return null;
}

function tooLarge(details: Details): string {
  const limit = figure(details, "limit_bytes", "limit");
  return limit === null ? m.error_image_too_large() : m.error_image_too_large_limit({ limit: formatBytes(limit) });
}

function tooManyPixels(details: Details): string {
  const limit = figure(details, "limit_pixels", "limit", "max_side", "limit_side");
  return limit === null
    ? m.error_image_too_many_pixels()
    : m.error_image_too_many_pixels_limit({ limit: formatCount(limit) });
}

function tooSmall(details: Details): string {
  const limit = figure(details, "min_side", "limit");
  const width = figure(details, "width");
  const height = figure(details, "height");
  if (limit === null) return m.error_image_too_small();
  return width === null || height === null
    ? m.error_image_too_small_limit({ limit: formatCount(limit) })
    : m.error_image_too_small_size({ limit: formatCount(limit), width: formatCount(width), height: formatCount(height) });
}

function consent(details: Details): string {
  if (details.consent === "photo") return m.error_consent_photo();
  return details.consent === "ai" ? m.error_consent_ai() : m.error_consent_missing();
}

/** A code that fits another time says whose clock to look at. */
function wrongCode(details: Details): string {
  const steps = figure(details, "drift_steps");
  if (steps === null || steps === 0) return m.error_second_factor_wrong();
  const minutes = Math.max(1, Math.round(Math.abs(steps) / STEPS_PER_MINUTE));
  return steps > 0 ? m.error_second_factor_ahead({ minutes }) : m.error_second_factor_behind({ minutes });
}

function shareExpired(details: Details): string {
  const at = details.expired_at;
  return typeof at === "string" ? m.error_share_expired_at({ when: formatInstant(at) }) : m.error_share_expired();
}

function mail(details: Details): string {
  const reasons: Record<string, () => string> = {
    refused: m.error_mail_refused,
    unreachable: m.error_mail_unreachable,
    tls: m.error_mail_tls,
    rejected: m.error_mail_rejected,
  };
  const reason = typeof details.reason === "string" && Object.hasOwn(reasons, details.reason) ? reasons[details.reason] : undefined;
  return reason?.() ?? m.error_mail_failed();
}

function pacs(details: Details): string {
  const status = figure(details, "status");
  if (details.reason === "status" && status !== null) return m.error_pacs_status({ status: String(status) });
  const reasons: Record<string, () => string> = {
    off: m.error_pacs_off,
    busy: m.error_pacs_busy,
    unreachable: m.error_pacs_unreachable,
    public_address: m.error_pacs_public_address,
    tls: m.error_pacs_tls,
    refused: m.error_pacs_refused,
    called_title: m.error_pacs_called_title,
    calling_title: m.error_pacs_calling_title,
    denied: m.error_pacs_denied,
    redirected: m.error_pacs_redirected,
    not_dicomweb: m.error_pacs_not_dicomweb,
    unreadable: m.error_pacs_unreadable,
    timeout: m.error_pacs_timeout,
    closed: m.error_pacs_closed,
    rejected: m.error_pacs_rejected,
    cancelled: m.error_pacs_cancelled,
  };
  const reason = typeof details.reason === "string" && Object.hasOwn(reasons, details.reason) ? reasons[details.reason] : undefined;
  return reason?.() ?? m.error_pacs_failed();
}

const modelRefused = (details: Details): string => modelRefusalOf(details) ?? m.error_model_refused();

function backup(details: Details): string {
  const files = figure(details, "files");
  if (details.reason === "damaged" && files !== null) return m.error_backup_damaged_files({ files: formatCount(files) });
  const reasons: Record<string, () => string> = {
    not_set_up: m.error_backup_not_set_up,
    busy: m.error_backup_busy,
    folder_missing: m.error_backup_folder_missing,
    folder_full: m.error_backup_folder_full,
    folder_denied: m.error_backup_folder_denied,
    inside: m.error_backup_inside,
    other_clinic: m.error_backup_other_clinic,
    damaged: m.error_backup_damaged,
    cancelled: m.error_backup_cancelled,
    storage: m.error_backup_storage,
  };
  const reason = typeof details.reason === "string" && Object.hasOwn(reasons, details.reason) ? reasons[details.reason] : undefined;
  return reason?.() ?? m.error_backup_failed();
}

function languageModel(details: Details): string {
  const reasons: Record<string, () => string> = {
    off: m.error_model_off,
    busy: m.error_model_busy,
    not_assessed: m.error_model_not_assessed,
    unreachable: m.error_model_unreachable,
    public_address: m.error_model_public_address,
    tls: m.error_model_tls,
    redirected: m.error_model_redirected,
    refused: () => m.error_model_question_refused({ status: String(figure(details, "status") ?? "") }),
    content_type: m.error_model_content_type,
    too_large: m.error_model_too_large,
    unreadable: m.error_model_unreadable,
    empty: m.error_model_empty,
    too_long: m.error_model_too_long,
    timeout: m.error_model_timeout,
    closed: m.error_model_closed,
    cancelled: m.error_model_cancelled,
  };
  const reason = typeof details.reason === "string" && Object.hasOwn(reasons, details.reason) ? reasons[details.reason] : undefined;
  return reason?.() ?? m.error_language_model_failed();
}

function unreadableImport(details: Details): string {
  const reasons: Record<string, () => string> = {
    empty: m.error_import_empty,
    header_only: m.error_import_header_only,
    too_large: m.error_import_too_large,
    too_many_rows: m.error_import_too_many_rows,
    no_table: m.error_import_no_table,
    archive: m.error_import_archive,
    no_clinic_file: m.error_import_no_clinic_file,
    not_ours: m.error_import_not_ours,
    newer_version: m.error_import_newer_version,
    not_json: m.error_import_not_json,
    not_a_bundle: m.error_import_not_a_bundle,
  };
  const reason = typeof details.reason === "string" && Object.hasOwn(reasons, details.reason) ? reasons[details.reason] : undefined;
  return reason?.() ?? m.error_import_unreadable();
}

const wording: Record<ErrorCode, (details: Details) => string> = {
  invalid_input: () => m.error_invalid_input(),
  not_found: () => m.error_not_found(),
  conflict: () => m.error_conflict(),
  same_patient: () => m.error_same_patient(),
  patient_merged: () => m.error_patient_merged(),
  patient_on_hold: () => m.error_patient_on_hold(),
  not_permitted: () => m.error_not_permitted(),
  session_required: () => m.error_session_required(),
  session_locked: () => m.error_session_locked(),
  invalid_credentials: () => m.error_invalid_credentials(),
  second_factor_wrong: wrongCode,
  sign_in_expired: () => m.error_sign_in_expired(),
  code_invalid: () => m.error_code_invalid(),
  email_in_use: () => m.error_email_in_use(),
  last_administrator: () => m.error_last_administrator(),
  too_many_waiting: () => m.error_too_many_waiting(),
  busy: () => m.error_busy(),
  mail_failed: mail,
  clinic_exists: () => m.error_clinic_exists(),
  clinic_in_use: () => m.error_clinic_in_use(),
  clinic_missing: () => m.error_clinic_missing(),
  key_slots_damaged: () => m.error_key_slots_damaged(),
  record_damaged: () => m.error_record_damaged(),
  storage_full: () => m.error_storage_full(),
  storage_failed: () => m.error_storage_failed(),
  consent_missing: consent,
  image_empty: () => m.error_image_empty(),
  image_format_unsupported: () => m.error_image_format_unsupported(),
  image_heic: () => m.error_image_heic(),
  file_gone: () => m.error_file_gone(),
  file_denied: () => m.error_file_denied(),
  file_changed: () => m.error_file_changed(),
  dicom_unreadable: () => m.error_dicom_unreadable(),
  dicom_not_photograph: () => m.error_dicom_not_photograph(),
  photograph_in_use: () => m.error_photograph_in_use(),
  image_unreadable: () => m.error_image_unreadable(),
  image_too_large: tooLarge,
  image_too_many_pixels: tooManyPixels,
  image_too_small: tooSmall,
  image_black: () => m.error_image_black(),
  model_unavailable: () => m.error_model_unavailable(),
  model_refused: modelRefused,
  analyses_off: () => m.error_analyses_off(),
  analysis_cancelled: () => m.error_analysis_cancelled(),
  interrupted: () => m.error_interrupted(),
  impression_required: () => m.error_impression_required(),
  report_locked: () => m.error_report_locked(),
  report_altered: () => m.error_report_altered(),
  passphrase_wrong: () => m.error_passphrase_wrong(),
  share_expired: shareExpired,
  pacs_failed: pacs,
  backup_failed: backup,
  newer_version: () => m.error_newer_version(),
  language_model_failed: languageModel,
  report_text_unread: () => m.error_report_text_unread(),
  import_unreadable: unreadableImport,
  internal: () => m.error_internal(),
};

/** The sentence for a person; a code this window does not know reads as an internal fault. */
export function errorText(error: Pick<AppError, "code" | "details">): string {
  const say = Object.hasOwn(wording, error.code) ? wording[error.code] : wording.internal;
  return say(error.details);
}

/** What speaks against taking a file in. */
export function doubtText({ doubt, detail }: DoubtView): string {
  if (doubt === "stored_for_another") return m.doubt_stored_for_another();
  if (doubt === "patient_number") return detail === null ? m.doubt_patient_number_plain() : m.doubt_patient_number({ number: detail });
  return detail === null || detail === "" ? m.doubt_not_a_photograph_plain() : m.doubt_not_a_photograph({ modality: detail });
}

const problemWording: Record<ProblemCode, (limit?: number) => string> = {
  required: () => m.problem_required(),
  too_long: (limit) => (limit === undefined ? m.problem_too_long() : m.problem_too_long_limit({ limit: formatCount(limit) })),
  too_short: (limit) => (limit === undefined ? m.problem_too_short() : m.problem_too_short_limit({ limit: formatCount(limit) })),
  bad_format: () => m.problem_bad_format(),
  in_the_future: () => m.problem_in_the_future(),
  too_long_ago: () => m.problem_too_long_ago(),
  not_allowed: () => m.problem_not_allowed(),
  already_used: () => m.problem_already_used(),
  mismatch: () => m.problem_mismatch(),
  too_weak: () => m.problem_too_weak(),
};

export function problemText(problem: FieldProblem): string {
  if (problem.code === "bad_format" && problem.field === "email") return m.problem_email();
  return problemWording[problem.code](problem.limit);
}
