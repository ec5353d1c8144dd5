//! Short messages between desk and clinicians about a patient.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{CaseNoteId, PatientId, UserId};
use crate::problem::{FieldProblem, Problems};

/// Whom a note is addressed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoteAudience {
    All,
    Desk,
    Clinicians,
}

/// What is entered; it is never edited afterwards, only followed by another note or struck out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteEntry {
    pub audience: NoteAudience,
    /// At most 1,000 characters.
    pub text: String,
    /// The note it answers.
    pub follows: Option<CaseNoteId>,
}

impl NoteEntry {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("text", &self.text, 1_000);
        problems.into_result()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNote {
    pub id: CaseNoteId,
    pub patient_id: PatientId,
    pub entry: NoteEntry,
    pub author: UserId,
    pub written_at: Timestamp,
    pub done_by: Option<UserId>,
    pub done_at: Option<Timestamp>,
    pub struck_by: Option<UserId>,
    pub struck_at: Option<Timestamp>,
    pub strike_reason: String,
}

impl CaseNote {
    /// Whether somebody at the desk may read it: what is for them or for all, and their own words.
    #[must_use]
    pub fn is_for_desk(&self, reader: UserId) -> bool {
        self.entry.audience != NoteAudience::Clinicians || self.author == reader
    }
}
