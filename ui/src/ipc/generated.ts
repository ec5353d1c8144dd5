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

export type AgeBand = { 
/**
 * Completed years, a multiple of ten.
 */
from: number, 
/**
 * `None` from 90 on: the very old are few enough to be known by their age.
 */
to: number | null, };

export type Agreement = "agrees" | "disagrees" | "not_comparable";

export type AgreementChoice = "all" | "same_malignancy" | "other_malignancy" | "same_class" | "other_class";

export type AgreementCount = { agree: number, disagree: number, 
/**
 * One of the two left it open.
 */
open: number, };

export type AgreementFigures = { lesions: number, 
/**
 * Benign, premalignant or malignant alike.
 */
malignancy: Kappa, 
/**
 * The same class of the model.
 */
class: Kappa, };

export type Alignment = { "state": "registered", registration: Registration, } | { "state": "refused", reason: CannotRegister, };

export type Amendment = "addendum" | "withdrawal";

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

export type AnalysisStep = "queued" | "opening" | "decoding" | "checking" | "classifying" | "explaining" | "outlining" | "saving" | "done";

export type AnalysisSummary = { id: AnalysisId, analysed_at: string, image_ids: Array<ImageId>, band: Band, urgency: Urgency, gate: Gate, label: Label | null, malignant_sum: number, headline: string, };

export type AnalysisView = { analysis: Analysis, images: Array<ImageRecord>, 
/**
 * Outline, measures and artefacts, one an image; empty for an analysis from before they were kept.
 */
outlines: Array<LesionOutline>, 
/**
 * The photographs may not show one lesion.
 */
disagreement: Disagreement | null, 
/**
 * The sentence that stands under every result.
 */
disclaimer: string, };

export type Anchor = "skin" | "lesion";

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

export type ArtefactScores = { 
/**
 * Evenly spaced ticks along a row or column: 0.5 is 8 of them.
 */
ruler: number, 
/**
 * Share of the picture under blue, violet or green pen: 0.5 is 0.3 %.
 */
ink: number, 
/**
 * Corners against the middle: 0.5 is a corner of 55 % of the middle's grey.
 */
dark_corners: number, 
/**
 * Share of the picture under dark, thin, long lines: 0.5 is 0.4 %.
 */
hair: number, 
/**
 * Bright rings: 0.5 is 2 of them.
 */
bubbles: number, };

export type ArticleCode = { system: CodeSystem, code: string, };

export type ArticleCompareRequest = { slug: string, language: TextLanguage, from: number, 
/**
 * Null for the program's text of today.
 */
to: number | null, };

export type ArticleContent = { title: string, synonyms: Array<string>, codes: Array<ArticleCode>, 
/**
 * Classes of a classifier that it is about, by their codes.
 */
classes: Array<string>, 
/**
 * Null where the article does not say.
 */
contagious: boolean | null, 
/**
 * Those that have a text, in their order.
 */
sections: Array<SectionText>, sources: Array<string>, };

export type ArticleDifference = { lines: Array<DiffLine>, };

export type ArticleEditionRow = { version: number, state: ArticleState, title: string, 
/**
 * Null for the program's text.
 */
author_name: string | null, changed_at: string | null, };

export type ArticleExtract = { 
/**
 * Null for the article's other names.
 */
section: ArticleSection | null, pieces: Array<TextPiece>, };

export type ArticleHideRequest = { slug: string, language: TextLanguage, 
/**
 * Of the article as it was read.
 */
version: number, hidden: boolean, };

export type ArticleHit = { slug: string, title: Array<TextPiece>, 
/**
 * Found although what was typed is a little different.
 */
approximate: boolean, extracts: Array<ArticleExtract>, };

export type ArticleLink = { 
/**
 * Of a class of the classifier, or of a term of an impression.
 */
code: string, slug: string, title: string, };

export type ArticleRequest = { slug: string, language: TextLanguage, };

export type ArticleReturnRequest = { slug: string, language: TextLanguage, 
/**
 * Of the article as it was read.
 */
version: number, 
/**
 * The edition to take up again.
 */
to: number, };

export type ArticleRow = { slug: string, title: string, state: ArticleState, 
/**
 * The program has one of this name, which can be restored.
 */
of_program: boolean, 
/**
 * The program's text is another one than the clinic's was written beside.
 */
newer_built_in: boolean, };

export type ArticleSaveRequest = { 
/**
 * Null for a new article.
 */
slug: string | null, language: TextLanguage, 
/**
 * Of the article as it was read; 0 where it has no text in this language yet.
 */
version: number, content: ArticleContent, 
/**
 * The author has looked at the program's newer text.
 */
built_in_seen: boolean, };

export type ArticleSection = "description" | "urgent" | "symptoms" | "dermoscopy" | "causes" | "treatment" | "prevention" | "severity_mild" | "severity_moderate" | "severity_severe" | "contagion";

export type ArticleState = "built_in" | "own" | "hidden";

export type ArticleVersionRequest = { slug: string, language: TextLanguage, 
/**
 * Of the article as it was read.
 */
version: number, };

export type ArticleView = { slug: string, language: TextLanguage, 
/**
 * All that it can be read in.
 */
languages: Array<TextLanguage>, 
/**
 * Of the newest edition.
 */
version: number, state: ArticleState, of_program: boolean, newer_built_in: boolean, content: ArticleContent, 
/**
 * Null for the program's text.
 */
author_name: string | null, changed_at: string | null, };

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
malignancy_override: boolean, prediction_set: PredictionSet | null, novelty: Novelty | null, advice: Advice, 
/**
 * Codes of classes that this model may not name in this clinic, because it found too few of them.
 */
not_named?: Array<string>, };

export type AssistantAnswer = { text: string, 
/**
 * Of the text, which has the window's language where the rule has an answer in it.
 */
language: TextLanguage, 
/**
 * Key of the sheet that the rule stands in.
 */
sheet: string, rule: string, urgent: boolean, 
/**
 * The window says beside it that this is decision support and no diagnosis.
 */
disclaimer: boolean, 
/**
 * Words that were taken for others of the rules.
 */
understood: Array<Understood>, links: Array<AssistantLink>, 
/**
 * What else the message spoke of.
 */
also: Array<AssistantLink>, };

export type AssistantAskRequest = { 
/**
 * Null begins a conversation.
 */
conversation_id: AssistantConversationId | null, 
/**
 * 1 to 2,000 characters.
 */
question: string, 
/**
 * Of the answer: the one that the window speaks.
 */
language: TextLanguage, };

export type AssistantClearRequest = { 
/**
 * Null clears all of one's own.
 */
id: AssistantConversationId | null, };

export type AssistantCleared = { conversations: number, questions: number, };

export type AssistantConversation = { id: AssistantConversationId, 
/**
 * The beginning of its first question.
 */
title: string, questions: number, started_at: string, last_at: string, };

export type AssistantConversationId = string;

export type AssistantConversationView = { conversation: AssistantConversation, exchanges: Array<AssistantExchange>, };

export type AssistantExchange = { 
/**
 * From 1.
 */
number: number, question: string, answer: AssistantAnswer, asked_at: string, };

export type AssistantLink = { "kind": "article", slug: string, } | { "kind": "screen", desk: AssistantScreen, };

export type AssistantReadRequest = { id: AssistantConversationId, };

export type AssistantReply = { conversation: AssistantConversation, exchange: AssistantExchange, };

export type AssistantScreen = "today" | "patients" | "patient_new" | "reports" | "history" | "model" | "library" | "profile" | "audit" | "users" | "letterhead" | "templates" | "assistant_rules" | "language_model" | "mail" | "pacs" | "export" | "import" | "security" | "backup" | "settings" | "selftest" | "logs";

export type AssistantSheetRequest = { key: string, 
/**
 * Of the sheet as it was read.
 */
version: number, };

export type AssistantSheetSaveRequest = { 
/**
 * Null for a new one.
 */
key: string | null, 
/**
 * Of the sheet as it was read; 0 for a new one.
 */
version: number, 
/**
 * 1 to 80 characters.
 */
name: string, 
/**
 * TOML, at most 100,000 characters.
 */
source: string, };

export type AssistantSheetView = { key: string, 
/**
 * Of the newest edition.
 */
version: number, name: string, state: TemplateState, source: string, 
/**
 * The program has one of this key, which can be restored.
 */
of_program: boolean, 
/**
 * An edition that an earlier program wrote and this one does not understand: it is not used.
 */
unread: boolean, };

export type AssistantSheetsView = { sheets: Array<AssistantSheetView>, articles: Array<string>, screens: Array<string>, figures: Array<string>, };

export type AssistantTrial = { 
/**
 * Null while something is wrong, and where nothing was asked.
 */
answer: AssistantAnswer | null, faults: Array<RuleFault>, };

export type AssistantTryRequest = { 
/**
 * Of the sheet that is tried in the place of the stored one; null for a new one.
 */
key: string | null, source: string, 
/**
 * What would be asked; empty to look for faults alone.
 */
question: string, language: TextLanguage, };

export type Asymmetry = { 
/**
 * The ABCD rule's A: axes of asymmetry, 0 to 2.
 */
score: number, 
/**
 * Mean over the two axes of the larger of contour and colour over its limit: finer than the score,
 * 0 upwards.
 */
index: number, 
/**
 * The perpendicular pair with the fewest points and then the lowest index.
 */
axes: [AxisFold, AxisFold], 
/**
 * The principal axes of the outline, the longer one first.
 */
principal: [AxisFold, AxisFold], };

export type AuditAction = "clinic_created" | "clinic_changed" | "user_added" | "user_changed" | "signed_in" | "sign_in_refused" | "signed_out" | "session_locked" | "recovery_sheet_issued" | "patient_registered" | "patient_changed" | "patient_read" | "patients_searched" | "lesion_added" | "image_imported" | "image_read" | "analysis_started" | "job_state_changed" | "analysis_completed" | "analysis_failed" | "analysis_cancelled" | "analysis_read" | "report_created" | "report_read" | "report_exported" | "orphans_removed" | "audit_gap_found" | "user_registered" | "user_approved" | "user_unlocked" | "password_changed" | "password_reset_issued" | "password_reset" | "activation_issued" | "account_activated" | "second_factor_proposed" | "second_factor_set" | "second_factor_used" | "second_factor_refused" | "second_factor_removed" | "recovery_codes_issued" | "recovery_code_spent" | "recovery_sheet_used" | "keys_changed" | "clinician_added" | "clinician_changed" | "clinician_removed" | "setting_changed" | "drafts_kept" | "drafts_returned" | "break_glass_opened" | "break_glass_used" | "break_glass_reviewed" | "patient_view_issued" | "patient_view_opened" | "audit_read" | "audit_verified" | "audit_exported" | "access_log_read" | "mail_sent" | "mail_failed" | "follow_up_read" | "recall_planned" | "recall_changed" | "recall_contacted" | "recall_unbooked" | "recall_closed" | "call_list_read" | "biopsy_taken" | "biopsy_changed" | "biopsy_sent" | "biopsy_withdrawn" | "histology_entered" | "histology_acknowledged" | "case_note_written" | "case_note_done" | "case_note_struck" | "safety_net_read" | "lesion_changed" | "lesion_moved" | "lesion_closed" | "lesion_reopened" | "audit_rolled_back" | "break_glass_ended" | "visit_added" | "visit_changed" | "visit_moved" | "queue_read" | "visit_slip_printed" | "desk_photo_added" | "desk_photos_opened" | "desk_photos_listed" | "desk_photo_assigned" | "desk_photo_discarded" | "consent_recorded" | "consents_read" | "patients_merged" | "patients_unmerged" | "retention_hold_set" | "retention_hold_lifted" | "subject_exported" | "patient_erased" | "portrait_set" | "portrait_removed" | "history_read" | "reading_deleted" | "photograph_deleted" | "history_cleared" | "deletion_undone" | "deletion_purged" | "batch_started" | "batch_paused" | "batch_continued" | "batch_cancelled" | "batch_retried" | "batch_read" | "image_scale_set" | "image_scale_removed" | "image_mark_added" | "image_mark_changed" | "image_mark_deleted" | "image_mark_restored" | "imaging_device_added" | "imaging_device_changed" | "imaging_device_removed" | "embeddings_filled" | "similar_searched" | "similar_shown" | "similar_opened" | "checklist_saved" | "impression_committed" | "decision_made" | "feedback_given" | "referral_written" | "referral_exported" | "report_updated" | "report_discarded" | "report_signed" | "report_amended" | "report_withdrawn" | "reports_listed" | "report_printed" | "report_shared" | "share_pack_opened" | "report_verified" | "signing_key_made" | "handouts_rewrapped" | "case_set_exported" | "tray_photo_added" | "tray_listed" | "tray_photo_changed" | "tray_photo_assigned" | "tray_photo_discarded" | "photograph_moved" | "photograph_kind_changed" | "comparison_made" | "comparison_read" | "dicom_exported" | "dicom_send_started" | "dicom_sent" | "pacs_tested" | "fhir_exported" | "clinic_tables_exported" | "recovery_sheet_confirmed" | "self_test_run" | "support_bundle_exported" | "backup_made" | "backup_drilled" | "backup_restored" | "migration_copy_kept" | "report_text_proposed" | "report_text_refused" | "report_template_changed" | "language_model_asked" | "language_model_failed" | "language_model_tested" | "import_planned" | "import_started" | "import_ended" | "patient_imported" | "staff_names_imported" | "derived_started" | "derived_made" | "derived_ended" | "model_uploaded" | "model_checked" | "model_compared" | "model_activated" | "model_rolled_back" | "model_retired" | "golden_set_read" | "golden_image_marked" | "golden_image_unmarked" | "performance_listed" | "performance_exported" | "assistant_asked" | "assistant_cleared" | "assistant_rules_changed" | "insight_read" | "insight_exported" | "search_usage_cleared" | "article_changed" | "library_indexed";

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
 * First row that is wrong or missing; where all is sound but the trail tells of an earlier finding, that row.
 */
first_fault: number | null, 
/**
 * A stable word: `row_altered`, `row_missing`, `tail_missing`, `anchor_missing`, `anchor_unreadable`,
 * `gap_recorded`, `rolled_back`.
 */
fault: string | null, };

export type AxisFold = { 
/**
 * Radians from the x axis of the picture towards its y axis (downwards).
 */
angle: number, 
/**
 * Share of the lesion whose mirror image lies outside it, 0 to 1.
 */
contour: number, 
/**
 * Share of the pixels inside on both sides whose colours differ by ΔE*ab 15 or more, 0 to 1.
 */
colour: number, };

export type BackupEntry = { id: BackupId, made_at: string, 
/**
 * Version of the program that made it.
 */
program: string, files: number, bytes: number, 
/**
 * A newer program made it; this one cannot open it.
 */
newer: boolean, };

export type BackupId = string;

export type BackupListView = { 
/**
 * Newest first.
 */
backups: Array<BackupEntry>, 
/**
 * The folder lies on the disk that the clinic lies on.
 */
same_disk: boolean, };

export type BackupPlan = { rhythm: BackupRhythm, 
/**
 * 0 to 23, by the workstation's time.
 */
hour: number, 
/**
 * 1 (Monday) to 7, for the weekly rhythm.
 */
weekday: number, 
/**
 * So many of the newest stay, 1 to 60.
 */
newest_kept: number, };

export type BackupProgress = { work: BackupWork, done: number, of: number, };

export type BackupRequest = { id: BackupId, };

export type BackupRhythm = "off" | "daily" | "weekly";

export type BackupRunView = { 
/**
 * Null when it failed before there was one.
 */
backup_id: BackupId | null, began_at: string, ended_at: string, 
/**
 * Null when all is well.
 */
problem: AppError | null, files: number, bytes: number, 
/**
 * Bytes that were new, of a backup.
 */
written: number, 
/**
 * Files that the clinic itself lacks, of a backup.
 */
missing: number, 
/**
 * Photographs that were opened, of a drill.
 */
photographs: number, };

export type BackupStanding = "never" | "good" | "late" | "failed";

export type BackupView = { 
/**
 * The folder that was chosen for them.
 */
folder: string | null, plan: BackupPlan, standing: BackupStanding, 
/**
 * The last try, whatever came of it.
 */
last: BackupRunView | null, last_good: BackupRunView | null, last_drill: BackupRunView | null, 
/**
 * A backup, a drill or a restore is under way.
 */
running: boolean, };

export type BackupWork = "copying" | "checking" | "restoring";

export type Band = "benign" | "suspicious" | "malignant";

export type BandCount = { band: ShownBand, count: number, };

export type BannerHold = { 
/**
 * The last day of the hold; null while it stands until it is lifted.
 */
until: string | null, };

export type BatchId = string;

export type BatchItemView = { job: JobView, patient_id: PatientId, patient_number: string, family_name: string, given_names: string, lesion_label: string, site: BodySite, };

export type BatchItems = { items: Array<BatchItemView>, };

export type BatchItemsRequest = { 
/**
 * Null for what belongs to no batch.
 */
id: BatchId | null, offset: number, 
/**
 * 1 to 200.
 */
limit: number, };

export type BatchOf = { "scope": "patient", patient_id: PatientId, } | { "scope": "queue", day: string | null, } | { "scope": "selection", image_ids: Array<ImageId>, };

export type BatchPreview = { patients: number, lesions: number, photographs: number, 
/**
 * Unread photographs that are older than the three of their lesion.
 */
older: number, 
/**
 * Lesions of patients who have not consented; their readings will fail with that reason.
 */
without_consent: number, 
/**
 * More lesions than this are not taken at once.
 */
most_lesions: number, };

export type BatchRequest = { id: BatchId, };

export type BatchScope = "patient" | "queue" | "selection";

export type BatchStartRequest = { of: BatchOf, };

export type BatchState = "running" | "paused" | "cancelled" | "finished";

export type BatchView = { id: BatchId, scope: BatchScope, state: BatchState, 
/**
 * Why it paused by itself.
 */
pause_reason: ErrorCode | null, asked_by_name: string, created_at: string, finished_at: string | null, total: number, waiting: number, running: number, completed: number, failed: number, cancelled: number, };

export type Behaviour = "benign" | "uncertain" | "in_situ" | "malignant";

export type BiopsyChangeRequest = { id: BiopsyId, version: number, details: SpecimenDetails, };

export type BiopsyId = string;

export type BiopsyRequest = { id: BiopsyId, version: number, };

export type BiopsySendRequest = { id: BiopsyId, version: number, 
/**
 * The laboratory, at most 120 characters.
 */
sent_to: string, sent_on: string, };

export type BiopsyState = "taken" | "sent" | "result" | "read";

export type BiopsyTakeRequest = { lesion_id: LesionId, details: SpecimenDetails, };

export type BiopsyView = { id: BiopsyId, patient_id: PatientId, lesion_id: LesionId, details: SpecimenDetails, taken_by_name: string, state: BiopsyState, sent_to: string, sent_on: string | null, 
/**
 * Days since the specimen was taken, until a result is there.
 */
waiting_days: number | null, 
/**
 * The finding that holds, and before it the editions it replaced.
 */
editions: Array<HistologyView>, read_by_name: string | null, read_at: string | null, withdrawn_by_name: string | null, withdrawn_at: string | null, withdrawn_reason: string, version: number, };

export type BiopsyWithdrawRequest = { id: BiopsyId, version: number, 
/**
 * 1 to 500 characters.
 */
reason: string, };

export type BodySite = "scalp" | "forehead" | "temple" | "eye_region" | "ear" | "nose" | "cheek" | "lip" | "chin" | "face" | "neck" | "chest" | "breast" | "axilla" | "abdomen" | "groin" | "genital_region" | "upper_back" | "back" | "lower_back" | "buttock" | "perianal_region" | "shoulder" | "upper_arm" | "elbow" | "forearm" | "wrist" | "hand" | "palm" | "finger" | "finger_nail" | "thigh" | "knee" | "lower_leg" | "ankle" | "foot" | "heel" | "sole" | "toe" | "toe_nail" | "other";

export type BodyView = "front" | "back" | "head_front" | "head_back" | "head_left" | "head_right" | "head_top" | "hand_left_palmar" | "hand_left_dorsal" | "hand_right_palmar" | "hand_right_dorsal" | "foot_left_plantar" | "foot_left_dorsal" | "foot_right_plantar" | "foot_right_dorsal";

