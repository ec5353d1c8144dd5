// Made from the command table by `./dev bindings`; do not edit.

export type AccessLogRequest = { patient_id: PatientId, 
/**
 * 1 to 500, newest first.
 */
limit: number, };

export type AccessSettingsRequest = { idle_lock_minutes: number, };

export type AccessSettingsView = { 
/**
 * Minutes without a touch until the session locks, 1 to 60.
 */
idle_lock_minutes: number, };

export type AccountActivateRequest = { email: string, 
/**
 * Four groups of five symbols; case and hyphens do not matter.
 */
code: Password, password: Password, password_repeat: Password, };

export type AccountRegisterRequest = { details: UserDetails, password: Password, password_repeat: Password, };

export type ActivationView = { id: UserId, full_name: string, email: string, code: string, expires_at: string, };

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
version: string, password_min_length: number, 
/**
 * Shortest password of somebody who also signs in with a second factor.
 */
password_min_length_with_factor: number, };

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

export type AuditAction = "clinic_created" | "clinic_changed" | "user_added" | "user_changed" | "signed_in" | "sign_in_refused" | "signed_out" | "session_locked" | "recovery_sheet_issued" | "patient_registered" | "patient_changed" | "patient_read" | "patients_searched" | "lesion_added" | "image_imported" | "image_read" | "analysis_started" | "job_state_changed" | "analysis_completed" | "analysis_failed" | "analysis_cancelled" | "analysis_read" | "report_created" | "report_read" | "report_exported" | "orphans_removed" | "audit_gap_found" | "user_registered" | "user_approved" | "user_unlocked" | "password_changed" | "password_reset_issued" | "password_reset" | "activation_issued" | "account_activated" | "second_factor_proposed" | "second_factor_set" | "second_factor_used" | "second_factor_refused" | "second_factor_removed" | "recovery_codes_issued" | "recovery_code_spent" | "recovery_sheet_used" | "keys_changed" | "clinician_added" | "clinician_changed" | "clinician_removed" | "setting_changed" | "drafts_kept" | "drafts_returned" | "break_glass_opened" | "break_glass_used" | "break_glass_reviewed" | "patient_view_issued" | "patient_view_opened" | "audit_read" | "audit_verified" | "audit_exported" | "access_log_read" | "mail_sent" | "mail_failed";

export type AuditActor = { id: UserId, name: string, };

export type AuditExportRequest = { filter: AuditFilterRequest, format: AuditFormat, };

export type AuditFilterRequest = { from: string | null, 
/**
 * The last day that counts.
 */
to: string | null, actor: UserId | null, 
/**
 * Empty means every action.
 */
actions: Array<AuditAction>, patient_id: PatientId | null, };

export type AuditFormat = "csv" | "json_lines";

export type AuditPageView = { rows: Array<AuditRowView>, more: boolean, 
/**
 * Everybody who ever had an account, for the filter.
 */
actors: Array<AuditActor>, };

export type AuditRowView = { seq: number, at: string, actor: UserId, actor_name: string, role: Role, action: AuditAction, subject_kind: string | null, subject_id: string | null, patient_id: PatientId | null, patient_number: string | null, details: Record<string, unknown>, };

export type AuditSearchRequest = { filter: AuditFilterRequest, 
/**
 * Rows older than this sequence number; null begins with the newest.
 */
before: number | null, 
/**
 * 1 to 200.
 */
limit: number, };

export type AuditVerification = { intact: boolean, rows: number, 
/**
 * First row that is wrong or missing.
 */
first_fault: number | null, 
/**
 * A stable word: `row_altered`, `row_missing`, `tail_missing`, `anchor_missing`, `anchor_unreadable`, `gap_recorded`.
 */
fault: string | null, };

export type Band = "benign" | "suspicious" | "malignant";

export type BodySite = "scalp" | "face" | "ear" | "neck" | "chest" | "abdomen" | "back" | "buttock" | "genital_region" | "shoulder" | "upper_arm" | "forearm" | "hand" | "thigh" | "lower_leg" | "foot" | "other";

export type BreakGlassId = string;

export type BreakGlassOpenRequest = { patient_id: PatientId, 
/**
 * 10 to 500 characters.
 */
reason: string, 
/**
 * 1 to 60.
 */
minutes: number, };

export type BreakGlassReviewRequest = { id: BreakGlassId, 
/**
 * At most 500 characters.
 */
note: string, };

export type BreakGlassView = { id: BreakGlassId, user_id: UserId, user_name: string, patient_id: PatientId, patient_number: string, reason: string, opened_at: string, until: string, 
/**
 * How often it was used.
 */
uses: number, reviewed_by: string | null, reviewed_at: string | null, review_note: string | null, };

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

