// Made from the command table by `./dev bindings`; do not edit.

export type Advice = { 
/**
 * Row of the table, such as `confident_benign`.
 */
code: string, version: string, headline: string, text: string, };

export type Analysis = { id: AnalysisId, patient_id: PatientId, lesion_id: LesionId, 
/**
 * One to three images of the lesion.
 */
image_ids: Array<ImageId>, assessment: Assessment, model: ModelIdentity, heatmap: HeatmapState, timings: Timings, analysed_at: string, };

export type AnalysisId = string;

export type AnalysisReadRequest = { id: AnalysisId, };

export type AnalysisStartRequest = { 
/**
 * One to three photographs of one lesion.
 */
image_ids: Array<ImageId>, };

export type AnalysisStep = "queued" | "opening" | "decoding" | "checking" | "classifying" | "explaining" | "saving" | "done";

export type AnalysisSummary = { id: AnalysisId, analysed_at: string, image_ids: Array<ImageId>, band: Band, urgency: Urgency, gate: Gate, label: Label | null, malignant_sum: number, headline: string, };

export type AnalysisView = { analysis: Analysis, images: Array<ImageRecord>, 
/**
 * The sentence that stands under every result.
 */
disclaimer: string, };

export type AppError = { code: ErrorCode, message: string, details: Record<string, unknown>, };

export type AppStatus = { stage: Stage, session: SessionView | null, 
/**
 * Version of the program.
 */
version: string, password_min_length: number, };

export type Assessment = { 
/**
 * In the model's label order.
 */
probabilities: Array<ClassProbability>, 
/**
 * Sum over the malignant classes.
 */
malignant_sum: number, gate: Gate, 
/**
 * The leading class, where the gate lets one be named.
 */
label: Label | null, band: Band, urgency: Urgency, 
/**
 * The malignant sum alone raised the band, whatever the leading class.
 */
malignancy_override: boolean, prediction_set: PredictionSet | null, novelty: Novelty | null, advice: Advice, };

export type Band = "benign" | "suspicious" | "malignant";

export type BodySite = "scalp" | "face" | "ear" | "neck" | "chest" | "abdomen" | "back" | "buttock" | "genital_region" | "shoulder" | "upper_arm" | "forearm" | "hand" | "thigh" | "lower_leg" | "foot" | "other";

export type ClassProbability = { 
/**
 * Calibrated, 0 to 1; all classes of a result sum to 1.
 */
probability: number, 
/**
 * Largest minus smallest over the images averaged; 0 for one image.
 */
spread: number, code: string, name: string, malignancy: Malignancy, };

export type ClinicCreateRequest = { 
/**
 * At most 120 characters.
 */
clinic_name: string, 
/**
 * At most 100 characters.
 */
full_name: string, 
/**
 * The sign-in name.
 */
email: string, password: Password, password_repeat: Password, };

export type ClinicCreated = { session: SessionView, recovery_sheet: RecoverySheetView, };

export type Consent = { given: boolean, 
/**
 * When it was last given or withdrawn; set by the program.
 */
changed_at: string | null, };

export type ErrorCode = "invalid_input" | "not_found" | "conflict" | "not_permitted" | "session_required" | "session_locked" | "invalid_credentials" | "clinic_exists" | "clinic_missing" | "clinic_in_use" | "key_slots_damaged" | "record_damaged" | "storage_full" | "storage_failed" | "consent_missing" | "image_empty" | "image_format_unsupported" | "image_unreadable" | "image_too_large" | "image_too_many_pixels" | "image_too_small" | "image_black" | "model_unavailable" | "analysis_cancelled" | "interrupted" | "internal";

export type FitzpatrickType = "I" | "II" | "III" | "IV" | "V" | "VI";

export type Gate = "inconclusive" | "uncertain" | "confident" | "out_of_distribution";

export type HeatmapState = "available" | "no_spatial_map" | "unsupported_head";

export type ImageFormat = "jpeg" | "png" | "tiff" | "web_p" | "bmp";

