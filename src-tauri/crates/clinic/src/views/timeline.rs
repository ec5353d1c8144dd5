//! One line of time of a patient.

use domain::timeline::{TimelineContent, TimelineCursor, TimelineKind};
use domain::{LesionId, PatientId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct TimelineRequest {
    pub patient_id: PatientId,
    /// None means all that one may see.
    pub kinds: Vec<TimelineKind>,
    /// Only what belongs to this lesion.
    pub lesion_id: Option<LesionId>,
    /// Where the page before ended.
    pub before: Option<TimelineCursor>,
    /// 1 to 200.
    pub limit: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TimelineView {
    /// Newest first.
    pub events: Vec<TimelineEventView>,
    /// Where the next page begins; null when this is the last.
    pub next: Option<TimelineCursor>,
    /// False for roles that see no results: visits, recalls, contacts and consents alone.
    pub clinical: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TimelineEventView {
    /// Unlike that of every other event of the patient.
    pub key: String,
    /// The start of the day where only the day is known.
    #[ts(type = "string")]
    pub at: Timestamp,
    #[ts(type = "string")]
    pub day: Date,
    /// Only the day is known.
    pub whole_day: bool,
    pub lesion_id: Option<LesionId>,
    pub by_name: Option<String>,
    pub content: TimelineContent,
}
