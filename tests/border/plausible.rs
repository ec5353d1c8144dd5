//! A request for every command that parses, so that only the right to call it can be missing.

use clinic::commands::Command;
use serde_json::{Value, json};
use support::PASSWORD;
use tauri::ipc::InvokeBody;

/// Commands that take raw bytes.
pub const RAW: [Command; 7] = [
    Command::ImageImport,
    Command::ClinicianSignatureSave,
    Command::DeskPhotoAdd,
    Command::LogoSave,
    Command::PortraitSave,
    Command::TrayAdd,
    Command::PhotoPreview,
];

pub fn plausible(command: Command) -> InvokeBody {
    if RAW.contains(&command) {
        return InvokeBody::Raw(vec![0xff, 0xd8, 0xff]);
    }
    let mut body = json!({ "request": request(command) });
    let with_progress = [
        Command::AnalysisStart,
        Command::ComparisonStart,
        Command::PatientDicomSend,
        Command::BackupStart,
        Command::BackupDrill,
        Command::RestoreStart,
        Command::ImportStart,
        Command::ModelCompare,
    ];
    if with_progress.contains(&command) {
        body["progress"] = json!("__CHANNEL__:1");
    }
    InvokeBody::Json(body)
}

/// What stands in the header beside raw bytes.
pub fn about(command: Command) -> Value {
    let id = domain::LesionId::fresh();
    match command {
        Command::ImageImport => json!({ "lesion_id": id, "kind": "dermoscopic" }),
        Command::DeskPhotoAdd => json!({ "visit_id": id }),
        Command::PortraitSave => json!({ "patient_id": id }),
        Command::TrayAdd => intake(&id.to_string()),
        _ => json!({ "id": id }),
    }
}

fn intake(patient: &str) -> Value {
    json!({ "patient_id": patient, "lesion_id": null, "kind": null, "source": "file", "accepted": [] })
}

fn no_filter() -> Value {
    json!({ "from": null, "to": null, "model": null, "kind": null, "follow_up": false })
}

