//! Versions of the classifier: what a file holds, why one is refused, and how two of them compare.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::{Band, Gate, HeatmapState};
use crate::model::ModelIdentity;

/// Cases with histology that a class needs before its recall is held against the floor.
pub const LEAST_CASES: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelVersionState {
    /// Added; it has not been tried out, or was refused.
    Candidate,
    /// It ran in a process of its own and gave sound numbers.
    Checked,
    Active,
    /// The one before the active one: what a roll-back brings back.
    Previous,
    /// Taken out of use for good.
    Retired,
}

/// A tensor that goes in or comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OnnxTensor {
    pub name: String,
    /// Null for a side that the file leaves open.
    pub shape: Vec<Option<u32>>,
}

/// What an ONNX file says of itself, before anything of it is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OnnxOutline {
    pub producer: String,
    pub opset: Option<u32>,
    pub inputs: Vec<OnnxTensor>,
    pub outputs: Vec<OnnxTensor>,
    /// Names of the operators, each once.
    pub operators: Vec<String>,
    #[ts(type = "number")]
    pub constant_bytes: u64,
}

/// The last spatial map, from which heatmaps and features come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FeatureMap {
    pub channels: u32,
    pub width: u32,
    pub height: u32,
}

/// A built-in picture, and the calibrated probabilities in the order of the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrialReading {
    pub picture: String,
    pub probabilities: Vec<f64>,
}

/// What a version showed when it ran for the first time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelTrial {
    pub outline: OnnxOutline,
    pub map: Option<FeatureMap>,
    pub heatmap: HeatmapState,
    /// Where the network was split, or what stood in the way.
    pub note: String,
    /// Reference readings: the self-test holds later ones against them.
    pub readings: Vec<TrialReading>,
    pub reading_ms: f64,
}

/// Why a file or card is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelRefusalReason {
    Empty,
    /// The file is a pointer of git LFS, not the model.
    LfsPointer,
    /// No ONNX file, or one that is cut off.
    Unreadable,
    TooLarge,
    /// Constants lie in files of their own.
    ExternalTensors,
    ConstantsTooLarge,
    /// A loop has no bound that could be looked at.
    Loop,
    /// Operators that cannot be run here.
    Operators,
    /// The network must take exactly one picture.
    Inputs,
    /// The file's input has another size or layout than the card says.
    InputShape,
    OutputMissing,
    /// The network gives another number of classes than the card names.
    Classes,
    NotFinite,
    /// Every picture gives the same numbers.
    ConstantOutput,
    /// The card speaks of probabilities, and the numbers are none.
    NotProbabilities,
    Memory,
    Time,
    /// The process that tried it ended without an answer.
    Crashed,
    CannotRun,
    Card,
    /// The file is not the one that the card's hash speaks of.
    HashMismatch,
    NoveltyMissing,
    Novelty,
    /// The same file with the same card is there already.
    Duplicate,
    /// None of the chosen files is an ONNX file, or more than one.
    NoNetwork,
    /// It has not been tried out, or was refused.
    NotChecked,
    /// It was not held against the version that is in use now.
    NotCompared,
    /// There is no version to go back to.
    NothingBefore,
}

/// A refusal with the names and figures that explain it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelRefusal {
    pub reason: ModelRefusalReason,
    /// Operators, tensors or fields of the card.
    #[serde(default)]
    pub names: Vec<String>,
    #[serde(default)]
    pub expected: Option<String>,
    #[serde(default)]
    pub found: Option<String>,
}

impl ModelRefusal {
    #[must_use]
    pub const fn new(reason: ModelRefusalReason) -> Self {
        Self { reason, names: vec![], expected: None, found: None }
    }

    #[must_use]
    pub fn naming(self, names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().collect(), ..self }
    }

    #[must_use]
    pub fn but(self, expected: impl ToString, found: impl ToString) -> Self {
        Self { expected: Some(expected.to_string()), found: Some(found.to_string()), ..self }
    }
}

/// The one line that the process in which a version is tried out answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum TrialAnswer {
    Described { outline: OnnxOutline },
    Sound { trial: Box<ModelTrial> },
    Refused { refusal: ModelRefusal },
}

/// What a version says of one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Opinion {
    /// Code of the class with the largest probability, named or not.
    pub top: String,
    pub probability: f64,
    pub malignant_sum: f64,
    pub gate: Gate,
    pub band: Band,
}

/// A picture of the golden set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GoldenPicture {
    Phantom {
        name: String,
    },
    /// A photograph of the clinic, by its place in the golden set of that day: a comparison outlives the record.
    Photograph {
        number: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ComparedPicture {
    pub picture: GoldenPicture,
    /// Code of the class that histology found.
    pub truth: Option<String>,
    /// Null where the version in use cannot be loaded.
    pub old: Option<Opinion>,
    pub new: Opinion,
}

/// How many lesions of a class a version finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassRecall {
    pub code: String,
    pub cases: u32,
    /// 0 to 1; null where the version in use cannot be loaded.
    pub old: Option<f64>,
    pub new: f64,
    /// Too few cases to judge the class by.
    pub too_few: bool,
    pub below_floor: bool,
}

