//! The queue of analyses, and many analyses at once.

use domain::batch::{BatchScope, BatchState};
use domain::lesion::BodySite;
use domain::{BatchId, ImageId, JobId, PatientId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::JobView;
use crate::error::ErrorCode;

/// Whose unread photographs are meant.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum BatchOf {
    Patient {
        patient_id: PatientId,
    },
    /// Of everybody in the queue of a day, today's where none is named.
    Queue {
        #[ts(type = "string | null")]
        day: Option<Date>,
    },
    /// Of these photographs, those without a reading.
    Selection {
        image_ids: Vec<ImageId>,
    },
}

impl BatchOf {
    pub(crate) const fn scope(&self) -> BatchScope {
        match self {
            Self::Patient { .. } => BatchScope::Patient,
            Self::Queue { .. } => BatchScope::Queue,
            Self::Selection { .. } => BatchScope::Selection,
        }
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct BatchStartRequest {
    pub of: BatchOf,
}

/// What a batch would read: one reading a lesion, of its newest photographs without one, at most three.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct BatchPreview {
    pub patients: u32,
    pub lesions: u32,
    pub photographs: u32,
    /// Unread photographs that are older than the three of their lesion.
    pub older: u32,
    /// Lesions of patients who have not consented; their readings will fail with that reason.
    pub without_consent: u32,
    /// More lesions than this are not taken at once.
    pub most_lesions: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct BatchRequest {
    pub id: BatchId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BatchView {
    pub id: BatchId,
    pub scope: BatchScope,
    pub state: BatchState,
    /// Why it paused by itself.
    pub pause_reason: Option<ErrorCode>,
    pub asked_by_name: String,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    #[ts(type = "string | null")]
    pub finished_at: Option<Timestamp>,
    pub total: u32,
    pub waiting: u32,
    pub running: u32,
    pub completed: u32,
    pub failed: u32,
    pub cancelled: u32,
}

/// Analyses that belong to no batch.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct SinglesView {
    pub waiting: u32,
    pub running: u32,
    /// In the last 24 hours.
    pub failed: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct JobsView {
    /// Analyses that wait for their turn, those of paused batches left out.
    pub waiting: u32,
    pub running: u32,
    /// How many run at once: one or two.
    pub at_once: u32,
    /// Newest first.
    pub batches: Vec<BatchView>,
    pub singles: SinglesView,
}

#[derive(Debug, Deserialize, TS)]
pub struct BatchItemsRequest {
    /// Null for what belongs to no batch.
    pub id: Option<BatchId>,
    pub offset: u32,
    /// 1 to 200.
    pub limit: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BatchItems {
    pub items: Vec<BatchItemView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BatchItemView {
    pub job: JobView,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_label: String,
    pub site: BodySite,
}

#[derive(Debug, Deserialize, TS)]
pub struct JobStatesRequest {
    /// At most 200.
    pub ids: Vec<JobId>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct JobSettings {
    /// 1 or 2.
    pub at_once: u32,
}
