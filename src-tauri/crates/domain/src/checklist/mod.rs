//! Published checklists for pigmented lesions: their items, their sums and what they conclude.
//!
//! A list is data ([`lists`]); this module answers it. The clinician ticks; what a picture suggests is a
//! [`propose::Proposal`] and never an answer. A list without all of its answers has no verdict.

mod lists;
mod propose;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{AnalysisId, ChecklistId, LesionId, PatientId, ReportId, UserId, VisitId};
use crate::problem::{FieldProblem, ProblemCode, Problems};
use crate::tds::{DifferentialStructures, Tds, TdsRange};

pub use propose::{Proposal, ProposalBasis, proposals};

/// Answers by the code of the item; yes is 1 and no is 0.
pub type Answers = BTreeMap<String, u8>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChecklistKind {
    /// ABCD rule of dermoscopy with its total dermoscopy score.
    Abcd,
    /// Seven-point checklist of dermoscopy.
    SevenPoint,
    /// Weighted seven-point checklist of the clinical look.
    WeightedSevenPoint,
    Menzies,
    /// The clinical ABCDE.
    Abcde,
}

impl ChecklistKind {
    pub const ALL: [Self; 5] =
        [Self::Abcd, Self::SevenPoint, Self::WeightedSevenPoint, Self::Menzies, Self::Abcde];

    /// The list itself.
    #[must_use]
    pub const fn list(self) -> &'static Checklist {
        match self {
            Self::Abcd => &lists::ABCD,
            Self::SevenPoint => &lists::SEVEN_POINT,
            Self::WeightedSevenPoint => &lists::WEIGHTED_SEVEN_POINT,
            Self::Menzies => &lists::MENZIES,
            Self::Abcde => &lists::ABCDE,
        }
    }

    /// What the answers come to.
    ///
    /// # Errors
    /// An unknown item, or a value outside its range: the field is the code of the item.
    pub fn judge(self, answers: &Answers) -> Result<ChecklistResult, Vec<FieldProblem>> {
        self.list().judge(answers)
    }
}

/// How an item counts in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ItemGroup {
    /// Part of a weighted sum.
    Component,
    Major,
    Minor,
    /// Must not be found for the list to conclude melanoma.
    Negative,
    /// One of these must be found.
    Positive,
    /// A warning sign.
    Sign,
}

/// One question of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChecklistItem {
    pub code: &'static str,
    /// English term for documents.
    pub name: &'static str,
    pub group: ItemGroup,
    /// Points for each unit of the answer, in tenths; nothing for items that are not summed.
    pub weight_tenths: u16,
    /// Smallest and largest answer; 0 and 1 are no and yes.
    pub low: u8,
    pub high: u8,
}

/// Where a list was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChecklistSource {
    pub citation: &'static str,
    pub year: u16,
}

/// A list as it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Checklist {
    pub kind: ChecklistKind,
    /// Raised when an item, a weight or a rule changes here.
    pub version: u16,
    /// English name for documents.
    pub name: &'static str,
    pub items: &'static [ChecklistItem],
    /// The rule in words.
    pub rule: &'static str,
    /// What it was made for.
    pub scope: &'static str,
    pub sources: &'static [ChecklistSource],
}

/// What a complete list concludes. The words are those of the publications; none is a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChecklistVerdict {
    /// ABCD rule, below 4.75.
    Benign,
    /// ABCD rule, 4.75 to 5.45.
    Suspicious,
    /// ABCD rule, above 5.45.
    HighlySuspicious,
    /// Below the threshold of melanoma, or not fulfilling its criteria.
    NotMelanoma,
    /// At the threshold of melanoma, or fulfilling its criteria.
    Melanoma,
    /// Below the threshold of referral.
    NoReferral,
    /// At the threshold of referral.
    Refer,
    NoWarningSign,
    WarningSigns,
}

impl ChecklistVerdict {
    /// English words for documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Benign => "Benign range",
            Self::Suspicious => "Suspicious range",
            Self::HighlySuspicious => "Highly suspicious of melanoma",
            Self::NotMelanoma => "Criteria of melanoma not met",
            Self::Melanoma => "Criteria of melanoma met",
            Self::NoReferral => "Below the threshold of referral",
            Self::Refer => "Threshold of referral reached",
            Self::NoWarningSign => "No warning sign",
            Self::WarningSigns => "Warning signs present",
        }
    }
}

