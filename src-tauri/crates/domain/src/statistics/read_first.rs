//! What clinicians said alone, what the reading said, and what they said after it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Proportion, StudyCase, count};
use crate::model::Malignancy;

/// What somebody takes a lesion for; nothing where it is left open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    pub malignancy: Option<Malignancy>,
    /// Code of a class of the model.
    pub class: Option<String>,
}

impl Opinion {
    /// Whether it asks for something to be done: malignant, or about to become so.
    #[must_use]
    pub fn is_positive(&self) -> Option<bool> {
        self.malignancy.map(|malignancy| malignancy != Malignancy::Benign)
    }
}

/// Two ways to judge the same lesions: how often one alone is right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PairedTest {
    pub first_alone_right: u32,
    pub second_alone_right: u32,
    /// Two-sided; nothing where the two never differ.
    pub p: Option<f64>,
}

/// One step of the examination.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StepFigures {
    pub sensitivity: Proportion,
    pub specificity: Proportion,
}

/// How clinicians changed their mind after they had seen the reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Changes {
    pub to_malignant: u32,
    pub to_benign: u32,
    /// From wrong to right.
    pub helped: u32,
    /// From right to wrong.
    pub harmed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReadFirstFigures {
    /// Lesions with an impression before the reading, a reading, and a decision after it.
    pub lesions: u32,
    pub malignant: u32,
    pub alone: StepFigures,
    pub reading: StepFigures,
    pub after: StepFigures,
    /// Clinician alone against the reading, among malignant and among benign lesions.
    pub alone_and_reading: [PairedTest; 2],
    /// Clinician alone against clinician after the reading.
    pub alone_and_after: [PairedTest; 2],
    pub changes: Changes,
}

/// Figures of the lesions in which all three said something.
#[must_use]
pub fn read_first(cases: &[&StudyCase]) -> ReadFirstFigures {
    let triples: Vec<Triple> = cases.iter().filter_map(|case| Triple::of(case)).collect();
    let of = |truth: bool| triples.iter().filter(move |triple| triple.truth == truth);
    let step = |said: fn(&Triple) -> bool| {
        let right = |truth: bool| {
            let hits = of(truth).filter(|triple| said(triple) == truth).count();
            Proportion::judged(count(hits), count(of(truth).count()))
        };
        StepFigures { sensitivity: right(true), specificity: right(false) }
    };
    let tested = |second: fn(&Triple) -> bool| {
        [true, false].map(|truth| {
            let alone = |first: bool| {
                of(truth).filter(|t| (t.alone == truth) == first && (second(t) == truth) != first).count()
            };
            mcnemar(count(alone(true)), count(alone(false)))
        })
    };
    let mut changes = Changes::default();
    for triple in triples.iter().filter(|triple| triple.alone != triple.after) {
        *(if triple.after { &mut changes.to_malignant } else { &mut changes.to_benign }) += 1;
        *(if triple.after == triple.truth { &mut changes.helped } else { &mut changes.harmed }) += 1;
    }
    ReadFirstFigures {
        lesions: count(triples.len()),
        malignant: count(of(true).count()),
        alone: step(|triple| triple.alone),
        reading: step(|triple| triple.reading),
        after: step(|triple| triple.after),
        alone_and_reading: tested(|triple| triple.reading),
        alone_and_after: tested(|triple| triple.after),
        changes,
    }
}

/// The three opinions of a lesion whose truth is known, as positive or not.
pub(super) struct Triple {
    pub alone: bool,
    pub reading: bool,
    pub after: bool,
    pub truth: bool,
}

impl Triple {
    pub fn of(case: &StudyCase) -> Option<Self> {
        Some(Self {
            alone: case.before.as_ref()?.is_positive()?,
            reading: case.is_positive()?,
            after: case.after.as_ref()?.is_positive()?,
            truth: case.truth.malignant?,
        })
    }
}

/// The exact test of two paired shares (McNemar, Psychometrika 1947;12:153–157), by the binomial distribution.
#[must_use]
pub fn mcnemar(first_alone_right: u32, second_alone_right: u32) -> PairedTest {
    let n = first_alone_right + second_alone_right;
    let fewer = first_alone_right.min(second_alone_right);
    let p = (n > 0).then(|| {
        // In logarithms: half to the power of some thousand is nothing to a float.
        let mut ways = 0.0_f64;
        let mut tail = 0.0_f64;
        for k in 0..=fewer {
            if k > 0 {
                ways += f64::from(n - k + 1).ln() - f64::from(k).ln();
            }
            tail += (ways - f64::from(n) * std::f64::consts::LN_2).exp();
        }
        (2.0 * tail).min(1.0)
    });
    PairedTest { first_alone_right, second_alone_right, p }
}
