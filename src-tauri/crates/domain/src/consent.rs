//! Consents as dated records: each giving and each withdrawing is one entry, and the newest one counts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::UserId;
use crate::problem::{FieldProblem, Problems};

/// Most characters of the note beside an entry.
pub const MAX_CONSENT_NOTE: usize = 500;

/// What a patient is asked separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// Photographs may be taken and stored.
    Photo,
    /// The classifier may read them.
    Ai,
    /// They may leave the clinic for the training of models.
    Training,
}

impl ConsentKind {
    pub const ALL: [Self; 3] = [Self::Photo, Self::Ai, Self::Training];
}

/// One giving or withdrawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConsentEntry {
    pub kind: ConsentKind,
    /// False where it was withdrawn.
    pub given: bool,
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Who recorded it.
    pub by: UserId,
    /// Such as where the signed paper lies; at most 500 characters, may be empty.
    pub note: String,
}

/// Checks the note of an entry.
///
/// # Errors
/// The field `note` when it is too long or holds control characters.
pub fn validate_note(note: &str) -> Result<(), Vec<FieldProblem>> {
    let mut problems = Problems::default();
    problems.text("note", note, MAX_CONSENT_NOTE);
    problems.into_result()
}
