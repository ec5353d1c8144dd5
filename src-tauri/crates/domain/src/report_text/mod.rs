//! Text that is proposed for the conclusion of a report, and where it came from.
//!
//! A [`Template`] is plain text with conditions and placeholders; writing it from [`TextFacts`] is a pure
//! function. What it says is a draft: the clinician's own word stands above it.

mod built_in;
mod condition;
mod facts;
mod placeholder;
mod speech;
mod template;
mod terms;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{AnalysisId, PatientId, ReportProposalId};

pub use built_in::{BUILT_IN, BuiltIn, built_in};
pub use condition::Topic;
pub use facts::{SizeTrend, TextChecklist, TextComparison, TextFacts, TextMeasures};
pub use placeholder::Placeholder;
pub use speech::{date, percent};
pub use template::{FaultKind, LONGEST_TEMPLATE, Template, TemplateFault};

/// Languages that a report's text can be proposed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TextLanguage {
    En,
    De,
    Es,
}

impl TextLanguage {
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Es];

    /// English name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "German",
            Self::Es => "Spanish",
        }
    }

    /// Code of ISO 639-1.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
        }
    }
}

/// A template's text in each language; empty where it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateTexts {
    pub en: String,
    pub de: String,
    pub es: String,
}

impl TemplateTexts {
    #[must_use]
    pub fn of(&self, language: TextLanguage) -> &str {
        match language {
            TextLanguage::En => &self.en,
            TextLanguage::De => &self.de,
            TextLanguage::Es => &self.es,
        }
    }

    /// The languages that it has.
    pub fn languages(&self) -> impl Iterator<Item = TextLanguage> {
        TextLanguage::ALL.into_iter().filter(|language| !self.of(*language).trim().is_empty())
    }
}

/// Whose words a template has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TemplateState {
    /// Those of the clinic.
    Own,
    /// Those of the program.
    BuiltIn,
    /// It is not offered any more.
    Removed,
}

/// Who wrote a proposed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TextSource {
    Template {
        key: String,
        name: String,
        version: u32,
        language: TextLanguage,
    },
    /// A language model on a server of the clinic.
    LanguageModel {
        model: String,
        host: String,
        language: TextLanguage,
    },
}

/// A text that was proposed for the report on a reading, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportProposal {
    pub id: ReportProposalId,
    pub patient_id: PatientId,
    pub analysis_id: AnalysisId,
    pub source: TextSource,
    pub text: String,
    /// It was turned down; no report takes it any more.
    pub refused: bool,
}

/// What a person made of a proposed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TextStanding {
    /// It stands word for word, and nobody has accepted it: such a report is not signed.
    Unread,
    /// It stands word for word, and a clinician accepted it.
    Accepted,
    /// A clinician changed it.
    Edited,
}

/// Where the conclusion of a report came from; nothing where it was written by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextOrigin {
    pub proposal_id: ReportProposalId,
    pub source: TextSource,
    pub standing: TextStanding,
}

impl TextOrigin {
    /// The origin of a conclusion that began with a proposal. `accepted` is what the clinician said of the words
    /// as they were proposed; changing them is an acceptance of its own.
    #[must_use]
    pub fn of(proposal: &ReportProposal, conclusion: &str, accepted: bool) -> Self {
        let standing = match (conclusion.contains(proposal.text.trim()), accepted) {
            (false, _) => TextStanding::Edited,
            (true, true) => TextStanding::Accepted,
            (true, false) => TextStanding::Unread,
        };
        Self { proposal_id: proposal.id, source: proposal.source.clone(), standing }
    }
}

#[cfg(test)]
mod tests;
