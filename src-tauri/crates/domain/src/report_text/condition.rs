//! When a block of a template speaks: a topic has one word for every reading, and a condition names words.

use crate::checklist::{ChecklistKind, ChecklistVerdict};
use crate::decision::Plan;
use crate::impression::TERMS;

use super::facts::{SizeTrend, TextFacts};

/// Nothing is known of the topic.
const NONE: &str = "none";
const INCOMPLETE: &str = "incomplete";

/// What a condition can ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Band,
    Gate,
    Class,
    Measures,
    Checklist(ChecklistKind),
    Decision,
    Comparison,
    FollowUp,
    Photographs,
}

impl Topic {
    pub const ALL: [Self; 13] = [
        Self::Band,
        Self::Gate,
        Self::Class,
        Self::Measures,
        Self::Checklist(ChecklistKind::Abcd),
        Self::Checklist(ChecklistKind::SevenPoint),
        Self::Checklist(ChecklistKind::WeightedSevenPoint),
        Self::Checklist(ChecklistKind::Menzies),
        Self::Checklist(ChecklistKind::Abcde),
        Self::Decision,
        Self::Comparison,
        Self::FollowUp,
        Self::Photographs,
    ];

    /// As it is written in a template.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Band => "band",
            Self::Gate => "gate",
            Self::Class => "class",
            Self::Measures => "measures",
            Self::Checklist(ChecklistKind::Abcd) => "abcd",
            Self::Checklist(ChecklistKind::SevenPoint) => "seven_point",
            Self::Checklist(ChecklistKind::WeightedSevenPoint) => "weighted_seven_point",
            Self::Checklist(ChecklistKind::Menzies) => "menzies",
            Self::Checklist(ChecklistKind::Abcde) => "abcde",
            Self::Decision => "decision",
            Self::Comparison => "comparison",
            Self::FollowUp => "follow_up",
            Self::Photographs => "photographs",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// Every word that can follow it.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Band => vec!["benign", "suspicious", "malignant"],
            Self::Gate => vec!["inconclusive", "uncertain", "confident", "out_of_distribution"],
            Self::Class => {
                let classes = TERMS.iter().filter(|term| term.class == Some(term.code));
                [NONE].into_iter().chain(classes.map(|term| term.code)).collect()
            }
            Self::Measures => vec![NONE, "uncalibrated", "calibrated"],
            Self::Checklist(kind) => {
                [NONE, INCOMPLETE].into_iter().chain(verdicts(kind).iter().map(|v| word_of(*v))).collect()
            }
            Self::Decision => vec![NONE, "reassure", "monitor", "biopsy", "refer"],
            Self::Comparison => {
                vec![NONE, "not_comparable", "size_unknown", "grown", "unchanged", "smaller"]
            }
            Self::FollowUp => vec![NONE, "planned"],
            Self::Photographs => vec!["one", "several"],
        }
    }

    /// The word of a reading.
    fn word(self, facts: &TextFacts) -> &str {
        use crate::analysis::{Band, Gate};
        match self {
            Self::Band => match facts.band {
                Band::Benign => "benign",
                Band::Suspicious => "suspicious",
                Band::Malignant => "malignant",
            },
            Self::Gate => match facts.gate {
                Gate::Inconclusive => "inconclusive",
                Gate::Uncertain => "uncertain",
                Gate::Confident => "confident",
                Gate::OutOfDistribution => "out_of_distribution",
            },
            Self::Class => {
                let named = facts.class.as_ref().filter(|_| facts.assessed());
                named.map_or(NONE, |(label, _)| label.code.as_str())
            }
            Self::Measures => match facts.measures.as_ref().filter(|_| facts.assessed()) {
                None => NONE,
                Some(measures) if measures.diameter_mm.is_some() => "calibrated",
                Some(_) => "uncalibrated",
            },
            Self::Checklist(kind) => {
                facts.checklist(kind).map_or(NONE, |list| list.verdict.map_or(INCOMPLETE, word_of))
            }
            Self::Decision => facts.plan.map_or(NONE, Plan::word),
            Self::Comparison => facts.comparison.as_ref().map_or(NONE, |found| match found.trend() {
                SizeTrend::NotComparable => "not_comparable",
                SizeTrend::Unknown => "size_unknown",
                SizeTrend::Grown => "grown",
                SizeTrend::Unchanged => "unchanged",
                SizeTrend::Smaller => "smaller",
            }),
            Self::FollowUp => facts.follow_up.map_or(NONE, |_| "planned"),
            Self::Photographs => {
                if facts.photographs > 1 {
                    "several"
                } else {
                    "one"
                }
            }
        }
    }
}

const fn verdicts(kind: ChecklistKind) -> &'static [ChecklistVerdict] {
    use ChecklistVerdict as V;
    match kind {
        ChecklistKind::Abcd => &[V::Benign, V::Suspicious, V::HighlySuspicious],
        ChecklistKind::SevenPoint | ChecklistKind::Menzies => &[V::NotMelanoma, V::Melanoma],
        ChecklistKind::WeightedSevenPoint => &[V::NoReferral, V::Refer],
        ChecklistKind::Abcde => &[V::NoWarningSign, V::WarningSigns],
    }
}

const fn word_of(verdict: ChecklistVerdict) -> &'static str {
    use ChecklistVerdict as V;
    match verdict {
        V::Benign => "benign",
        V::Suspicious => "suspicious",
        V::HighlySuspicious => "highly_suspicious",
        V::NotMelanoma => "not_melanoma",
        V::Melanoma => "melanoma",
        V::NoReferral => "no_referral",
        V::Refer => "refer",
        V::NoWarningSign => "no_warning_sign",
        V::WarningSigns => "warning_signs",
    }
}

/// `topic: word | word` or `topic: not word | word`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub topic: Topic,
    pub not: bool,
    pub words: Vec<&'static str>,
}

impl Condition {
    pub fn holds(&self, facts: &TextFacts) -> bool {
        self.words.contains(&self.topic.word(facts)) != self.not
    }
}