/// What the answers so far come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ChecklistResult {
    /// The sum of what is answered; for Menzies the number of positive features, for ABCDE that of signs.
    pub score: f64,
    /// The largest sum there is.
    pub max: f64,
    /// Codes of the items without an answer, in the order of the list.
    pub missing: Vec<String>,
    /// Nothing while an answer is missing.
    pub verdict: Option<ChecklistVerdict>,
}

impl ChecklistResult {
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

impl Checklist {
    /// The item of a code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&'static ChecklistItem> {
        self.items.iter().find(|item| item.code == code)
    }

    fn judge(&self, answers: &Answers) -> Result<ChecklistResult, Vec<FieldProblem>> {
        let mut problems = Problems::default();
        for (code, value) in answers {
            if !self.item(code).is_some_and(|item| (item.low..=item.high).contains(value)) {
                problems.add(code, ProblemCode::NotAllowed);
            }
        }
        problems.into_result()?;
        let missing: Vec<String> = self
            .items
            .iter()
            .filter(|item| !answers.contains_key(item.code))
            .map(|item| item.code.to_owned())
            .collect();
        // In tenths, so that no rounding decides a threshold.
        let points = |item: &ChecklistItem, value: u8| u32::from(item.weight_tenths) * u32::from(value);
        let tenths: u32 = self
            .items
            .iter()
            .filter_map(|item| answers.get(item.code).map(|value| points(item, *value)))
            .sum();
        let most: u32 = self.items.iter().map(|item| points(item, item.high)).sum();
        let verdict = if missing.is_empty() { Some(self.verdict(answers, tenths)) } else { None };
        Ok(ChecklistResult { score: f64::from(tenths) / 10.0, max: f64::from(most) / 10.0, missing, verdict })
    }

    /// For a list that is answered.
    fn verdict(&self, answers: &Answers, tenths: u32) -> ChecklistVerdict {
        use ChecklistVerdict as V;
        let value = |code: &str| answers.get(code).copied().unwrap_or_default();
        let either = |reached, yes, no| if reached { yes } else { no };
        match self.kind {
            ChecklistKind::Abcd => {
                let range = DifferentialStructures::counted(value("structures"))
                    .and_then(|d| Tds::new(value("asymmetry"), value("border"), value("colours"), d))
                    .map_or(TdsRange::Suspicious, |tds| tds.range);
                match range {
                    TdsRange::Benign => V::Benign,
                    TdsRange::Suspicious => V::Suspicious,
                    TdsRange::HighlySuspicious => V::HighlySuspicious,
                }
            }
            ChecklistKind::SevenPoint => either(tenths >= 30, V::Melanoma, V::NotMelanoma),
            ChecklistKind::WeightedSevenPoint => either(tenths >= 30, V::Refer, V::NoReferral),
            ChecklistKind::Menzies => {
                let found = |group| self.items.iter().any(|item| item.group == group && value(item.code) > 0);
                let melanoma = !found(ItemGroup::Negative) && found(ItemGroup::Positive);
                either(melanoma, V::Melanoma, V::NotMelanoma)
            }
            ChecklistKind::Abcde => either(tenths > 0, V::WarningSigns, V::NoWarningSign),
        }
    }
}

/// A list that somebody filled in. A correction is a new edition; the earlier ones stay.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledChecklist {
    pub id: ChecklistId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    /// The reading it was filled in beside, if any.
    pub analysis_id: Option<AnalysisId>,
    /// The visit of the day, if there was one.
    pub visit_id: Option<VisitId>,
    pub kind: ChecklistKind,
    /// Version of the list that was answered.
    pub list_version: u16,
    pub answers: Answers,
    pub result: ChecklistResult,
    /// From 1.
    pub edition: u32,
    pub author: UserId,
    pub filled_at: Timestamp,
    /// The report that printed it: from then on it stays as it is.
    pub printed_in: Option<ReportId>,
}

/// A filled list as a report prints it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrintedChecklist {
    pub kind: ChecklistKind,
    pub answers: Answers,
    pub result: ChecklistResult,
    pub author: String,
    pub filled_at: Timestamp,
}

#[cfg(test)]
mod tests;