export type Border = { 
/**
 * The ABCD rule's B: eighths with an abrupt border, 0 to 8.
 */
score: number, 
/**
 * Eighths of 45 degrees around the centroid, the first beginning at the first axis of symmetry and
 * going towards the y axis. `None` where the eighth has no outline, as at the frame.
 */
eighths: [Eighth | null, Eighth | null, Eighth | null, Eighth | null, Eighth | null, Eighth | null, Eighth | null, Eighth | null], };

export type Both = { earlier: number, later: number, };

export type Bounded = { value: number, low: number, high: number, };

export type BreakGlassEndRequest = { patient_id: PatientId, };

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
 * When whoever opened it ended it before its time.
 */
ended_at: string | null, 
/**
 * How often it was used.
 */
uses: number, reviewed_by: string | null, reviewed_at: string | null, review_note: string | null, };

export type Calibration = { bins: Array<CalibrationBin>, 
/**
 * Expected calibration error: the mean distance between what was said and what came, weighted by bin.
 */
expected_error: number, 
/**
 * Mean squared distance of what was said from what came.
 */
brier: number, };

export type CalibrationBin = { from: number, to: number, 
/**
 * Mean of what was said in this bin; nothing in an empty one.
 */
said: number | null, 
/**
 * How many of them were malignant.
 */
malignant: Proportion, };

export type CallListRequest = { 
/**
 * The month, by its first day.
 */
month: string, 
/**
 * 1 to 200.
 */
limit: number, offset: number, };

export type CallListView = { month: string, today: string, rows: Array<CallRow>, 
/**
 * On all pages.
 */
total: number, 
/**
 * Past their day, in all months.
 */
overdue: number, };

export type CallRow = { id: RecallId, version: number, patient_id: PatientId, patient_number: string, family_name: string, given_names: string, phone: string, email: string, due_on: string, booked_for: string | null, state: RecallState, overdue: boolean, desk_text: string, responsible_name: string, attempts: number, last: ContactView | null, };

export type CannotRegister = "too_little_detail" | "no_agreement" | "too_little_overlap";

export type CaseChoice = { basis: TruthBasis | null, 
/**
 * Malignant or benign ones that were assessed.
 */
malignant: boolean | null, 
/**
 * Column of the confusion matrix.
 */
found: string | null, 
/**
 * Row of it.
 */
said: string | null, 
/**
 * The reading is in this band or a worse one.
 */
from: Band | null, 
/**
 * The reading is in a better band than this.
 */
below: Band | null, 
/**
 * Tenth of the malignant sum, 0 to 9.
 */
bin: number | null, grouping: Grouping | null, 
/**
 * Of that grouping.
 */
key: string | null, 
/**
 * The pathologist leaves it open.
 */
uncertain: boolean, 
/**
 * The picture was unlike any lesion.
 */
not_assessed: boolean, read_first: ReadFirstChoice | null, };

export type CaseNoteDoneRequest = { id: CaseNoteId, done: boolean, };

export type CaseNoteId = string;

export type CaseNoteStrikeRequest = { id: CaseNoteId, 
/**
 * 1 to 500 characters.
 */
reason: string, };

export type CaseNoteView = { id: CaseNoteId, audience: NoteAudience, text: string, follows: CaseNoteId | null, author: UserId, author_name: string, written_at: string, done_by_name: string | null, done_at: string | null, struck_by_name: string | null, struck_at: string | null, strike_reason: string, 
/**
 * Whether whoever asks may strike it out.
 */
may_strike: boolean, };

export type CaseNoteWriteRequest = { patient_id: PatientId, entry: NoteEntry, };

export type CaseSetCount = { cases: number, patients: number, photographs: number, 
/**
 * Readings of patients who did not consent to training: they stay out.
 */
without_consent: number, };

export type CaseSetCountRequest = { 
/**
 * Readings reported wrong alone; otherwise all that somebody decided on.
 */
incorrect_only: boolean, };

export type CaseSetExportRequest = { incorrect_only: boolean, password: Password, };

export type Change = { 
/**
 * `None` where the scale rests on the lesion alone.
 */
size: SizeChange | null, 
/**
 * New area outside the earlier outline, as a share of the earlier area; `None` as for `size`.
 */
gained: number | null, 
/**
 * Area of the earlier outline that is no longer lesion, as a share of it; `None` as for `size`.
 */
lost: number | null, colour: MeanColourChange | null, 
/**
 * Every colour that counts in either.
 */
colours: Array<ColourShift>, 
/**
 * Index of asymmetry, from 0 upwards.
 */
asymmetry: Both | null, 
/**
 * Eighths with an abrupt border, 0 to 8.
 */
border: Both | null, 
/**
 * Compactness of the outline: 1 for a circle.
 */
compactness: Both, 
/**
 * The lesion reaches a frame: sizes are lower bounds and growth is not told.
 */
touches_frame: boolean, 
/**
 * Calibrated scales and registration differ by more than 5 %: later over earlier, where known.
 */
scale_conflict: number | null, };

export type Changes = { to_malignant: number, to_benign: number, 
/**
 * From wrong to right.
 */
helped: number, 
/**
 * From right to wrong.
 */
harmed: number, };

export type CheckView = { check: SelfCheck, light: Light, finding: Finding, 
/**
 * Numbers that belong to the finding, by the names of its sentence; bytes end in `_bytes`.
 */
figures: Record<string, number>, 
/**
 * Machines, models or codes that belong to the finding; never a person.
 */
names: Array<string>, };

export type ChecklistId = string;

export type ChecklistItemView = { code: string, group: ItemGroup, 
/**
 * Points for each unit of the answer; 0 where nothing is summed.
 */
weight: number, 
/**
 * Smallest and largest answer; 0 and 1 are no and yes.
 */
low: number, high: number, };

export type ChecklistJudgeRequest = { kind: ChecklistKind, answers: Record<string, number>, };

export type ChecklistKind = "abcd" | "seven_point" | "weighted_seven_point" | "menzies" | "abcde";

export type ChecklistPageView = { lists: Array<ChecklistView>, 
/**
 * What the pictures suggest; nothing is answered by it. Empty without a reading, and while it is withheld.
 */
proposals: Array<Proposal>, 
/**
 * The lists being filled in now, one of a kind at most.
 */
filled: Array<FilledChecklistView>, 
/**
 * Other lists of the lesion in their last edition, newest first.
 */
earlier: Array<FilledChecklistView>, };

export type ChecklistResult = { 
/**
 * The sum of what is answered; for Menzies the number of positive features, for ABCDE that of signs.
 */
score: number, 
/**
 * The largest sum there is.
 */
max: number, 
/**
 * Codes of the items without an answer, in the order of the list.
 */
missing: Array<string>, 
/**
 * Nothing while an answer is missing.
 */
verdict: ChecklistVerdict | null, };

export type ChecklistSaveRequest = { lesion_id: LesionId, analysis_id: AnalysisId | null, kind: ChecklistKind, answers: Record<string, number>, 
/**
 * The edition the edit began from.
 */
previous: ChecklistId | null, };

export type ChecklistSourceView = { citation: string, year: number, };

export type ChecklistVerdict = "benign" | "suspicious" | "highly_suspicious" | "not_melanoma" | "melanoma" | "no_referral" | "refer" | "no_warning_sign" | "warning_signs";

export type ChecklistView = { kind: ChecklistKind, version: number, items: Array<ChecklistItemView>, 
/**
 * The published rule, in English.
 */
rule: string, 
/**
 * What it was made for, in English.
 */
scope: string, sources: Array<ChecklistSourceView>, };

export type ClassProbability = { 
/**
 * Calibrated, 0 to 1; all classes of a result sum to 1.
 */
probability: number, 
/**
 * Largest minus smallest over the images averaged; 0 for one image.
 */
spread: number, code: string, name: string, malignancy: Malignancy, };

export type ClassRecall = { code: string, cases: number, 
/**
 * 0 to 1; null where the version in use cannot be loaded.
 */
old: number | null, new: number, 
/**
 * Too few cases to judge the class by.
 */
too_few: boolean, below_floor: boolean, };

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

export type ClinicTablesRequest = { 
/**
 * Photographs with what explains the readings go along, so that the records can be read into a clinic.
 */
photographs: boolean, 
/**
 * One's own, typed again.
 */
password: Password, 
/**
 * Seals the archive, with 12 to 128 characters; without one it lies open.
 */
passphrase: Password | null, passphrase_repeat: Password | null, };

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

export type CloseReason = "excised" | "treated" | "resolved" | "duplicate" | "entered_in_error" | "other";

export type CodeSystem = "icd10" | "snomed_ct";

export type CodedTerm = { 
/**
 * Coding scheme designator of DICOM PS3.16, section 8: `SCT` is SNOMED CT (`http://snomed.info/sct`).
 */
scheme: string, code: string, meaning: string, };

export type Colleague = { id: UserId, name: string, };

export type ColourShare = { colour: DermoscopicColour, 
/**
 * Share of the lesion without its rim, 0 to 1.
 */
share: number, };

export type ColourShift = { colour: DermoscopicColour, earlier: number, later: number, };

export type Colours = { present: Array<ColourShare>, };

export type ComparedOutline = { "state": "found", 
/**
 * Corners in pixels of the photograph, without repeating the first.
 */
polygon: Array<[number, number]>, } | { "state": "missing", reason: OutlineGap, };

export type ComparedPhotograph = { image: ImageRecord, 
/**
 * Day on which it was taken, else on which it was taken in.
 */
day: string, outline: ComparedOutline, mm_per_px: number | null, 
/**
 * How unsure millimetres are for the error of the scale; nothing where its source states none.
 */
spread: Spread | null, };

export type ComparedPicture = { picture: GoldenPicture, 
/**
 * Code of the class that histology found.
 */
truth: string | null, 
/**
 * Null where the version in use cannot be loaded.
 */
old: Opinion | null, new: Opinion, };

export type ComparisonId = string;

export type ComparisonProgress = { step: ComparisonStep, 
/**
 * 0 to 1.
 */
fraction: number, };

export type ComparisonRequest = { earlier_id: ImageId, later_id: ImageId, };

export type ComparisonStep = "opening" | "outlining" | "registering" | "measuring";

export type ComparisonView = { id: ComparisonId, earlier: ComparedPhotograph, later: ComparedPhotograph, 
/**
 * Days from the earlier to the later photograph.
 */
days: number, 
/**
 * What short-term monitoring says of the interval.
 */
monitoring: Monitoring, alignment: Alignment, change: Change | null, outline_method: OutlineMethod, compared_by_name: string, compared_at: string, };

export type Confidence = "low" | "moderate" | "high";

export type ConfidenceAgreement = { confidence: Confidence, malignancy: AgreementCount, };

export type Confusion = { rows: Array<string>, columns: Array<string>, cells: Array<Array<number>>, };

export type Consent = { given: boolean, 
/**
 * When it was last given or withdrawn; set by the program.
 */
changed_at: string | null, };

export type ConsentEntryView = { 
/**
 * Name of whoever recorded it.
 */
by_name: string, kind: ConsentKind, 
/**
 * False where it was withdrawn.
 */
given: boolean, at: string, 
/**
 * Who recorded it.
 */
by: UserId, 
/**
 * Such as where the signed paper lies; at most 500 characters, may be empty.
 */
note: string, };

export type ConsentKind = "photo" | "ai" | "training";

export type ConsentListRequest = { patient_id: PatientId, };

export type ConsentRecordRequest = { patient_id: PatientId, kind: ConsentKind, 
/**
 * False withdraws it.
 */
given: boolean, 
/**
 * At most 500 characters; may be empty.
 */
note: string, };

export type ContactEntry = { means: ContactMeans, outcome: ContactOutcome, 
/**
 * At most 300 characters; may be empty.
 */
note: string, 
/**
 * The appointment; with the outcome `booked` and with no other.
 */
booked_for: string | null, };

export type ContactMeans = "phone" | "email" | "letter" | "in_person";

export type ContactOutcome = "reached" | "no_answer" | "booked" | "declined";

export type ContactView = { at: string, by_name: string, means: ContactMeans, outcome: ContactOutcome, note: string, booked_for: string | null, };

export type DashboardView = { today: string, patients: number, 
/**
 * Without those that were entered by mistake.
 */
lesions: number, photographs: number, readings: number, 
/**
 * Every band.
 */
bands: Array<BandCount>, 
/**
 * Readings that are in no band here, since they wait for an impression.
 */
withheld: number, 
/**
 * Without discarded drafts.
 */
reports: Array<ReportCount>, waiting: SafetyNetCounts, 
/**
 * The last 26 weeks, the oldest first.
 */
uploads: Array<UploadCount>, };

export type DataSource = { name: string, use: string, licence: string, cite: string, };

export type DateOrder = "year_first" | "day_first" | "month_first";

export type DecisionEntry = { impression: Impression, confidence: Confidence, plan: Plan, 
/**
 * At most 2,000 characters; may be empty.
 */
note: string, 
/**
 * Why less is done than the reading recommends, at most 500 characters; empty otherwise.
 */
override_reason: string, };

export type DecisionId = string;

export type DecisionPageView = { 
/**
 * What a lesion can be taken for, the classes of the model first.
 */
terms: Array<DiagnosisTermView>, 
/**
 * The reading waits for an impression; everything about it below is left out.
 */
withheld: boolean, 
/**
 * The band of the reading, against which a plan is held.
 */
band: Band | null, 
/**
 * Committed before the reading was shown.
 */
impression: ImpressionView | null, decision: DecisionView | null, 
/**
 * Decisions on the lesion that do not count here any more or were made otherwise, newest first.
 */
earlier: Array<DecisionView>, feedback: FeedbackView | null, 
/**
 * Newest first.
 */
letters: Array<ReferralView>, };

export type DecisionSaveRequest = { lesion_id: LesionId, analysis_id: AnalysisId | null, 
/**
 * The decision the edit began from.
 */
previous: DecisionId | null, entry: DecisionEntry, };

export type DecisionView = { id: DecisionId, analysis_id: AnalysisId | null, entry: DecisionEntry, recall_id: RecallId | null, 
/**
 * Day of the recall, where the plan made one.
 */
recall_on: string | null, 
/**
 * From 1.
 */
edition: number, author_name: string, decided_at: string, 
/**
 * Another decision stands in its place.
 */
superseded: boolean, };

export type DeletionId = string;

export type DeletionRequest = { id: DeletionId, };

export type DeletionScope = "reading" | "photograph" | "history";

export type DeletionView = { id: DeletionId, scope: DeletionScope, reason: string, deleted_by_name: string, deleted_at: string, 
/**
 * Until then it can be undone.
 */
until: string, may_undo: boolean, };

export type DerivedCounts = { looked: number, 
/**
 * Something of it is missing or cannot be opened, and can be made again.
 */
stale: number, 
/**
 * Of these, made anew.
 */
made: number, 
/**
 * Stale, but the model that it takes is not in use.
 */
without_model: number, 
/**
 * Stale, but the patient does not agree to models that look at photographs.
 */
without_consent: number, 
/**
 * It could not be made: the photograph itself cannot be opened.
 */
failed: number, };

export type DerivedKind = "pictures" | "heatmaps" | "directions";

export type DerivedPurpose = "look" | "make";

export type DerivedRunView = { purpose: DerivedPurpose, state: DerivedState, 
/**
 * Why it failed.
 */
problem: AppError | null, 
/**
 * What it is at.
 */
kind: DerivedKind, 
/**
 * Photographs and readings it has looked at, of about so many.
 */
done: number, total: number, tally: DerivedTally, asked_by_name: string, began_at: string, ended_at: string | null, };

export type DerivedStartRequest = { purpose: DerivedPurpose, };

export type DerivedState = "running" | "finished" | "cancelled" | "failed";

export type DerivedTally = { pictures: DerivedCounts, heatmaps: DerivedCounts, directions: DerivedCounts, };

export type DerivedView = { 
/**
 * The model in use: heatmaps and features are made by it alone.
 */
model: ModelStatus, 
/**
 * The pass that is open.
 */
current: DerivedRunView | null, 
/**
 * The last look that has ended, whatever came of it.
 */
last_look: DerivedRunView | null, last_make: DerivedRunView | null, };

export type DermoscopicColour = "white" | "red" | "light_brown" | "dark_brown" | "blue_grey" | "black";

export type DeskPhotoAddRequest = { visit_id: VisitId, };

export type DeskPhotoAdded = { 
/**
 * The same file was taken in before; nothing was added.
 */
already: boolean, quality: QualityReport, 
/**
 * Photographs that wait with the visit now.
 */
photographs: number, };

export type DeskPhotoAssignRequest = { id: DeskPhotoId, lesion_id: LesionId, kind: ImageKind, };

export type DeskPhotoDiscardRequest = { id: DeskPhotoId, 
/**
 * 1 to 500 characters.
 */
reason: string, };

export type DeskPhotoId = string;

export type DeskPhotoListRequest = { patient_id: PatientId, };

export type DeskPhotoView = { 
/**
 * False for one that was sealed to keys that are gone; it can only be discarded.
 */
opens: boolean, id: DeskPhotoId, patient_id: PatientId, visit_id: VisitId, format: ImageFormat, width: number, height: number, 
/**
 * SHA-256 of the file as it was taken in, lower-case hex.
 */
sha256: string, bytes: number, quality: QualityReport, added_at: string, };

export type DeviceProfile = { name: string, 
/**
 * EXIF Make that its photographs carry; empty where they carry none.
 */
make: string, 
/**
 * EXIF Model.
 */
model: string, 
/**
 * Long side in pixels of the photographs for which `um_per_px` holds; larger and smaller ones of the same
 * field are scaled in proportion.
 */
image_width: number, 
/**
 * Micrometres a pixel at that size.
 */
um_per_px: number, };

export type DiagnosisTermView = { code: string, 
/**
 * English name.
 */
name: string, 
/**
 * Concept of SNOMED CT, where one is sure.
 */
snomed: string | null, malignancy: Malignancy, 
/**
 * One of the classes of the model.
 */
is_class: boolean, };

export type DicomCounts = { photographs: number, reports: number, readings: number, 
/**
 * Readings that wait for an impression, with the reports on them.
 */
withheld: number, 
/**
 * Photographs and reports whose stored files are damaged.
 */
damaged: number, };

export type DicomExported = { saved: boolean, path: string | null, 
/**
 * Null when no place was chosen.
 */
counts: DicomCounts | null, };

export type DicomObjectKind = "photograph" | "reading" | "report";

export type DicomOrigin = { sop_instance_uid: string, 
/**
 * From 0.
 */
frame: number, modality: string, 
/**
 * Millimetres between rows and between columns.
 */
pixel_spacing_mm: [number, number] | null, };

export type DicomSelection = { patient_id: PatientId, 
/**
 * Null for every lesion.
 */
lesion_ids: Array<LesionId> | null, 
/**
 * Reports as encapsulated PDF.
 */
reports: boolean, 
/**
 * Measurements and readings as structured reports.
 */
readings: boolean, };

export type DicomSendProgress = { done: number, of: number, };

export type DicomSendState = "stored" | "stored_with_warning" | "refused" | "not_accepted" | "damaged" | "not_sent";

export type DicomSendView = { objects: Array<DicomSentObject>, 
/**
 * How many the PACS has.
 */
stored: number, 
/**
 * Readings that wait for an impression, with the reports on them; they were not sent.
 */
withheld: number, 
/**
 * Why the sending ended before all was sent.
 */
error: AppError | null, };

export type DicomSentObject = { kind: DicomObjectKind, 
/**
 * The lesion's label, or the report's number.
 */
label: string, state: DicomSendState, 
/**
 * The answer of the PACS (PS3.7, annex C); null where there was none.
 */
status: number | null, };

export type DiffKind = "same" | "removed" | "added";

export type DiffLine = { kind: DiffKind, text: string, };

export type DifferentialStructures = { count: number, source: StructureSource, };

export type Disagreement = { 
/**
 * Half the sum of the spreads of all classes, 0 to 1: for two photographs the total variation distance of
 * their probabilities, for three at least that of the pair farthest apart.
 */
probability: number, 
/**
 * Half the sum of the differences of the shares of the six dermoscopic colours, 0 to 1, of the pair
 * farthest apart. `None` where fewer than two photographs have colours measured.
 */
colour: number | null, 
/**
 * Which of the two is beyond its bound.
 */
by_probability: boolean, by_colour: boolean, };

