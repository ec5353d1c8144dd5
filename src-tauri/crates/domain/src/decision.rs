//! What is decided about a lesion: what it is taken for, what is done, and whether the reading was wrong.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::Band;
use crate::id::{AnalysisId, DecisionId, LesionId, PatientId, RecallId, ReferralId, UserId, VisitId};
use crate::impression::{Confidence, Impression};
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Longest monitoring that can be planned, in months.
pub const MOST_MONTHS: u32 = 60;

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Plan {
    Reassure,
    /// Seen again after this many months, 1 to 60.
    Monitor {
        months: u32,
    },
    /// Biopsy or excision.
    Biopsy,
    Refer,
}

impl Plan {
    /// The word of the plan alone.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reassure => "reassure",
            Self::Monitor { .. } => "monitor",
            Self::Biopsy => "biopsy",
            Self::Refer => "refer",
        }
    }

    /// The plan of a stored word.
    #[must_use]
    pub fn stored(word: &str, months: Option<u32>) -> Option<Self> {
        match (word, months) {
            ("reassure", None) => Some(Self::Reassure),
            ("monitor", Some(months)) => Some(Self::Monitor { months }),
            ("biopsy", None) => Some(Self::Biopsy),
            ("refer", None) => Some(Self::Refer),
            _ => None,
        }
    }

    #[must_use]
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Monitor { months } => Some(months),
            _ => None,
        }
    }

    const fn strength(self) -> u8 {
        match self {
            Self::Reassure => 0,
            Self::Monitor { .. } => 1,
            Self::Biopsy | Self::Refer => 2,
        }
    }

    /// Whether it does less than the band recommends: for a suspicious lesion at least monitoring, for a
    /// malignant one a biopsy or a referral.
    #[must_use]
    pub const fn is_weaker_than(self, band: Band) -> bool {
        let least = match band {
            Band::Benign => 0,
            Band::Suspicious => 1,
            Band::Malignant => 2,
        };
        self.strength() < least
    }
}

/// What a clinician enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DecisionEntry {
    pub impression: Impression,
    pub confidence: Confidence,
    pub plan: Plan,
    /// At most 2,000 characters; may be empty.
    pub note: String,
    /// Why less is done than the reading recommends, at most 500 characters; empty otherwise.
    pub override_reason: String,
}

impl DecisionEntry {
    /// Checks it against the band of the reading, where there is one.
    ///
    /// # Errors
    /// Every field that breaks a rule; `override_reason` where it is needed and missing.
    pub fn settle(self, band: Option<Band>) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Problems::default();
        let note = self.note.trim().to_owned();
        let reason = self.override_reason.trim().to_owned();
        problems.text("note", &note, 2_000);
        if self.plan.months().is_some_and(|months| !(1..=MOST_MONTHS).contains(&months)) {
            problems.add("months", ProblemCode::NotAllowed);
        }
        let overrides = band.is_some_and(|band| self.plan.is_weaker_than(band));
        if overrides {
            problems.required_text("override_reason", &reason, 500);
        }
        let checked = problems.into_result();
        match (self.impression.settle(), checked) {
            (Ok(impression), Ok(())) => Ok(Self {
                impression,
                confidence: self.confidence,
                plan: self.plan,
                note,
                override_reason: if overrides { reason } else { String::new() },
            }),
            (impression, checked) => {
                let mut all = impression.err().unwrap_or_default();
                all.extend(checked.err().unwrap_or_default());
                Err(all)
            }
        }
    }
}

/// A decision as it is stored. A change is a new one that stands in the place of the old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub id: DecisionId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    /// The reading it was made on, if any.
    pub analysis_id: Option<AnalysisId>,
    /// The visit of the day, if there was one.
    pub visit_id: Option<VisitId>,
    pub entry: DecisionEntry,
    /// The band it was held against.
    pub band: Option<Band>,
    /// The recall that the plan made.
    pub recall_id: Option<RecallId>,
    /// From 1.
    pub edition: u32,
    pub author: UserId,
    pub decided_at: Timestamp,
    /// The decision that stands in its place.
    pub superseded_by: Option<DecisionId>,
}

/// What a clinician says of a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FeedbackEntry {
    /// False takes an earlier "was wrong" back.
    pub incorrect: bool,
    /// What it is instead; nothing where that is not known, or where the reading was right after all.
    pub correct: Option<Impression>,
    /// At most 1,000 characters; may be empty.
    pub text: String,
}