export type ImageId = string;

export type ImageImportRequest = { lesion_id: LesionId, kind: ImageKind, };

export type ImageImported = { image: ImageRecord, 
/**
 * The same file was already stored for this lesion; nothing was added.
 */
already_stored: boolean, };

export type ImageKind = "dermoscopic" | "clinical" | "overview";

export type ImageRecord = { id: ImageId, patient_id: PatientId, lesion_id: LesionId, kind: ImageKind, format: ImageFormat, width: number, height: number, 
/**
 * SHA-256 of the file as it was imported, lower-case hex.
 */
sha256: string, bytes: number, quality: QualityReport, imported_at: string, };

export type JobId = string;

export type JobRequest = { id: JobId, };

export type JobState = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";

export type JobView = { id: JobId, lesion_id: LesionId, image_ids: Array<ImageId>, state: JobState, step: AnalysisStep, 
/**
 * 0 to 1.
 */
fraction: number, 
/**
 * Set when `COMPLETED`.
 */
analysis_id: AnalysisId | null, 
/**
 * Set when `FAILED`.
 */
error: AppError | null, created_at: string, };

export type Label = { code: string, name: string, malignancy: Malignancy, };

export type Laterality = "left" | "right" | "midline" | "not_applicable";

export type Lesion = { id: LesionId, patient_id: PatientId, created_at: string, 
/**
 * Short label on the lists, such as "L1" or "mole left calf"; at most 60 characters.
 */
label: string, site: BodySite, laterality: Laterality, 
/**
 * Free text, at most 2,000 characters.
 */
note: string, };

export type LesionCreateRequest = { patient_id: PatientId, details: LesionDetails, };

export type LesionDetails = { 
/**
 * Short label on the lists, such as "L1" or "mole left calf"; at most 60 characters.
 */
label: string, site: BodySite, laterality: Laterality, 
/**
 * Free text, at most 2,000 characters.
 */
note: string, };

export type LesionId = string;

export type LesionView = { lesion: Lesion, 
/**
 * Newest first.
 */
images: Array<ImageRecord>, 
/**
 * Newest first.
 */
analyses: Array<AnalysisSummary>, 
/**
 * Analyses that are not finished or ended without a result, newest first.
 */
jobs: Array<JobView>, };

export type Malignancy = "benign" | "premalignant" | "malignant";

export type ModelIdentity = { name: string, version: string, 
/**
 * SHA-256 of the ONNX file, lower-case hex.
 */
sha256: string, };

export type ModelStatus = { identity: ModelIdentity | null, problem: ErrorCode | null, };

export type ModelView = { identity: ModelIdentity, labels: Array<Label>, trained_on: string, licence: string, metrics: unknown, limits: Array<string>, };

export type Novelty = { score: number, threshold: number, outside: boolean, };

export type PaperSize = "a4" | "letter";

export type Password = string;

export type PasswordJudgeRequest = { password: Password, 
/**
 * Words the password must not lean on: names, e-mail, clinic.
 */
context: Array<string>, };

export type PasswordJudgement = { 
/**
 * 0 to 4 after zxcvbn (Wheeler, USENIX Security 2016).
 */
score: number, acceptable: boolean, problems: Array<PasswordProblem>, };

export type PasswordProblem = "too_short" | "too_long" | "too_common" | "personal" | "guessable";

export type PatientCreateRequest = { details: PatientDetails, };

export type PatientDetails = { 
/**
 * At most 100 characters.
 */
family_name: string, 
/**
 * At most 100 characters.
 */
given_names: string, date_of_birth: string, sex: Sex, 
/**
 * At most 40 characters; may be empty.
 */
phone: string, 
/**
 * At most 254 characters (RFC 5321); may be empty.
 */
email: string, 
/**
 * At most 400 characters; may be empty.
 */
address: string, fitzpatrick: FitzpatrickType | null, 
/**
 * Free text, at most 10,000 characters.
 */
medical_history: string, risk_factors: Array<RiskFactor>, 
/**
 * May photographs be taken and stored?
 */
photo_consent: boolean, 
/**
 * May the classifier read them?
 */
ai_consent: boolean, };

