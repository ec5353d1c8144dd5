//! Which lesions stand behind a figure.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::calibration::bin_of;
use super::read_first::Triple;
use super::{Grouping, OpinionPair, StudyCase, TruthBasis};
use crate::analysis::Band;

/// A figure over lesions whose truth is known. All that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CaseChoice {
    pub basis: Option<TruthBasis>,
    /// Malignant or benign ones that were assessed.
    pub malignant: Option<bool>,
    /// Column of the confusion matrix.
    pub found: Option<String>,
    /// Row of it.
    pub said: Option<String>,
    /// The reading is in this band or a worse one.
    pub from: Option<Band>,
    /// The reading is in a better band than this.
    pub below: Option<Band>,
    /// Tenth of the malignant sum, 0 to 9.
    pub bin: Option<u32>,
    pub grouping: Option<Grouping>,
    /// Of that grouping.
    pub key: Option<String>,
    /// The pathologist leaves it open.
    pub uncertain: bool,
    /// The picture was unlike any lesion.
    pub not_assessed: bool,
    pub read_first: Option<ReadFirstChoice>,
}

/// Lesions that were read first, by what was said of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadFirstChoice {
    All,
    AloneRight,
    ReadingRight,
    AfterRight,
    AloneRightReadingWrong,
    ReadingRightAloneWrong,
    Helped,
    Harmed,
    ToMalignant,
    ToBenign,
}

/// Lesions on which clinician and reading both have a word, whatever is known of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgreementChoice {
    All,
    SameMalignancy,
    OtherMalignancy,
    SameClass,
    OtherClass,
}

impl CaseChoice {
    #[must_use]
    pub fn fits(&self, case: &StudyCase) -> bool {
        let scored = case.score();
        self.basis.is_none_or(|basis| case.truth.basis == basis)
            && self.malignant.is_none_or(|wanted| scored.is_some_and(|(_, truth)| truth == wanted))
            && self.found.as_ref().is_none_or(|column| case.truth.column == *column)
            && self.said.as_ref().is_none_or(|row| case.row() == row)
            && self.from.is_none_or(|band| case.is_assessed() && case.band >= band)
            && self.below.is_none_or(|band| case.is_assessed() && case.band < band)
            && self.bin.is_none_or(|bin| scored.is_some_and(|(sum, _)| bin_of(sum) == bin as usize))
            && self.grouping.is_none_or(|grouping| Some(case.key(grouping)) == self.key)
            && (!self.uncertain || case.truth.malignant.is_none())
            && (!self.not_assessed || (!case.is_assessed() && case.truth.malignant.is_some()))
            && self.read_first.is_none_or(|choice| Triple::of(case).is_some_and(|said| choice.fits(&said)))
    }
}

impl ReadFirstChoice {
    const fn fits(self, said: &Triple) -> bool {
        let right = (said.alone == said.truth, said.reading == said.truth, said.after == said.truth);
        match self {
            Self::All => true,
            Self::AloneRight => right.0,
            Self::ReadingRight => right.1,
            Self::AfterRight => right.2,
            Self::AloneRightReadingWrong => right.0 && !right.1,
            Self::ReadingRightAloneWrong => right.1 && !right.0,
            Self::Helped => right.2 && !right.0,
            Self::Harmed => right.0 && !right.2,
            Self::ToMalignant => said.after && !said.alone,
            Self::ToBenign => said.alone && !said.after,
        }
    }
}

impl AgreementChoice {
    #[must_use]
    pub fn fits(self, pair: &OpinionPair) -> bool {
        let malignancy =
            pair.clinician.malignancy.zip(pair.reading.malignancy).map(|(said, read)| said == read);
        let class =
            pair.clinician.class.as_ref().zip(pair.reading.class.as_ref()).map(|(said, read)| said == read);
        match self {
            Self::All => true,
            Self::SameMalignancy => malignancy == Some(true),
            Self::OtherMalignancy => malignancy == Some(false),
            Self::SameClass => class == Some(true),
            Self::OtherClass => class == Some(false),
        }
    }
}