fn request(command: Command) -> Value {
    let id = domain::PatientId::fresh().to_string();
    let person = json!({
        "full_name": "Cem Arslan", "email": format!("{id}@seeblick.example"), "phone": null,
        "date_of_birth": null, "gender": null, "licence_number": null,
    });
    let filter = json!({ "from": null, "to": null, "actor": null, "actions": [], "patient_id": null });
    let entry = json!({ "day": null, "planned": null, "clinician_id": null, "room": "", "note": "" });
    match command {
        Command::PatientCreate => json!({ "details": support::details() }),
        Command::PatientUpdate => json!({ "id": id, "version": 1, "details": support::details() }),
        Command::ModelUpload => json!({ "form": null }),
        Command::ModelCompare => json!({ "id": id, "recall_floor": 0.5 }),
        Command::ModelActivate | Command::ModelRetire => json!({ "id": id, "password": PASSWORD }),
        Command::ModelRollBack => json!({ "password": PASSWORD }),
        Command::GoldenImageMark => json!({ "image_id": id, "true_class": "mel" }),
        Command::GoldenImageUnmark => json!({ "image_id": id }),
        Command::PatientSearch => json!({ "text": "", "limit": 10, "offset": 0 }),
        Command::LesionCreate => json!({
            "patient_id": id,
            "details": { "label": "L1", "site": "back", "laterality": "left", "note": "" },
        }),
        Command::LesionUpdate => json!({
            "id": id, "version": 1, "place": null,
            "details": { "label": "L1", "site": "back", "laterality": "left", "note": "" },
        }),
        Command::LesionMove => {
            json!({ "id": id, "version": 1, "place": { "view": "back", "x": 0.5, "y": 0.5 } })
        }
        Command::LesionClose => json!({
            "id": id, "version": 1, "closure": { "reason": "excised", "on": "2026-03-05", "note": "" },
        }),
        Command::LesionReopen => json!({ "id": id, "version": 1 }),
        Command::AnalysisStart => json!({ "image_ids": [id] }),
        Command::RecoverySheetConfirm => json!({ "group": 1, "text": "ABCDE" }),
        Command::ReportCreate => json!({ "analysis_id": id, "conclusion": "" }),
        Command::ReportUpdate => json!({ "id": id, "version": 1, "conclusion": "" }),
        Command::ReportDiscard => json!({ "id": id, "version": 1 }),
        Command::ReportList => json!({
            "text": "", "state": null, "from": null, "to": null, "before": null, "limit": 10,
        }),
        Command::ReportSign => json!({
            "id": id, "version": 1, "meaning": "author", "paper": "a4", "password": PASSWORD, "code": null,
        }),
        Command::ReportAmend => json!({
            "id": id, "editions": 1, "amendment": "addendum", "text": "x", "password": PASSWORD, "code": null,
        }),
        Command::ReportPdf => json!({ "id": id, "paper": "a4", "print": true }),
        Command::ReportExport => json!({ "id": id, "paper": "a4", "named": false }),
        Command::ReportShare => json!({
            "ids": [id], "passphrase": PASSWORD, "passphrase_repeat": PASSWORD, "days": 7,
        }),
        Command::SharePackOpen => json!({ "passphrase": PASSWORD }),
        Command::SharePackPdf => json!({ "place": 0 }),
        Command::ReportVerifyCode => json!({ "text": "LENTIGO1:" }),
        Command::LetterheadUpdate | Command::LetterheadPreview => {
            json!({ "clinic_name": "", "lines": [], "paper": "a4" })
        }
        Command::PasswordJudge => json!({ "password": "x", "context": [], "second_factor": false }),
        Command::ClinicCreate => json!({
            "clinic_name": "", "full_name": "", "email": "", "password": "", "password_repeat": "",
        }),
        Command::SessionSignIn => json!({ "email": "", "password": "" }),
        Command::SessionSecondFactor | Command::SecondFactorConfirm | Command::PatientViewOpen => {
            json!({ "code": "000000" })
        }
        Command::AccountRegister => json!({ "details": person, "password": "", "password_repeat": "" }),
        Command::AccountActivate => {
            json!({ "email": "", "code": "", "password": PASSWORD, "password_repeat": PASSWORD })
        }
        Command::PasswordResetCheck => json!({ "email": "", "code": "000000" }),
        Command::PasswordResetFinish => json!({ "token": "", "password": "", "password_repeat": "" }),
        Command::PasswordRecover => {
            json!({ "email": "", "recovery_code": "", "password": PASSWORD, "password_repeat": PASSWORD })
        }
        Command::RecoverySheetUse => {
            json!({ "sheet": "", "password": PASSWORD, "password_repeat": PASSWORD })
        }
        Command::DraftKeep => json!({ "key": "patient:new", "body": null }),
        Command::ProfileUpdate => json!({ "details": person, "password": null }),
        Command::LanguageChoose => json!({ "language": "de" }),
        Command::PasswordChange => json!({ "current": PASSWORD, "password": "", "password_repeat": "" }),
        // New keys would end every session of the test; a wrong password is refused after the role.
        Command::KeysChange => json!({ "password": "not the password at all" }),
        Command::SecondFactorPropose
        | Command::SecondFactorRemove
        | Command::RecoveryCodesIssue
        | Command::RecoverySheetIssue => json!({ "password": PASSWORD }),
        Command::UserInvite => json!({ "details": person, "role": "front_desk" }),
        Command::UserActivationIssue | Command::UserApprove | Command::UserRoleChange => {
            json!({ "id": id, "role": "front_desk" })
        }
        Command::UserDelete => json!({ "id": id, "password": PASSWORD }),
        Command::ClinicianSave => {
            json!({ "id": null, "full_name": "Dr Ada Okonkwo", "licence_number": "1", "user_id": null })
        }
        Command::BreakGlassOpen => {
            json!({ "patient_id": id, "reason": "Collapsed in the waiting room", "minutes": 10 })
        }
        Command::BreakGlassReview => json!({ "id": id, "note": "" }),
        Command::BreakGlassEnd => json!({ "patient_id": id }),
        Command::AuditSearch => json!({ "filter": filter, "before": null, "limit": 10 }),
        Command::AuditExport => json!({ "filter": filter, "format": "csv" }),
        Command::AccessLogRead => json!({ "patient_id": id, "limit": 10 }),
        Command::MailSettingsUpdate => json!({
            "enabled": false, "host": "", "port": 25, "security": "tls", "user": "", "password": null, "from": "",
        }),
        Command::AccessSettingsUpdate => json!({ "idle_lock_minutes": 10 }),
        Command::PatientViewIssue => json!({ "patient_id": id, "hours": 24 }),
        Command::FollowUpRead => json!({ "patient_id": id }),
        Command::RecallPlan | Command::RecallChange => json!({
            "patient_id": id, "id": id, "version": 1,
            "plan": {
                "lesion_id": null, "due_on": null, "interval": { "count": 6, "unit": "months" },
                "reason": "Compare", "desk_text": "", "responsible": id,
            },
        }),
        Command::RecallContact => json!({
            "id": id, "version": 1,
            "entry": { "means": "phone", "outcome": "no_answer", "note": "", "booked_for": null },
        }),
        Command::RecallClose => json!({ "id": id, "version": 1, "end": "done", "note": "" }),
        Command::CallList => json!({ "month": "2026-03-01", "limit": 10, "offset": 0 }),
        Command::BiopsyTake | Command::BiopsyChange => json!({
            "lesion_id": id, "id": id, "version": 1,
            "details": {
                "kind": "punch", "taken_on": "2026-03-01", "taken_by": id, "site_image_id": id,
                "specimen_number": id, "impression": null, "impression_text": "",
            },
        }),
        Command::BiopsySend => {
            json!({ "id": id, "version": 1, "sent_to": "Laboratory", "sent_on": "2026-03-01" })
        }
        Command::HistologyEnter => json!({
            "id": id, "version": 1,
            "details": {
                "morphology": "8720/0", "behaviour": null, "text": "", "breslow_mm": null, "margins": "clear",
                "reported_on": "2026-03-01",
            },
        }),
        Command::RecallUnbook | Command::HistologyAcknowledge => json!({ "id": id, "version": 1 }),
        Command::BiopsyWithdraw => json!({ "id": id, "version": 1, "reason": "entered twice" }),
        Command::CaseNoteWrite => {
            json!({ "patient_id": id, "entry": { "audience": "all", "text": "x", "follows": null } })
        }
        Command::CaseNoteDone => json!({ "id": id, "done": true }),
        Command::CaseNoteStrike => json!({ "id": id, "reason": "mistaken" }),
        Command::SafetyNetRead => json!({ "limit": 10 }),
        Command::TrendRead => json!({ "by": "band", "step": "week", "from": null, "to": null }),
        Command::InsightExport => json!({ "trend": null, "format": "csv" }),
        Command::PatientRiskRead => json!({ "patient_id": id }),
        Command::QueueRead => json!({ "day": null }),
        Command::VisitAdd => json!({ "patient_id": id, "arrived": true, "entry": entry }),
        Command::VisitChange => json!({ "id": id, "version": 1, "entry": entry }),
        Command::VisitMove => json!({ "id": id, "version": 1, "step": "arrive" }),
        Command::VisitSlipSave => json!({ "id": id, "paper": "a4" }),
        Command::PatientScan => json!({ "number": "P-000001" }),
        Command::DeskPhotoList => json!({ "patient_id": id }),
        Command::DeskPhotoAssign => json!({ "id": id, "lesion_id": id, "kind": "dermoscopic" }),
        Command::DeskPhotoDiscard => json!({ "id": id, "reason": "Not this patient" }),
        Command::NumberPatternPreview | Command::NumberPatternUpdate => json!({ "pattern": "P-{n:6}" }),
        Command::ConsentRecord => {
            json!({ "patient_id": id, "kind": "training", "given": true, "note": "" })
        }
        Command::ConsentList => json!({ "patient_id": id }),
        Command::PatientDuplicates => json!({
            "family_name": "", "given_names": "", "date_of_birth": null, "sex": "unknown", "phone": "",
            "email": "", "except": null,
        }),
        Command::PatientMergePreview => json!({ "kept": id, "other": domain::PatientId::fresh() }),
        Command::PatientMerge => json!({
            "kept": id, "kept_version": 1, "other": domain::PatientId::fresh(), "other_version": 1, "choices": [],
        }),
        Command::TimelineRead => json!({
            "patient_id": id, "kinds": [], "lesion_id": null, "before": null, "limit": 10,
        }),
        Command::PortraitRemove => json!({ "patient_id": id }),
        Command::HoldRead | Command::HoldLift => json!({ "patient_id": id }),
        Command::HoldSet => json!({ "patient_id": id, "details": { "reason": "Lawsuit", "until": null } }),
        Command::SubjectExport => json!({
            "patient_id": id, "paper": "a4", "password": PASSWORD, "passphrase": null, "passphrase_repeat": null,
        }),
        Command::PatientFhirExport => json!({
            "patient_id": id, "paper": "a4", "password": PASSWORD, "passphrase": null, "passphrase_repeat": null,
        }),
        Command::LogRead => json!({
            "level": "info", "area": null, "from": null, "to": null, "text": "", "offset": 0, "limit": 10,
        }),
        Command::SettingUpdate => json!({ "key": "analyses_at_once", "value": 1 }),
        Command::ImportOpen => json!({ "kind": "clinic", "passphrase": null }),
        Command::ImportPlan => json!({ "tables": [], "dates": null, "consents_on_file": false }),
        Command::ImportRows => json!({ "outcome": null, "result": null, "offset": 0, "limit": 50 }),
        Command::ImportDecide => json!({ "index": 0, "decision": "skip" }),
        Command::ClinicTablesExport => json!({
            "photographs": false, "password": PASSWORD, "passphrase": null, "passphrase_repeat": null,
        }),
        Command::PatientErase => json!({
            "patient_id": id, "number": "", "reason": "patient_request", "password": PASSWORD,
        }),
        Command::HistoryRead => json!({
            "noun": "reading", "text": "", "class": null, "band": null, "urgency": null, "from": null, "to": null,
            "site": null, "by": null, "reviewer": null, "deleted": false, "before": null, "limit": 10,
        }),
        Command::ReadingDelete | Command::PhotographDelete => {
            json!({ "id": id, "reason": "Wrong patient", "password": PASSWORD })
        }
        Command::HistoryClear => json!({
            "patient_id": id, "before": "2026-03-01", "reason": "Wrong patient", "password": PASSWORD,
        }),
        Command::RetentionUpdate => json!({ "days": 30 }),
        Command::TrayList | Command::WatchRead => json!({ "patient_id": id }),
        Command::TrayAssign => json!({ "ids": [id], "lesion_id": id, "visit_id": null }),
        Command::TrayKindChange => json!({ "ids": [id], "kind": "clinical" }),
        Command::TrayDiscard => json!({ "ids": [id], "reason": "x" }),
        Command::ImageMove => json!({ "id": id, "lesion_id": id, "reason": "" }),
        Command::ImageKindChange => json!({ "id": id, "kind": "clinical" }),
        Command::OfferTake => json!({ "key": 0, "watched": false, "about": intake(&id) }),
        Command::WatchDismiss => json!({ "keys": [0] }),
        Command::ImageMeasuringRead | Command::ScaleOptionsRead | Command::ScaleRemove => {
            json!({ "image_id": id })
        }
        Command::ScaleByRuler => json!({ "image_id": id, "reading": {
            "from": { "x": 0, "y": 0 }, "to": { "x": 100, "y": 0 }, "distance_mm": 10, "pointing_px": 1,
        }}),
        Command::ScaleByDevice => json!({ "image_id": id, "device_id": id }),
        Command::ImageMarkAdd => json!({ "image_id": id, "entry": {
            "kind": "line", "points": [{ "x": 0, "y": 0 }, { "x": 9, "y": 0 }], "label": "",
        }}),
        Command::ImageMarkLabel => json!({ "id": id, "label": "Largest diameter" }),
        Command::ImagingDeviceSave => json!({ "id": null, "profile": {
            "name": "Dermatoscope", "make": "", "model": "", "image_width": 4000, "um_per_px": 5.5,
        }}),
        Command::ShortcutsSave => json!({ "keys": [] }),
        Command::ChecklistPage | Command::DecisionPage => json!({ "lesion_id": id, "analysis_id": null }),
        Command::ChecklistJudge => json!({ "kind": "abcd", "answers": {} }),
        Command::ChecklistSave => json!({
            "lesion_id": id, "analysis_id": null, "kind": "abcd", "answers": {}, "previous": null,
        }),
        Command::ReadFirstUpdate => json!({ "on": true }),
        Command::ImpressionCommit => json!({ "analysis_id": id, "entry": {
            "impression": { "term": "nv", "text": "", "malignancy": null }, "confidence": "high", "note": "",
        }}),
        Command::DecisionSave => json!({ "lesion_id": id, "analysis_id": null, "previous": null, "entry": {
            "impression": { "term": "nv", "text": "", "malignancy": null }, "confidence": "high",
            "plan": { "kind": "monitor", "months": 3 }, "note": "", "override_reason": "",
        }}),
        Command::FeedbackGive => json!({ "analysis_id": id, "entry": {
            "incorrect": true, "correct": null, "text": "",
        }}),
        Command::ReferralWrite => json!({ "decision_id": id, "entry": {
            "recipient": "Dr Brandt", "findings": "Blue veil", "question": "Excision?", "urgent": true,
        }}),
        Command::ReferralExport => json!({ "id": id, "paper": "a4" }),
        Command::PerformanceRead | Command::PerformanceTableSave | Command::PerformancePageSave => {
            no_filter()
        }
        Command::PerformanceDrift => json!({ "filter": no_filter(), "reference": null }),
        Command::PerformanceCases => json!({
            "filter": no_filter(), "list": { "of": "known", "choice": {} }, "limit": 10, "offset": 0,
        }),
        Command::CaseSetCount => json!({ "incorrect_only": true }),
        Command::CaseSetExport => json!({ "incorrect_only": true, "password": PASSWORD }),
        Command::JobStates => json!({ "ids": [id] }),
        Command::JobSettingsUpdate => json!({ "at_once": 2 }),
        Command::BatchPreview | Command::BatchStart => {
            json!({ "of": { "scope": "patient", "patient_id": id } })
        }
        Command::BatchItems => json!({ "id": null, "offset": 0, "limit": 10 }),
        Command::ComparisonStart | Command::ComparisonRead => json!({ "earlier_id": id, "later_id": id }),
        Command::SimilarOpen => json!({ "analysis_id": id, "image_id": id }),
        Command::PatientDicomExport | Command::PatientDicomSend => {
            json!({ "password": PASSWORD, "selection": {
                "patient_id": id, "lesion_ids": null, "reports": true, "readings": true,
            }})
        }
        Command::ReportTextPropose => {
            json!({ "analysis_id": id, "template": "standard", "language": "de" })
        }
        Command::ReportTextAsk => json!({ "analysis_id": id, "language": "en" }),
        Command::ReportTemplateSave => json!({
            "key": null, "version": 0, "name": "Ours", "texts": { "en": "One.", "de": "", "es": "" },
        }),
        Command::ReportTemplateRestore | Command::ReportTemplateRemove => {
            json!({ "key": "standard", "version": 1 })
        }
        Command::AssistantAsk => json!({ "conversation_id": null, "question": "Hello", "language": "en" }),
        Command::AssistantSheetSave => json!({
            "key": null, "version": 0, "name": "Ours",
            "source": "[[rule]]\nname = \"a\"\nwords.en = [\"alpha\"]\nanswer.en = \"One.\"",
        }),
        Command::AssistantSheetRestore | Command::AssistantSheetRemove => {
            json!({ "key": "talk", "version": 1 })
        }
        Command::AssistantSheetTry => {
            json!({ "key": null, "source": "", "question": "", "language": "en" })
        }
        Command::ReportTemplateTry => json!({ "text": "One.", "language": "en", "band": "benign" }),
        Command::LibraryList | Command::LibraryLinks => json!({ "language": "en" }),
        Command::LibrarySearch => json!({ "language": "en", "text": "itch" }),
        Command::LibraryArticle | Command::LibraryEditions => json!({ "slug": "acne", "language": "en" }),
        Command::LibrarySave => json!({
            "slug": null, "language": "en", "version": 0, "built_in_seen": false, "content": {
                "title": "Scabies", "synonyms": [], "codes": [], "classes": [], "contagious": true,
                "sections": [{ "section": "description", "text": "A mite." }], "sources": [],
            },
        }),
        Command::LibraryRestore => json!({ "slug": "acne", "language": "en", "version": 1 }),
        Command::LibraryReturn => json!({ "slug": "acne", "language": "en", "version": 1, "to": 1 }),
        Command::LibraryHide => json!({ "slug": id, "language": "en", "version": 1, "hidden": true }),
        Command::LibraryCompare => json!({ "slug": "acne", "language": "en", "from": 1, "to": null }),
        Command::LanguageModelSettingsUpdate => json!({
            "enabled": false, "url": "", "model": "", "key": null, "patience_seconds": 30,
        }),
        Command::PacsSettingsUpdate => json!({
            "node": {
                "enabled": false, "way": "dicomweb", "host": "", "port": 104, "called_title": "",
                "calling_title": "LENTIGO", "tls": false, "url": "", "access": "open", "user": "",
                "patience_seconds": 15,
            },
            "secret": null, "certificate": null,
        }),
        Command::DerivedStart => json!({ "purpose": "look" }),
        Command::BackupPlanUpdate => {
            json!({ "rhythm": "daily", "hour": 12, "weekday": 1, "newest_kept": 7 })
        }
        Command::RestoreStart => json!({
            "id": id, "without_damaged": false,
            "proof": { "kind": "password", "email": "ada@seeblick.example", "password": PASSWORD },
        }),
        _ => json!({ "id": id }),
    }
}