/// The golden set read by the version in use and by another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelComparison {
    pub against: Option<ModelIdentity>,
    /// Share of the lesions of a class that must be found for the class to be named.
    pub floor: f64,
    pub pictures: Vec<ComparedPicture>,
    /// Pictures with the same leading class, and those with the same band.
    pub same_class: u32,
    pub same_band: u32,
    /// Largest difference of the malignant sum.
    pub largest_shift: f64,
    pub recall: Vec<ClassRecall>,
    /// Marked photographs that could not be read: consent was withdrawn, or the file is damaged.
    pub left_out: u32,
}

impl ModelComparison {
    /// Sums up what both said.
    #[must_use]
    pub fn of(
        against: Option<ModelIdentity>,
        floor: f64,
        pictures: Vec<ComparedPicture>,
        left_out: u32,
    ) -> Self {
        let both = || pictures.iter().filter_map(|picture| Some((picture.old.as_ref()?, &picture.new)));
        let count = |same: &dyn Fn(&Opinion, &Opinion) -> bool| {
            u32::try_from(both().filter(|(old, new)| same(old, new)).count()).unwrap_or(u32::MAX)
        };
        let shift = both().map(|(old, new)| (old.malignant_sum - new.malignant_sum).abs());
        Self {
            same_class: count(&|old, new| old.top == new.top),
            same_band: count(&|old, new| old.band == new.band),
            largest_shift: shift.fold(0.0, f64::max),
            recall: recall(&pictures, floor),
            against,
            floor,
            pictures,
            left_out,
        }
    }

    /// Classes that the new version finds too seldom to name them.
    #[must_use]
    pub fn not_named(&self) -> Vec<String> {
        self.recall.iter().filter(|class| class.below_floor).map(|class| class.code.clone()).collect()
    }
}

fn recall(pictures: &[ComparedPicture], floor: f64) -> Vec<ClassRecall> {
    let mut classes: BTreeMap<&str, Vec<&ComparedPicture>> = BTreeMap::new();
    for picture in pictures {
        if let Some(truth) = &picture.truth {
            classes.entry(truth).or_default().push(picture);
        }
    }
    let share = |found: usize, of: usize| found as f64 / of as f64;
    let judged = |(code, cases): (&str, Vec<&ComparedPicture>)| {
        let new = share(cases.iter().filter(|case| case.new.top == code).count(), cases.len());
        let olds: Vec<_> = cases.iter().filter_map(|case| case.old.as_ref()).collect();
        let old = (!olds.is_empty())
            .then(|| share(olds.iter().filter(|said| said.top == code).count(), olds.len()));
        let count = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        let too_few = count < LEAST_CASES;
        let below_floor = !too_few && new < floor;
        ClassRecall { code: code.to_owned(), cases: count, old, new, too_few, below_floor }
    };
    classes.into_iter().map(judged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(top: &str, malignant_sum: f64, band: Band) -> Opinion {
        Opinion { top: top.into(), probability: 0.9, malignant_sum, gate: Gate::Confident, band }
    }

    fn case(truth: Option<&str>, old: &str, new: &str) -> ComparedPicture {
        ComparedPicture {
            picture: GoldenPicture::Phantom { name: "one".into() },
            truth: truth.map(str::to_owned),
            old: Some(opinion(old, 0.5, Band::Malignant)),
            new: opinion(new, 0.2, Band::Suspicious),
        }
    }

    fn compared(floor: f64) -> ModelComparison {
        let pictures = vec![
            case(Some("mel"), "mel", "mel"),
            case(Some("mel"), "mel", "nv"),
            case(Some("mel"), "nv", "nv"),
            case(Some("bcc"), "bcc", "nv"),
            case(None, "nv", "nv"),
        ];
        ModelComparison::of(None, floor, pictures, 0)
    }

    #[test]
    fn recall_is_the_share_found_among_the_cases_of_a_class() {
        let compared = compared(0.5);
        let [bcc, mel] = compared.recall.as_slice() else { panic!("two classes have histology") };
        assert_eq!((mel.cases, mel.old), (3, Some(2.0 / 3.0)));
        assert!((mel.new - 1.0 / 3.0).abs() < 1e-12 && mel.below_floor && !mel.too_few);
        assert!(bcc.too_few && !bcc.below_floor, "one case says nothing");
        assert_eq!(compared.not_named(), ["mel"]);
        assert_eq!((compared.same_class, compared.same_band), (3, 0));
        assert!((compared.largest_shift - 0.3).abs() < 1e-12);
    }

    #[test]
    fn a_class_at_the_floor_is_named() {
        assert!(compared(1.0 / 3.0).not_named().is_empty());
    }
}