export type Doubt = "stored_for_another" | "patient_number" | "not_a_photograph";

export type DoubtView = { doubt: Doubt, 
/**
 * The number or the modality that the file names.
 */
detail: string | null, };

export type Draft = { 
/**
 * Which form, e.g. `patient:new`; at most 120 characters.
 */
key: string, 
/**
 * What the form holds; at most 64 KiB. Null forgets the draft.
 */
body: unknown, };

export type DriftMonth = { 
/**
 * Year and month, such as 2026-03.
 */
month: string, readings: number, 
/**
 * Share of pictures unlike any lesion.
 */
outside: Proportion, 
/**
 * Readings in the benign, the suspicious and the malignant band.
 */
bands: [number, number, number], mean_malignant_sum: number | null, classes: { [key in string]: number }, 
/**
 * Readings by SHA-256 of the model.
 */
models: { [key in string]: number }, 
/**
 * A model that had not read before.
 */
new_models: Array<string>, quality: QualityFigures, stability: StabilityFigures, 
/**
 * One of the indices is above the limit.
 */
warns: boolean, in_reference: boolean, };

export type DriftReport = { 
/**
 * Oldest first; a month without readings and photographs is among them.
 */
months: Array<DriftMonth>, 
/**
 * The months that the others are held against.
 */
reference: Array<string>, reference_readings: number, };

export type DuplicateFinding = "same_family_name" | "family_name_one_letter_off" | "family_name_sounds_alike" | "family_name_in_part" | "different_family_name" | "same_given_names" | "given_name_one_letter_off" | "given_name_sounds_alike" | "given_name_in_part" | "different_given_names" | "names_swapped" | "same_date_of_birth" | "date_of_birth_mistyped" | "different_date_of_birth" | "same_sex" | "different_sex" | "same_phone" | "different_phone" | "same_email" | "different_email";

export type DuplicateReason = { finding: DuplicateFinding, 
/**
 * Bits, rounded to tenths.
 */
bits: number, };

export type DuplicateView = { patient: PatientRow, 
/**
 * Probability that it is the same person, 5 to 99 per cent.
 */
percent: number, 
/**
 * Heaviest first.
 */
reasons: Array<DuplicateReason>, };

export type Duty = "choose_password";

export type EarlierReading = { id: AnalysisId, at: string, band: Band, 
/**
 * Sum over the malignant classes, 0 to 1.
 */
malignant_sum: number, };

export type EditionKind = "signed" | "addendum" | "withdrawn";

export type Eighth = { 
/**
 * ΔE*ab between the inner and the outer end of the profile.
 */
contrast: number, 
/**
 * Largest share of the change within a tenth of the lesion's radius, 0 upwards.
 */
steepness: number, abrupt: boolean, };

export type ErasureReason = "patient_request" | "retention_over" | "entered_in_error" | "legal_order";

export type ErasureView = { 
/**
 * Sealed files that went with the record.
 */
files: number, 
/**
 * False when a rest is removed at the next start of the program.
 */
clean: boolean, };

export type ErrorCode = "invalid_input" | "not_found" | "conflict" | "same_patient" | "patient_merged" | "patient_on_hold" | "not_permitted" | "session_required" | "session_locked" | "invalid_credentials" | "second_factor_wrong" | "sign_in_expired" | "code_invalid" | "email_in_use" | "last_administrator" | "too_many_waiting" | "busy" | "mail_failed" | "clinic_exists" | "clinic_missing" | "clinic_in_use" | "key_slots_damaged" | "record_damaged" | "storage_full" | "storage_failed" | "consent_missing" | "image_empty" | "image_format_unsupported" | "image_heic" | "image_unreadable" | "image_too_large" | "image_too_many_pixels" | "image_too_small" | "image_black" | "file_gone" | "file_denied" | "file_changed" | "dicom_unreadable" | "dicom_not_photograph" | "photograph_in_use" | "model_unavailable" | "model_refused" | "analyses_off" | "analysis_cancelled" | "interrupted" | "impression_required" | "report_locked" | "report_altered" | "passphrase_wrong" | "share_expired" | "pacs_failed" | "backup_failed" | "newer_version" | "language_model_failed" | "report_text_unread" | "import_unreadable" | "internal";

export type ExaminationRequest = { lesion_id: LesionId, analysis_id: AnalysisId | null, };

export type FaultKind = "bad_head" | "unknown_condition" | "unknown_word" | "unknown_placeholder" | "bad_brace" | "bad_sign" | "may_be_empty" | "too_long";

export type FeatureMap = { channels: number, width: number, height: number, };

export type FeedbackEntry = { 
/**
 * False takes an earlier "was wrong" back.
 */
incorrect: boolean, 
/**
 * What it is instead; nothing where that is not known, or where the reading was right after all.
 */
correct: Impression | null, 
/**
 * At most 1,000 characters; may be empty.
 */
text: string, };

export type FeedbackGiveRequest = { analysis_id: AnalysisId, entry: FeedbackEntry, };

export type FeedbackView = { entry: FeedbackEntry, author_name: string, given_at: string, };

export type FhirExportRequest = { patient_id: PatientId, 
/**
 * Of the reports.
 */
paper: PaperSize, 
/**
 * One's own, typed again.
 */
password: Password, 
/**
 * Seals the archive, with 12 to 128 characters; without one it lies open.
 */
passphrase: Password | null, passphrase_repeat: Password | null, };

export type FilledChecklistView = { id: ChecklistId, kind: ChecklistKind, analysis_id: AnalysisId | null, answers: Record<string, number>, result: ChecklistResult, 
/**
 * From 1.
 */
edition: number, author_name: string, filled_at: string, 
/**
 * A report printed it: it stays as it is.
 */
printed: boolean, };

export type Finding = "not_checked" | "database_sound" | "database_unsealed" | "database_broken" | "trail_whole" | "trail_on_record" | "trail_altered" | "model_sound" | "model_unfit" | "version_unfit" | "outline_unfit" | "golden_equal" | "golden_differs" | "golden_absent" | "backup_recent" | "backup_old" | "backup_failed" | "backup_none" | "sheet_confirmed" | "sheet_unconfirmed" | "factor_everybody" | "factor_missing" | "disk_ample" | "disk_low" | "disk_full" | "disk_unknown" | "clock_plausible" | "clock_early" | "clock_behind" | "folder_private" | "folder_open" | "folder_absent" | "folder_unknown" | "network_silent" | "network_allowed" | "network_open" | "network_partly" | "network_unknown" | "memory_closed" | "memory_open" | "memory_unknown" | "run_in_order" | "run_cut_short";

export type FitzpatrickType = "I" | "II" | "III" | "IV" | "V" | "VI";

export type FolderOffer = { name: string, files: Array<OfferedFile>, 
/**
 * Links, hidden files and the like, which are never followed.
 */
left_out: number, 
/**
 * Folders below that could not be opened.
 */
closed: number, 
/**
 * There were more files than one import takes.
 */
more: boolean, };

export type FollowUpRequest = { patient_id: PatientId, };

export type FollowUpView = { 
/**
 * False for roles that see no results: biopsies, reasons and notes for clinicians are then left out.
 */
clinical: boolean, 
/**
 * What is open first.
 */
recalls: Array<RecallView>, 
/**
 * Newest first.
 */
biopsies: Array<BiopsyView>, 
/**
 * Newest first.
 */
notes: Array<CaseNoteView>, 
/**
 * Who may be made responsible; empty where nothing can be planned.
 */
colleagues: Array<Colleague>, today: string, };

export type Gate = "inconclusive" | "uncertain" | "confident" | "out_of_distribution";

export type GoldenImageMarkRequest = { image_id: ImageId, true_class: string, };

export type GoldenImageRequest = { image_id: ImageId, };

export type GoldenImageView = { image_id: ImageId, imported_at: string, 
/**
 * What the pathologist found, where it has a code.
 */
morphology: string | null, behaviour: Behaviour, 
/**
 * Null for one that is not marked.
 */
true_class: string | null, };

export type GoldenPicture = { "kind": "phantom", name: string, } | { "kind": "photograph", number: number, };

export type GoldenSetView = { 
/**
 * Those marked first, in the order of marking.
 */
images: Array<GoldenImageView>, classes: Array<Label>, most: number, };

export type Grouping = "class" | "sex" | "age" | "skin_type" | "site" | "model" | "kind";

export type HeatmapState = "available" | "no_spatial_map" | "unsupported_head";

export type HistologyDetails = { 
/**
 * ICD-O-3, such as `8743/3`; nothing where the finding is no tumour and has no code.
 */
morphology: string | null, 
/**
 * Said by the code where there is one, otherwise by whoever enters it.
 */
behaviour: Behaviour | null, 
/**
 * The finding in words, at most 4,000 characters.
 */
text: string, 
/**
 * Thickness of a melanoma (Breslow 1970), 0.01 to 100 mm.
 */
breslow_mm: number | null, margins: Margins, reported_on: string, };

export type HistologyEnterRequest = { id: BiopsyId, version: number, details: HistologyDetails, };

export type HistologyView = { edition: number, morphology: string | null, 
/**
 * English term of a code of the table.
 */
morphology_name: string | null, behaviour: Behaviour, text: string, breslow_mm: number | null, margins: Margins, reported_on: string, entered_by_name: string, entered_at: string, 
/**
 * The reading it is held against, and what that said.
 */
analysis_id: AnalysisId | null, reading: Malignancy | null, 
/**
 * The class the reading named.
 */
reading_name: string | null, reading_agreement: Agreement, impression_agreement: Agreement, };

export type HistoryClearRequest = { patient_id: PatientId, 
/**
 * Readings from before this day go.
 */
before: string, 
/**
 * 1 to 500 characters.
 */
reason: string, password: Password, };

export type HistoryCleared = { id: DeletionId, readings: number, };

export type HistoryEntry = { analysis_id: AnalysisId | null, 
/**
 * The photograph, or the first of the reading.
 */
image_id: ImageId | null, at: string, patient_id: PatientId, patient_number: string, family_name: string, given_names: string, lesion_id: LesionId, lesion_label: string, site: BodySite, by_name: string | null, 
/**
 * Of a reading that is not withheld.
 */
said: HistorySaid | null, 
/**
 * A reading that waits for an impression.
 */
withheld: boolean, deletion: DeletionView | null, };

export type HistoryNoun = "reading" | "photograph";

export type HistoryPlace = { at: string, id: string, };

export type HistoryRequest = { noun: HistoryNoun, 
/**
 * Words of a patient's name or number; empty for everybody. At most 200 characters.
 */
text: string, 
/**
 * Code of the class that was named, or an empty text where none was. This and the next two are of readings
 * alone.
 */
class: string | null, 
/**
 * As it is shown.
 */
band: ShownBand | null, urgency: Urgency | null, from: string | null, 
/**
 * The last day that is listed.
 */
to: string | null, site: BodySite | null, 
/**
 * Who imported the photograph or asked for the reading.
 */
by: UserId | null, 
/**
 * Who opened the reading first.
 */
reviewer: UserId | null, 
/**
 * Deleted entries alone; otherwise none of them.
 */
deleted: boolean, before: HistoryPlace | null, 
/**
 * 1 to 100.
 */
limit: number, };

export type HistorySaid = { band: Band, urgency: Urgency, gate: Gate, class_code: string | null, class_name: string | null, malignant_sum: number, model_name: string, model_version: string, reviewer_name: string | null, };

export type HistoryView = { 
/**
 * Newest first.
 */
entries: Array<HistoryEntry>, 
/**
 * Where the next page begins; null when there is no older entry.
 */
next: HistoryPlace | null, 
/**
 * The page ended because enough was looked at, not because it was full.
 */
cut_short: boolean, 
/**
 * Everybody who ever had an account, for the filters.
 */
people: Array<Colleague>, 
/**
 * Days in which a deletion can be undone.
 */
retention_days: number, };

export type HoldDetails = { 
/**
 * 1 to 500 characters.
 */
reason: string, 
/**
 * The last day of the hold; without one it stands until it is lifted.
 */
until: string | null, };

export type HoldReadRequest = { patient_id: PatientId, };

export type HoldSetRequest = { patient_id: PatientId, details: HoldDetails, };

export type HoldView = { reason: string, 
/**
 * The last day of the hold; null while it stands until it is lifted.
 */
until: string | null, 
/**
 * Name of whoever set it.
 */
set_by: string, set_at: string, };

export type ImageFormat = "jpeg" | "png" | "tiff" | "web_p" | "bmp";

export type ImageId = string;

export type ImageImportRequest = { lesion_id: LesionId, kind: ImageKind, };

export type ImageImported = { image: ImageRecord, 
/**
 * The same file was already stored for this lesion; nothing was added.
 */
already_stored: boolean, };

export type ImageKind = "dermoscopic" | "clinical" | "overview";

export type ImageKindRequest = { id: ImageId, kind: ImageKind, };

export type ImageMarkAddRequest = { image_id: ImageId, entry: MarkEntry, };

export type ImageMarkId = string;

export type ImageMarkLabelRequest = { id: ImageMarkId, label: string, };

export type ImageMarkRequest = { id: ImageMarkId, };

export type ImageMarkView = { id: ImageMarkId, figures: MarkFigures, author_name: string, made_at: string, kind: MarkKind, points: Array<PixelPoint>, label: string, };

export type ImageMeasuringRequest = { image_id: ImageId, };

export type ImageMeasuringView = { image_id: ImageId, 
/**
 * Nothing means uncalibrated: pixels, and no millimetres.
 */
scale: ImageScaleView | null, 
/**
 * Oldest first.
 */
marks: Array<ImageMarkView>, };

export type ImageMoveRequest = { id: ImageId, lesion_id: LesionId, 
/**
 * Required when readings look at the photograph; at most 500 characters.
 */
reason: string, };

export type ImageRecord = { id: ImageId, patient_id: PatientId, lesion_id: LesionId, kind: ImageKind, format: ImageFormat, width: number, height: number, 
/**
 * SHA-256 of the file as it was imported, lower-case hex.
 */
sha256: string, bytes: number, quality: QualityReport, imported_at: string, };

export type ImageScaleView = { source: ScaleSource, 
/**
 * Where the source is a device.
 */
device_name: string | null, 
/**
 * Estimated error as a share of the scale.
 */
error: number | null, set_by_name: string, set_at: string, um_per_px_x: number, um_per_px_y: number, };

export type ImagingDeviceId = string;

export type ImagingDeviceRequest = { id: ImagingDeviceId, };

export type ImagingDeviceSaveRequest = { 
/**
 * Nothing adds a device.
 */
id: ImagingDeviceId | null, profile: DeviceProfile, };

export type ImagingDeviceView = { id: ImagingDeviceId, name: string, 
/**
 * EXIF Make that its photographs carry; empty where they carry none.
 */
make: string, 
/**
 * EXIF Model.
 */
model: string, 
/**
 * Long side in pixels of the photographs for which `um_per_px` holds; larger and smaller ones of the same
 * field are scaled in proportion.
 */
image_width: number, 
/**
 * Micrometres a pixel at that size.
 */
um_per_px: number, };

export type ImportColumn = { name: string, 
/**
 * The first entries that are not empty, at most three.
 */
samples: Array<string>, };

export type ImportDecideRequest = { 
/**
 * Null for every doubtful row.
 */
index: number | null, decision: ImportDecision, };

export type ImportDecision = "new" | "same" | "skip";

export type ImportField = "number" | "family_name" | "given_names" | "date_of_birth" | "sex" | "phone" | "email" | "address" | "fitzpatrick" | "alert" | "medical_history" | "photo_consent" | "ai_consent" | "lesion" | "site" | "side" | "lesion_note" | "photographs";

export type ImportKind = "clinic" | "folder" | "fhir";

export type ImportLeft = { 
/**
 * A table of an export, or a type of FHIR.
 */
what: string, count: number, };

export type ImportMapping = { 
/**
 * By table, then by column; null for a column that is left out.
 */
tables: Array<Array<ImportField | null>>, 
/**
 * Null while nobody has said what the dates leave open.
 */
dates: DateOrder | null, 
/**
 * The consents to photographs are on file: every patient of the source gave one.
 */
consents_on_file: boolean, };

export type ImportMatch = { patient_id: PatientId, number: string, family_name: string, given_names: string, date_of_birth: string, };

export type ImportOpenRequest = { kind: ImportKind, 
/**
 * Of a sealed ZIP.
 */
passphrase: Password | null, };

export type ImportOutcome = "new" | "same" | "doubtful" | "refused";

export type ImportOutcomes = { new: number, same: number, doubtful: number, 
/**
 * Of the doubtful: those nobody has decided.
 */
undecided: number, refused: number, };

export type ImportProgress = { done: number, of: number, };

export type ImportRemark = { word: ImportWord, detail: string | null, };

export type ImportResult = "created" | "added" | "unchanged" | "skipped" | "refused" | "failed" | "not_reached";

export type ImportResults = { created: number, added: number, unchanged: number, skipped: number, refused: number, failed: number, not_reached: number, lesions: number, photographs: number, };

export type ImportRow = { 
/**
 * From 0; what a decision names.
 */
index: number, 
/**
 * Of a table: the lines it comes from, at most ten.
 */
lines: Array<number>, number: string, family_name: string, given_names: string, 
/**
 * As the source writes it where it is no date.
 */
date_of_birth: string, lesions: number, photographs: number, outcome: ImportOutcome, remarks: Array<ImportRemark>, found: ImportMatch | null, 
/**
 * Whether a person may say that it is the patient who was found.
 */
may_be_same: boolean, decision: ImportDecision | null, 
/**
 * Null until it was imported.
 */
result: ImportResult | null, };

export type ImportRows = { total: number, rows: Array<ImportRow>, };

export type ImportRowsRequest = { 
/**
 * Null for all.
 */
outcome: ImportOutcome | null, result: ImportResult | null, offset: number, 
/**
 * 1 to 200.
 */
limit: number, };

export type ImportSource = { kind: ImportKind, 
/**
 * Name of the file or folder.
 */
name: string, 
/**
 * Of an export: the clinic it is of, and when it was made.
 */
clinic: string | null, made_at: string | null, tables: Array<ImportTable>, people: number, 
/**
 * Photographs that lie beside the records.
 */
photographs: number, left: Array<ImportLeft>, };

export type ImportStage = "nothing" | "opened" | "planned" | "running" | "ended";

export type ImportTable = { file: string, encoding: TextEncoding, 
/**
 * The sign between cells.
 */
delimiter: string, rows: number, columns: Array<ImportColumn>, };

export type ImportView = { stage: ImportStage, 
/**
 * Null while nothing is open, and while an import runs.
 */
source: ImportSource | null, 
/**
 * What is proposed, or was chosen; null for an export of a clinic, which says everything itself.
 */
mapping: ImportMapping | null, 
/**
 * The orders in which every date of birth could be read; two of them leave it to a person.
 */
date_orders: Array<DateOrder>, outcomes: ImportOutcomes | null, progress: ImportProgress | null, results: ImportResults | null, };

export type ImportWord = "cell_count" | "quoting" | "field_missing" | "field_invalid" | "date_invalid" | "date_two_digits" | "number_twice" | "nobodys_lesion" | "number_of_another" | "like_somebody" | "erased_here" | "partly_here" | "damaged" | "number_changed" | "not_understood" | "photographs_missing" | "photograph_outside" | "photograph_not_found" | "photograph_link" | "photograph_refused" | "photograph_of_another" | "consent_missing" | "lines_joined" | "undecided" | "failure";

export type Impression = { 
/**
 * Code of a term, or [`OTHER`].
 */
term: string, 
/**
 * Another one in words, at most 200 characters; empty for a term.
 */
text: string, 
/**
 * Said by the term where there is one, otherwise by the clinician; nothing where it is left open.
 */
malignancy: Malignancy | null, };

export type ImpressionAgreement = { 
/**
 * Benign, premalignant or malignant alike; nothing where one of the two leaves it open.
 */
malignancy: boolean | null, 
/**
 * The same class of the model; nothing where the reading names none or the term has none.
 */
class: boolean | null, };

export type ImpressionCommitRequest = { analysis_id: AnalysisId, entry: ImpressionEntry, };

export type ImpressionEntry = { impression: Impression, confidence: Confidence, 
/**
 * At most 1,000 characters; may be empty.
 */
note: string, };

export type ImpressionId = string;