export type ClinicianId = string;

export type ClinicianRequest = { id: ClinicianId, };

export type ClinicianSaveRequest = { 
/**
 * Null adds a new entry.
 */
id: ClinicianId | null, 
/**
 * At most 100 characters.
 */
full_name: string, 
/**
 * At most 40 characters.
 */
licence_number: string, user_id: UserId | null, };

export type ClinicianView = { id: ClinicianId, full_name: string, licence_number: string, user_id: UserId | null, 
/**
 * Whether `vault://localhost/clinician/<id>/signature` has a picture.
 */
has_signature: boolean, };

export type Consent = { given: boolean, 
/**
 * When it was last given or withdrawn; set by the program.
 */
changed_at: string | null, };

export type Draft = { 
/**
 * Which form, e.g. `patient:new`; at most 120 characters.
 */
key: string, 
/**
 * What the form holds; at most 64 KiB. Null forgets the draft.
 */
body: unknown, };

export type Duty = "choose_password";

export type ErrorCode = "invalid_input" | "not_found" | "conflict" | "not_permitted" | "session_required" | "session_locked" | "invalid_credentials" | "second_factor_wrong" | "sign_in_expired" | "code_invalid" | "email_in_use" | "last_administrator" | "too_many_waiting" | "busy" | "mail_failed" | "clinic_exists" | "clinic_missing" | "clinic_in_use" | "key_slots_damaged" | "record_damaged" | "storage_full" | "storage_failed" | "consent_missing" | "image_empty" | "image_format_unsupported" | "image_unreadable" | "image_too_large" | "image_too_many_pixels" | "image_too_small" | "image_black" | "model_unavailable" | "analysis_cancelled" | "interrupted" | "internal";

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

export type MailSecurity = "tls" | "start_tls" | "none";

export type MailSettingsRequest = { enabled: boolean, host: string, port: number, security: MailSecurity, user: string, 
/**
 * Null keeps the stored one.
 */
password: Password | null, from: string, };

export type MailSettingsView = { enabled: boolean, host: string, port: number, security: MailSecurity, 
/**
 * Empty where the server asks for none.
 */
user: string, has_password: boolean, from: string, };

export type Malignancy = "benign" | "premalignant" | "malignant";

export type ModelIdentity = { name: string, version: string, 
/**
 * SHA-256 of the ONNX file, lower-case hex.
 */
sha256: string, };

export type ModelStatus = { identity: ModelIdentity | null, problem: ErrorCode | null, };

export type ModelView = { identity: ModelIdentity, labels: Array<Label>, trained_on: string, licence: string, metrics: unknown, limits: Array<string>, };

export type Novelty = { score: number, threshold: number, outside: boolean, };

export type OwnLesion = { id: LesionId, label: string, 
/**
 * Coded body site as text.
 */
body_site: string, pictures: Array<OwnPicture>, };

export type OwnPicture = { 
/**
 * `vault://localhost/own/<place>`
 */
place: number, taken_at: string, };

export type OwnReport = { number: string, signed_at: string, signed_by: string, 
/**
 * `vault://localhost/own/<place>`, a PDF.
 */
place: number, };

export type PaperSize = "a4" | "letter";

export type Password = string;

export type PasswordAgainRequest = { password: Password, };

export type PasswordChangeRequest = { current: Password, password: Password, password_repeat: Password, };

export type PasswordJudgeRequest = { password: Password, 
/**
 * Words the password must not lean on: names, e-mail, clinic.
 */
context: Array<string>, 
/**
 * Whether its owner also signs in with a second factor; then 8 characters are enough.
 */
second_factor: boolean, };

export type PasswordJudgement = { 
/**
 * 0 to 4 after zxcvbn (Wheeler, USENIX Security 2016).
 */
score: number, acceptable: boolean, problems: Array<PasswordProblem>, };

export type PasswordProblem = "too_short" | "too_long" | "too_common" | "personal" | "guessable";

export type PasswordRecoverRequest = { email: string, recovery_code: Password, password: Password, password_repeat: Password, };

export type PasswordResetCheckRequest = { email: string, 
/**
 * Six digits, as an administrator read them out.
 */
code: Password, };

export type PasswordResetFinishRequest = { token: Password, password: Password, password_repeat: Password, };

export type PasswordResetToken = { token: string, };

export type PasswordResetView = { 
/**
 * Six digits.
 */
code: string, expires_at: string, 
/**
 * Whether it was also sent by e-mail.
 */
mailed: boolean, };

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