export type PatientId = string;

export type PatientPageView = { patient: PatientView, lesions: Array<LesionView>, reports: Array<ReportRecord>, 
/**
 * False for roles that may not see photographs and results; the lists are then empty.
 */
clinical: boolean, };

export type PatientReadRequest = { id: PatientId, };

export type PatientRow = { id: PatientId, number: string, family_name: string, given_names: string, date_of_birth: string, age: number, sex: Sex, phone: string, };

export type PatientSearchRequest = { 
/**
 * Words of name, number, phone or date of birth; at most 200 characters.
 */
text: string, 
/**
 * 1 to 200.
 */
limit: number, offset: number, };

export type PatientSearchResult = { total: number, rows: Array<PatientRow>, };

export type PatientUpdateRequest = { id: PatientId, 
/**
 * The version the form was filled from; an older one is refused.
 */
version: number, details: PatientDetails, };

export type PatientView = { 
/**
 * Completed years today.
 */
age: number, id: PatientId, 
/**
 * The clinic's own number, such as `P-000123`; unique, never reused.
 */
number: string, photo_consent_record: Consent, ai_consent_record: Consent, registered_at: string, 
/**
 * Raised by every change; an edit that names an old one is refused.
 */
version: number, 
/**
 * At most 100 characters.
 */
family_name: string, 
/**
 * At most 100 characters.
 */
given_names: string, date_of_birth: string, sex: Sex, 
/**
 * At most 40 characters; may be empty.
 */
phone: string, 
/**
 * At most 254 characters (RFC 5321); may be empty.
 */
email: string, 
/**
 * At most 400 characters; may be empty.
 */
address: string, fitzpatrick: FitzpatrickType | null, 
/**
 * Free text, at most 10,000 characters.
 */
medical_history: string, risk_factors: Array<RiskFactor>, 
/**
 * May photographs be taken and stored?
 */
photo_consent: boolean, 
/**
 * May the classifier read them?
 */
ai_consent: boolean, };

export type PredictionSet = { codes: Array<string>, coverage: number, };

export type QualityCheck = { code: QualityCode, passed: boolean, 
/**
 * The measured figure, in the unit of the check.
 */
value: number, limit: number, 
/**
 * What the figure was measured on, such as "grey, short side 224 px".
 */
scale: string, };

export type QualityCode = "blurred" | "too_dark" | "too_bright" | "low_contrast" | "dark_corners" | "ruler" | "ink_marks" | "hair";

export type QualityReport = { checks: Array<QualityCheck>, score: number, };

export type RecoverySheetConfirmRequest = { 
/**
 * Which group, counted from 1.
 */
group: number, text: Password, };

export type RecoverySheetView = { clinic_name: string, created_at: string, groups: Array<string>, };

export type ReportCreateRequest = { analysis_id: AnalysisId, 
/**
 * At most 4,000 characters; may be empty.
 */
conclusion: string, };

export type ReportExportRequest = { id: ReportId, paper: PaperSize, };

export type ReportId = string;

export type ReportRecord = { id: ReportId, 
/**
 * Printed number, such as `R-2026-00012`.
 */
number: string, patient_id: PatientId, analysis_id: AnalysisId, 
/**
 * The clinician's own words; at most 4,000 characters.
 */
conclusion: string, created_at: string, };

export type RiskFactor = "personal_melanoma" | "family_melanoma" | "personal_skin_cancer" | "many_naevi" | "atypical_naevi" | "severe_sunburns" | "immunosuppression" | "sunbed_use";

export type Role = "administrator" | "clinician" | "front_desk" | "auditor";

export type Saved = { 
/**
 * False when the person closed the dialog.
 */
saved: boolean, 
/**
 * Where, as the dialog named it.
 */
path: string | null, };