export type ImpressionStatistics = { committed: number, malignancy: AgreementCount, class: AgreementCount, 
/**
 * By how sure the clinician was, the malignancy group.
 */
by_confidence: Array<ConfidenceAgreement>, };

export type ImpressionView = { id: ImpressionId, entry: ImpressionEntry, author_name: string, committed_at: string, agreement: ImpressionAgreement, };

export type InsightExportRequest = { 
/**
 * Null is the dashboard.
 */
trend: TrendRequest | null, format: InsightFormat, };

export type InsightFormat = "csv" | "pdf";

export type Interval = { low: number, high: number, };

export type IntervalUnit = "weeks" | "months" | "years";

export type ItemGroup = "component" | "major" | "minor" | "negative" | "positive" | "sign";

export type JobId = string;

export type JobRequest = { id: JobId, };

export type JobSettings = { 
/**
 * 1 or 2.
 */
at_once: number, };

export type JobState = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";

export type JobStatesRequest = { 
/**
 * At most 200.
 */
ids: Array<JobId>, };

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

export type JobsView = { 
/**
 * Analyses that wait for their turn, those of paused batches left out.
 */
waiting: number, running: number, 
/**
 * How many run at once: one or two.
 */
at_once: number, 
/**
 * Newest first.
 */
batches: Array<BatchView>, singles: SinglesView, };

export type Kappa = { 
/**
 * How often they say the same.
 */
agree: Proportion, 
/**
 * How often they would by chance.
 */
by_chance: number | null, 
/**
 * Nothing with fewer than [`LEAST`] lesions, and where chance alone explains everything.
 */
kappa: number | null, interval: Interval | null, };

export type KindProposal = { kind: ImageKind, 
/**
 * 0.5 (either) to 1.
 */
certainty: number, };

export type Label = { code: string, name: string, malignancy: Malignancy, };

export type Language = "en" | "de" | "es";

export type LanguageChooseRequest = { language: Language, };

export type LanguageModelSettingsRequest = { enabled: boolean, 
/**
 * The base of the interface, such as `http://localhost:11434/v1`; its name must stand for addresses of this
 * machine or of a private network.
 */
url: string, model: string, 
/**
 * Null keeps the stored one; empty takes it away.
 */
key: Password | null, 
/**
 * Seconds that an answer may take, 1 to 60.
 */
patience_seconds: number, };

export type LanguageModelSettingsView = { enabled: boolean, url: string, model: string, has_key: boolean, patience_seconds: number, };

export type Laterality = "left" | "right" | "midline" | "not_applicable";

export type Lesion = { id: LesionId, patient_id: PatientId, 
/**
 * Nothing until somebody puts the lesion on the map.
 */
place: LesionPlace | null, 
/**
 * Nothing while the lesion is followed.
 */
closure: LesionClosure | null, created_at: string, 
/**
 * Counts the changes, from 1.
 */
version: number, 
/**
 * Short label on the lists, such as "L1" or "mole left calf"; at most 60 characters.
 */
label: string, site: BodySite, laterality: Laterality, 
/**
 * Free text, at most 2,000 characters.
 */
note: string, };

export type LesionCloseRequest = { id: LesionId, 
/**
 * The version on the screen; an older one is refused.
 */
version: number, closure: LesionClosure, };

export type LesionClosure = { reason: CloseReason, 
/**
 * The day it ended, such as that of the excision; not in the future.
 */
on: string, 
/**
 * At most 400 characters; required for another reason.
 */
note: string, };

export type LesionCreateRequest = { patient_id: PatientId, details: LesionDetails, 
/**
 * Where on the body map, when it is known already.
 */
place?: LesionPlace, };

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

export type LesionMoveRequest = { id: LesionId, 
/**
 * The version on the screen; an older one is refused.
 */
version: number, 
/**
 * Nothing takes the lesion off the map.
 */
place: LesionPlace | null, };

export type LesionOutline = { image_id: ImageId, method: OutlineMethod, 
/**
 * The model that drew the outline: `None` for the classical way, and where the model is unavailable.
 */
model: ModelIdentity | null, lesion: OutlinedLesion, artefacts: ArtefactScores, };

export type LesionPlace = { view: BodyView, 
/**
 * From the left edge of the figure's own box as it is seen, 0 to 1.
 */
x: number, 
/**
 * From its upper edge, 0 to 1.
 */
y: number, };

export type LesionReopenRequest = { id: LesionId, 
/**
 * The version on the screen; an older one is refused.
 */
version: number, };

export type LesionUpdateRequest = { id: LesionId, 
/**
 * The version the form was filled from; an older one is refused.
 */
version: number, details: LesionDetails, place: LesionPlace | null, };

export type LesionView = { lesion: Lesion, 
/**
 * DICOM UID of the lesion, the same in every export.
 */
uid: string, 
/**
 * Body structure of SNOMED CT.
 */
site_term: CodedTerm, 
/**
 * Side as DICOM codes it.
 */
side_term: CodedTerm | null, 
/**
 * Newest first.
 */
images: Array<ImageRecord>, 
/**
 * Newest first.
 */
analyses: Array<AnalysisSummary>, 
/**
 * Readings that wait for an impression, newest first; they are not among the others.
 */
withheld: Array<WithheldReading>, 
/**
 * Analyses that are not finished or ended without a result, newest first.
 */
jobs: Array<JobView>, };

export type LetterheadRequest = { 
/**
 * Empty for the name of the clinic as it was founded.
 */
clinic_name: string, 
/**
 * At most six of 120 characters.
 */
lines: Array<string>, paper: PaperSize, };

export type LetterheadView = { letterhead: LetterheadRequest, 
/**
 * Changes with every change of the logo: `vault://localhost/logo` with it shows the new one. Null when
 * there is none.
 */
logo: number | null, };

export type LibraryRequest = { language: TextLanguage, };

export type LibrarySearchRequest = { language: TextLanguage, 
/**
 * At most 200 characters.
 */
text: string, };

export type Light = "green" | "amber" | "red";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export type LogLine = { at: string, level: LogLevel, 
/**
 * The part of the program that wrote it.
 */
area: string, message: string, fields: { [key in string]: string }, };

export type LogPageView = { 
/**
 * Newest first.
 */
lines: Array<LogLine>, 
/**
 * Lines that match in all.
 */
total: number, 
/**
 * Every part of the program that wrote anything.
 */
areas: Array<string>, };

export type LogReadRequest = { 
/**
 * This grave or graver.
 */
level: LogLevel, 
/**
 * Null for every part of the program.
 */
area: string | null, from: string | null, 
/**
 * Included.
 */
to: string | null, 
/**
 * In message or fields, without regard to case; empty for all.
 */
text: string, 
/**
 * Newest lines to leave out.
 */
offset: number, 
/**
 * At most 500.
 */
limit: number, };

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

export type Margins = "clear" | "close" | "involved" | "not_stated";

export type MarkEntry = { kind: MarkKind, points: Array<PixelPoint>, label: string, };

export type MarkFigures = { 
/**
 * The line, or the largest diameter.
 */
length_px: number, length_mm: number | null, 
/**
 * The smaller axis of an ellipse.
 */
width_px: number | null, width_mm: number | null, 
/**
 * Of ellipse and polygon.
 */
area_px: number | null, area_mm2: number | null, 
/**
 * How unsure the millimetres are for the error of the scale; nothing where its source states none.
 */
spread: Spread | null, };

export type MarkKind = "line" | "ellipse" | "polygon";

export type MeanColourChange = { 
/**
 * Positive is lighter.
 */
lightness: number, 
/**
 * Positive is redder.
 */
red_green: number, 
/**
 * Positive is yellower.
 */
yellow_blue: number, 
/**
 * ΔE*ab of the three.
 */
difference: number, 
/**
 * ΔE*ab below which repeated photographs of an unchanged lesion remain in 95 of 100 pairs.
 */
noise: number, };

export type MeasuredLesion = { measures: Measures, 
/**
 * `None` where a component of the score could not be measured.
 */
tds_proposal: TdsProposal | null, };

export type Measures = { 
/**
 * Millimetres a pixel; `None` means that the picture is uncalibrated.
 */
mm_per_px: number | null, 
/**
 * How unsure the millimetres are for the error of the scale; nothing where its source states none.
 */
spread: Spread | null, 
/**
 * The lesion reaches the frame, or the dark around a dermoscope's view: sizes are lower bounds, and
 * symmetry and border speak of the visible part alone.
 */
touches_frame: boolean, size: Size, shape: Shape, asymmetry: Asymmetry | null, border: Border | null, colours: Colours | null, texture: Texture | null, };

export type MergeChoice = { field: MergeField, take: MergeTake, };

export type MergeCounts = { lesions: number, photographs: number, analyses: number, reports: number, 
/**
 * Entries of every other kind, such as consents, visits and notes.
 */
others: number, };

export type MergeField = "family_name" | "given_names" | "date_of_birth" | "sex" | "phone" | "email" | "address" | "fitzpatrick" | "alert" | "medical_history" | "risk_factors" | "photo_consent" | "ai_consent" | "training_consent";

export type MergeId = string;

export type MergePreview = { kept: PatientView, other: PatientView, moves: MergeCounts, };

export type MergePreviewRequest = { 
/**
 * The record that would stay.
 */
kept: PatientId, other: PatientId, };

export type MergeTake = "kept" | "other" | "both";

export type MergeUndoRequest = { id: MergeId, };

export type MergeView = { id: MergeId, merged_id: PatientId, number: string, family_name: string, given_names: string, merged_at: string, 
/**
 * Name of whoever merged.
 */
merged_by: string, undone_at: string | null, undone_by: string | null, };

export type ModelActivateRequest = { 
/**
 * Null for the shipped one.
 */
id: ModelVersionId | null, password: Password, };

export type ModelActivationView = { 
/**
 * Null for the shipped one.
 */
id: ModelVersionId | null, 
/**
 * Name and version; empty for the shipped one.
 */
name: string, rolled_back: boolean, by_name: string, at: string, };

export type ModelCardForm = { name: string, version: string, trained_on: string, licence: string, input_name: string, width: number, height: number, layout: ModelLayout, channels: ModelChannels, crop: ModelCrop, 
/**
 * A byte is multiplied with it before the mean is taken off.
 */
scale: number, mean: [number, number, number], std: [number, number, number], output_name: string, output: ModelOutput, 
/**
 * In the order of the network.
 */
labels: Array<ModelFormLabel>, temperature: number, inconclusive_below: number, strong_at: number, suspicious_sum_at: number, malignant_sum_at: number, };

export type ModelCardView = { labels: Array<Label>, trained_on: string, licence: string, metrics: unknown, limits: Array<string>, 
/**
 * Whether the card has data to tell pictures unlike any lesion, to give sets with a coverage, and to say what
 * is near. Without them these say nothing.
 */
novelty: boolean, prediction_set: boolean, likeness: boolean, };

export type ModelChannels = "rgb" | "bgr";

export type ModelCompareProgress = { done: number, of: number, };

export type ModelCompareRequest = { id: ModelVersionId, 
/**
 * Share of the lesions of a class, 0 to 1, that must be found for the class to be named.
 */
recall_floor: number, };

export type ModelComparison = { against: ModelIdentity | null, 
/**
 * Share of the lesions of a class that must be found for the class to be named.
 */
floor: number, pictures: Array<ComparedPicture>, 
/**
 * Pictures with the same leading class, and those with the same band.
 */
same_class: number, same_band: number, 
/**
 * Largest difference of the malignant sum.
 */
largest_shift: number, recall: Array<ClassRecall>, 
/**
 * Marked photographs that could not be read: consent was withdrawn, or the file is damaged.
 */
left_out: number, };

export type ModelCrop = "centre_square" | "whole";

export type ModelFilesView = { 
/**
 * Name of the ONNX file.
 */
network: string, bytes: number, 
/**
 * Name of the card, where one was chosen with it.
 */
card: string | null, 
/**
 * Name of the file that tells pictures unlike any lesion.
 */
novelty: string | null, outline: OnnxOutline | null, refusal: ModelRefusal | null, 
/**
 * A form to begin with, where there is no card.
 */
form: ModelCardForm | null, };

export type ModelFormLabel = { code: string, name: string, malignancy: Malignancy, };

export type ModelIdentity = { name: string, version: string, 
/**
 * SHA-256 of the ONNX file, lower-case hex.
 */
sha256: string, };

export type ModelLayout = "nchw" | "nhwc";

export type ModelOutput = "logits" | "softmax" | "sigmoid";

export type ModelRefusal = { reason: ModelRefusalReason, 
/**
 * Operators, tensors or fields of the card.
 */
names: Array<string>, expected: string | null, found: string | null, };

export type ModelRefusalReason = "empty" | "lfs_pointer" | "unreadable" | "too_large" | "external_tensors" | "constants_too_large" | "loop" | "operators" | "inputs" | "input_shape" | "output_missing" | "classes" | "not_finite" | "constant_output" | "not_probabilities" | "memory" | "time" | "crashed" | "cannot_run" | "card" | "hash_mismatch" | "novelty_missing" | "novelty" | "duplicate" | "no_network" | "not_checked" | "not_compared" | "nothing_before";

export type ModelRegistryView = { 
/**
 * The shipped one first, then the newest.
 */
versions: Array<ModelVersionView>, 
/**
 * Newest first.
 */
history: Array<ModelActivationView>, 
/**
 * A roll-back has a version to go back to.
 */
can_roll_back: boolean, 
/**
 * A comparison is under way.
 */
comparing: boolean, 
/**
 * The clinic lets photographs be read.
 */
analyses_on: boolean, 
/**
 * Photographs of the golden set.
 */
golden_images: number, 
/**
 * Cases with histology that a class needs to be judged by.
 */
least_cases: number, };

export type ModelRetireRequest = { id: ModelVersionId, password: Password, };

export type ModelRollBackRequest = { password: Password, };

export type ModelStatus = { identity: ModelIdentity | null, problem: ErrorCode | null, };

export type ModelTrial = { outline: OnnxOutline, map: FeatureMap | null, heatmap: HeatmapState, 
/**
 * Where the network was split, or what stood in the way.
 */
note: string, 
/**
 * Reference readings: the self-test holds later ones against them.
 */
readings: Array<TrialReading>, reading_ms: number, };

export type ModelUploadRequest = { 
/**
 * Null where the card was chosen with the file.
 */
form: ModelCardForm | null, };

export type ModelUseView = { identity: ModelIdentity, first_on: string, last_on: string, 
/**
 * Whether it is the one in use; of one that was deleted, its hash tells it apart.
 */
in_use: boolean, };

export type ModelVersionId = string;

export type ModelVersionRequest = { id: ModelVersionId, };

export type ModelVersionState = "candidate" | "checked" | "active" | "previous" | "retired";

export type ModelVersionView = { 
/**
 * Null for the shipped one.
 */
id: ModelVersionId | null, 
/**
 * Null for a shipped one that is missing.
 */
identity: ModelIdentity | null, state: ModelVersionState, bytes: number | null, added_by_name: string | null, added_at: string | null, checked_at: string | null, trial: ModelTrial | null, refusal: ModelRefusal | null, compared_at: string | null, comparison: ModelComparison | null, 
/**
 * The comparison was made with the version that is in use now.
 */
comparison_counts: boolean, retired_at: string | null, 
/**
 * Codes of classes that it may not name, of the one in use.
 */
not_named: Array<string>, 
/**
 * What the card says; null where it cannot be opened.
 */
card: ModelCardView | null, 
/**
 * The one in use cannot be loaded: nothing is read.
 */
problem: ErrorCode | null, };

export type ModelView = { identity: ModelIdentity, labels: Array<Label>, 
/**
 * Codes of classes that it may not name in this clinic.
 */
not_named: Array<string>, trained_on: string, licence: string, sources: Array<DataSource>, 
/**
 * Photographs by part, collection and class.
 */
images: unknown, metrics: unknown, limits: Array<string>, 
/**
 * Null where outlines are found by colour alone, and where `outline_problem` says why.
 */
outline: OutlineModelView | null, outline_problem: ErrorCode | null, };

export type Monitoring = "too_early" | "short_term" | "long_term";

export type MorphologyView = { code: string, name: string, behaviour: Behaviour, };

export type Nearness = "near" | "fair" | "far";

export type NoteAudience = "all" | "desk" | "clinicians";

export type NoteEntry = { audience: NoteAudience, 
/**
 * At most 1,000 characters.
 */
text: string, 
/**
 * The note it answers.
 */
follows: CaseNoteId | null, };

export type Novelty = { score: number, threshold: number, outside: boolean, };

export type NumberPatternRequest = { 
/**
 * Such as `P-{n:6}` or `{yyyy}-{n:4}`; at most 24 characters.
 */
pattern: string, };

export type NumberPatternView = { pattern: string, 
/**
 * The number the next patient would get.
 */
example: string, };

export type OfferTakeRequest = { key: number, 
/**
 * Of the watched folder; otherwise of the folder chosen last.
 */
watched: boolean, about: TrayAddRequest, };

export type OfferedFile = { key: number, 
/**
 * Path below the folder.
 */
name: string, bytes: number, };

export type OnnxOutline = { producer: string, opset: number | null, inputs: Array<OnnxTensor>, outputs: Array<OnnxTensor>, 
/**
 * Names of the operators, each once.
 */
operators: Array<string>, constant_bytes: number, };

export type OnnxTensor = { name: string, 
/**
 * Null for a side that the file leaves open.
 */
shape: Array<number | null>, };

export type Opinion = { 
/**
 * Code of the class with the largest probability, named or not.
 */
top: string, probability: number, malignant_sum: number, gate: Gate, band: Band, };

export type OutcomeCounts = { true_positive: number, false_positive: number, true_negative: number, false_negative: number, };

export type OutlineGap = "outline_not_found" | "outline_empty" | "outline_size" | "scale_invalid" | "model_unavailable";

export type OutlineMethod = "learned" | "classical";

export type OutlineModelView = { identity: ModelIdentity, trained_on: string, licence: string, metrics: unknown, limits: Array<string>, };

export type OutlinedLesion = MeasuredLesion | { missing: OutlineGap, };

export type OwnLesion = { id: LesionId, label: string, 
/**
 * Coded body site as English text.
 */
body_site: string, 
/**
 * The same by its code; slips printed before it was kept have none.
 */
site: BodySite | null, pictures: Array<OwnPicture>, };

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

export type PacsAccess = "open" | "password" | "token";

export type PacsNode = { enabled: boolean, way: PacsWay, 
/**
 * Name or address, for an association.
 */
host: string, port: number, 
/**
 * Application entity title of the PACS: 1 to 16 characters of ASCII without a backslash.
 */
called_title: string, 
/**
 * Title of this workstation.
 */
calling_title: string, 
/**
 * TLS (PS3.15, B.12) for an association.
 */
tls: boolean, 
/**
 * Base of the DICOMweb services, such as `https://pacs.house/dicom-web`; its name must stand for addresses of
 * this machine or of a private network.
 */
url: string, access: PacsAccess, user: string, 
/**
 * Seconds that an answer may take, 1 to 120.
 */
patience_seconds: number, };

export type PacsSettingsRequest = { node: PacsNode, 
/**
 * Password or token; null keeps the stored one, empty takes it away.
 */
secret: Password | null, 
/**
 * Certificates in PEM, of authorities or the server's own; null keeps the stored ones, empty leaves it to the
 * system.
 */
certificate: string | null, };

export type PacsSettingsView = { node: PacsNode, 
/**
 * Whether a password or token is kept.
 */
has_secret: boolean, 
/**
 * SHA-256 of the certificate that is trusted; null where the trust store of the system judges.
 */
certificate: string | null, };

export type PacsStatus = { enabled: boolean, 
/**
 * Its title, or the machine that its URL names.
 */
name: string, };

export type PacsWay = "dimse" | "dicomweb";

export type PairedTest = { first_alone_right: number, second_alone_right: number, 
/**
 * Two-sided; nothing where the two never differ.
 */
p: number | null, };

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
 * What everybody must know before touching the patient, such as an allergy to a local anaesthetic; one
 * line, at most 200 characters, may be empty.
 */
alert: string, 
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
ai_consent: boolean, 
/**
 * May they leave the clinic for the training of models?
 */
training_consent: boolean, };

export type PatientDicomExportRequest = { selection: DicomSelection, 
/**
 * One's own, typed again.
 */
password: Password, };

export type PatientDicomSendRequest = { selection: DicomSelection, };

