//! Readings held against what was found, one reading a lesion.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Calibration, FOLLOWED, Opinion, Proportion, ReadFirstFigures, Roc, Truth, TruthBasis, calibration, count,
    read_first, roc,
};
use crate::analysis::{Band, Gate};
use crate::id::{AnalysisId, LesionId, PatientId};
use crate::image::ImageKind;
use crate::lesion::BodySite;
use crate::model::ModelIdentity;
use crate::patient::{FitzpatrickType, Sex};
use crate::similar::AgeBand;

/// Rows of the confusion matrix that are no class: the gate named none, or the picture was not assessed.
pub const NO_CLASS: &str = "no_class";
pub const NOT_ASSESSED: &str = "not_assessed";

/// One lesion: the last reading before it was known what it is, and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyCase {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis_id: AnalysisId,
    /// Day of the reading.
    pub read_on: Date,
    pub gate: Gate,
    pub band: Band,
    /// What the reading says, as an opinion beside that of the clinician.
    pub reading: Opinion,
    pub malignant_sum: f64,
    pub model: ModelIdentity,
    /// Of the first photograph.
    pub kind: ImageKind,
    pub sex: Sex,
    /// Completed years on the day of the reading.
    pub age: i16,
    pub skin_type: Option<FitzpatrickType>,
    pub site: BodySite,
    pub truth: Truth,
    /// What the clinician committed before the reading was shown.
    pub before: Option<Opinion>,
    /// What the clinician decided on the reading before the truth was known.
    pub after: Option<Opinion>,
}

impl StudyCase {
    /// Whether the reading asks for something to be done; nothing for a picture that was not assessed.
    #[must_use]
    pub fn is_positive(&self) -> Option<bool> {
        self.is_assessed().then_some(self.band != Band::Benign)
    }

    #[must_use]
    pub fn is_assessed(&self) -> bool {
        self.gate != Gate::OutOfDistribution
    }

    /// The row of the confusion matrix.
    #[must_use]
    pub fn row(&self) -> &str {
        if self.is_assessed() { self.reading.class.as_deref().unwrap_or(NO_CLASS) } else { NOT_ASSESSED }
    }

    /// The subgroup that the lesion is in.
    #[must_use]
    pub fn key(&self, grouping: Grouping) -> String {
        match grouping {
            Grouping::Class => self.truth.column.clone(),
            Grouping::Sex => word(&self.sex),
            Grouping::Age => AgeBand::of(self.age).map_or_else(String::new, |band| band.from.to_string()),
            Grouping::SkinType => self.skin_type.as_ref().map_or_else(|| "unknown".to_owned(), word),
            Grouping::Site => word(&self.site),
            Grouping::Model => self.model.sha256.clone(),
            Grouping::Kind => word(&self.kind),
        }
    }

    /// The malignant sum with the truth, where both count.
    pub(super) fn score(&self) -> Option<(f64, bool)> {
        self.is_assessed().then(|| Some((self.malignant_sum, self.truth.malignant?)))?
    }
}

fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// By what lesions are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// What was found.
    Class,
    Sex,
    Age,
    SkinType,
    Site,
    Model,
    Kind,
}

impl Grouping {
    pub const ALL: [Self; 7] =
        [Self::Class, Self::Sex, Self::Age, Self::SkinType, Self::Site, Self::Model, Self::Kind];
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StudyCounts {
    pub lesions: u32,
    pub by_histology: u32,
    pub by_follow_up: u32,
    /// Malignant and benign ones that were assessed: what the figures rest on.
    pub malignant: u32,
    pub benign: u32,
    /// Left out: the pathologist leaves it open.
    pub uncertain: u32,
    /// Left out: the picture was unlike any lesion, and the reading says nothing.
    pub not_assessed: u32,
}

/// Rows are what the reading named, columns what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Confusion {
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    pub cells: Vec<Vec<u32>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutcomeCounts {
    pub true_positive: u32,
    pub false_positive: u32,
    pub true_negative: u32,
    pub false_negative: u32,
}

impl OutcomeCounts {
    fn of<'a>(cases: impl Iterator<Item = &'a StudyCase>, from: Band) -> Self {
        let mut counts = Self::default();
        for case in cases.filter(|case| case.is_assessed()) {
            let Some(truth) = case.truth.malignant else { continue };
            *(match (case.band >= from, truth) {
                (true, true) => &mut counts.true_positive,
                (true, false) => &mut counts.false_positive,
                (false, false) => &mut counts.true_negative,
                (false, true) => &mut counts.false_negative,
            }) += 1;
        }
        counts
    }

    fn sensitivity(self) -> Proportion {
        Proportion::judged(self.true_positive, self.true_positive + self.false_negative)
    }

    fn specificity(self) -> Proportion {
        Proportion::judged(self.true_negative, self.true_negative + self.false_positive)
    }
}

/// What a lesion counts as called malignant from this band on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ThresholdFigures {
    pub from: Band,
    pub counts: OutcomeCounts,
    pub sensitivity: Proportion,
    pub specificity: Proportion,
    /// They hold for lesions as often malignant as these.
    pub positive_predictive: Proportion,
    pub negative_predictive: Proportion,
}

