//! Every command there is.

use domain::assistant::AssistantConversation;
use domain::backup::BackupPlan;
use domain::image::ImageRecord;
use domain::report::ReportRecord;
use domain::tray::TrayPhoto;

use super::ShapeVisitor;
use super::access::{
    ADMINISTRATOR, Access, BYSTANDERS, CLINICAL, CLINICAL_OR_AUDIT, CLINICAL_OR_EMERGENCY, DESK, OVERSEERS,
    READERS,
};
use crate::views::*;

commands! {
    /// Where the program stands: first run, sign-in or signed in.
    AppStatus = "app_status", Access::Anyone, (()) -> AppStatus;
    /// The page has drawn its first screen: the window may be shown.
    AppReady = "app_ready", Access::Anyone, (()) -> ();
    /// How strong a password is by the clinic's policy.
    PasswordJudge = "password_judge", Access::Anyone, (PasswordJudgeRequest) -> PasswordJudgement;
    /// First run: founds the clinic with its first administrator and signs them in.
    ClinicCreate = "clinic_create", Access::Anyone, (ClinicCreateRequest) -> ClinicCreated;
    /// Opens the clinic with e-mail and password; a second factor may come next.
    SessionSignIn = "session_sign_in", Access::Anyone, (SignInRequest) -> SignInAnswer;
    /// The code after the password: six digits, or a recovery code.
    SessionSecondFactor = "session_second_factor", Access::Anyone, (SecondFactorRequest) -> SessionView;
    /// Gives up between password and code.
    SessionAbandon = "session_abandon", Access::Anyone, (()) -> ();
    /// Asks for an account; an administrator approves it.
    AccountRegister = "account_register", Access::Anyone, (AccountRegisterRequest) -> ();
    /// Chooses a password with the one-time code of an administrator, and signs in.
    AccountActivate = "account_activate", Access::Anyone, (AccountActivateRequest) -> SessionView;
    /// Trades the six digits of an administrator for a one-time token.
    PasswordResetCheck = "password_reset_check", Access::Anyone, (PasswordResetCheckRequest) -> PasswordResetToken;
    /// Sets the new password with the token.
    PasswordResetFinish = "password_reset_finish", Access::Anyone, (PasswordResetFinishRequest) -> ();
    /// Sets a new password with one of one's own recovery codes.
    PasswordRecover = "password_recover", Access::Anyone, (PasswordRecoverRequest) -> ();
    /// Opens the clinic with its printed recovery sheet and issues a new one.
    RecoverySheetUse = "recovery_sheet_use", Access::Anyone, (RecoverySheetUseRequest) -> ClinicCreated;
    /// A patient opens their own record with the passcode of a slip.
    PatientViewOpen = "patient_view_open", Access::Anyone, (PatientViewOpenRequest) -> PatientViewing;
    /// The record a patient has open.
    PatientViewRead = "patient_view_read", Access::PatientView, (()) -> PatientViewing;
    /// The patient is done.
    PatientViewClose = "patient_view_close", Access::PatientView, (()) -> ();

    /// Ends the session and forgets its keys.
    SessionSignOut = "session_sign_out", Access::SignedIn, (()) -> ();
    /// Locks at once; the same person signs in again to go on.
    SessionLock = "session_lock", Access::SignedIn, (()) -> ();
    /// Tells the core that a person is at the keyboard.
    SessionTouch = "session_touch", Access::SignedIn, (()) -> ();
    /// Who am I: asked when the window comes back.
    SessionRead = "session_read", Access::SignedIn, (()) -> SessionView;
    /// Keeps typed text against a lock; null forgets it.
    DraftKeep = "draft_keep", Access::SignedIn, (Draft) -> ();
    /// Typed text that a lock interrupted.
    DraftList = "draft_list", Access::SignedIn, (()) -> Vec<Draft>;

    /// One's own account.
    ProfileRead = "profile_read", Access::SignedIn, (()) -> ProfileView;
    /// Changes one's own details; a new sign-in name needs the password.
    ProfileUpdate = "profile_update", Access::SignedIn, (ProfileUpdateRequest) -> ProfileView;
    /// The language the window speaks to oneself, at every sign-in.
    LanguageChoose = "language_choose", Access::SignedIn, (LanguageChooseRequest) -> ();
    /// A new password for the old one.
    PasswordChange = "password_change", Access::SignedIn, (PasswordChangeRequest) -> ();
    /// Draws a new second factor; it counts once a code was confirmed.
    SecondFactorPropose = "second_factor_propose", Access::SignedIn, (PasswordAgainRequest) -> SecondFactorProposal;
    /// Confirms the proposed second factor with a code and gives ten recovery codes.
    SecondFactorConfirm = "second_factor_confirm", Access::SignedIn, (SecondFactorRequest) -> RecoveryCodesView;
    /// Takes one's own second factor away.
    SecondFactorRemove = "second_factor_remove", Access::SignedIn, (PasswordAgainRequest) -> ();
    /// Ten fresh recovery codes; the old ones are void.
    RecoveryCodesIssue = "recovery_codes_issue", Access::SignedIn, (PasswordAgainRequest) -> RecoveryCodesView;
    /// Writes the recovery codes just shown as a PDF.
    RecoveryCodesSave = "recovery_codes_save", Access::SignedIn, (()) -> Saved;

    /// Checks one typed group of the recovery sheet while it is still held after first run.
    RecoverySheetConfirm = "recovery_sheet_confirm", ADMINISTRATOR, (RecoverySheetConfirmRequest) -> ();
    /// Writes the recovery sheet as a PDF where a save dialog says.
    RecoverySheetSave = "recovery_sheet_save", ADMINISTRATOR, (()) -> Saved;

    /// A new recovery sheet; the old one opens nothing afterwards.
    RecoverySheetIssue = "recovery_sheet_issue", ADMINISTRATOR, (PasswordAgainRequest) -> RecoverySheetView;
    /// New keys for the whole clinic, after somebody left.
    KeysChange = "keys_change", ADMINISTRATOR, (PasswordAgainRequest) -> RecoverySheetView;

    /// Everybody with an account.
    UserList = "user_list", ADMINISTRATOR, (()) -> Vec<UserRow>;
    /// Adds somebody; a printed one-time code lets them choose a password.
    UserInvite = "user_invite", ADMINISTRATOR, (UserInviteRequest) -> ActivationView;
    /// A fresh activation code for somebody invited, or registered.
    UserActivationIssue = "user_activation_issue", ADMINISTRATOR, (UserRoleRequest) -> ActivationView;
    /// Writes the activation code just shown as a PDF slip.
    ActivationSave = "activation_save", ADMINISTRATOR, (()) -> Saved;
    /// Approves a registration and gives the role.
    UserApprove = "user_approve", ADMINISTRATOR, (UserRoleRequest) -> ();
    /// Gives another role.
    UserRoleChange = "user_role_change", ADMINISTRATOR, (UserRoleRequest) -> ();
    /// Bars somebody from signing in until enabled again.
    UserDisable = "user_disable", ADMINISTRATOR, (UserRequest) -> ();
    /// Lets somebody sign in again.
    UserEnable = "user_enable", ADMINISTRATOR, (UserRequest) -> ();
    /// Ends the lock after failed sign-ins.
    UserUnlock = "user_unlock", ADMINISTRATOR, (UserRequest) -> ();
    /// Takes an account away for good; what it did stays on record.
    UserDelete = "user_delete", ADMINISTRATOR, (UserDeleteRequest) -> ();
    /// Takes away the second factor of somebody who lost the telephone.
    UserSecondFactorRemove = "user_second_factor_remove", ADMINISTRATOR, (UserRequest) -> ();
    /// Six digits for somebody who forgot the password.
    PasswordResetIssue = "password_reset_issue", ADMINISTRATOR, (UserRequest) -> PasswordResetView;
    /// Who signs reports: the directory of clinicians.
    ClinicianList = "clinician_list", READERS, (()) -> Vec<ClinicianView>;
    /// Adds or changes an entry of the directory.
    ClinicianSave = "clinician_save", ADMINISTRATOR, (ClinicianSaveRequest) -> ClinicianView;
    /// Stores the picture of a signature; its bytes travel as the raw body of the call.
    ClinicianSignatureSave = "clinician_signature_save", ADMINISTRATOR, (ClinicianRequest) -> ClinicianView;
    /// Takes an entry out of the directory.
    ClinicianRemove = "clinician_remove", ADMINISTRATOR, (ClinicianRequest) -> ();

    /// Opens an emergency look at one patient's results, with a reason.
    BreakGlassOpen = "break_glass_open", BYSTANDERS, (BreakGlassOpenRequest) -> BreakGlassView;
    /// Emergency looks, those not yet reviewed first.
    BreakGlassList = "break_glass_list", OVERSEERS, (()) -> Vec<BreakGlassView>;
    /// Notes that an emergency look was reviewed.
    BreakGlassReview = "break_glass_review", ADMINISTRATOR, (BreakGlassReviewRequest) -> BreakGlassView;
    /// Ends one's own emergency look before its time.
    BreakGlassEnd = "break_glass_end", BYSTANDERS, (BreakGlassEndRequest) -> ();

    /// Rows of the audit trail, newest first.
    AuditSearch = "audit_search", OVERSEERS, (AuditSearchRequest) -> AuditPageView;
    /// Recomputes the whole chain of the audit trail.
    AuditVerify = "audit_verify", OVERSEERS, (()) -> AuditVerification;
    /// Writes the filtered audit trail where a save dialog says.
    AuditExport = "audit_export", OVERSEERS, (AuditExportRequest) -> Saved;
    /// Who read or changed one patient's record.
    AccessLogRead = "access_log_read", CLINICAL_OR_AUDIT, (AccessLogRequest) -> Vec<AuditRowView>;

    /// The clinic's mail server.
    MailSettingsRead = "mail_settings_read", ADMINISTRATOR, (()) -> MailSettingsView;
    /// Changes the clinic's mail server, or switches mail off.
    MailSettingsUpdate = "mail_settings_update", ADMINISTRATOR, (MailSettingsRequest) -> MailSettingsView;
    /// Sends a test message to the administrator's own address.
    MailTest = "mail_test", ADMINISTRATOR, (()) -> ();
    /// Rules of access.
    AccessSettingsRead = "access_settings_read", ADMINISTRATOR, (()) -> AccessSettingsView;
    /// Changes the rules of access.
    AccessSettingsUpdate = "access_settings_update", ADMINISTRATOR, (AccessSettingsRequest) -> AccessSettingsView;

    /// A slip with a passcode by which a patient sees their own record.
    PatientViewIssue = "patient_view_issue", CLINICAL, (PatientViewIssueRequest) -> PatientSlipView;
    /// Writes the slip just issued as a PDF.
    PatientSlipSave = "patient_slip_save", CLINICAL, (()) -> Saved;

    /// Registers a patient and gives the number.
    PatientCreate = "patient_create", DESK, (PatientCreateRequest) -> PatientView;
    /// Changes the details; the version guards against overwriting.
    PatientUpdate = "patient_update", DESK, (PatientUpdateRequest) -> PatientView;
    /// The patient page: details, lesions, reports.
    PatientRead = "patient_read", READERS, (PatientReadRequest) -> PatientPageView;
    /// Search as you type; an empty text lists the patients changed last.
    PatientSearch = "patient_search", READERS, (PatientSearchRequest) -> PatientSearchResult;

    /// Adds a lesion with its coded body site.
    LesionCreate = "lesion_create", CLINICAL, (LesionCreateRequest) -> LesionView;
    /// Changes label, site, side, note and place; the version guards against overwriting.
    LesionUpdate = "lesion_update", CLINICAL, (LesionUpdateRequest) -> LesionView;
    /// Puts a lesion at another place of the body map, or takes it off.
    LesionMove = "lesion_move", CLINICAL, (LesionMoveRequest) -> LesionView;
    /// Ends the following of a lesion, with day and reason.
    LesionClose = "lesion_close", CLINICAL, (LesionCloseRequest) -> LesionView;
    /// Takes a closed lesion up again.
    LesionReopen = "lesion_reopen", CLINICAL, (LesionReopenRequest) -> LesionView;

    /// Checks and stores one photograph; its bytes travel as the raw body of the call.
    ImageImport = "image_import", CLINICAL, (ImageImportRequest) -> ImageImported;

    /// Starts an analysis of one to three photographs of a lesion and answers at once.
    AnalysisStart = "analysis_start", CLINICAL, (AnalysisStartRequest) -> JobView, progress JobView;
    /// Stops a running analysis.
    AnalysisCancel = "analysis_cancel", CLINICAL, (JobRequest) -> JobView;
    /// The state of one job.
    JobRead = "job_read", CLINICAL, (JobRequest) -> JobView;
    /// A finished analysis with its photographs.
    AnalysisRead = "analysis_read", CLINICAL_OR_EMERGENCY, (AnalysisReadRequest) -> AnalysisView;
    /// The card of the model in use: what it knows, how good it is, what it cannot do.
    ModelRead = "model_read", READERS, (()) -> ModelView;

    /// Writes a draft of a report on a finished analysis.
    ReportCreate = "report_create", CLINICAL, (ReportCreateRequest) -> ReportRecord;
    /// Changes a draft; it takes up what the records say by now.
    ReportUpdate = "report_update", CLINICAL, (ReportUpdateRequest) -> ReportRecord;
    /// Gives a draft up. Its number is not used again.
    ReportDiscard = "report_discard", CLINICAL, (ReportDiscardRequest) -> ();
    /// A report with its signatures, checked against them.
    ReportRead = "report_read", CLINICAL, (ReportRequest) -> ReportView;
    /// Reports of the whole clinic, newest first.
    ReportList = "report_list", DESK, (ReportListRequest) -> ReportListView;
    /// Templates and the language model that a text can be proposed by.
    ReportTextOptions = "report_text_options", CLINICAL, (()) -> ReportTextOptions;
    /// Writes a text for a report from a template.
    ReportTextPropose = "report_text_propose", CLINICAL, (ReportTextProposeRequest) -> ReportProposalView;
    /// Asks the clinic's language model for a draft of the text.
    ReportTextAsk = "report_text_ask", CLINICAL, (ReportTextAskRequest) -> ReportProposalView;
    /// Stops the question that is under way.
    ReportTextAskCancel = "report_text_ask_cancel", CLINICAL, (()) -> ();
    /// Turns a proposed text down.
    ReportTextRefuse = "report_text_refuse", CLINICAL, (ReportProposalRequest) -> ();
    /// Every template of report texts, and what one can be made of.
    ReportTemplateList = "report_template_list", ADMINISTRATOR, (()) -> ReportTemplatesView;
    /// Keeps a template as its newest edition, or adds one.
    ReportTemplateSave = "report_template_save", ADMINISTRATOR, (ReportTemplateSaveRequest) -> ReportTemplatesView;
    /// Goes back to the words that a template came with.
    ReportTemplateRestore = "report_template_restore", ADMINISTRATOR, (ReportTemplateRequest) -> ReportTemplatesView;
    /// Offers a template of the clinic no more.
    ReportTemplateRemove = "report_template_remove", ADMINISTRATOR, (ReportTemplateRequest) -> ReportTemplatesView;
    /// What a template that is not saved yet would say, and what is wrong with it.
    ReportTemplateTry = "report_template_try", ADMINISTRATOR, (ReportTemplateTryRequest) -> ReportTemplateTrial;
    /// The clinic's language model.
    LanguageModelSettingsRead = "language_model_settings_read", ADMINISTRATOR, (()) -> LanguageModelSettingsView;
    /// Changes the language model, or switches it off.
    LanguageModelSettingsUpdate = "language_model_settings_update", ADMINISTRATOR, (LanguageModelSettingsRequest) -> LanguageModelSettingsView;
    /// Asks the language model about a reading of no patient.
    LanguageModelTest = "language_model_test", ADMINISTRATOR, (()) -> ();
    /// Signs a draft, with the password again; it is locked from then on.
    ReportSign = "report_sign", CLINICAL, (ReportSignRequest) -> ReportView;
    /// Adds to a signed report or withdraws it, with the password again.
    ReportAmend = "report_amend", CLINICAL, (ReportAmendRequest) -> ReportView;
    /// The PDF for a page of the window or the printer. The front desk gets signed reports to print, and nothing else.
    ReportPdf = "report_pdf", DESK, (ReportPdfRequest) -> PdfBytes;
    /// Writes the report as a PDF where a save dialog says. The front desk hands out signed ones.
    ReportExport = "report_export", DESK, (ReportExportRequest) -> Saved;
    /// Writes signed reports into one encrypted file that expires.
    ReportShare = "report_share", CLINICAL, (ReportShareRequest) -> Saved;
    /// Opens a share pack that a dialog asks for.
    SharePackOpen = "share_pack_open", Access::SignedIn, (SharePackOpenRequest) -> SharePackView;
    /// A report of the share pack that is open.
    SharePackPdf = "share_pack_pdf", Access::SignedIn, (SharePackPdfRequest) -> PdfBytes;
    /// Says whether a PDF that a dialog asks for is a report of this clinic, and unchanged.
    ReportVerify = "report_verify", Access::SignedIn, (()) -> ReportVerdict;
    /// The same of the code on the paper.
    ReportVerifyCode = "report_verify_code", Access::SignedIn, (ReportCodeRequest) -> ReportVerdict;
    /// The key that others check this clinic's reports with.
    SigningKeyRead = "signing_key_read", Access::SignedIn, (()) -> SigningKeyView;
    /// Writes that key to a text file.
    SigningKeySave = "signing_key_save", Access::SignedIn, (()) -> Saved;
    /// The head of what is printed.
    LetterheadRead = "letterhead_read", DESK, (()) -> LetterheadView;
    /// Changes the head of what is printed from now on.
    LetterheadUpdate = "letterhead_update", ADMINISTRATOR, (LetterheadRequest) -> LetterheadView;
    /// A sample page under a letterhead that is not saved yet.
    LetterheadPreview = "letterhead_preview", ADMINISTRATOR, (LetterheadRequest) -> PdfBytes;
    /// The logo, as bytes of a picture.
    LogoSave = "logo_save", ADMINISTRATOR, (()) -> LetterheadView;
    /// Prints without a logo from now on.
    LogoRemove = "logo_remove", ADMINISTRATOR, (()) -> LetterheadView;

    /// The queue of a day: who is expected, waits, is in a room, is done with.
    QueueRead = "queue_read", READERS, (QueueReadRequest) -> QueueView;
    /// Puts a patient into the queue of a day.
    VisitAdd = "visit_add", DESK, (VisitAddRequest) -> VisitAdded;
    /// Changes day, time, room, clinician and note of a visit; the version guards against overwriting.
    VisitChange = "visit_change", DESK, (VisitChangeRequest) -> VisitView;
    /// Moves a visit on, or takes its last step back.
    VisitMove = "visit_move", DESK, (VisitMoveRequest) -> VisitView;
    /// Writes the slip of a visit as a PDF where a save dialog says.
    VisitSlipSave = "visit_slip_save", DESK, (VisitSlipRequest) -> Saved;
    /// Whom the number on a scanned slip belongs to.
    PatientScan = "patient_scan", READERS, (PatientScanRequest) -> PatientScanView;
    /// Takes a photograph in with a visit; its bytes travel as the raw body of the call.
    DeskPhotoAdd = "desk_photo_add", DESK, (DeskPhotoAddRequest) -> DeskPhotoAdded;
    /// Photographs of the front desk that wait for a clinician.
    DeskPhotoList = "desk_photo_list", CLINICAL, (DeskPhotoListRequest) -> Vec<DeskPhotoView>;
    /// Gives a waiting photograph to a lesion.
    DeskPhotoAssign = "desk_photo_assign", CLINICAL, (DeskPhotoAssignRequest) -> ImageImported;
    /// Takes a waiting photograph that does not belong here out for good.
    DeskPhotoDiscard = "desk_photo_discard", CLINICAL, (DeskPhotoDiscardRequest) -> ();

    /// Recalls, biopsies and notes of a patient.
    FollowUpRead = "follow_up_read", READERS, (FollowUpRequest) -> FollowUpView;
    /// Plans that a patient comes back.
    RecallPlan = "recall_plan", CLINICAL, (RecallPlanRequest) -> RecallView;
    /// Changes an open recall; the version guards against overwriting.
    RecallChange = "recall_change", CLINICAL, (RecallChangeRequest) -> RecallView;
    /// Notes an attempt to reach the patient; an appointment books the recall.
    RecallContact = "recall_contact", DESK, (RecallContactRequest) -> RecallView;
    /// The appointment did not come about: due again.
    RecallUnbook = "recall_unbook", DESK, (RecallRequest) -> RecallView;
    /// Ends a recall: done, or cancelled with a reason.
    RecallClose = "recall_close", CLINICAL, (RecallCloseRequest) -> RecallView;
    /// Whom to call in a month, without anything clinical.
    CallList = "call_list", DESK, (CallListRequest) -> CallListView;
    /// Records a specimen with the photograph of its site.
    BiopsyTake = "biopsy_take", CLINICAL, (BiopsyTakeRequest) -> BiopsyView;
    /// Corrects a specimen that has no result yet.
    BiopsyChange = "biopsy_change", CLINICAL, (BiopsyChangeRequest) -> BiopsyView;
    /// The specimen leaves the house.
    BiopsySend = "biopsy_send", CLINICAL, (BiopsySendRequest) -> BiopsyView;
    /// Takes back a specimen that was entered by mistake.
    BiopsyWithdraw = "biopsy_withdraw", CLINICAL, (BiopsyWithdrawRequest) -> BiopsyView;
    /// Enters the pathologist's finding, or a new edition of it.
    HistologyEnter = "histology_enter", CLINICAL, (HistologyEnterRequest) -> BiopsyView;
    /// A clinician has read the finding.
    HistologyAcknowledge = "histology_acknowledge", CLINICAL, (BiopsyRequest) -> BiopsyView;
    /// Common entities of the skin with their codes in ICD-O-3.
    MorphologyList = "morphology_list", CLINICAL, (()) -> Vec<MorphologyView>;
    /// Writes a note on a patient to desk or clinicians.
    CaseNoteWrite = "case_note_write", DESK, (CaseNoteWriteRequest) -> CaseNoteView;
    /// Ticks a note off, or takes the tick away again.
    CaseNoteDone = "case_note_done", DESK, (CaseNoteDoneRequest) -> CaseNoteView;
    /// Strikes a note out with a reason; its words stay legible.
    CaseNoteStrike = "case_note_strike", DESK, (CaseNoteStrikeRequest) -> CaseNoteView;
    /// What must not be forgotten: unsigned, unread, pending, overdue.
    SafetyNetRead = "safety_net_read", CLINICAL, (SafetyNetRequest) -> SafetyNetView;
    /// How many entries the safety net has.
    SafetyNetCount = "safety_net_count", CLINICAL, (()) -> SafetyNetCounts;

    /// What there is in the clinic and what waits, in numbers.
    DashboardRead = "dashboard_read", CLINICAL, (()) -> DashboardView;
    /// How a number went by week or month.
    TrendRead = "trend_read", CLINICAL, (TrendRequest) -> TrendView;
    /// Writes the dashboard or a trend as CSV or PDF where a save dialog says.
    InsightExport = "insight_export", CLINICAL, (InsightExportRequest) -> Saved;
    /// Readings, checklists and findings of a patient over time.
    PatientRiskRead = "patient_risk_read", CLINICAL, (PatientRiskRequest) -> PatientRiskView;
    /// How often searches and filters were used, where that is counted.
    SearchUsageRead = "search_usage_read", CLINICAL, (()) -> SearchUsageView;
    /// Forgets these counts.
    SearchUsageClear = "search_usage_clear", ADMINISTRATOR, (()) -> SearchUsageView;

    /// How patients are numbered.
    NumberPatternRead = "number_pattern_read", ADMINISTRATOR, (()) -> NumberPatternView;
    /// The example of a pattern that is not in force yet.
    NumberPatternPreview = "number_pattern_preview", ADMINISTRATOR, (NumberPatternRequest) -> NumberPatternView;
    /// Changes how patients are numbered from now on.
    NumberPatternUpdate = "number_pattern_update", ADMINISTRATOR, (NumberPatternRequest) -> NumberPatternView;
    /// Records that a consent was given or withdrawn.
    ConsentRecord = "consent_record", DESK, (ConsentRecordRequest) -> PatientView;
    /// Every giving and withdrawing of a patient's consents, newest first.
    ConsentList = "consent_list", DESK, (ConsentListRequest) -> Vec<ConsentEntryView>;
    /// Patients who may be the person in the form, likeliest first.
    PatientDuplicates = "patient_duplicates", DESK, (PatientDuplicatesRequest) -> Vec<DuplicateView>;
    /// Two records side by side before they are merged.
    PatientMergePreview = "patient_merge_preview", CLINICAL, (MergePreviewRequest) -> MergePreview;
    /// Makes one record of two.
    PatientMerge = "patient_merge", CLINICAL, (PatientMergeRequest) -> PatientView;
    /// Makes two records of one again.
    PatientMergeUndo = "patient_merge_undo", CLINICAL, (MergeUndoRequest) -> PatientView;

    /// What happened to a patient, newest first.
    TimelineRead = "timeline_read", READERS, (TimelineRequest) -> TimelineView;

    /// Keeps the patient's portrait; its bytes travel as the raw body of the call.
    PortraitSave = "portrait_save", DESK, (PortraitRequest) -> PortraitView;
    /// Takes the portrait away.
    PortraitRemove = "portrait_remove", DESK, (PortraitRequest) -> ();

    /// The retention hold on a patient's record, if one stands.
    HoldRead = "hold_read", CLINICAL, (HoldReadRequest) -> Option<HoldView>;
    /// Sets a hold: the record is not erased while it stands.
    HoldSet = "hold_set", ADMINISTRATOR, (HoldSetRequest) -> HoldView;
    /// Lifts the hold.
    HoldLift = "hold_lift", ADMINISTRATOR, (HoldReadRequest) -> ();
    /// Writes everything on record about a patient as a ZIP where a save dialog says.
    SubjectExport = "subject_export", CLINICAL, (SubjectExportRequest) -> Saved;
    /// Erases a patient for good.
    PatientErase = "patient_erase", ADMINISTRATOR, (PatientEraseRequest) -> ErasureView;

    /// Readings or photographs of all patients, newest first.
    HistoryRead = "history_read", CLINICAL, (HistoryRequest) -> HistoryView;
    /// Takes a reading off every list; it can be brought back for a while.
    ReadingDelete = "reading_delete", CLINICAL, (ReadingDeleteRequest) -> ();
    /// Takes a photograph and the readings of it off every list.
    PhotographDelete = "photograph_delete", CLINICAL, (PhotographDeleteRequest) -> ();
    /// Takes every reading of a patient from before a day off every list.
    HistoryClear = "history_clear", CLINICAL, (HistoryClearRequest) -> HistoryCleared;
    /// Brings back what a deletion took away.
    DeletionUndo = "deletion_undo", CLINICAL, (DeletionRequest) -> ();
    /// How long a deletion can be undone.
    RetentionRead = "retention_read", ADMINISTRATOR, (()) -> RetentionSettings;
    /// Changes how long a deletion can be undone.
    RetentionUpdate = "retention_update", ADMINISTRATOR, (RetentionSettings) -> RetentionSettings;

    /// Cases of other lesions that look alike to the classifier, without names.
    SimilarRead = "similar_read", CLINICAL, (AnalysisReadRequest) -> SimilarView;
    /// Says whose such a case is, so that it can be opened.
    SimilarOpen = "similar_open", CLINICAL, (SimilarOpenRequest) -> SimilarOpened;

    /// Batches of analyses and what else waits or runs, without anybody's name.
    JobList = "job_list", CLINICAL, (()) -> JobsView;
    /// How far some jobs are.
    JobStates = "job_states", CLINICAL, (JobStatesRequest) -> Vec<JobView>;
    /// Puts a failed analysis back into the queue.
    JobRetry = "job_retry", CLINICAL, (JobRequest) -> JobView;
    /// Changes how many analyses run at once.
    JobSettingsUpdate = "job_settings_update", ADMINISTRATOR, (JobSettings) -> JobSettings;
    /// What a batch would read.
    BatchPreview = "batch_preview", CLINICAL, (BatchStartRequest) -> BatchPreview;
    /// Puts a reading of every lesion with unread photographs into the queue.
    BatchStart = "batch_start", CLINICAL, (BatchStartRequest) -> BatchView;
    /// The readings of a batch, with the names of patients and lesions.
    BatchItems = "batch_items", CLINICAL, (BatchItemsRequest) -> BatchItems;
    /// Begins nothing new of a batch.
    BatchPause = "batch_pause", CLINICAL, (BatchRequest) -> BatchView;
    /// Goes on with a paused batch.
    BatchContinue = "batch_continue", CLINICAL, (BatchRequest) -> BatchView;
    /// Ends a batch; what was read stays.
    BatchCancel = "batch_cancel", CLINICAL, (BatchRequest) -> BatchView;
    /// Puts what failed back into the queue.
    BatchRetry = "batch_retry", CLINICAL, (BatchRequest) -> BatchView;

    /// Takes a photograph in for a patient; its bytes travel as the raw body of the call.
    TrayAdd = "tray_add", CLINICAL, (TrayAddRequest) -> TrayAdded;
    /// A small JPEG of a file on its way in, which travels as the raw body of the call.
    PhotoPreview = "photo_preview", CLINICAL, (()) -> PreviewJpeg;
    /// Photographs of a patient that wait for a lesion.
    TrayList = "tray_list", CLINICAL, (TrayListRequest) -> TrayView;
    /// Gives waiting photographs to a lesion and a visit.
    TrayAssign = "tray_assign", CLINICAL, (TrayAssignRequest) -> Vec<ImageRecord>;
    /// Says what kind waiting photographs are.
    TrayKindChange = "tray_kind_change", CLINICAL, (TrayKindRequest) -> Vec<TrayPhoto>;
    /// Takes waiting photographs that do not belong here out for good.
    TrayDiscard = "tray_discard", CLINICAL, (TrayDiscardRequest) -> ();
    /// Puts a photograph to another lesion of its patient.
    ImageMove = "image_move", CLINICAL, (ImageMoveRequest) -> ImageRecord;
    /// Says what kind a photograph is.
    ImageKindChange = "image_kind_change", CLINICAL, (ImageKindRequest) -> ImageRecord;
    /// Asks for a folder and lists its files; null when none was chosen.
    FolderPick = "folder_pick", CLINICAL, (()) -> Option<FolderOffer>;
    /// Takes in a file of the chosen or the watched folder.
    OfferTake = "offer_take", CLINICAL, (OfferTakeRequest) -> TrayAdded;
    /// What a device has put into the watched folder.
    WatchRead = "watch_read", CLINICAL, (WatchReadRequest) -> WatchView;
    /// Asks for the folder to watch; false when none was chosen.
    WatchChoose = "watch_choose", CLINICAL, (()) -> bool;
    /// Ends the watching of a folder.
    WatchEnd = "watch_end", CLINICAL, (()) -> ();
    /// Does not offer these files again.
    WatchDismiss = "watch_dismiss", CLINICAL, (WatchDismissRequest) -> ();

    /// Scale of a photograph, and what was measured in it by hand.
    ImageMeasuringRead = "image_measuring_read", CLINICAL, (ImageMeasuringRequest) -> ImageMeasuringView;
    /// From what a photograph can get its scale.
    ScaleOptionsRead = "scale_options_read", CLINICAL, (ImageMeasuringRequest) -> ScaleOptionsView;
    /// Sets the scale of a photograph by two points of a ruler in it.
    ScaleByRuler = "scale_by_ruler", CLINICAL, (ScaleByRulerRequest) -> ImageMeasuringView;
    /// Sets the scale of a photograph by the profile of a device.
    ScaleByDevice = "scale_by_device", CLINICAL, (ScaleByDeviceRequest) -> ImageMeasuringView;
    /// Makes a photograph uncalibrated again.
    ScaleRemove = "scale_remove", CLINICAL, (ImageMeasuringRequest) -> ImageMeasuringView;
    /// Keeps a measurement by hand.
    ImageMarkAdd = "image_mark_add", CLINICAL, (ImageMarkAddRequest) -> ImageMeasuringView;
    /// Gives a measurement another label.
    ImageMarkLabel = "image_mark_label", CLINICAL, (ImageMarkLabelRequest) -> ImageMeasuringView;
    /// Takes a measurement off the picture.
    ImageMarkDelete = "image_mark_delete", CLINICAL, (ImageMarkRequest) -> ImageMeasuringView;
    /// Brings a measurement back.
    ImageMarkRestore = "image_mark_restore", CLINICAL, (ImageMarkRequest) -> ImageMeasuringView;
    /// Cameras and dermatoscopes whose pictures have a known scale.
    ImagingDeviceList = "imaging_device_list", CLINICAL, (()) -> Vec<ImagingDeviceView>;
    /// Adds a device or changes its profile.
    ImagingDeviceSave = "imaging_device_save", ADMINISTRATOR, (ImagingDeviceSaveRequest) -> ImagingDeviceView;
    /// Takes a device off the list.
    ImagingDeviceRemove = "imaging_device_remove", ADMINISTRATOR, (ImagingDeviceRequest) -> ();
    /// One's own keys of the viewer.
    ShortcutsRead = "shortcuts_read", CLINICAL, (()) -> ShortcutsView;
    /// Changes one's own keys of the viewer.
    ShortcutsSave = "shortcuts_save", CLINICAL, (ShortcutsSaveRequest) -> ShortcutsView;

    /// Checklists of a lesion: items, proposals, what is filled in and what was.
    ChecklistPage = "checklist_page", CLINICAL, (ExaminationRequest) -> ChecklistPageView;
    /// What the answers so far come to.
    ChecklistJudge = "checklist_judge", CLINICAL, (ChecklistJudgeRequest) -> domain::checklist::ChecklistResult;
    /// Keeps a checklist; an earlier edition stays on record.
    ChecklistSave = "checklist_save", CLINICAL, (ChecklistSaveRequest) -> FilledChecklistView;
    /// Whether an impression is asked for before a reading is shown.
    ReadFirstRead = "read_first_read", ADMINISTRATOR, (()) -> ReadFirstSettings;
    /// Changes whether an impression is asked for before a reading is shown.
    ReadFirstUpdate = "read_first_update", ADMINISTRATOR, (ReadFirstSettings) -> ReadFirstSettings;
    /// Commits an impression of a lesion and gives the reading that waited for it.
    ImpressionCommit = "impression_commit", CLINICAL, (ImpressionCommitRequest) -> AnalysisView;
    /// How impressions stood to readings, over the whole clinic.
    ImpressionStatistics = "impression_statistics", CLINICAL, (()) -> ImpressionStatistics;
    /// What is decided about a lesion, and what came before.
    DecisionPage = "decision_page", CLINICAL, (ExaminationRequest) -> DecisionPageView;
    /// Decides about a lesion; an earlier decision stays on record.
    DecisionSave = "decision_save", CLINICAL, (DecisionSaveRequest) -> DecisionView;
    /// Says that a reading was wrong, or takes that back.
    FeedbackGive = "feedback_give", CLINICAL, (FeedbackGiveRequest) -> FeedbackView;
    /// Writes a letter of referral on a decision to refer.
    ReferralWrite = "referral_write", CLINICAL, (ReferralWriteRequest) -> ReferralView;
    /// Writes the letter as a PDF where a save dialog says.
    ReferralExport = "referral_export", CLINICAL, (ReferralExportRequest) -> Saved;
    /// How many cases a set without identities would hold.
    CaseSetCount = "case_set_count", CLINICAL, (CaseSetCountRequest) -> CaseSetCount;
    /// Writes a set of cases without identities as a ZIP where a save dialog says.
    CaseSetExport = "case_set_export", CLINICAL, (CaseSetExportRequest) -> Saved;

    /// How readings and clinicians did against histology and follow-up.
    PerformanceRead = "performance_read", CLINICAL, (PerformanceFilter) -> PerformanceView;
    /// Inputs and outputs of the model month by month.
    PerformanceDrift = "performance_drift", CLINICAL, (PerformanceDriftRequest) -> PerformanceDriftView;
    /// The lesions behind a figure.
    PerformanceCases = "performance_cases", CLINICAL, (PerformanceCasesRequest) -> PerformanceCases;
    /// Writes them without identities as CSV where a save dialog says.
    PerformanceTableSave = "performance_table_save", CLINICAL, (PerformanceFilter) -> Saved;
    /// Writes the figures as a PDF where a save dialog says.
    PerformancePageSave = "performance_page_save", CLINICAL, (PerformanceFilter) -> Saved;

    /// Compares two photographs of a lesion and keeps what was found.
    ComparisonStart = "comparison_start", CLINICAL, (ComparisonRequest) -> ComparisonView, progress ComparisonProgress;
    /// What was found for two photographs, where they were compared and nothing about them has changed.
    ComparisonRead = "comparison_read", CLINICAL_OR_EMERGENCY, (ComparisonRequest) -> Option<ComparisonView>;

    /// Writes photographs, reports and readings of a patient as a DICOM file-set where a save dialog says.
    PatientDicomExport = "patient_dicom_export", CLINICAL, (PatientDicomExportRequest) -> DicomExported;
    /// Sends the same objects to the PACS.
    PatientDicomSend = "patient_dicom_send", CLINICAL, (PatientDicomSendRequest) -> DicomSendView, progress DicomSendProgress;
    /// Stops the sending that is under way.
    PatientDicomSendCancel = "patient_dicom_send_cancel", CLINICAL, (()) -> ();
    /// Whether there is a PACS to send to.
    PacsStatusRead = "pacs_status_read", CLINICAL, (()) -> PacsStatus;
    /// The PACS of the house.
    PacsSettingsRead = "pacs_settings_read", ADMINISTRATOR, (()) -> PacsSettingsView;
    /// Changes the PACS, or switches it off.
    PacsSettingsUpdate = "pacs_settings_update", ADMINISTRATOR, (PacsSettingsRequest) -> PacsSettingsView;
    /// Asks the PACS whether it is there (C-ECHO, or a search in DICOMweb).
    PacsTest = "pacs_test", ADMINISTRATOR, (()) -> ();
    /// Writes a patient's record as a bundle of FHIR R4 with its files, as a ZIP where a save dialog says.
    PatientFhirExport = "patient_fhir_export", CLINICAL, (FhirExportRequest) -> Saved;
    /// Writes the clinic's records as tables, as a ZIP where a save dialog says.
    ClinicTablesExport = "clinic_tables_export", ADMINISTRATOR, (ClinicTablesRequest) -> Saved;

    /// Every version of the classifier with its state.
    ModelVersionList = "model_version_list", ADMINISTRATOR, (()) -> ModelRegistryView;
    /// Asks for an ONNX file, perhaps with its card, and looks at it; null when none was chosen.
    ModelFilesPick = "model_files_pick", ADMINISTRATOR, (()) -> Option<ModelFilesView>;
    /// Adds the chosen files as a version that nothing reads with yet.
    ModelUpload = "model_upload", ADMINISTRATOR, (ModelUploadRequest) -> ModelVersionView;
    /// Runs a version for the first time, in a process of its own.
    ModelCheck = "model_check", ADMINISTRATOR, (ModelVersionRequest) -> ModelVersionView;
    /// Reads the golden set with a version and with the one in use.
    ModelCompare = "model_compare", ADMINISTRATOR, (ModelCompareRequest) -> ModelVersionView, progress ModelCompareProgress;
    /// Stops the comparison that is under way.
    ModelCompareCancel = "model_compare_cancel", ADMINISTRATOR, (()) -> ();
    /// Puts a version in use; asks for the password again.
    ModelActivate = "model_activate", ADMINISTRATOR, (ModelActivateRequest) -> ModelRegistryView;
    /// Brings back the version from before; asks for the password again.
    ModelRollBack = "model_roll_back", ADMINISTRATOR, (ModelRollBackRequest) -> ModelRegistryView;
    /// Takes a version out of use for good; asks for the password again.
    ModelRetire = "model_retire", ADMINISTRATOR, (ModelRetireRequest) -> ModelRegistryView;
    /// Photographs with histology, and which of them versions are held against.
    GoldenSetRead = "golden_set_read", ADMINISTRATOR, (()) -> GoldenSetView;
    /// Takes a photograph into the golden set, or says another class of it.
    GoldenImageMark = "golden_image_mark", ADMINISTRATOR, (GoldenImageMarkRequest) -> GoldenSetView;
    /// Takes a photograph out of the golden set.
    GoldenImageUnmark = "golden_image_unmark", ADMINISTRATOR, (GoldenImageRequest) -> GoldenSetView;
    /// Looks at records, model and machine and says what is not as it should be.
    SelfTestRun = "self_test_run", ADMINISTRATOR, (()) -> SelfTestView;
    /// Writes the self-test just shown as a PDF where a save dialog says.
    SelfTestSave = "self_test_save", ADMINISTRATOR, (()) -> Saved;
    /// Lines of the program's log.
    LogRead = "log_read", ADMINISTRATOR, (LogReadRequest) -> LogPageView;
    /// Everything that would leave with a support bundle.
    SupportBundlePreview = "support_bundle_preview", ADMINISTRATOR, (()) -> SupportBundleView;
    /// Writes the support bundle just shown as a ZIP where a save dialog says.
    SupportBundleSave = "support_bundle_save", ADMINISTRATOR, (()) -> Saved;
    /// How far a pass over pictures, heatmaps and features is, and what the last ones found.
    DerivedRead = "derived_read", ADMINISTRATOR, (()) -> DerivedView;
    /// Looks pictures, heatmaps and features through, or makes anew those that are missing or damaged.
    DerivedStart = "derived_start", ADMINISTRATOR, (DerivedStartRequest) -> DerivedView;
    /// Ends the pass that is open.
    DerivedCancel = "derived_cancel", ADMINISTRATOR, (()) -> DerivedView;
    /// Everything that can be set, with defaults and limits.
    SettingList = "setting_list", ADMINISTRATOR, (()) -> Vec<SettingView>;
    /// Changes a switch or a number.
    SettingUpdate = "setting_update", ADMINISTRATOR, (SettingUpdateRequest) -> SettingView;
    /// How the clinic stands with its backups.
    BackupRead = "backup_read", ADMINISTRATOR, (()) -> BackupView;
    /// Changes when backups are made and how many stay.
    BackupPlanUpdate = "backup_plan_update", ADMINISTRATOR, (BackupPlan) -> BackupView;
    /// Asks for the folder that backups go to; null when none was chosen.
    BackupFolderChoose = "backup_folder_choose", ADMINISTRATOR, (()) -> Option<BackupView>;
    /// The backups that lie in the folder.
    BackupList = "backup_list", ADMINISTRATOR, (()) -> BackupListView;
    /// Makes a backup now.
    BackupStart = "backup_start", ADMINISTRATOR, (()) -> BackupRunView, progress BackupProgress;
    /// Stops the backup or the drill that is under way.
    BackupCancel = "backup_cancel", ADMINISTRATOR, (()) -> ();
    /// Proves that a backup can be restored, without touching the clinic.
    BackupDrill = "backup_drill", ADMINISTRATOR, (BackupRequest) -> BackupRunView, progress BackupProgress;
    /// First run: asks for a folder and lists the backups in it; null when none was chosen.
    RestoreLook = "restore_look", Access::Anyone, (()) -> Option<RestoreOffer>;
    /// First run: restores the clinic from one of them.
    RestoreStart = "restore_start", Access::Anyone, (RestoreRequest) -> RestoredView, progress BackupProgress;
    /// Stops the restoring that is under way.
    RestoreCancel = "restore_cancel", Access::Anyone, (()) -> ();
    /// Asks for a file or folder with records of elsewhere and reads it.
    ImportOpen = "import_open", ADMINISTRATOR, (ImportOpenRequest) -> ImportView;
    /// How far the import of this session is.
    ImportRead = "import_read", ADMINISTRATOR, (()) -> ImportView;
    /// The dry run: holds every row against the registry and writes nothing of it.
    ImportPlan = "import_plan", ADMINISTRATOR, (ImportMapping) -> ImportView;
    /// A stretch of the rows of the dry run, or of what became of them.
    ImportRows = "import_rows", ADMINISTRATOR, (ImportRowsRequest) -> ImportRows;
    /// Decides a doubtful row, or all of them.
    ImportDecide = "import_decide", ADMINISTRATOR, (ImportDecideRequest) -> ImportView;
    /// Imports what the dry run found.
    ImportStart = "import_start", ADMINISTRATOR, (()) -> ImportView, progress ImportProgress;
    /// Ends the import under way after the row it is at.
    ImportCancel = "import_cancel", ADMINISTRATOR, (()) -> ();
    /// Forgets the source.
    ImportClose = "import_close", ADMINISTRATOR, (()) -> ImportView;
    /// Writes what became of every row as CSV where a save dialog says.
    ImportResultSave = "import_result_save", ADMINISTRATOR, (()) -> Saved;

    /// Asks the assistant, in a conversation of one's own.
    AssistantAsk = "assistant_ask", Access::SignedIn, (AssistantAskRequest) -> AssistantReply;
    /// One's own conversations with the assistant, the newest first.
    AssistantList = "assistant_list", Access::SignedIn, (()) -> Vec<AssistantConversation>;
    /// One of one's own conversations with all that was said.
    AssistantRead = "assistant_read", Access::SignedIn, (AssistantReadRequest) -> AssistantConversationView;
    /// Takes one of one's own conversations away, or all, and tells how much went.
    AssistantClear = "assistant_clear", Access::SignedIn, (AssistantClearRequest) -> AssistantCleared;
    /// Every sheet of the assistant's rules, and what one can be made of.
    AssistantSheetList = "assistant_sheet_list", ADMINISTRATOR, (()) -> AssistantSheetsView;
    /// Keeps a sheet of rules as its newest edition, or adds one.
    AssistantSheetSave = "assistant_sheet_save", ADMINISTRATOR, (AssistantSheetSaveRequest) -> AssistantSheetsView;
    /// Goes back to the rules that a sheet came with.
    AssistantSheetRestore = "assistant_sheet_restore", ADMINISTRATOR, (AssistantSheetRequest) -> AssistantSheetsView;
    /// Uses a sheet of rules no more.
    AssistantSheetRemove = "assistant_sheet_remove", ADMINISTRATOR, (AssistantSheetRequest) -> AssistantSheetsView;
    /// What a sheet that is not saved yet would answer, and what is wrong with it.
    AssistantSheetTry = "assistant_sheet_try", ADMINISTRATOR, (AssistantTryRequest) -> AssistantTrial;
    /// The articles of the library in a language, by title.
    LibraryList = "library_list", Access::SignedIn, (LibraryRequest) -> Vec<ArticleRow>;
    /// Finds articles by what is written in them; typing errors are forgiven.
    LibrarySearch = "library_search", Access::SignedIn, (LibrarySearchRequest) -> Vec<ArticleHit>;
    /// An article of the library.
    LibraryArticle = "library_article", Access::SignedIn, (ArticleRequest) -> ArticleView;
    /// Which classes of the classifier and terms of impressions have an article.
    LibraryLinks = "library_links", Access::SignedIn, (LibraryRequest) -> Vec<ArticleLink>;
    /// Keeps a text as the newest edition of an article, or adds one.
    LibrarySave = "library_save", CLINICAL, (ArticleSaveRequest) -> ArticleView;
    /// Goes back to the program's text of an article.
    LibraryRestore = "library_restore", CLINICAL, (ArticleVersionRequest) -> ArticleView;
    /// Takes an earlier edition of an article up again.
    LibraryReturn = "library_return", CLINICAL, (ArticleReturnRequest) -> ArticleView;
    /// Hides an article of the clinic, or shows it again.
    LibraryHide = "library_hide", CLINICAL, (ArticleHideRequest) -> ArticleView;
    /// Every edition of an article, newest first.
    LibraryEditions = "library_editions", CLINICAL, (ArticleRequest) -> Vec<ArticleEditionRow>;
    /// What was changed between two editions of an article, line by line.
    LibraryCompare = "library_compare", CLINICAL, (ArticleCompareRequest) -> ArticleDifference;
}
