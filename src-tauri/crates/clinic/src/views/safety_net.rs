//! What must not be forgotten.

use domain::analysis::{Band, Gate};
use domain::{LesionId, PatientId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
pub struct SafetyNetRequest {
    /// Entries of each list, 1 to 500.
    pub limit: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafetyNetKind {
    UnsignedReport,
    UnreadReading,
    UnreadHistology,
    PendingHistology,
    OverdueRecall,
    /// Of a suspicious or worse band, seen by a clinician and without a decision.
    UndecidedReading,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SafetyNetView {
    pub lists: Vec<SafetyNetList>,
    #[ts(type = "string")]
    pub today: Date,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SafetyNetList {
    pub kind: SafetyNetKind,
    /// Counted up to 9,999.
    pub total: u32,
    /// Oldest first.
    pub items: Vec<SafetyNetItem>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SafetyNetItem {
    /// Of the report, reading, biopsy or recall.
    pub id: String,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_id: Option<LesionId>,
    /// Nothing for a reading that nobody in particular asked for.
    pub responsible_name: Option<String>,
    #[ts(type = "string")]
    pub since: Date,
    /// Whole days since then.
    pub age_days: u32,
    /// Number of the report or specimen, or the reason of the recall; empty for a reading.
    pub label: String,
    /// Of a reading.
    pub band: Option<Band>,
    /// Of a reading.
    pub gate: Option<Gate>,
}

/// How many wait, for the badge; each is counted up to 9,999.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct SafetyNetCounts {
    pub unsigned_reports: u32,
    pub unread_readings: u32,
    pub unread_histology: u32,
    pub pending_histology: u32,
    pub overdue_recalls: u32,
    pub undecided_readings: u32,
    pub total: u32,
}
