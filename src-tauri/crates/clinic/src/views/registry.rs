//! The registry: numbers, consents, duplicates, merges.

use domain::consent::{ConsentEntry, ConsentKind};
use domain::duplicate::DuplicateReason;
use domain::merge::MergeChoice;
use domain::patient::Sex;
use domain::{MergeId, PatientId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PatientRow, PatientView};

#[derive(Debug, Deserialize, TS)]
pub struct NumberPatternRequest {
    /// Such as `P-{n:6}` or `{yyyy}-{n:4}`; at most 24 characters.
    pub pattern: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct NumberPatternView {
    pub pattern: String,
    /// The number the next patient would get.
    pub example: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ConsentRecordRequest {
    pub patient_id: PatientId,
    pub kind: ConsentKind,
    /// False withdraws it.
    pub given: bool,
    /// At most 500 characters; may be empty.
    pub note: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ConsentListRequest {
    pub patient_id: PatientId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ConsentEntryView {
    #[serde(flatten)]
    pub entry: ConsentEntry,
    /// Name of whoever recorded it.
    pub by_name: String,
}

/// What the form holds so far; empty texts are not compared.
#[derive(Debug, Deserialize, TS)]
pub struct PatientDuplicatesRequest {
    pub family_name: String,
    pub given_names: String,
    #[ts(type = "string | null")]
    pub date_of_birth: Option<Date>,
    pub sex: Sex,
    pub phone: String,
    pub email: String,
    /// The record that is being edited, or whose duplicates are looked for.
    pub except: Option<PatientId>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DuplicateView {
    pub patient: PatientRow,
    /// Probability that it is the same person, 5 to 99 per cent.
    pub percent: u8,
    /// Heaviest first.
    pub reasons: Vec<DuplicateReason>,
}

#[derive(Debug, Deserialize, TS)]
pub struct MergePreviewRequest {
    /// The record that would stay.
    pub kept: PatientId,
    pub other: PatientId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MergePreview {
    pub kept: PatientView,
    pub other: PatientView,
    pub moves: MergeCounts,
}

/// What would go over to the record that stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct MergeCounts {
    pub lesions: u32,
    pub photographs: u32,
    pub analyses: u32,
    pub reports: u32,
    /// Entries of every other kind, such as consents, visits and notes.
    pub others: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientMergeRequest {
    /// The record that stays, and the version the choice was made from.
    pub kept: PatientId,
    pub kept_version: u32,
    pub other: PatientId,
    pub other_version: u32,
    /// A field that is not named keeps its value.
    pub choices: Vec<MergeChoice>,
}

/// A record that was merged into another.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MergeView {
    pub id: MergeId,
    pub merged_id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    #[ts(type = "string")]
    pub merged_at: Timestamp,
    /// Name of whoever merged.
    pub merged_by: String,
    #[ts(type = "string | null")]
    pub undone_at: Option<Timestamp>,
    pub undone_by: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct MergeUndoRequest {
    pub id: MergeId,
}
