//! What happens after the examination: recalls, biopsies, notes, the call list.

use domain::biopsy::{BiopsyState, HistologyDetails, Margins, SpecimenDetails};
use domain::case_note::{NoteAudience, NoteEntry};
use domain::model::Malignancy;
use domain::morphology::{Agreement, Behaviour};
use domain::recall::{ContactEntry, ContactMeans, ContactOutcome, RecallInterval, RecallPlan, RecallState};
use domain::{AnalysisId, BiopsyId, CaseNoteId, LesionId, PatientId, RecallId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct FollowUpRequest {
    pub patient_id: PatientId,
}

/// The follow-up page of a patient.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FollowUpView {
    /// False for roles that see no results: biopsies, reasons and notes for clinicians are then left out.
    pub clinical: bool,
    /// What is open first.
    pub recalls: Vec<RecallView>,
    /// Newest first.
    pub biopsies: Vec<BiopsyView>,
    /// Newest first.
    pub notes: Vec<CaseNoteView>,
    /// Who may be made responsible; empty where nothing can be planned.
    pub colleagues: Vec<Colleague>,
    #[ts(type = "string")]
    pub today: Date,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct Colleague {
    pub id: UserId,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RecallView {
    pub id: RecallId,
    pub patient_id: PatientId,
    /// Nothing for the whole patient, and for roles that see no results.
    pub lesion_id: Option<LesionId>,
    #[ts(type = "string")]
    pub due_on: Date,
    pub interval: Option<RecallInterval>,
    #[ts(type = "string | null")]
    pub booked_for: Option<Date>,
    pub state: RecallState,
    pub overdue: bool,
    /// Nothing for roles that see no results.
    pub reason: Option<String>,
    pub desk_text: String,
    pub responsible: UserId,
    pub responsible_name: String,
    pub planned_by_name: String,
    #[ts(type = "string")]
    pub planned_at: Timestamp,
    pub closed_by_name: Option<String>,
    #[ts(type = "string | null")]
    pub closed_at: Option<Timestamp>,
    /// Nothing for roles that see no results.
    pub closing_note: Option<String>,
    /// Newest first.
    pub contacts: Vec<ContactView>,
    pub version: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ContactView {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub by_name: String,
    pub means: ContactMeans,
    pub outcome: ContactOutcome,
    pub note: String,
    #[ts(type = "string | null")]
    pub booked_for: Option<Date>,
}

#[derive(Debug, Deserialize, TS)]
pub struct RecallPlanRequest {
    pub patient_id: PatientId,
    pub plan: RecallPlan,
}

#[derive(Debug, Deserialize, TS)]
pub struct RecallChangeRequest {
    pub id: RecallId,
    /// The version the form was filled from; an older one is refused.
    pub version: u32,
    pub plan: RecallPlan,
}

#[derive(Debug, Deserialize, TS)]
pub struct RecallContactRequest {
    pub id: RecallId,
    pub version: u32,
    pub entry: ContactEntry,
}

#[derive(Debug, Deserialize, TS)]
pub struct RecallRequest {
    pub id: RecallId,
    pub version: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecallEnd {
    Done,
    Cancelled,
}

#[derive(Debug, Deserialize, TS)]
pub struct RecallCloseRequest {
    pub id: RecallId,
    pub version: u32,
    pub end: RecallEnd,
    /// At most 500 characters; a cancellation needs one.
    pub note: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct CallListRequest {
    /// The month, by its first day.
    #[ts(type = "string")]
    pub month: Date,
    /// 1 to 200.
    pub limit: u32,
    pub offset: u32,
}

/// Open recalls of a month. From the running month on, what is left over from before stands first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CallListView {
    #[ts(type = "string")]
    pub month: Date,
    #[ts(type = "string")]
    pub today: Date,
    pub rows: Vec<CallRow>,
    /// On all pages.
    pub total: u32,
    /// Past their day, in all months.
    pub overdue: u32,
}

/// Whom to call, without anything clinical.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CallRow {
    pub id: RecallId,
    pub version: u32,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub phone: String,
    pub email: String,
    #[ts(type = "string")]
    pub due_on: Date,
    #[ts(type = "string | null")]
    pub booked_for: Option<Date>,
    pub state: RecallState,
    pub overdue: bool,
    pub desk_text: String,
    pub responsible_name: String,
    pub attempts: u32,
    pub last: Option<ContactView>,
}

#[derive(Debug, Deserialize, TS)]
pub struct BiopsyTakeRequest {
    pub lesion_id: LesionId,
    pub details: SpecimenDetails,
}

#[derive(Debug, Deserialize, TS)]
pub struct BiopsyChangeRequest {
    pub id: BiopsyId,
    pub version: u32,
    pub details: SpecimenDetails,
}

#[derive(Debug, Deserialize, TS)]
pub struct BiopsySendRequest {
    pub id: BiopsyId,
    pub version: u32,
    /// The laboratory, at most 120 characters.
    pub sent_to: String,
    #[ts(type = "string")]
    pub sent_on: Date,
}

#[derive(Debug, Deserialize, TS)]
pub struct HistologyEnterRequest {
    pub id: BiopsyId,
    pub version: u32,
    pub details: HistologyDetails,
}

#[derive(Debug, Deserialize, TS)]
pub struct BiopsyRequest {
    pub id: BiopsyId,
    pub version: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct BiopsyWithdrawRequest {
    pub id: BiopsyId,
    pub version: u32,
    /// 1 to 500 characters.
    pub reason: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BiopsyView {
    pub id: BiopsyId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub details: SpecimenDetails,
    pub taken_by_name: String,
    pub state: BiopsyState,
    pub sent_to: String,
    #[ts(type = "string | null")]
    pub sent_on: Option<Date>,
    /// Days since the specimen was taken, until a result is there.
    pub waiting_days: Option<u32>,
    /// The finding that holds, and before it the editions it replaced.
    pub editions: Vec<HistologyView>,
    pub read_by_name: Option<String>,
    #[ts(type = "string | null")]
    pub read_at: Option<Timestamp>,
    pub withdrawn_by_name: Option<String>,
    #[ts(type = "string | null")]
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_reason: String,
    pub version: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct HistologyView {
    pub edition: u32,
    pub morphology: Option<String>,
    /// English term of a code of the table.
    pub morphology_name: Option<String>,
    pub behaviour: Behaviour,
    pub text: String,
    pub breslow_mm: Option<f64>,
    pub margins: Margins,
    #[ts(type = "string")]
    pub reported_on: Date,
    pub entered_by_name: String,
    #[ts(type = "string")]
    pub entered_at: Timestamp,
    /// The reading it is held against, and what that said.
    pub analysis_id: Option<AnalysisId>,
    pub reading: Option<Malignancy>,
    /// The class the reading named.
    pub reading_name: Option<String>,
    pub reading_agreement: Agreement,
    pub impression_agreement: Agreement,
}

/// An entity of the skin with its code in ICD-O-3.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MorphologyView {
    pub code: String,
    pub name: String,
    pub behaviour: Behaviour,
}

#[derive(Debug, Deserialize, TS)]
pub struct CaseNoteWriteRequest {
    pub patient_id: PatientId,
    pub entry: NoteEntry,
}

#[derive(Debug, Deserialize, TS)]
pub struct CaseNoteDoneRequest {
    pub id: CaseNoteId,
    pub done: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct CaseNoteStrikeRequest {
    pub id: CaseNoteId,
    /// 1 to 500 characters.
    pub reason: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct CaseNoteView {
    pub id: CaseNoteId,
    pub audience: NoteAudience,
    pub text: String,
    pub follows: Option<CaseNoteId>,
    pub author: UserId,
    pub author_name: String,
    #[ts(type = "string")]
    pub written_at: Timestamp,
    pub done_by_name: Option<String>,
    #[ts(type = "string | null")]
    pub done_at: Option<Timestamp>,
    pub struck_by_name: Option<String>,
    #[ts(type = "string | null")]
    pub struck_at: Option<Timestamp>,
    pub strike_reason: String,
    /// Whether whoever asks may strike it out.
    pub may_strike: bool,
}