export type PatientDuplicatesRequest = { family_name: string, given_names: string, date_of_birth: string | null, sex: Sex, phone: string, email: string, 
/**
 * The record that is being edited, or whose duplicates are looked for.
 */
except: PatientId | null, };

export type PatientEraseRequest = { patient_id: PatientId, 
/**
 * The patient's number, typed.
 */
number: string, reason: ErasureReason, 
/**
 * One's own, typed again.
 */
password: Password, };

export type PatientId = string;

export type PatientMergeRequest = { 
/**
 * The record that stays, and the version the choice was made from.
 */
kept: PatientId, kept_version: number, other: PatientId, other_version: number, 
/**
 * A field that is not named keeps its value.
 */
choices: Array<MergeChoice>, };

export type PatientOwnRecord = { clinic_name: string, number: string, family_name: string, given_names: string, date_of_birth: string, sex: Sex, phone: string | null, email: string | null, address: string | null, lesions: Array<OwnLesion>, reports: Array<OwnReport>, 
/**
 * When the record was put together.
 */
as_of: string, };

export type PatientPageView = { patient: PatientView, lesions: Array<LesionView>, reports: Array<ReportRecord>, 
/**
 * False for roles that may not see photographs and results; the lists are then empty.
 */
clinical: boolean, 
/**
 * When an emergency look of whoever reads ends; null without one.
 */
look_until: string | null, 
/**
 * Records that were merged into this one, newest first; those that were undone are among them.
 */
merges: Array<MergeView>, 
/**
 * Which edition of the portrait there is; null without one, and without consent to photographs.
 */
portrait: number | null, 
/**
 * The record may not be erased; null where it may.
 */
hold: BannerHold | null, };

export type PatientReadRequest = { id: PatientId, };

export type PatientRiskRequest = { patient_id: PatientId, };

export type PatientRiskView = { 
/**
 * Every lesion that was not entered by mistake.
 */
lesions: Array<RiskLesion>, 
/**
 * Oldest first, without what waits for an impression.
 */
readings: Array<RiskReading>, 
/**
 * Readings that wait for an impression.
 */
withheld: number, 
/**
 * The last edition of each, oldest first.
 */
checklists: Array<RiskChecklist>, 
/**
 * The finding of each specimen that counts, oldest first.
 */
findings: Array<RiskFinding>, };

export type PatientRow = { id: PatientId, number: string, family_name: string, given_names: string, date_of_birth: string, age: number, sex: Sex, phone: string, 
/**
 * Found although what was typed is a little different.
 */
approximate: boolean, };

export type PatientScanRequest = { 
/**
 * What a scanner read from a slip; at most 40 characters.
 */
number: string, };

export type PatientScanView = { person: PersonView, 
/**
 * The visit of today that is not closed, if there is one.
 */
visit: VisitView | null, };

export type PatientSearchRequest = { 
/**
 * Words of name, number, phone or date of birth; at most 200 characters.
 */
text: string, 
/**
 * 1 to 200.
 */
limit: number, offset: number, };

export type PatientSearchResult = { total: number, 
/**
 * There are more than `total`: counting ended there.
 */
more: boolean, rows: Array<PatientRow>, };

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
number: string, photo_consent_record: Consent, ai_consent_record: Consent, training_consent_record: Consent, 
/**
 * Of a record that was merged: the one that stands in its place.
 */
merged_into: PatientId | null, registered_at: string, 
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
 * What everybody must know before touching the patient, such as an allergy to a local anaesthetic; one
 * line, at most 200 characters, may be empty.
 */
alert: string, 
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
ai_consent: boolean, 
/**
 * May they leave the clinic for the training of models?
 */
training_consent: boolean, };

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

export type PdfBytes = ArrayBuffer;

export type Performance = { counts: StudyCounts, confusion: Confusion, thresholds: Array<ThresholdFigures>, roc: Roc | null, calibration: Calibration | null, subgroups: Array<Subgroup>, read_first: ReadFirstFigures, };

export type PerformanceCase = { patient_id: PatientId, lesion_id: LesionId, analysis_id: AnalysisId, patient_number: string, family_name: string, given_names: string, lesion_label: string, read_on: string, 
/**
 * What the reading says: a class, or a row of the confusion matrix that is none.
 */
said: string, 
/**
 * The rest is known of lesions whose truth is.
 */
band: Band | null, malignant_sum: number | null, basis: TruthBasis | null, 
/**
 * Column of the confusion matrix.
 */
found: string | null, malignant: boolean | null, morphology: string | null, before: Malignancy | null, after: Malignancy | null, };

export type PerformanceCases = { total: number, 
/**
 * The newest reading first.
 */
rows: Array<PerformanceCase>, };

export type PerformanceCasesRequest = { filter: PerformanceFilter, list: PerformanceList, 
/**
 * 1 to 100.
 */
limit: number, offset: number, };

export type PerformanceDriftRequest = { filter: PerformanceFilter, 
/**
 * The first of the three months to compare with, such as 2026-03; null for the first ones there are.
 */
reference: string | null, };

export type PerformanceDriftView = { report: DriftReport, 
/**
 * Months that a reference may begin with, oldest first.
 */
months: Array<string>, 
/**
 * Earlier months of the period are left out.
 */
cut_short: boolean, 
/**
 * Photographs of a month whose quality is looked at.
 */
sampled: number, };

export type PerformanceFilter = { from: string | null, 
/**
 * The last day that counts.
 */
to: string | null, 
/**
 * SHA-256 of the model that read.
 */
model: string | null, 
/**
 * Of the first photograph of the reading.
 */
kind: ImageKind | null, 
/**
 * Whether lesions without change count as benign.
 */
follow_up: boolean, };

export type PerformanceList = { "of": "known", choice: CaseChoice, } | { "of": "before", choice: AgreementChoice, } | { "of": "after", choice: AgreementChoice, };

export type PerformanceView = { figures: Performance, 
/**
 * Months without change that count as benign.
 */
follow_up_months: number, 
/**
 * Lesions with histology that no reading came before.
 */
without_reading: number, 
/**
 * Readings that wait for an impression and are left out.
 */
withheld: number, 
/**
 * Impressions committed before the reading was shown, beside the reading.
 */
before: AgreementFigures, 
/**
 * Decisions made on the reading, beside the reading.
 */
after: AgreementFigures, 
/**
 * Every model that read here, the newest first.
 */
models: Array<ModelUseView>, };

export type Period = { from: string, to: string, };

export type PersonView = { id: PatientId, number: string, family_name: string, given_names: string, date_of_birth: string, age: number, };

export type PhotoOrigin = { source: PhotoSource, 
/**
 * By the clock of the camera.
 */
taken_on: string | null, proposed: KindProposal | null, dicom: DicomOrigin | null, };

export type PhotoSource = "file" | "paste" | "camera" | "folder" | "watched";

export type PhotographDeleteRequest = { id: ImageId, 
/**
 * 1 to 500 characters.
 */
reason: string, password: Password, };

export type PixelPoint = { x: number, y: number, };

export type Plan = { "kind": "reassure" } | { "kind": "monitor", months: number, } | { "kind": "biopsy" } | { "kind": "refer" };

export type PortraitRequest = { patient_id: PatientId, };

export type PortraitView = { 
/**
 * Another number, another picture.
 */
edition: number, };

export type PredictionSet = { codes: Array<string>, coverage: number, };

export type PreviewJpeg = ArrayBuffer;

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

export type Proportion = { hits: number, of: number, value: number | null, interval: Interval | null, };

export type Proposal = { kind: ChecklistKind, 
/**
 * Code of the item.
 */
item: string, value: number, basis: ProposalBasis, };

export type ProposalBasis = { "measure": "asymmetry", axes: number, } | { "measure": "border", eighths: number, } | { "measure": "outline", excess: number, } | { "measure": "colours", present: Array<DermoscopicColour>, } | { "measure": "texture", entropy: number, } | { "measure": "diameter", mm: number, at_least: boolean, };

export type ProposalUse = { id: ReportProposalId, 
/**
 * A clinician has accepted the words as they were proposed.
 */
accepted: boolean, };

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

export type QualityFigures = { photographs: number, score: number | null, 
/**
 * Variance of the Laplacian.
 */
sharpness: number | null, 
/**
 * Mean grey level.
 */
grey: number | null, 
/**
 * Standard deviation of the grey level.
 */
contrast: number | null, };

export type QualityReport = { checks: Array<QualityCheck>, score: number, };

export type QueueReadRequest = { 
/**
 * Today where it is null.
 */
day: string | null, };

export type QueueRow = { visit: VisitView, person: PersonView, clinician_name: string | null, 
/**
 * Photographs of the front desk that wait for a clinician.
 */
photographs: number, };

export type QueueView = { day: string, today: string, 
/**
 * In a room, arrived by arrival, expected by time, done with.
 */
rows: Array<QueueRow>, 
/**
 * Visits of earlier days that nobody came for and nobody closed.
 */
unclosed: number, 
/**
 * The first of those days.
 */
unclosed_since: string | null, };

export type ReadFirstChoice = "all" | "alone_right" | "reading_right" | "after_right" | "alone_right_reading_wrong" | "reading_right_alone_wrong" | "helped" | "harmed" | "to_malignant" | "to_benign";

export type ReadFirstFigures = { 
/**
 * Lesions with an impression before the reading, a reading, and a decision after it.
 */
lesions: number, malignant: number, alone: StepFigures, reading: StepFigures, after: StepFigures, 
/**
 * Clinician alone against the reading, among malignant and among benign lesions.
 */
alone_and_reading: [PairedTest, PairedTest], 
/**
 * Clinician alone against clinician after the reading.
 */
alone_and_after: [PairedTest, PairedTest], changes: Changes, };

export type ReadFirstSettings = { on: boolean, };

export type ReadingDeleteRequest = { id: AnalysisId, 
/**
 * 1 to 500 characters.
 */
reason: string, password: Password, };

export type RecallChangeRequest = { id: RecallId, 
/**
 * The version the form was filled from; an older one is refused.
 */
version: number, plan: RecallPlan, };

export type RecallCloseRequest = { id: RecallId, version: number, end: RecallEnd, 
/**
 * At most 500 characters; a cancellation needs one.
 */
note: string, };

export type RecallContactRequest = { id: RecallId, version: number, entry: ContactEntry, };

export type RecallEnd = "done" | "cancelled";

export type RecallId = string;

export type RecallInterval = { 
/**
 * 1 to 120.
 */
count: number, unit: IntervalUnit, };

export type RecallPlan = { 
/**
 * Nothing when the whole patient is to be seen.
 */
lesion_id: LesionId | null, 
/**
 * Either this or an interval.
 */
due_on: string | null, interval: RecallInterval | null, 
/**
 * For clinicians; at most 1,000 characters.
 */
reason: string, 
/**
 * For the call list, without anything clinical; at most 200 characters, may be empty.
 */
desk_text: string, responsible: UserId, };

export type RecallPlanRequest = { patient_id: PatientId, plan: RecallPlan, };

export type RecallRequest = { id: RecallId, version: number, };

export type RecallState = "due" | "booked" | "done" | "cancelled";

export type RecallView = { id: RecallId, patient_id: PatientId, 
/**
 * Nothing for the whole patient, and for roles that see no results.
 */
lesion_id: LesionId | null, due_on: string, interval: RecallInterval | null, booked_for: string | null, state: RecallState, overdue: boolean, 
/**
 * Nothing for roles that see no results.
 */
reason: string | null, desk_text: string, responsible: UserId, responsible_name: string, planned_by_name: string, planned_at: string, closed_by_name: string | null, closed_at: string | null, 
/**
 * Nothing for roles that see no results.
 */
closing_note: string | null, 
/**
 * Newest first.
 */
contacts: Array<ContactView>, version: number, };

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

export type ReferralEntry = { 
/**
 * Whom it goes to, with address lines; 1 to 300 characters.
 */
recipient: string, 
/**
 * 1 to 4,000 characters.
 */
findings: string, 
/**
 * 1 to 1,000 characters.
 */
question: string, 
/**
 * As soon as possible.
 */
urgent: boolean, };

export type ReferralExportRequest = { id: ReferralId, paper: PaperSize, };

export type ReferralId = string;

export type ReferralView = { id: ReferralId, entry: ReferralEntry, author_name: string, written_at: string, };

export type ReferralWriteRequest = { decision_id: DecisionId, entry: ReferralEntry, };

export type Registration = { 
/**
 * From pixels of the later photograph to pixels of the earlier one.
 */
transform: Transform, 
/**
 * Length in the earlier photograph over length in the later one.
 */
scale: number, 
/**
 * Degrees by which the later photograph is turned.
 */
turn_degrees: number, 
/**
 * Robust root mean square (1.4826 × median) of what is left between the two at the places that can
 * be compared, in pixels of the earlier photograph with its short side at 448.
 */
residual_px: number, 
/**
 * Correlation of the detail in the shared part after alignment, -1 to 1.
 */
correlation: number, 
/**
 * Share of the smaller photograph's field that both show, 0 to 1.
 */
overlap: number, 
/**
 * Share of the comparable places that agree within 2 px, 0 to 1.
 */
agreement: number, anchor: Anchor, };

export type ReportAmendRequest = { id: ReportId, 
/**
 * How many editions there were when it was read.
 */
editions: number, amendment: Amendment, 
/**
 * The addendum, or why the report is withdrawn: 1 to 4,000 characters.
 */
text: string, password: Password, code: Password | null, };

export type ReportClaim = { number: string, edition: number, signed_at: string, 
/**
 * Not in the code on the paper, which has no room for it.
 */
signer_name: string | null, key_id: string, 
/**
 * From when the key signs no more; null while it does, and where it is not known.
 */
key_retired_at: string | null, };

export type ReportCodeRequest = { 
/**
 * As a scanner reads it from the paper.
 */
text: string, };

export type ReportCount = { state: ReportState, count: number, };

export type ReportCreateRequest = { analysis_id: AnalysisId, 
/**
 * At most 4,000 characters; may be empty.
 */
conclusion: string, 
/**
 * The proposed text it began with; null where it was written by hand.
 */
proposal: ProposalUse | null, };

export type ReportDiscardRequest = { id: ReportId, version: number, };

export type ReportEdition = { 
/**
 * From 1.
 */
edition: number, kind: EditionKind, 
/**
 * The addendum, or why the report was withdrawn; empty in the first edition.
 */
text: string, meaning: SignatureMeaning, 
/**
 * As it was at the time of signing.
 */
signer_name: string, signed_at: string, 
/**
 * Fingerprint of the clinic's key that signed.
 */
key_id: string, };

export type ReportExportRequest = { id: ReportId, 
/**
 * Of a draft; what is signed stays on the paper it was signed on.
 */
paper: PaperSize, 
/**
 * Whether the name of the file tells the patient's name beside the numbers.
 */
named: boolean, };

export type ReportId = string;

export type ReportListRequest = { 
/**
 * The beginning of a report's number or file name, a patient's number, or words of a name; at most 200
 * characters.
 */
text: string, 
/**
 * Nothing for all that were not discarded.
 */
state: ReportState | null, from: string | null, 
/**
 * The last day that is listed.
 */
to: string | null, before: ReportPlace | null, 
/**
 * 1 to 100.
 */
limit: number, };

export type ReportListView = { 
/**
 * Newest first.
 */
reports: Array<ReportRow>, 
/**
 * Where the next page begins; null when there is no older report.
 */
next: ReportPlace | null, };

export type ReportPdfRequest = { id: ReportId, 
/**
 * Of a draft.
 */
paper: PaperSize, 
/**
 * Whether it is put on paper, which the trail tells apart.
 */
print: boolean, };

export type ReportPlace = { at: string, number: string, };

export type ReportProposalId = string;

export type ReportProposalRequest = { id: ReportProposalId, };

export type ReportProposalView = { id: ReportProposalId, source: TextSource, text: string, };

export type ReportRecord = { id: ReportId, 
/**
 * Printed number, such as `R-2026-00012`.
 */
number: string, patient_id: PatientId, analysis_id: AnalysisId, 
/**
 * The clinician's own words; at most 4,000 characters.
 */
conclusion: string, created_at: string, state: ReportState, 
/**
 * Counts the changes of the draft, from 1.
 */
version: number, 
/**
 * How many editions were signed.
 */
editions: number, signed_at: string | null, };

export type ReportRequest = { id: ReportId, };

export type ReportRow = { id: ReportId, number: string, 
/**
 * Under which it is saved.
 */
file_name: string, state: ReportState, editions: number, created_at: string, signed_at: string | null, patient_id: PatientId, patient_number: string, family_name: string, given_names: string, lesion_id: LesionId, };

export type ReportShareRequest = { 
/**
 * 1 to 50 signed reports of one patient.
 */
ids: Array<ReportId>, 
/**
 * 12 to 128 characters, typed twice.
 */
passphrase: Password, passphrase_repeat: Password, 
/**
 * 1 to 90.
 */
days: number, };

export type ReportSignRequest = { id: ReportId, 
/**
 * Of the draft as it was read.
 */
version: number, meaning: SignatureMeaning, paper: PaperSize, password: Password, code: Password | null, };

export type ReportStanding = { id: ReportId, state: ReportState, editions: number, };

export type ReportState = "draft" | "signed" | "withdrawn" | "discarded";

export type ReportTemplateOption = { key: string, name: string, state: TemplateState, languages: Array<TextLanguage>, };

export type ReportTemplateRequest = { key: string, 
/**
 * Of the template as it was read.
 */
version: number, };

export type ReportTemplateSaveRequest = { 
/**
 * Null for a new one.
 */
key: string | null, 
/**
 * Of the template as it was read; 0 for a new one.
 */
version: number, 
/**
 * 1 to 80 characters.
 */
name: string, 
/**
 * At most 12,000 characters each; empty where the template has none in a language.
 */
texts: TemplateTexts, };

export type ReportTemplateTrial = { 
/**
 * Null while something is wrong.
 */
text: string | null, faults: Array<TemplateFault>, };

export type ReportTemplateTryRequest = { text: string, language: TextLanguage, 
/**
 * Of the reading of no patient that the text is tried on.
 */
band: Band, };

export type ReportTemplateView = { key: string, 
/**
 * Of the newest edition.
 */
version: number, name: string, state: TemplateState, texts: TemplateTexts, 
/**
 * The program has one of this key, which can be restored.
 */
of_program: boolean, };

export type ReportTemplatesView = { templates: Array<ReportTemplateView>, topics: Array<TemplateTopic>, placeholders: Array<string>, };

export type ReportTextAskRequest = { analysis_id: AnalysisId, language: TextLanguage, };

export type ReportTextOptions = { templates: Array<ReportTemplateOption>, 
/**
 * Name of the language model; null while it is off.
 */
language_model: string | null, };

export type ReportTextProposeRequest = { analysis_id: AnalysisId, 
/**
 * Key of the template.
 */
template: string, language: TextLanguage, };

export type ReportUpdateRequest = { id: ReportId, 
/**
 * Of the draft as it was read.
 */
version: number, 
/**
 * At most 4,000 characters; may be empty.
 */
conclusion: string, 
/**
 * The proposed text it began with; null where it was written by hand.
 */
proposal: ProposalUse | null, };

export type ReportVerdict = { 
/**
 * False when the person closed the dialog.
 */
chosen: boolean, verdict: Verdict, 
/**
 * What the signature says, as far as it can be read.
 */
claim: ReportClaim | null, 
/**
 * Where the report stands in this clinic now; null when it is not on record.
 */
now: ReportStanding | null, };

export type ReportView = { report: ReportRecord, author_name: string, lesion_id: LesionId, 
/**
 * In order; empty for a draft.
 */
editions: Array<ReportEdition>, 
/**
 * False when the stored report is no longer what was signed: somebody changed the database by hand.
 */
intact: boolean, 
/**
 * Null where the conclusion was written by hand.
 */
text_origin: TextOrigin | null, 
/**
 * The text as it was proposed, word for word; null where there is no origin.
 */
proposed_text: string | null, };

export type RestoreOffer = { folder: string, 
/**
 * Newest first.
 */
backups: Array<BackupEntry>, };

export type RestoreProof = { "kind": "password", email: string, password: Password, } | { "kind": "sheet", sheet: Password, };

export type RestoreRequest = { 
/**
 * One of the offered.
 */
id: BackupId, proof: RestoreProof, 
/**
 * Restores the clinic without photographs that are damaged in the backup.
 */
without_damaged: boolean, };