export type PatientOwnRecord = { clinic_name: string, number: string, family_name: string, given_names: string, date_of_birth: string, sex: Sex, phone: string | null, email: string | null, address: string | null, lesions: Array<OwnLesion>, reports: Array<OwnReport>, 
/**
 * When the record was put together.
 */
as_of: string, };

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

export type PatientSlipView = { patient_number: string, code: string, expires_at: string, pictures: number, reports: number, };

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

export type PatientViewIssueRequest = { patient_id: PatientId, 
/**
 * Hours until the slip is worthless, 1 to 72.
 */
hours: number, };

export type PatientViewOpenRequest = { code: Password, };

export type PatientViewing = { record: PatientOwnRecord, 
/**
 * Seconds until it ends by itself.
 */
ends_in_seconds: number, 
/**
 * Seconds without a touch after which it ends.
 */
idle_seconds: number, };

export type PredictionSet = { codes: Array<string>, coverage: number, };

export type ProfileUpdateRequest = { details: UserDetails, 
/**
 * Needed when the e-mail address, the sign-in name, changes.
 */
password: Password | null, };

export type ProfileView = { details: UserDetails, role: Role, second_factor: boolean, 
/**
 * Recovery codes not used yet, of ten.
 */
recovery_codes_left: number, last_sign_in_at: string | null, };

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

export type RecoveryCodesView = { codes: Array<string>, };

export type RecoverySheetConfirmRequest = { 
/**
 * Which group, counted from 1.
 */
group: number, text: Password, };

export type RecoverySheetUseRequest = { 
/**
 * Eight groups of five symbols.
 */
sheet: Password, password: Password, password_repeat: Password, };

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

export type Role = "administrator" | "clinician" | "front_desk" | "auditor" | "patient_view";

export type Saved = { 
/**
 * False when the person closed the dialog.
 */
saved: boolean, 
/**
 * Where, as the dialog named it.
 */
path: string | null, };

export type SecondFactorProposal = { 
/**
 * Base 32 in groups of four, for typing by hand.
 */
manual_key: string, account: string, issuer: string, 
/**
 * Modules of the QR code row by row, `1` dark; each row is `qr_size` long. No quiet zone.
 */
qr: string, qr_size: number, };

export type SecondFactorRequest = { 
/**
 * Six digits of the authenticator, or one of the recovery codes.
 */
code: Password, };

export type SessionView = { user_id: UserId, user_name: string, email: string, role: Role, clinic_name: string, signed_in_at: string, 
/**
 * Seconds without a touch after which the core locks.
 */
idle_lock_seconds: number, duty: Duty | null, 
/**
 * Second factor: set up and confirmed.
 */
second_factor: boolean, 
/**
 * Accounts, registrations and emergency looks that wait for an administrator; 0 for other roles.
 */
waiting: number, model: ModelStatus, };

export type Sex = "female" | "male" | "other" | "unknown";

export type SignInAnswer = { "kind": "signed_in", session: SessionView, } | { "kind": "second_factor" };

export type SignInRequest = { email: string, password: Password, };

export type Stage = "first_run" | "sign_in" | "second_factor" | "signed_in" | "patient_view";

export type Timings = { decode_ms: number, check_ms: number, classify_ms: number, explain_ms: number, total_ms: number, };

export type Urgency = "routine" | "appointment" | "immediate";

export type UserDeleteRequest = { id: UserId, 
/**
 * The administrator's own password.
 */
password: Password, };

export type UserDetails = { 
/**
 * At most 100 characters.
 */
full_name: string, 
/**
 * The sign-in name, at most 254 characters (RFC 5321); unique without regard to case.
 */
email: string, 
/**
 * At most 40 characters.
 */
phone: string | null, date_of_birth: string | null, gender: Sex | null, 
/**
 * At most 40 characters; clinicians only.
 */
licence_number: string | null, };

export type UserId = string;

export type UserInviteRequest = { details: UserDetails, role: Role, };

export type UserRequest = { id: UserId, };

export type UserRoleRequest = { id: UserId, role: Role, };

export type UserRow = { id: UserId, details: UserDetails, role: Role, state: UserState, created_at: string, last_sign_in_at: string | null, second_factor: boolean, 
/**
 * Invited and not yet activated.
 */
invited: boolean, 
/**
 * Failed sign-ins in a row.
 */
failures: number, 
/**
 * Seconds until sign-in is tried again after five failures.
 */
locked_for_seconds: number, is_self: boolean, };

export type UserState = "active" | "unverified" | "locked" | "deleted";