export type SessionView = { user_name: string, email: string, role: Role, clinic_name: string, signed_in_at: string, 
/**
 * Seconds without a touch after which the core locks.
 */
idle_lock_seconds: number, model: ModelStatus, };

export type Sex = "female" | "male" | "other" | "unknown";

export type SignInRequest = { email: string, password: Password, };

export type Stage = "first_run" | "sign_in" | "signed_in";

export type Timings = { decode_ms: number, check_ms: number, classify_ms: number, explain_ms: number, total_ms: number, };

export type Urgency = "routine" | "appointment" | "immediate";

export interface Commands {
  /** Where the program stands: first run, sign-in or signed in. */
  app_status: { request: null; answer: AppStatus };
  /** The page has drawn its first screen: the window may be shown. */
  app_ready: { request: null; answer: null };
  /** How strong a password is by the clinic's policy. */
  password_judge: { request: PasswordJudgeRequest; answer: PasswordJudgement };
  /** First run: founds the clinic with its first administrator and signs them in. */
  clinic_create: { request: ClinicCreateRequest; answer: ClinicCreated };
  /** Opens the clinic with e-mail and password. */
  session_sign_in: { request: SignInRequest; answer: SessionView };
  /** Ends the session and forgets its keys. */
  session_sign_out: { request: null; answer: null };
  /** Locks at once; the same person signs in again to go on. */
  session_lock: { request: null; answer: null };
  /** Tells the core that a person is at the keyboard. */
  session_touch: { request: null; answer: null };
  /** Checks one typed group of the recovery sheet while it is still held after first run. */
  recovery_sheet_confirm: { request: RecoverySheetConfirmRequest; answer: null };
  /** Writes the recovery sheet as a PDF where a save dialog says. */
  recovery_sheet_save: { request: null; answer: Saved };
  /** Registers a patient and gives the number. */
  patient_create: { request: PatientCreateRequest; answer: PatientView };
  /** Changes the details; the version guards against overwriting. */
  patient_update: { request: PatientUpdateRequest; answer: PatientView };
  /** The patient page: details, lesions, reports. */
  patient_read: { request: PatientReadRequest; answer: PatientPageView };
  /** Search as you type; an empty text lists the patients changed last. */
  patient_search: { request: PatientSearchRequest; answer: PatientSearchResult };
  /** Adds a lesion with its coded body site. */
  lesion_create: { request: LesionCreateRequest; answer: LesionView };
  /** Checks and stores one photograph; its bytes travel as the raw body of the call. */
  image_import: { request: ImageImportRequest; answer: ImageImported };
  /** Starts an analysis of one to three photographs of a lesion and answers at once. */
  analysis_start: { request: AnalysisStartRequest; answer: JobView; progress: true };
  /** Stops a running analysis. */
  analysis_cancel: { request: JobRequest; answer: JobView };
  /** The state of one job. */
  job_read: { request: JobRequest; answer: JobView };
  /** A finished analysis with its photographs. */
  analysis_read: { request: AnalysisReadRequest; answer: AnalysisView };
  /** The card of the model in use: what it knows, how good it is, what it cannot do. */
  model_read: { request: null; answer: ModelView };
  /** Writes a report on a finished analysis. */
  report_create: { request: ReportCreateRequest; answer: ReportRecord };
  /** Writes the report as a PDF where a save dialog says. */
  report_export: { request: ReportExportRequest; answer: Saved };
}

export const COMMAND_NAMES: readonly (keyof Commands)[] = [
  "app_status",
  "app_ready",
  "password_judge",
  "clinic_create",
  "session_sign_in",
  "session_sign_out",
  "session_lock",
  "session_touch",
  "recovery_sheet_confirm",
  "recovery_sheet_save",
  "patient_create",
  "patient_update",
  "patient_read",
  "patient_search",
  "lesion_create",
  "image_import",
  "analysis_start",
  "analysis_cancel",
  "job_read",
  "analysis_read",
  "model_read",
  "report_create",
  "report_export",
];