export type RestoredView = { files: number, bytes: number, 
/**
 * Files that were damaged and are not there.
 */
lost: number, };

export type RetentionSettings = { 
/**
 * Days in which a deletion can be undone, 1 to 3,650.
 */
days: number, };

export type RiskChecklist = { id: ChecklistId, lesion_id: LesionId, analysis_id: AnalysisId | null, at: string, kind: ChecklistKind, score: number, max: number, 
/**
 * Nothing while an answer is missing.
 */
verdict: ChecklistVerdict | null, };

export type RiskFactor = "personal_melanoma" | "family_melanoma" | "personal_skin_cancer" | "many_naevi" | "atypical_naevi" | "severe_sunburns" | "immunosuppression" | "sunbed_use";

export type RiskFinding = { id: BiopsyId, lesion_id: LesionId, taken_on: string, behaviour: Behaviour, 
/**
 * ICD-O-3.
 */
morphology: string | null, };

export type RiskLesion = { id: LesionId, label: string, site: BodySite, laterality: Laterality, 
/**
 * It is not followed any more.
 */
closed: boolean, };

export type RiskReading = { id: AnalysisId, lesion_id: LesionId, at: string, band: ShownBand, gate: Gate, 
/**
 * Calibrated, 0 to 1.
 */
malignant_sum: number, class_name: string | null, model_name: string, model_version: string, };

export type Roc = { 
/**
 * From the strictest threshold, which calls nothing malignant, to the loosest.
 */
points: Array<RocPoint>, auc: number, 
/**
 * Nothing where the score parts the two without an overlap: its variance is then none.
 */
interval: Interval | null, };

export type RocPoint = { threshold: number, sensitivity: number, false_positives: number, };

export type Role = "administrator" | "clinician" | "front_desk" | "auditor" | "patient_view";

export type RuleFault = { 
/**
 * From 1; 0 where the whole is meant.
 */
line: number, kind: RuleFaultKind, 
/**
 * What could not be understood; empty where nothing can be quoted.
 */
word: string, };

export type RuleFaultKind = "bad_syntax" | "bad_name" | "duplicate_name" | "no_words" | "bad_word" | "no_answer" | "may_be_empty" | "bad_brace" | "unknown_figure" | "unknown_article" | "unknown_screen" | "bad_priority" | "bad_sign" | "too_long" | "no_otherwise" | "otherwise_misplaced";

export type RulerReading = { from: PixelPoint, to: PixelPoint, 
/**
 * 0.5 to 1,000 millimetres.
 */
distance_mm: number, 
/**
 * How well the points could be placed: pixels of the photograph in one of the screen, 0.01 to 100.
 */
pointing_px: number, };

export type SafetyNetCounts = { unsigned_reports: number, unread_readings: number, unread_histology: number, pending_histology: number, overdue_recalls: number, undecided_readings: number, total: number, };

export type SafetyNetItem = { 
/**
 * Of the report, reading, biopsy or recall.
 */
id: string, patient_id: PatientId, patient_number: string, family_name: string, given_names: string, lesion_id: LesionId | null, 
/**
 * Nothing for a reading that nobody in particular asked for.
 */
responsible_name: string | null, since: string, 
/**
 * Whole days since then.
 */
age_days: number, 
/**
 * Number of the report or specimen, or the reason of the recall; empty for a reading.
 */
label: string, 
/**
 * Of a reading.
 */
band: Band | null, 
/**
 * Of a reading.
 */
gate: Gate | null, };

export type SafetyNetKind = "unsigned_report" | "unread_reading" | "unread_histology" | "pending_histology" | "overdue_recall" | "undecided_reading";

export type SafetyNetList = { kind: SafetyNetKind, 
/**
 * Counted up to 9,999.
 */
total: number, 
/**
 * Oldest first.
 */
items: Array<SafetyNetItem>, };

export type SafetyNetRequest = { 
/**
 * Entries of each list, 1 to 500.
 */
limit: number, };

export type SafetyNetView = { lists: Array<SafetyNetList>, today: string, };

export type Saved = { 
/**
 * False when the person closed the dialog.
 */
saved: boolean, 
/**
 * Where, as the dialog named it.
 */
path: string | null, };

export type ScaleByDeviceRequest = { image_id: ImageId, device_id: ImagingDeviceId, };

export type ScaleByRulerRequest = { image_id: ImageId, reading: RulerReading, };

export type ScaleOption = { device_id: ImagingDeviceId, name: string, 
/**
 * Of this photograph. Nothing where the profile gives none that is plausible.
 */
um_per_px: number | null, 
/**
 * The file names this camera.
 */
matches: boolean, };

export type ScaleOptionsView = { 
/**
 * As the file names its camera; empty where it does not.
 */
camera_make: string, camera_model: string, 
/**
 * Devices that match the camera first.
 */
devices: Array<ScaleOption>, };

export type ScaleSource = "dicom" | "device" | "ruler";

export type SearchKind = "everything" | "text" | "class" | "band" | "urgency" | "days" | "site" | "person" | "reviewer" | "deleted" | "state" | "action" | "patient";

export type SearchScreen = "patients" | "history" | "reports" | "audit_trail";

export type SearchUsageRow = { screen: SearchScreen, kind: SearchKind, count: number, 
/**
 * The first day.
 */
since: string, };

export type SearchUsageView = { 
/**
 * Whether searches are counted.
 */
counts: boolean, 
/**
 * By screen, what is used most first.
 */
rows: Array<SearchUsageRow>, };

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

export type SectionText = { section: ArticleSection, 
/**
 * Paragraphs, lists with `- `, **bold** and *italic*; everything else is shown as it is written.
 */
text: string, };

export type SelfCheck = "database" | "audit_trail" | "model" | "golden_reading" | "backup" | "recovery_sheet" | "second_factor" | "disk" | "clock" | "permissions" | "network" | "memory" | "last_run";

export type SelfTestView = { at: string, 
/**
 * Of the program.
 */
version: string, 
/**
 * The gravest of all checks.
 */
light: Light, checks: Array<CheckView>, 
/**
 * What needs somebody's keys and was not looked at.
 */
left_out: Array<SelfCheck>, };

export type SessionView = { user_id: UserId, user_name: string, email: string, role: Role, 
/**
 * The language of their own; without one, the window keeps the workstation's.
 */
language: Language | null, clinic_name: string, signed_in_at: string, 
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
waiting: number, model: ModelStatus, 
/**
 * What the clinic prints on.
 */
paper: PaperSize, };

export type SettingKey = "analyses" | "impression_first" | "analyses_at_once" | "idle_lock_minutes" | "retention_days" | "follow_up_months" | "counts_searches" | "number_pattern" | "letterhead" | "mail" | "pacs" | "language_model" | "backup" | "session_hours" | "password_length" | "photograph_bytes" | "photograph_pixels";

export type SettingKind = "switch" | "number" | "form" | "fixed";

export type SettingPlace = "settings" | "security" | "letterhead" | "mail" | "pacs" | "language_model" | "backup" | "nowhere";

export type SettingUpdateRequest = { key: SettingKey, value: SettingValue, };

export type SettingValue = boolean | number | string;

export type SettingView = { key: SettingKey, kind: SettingKind, value: SettingValue, default: SettingValue, 
/**
 * Whether the value is another than the default.
 */
changed: boolean, 
/**
 * Limits of a number, or of the length of a text.
 */
least: number | null, most: number | null, place: SettingPlace, };

export type Sex = "female" | "male" | "other" | "unknown";

export type Shape = { 
/**
 * `P² / (4 π A)` (compactness or irregularity index; Golston et al., IEEE Trans Med Imaging
 * 1992): 1 for a circle, larger for long or ragged outlines.
 */
compactness: number, 
/**
 * Area over the area of the convex hull: 1 for a convex outline, less with notches.
 */
solidity: number, 
/**
 * Perimeter of the convex hull over the perimeter: 1 for a convex outline, less for a ragged one.
 */
convexity: number, 
/**
 * Minor over major axis of the ellipse with the same second moments: 1 for a circle.
 */
roundness: number, };

export type SharePackOpenRequest = { passphrase: Password, };

export type SharePackPdfRequest = { place: number, };

export type SharePackView = { 
/**
 * False when the person closed the dialog.
 */
opened: boolean, clinic_name: string, expires_at: string | null, 
/**
 * Their places are those of `share_pack_pdf`.
 */
reports: Array<SharedReport>, };

export type SharedReport = { number: string, edition: number, signed_at: string, signer_name: string, };

export type Shortcut = { action: ViewerAction, 
/**
 * One lower-case sign, or the name of an arrow, page, home or end key.
 */
key: string, };

export type ShortcutsSaveRequest = { 
/**
 * Keys of one's own; every other action has the usual one.
 */
keys: Array<Shortcut>, };

export type ShortcutsView = { keys: Array<Shortcut>, 
/**
 * As they are until somebody changes them.
 */
usual: Array<Shortcut>, };

export type ShownBand = "benign" | "suspicious" | "malignant" | "inconclusive" | "unassessed";

export type SignInAnswer = { "kind": "signed_in", session: SessionView, } | { "kind": "second_factor" };

export type SignInRequest = { email: string, password: Password, };

export type SignatureMeaning = "author" | "review" | "responsibility";

export type SigningKey = { 
/**
 * First eight bytes of the SHA-256 of the public key, in hex and groups of four.
 */
id: string, 
/**
 * Ed25519 (RFC 8032), in hex.
 */
public: string, made_at: string, };

export type SigningKeyView = { 
/**
 * Null until the first report is signed.
 */
key: SigningKey | null, };

export type SimilarCase = { image_id: ImageId, 
/**
 * Another lesion of the same patient.
 */
same_patient: boolean, 
/**
 * Cosine distance, 0 to 2.
 */
distance: number, 
/**
 * Null for a model whose card does not say what near is.
 */
nearness: Nearness | null, gate: Gate, band: Band, 
/**
 * The class of that reading, where its gate let one be named.
 */
label: Label | null, histology: SimilarHistology | null, 
/**
 * At the time of the reading.
 */
age: AgeBand | null, site: BodySite, };

export type SimilarHistology = { behaviour: Behaviour, 
/**
 * Null where the finding has no code of the table.
 */
name: string | null, };

export type SimilarOpenRequest = { 
/**
 * The reading that like cases were asked for.
 */
analysis_id: AnalysisId, 
/**
 * The photograph of the case.
 */
image_id: ImageId, };

export type SimilarOpened = { patient_id: PatientId, lesion_id: LesionId, analysis_id: AnalysisId, };

export type SimilarView = { 
/**
 * At most eight, nearest first.
 */
cases: Array<SimilarCase>, 
/**
 * Photographs of the archive that were compared.
 */
compared: number, 
/**
 * Readings from before are still being added.
 */
filling: boolean, };

export type SinglesView = { waiting: number, running: number, 
/**
 * In the last 24 hours.
 */
failed: number, };

export type Size = { 
/**
 * Pixels inside the outline.
 */
area_px: number, area_mm2: number | null, 
/**
 * Diameter of the circle with the lesion's area, `2 √(A / π)`.
 */
equivalent_diameter_px: number, equivalent_diameter_mm: number | null, 
/**
 * Largest distance between two points of the lesion (maximum Feret or caliper diameter).
 */
feret_px: number, feret_mm: number | null, 
/**
 * Smallest distance between two parallel lines around the lesion (minimum Feret diameter).
 */
min_feret_px: number, min_feret_mm: number | null, 
/**
 * Length of the border by Crofton's formula over four directions (Legland, Kiêu and Devaux,
 * Image Anal Stereol 2007;26:83), holes and every part included. A smooth round border comes out
 * within 1 %, one along the pixel rows up to 5 % short.
 */
perimeter_px: number, perimeter_mm: number | null, };

export type SizeBasis = "calibrated" | "skin";

export type SizeChange = { basis: SizeBasis, area: Bounded, 
/**
 * Largest (Feret) diameter.
 */
diameter: Bounded, 
/**
 * Largest diameter of the earlier and the later photograph in millimetres, where calibrated.
 */
diameters_mm: [number, number] | null, 
/**
 * Areas in square millimetres, where calibrated.
 */
areas_mm2: [number, number] | null, 
/**
 * Standard uncertainty of the ratio of both scales that the intervals hold, as a share of it
 * ([`crate::uncertainty`]): 0 for two photographs of one device profile. Nothing where a source states none or
 * the skin is the scale.
 */
scale_error: number | null, };

export type SpecimenDetails = { kind: SpecimenKind, taken_on: string, taken_by: UserId, 
/**
 * A photograph of the lesion that shows where; a wrong site is the worst mistake there is here.
 */
site_image_id: ImageId, 
/**
 * On the pot and on the form; unique in the clinic, at most 40 characters.
 */
specimen_number: string, 
/**
 * What the clinician thinks it is, before the result.
 */
impression: Malignancy | null, 
/**
 * In words, at most 500 characters; may be empty.
 */
impression_text: string, };

export type SpecimenKind = "shave" | "punch" | "incision" | "excision" | "re_excision" | "curettage" | "other";

export type Spread = { length: number, area: number, };

export type StabilityFigures = { malignant_sum: number | null, class: number | null, quality: number | null, };

export type Stage = "first_run" | "sign_in" | "second_factor" | "signed_in" | "patient_view";

export type StepFigures = { sensitivity: Proportion, specificity: Proportion, };

export type StructureSource = "clinician" | "proposal";

export type StudyCounts = { lesions: number, by_histology: number, by_follow_up: number, 
/**
 * Malignant and benign ones that were assessed: what the figures rest on.
 */
malignant: number, benign: number, 
/**
 * Left out: the pathologist leaves it open.
 */
uncertain: number, 
/**
 * Left out: the picture was unlike any lesion, and the reading says nothing.
 */
not_assessed: number, };

export type Subgroup = { grouping: Grouping, key: string, malignant: number, benign: number, sensitivity: Proportion, specificity: Proportion, 
/**
 * Area under the curve, where there are enough of both.
 */
auc: number | null, auc_interval: Interval | null, };

export type SubjectExportRequest = { patient_id: PatientId, paper: PaperSize, 
/**
 * One's own, typed again.
 */
password: Password, 
/**
 * Seals the archive, with 12 to 128 characters; without one it lies open.
 */
passphrase: Password | null, passphrase_repeat: Password | null, };

export type SupportBundleView = { files: Array<SupportFile>, };

export type SupportFile = { name: string, text: string, };

export type TakenPhoto = { 
/**
 * It was there before; nothing was added.
 */
already: boolean, tray_id: TrayPhotoId | null, image: ImageRecord | null, 
/**
 * None for one that was there before.
 */
quality: QualityReport | null, };

export type TdsProposal = { 
/**
 * 0 to 1, see [`Self::new`]. It weighs the picture and the outline, not the rule itself.
 */
confidence: number, 
/**
 * A, 0 to 2.
 */
asymmetry: number, 
/**
 * B, 0 to 8.
 */
border: number, 
/**
 * C, 1 to 6.
 */
colours: number, 
/**
 * D, 1 to 5, and who counted.
 */
structures: DifferentialStructures, 
/**
 * 1.0 to 8.9 in steps of 0.1.
 */
score: number, range: TdsRange, };

export type TdsRange = "benign" | "suspicious" | "highly_suspicious";

export type TemplateFault = { 
/**
 * From 1; 0 where the whole is meant.
 */
line: number, kind: FaultKind, 
/**
 * What could not be understood; empty where nothing can be quoted.
 */
word: string, };

export type TemplateState = "own" | "built_in" | "removed";

export type TemplateTexts = { en: string, de: string, es: string, };

export type TemplateTopic = { name: string, words: Array<string>, };

export type TextEncoding = "utf8" | "utf16" | "windows1252" | "mixed";

export type TextLanguage = "en" | "de" | "es";

export type TextOrigin = { proposal_id: ReportProposalId, source: TextSource, standing: TextStanding, };

export type TextPiece = { text: string, hit: boolean, };

export type TextSource = { "kind": "template", key: string, name: string, version: number, language: TextLanguage, } | { "kind": "language_model", model: string, host: string, language: TextLanguage, };

export type TextStanding = "unread" | "accepted" | "edited";

export type Texture = { 
/**
 * `Σ (i - j)² p`: 0 for an even surface, 961 at most.
 */
contrast: number, 
/**
 * `-Σ p log₂ p` in bits: 0 for an even surface, 10 at most.
 */
entropy: number, 
/**
 * `Σ p / (1 + (i - j)²)`: 1 for an even surface (inverse difference moment).
 */
homogeneity: number, 
/**
 * `Σ p²`: 1 for an even surface (angular second moment).
 */
energy: number, };

export type ThresholdFigures = { from: Band, counts: OutcomeCounts, sensitivity: Proportion, specificity: Proportion, 
/**
 * They hold for lesions as often malignant as these.
 */
positive_predictive: Proportion, negative_predictive: Proportion, };

export type TimelineContent = { "kind": "visit", id: VisitId, state: VisitState, } | { "kind": "photographs", 
/**
 * The newest, up to 12.
 */
image_ids: Array<ImageId>, count: number, } | { "kind": "reading", id: AnalysisId, band: Band, urgency: Urgency, gate: Gate, 
/**
 * Nothing where the gate lets no class be named.
 */
label: Label | null, 
/**
 * Sum over the malignant classes, 0 to 1.
 */
malignant_sum: number, model_name: string, model_version: string, before: EarlierReading | null, } | { "kind": "biopsy", id: BiopsyId, specimen_kind: SpecimenKind, specimen_number: string, 
/**
 * Entered by mistake.
 */
withdrawn: boolean, } | { "kind": "histology", id: BiopsyId, specimen_number: string, 
/**
 * From 1; a correction is a new edition.
 */
edition: number, behaviour: Behaviour, 
/**
 * Code of ICD-O-3.
 */
morphology: string | null, } | { "kind": "report", id: ReportId, number: string, } | { "kind": "recall", id: RecallId, due_on: string, state: RecallState, 
/**
 * The reason; for roles that see no results, the neutral text of the call list.
 */
text: string, } | { "kind": "contact", id: RecallId, means: ContactMeans, outcome: ContactOutcome, booked_for: string | null, } | { "kind": "consent", consent: ConsentKind, 
/**
 * False when it was withdrawn.
 */
given: boolean, } | { "kind": "lesion_opened", label: string, } | { "kind": "lesion_closed", label: string, reason: CloseReason, } | { "kind": "checklist", id: ChecklistId, list: ChecklistKind, score: number, 
/**
 * Nothing while an answer is missing.
 */
verdict: ChecklistVerdict | null, edition: number, } | { "kind": "decision", id: DecisionId, 
/**
 * Code of the term, or `other`.
 */
term: string, 
/**
 * The term in words where it has no code.
 */
text: string, 
/**
 * Word of the plan: reassure, monitor, biopsy or refer.
 */
plan: string, months: number | null, 
/**
 * Less is done than the reading recommends.
 */
overrides: boolean, 
/**
 * Another decision stands in its place.
 */
superseded: boolean, } | { "kind": "reading_withheld", id: AnalysisId, };

export type TimelineCursor = { at: string, key: string, };

export type TimelineEventView = { 
/**
 * Unlike that of every other event of the patient.
 */
key: string, 
/**
 * The start of the day where only the day is known.
 */
at: string, day: string, 
/**
 * Only the day is known.
 */
whole_day: boolean, lesion_id: LesionId | null, by_name: string | null, content: TimelineContent, };

export type TimelineKind = "visit" | "photographs" | "reading" | "biopsy" | "histology" | "report" | "recall" | "contact" | "consent" | "lesion_opened" | "lesion_closed" | "checklist" | "decision";

export type TimelineRequest = { patient_id: PatientId, 
/**
 * None means all that one may see.
 */
kinds: Array<TimelineKind>, 
/**
 * Only what belongs to this lesion.
 */
lesion_id: LesionId | null, 
/**
 * Where the page before ended.
 */
before: TimelineCursor | null, 
/**
 * 1 to 200.
 */
limit: number, };

export type TimelineView = { 
/**
 * Newest first.
 */
events: Array<TimelineEventView>, 
/**
 * Where the next page begins; null when this is the last.
 */
next: TimelineCursor | null, 
/**
 * False for roles that see no results: visits, recalls, contacts and consents alone.
 */
clinical: boolean, };