impl ThresholdFigures {
    fn of(cases: &[&StudyCase], from: Band) -> Self {
        let counts = OutcomeCounts::of(cases.iter().copied(), from);
        Self {
            from,
            counts,
            sensitivity: counts.sensitivity(),
            specificity: counts.specificity(),
            positive_predictive: Proportion::judged(
                counts.true_positive,
                counts.true_positive + counts.false_positive,
            ),
            negative_predictive: Proportion::judged(
                counts.true_negative,
                counts.true_negative + counts.false_negative,
            ),
        }
    }
}

/// Lesions of one kind, called malignant from the suspicious band on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Subgroup {
    pub grouping: Grouping,
    pub key: String,
    pub malignant: u32,
    pub benign: u32,
    pub sensitivity: Proportion,
    pub specificity: Proportion,
    /// Area under the curve, where there are enough of both.
    pub auc: Option<f64>,
    pub auc_interval: Option<super::Interval>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Performance {
    pub counts: StudyCounts,
    pub confusion: Confusion,
    pub thresholds: Vec<ThresholdFigures>,
    pub roc: Option<Roc>,
    pub calibration: Option<Calibration>,
    pub subgroups: Vec<Subgroup>,
    pub read_first: ReadFirstFigures,
}

/// Every figure over the cases.
#[must_use]
pub fn performance(cases: &[&StudyCase]) -> Performance {
    let scores: Vec<(f64, bool)> = cases.iter().filter_map(|case| case.score()).collect();
    Performance {
        counts: counted(cases),
        confusion: confusion(cases),
        thresholds: [Band::Suspicious, Band::Malignant]
            .map(|from| ThresholdFigures::of(cases, from))
            .to_vec(),
        roc: roc(&scores),
        calibration: calibration(&scores),
        subgroups: Grouping::ALL.into_iter().flat_map(|grouping| subgroups(cases, grouping)).collect(),
        read_first: read_first(cases),
    }
}

fn counted(cases: &[&StudyCase]) -> StudyCounts {
    let number =
        |wanted: &dyn Fn(&StudyCase) -> bool| count(cases.iter().filter(|case| wanted(case)).count());
    StudyCounts {
        lesions: count(cases.len()),
        by_histology: number(&|case| case.truth.basis == TruthBasis::Histology),
        by_follow_up: number(&|case| case.truth.basis == TruthBasis::FollowUp),
        malignant: number(&|case| case.score().is_some_and(|(_, truth)| truth)),
        benign: number(&|case| case.score().is_some_and(|(_, truth)| !truth)),
        uncertain: number(&|case| case.truth.malignant.is_none()),
        not_assessed: number(&|case| !case.is_assessed() && case.truth.malignant.is_some()),
    }
}

/// Classes of the shipped model in its order, then others, then what is no class.
fn place(word: &str) -> (usize, &str) {
    const KNOWN: [&str; 8] = ["mel", "bcc", "scc", "ak", "nv", "bkl", "df", "vasc"];
    const LAST: [&str; 6] = [
        super::OTHER_MALIGNANT,
        super::OTHER_BENIGN,
        super::OTHER_UNCERTAIN,
        FOLLOWED,
        NO_CLASS,
        NOT_ASSESSED,
    ];
    let known = KNOWN.iter().position(|known| *known == word);
    let last = LAST.iter().position(|last| *last == word).map(|at| KNOWN.len() + 1 + at);
    (known.or(last).unwrap_or(KNOWN.len()), word)
}

fn confusion(cases: &[&StudyCase]) -> Confusion {
    let mut cells: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for case in cases {
        *cells.entry((case.row(), case.truth.column.as_str())).or_default() += 1;
    }
    let sorted = |mut words: Vec<&str>| -> Vec<String> {
        words.sort_by(|a, b| place(a).cmp(&place(b)));
        words.dedup();
        words.into_iter().map(str::to_owned).collect()
    };
    let rows = sorted(cells.keys().map(|(row, _)| *row).collect());
    let columns = sorted(cells.keys().map(|(_, column)| *column).collect());
    let cell = |row: &String, column: &String| {
        cells.get(&(row.as_str(), column.as_str())).copied().unwrap_or_default()
    };
    let cells = rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect();
    Confusion { rows, columns, cells }
}

fn subgroups(cases: &[&StudyCase], grouping: Grouping) -> Vec<Subgroup> {
    let mut groups: BTreeMap<String, Vec<&StudyCase>> = BTreeMap::new();
    for case in cases {
        groups.entry(case.key(grouping)).or_default().push(case);
    }
    let mut found: Vec<Subgroup> =
        groups.into_iter().map(|(key, cases)| subgroup(grouping, key, &cases)).collect();
    if grouping == Grouping::Class {
        found.sort_by(|a, b| place(&a.key).cmp(&place(&b.key)));
    }
    found
}

fn subgroup(grouping: Grouping, key: String, cases: &[&StudyCase]) -> Subgroup {
    let figures = ThresholdFigures::of(cases, Band::Suspicious);
    let scores: Vec<(f64, bool)> = cases.iter().filter_map(|case| case.score()).collect();
    let curve = roc(&scores);
    Subgroup {
        grouping,
        key,
        malignant: figures.sensitivity.of,
        benign: figures.specificity.of,
        sensitivity: figures.sensitivity,
        specificity: figures.specificity,
        auc: curve.as_ref().map(|curve| curve.auc),
        auc_interval: curve.and_then(|curve| curve.interval),
    }
}