export interface Commands {
  /** Where the program stands: first run, sign-in or signed in. */
  app_status: { request: null; answer: AppStatus };
  /** The page has drawn its first screen: the window may be shown. */
  app_ready: { request: null; answer: null };
  /** How strong a password is by the clinic's policy. */
  password_judge: { request: PasswordJudgeRequest; answer: PasswordJudgement };
  /** First run: founds the clinic with its first administrator and signs them in. */
  clinic_create: { request: ClinicCreateRequest; answer: ClinicCreated };
  /** Opens the clinic with e-mail and password; a second factor may come next. */
  session_sign_in: { request: SignInRequest; answer: SignInAnswer };
  /** The code after the password: six digits, or a recovery code. */
  session_second_factor: { request: SecondFactorRequest; answer: SessionView };
  /** Gives up between password and code. */
  session_abandon: { request: null; answer: null };
  /** Asks for an account; an administrator approves it. */
  account_register: { request: AccountRegisterRequest; answer: null };
  /** Chooses a password with the one-time code of an administrator, and signs in. */
  account_activate: { request: AccountActivateRequest; answer: SessionView };
  /** Trades the six digits of an administrator for a one-time token. */
  password_reset_check: { request: PasswordResetCheckRequest; answer: PasswordResetToken };
  /** Sets the new password with the token. */
  password_reset_finish: { request: PasswordResetFinishRequest; answer: null };
  /** Sets a new password with one of one's own recovery codes. */
  password_recover: { request: PasswordRecoverRequest; answer: null };
  /** Opens the clinic with its printed recovery sheet and issues a new one. */
  recovery_sheet_use: { request: RecoverySheetUseRequest; answer: ClinicCreated };
  /** A patient opens their own record with the passcode of a slip. */
  patient_view_open: { request: PatientViewOpenRequest; answer: PatientViewing };
  /** The record a patient has open. */
  patient_view_read: { request: null; answer: PatientViewing };
  /** The patient is done. */
  patient_view_close: { request: null; answer: null };
  /** Ends the session and forgets its keys. */
  session_sign_out: { request: null; answer: null };
  /** Locks at once; the same person signs in again to go on. */
  session_lock: { request: null; answer: null };
  /** Tells the core that a person is at the keyboard. */
  session_touch: { request: null; answer: null };
  /** Who am I: asked when the window comes back. */
  session_read: { request: null; answer: SessionView };
  /** Keeps typed text against a lock; null forgets it. */
  draft_keep: { request: Draft; answer: null };
  /** Typed text that a lock interrupted. */
  draft_list: { request: null; answer: Array<Draft> };
  /** One's own account. */
  profile_read: { request: null; answer: ProfileView };
  /** Changes one's own details; a new sign-in name needs the password. */
  profile_update: { request: ProfileUpdateRequest; answer: ProfileView };
  /** A new password for the old one. */
  password_change: { request: PasswordChangeRequest; answer: null };
  /** Draws a new second factor; it counts once a code was confirmed. */
  second_factor_propose: { request: PasswordAgainRequest; answer: SecondFactorProposal };
  /** Confirms the proposed second factor with a code and gives ten recovery codes. */
  second_factor_confirm: { request: SecondFactorRequest; answer: RecoveryCodesView };
  /** Takes one's own second factor away. */
  second_factor_remove: { request: PasswordAgainRequest; answer: null };
  /** Ten fresh recovery codes; the old ones are void. */
  recovery_codes_issue: { request: PasswordAgainRequest; answer: RecoveryCodesView };
  /** Writes the recovery codes just shown as a PDF. */
  recovery_codes_save: { request: null; answer: Saved };
  /** Checks one typed group of the recovery sheet while it is still held after first run. */
  recovery_sheet_confirm: { request: RecoverySheetConfirmRequest; answer: null };
  /** Writes the recovery sheet as a PDF where a save dialog says. */
  recovery_sheet_save: { request: null; answer: Saved };
  /** A new recovery sheet; the old one opens nothing afterwards. */
  recovery_sheet_issue: { request: PasswordAgainRequest; answer: RecoverySheetView };
  /** New keys for the whole clinic, after somebody left. */
  keys_change: { request: PasswordAgainRequest; answer: RecoverySheetView };
  /** Everybody with an account. */
  user_list: { request: null; answer: Array<UserRow> };
  /** Adds somebody; a printed one-time code lets them choose a password. */
  user_invite: { request: UserInviteRequest; answer: ActivationView };
  /** A fresh activation code for somebody invited, or registered. */
  user_activation_issue: { request: UserRoleRequest; answer: ActivationView };
  /** Writes the activation code just shown as a PDF slip. */
  activation_save: { request: null; answer: Saved };
  /** Approves a registration and gives the role. */
  user_approve: { request: UserRoleRequest; answer: null };
  /** Gives another role. */
  user_role_change: { request: UserRoleRequest; answer: null };
  /** Bars somebody from signing in until enabled again. */
  user_disable: { request: UserRequest; answer: null };
  /** Lets somebody sign in again. */
  user_enable: { request: UserRequest; answer: null };
  /** Ends the lock after failed sign-ins. */
  user_unlock: { request: UserRequest; answer: null };
  /** Takes an account away for good; what it did stays on record. */
  user_delete: { request: UserDeleteRequest; answer: null };
  /** Takes away the second factor of somebody who lost the telephone. */
  user_second_factor_remove: { request: UserRequest; answer: null };
  /** Six digits for somebody who forgot the password. */
  password_reset_issue: { request: UserRequest; answer: PasswordResetView };
  /** Who signs reports: the directory of clinicians. */
  clinician_list: { request: null; answer: Array<ClinicianView> };
  /** Adds or changes an entry of the directory. */
  clinician_save: { request: ClinicianSaveRequest; answer: ClinicianView };
  /** Stores the picture of a signature; its bytes travel as the raw body of the call. */
  clinician_signature_save: { request: ClinicianRequest; answer: ClinicianView };
  /** Takes an entry out of the directory. */
  clinician_remove: { request: ClinicianRequest; answer: null };
  /** Opens an emergency look at one patient's results, with a reason. */
  break_glass_open: { request: BreakGlassOpenRequest; answer: BreakGlassView };
  /** Emergency looks, those not yet reviewed first. */
  break_glass_list: { request: null; answer: Array<BreakGlassView> };
  /** Notes that an emergency look was reviewed. */
  break_glass_review: { request: BreakGlassReviewRequest; answer: BreakGlassView };
  /** Rows of the audit trail, newest first. */
  audit_search: { request: AuditSearchRequest; answer: AuditPageView };
  /** Recomputes the whole chain of the audit trail. */
  audit_verify: { request: null; answer: AuditVerification };
  /** Writes the filtered audit trail where a save dialog says. */
  audit_export: { request: AuditExportRequest; answer: Saved };
  /** Who read or changed one patient's record. */
  access_log_read: { request: AccessLogRequest; answer: Array<AuditRowView> };
  /** The clinic's mail server. */
  mail_settings_read: { request: null; answer: MailSettingsView };
  /** Changes the clinic's mail server, or switches mail off. */
  mail_settings_update: { request: MailSettingsRequest; answer: MailSettingsView };
  /** Sends a test message to the administrator's own address. */
  mail_test: { request: null; answer: null };
  /** Rules of access. */
  access_settings_read: { request: null; answer: AccessSettingsView };
  /** Changes the rules of access. */
  access_settings_update: { request: AccessSettingsRequest; answer: AccessSettingsView };
  /** A slip with a passcode by which a patient sees their own record. */
  patient_view_issue: { request: PatientViewIssueRequest; answer: PatientSlipView };
  /** Writes the slip just issued as a PDF. */
  patient_slip_save: { request: null; answer: Saved };
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
  "session_second_factor",
  "session_abandon",
  "account_register",
  "account_activate",
  "password_reset_check",
  "password_reset_finish",
  "password_recover",
  "recovery_sheet_use",
  "patient_view_open",
  "patient_view_read",
  "patient_view_close",
  "session_sign_out",
  "session_lock",
  "session_touch",
  "session_read",
  "draft_keep",
  "draft_list",
  "profile_read",
  "profile_update",
  "password_change",
  "second_factor_propose",
  "second_factor_confirm",
  "second_factor_remove",
  "recovery_codes_issue",
  "recovery_codes_save",
  "recovery_sheet_confirm",
  "recovery_sheet_save",
  "recovery_sheet_issue",
  "keys_change",
  "user_list",
  "user_invite",
  "user_activation_issue",
  "activation_save",
  "user_approve",
  "user_role_change",
  "user_disable",
  "user_enable",
  "user_unlock",
  "user_delete",
  "user_second_factor_remove",
  "password_reset_issue",
  "clinician_list",
  "clinician_save",
  "clinician_signature_save",
  "clinician_remove",
  "break_glass_open",
  "break_glass_list",
  "break_glass_review",
  "audit_search",
  "audit_verify",
  "audit_export",
  "access_log_read",
  "mail_settings_read",
  "mail_settings_update",
  "mail_test",
  "access_settings_read",
  "access_settings_update",
  "patient_view_issue",
  "patient_slip_save",
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