export type Timings = { decode_ms: number, check_ms: number, classify_ms: number, explain_ms: number, total_ms: number, };

export type Transform = { a: number, b: number, c: number, d: number, e: number, f: number, };

export type TrayAddRequest = { patient_id: PatientId, 
/**
 * Straight to this lesion; otherwise it waits in the tray.
 */
lesion_id: LesionId | null, 
/**
 * What a person says it is; otherwise it is proposed from the pixels.
 */
kind: ImageKind | null, source: PhotoSource, 
/**
 * What a person was told of this file and accepted.
 */
accepted: Array<Doubt>, };

export type TrayAdded = { "outcome": "taken", photos: Array<TakenPhoto>, } | { "outcome": "doubted", doubts: Array<DoubtView>, };

export type TrayAssignRequest = { 
/**
 * 1 to 200.
 */
ids: Array<TrayPhotoId>, lesion_id: LesionId, visit_id: VisitId | null, };

export type TrayDiscardRequest = { 
/**
 * 1 to 200.
 */
ids: Array<TrayPhotoId>, 
/**
 * 1 to 500 characters.
 */
reason: string, };

export type TrayKindRequest = { 
/**
 * 1 to 200.
 */
ids: Array<TrayPhotoId>, kind: ImageKind, };

export type TrayListRequest = { patient_id: PatientId, };

export type TrayPhoto = { id: TrayPhotoId, patient_id: PatientId, kind: ImageKind, 
/**
 * A person said so; otherwise it is what the pixels proposed.
 */
kind_chosen: boolean, format: ImageFormat, width: number, height: number, 
/**
 * SHA-256 of the file as it is stored, lower-case hex.
 */
sha256: string, bytes: number, quality: QualityReport, origin: PhotoOrigin, added_at: string, };

export type TrayPhotoId = string;

export type TrayView = { 
/**
 * Oldest first.
 */
photos: Array<TrayPhoto>, 
/**
 * Visits to which they can belong, latest first.
 */
visits: Array<TrayVisit>, 
/**
 * Today by the clock of the core.
 */
today: string, };

export type TrayVisit = { id: VisitId, day: string, state: VisitState, };

export type TrendBy = "photographs" | "band" | "class" | "site" | "reviewer";

export type TrendRequest = { by: TrendBy, step: TrendStep, 
/**
 * Null begins with the first there is.
 */
from: string | null, 
/**
 * The last day that counts; null ends with the last there is, and not before today.
 */
to: string | null, };

export type TrendSeries = { 
/**
 * Band, code of the class, site, or identity of the reviewer; empty for photographs, where no class was
 * named, and where nobody has opened the reading.
 */
value: string, 
/**
 * Of a reviewer, and of a class as its newest reading calls it.
 */
name: string | null, 
/**
 * One number a stretch.
 */
counts: Array<number>, total: number, };

export type TrendStep = "week" | "month";

export type TrendView = { by: TrendBy, step: TrendStep, 
/**
 * Every stretch, also those without anything.
 */
periods: Array<Period>, 
/**
 * Every band, or the values that were found, the largest first.
 */
series: Array<TrendSeries>, 
/**
 * Readings that are not counted, since they wait for an impression.
 */
withheld: number, };

export type TrialReading = { picture: string, probabilities: Array<number>, };

export type TruthBasis = "histology" | "follow_up";

export type Understood = { typed: string, meant: string, };

export type UploadCount = { period: Period, photographs: number, readings: number, };

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

export type Verdict = "genuine" | "altered" | "key_retired" | "unknown";

export type ViewerAction = "heatmap" | "outline" | "less_opacity" | "more_opacity" | "measure" | "scale" | "fit" | "zoom_full" | "zoom_double" | "zoom_in" | "zoom_out" | "previous_photo" | "next_photo" | "help";

export type VisitAddRequest = { patient_id: PatientId, 
/**
 * The patient stands at the desk.
 */
arrived: boolean, entry: VisitEntry, };

export type VisitAdded = { visit: VisitView, 
/**
 * The patient was in the queue before; nothing was added.
 */
already: boolean, };

export type VisitChangeRequest = { id: VisitId, 
/**
 * The version the form was filled from; an older one is refused.
 */
version: number, entry: VisitEntry, };

export type VisitEntry = { 
/**
 * Today where it is null.
 */
day: string | null, 
/**
 * `HH:MM` by the clock on the wall; none for walk-ins.
 */
planned: string | null, clinician_id: ClinicianId | null, 
/**
 * At most 40 characters.
 */
room: string, 
/**
 * At most 2,000 characters.
 */
note: string, };

export type VisitId = string;

export type VisitMoveRequest = { id: VisitId, version: number, step: VisitStep, };

export type VisitSlipRequest = { id: VisitId, paper: PaperSize, };

export type VisitState = "expected" | "arrived" | "in_room" | "done" | "cancelled" | "did_not_attend";

export type VisitStep = "arrive" | "enter_room" | "finish" | "cancel" | "did_not_attend" | "take_back";

export type VisitView = { 
/**
 * It began on a day before today and is not done.
 */
from_earlier_day: boolean, 
/**
 * Whole minutes in the waiting room, until now for somebody who is still there.
 */
waited_minutes: number | null, id: VisitId, patient_id: PatientId, state: VisitState, arrived_at: string | null, in_room_at: string | null, 
/**
 * When it was done, cancelled, or found that the patient did not come.
 */
closed_at: string | null, 
/**
 * Raised by every change; an edit that names an old one is refused.
 */
version: number, 
/**
 * The day it belongs to, in the workstation's time zone.
 */
day: string, 
/**
 * Absent for walk-ins.
 */
planned_at: string | null, clinician_id: ClinicianId | null, 
/**
 * At most 40 characters; may be empty.
 */
room: string, 
/**
 * For the clinician; at most 2,000 characters; may be empty.
 */
note: string, };

export type WatchDismissRequest = { keys: Array<number>, };

export type WatchReadRequest = { patient_id: PatientId, };

export type WatchView = { 
/**
 * None while no folder is watched.
 */
folder: string | null, 
/**
 * False while it is away, as when a share is not connected.
 */
reachable: boolean, files: Array<WatchedFile>, };

export type WatchedFile = { 
/**
 * When it was complete.
 */
seen_at: string, 
/**
 * It came while another patient was open.
 */
before_this_patient: boolean, key: number, 
/**
 * Path below the folder.
 */
name: string, bytes: number, };