impl FeedbackEntry {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn settle(self) -> Result<Self, Vec<FieldProblem>> {
        let text = self.text.trim().to_owned();
        let mut problems = Problems::default();
        problems.text("feedback", &text, 1_000);
        problems.into_result()?;
        let correct = self.correct.filter(|_| self.incorrect).map(Impression::settle).transpose()?;
        Ok(Self { incorrect: self.incorrect, correct, text })
    }
}

/// Feedback as it is stored; the newest of a reading counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    pub analysis_id: AnalysisId,
    pub patient_id: PatientId,
    pub entry: FeedbackEntry,
    pub author: UserId,
    pub given_at: Timestamp,
}

/// What a clinician writes in a letter of referral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReferralEntry {
    /// Whom it goes to, with address lines; 1 to 300 characters.
    pub recipient: String,
    /// 1 to 4,000 characters.
    pub findings: String,
    /// 1 to 1,000 characters.
    pub question: String,
    /// As soon as possible.
    pub urgent: bool,
}

impl ReferralEntry {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn settle(self) -> Result<Self, Vec<FieldProblem>> {
        let trimmed = Self {
            recipient: self.recipient.trim().to_owned(),
            findings: self.findings.trim().to_owned(),
            question: self.question.trim().to_owned(),
            urgent: self.urgent,
        };
        let mut problems = Problems::default();
        for (field, text, most, lines) in [
            ("recipient", &trimmed.recipient, 300, 6),
            ("findings", &trimmed.findings, 4_000, 80),
            ("question", &trimmed.question, 1_000, 20),
        ] {
            problems.required_text(field, text, most);
            if text.lines().count() > lines {
                problems.add(field, ProblemCode::TooLong);
            }
        }
        problems.into_result()?;
        Ok(trimmed)
    }
}

/// A letter that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    pub id: ReferralId,
    pub decision_id: DecisionId,
    pub patient_id: PatientId,
    pub entry: ReferralEntry,
    pub author: UserId,
    pub written_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(plan: Plan, override_reason: &str) -> DecisionEntry {
        DecisionEntry {
            impression: Impression { term: "nv".into(), text: String::new(), malignancy: None },
            confidence: Confidence::High,
            plan,
            note: String::new(),
            override_reason: override_reason.into(),
        }
    }

    #[test]
    fn doing_less_than_the_band_recommends_needs_a_reason() {
        use Band::{Benign, Malignant, Suspicious};
        let monitor = Plan::Monitor { months: 3 };
        for (plan, band, weaker) in [
            (Plan::Reassure, Benign, false),
            (Plan::Reassure, Suspicious, true),
            (monitor, Suspicious, false),
            (monitor, Malignant, true),
            (Plan::Reassure, Malignant, true),
            (Plan::Biopsy, Malignant, false),
            (Plan::Refer, Malignant, false),
        ] {
            assert_eq!(plan.is_weaker_than(band), weaker, "{plan:?} {band:?}");
            assert_eq!(entry(plan, " ").settle(Some(band)).is_err(), weaker);
            let kept = entry(plan, "Known for years").settle(Some(band)).unwrap().override_reason;
            assert_eq!(kept.is_empty(), !weaker, "a reason is kept where one is needed");
        }
        assert!(entry(Plan::Reassure, "").settle(None).is_ok());
    }

    #[test]
    fn fields_are_checked_together() {
        let mut bad = entry(Plan::Monitor { months: 61 }, "");
        bad.impression.term = String::new();
        bad.note = "x".repeat(2_001);
        let fields: Vec<_> = bad.settle(None).unwrap_err().into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["term", "note", "months"]);
        for plan in [Plan::Reassure, Plan::Monitor { months: 6 }, Plan::Biopsy, Plan::Refer] {
            assert_eq!(Plan::stored(plan.word(), plan.months()), Some(plan));
        }
        assert_eq!(Plan::stored("monitor", None), None);
    }

    #[test]
    fn taking_feedback_back_names_no_class() {
        let correct = Some(Impression { term: "df".into(), text: String::new(), malignancy: None });
        let back = FeedbackEntry { incorrect: false, correct, text: String::new() };
        assert_eq!(back.settle().unwrap().correct, None);
    }
}
