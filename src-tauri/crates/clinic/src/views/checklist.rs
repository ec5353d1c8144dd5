//! Checklists: their items, proposals and what clinicians filled in.

use domain::checklist::{Answers, ChecklistKind, ChecklistResult, ItemGroup, Proposal};
use domain::{AnalysisId, ChecklistId, LesionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A reading of a lesion, or without one the lesion as it is seen today.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ExaminationRequest {
    pub lesion_id: LesionId,
    pub analysis_id: Option<AnalysisId>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChecklistPageView {
    pub lists: Vec<ChecklistView>,
    /// What the pictures suggest; nothing is answered by it. Empty without a reading, and while it is withheld.
    pub proposals: Vec<Proposal>,
    /// The lists being filled in now, one of a kind at most.
    pub filled: Vec<FilledChecklistView>,
    /// Other lists of the lesion in their last edition, newest first.
    pub earlier: Vec<FilledChecklistView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChecklistView {
    pub kind: ChecklistKind,
    pub version: u16,
    pub items: Vec<ChecklistItemView>,
    /// The published rule, in English.
    pub rule: String,
    /// What it was made for, in English.
    pub scope: String,
    pub sources: Vec<ChecklistSourceView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChecklistItemView {
    pub code: String,
    pub group: ItemGroup,
    /// Points for each unit of the answer; 0 where nothing is summed.
    pub weight: f64,
    /// Smallest and largest answer; 0 and 1 are no and yes.
    pub low: u8,
    pub high: u8,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ChecklistSourceView {
    pub citation: String,
    pub year: u16,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FilledChecklistView {
    pub id: ChecklistId,
    pub kind: ChecklistKind,
    pub analysis_id: Option<AnalysisId>,
    #[ts(type = "Record<string, number>")]
    pub answers: Answers,
    pub result: ChecklistResult,
    /// From 1.
    pub edition: u32,
    pub author_name: String,
    #[ts(type = "string")]
    pub filled_at: Timestamp,
    /// A report printed it: it stays as it is.
    pub printed: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct ChecklistJudgeRequest {
    pub kind: ChecklistKind,
    #[ts(type = "Record<string, number>")]
    pub answers: Answers,
}

#[derive(Debug, Deserialize, TS)]
pub struct ChecklistSaveRequest {
    pub lesion_id: LesionId,
    pub analysis_id: Option<AnalysisId>,
    pub kind: ChecklistKind,
    #[ts(type = "Record<string, number>")]
    pub answers: Answers,
    /// The edition the edit began from.
    pub previous: Option<ChecklistId>,
}