export type WithheldReading = { id: AnalysisId, analysed_at: string, image_ids: Array<ImageId>, };

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
  /** The language the window speaks to oneself, at every sign-in. */
  language_choose: { request: LanguageChooseRequest; answer: null };
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
  /** Ends one's own emergency look before its time. */
  break_glass_end: { request: BreakGlassEndRequest; answer: null };
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
  /** Changes label, site, side, note and place; the version guards against overwriting. */
  lesion_update: { request: LesionUpdateRequest; answer: LesionView };
  /** Puts a lesion at another place of the body map, or takes it off. */
  lesion_move: { request: LesionMoveRequest; answer: LesionView };
  /** Ends the following of a lesion, with day and reason. */
  lesion_close: { request: LesionCloseRequest; answer: LesionView };
  /** Takes a closed lesion up again. */
  lesion_reopen: { request: LesionReopenRequest; answer: LesionView };
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
  /** Writes a draft of a report on a finished analysis. */
  report_create: { request: ReportCreateRequest; answer: ReportRecord };
  /** Changes a draft; it takes up what the records say by now. */
  report_update: { request: ReportUpdateRequest; answer: ReportRecord };
  /** Gives a draft up. Its number is not used again. */
  report_discard: { request: ReportDiscardRequest; answer: null };
  /** A report with its signatures, checked against them. */
  report_read: { request: ReportRequest; answer: ReportView };
  /** Reports of the whole clinic, newest first. */
  report_list: { request: ReportListRequest; answer: ReportListView };
  /** Templates and the language model that a text can be proposed by. */
  report_text_options: { request: null; answer: ReportTextOptions };
  /** Writes a text for a report from a template. */
  report_text_propose: { request: ReportTextProposeRequest; answer: ReportProposalView };
  /** Asks the clinic's language model for a draft of the text. */
  report_text_ask: { request: ReportTextAskRequest; answer: ReportProposalView };
  /** Stops the question that is under way. */
  report_text_ask_cancel: { request: null; answer: null };
  /** Turns a proposed text down. */
  report_text_refuse: { request: ReportProposalRequest; answer: null };
  /** Every template of report texts, and what one can be made of. */
  report_template_list: { request: null; answer: ReportTemplatesView };
  /** Keeps a template as its newest edition, or adds one. */
  report_template_save: { request: ReportTemplateSaveRequest; answer: ReportTemplatesView };
  /** Goes back to the words that a template came with. */
  report_template_restore: { request: ReportTemplateRequest; answer: ReportTemplatesView };
  /** Offers a template of the clinic no more. */
  report_template_remove: { request: ReportTemplateRequest; answer: ReportTemplatesView };
  /** What a template that is not saved yet would say, and what is wrong with it. */
  report_template_try: { request: ReportTemplateTryRequest; answer: ReportTemplateTrial };
  /** The clinic's language model. */
  language_model_settings_read: { request: null; answer: LanguageModelSettingsView };
  /** Changes the language model, or switches it off. */
  language_model_settings_update: { request: LanguageModelSettingsRequest; answer: LanguageModelSettingsView };
  /** Asks the language model about a reading of no patient. */
  language_model_test: { request: null; answer: null };
  /** Signs a draft, with the password again; it is locked from then on. */
  report_sign: { request: ReportSignRequest; answer: ReportView };
  /** Adds to a signed report or withdraws it, with the password again. */
  report_amend: { request: ReportAmendRequest; answer: ReportView };
  /** The PDF for a page of the window or the printer. The front desk gets signed reports to print, and nothing else. */
  report_pdf: { request: ReportPdfRequest; answer: PdfBytes };
  /** Writes the report as a PDF where a save dialog says. The front desk hands out signed ones. */
  report_export: { request: ReportExportRequest; answer: Saved };
  /** Writes signed reports into one encrypted file that expires. */
  report_share: { request: ReportShareRequest; answer: Saved };
  /** Opens a share pack that a dialog asks for. */
  share_pack_open: { request: SharePackOpenRequest; answer: SharePackView };
  /** A report of the share pack that is open. */
  share_pack_pdf: { request: SharePackPdfRequest; answer: PdfBytes };
  /** Says whether a PDF that a dialog asks for is a report of this clinic, and unchanged. */
  report_verify: { request: null; answer: ReportVerdict };
  /** The same of the code on the paper. */
  report_verify_code: { request: ReportCodeRequest; answer: ReportVerdict };
  /** The key that others check this clinic's reports with. */
  signing_key_read: { request: null; answer: SigningKeyView };
  /** Writes that key to a text file. */
  signing_key_save: { request: null; answer: Saved };
  /** The head of what is printed. */
  letterhead_read: { request: null; answer: LetterheadView };
  /** Changes the head of what is printed from now on. */
  letterhead_update: { request: LetterheadRequest; answer: LetterheadView };
  /** A sample page under a letterhead that is not saved yet. */
  letterhead_preview: { request: LetterheadRequest; answer: PdfBytes };
  /** The logo, as bytes of a picture. */
  logo_save: { request: null; answer: LetterheadView };
  /** Prints without a logo from now on. */
  logo_remove: { request: null; answer: LetterheadView };
  /** The queue of a day: who is expected, waits, is in a room, is done with. */
  queue_read: { request: QueueReadRequest; answer: QueueView };
  /** Puts a patient into the queue of a day. */
  visit_add: { request: VisitAddRequest; answer: VisitAdded };
  /** Changes day, time, room, clinician and note of a visit; the version guards against overwriting. */
  visit_change: { request: VisitChangeRequest; answer: VisitView };
  /** Moves a visit on, or takes its last step back. */
  visit_move: { request: VisitMoveRequest; answer: VisitView };
  /** Writes the slip of a visit as a PDF where a save dialog says. */
  visit_slip_save: { request: VisitSlipRequest; answer: Saved };
  /** Whom the number on a scanned slip belongs to. */
  patient_scan: { request: PatientScanRequest; answer: PatientScanView };
  /** Takes a photograph in with a visit; its bytes travel as the raw body of the call. */
  desk_photo_add: { request: DeskPhotoAddRequest; answer: DeskPhotoAdded };
  /** Photographs of the front desk that wait for a clinician. */
  desk_photo_list: { request: DeskPhotoListRequest; answer: Array<DeskPhotoView> };
  /** Gives a waiting photograph to a lesion. */
  desk_photo_assign: { request: DeskPhotoAssignRequest; answer: ImageImported };
  /** Takes a waiting photograph that does not belong here out for good. */
  desk_photo_discard: { request: DeskPhotoDiscardRequest; answer: null };
  /** Recalls, biopsies and notes of a patient. */
  follow_up_read: { request: FollowUpRequest; answer: FollowUpView };
  /** Plans that a patient comes back. */
  recall_plan: { request: RecallPlanRequest; answer: RecallView };
  /** Changes an open recall; the version guards against overwriting. */
  recall_change: { request: RecallChangeRequest; answer: RecallView };
  /** Notes an attempt to reach the patient; an appointment books the recall. */
  recall_contact: { request: RecallContactRequest; answer: RecallView };
  /** The appointment did not come about: due again. */
  recall_unbook: { request: RecallRequest; answer: RecallView };
  /** Ends a recall: done, or cancelled with a reason. */
  recall_close: { request: RecallCloseRequest; answer: RecallView };
  /** Whom to call in a month, without anything clinical. */
  call_list: { request: CallListRequest; answer: CallListView };
  /** Records a specimen with the photograph of its site. */
  biopsy_take: { request: BiopsyTakeRequest; answer: BiopsyView };
  /** Corrects a specimen that has no result yet. */
  biopsy_change: { request: BiopsyChangeRequest; answer: BiopsyView };
  /** The specimen leaves the house. */
  biopsy_send: { request: BiopsySendRequest; answer: BiopsyView };
  /** Takes back a specimen that was entered by mistake. */
  biopsy_withdraw: { request: BiopsyWithdrawRequest; answer: BiopsyView };
  /** Enters the pathologist's finding, or a new edition of it. */
  histology_enter: { request: HistologyEnterRequest; answer: BiopsyView };
  /** A clinician has read the finding. */
  histology_acknowledge: { request: BiopsyRequest; answer: BiopsyView };
  /** Common entities of the skin with their codes in ICD-O-3. */
  morphology_list: { request: null; answer: Array<MorphologyView> };
  /** Writes a note on a patient to desk or clinicians. */
  case_note_write: { request: CaseNoteWriteRequest; answer: CaseNoteView };
  /** Ticks a note off, or takes the tick away again. */
  case_note_done: { request: CaseNoteDoneRequest; answer: CaseNoteView };
  /** Strikes a note out with a reason; its words stay legible. */
  case_note_strike: { request: CaseNoteStrikeRequest; answer: CaseNoteView };
  /** What must not be forgotten: unsigned, unread, pending, overdue. */
  safety_net_read: { request: SafetyNetRequest; answer: SafetyNetView };
  /** How many entries the safety net has. */
  safety_net_count: { request: null; answer: SafetyNetCounts };
  /** What there is in the clinic and what waits, in numbers. */
  dashboard_read: { request: null; answer: DashboardView };
  /** How a number went by week or month. */
  trend_read: { request: TrendRequest; answer: TrendView };
  /** Writes the dashboard or a trend as CSV or PDF where a save dialog says. */
  insight_export: { request: InsightExportRequest; answer: Saved };
  /** Readings, checklists and findings of a patient over time. */
  patient_risk_read: { request: PatientRiskRequest; answer: PatientRiskView };
  /** How often searches and filters were used, where that is counted. */
  search_usage_read: { request: null; answer: SearchUsageView };
  /** Forgets these counts. */
  search_usage_clear: { request: null; answer: SearchUsageView };
  /** How patients are numbered. */
  number_pattern_read: { request: null; answer: NumberPatternView };
  /** The example of a pattern that is not in force yet. */
  number_pattern_preview: { request: NumberPatternRequest; answer: NumberPatternView };
  /** Changes how patients are numbered from now on. */
  number_pattern_update: { request: NumberPatternRequest; answer: NumberPatternView };
  /** Records that a consent was given or withdrawn. */
  consent_record: { request: ConsentRecordRequest; answer: PatientView };
  /** Every giving and withdrawing of a patient's consents, newest first. */
  consent_list: { request: ConsentListRequest; answer: Array<ConsentEntryView> };
  /** Patients who may be the person in the form, likeliest first. */
  patient_duplicates: { request: PatientDuplicatesRequest; answer: Array<DuplicateView> };
  /** Two records side by side before they are merged. */
  patient_merge_preview: { request: MergePreviewRequest; answer: MergePreview };
  /** Makes one record of two. */
  patient_merge: { request: PatientMergeRequest; answer: PatientView };
  /** Makes two records of one again. */
  patient_merge_undo: { request: MergeUndoRequest; answer: PatientView };
  /** What happened to a patient, newest first. */
  timeline_read: { request: TimelineRequest; answer: TimelineView };
  /** Keeps the patient's portrait; its bytes travel as the raw body of the call. */
  portrait_save: { request: PortraitRequest; answer: PortraitView };
  /** Takes the portrait away. */
  portrait_remove: { request: PortraitRequest; answer: null };
  /** The retention hold on a patient's record, if one stands. */
  hold_read: { request: HoldReadRequest; answer: HoldView | null };
  /** Sets a hold: the record is not erased while it stands. */
  hold_set: { request: HoldSetRequest; answer: HoldView };
  /** Lifts the hold. */
  hold_lift: { request: HoldReadRequest; answer: null };
  /** Writes everything on record about a patient as a ZIP where a save dialog says. */
  subject_export: { request: SubjectExportRequest; answer: Saved };
  /** Erases a patient for good. */
  patient_erase: { request: PatientEraseRequest; answer: ErasureView };
  /** Readings or photographs of all patients, newest first. */
  history_read: { request: HistoryRequest; answer: HistoryView };
  /** Takes a reading off every list; it can be brought back for a while. */
  reading_delete: { request: ReadingDeleteRequest; answer: null };
  /** Takes a photograph and the readings of it off every list. */
  photograph_delete: { request: PhotographDeleteRequest; answer: null };
  /** Takes every reading of a patient from before a day off every list. */
  history_clear: { request: HistoryClearRequest; answer: HistoryCleared };
  /** Brings back what a deletion took away. */
  deletion_undo: { request: DeletionRequest; answer: null };
  /** How long a deletion can be undone. */
  retention_read: { request: null; answer: RetentionSettings };
  /** Changes how long a deletion can be undone. */
  retention_update: { request: RetentionSettings; answer: RetentionSettings };
  /** Cases of other lesions that look alike to the classifier, without names. */
  similar_read: { request: AnalysisReadRequest; answer: SimilarView };
  /** Says whose such a case is, so that it can be opened. */
  similar_open: { request: SimilarOpenRequest; answer: SimilarOpened };
  /** Batches of analyses and what else waits or runs, without anybody's name. */
  job_list: { request: null; answer: JobsView };
  /** How far some jobs are. */
  job_states: { request: JobStatesRequest; answer: Array<JobView> };
  /** Puts a failed analysis back into the queue. */
  job_retry: { request: JobRequest; answer: JobView };
  /** Changes how many analyses run at once. */
  job_settings_update: { request: JobSettings; answer: JobSettings };
  /** What a batch would read. */
  batch_preview: { request: BatchStartRequest; answer: BatchPreview };
  /** Puts a reading of every lesion with unread photographs into the queue. */
  batch_start: { request: BatchStartRequest; answer: BatchView };
  /** The readings of a batch, with the names of patients and lesions. */
  batch_items: { request: BatchItemsRequest; answer: BatchItems };
  /** Begins nothing new of a batch. */
  batch_pause: { request: BatchRequest; answer: BatchView };
  /** Goes on with a paused batch. */
  batch_continue: { request: BatchRequest; answer: BatchView };
  /** Ends a batch; what was read stays. */
  batch_cancel: { request: BatchRequest; answer: BatchView };
  /** Puts what failed back into the queue. */
  batch_retry: { request: BatchRequest; answer: BatchView };
  /** Takes a photograph in for a patient; its bytes travel as the raw body of the call. */
  tray_add: { request: TrayAddRequest; answer: TrayAdded };
  /** A small JPEG of a file on its way in, which travels as the raw body of the call. */
  photo_preview: { request: null; answer: PreviewJpeg };
  /** Photographs of a patient that wait for a lesion. */
  tray_list: { request: TrayListRequest; answer: TrayView };
  /** Gives waiting photographs to a lesion and a visit. */
  tray_assign: { request: TrayAssignRequest; answer: Array<ImageRecord> };
  /** Says what kind waiting photographs are. */
  tray_kind_change: { request: TrayKindRequest; answer: Array<TrayPhoto> };
  /** Takes waiting photographs that do not belong here out for good. */
  tray_discard: { request: TrayDiscardRequest; answer: null };
  /** Puts a photograph to another lesion of its patient. */
  image_move: { request: ImageMoveRequest; answer: ImageRecord };
  /** Says what kind a photograph is. */
  image_kind_change: { request: ImageKindRequest; answer: ImageRecord };
  /** Asks for a folder and lists its files; null when none was chosen. */
  folder_pick: { request: null; answer: FolderOffer | null };
  /** Takes in a file of the chosen or the watched folder. */
  offer_take: { request: OfferTakeRequest; answer: TrayAdded };
  /** What a device has put into the watched folder. */
  watch_read: { request: WatchReadRequest; answer: WatchView };
  /** Asks for the folder to watch; false when none was chosen. */
  watch_choose: { request: null; answer: boolean };
  /** Ends the watching of a folder. */
  watch_end: { request: null; answer: null };
  /** Does not offer these files again. */
  watch_dismiss: { request: WatchDismissRequest; answer: null };
  /** Scale of a photograph, and what was measured in it by hand. */
  image_measuring_read: { request: ImageMeasuringRequest; answer: ImageMeasuringView };
  /** From what a photograph can get its scale. */
  scale_options_read: { request: ImageMeasuringRequest; answer: ScaleOptionsView };
  /** Sets the scale of a photograph by two points of a ruler in it. */
  scale_by_ruler: { request: ScaleByRulerRequest; answer: ImageMeasuringView };
  /** Sets the scale of a photograph by the profile of a device. */
  scale_by_device: { request: ScaleByDeviceRequest; answer: ImageMeasuringView };
  /** Makes a photograph uncalibrated again. */
  scale_remove: { request: ImageMeasuringRequest; answer: ImageMeasuringView };
  /** Keeps a measurement by hand. */
  image_mark_add: { request: ImageMarkAddRequest; answer: ImageMeasuringView };
  /** Gives a measurement another label. */
  image_mark_label: { request: ImageMarkLabelRequest; answer: ImageMeasuringView };
  /** Takes a measurement off the picture. */
  image_mark_delete: { request: ImageMarkRequest; answer: ImageMeasuringView };
  /** Brings a measurement back. */
  image_mark_restore: { request: ImageMarkRequest; answer: ImageMeasuringView };
  /** Cameras and dermatoscopes whose pictures have a known scale. */
  imaging_device_list: { request: null; answer: Array<ImagingDeviceView> };
  /** Adds a device or changes its profile. */
  imaging_device_save: { request: ImagingDeviceSaveRequest; answer: ImagingDeviceView };
  /** Takes a device off the list. */
  imaging_device_remove: { request: ImagingDeviceRequest; answer: null };
  /** One's own keys of the viewer. */
  shortcuts_read: { request: null; answer: ShortcutsView };
  /** Changes one's own keys of the viewer. */
  shortcuts_save: { request: ShortcutsSaveRequest; answer: ShortcutsView };
  /** Checklists of a lesion: items, proposals, what is filled in and what was. */
  checklist_page: { request: ExaminationRequest; answer: ChecklistPageView };
  /** What the answers so far come to. */
  checklist_judge: { request: ChecklistJudgeRequest; answer: ChecklistResult };
  /** Keeps a checklist; an earlier edition stays on record. */
  checklist_save: { request: ChecklistSaveRequest; answer: FilledChecklistView };
  /** Whether an impression is asked for before a reading is shown. */
  read_first_read: { request: null; answer: ReadFirstSettings };
  /** Changes whether an impression is asked for before a reading is shown. */
  read_first_update: { request: ReadFirstSettings; answer: ReadFirstSettings };
  /** Commits an impression of a lesion and gives the reading that waited for it. */
  impression_commit: { request: ImpressionCommitRequest; answer: AnalysisView };
  /** How impressions stood to readings, over the whole clinic. */
  impression_statistics: { request: null; answer: ImpressionStatistics };
  /** What is decided about a lesion, and what came before. */
  decision_page: { request: ExaminationRequest; answer: DecisionPageView };
  /** Decides about a lesion; an earlier decision stays on record. */
  decision_save: { request: DecisionSaveRequest; answer: DecisionView };
  /** Says that a reading was wrong, or takes that back. */
  feedback_give: { request: FeedbackGiveRequest; answer: FeedbackView };
  /** Writes a letter of referral on a decision to refer. */
  referral_write: { request: ReferralWriteRequest; answer: ReferralView };
  /** Writes the letter as a PDF where a save dialog says. */
  referral_export: { request: ReferralExportRequest; answer: Saved };
  /** How many cases a set without identities would hold. */
  case_set_count: { request: CaseSetCountRequest; answer: CaseSetCount };
  /** Writes a set of cases without identities as a ZIP where a save dialog says. */
  case_set_export: { request: CaseSetExportRequest; answer: Saved };
  /** How readings and clinicians did against histology and follow-up. */
  performance_read: { request: PerformanceFilter; answer: PerformanceView };
  /** Inputs and outputs of the model month by month. */
  performance_drift: { request: PerformanceDriftRequest; answer: PerformanceDriftView };
  /** The lesions behind a figure. */
  performance_cases: { request: PerformanceCasesRequest; answer: PerformanceCases };
  /** Writes them without identities as CSV where a save dialog says. */
  performance_table_save: { request: PerformanceFilter; answer: Saved };
  /** Writes the figures as a PDF where a save dialog says. */
  performance_page_save: { request: PerformanceFilter; answer: Saved };
  /** Compares two photographs of a lesion and keeps what was found. */
  comparison_start: { request: ComparisonRequest; answer: ComparisonView; progress: true };
  /** What was found for two photographs, where they were compared and nothing about them has changed. */
  comparison_read: { request: ComparisonRequest; answer: ComparisonView | null };
  /** Writes photographs, reports and readings of a patient as a DICOM file-set where a save dialog says. */
  patient_dicom_export: { request: PatientDicomExportRequest; answer: DicomExported };
  /** Sends the same objects to the PACS. */
  patient_dicom_send: { request: PatientDicomSendRequest; answer: DicomSendView; progress: true };
  /** Stops the sending that is under way. */
  patient_dicom_send_cancel: { request: null; answer: null };
  /** Whether there is a PACS to send to. */
  pacs_status_read: { request: null; answer: PacsStatus };
  /** The PACS of the house. */
  pacs_settings_read: { request: null; answer: PacsSettingsView };
  /** Changes the PACS, or switches it off. */
  pacs_settings_update: { request: PacsSettingsRequest; answer: PacsSettingsView };
  /** Asks the PACS whether it is there (C-ECHO, or a search in DICOMweb). */
  pacs_test: { request: null; answer: null };
  /** Writes a patient's record as a bundle of FHIR R4 with its files, as a ZIP where a save dialog says. */
  patient_fhir_export: { request: FhirExportRequest; answer: Saved };
  /** Writes the clinic's records as tables, as a ZIP where a save dialog says. */
  clinic_tables_export: { request: ClinicTablesRequest; answer: Saved };
  /** Every version of the classifier with its state. */
  model_version_list: { request: null; answer: ModelRegistryView };
  /** Asks for an ONNX file, perhaps with its card, and looks at it; null when none was chosen. */
  model_files_pick: { request: null; answer: ModelFilesView | null };
  /** Adds the chosen files as a version that nothing reads with yet. */
  model_upload: { request: ModelUploadRequest; answer: ModelVersionView };
  /** Runs a version for the first time, in a process of its own. */
  model_check: { request: ModelVersionRequest; answer: ModelVersionView };
  /** Reads the golden set with a version and with the one in use. */
  model_compare: { request: ModelCompareRequest; answer: ModelVersionView; progress: true };
  /** Stops the comparison that is under way. */
  model_compare_cancel: { request: null; answer: null };
  /** Puts a version in use; asks for the password again. */
  model_activate: { request: ModelActivateRequest; answer: ModelRegistryView };
  /** Brings back the version from before; asks for the password again. */
  model_roll_back: { request: ModelRollBackRequest; answer: ModelRegistryView };
  /** Takes a version out of use for good; asks for the password again. */
  model_retire: { request: ModelRetireRequest; answer: ModelRegistryView };
  /** Photographs with histology, and which of them versions are held against. */
  golden_set_read: { request: null; answer: GoldenSetView };
  /** Takes a photograph into the golden set, or says another class of it. */
  golden_image_mark: { request: GoldenImageMarkRequest; answer: GoldenSetView };
  /** Takes a photograph out of the golden set. */
  golden_image_unmark: { request: GoldenImageRequest; answer: GoldenSetView };
  /** Looks at records, model and machine and says what is not as it should be. */
  self_test_run: { request: null; answer: SelfTestView };
  /** Writes the self-test just shown as a PDF where a save dialog says. */
  self_test_save: { request: null; answer: Saved };
  /** Lines of the program's log. */
  log_read: { request: LogReadRequest; answer: LogPageView };
  /** Everything that would leave with a support bundle. */
  support_bundle_preview: { request: null; answer: SupportBundleView };
  /** Writes the support bundle just shown as a ZIP where a save dialog says. */
  support_bundle_save: { request: null; answer: Saved };
  /** How far a pass over pictures, heatmaps and features is, and what the last ones found. */
  derived_read: { request: null; answer: DerivedView };
  /** Looks pictures, heatmaps and features through, or makes anew those that are missing or damaged. */
  derived_start: { request: DerivedStartRequest; answer: DerivedView };
  /** Ends the pass that is open. */
  derived_cancel: { request: null; answer: DerivedView };
  /** Everything that can be set, with defaults and limits. */
  setting_list: { request: null; answer: Array<SettingView> };
  /** Changes a switch or a number. */
  setting_update: { request: SettingUpdateRequest; answer: SettingView };
  /** How the clinic stands with its backups. */
  backup_read: { request: null; answer: BackupView };
  /** Changes when backups are made and how many stay. */
  backup_plan_update: { request: BackupPlan; answer: BackupView };
  /** Asks for the folder that backups go to; null when none was chosen. */
  backup_folder_choose: { request: null; answer: BackupView | null };
  /** The backups that lie in the folder. */
  backup_list: { request: null; answer: BackupListView };
  /** Makes a backup now. */
  backup_start: { request: null; answer: BackupRunView; progress: true };
  /** Stops the backup or the drill that is under way. */
  backup_cancel: { request: null; answer: null };
  /** Proves that a backup can be restored, without touching the clinic. */
  backup_drill: { request: BackupRequest; answer: BackupRunView; progress: true };
  /** First run: asks for a folder and lists the backups in it; null when none was chosen. */
  restore_look: { request: null; answer: RestoreOffer | null };
  /** First run: restores the clinic from one of them. */
  restore_start: { request: RestoreRequest; answer: RestoredView; progress: true };
  /** Stops the restoring that is under way. */
  restore_cancel: { request: null; answer: null };
  /** Asks for a file or folder with records of elsewhere and reads it. */
  import_open: { request: ImportOpenRequest; answer: ImportView };
  /** How far the import of this session is. */
  import_read: { request: null; answer: ImportView };
  /** The dry run: holds every row against the registry and writes nothing of it. */
  import_plan: { request: ImportMapping; answer: ImportView };
  /** A stretch of the rows of the dry run, or of what became of them. */
  import_rows: { request: ImportRowsRequest; answer: ImportRows };
  /** Decides a doubtful row, or all of them. */
  import_decide: { request: ImportDecideRequest; answer: ImportView };
  /** Imports what the dry run found. */
  import_start: { request: null; answer: ImportView; progress: true };
  /** Ends the import under way after the row it is at. */
  import_cancel: { request: null; answer: null };
  /** Forgets the source. */
  import_close: { request: null; answer: ImportView };
  /** Writes what became of every row as CSV where a save dialog says. */
  import_result_save: { request: null; answer: Saved };
  /** Asks the assistant, in a conversation of one's own. */
  assistant_ask: { request: AssistantAskRequest; answer: AssistantReply };
  /** One's own conversations with the assistant, the newest first. */
  assistant_list: { request: null; answer: Array<AssistantConversation> };
  /** One of one's own conversations with all that was said. */
  assistant_read: { request: AssistantReadRequest; answer: AssistantConversationView };
  /** Takes one of one's own conversations away, or all, and tells how much went. */
  assistant_clear: { request: AssistantClearRequest; answer: AssistantCleared };
  /** Every sheet of the assistant's rules, and what one can be made of. */
  assistant_sheet_list: { request: null; answer: AssistantSheetsView };
  /** Keeps a sheet of rules as its newest edition, or adds one. */
  assistant_sheet_save: { request: AssistantSheetSaveRequest; answer: AssistantSheetsView };
  /** Goes back to the rules that a sheet came with. */
  assistant_sheet_restore: { request: AssistantSheetRequest; answer: AssistantSheetsView };
  /** Uses a sheet of rules no more. */
  assistant_sheet_remove: { request: AssistantSheetRequest; answer: AssistantSheetsView };
  /** What a sheet that is not saved yet would answer, and what is wrong with it. */
  assistant_sheet_try: { request: AssistantTryRequest; answer: AssistantTrial };
  /** The articles of the library in a language, by title. */
  library_list: { request: LibraryRequest; answer: Array<ArticleRow> };
  /** Finds articles by what is written in them; typing errors are forgiven. */
  library_search: { request: LibrarySearchRequest; answer: Array<ArticleHit> };
  /** An article of the library. */
  library_article: { request: ArticleRequest; answer: ArticleView };
  /** Which classes of the classifier and terms of impressions have an article. */
  library_links: { request: LibraryRequest; answer: Array<ArticleLink> };
  /** Keeps a text as the newest edition of an article, or adds one. */
  library_save: { request: ArticleSaveRequest; answer: ArticleView };
  /** Goes back to the program's text of an article. */
  library_restore: { request: ArticleVersionRequest; answer: ArticleView };
  /** Takes an earlier edition of an article up again. */
  library_return: { request: ArticleReturnRequest; answer: ArticleView };
  /** Hides an article of the clinic, or shows it again. */
  library_hide: { request: ArticleHideRequest; answer: ArticleView };
  /** Every edition of an article, newest first. */
  library_editions: { request: ArticleRequest; answer: Array<ArticleEditionRow> };
  /** What was changed between two editions of an article, line by line. */
  library_compare: { request: ArticleCompareRequest; answer: ArticleDifference };
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
  "language_choose",
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
  "break_glass_end",
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
  "lesion_update",
  "lesion_move",
  "lesion_close",
  "lesion_reopen",
  "image_import",
  "analysis_start",
  "analysis_cancel",
  "job_read",
  "analysis_read",
  "model_read",
  "report_create",
  "report_update",
  "report_discard",
  "report_read",
  "report_list",
  "report_text_options",
  "report_text_propose",
  "report_text_ask",
  "report_text_ask_cancel",
  "report_text_refuse",
  "report_template_list",
  "report_template_save",
  "report_template_restore",
  "report_template_remove",
  "report_template_try",
  "language_model_settings_read",
  "language_model_settings_update",
  "language_model_test",
  "report_sign",
  "report_amend",
  "report_pdf",
  "report_export",
  "report_share",
  "share_pack_open",
  "share_pack_pdf",
  "report_verify",
  "report_verify_code",
  "signing_key_read",
  "signing_key_save",
  "letterhead_read",
  "letterhead_update",
  "letterhead_preview",
  "logo_save",
  "logo_remove",
  "queue_read",
  "visit_add",
  "visit_change",
  "visit_move",
  "visit_slip_save",
  "patient_scan",
  "desk_photo_add",
  "desk_photo_list",
  "desk_photo_assign",
  "desk_photo_discard",
  "follow_up_read",
  "recall_plan",
  "recall_change",
  "recall_contact",
  "recall_unbook",
  "recall_close",
  "call_list",
  "biopsy_take",
  "biopsy_change",
  "biopsy_send",
  "biopsy_withdraw",
  "histology_enter",
  "histology_acknowledge",
  "morphology_list",
  "case_note_write",
  "case_note_done",
  "case_note_strike",
  "safety_net_read",
  "safety_net_count",
  "dashboard_read",
  "trend_read",
  "insight_export",
  "patient_risk_read",
  "search_usage_read",
  "search_usage_clear",
  "number_pattern_read",
  "number_pattern_preview",
  "number_pattern_update",
  "consent_record",
  "consent_list",
  "patient_duplicates",
  "patient_merge_preview",
  "patient_merge",
  "patient_merge_undo",
  "timeline_read",
  "portrait_save",
  "portrait_remove",
  "hold_read",
  "hold_set",
  "hold_lift",
  "subject_export",
  "patient_erase",
  "history_read",
  "reading_delete",
  "photograph_delete",
  "history_clear",
  "deletion_undo",
  "retention_read",
  "retention_update",
  "similar_read",
  "similar_open",
  "job_list",
  "job_states",
  "job_retry",
  "job_settings_update",
  "batch_preview",
  "batch_start",
  "batch_items",
  "batch_pause",
  "batch_continue",
  "batch_cancel",
  "batch_retry",
  "tray_add",
  "photo_preview",
  "tray_list",
  "tray_assign",
  "tray_kind_change",
  "tray_discard",
  "image_move",
  "image_kind_change",
  "folder_pick",
  "offer_take",
  "watch_read",
  "watch_choose",
  "watch_end",
  "watch_dismiss",
  "image_measuring_read",
  "scale_options_read",
  "scale_by_ruler",
  "scale_by_device",
  "scale_remove",
  "image_mark_add",
  "image_mark_label",
  "image_mark_delete",
  "image_mark_restore",
  "imaging_device_list",
  "imaging_device_save",
  "imaging_device_remove",
  "shortcuts_read",
  "shortcuts_save",
  "checklist_page",
  "checklist_judge",
  "checklist_save",
  "read_first_read",
  "read_first_update",
  "impression_commit",
  "impression_statistics",
  "decision_page",
  "decision_save",
  "feedback_give",
  "referral_write",
  "referral_export",
  "case_set_count",
  "case_set_export",
  "performance_read",
  "performance_drift",
  "performance_cases",
  "performance_table_save",
  "performance_page_save",
  "comparison_start",
  "comparison_read",
  "patient_dicom_export",
  "patient_dicom_send",
  "patient_dicom_send_cancel",
  "pacs_status_read",
  "pacs_settings_read",
  "pacs_settings_update",
  "pacs_test",
  "patient_fhir_export",
  "clinic_tables_export",
  "model_version_list",
  "model_files_pick",
  "model_upload",
  "model_check",
  "model_compare",
  "model_compare_cancel",
  "model_activate",
  "model_roll_back",
  "model_retire",
  "golden_set_read",
  "golden_image_mark",
  "golden_image_unmark",
  "self_test_run",
  "self_test_save",
  "log_read",
  "support_bundle_preview",
  "support_bundle_save",
  "derived_read",
  "derived_start",
  "derived_cancel",
  "setting_list",
  "setting_update",
  "backup_read",
  "backup_plan_update",
  "backup_folder_choose",
  "backup_list",
  "backup_start",
  "backup_cancel",
  "backup_drill",
  "restore_look",
  "restore_start",
  "restore_cancel",
  "import_open",
  "import_read",
  "import_plan",
  "import_rows",
  "import_decide",
  "import_start",
  "import_cancel",
  "import_close",
  "import_result_save",
  "assistant_ask",
  "assistant_list",
  "assistant_read",
  "assistant_clear",
  "assistant_sheet_list",
  "assistant_sheet_save",
  "assistant_sheet_restore",
  "assistant_sheet_remove",
  "assistant_sheet_try",
  "library_list",
  "library_search",
  "library_article",
  "library_links",
  "library_save",
  "library_restore",
  "library_return",
  "library_hide",
  "library_editions",
  "library_compare",
];
