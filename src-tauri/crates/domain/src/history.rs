//! The history of uploads across patients, and what of it was deleted.
//!
//! Deleting hides: what was deleted is on no list but that of deleted things, and can be brought back
//! until its retention time is over. Then it is destroyed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{DeletionId, PatientId, UserId};
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Days in which a deletion can be undone, unless the clinic sets another number.
pub const DEFAULT_RETENTION_DAYS: u32 = 30;
/// Longest time that can be set, in days.
pub const LONGEST_RETENTION_DAYS: u32 = 3_650;

/// What the entries of the history are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HistoryNoun {
    Reading,
    Photograph,
}

/// What one deletion took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeletionScope {
    Reading,
    /// A photograph with the readings that looked at it.
    Photograph,
    /// All readings of a patient from before a day.
    History,
}

/// Who took something away, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    pub id: DeletionId,
    pub patient_id: PatientId,
    pub scope: DeletionScope,
    pub reason: String,
    pub deleted_by: UserId,
    pub deleted_at: Timestamp,
    pub undone_at: Option<Timestamp>,
    /// When what it took away was destroyed, or the first of it.
    pub purged_at: Option<Timestamp>,
}

impl Deletion {
    /// The moment from which it cannot be undone any more.
    #[must_use]
    pub fn until(&self, retention_days: u32) -> Timestamp {
        let span = SignedDuration::from_hours(24 * i64::from(retention_days));
        self.deleted_at.checked_add(span).unwrap_or(Timestamp::MAX)
    }

    #[must_use]
    pub fn may_be_undone(&self, retention_days: u32, now: Timestamp) -> bool {
        self.undone_at.is_none() && self.purged_at.is_none() && now < self.until(retention_days)
    }
}

/// The reason of a deletion: 1 to 500 characters.
///
/// # Errors
/// The field `reason`.
pub fn validate_reason(reason: &str) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Problems::default();
    problems.required_text("reason", reason, 500);
    problems.into_result()
}

/// # Errors
/// The field `days` outside 1 to [`LONGEST_RETENTION_DAYS`].
pub fn validate_retention(days: u32) -> Result<(), Vec<FieldProblem>> {
    if (1..=LONGEST_RETENTION_DAYS).contains(&days) {
        Ok(())
    } else {
        Err(vec![FieldProblem::with_limit("days", ProblemCode::NotAllowed, LONGEST_RETENTION_DAYS)])
    }
}
