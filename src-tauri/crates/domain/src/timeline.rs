//! One line of time of a patient: what happened, and when.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::{Band, Gate, Urgency};
use crate::biopsy::SpecimenKind;
use crate::checklist::{ChecklistKind, ChecklistVerdict};
use crate::consent::ConsentKind;
use crate::id::{
    AnalysisId, BiopsyId, ChecklistId, DecisionId, ImageId, LesionId, RecallId, ReportId, UserId, VisitId,
};
use crate::lesion::CloseReason;
use crate::model::Label;
use crate::morphology::Behaviour;
use crate::recall::{ContactMeans, ContactOutcome, RecallState};
use crate::visit::VisitState;

/// The kinds of events. The word is that of [`TimelineContent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    Visit,
    Photographs,
    Reading,
    Biopsy,
    Histology,
    Report,
    Recall,
    Contact,
    Consent,
    LesionOpened,
    LesionClosed,
    Checklist,
    Decision,
}

impl TimelineKind {
    pub const ALL: [Self; 13] = [
        Self::Visit,
        Self::Photographs,
        Self::Reading,
        Self::Biopsy,
        Self::Histology,
        Self::Report,
        Self::Recall,
        Self::Contact,
        Self::Consent,
        Self::LesionOpened,
        Self::LesionClosed,
        Self::Checklist,
        Self::Decision,
    ];

    /// Whether it tells something about a lesion or a result, which the front desk does not see.
    #[must_use]
    pub const fn is_clinical(self) -> bool {
        !matches!(self, Self::Visit | Self::Recall | Self::Contact | Self::Consent)
    }

    /// Whether its events can belong to a lesion.
    #[must_use]
    pub const fn has_lesion(self) -> bool {
        !matches!(self, Self::Visit | Self::Consent)
    }
}

/// The reading of the same lesion before this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EarlierReading {
    pub id: AnalysisId,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub band: Band,
    /// Sum over the malignant classes, 0 to 1.
    pub malignant_sum: f64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimelineContent {
    Visit {
        id: VisitId,
        state: VisitState,
    },
    /// Photographs of one lesion that were imported on one day.
    Photographs {
        /// The newest, up to 12.
        image_ids: Vec<ImageId>,
        count: u32,
    },
    Reading {
        id: AnalysisId,
        band: Band,
        urgency: Urgency,
        gate: Gate,
        /// Nothing where the gate lets no class be named.
        label: Option<Label>,
        /// Sum over the malignant classes, 0 to 1.
        malignant_sum: f64,
        model_name: String,
        model_version: String,
        before: Option<EarlierReading>,
    },
    Biopsy {
        id: BiopsyId,
        specimen_kind: SpecimenKind,
        specimen_number: String,
        /// Entered by mistake.
        withdrawn: bool,
    },
    Histology {
        id: BiopsyId,
        specimen_number: String,
        /// From 1; a correction is a new edition.
        edition: u32,
        behaviour: Behaviour,
        /// Code of ICD-O-3.
        morphology: Option<String>,
    },
    Report {
        id: ReportId,
        number: String,
    },
    Recall {
        id: RecallId,
        #[ts(type = "string")]
        due_on: Date,
        state: RecallState,
        /// The reason; for roles that see no results, the neutral text of the call list.
        text: String,
    },
    /// An attempt to reach the patient because of a recall.
    Contact {
        id: RecallId,
        means: ContactMeans,
        outcome: ContactOutcome,
        #[ts(type = "string | null")]
        booked_for: Option<Date>,
    },
    Consent {
        consent: ConsentKind,
        /// False when it was withdrawn.
        given: bool,
    },
    LesionOpened {
        label: String,
    },
    LesionClosed {
        label: String,
        reason: CloseReason,
    },
    Checklist {
        id: ChecklistId,
        list: ChecklistKind,
        score: f64,
        /// Nothing while an answer is missing.
        verdict: Option<ChecklistVerdict>,
        edition: u32,
    },
    Decision {
        id: DecisionId,
        /// Code of the term, or `other`.
        term: String,
        /// The term in words where it has no code.
        text: String,
        /// Word of the plan: reassure, monitor, biopsy or refer.
        plan: String,
        months: Option<u32>,
        /// Less is done than the reading recommends.
        overrides: bool,
        /// Another decision stands in its place.
        superseded: bool,
    },
    /// A reading that is not shown before an impression of the lesion is committed.
    ReadingWithheld {
        id: AnalysisId,
    },
}

impl TimelineContent {
    #[must_use]
    pub const fn kind(&self) -> TimelineKind {
        match self {
            Self::Visit { .. } => TimelineKind::Visit,
            Self::Photographs { .. } => TimelineKind::Photographs,
            Self::Reading { .. } => TimelineKind::Reading,
            Self::Biopsy { .. } => TimelineKind::Biopsy,
            Self::Histology { .. } => TimelineKind::Histology,
            Self::Report { .. } => TimelineKind::Report,
            Self::Recall { .. } => TimelineKind::Recall,
            Self::Contact { .. } => TimelineKind::Contact,
            Self::Consent { .. } => TimelineKind::Consent,
            Self::LesionOpened { .. } => TimelineKind::LesionOpened,
            Self::LesionClosed { .. } => TimelineKind::LesionClosed,
            Self::Checklist { .. } => TimelineKind::Checklist,
            Self::Decision { .. } => TimelineKind::Decision,
            Self::ReadingWithheld { .. } => TimelineKind::Reading,
        }
    }
}

/// A place between two events: everything older comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineCursor {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub key: String,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TimelineEvent {
    /// Unlike that of every other event of the patient; events of one instant stand in its order.
    pub key: String,
    /// The start of the day where only the day is known.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// The day at the workstation.
    #[ts(type = "string")]
    pub day: Date,
    /// Only the day is known.
    pub whole_day: bool,
    pub lesion_id: Option<LesionId>,
    pub by: Option<UserId>,
    pub content: TimelineContent,
}

impl TimelineEvent {
    #[must_use]
    pub fn cursor(&self) -> TimelineCursor {
        TimelineCursor { at: self.at, key: self.key.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_sees_nothing_of_a_lesion_or_a_result() {
        let plain: Vec<_> = TimelineKind::ALL.into_iter().filter(|kind| !kind.is_clinical()).collect();
        assert_eq!(
            plain,
            [TimelineKind::Visit, TimelineKind::Recall, TimelineKind::Contact, TimelineKind::Consent]
        );
    }

    #[test]
    fn an_event_is_named_by_its_kind() {
        let content = TimelineContent::Consent { consent: ConsentKind::Ai, given: false };
        let text = serde_json::to_value(&content).unwrap();
        assert_eq!(text["kind"], serde_json::to_value(content.kind()).unwrap());
    }
}
