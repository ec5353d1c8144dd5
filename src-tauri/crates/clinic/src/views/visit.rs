//! Visits, the queue of a day, and photographs that wait with a visit.

use domain::desk_photo::DeskPhoto;
use domain::image::ImageKind;
use domain::quality::QualityReport;
use domain::visit::{Visit, VisitStep};
use domain::{ClinicianId, DeskPhotoId, LesionId, PatientId, VisitId};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PaperSize;

#[derive(Debug, Deserialize, TS)]
pub struct QueueReadRequest {
    /// Today where it is null.
    #[ts(type = "string | null")]
    pub day: Option<Date>,
}

/// The queue of a day.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QueueView {
    #[ts(type = "string")]
    pub day: Date,
    #[ts(type = "string")]
    pub today: Date,
    /// In a room, arrived by arrival, expected by time, done with.
    pub rows: Vec<QueueRow>,
    /// Visits of earlier days that nobody came for and nobody closed.
    pub unclosed: u32,
    /// The first of those days.
    #[ts(type = "string | null")]
    pub unclosed_since: Option<Date>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct QueueRow {
    pub visit: VisitView,
    pub person: PersonView,
    pub clinician_name: Option<String>,
    /// Photographs of the front desk that wait for a clinician.
    pub photographs: u32,
}

/// A visit as it stands now.
#[derive(Clone, Debug, Serialize, TS)]
pub struct VisitView {
    #[serde(flatten)]
    pub visit: Visit,
    /// It began on a day before today and is not done.
    pub from_earlier_day: bool,
    /// Whole minutes in the waiting room, until now for somebody who is still there.
    pub waited_minutes: Option<u32>,
}

/// Who a patient is, in a line.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PersonView {
    pub id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    #[ts(type = "string")]
    pub date_of_birth: Date,
    pub age: i16,
}

/// What is entered about a visit.
#[derive(Debug, Deserialize, TS)]
pub struct VisitEntry {
    /// Today where it is null.
    #[ts(type = "string | null")]
    pub day: Option<Date>,
    /// `HH:MM` by the clock on the wall; none for walk-ins.
    #[ts(type = "string | null")]
    pub planned: Option<Time>,
    pub clinician_id: Option<ClinicianId>,
    /// At most 40 characters.
    pub room: String,
    /// At most 2,000 characters.
    pub note: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct VisitAddRequest {
    pub patient_id: PatientId,
    /// The patient stands at the desk.
    pub arrived: bool,
    pub entry: VisitEntry,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct VisitAdded {
    pub visit: VisitView,
    /// The patient was in the queue before; nothing was added.
    pub already: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct VisitChangeRequest {
    pub id: VisitId,
    /// The version the form was filled from; an older one is refused.
    pub version: u32,
    pub entry: VisitEntry,
}

#[derive(Debug, Deserialize, TS)]
pub struct VisitMoveRequest {
    pub id: VisitId,
    pub version: u32,
    pub step: VisitStep,
}

#[derive(Debug, Deserialize, TS)]
pub struct VisitSlipRequest {
    pub id: VisitId,
    pub paper: PaperSize,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientScanRequest {
    /// What a scanner read from a slip; at most 40 characters.
    pub number: String,
}

/// Whom a slip belongs to.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientScanView {
    pub person: PersonView,
    /// The visit of today that is not closed, if there is one.
    pub visit: Option<VisitView>,
}

#[derive(Debug, Deserialize, TS)]
pub struct DeskPhotoAddRequest {
    pub visit_id: VisitId,
}

/// What the desk learns of a photograph that it took in: whether it will do, and nothing to open it by.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DeskPhotoAdded {
    /// The same file was taken in before; nothing was added.
    pub already: bool,
    pub quality: QualityReport,
    /// Photographs that wait with the visit now.
    pub photographs: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct DeskPhotoListRequest {
    pub patient_id: PatientId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DeskPhotoView {
    #[serde(flatten)]
    pub photo: DeskPhoto,
    /// False for one that was sealed to keys that are gone; it can only be discarded.
    pub opens: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct DeskPhotoAssignRequest {
    pub id: DeskPhotoId,
    pub lesion_id: LesionId,
    pub kind: ImageKind,
}

#[derive(Debug, Deserialize, TS)]
pub struct DeskPhotoDiscardRequest {
    pub id: DeskPhotoId,
    /// 1 to 500 characters.
    pub reason: String,
}
