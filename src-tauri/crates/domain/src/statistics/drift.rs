//! Whether what comes in, and what the model makes of it, is still what it was.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::calibration::bin_of;
use super::{NO_CLASS, Proportion};
use crate::analysis::{Band, Gate};
use crate::quality::{QualityCode, QualityReport};

/// Tenths of the malignant sum.
pub const SUM_BINS: usize = 10;
/// Fifths of the quality score.
const QUALITY_BINS: usize = 5;
/// From here on the two distributions differ in a way that asks for a look (Siddiqi, *Credit Risk Scorecards*,
/// Wiley 2006).
pub const PSI_WARNING: f64 = 0.2;
/// What chance alone brings on average must be well below the warning.
const MOST_BY_CHANCE: f64 = 0.1;

/// What readings of one month said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DriftTally {
    pub readings: u32,
    pub outside: u32,
    bands: [u32; 3],
    sum: f64,
    bins: [u32; SUM_BINS],
    classes: BTreeMap<String, u32>,
    models: BTreeMap<String, u32>,
}

impl DriftTally {
    /// A picture unlike any lesion counts as that alone: the other figures of its reading say nothing.
    pub fn add(&mut self, gate: Gate, band: Band, class: Option<&str>, malignant_sum: f64, model: &str) {
        self.readings += 1;
        raise(&mut self.models, model);
        if gate == Gate::OutOfDistribution {
            self.outside += 1;
            return;
        }
        self.bands[band as usize] += 1;
        self.sum += malignant_sum;
        self.bins[bin_of(malignant_sum)] += 1;
        raise(&mut self.classes, class.unwrap_or(NO_CLASS));
    }

    fn assessed(&self) -> u32 {
        self.readings - self.outside
    }

    fn absorb(&mut self, other: &Self) {
        self.readings += other.readings;
        self.outside += other.outside;
        self.sum += other.sum;
        self.bands.iter_mut().zip(other.bands).for_each(|(own, other)| *own += other);
        self.bins.iter_mut().zip(other.bins).for_each(|(own, other)| *own += other);
        for (own, others) in [(&mut self.classes, &other.classes), (&mut self.models, &other.models)] {
            for (word, more) in others {
                *own.entry(word.clone()).or_default() += more;
            }
        }
    }
}

/// Reads without making a new text for a word that is there.
fn raise(words: &mut BTreeMap<String, u32>, word: &str) {
    match words.get_mut(word) {
        Some(number) => *number += 1,
        None => {
            words.insert(word.to_owned(), 1);
        }
    }
}

/// What was measured on a sample of the photographs of one month.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QualityTally {
    photographs: u32,
    score: f64,
    bins: [u32; QUALITY_BINS],
    measured: BTreeMap<&'static str, (f64, u32)>,
}

impl QualityTally {
    pub fn add(&mut self, report: &QualityReport) {
        self.photographs += 1;
        self.score += report.score;
        let bin = ((report.score * QUALITY_BINS as f64) as usize).min(QUALITY_BINS - 1);
        self.bins[bin] += 1;
        for check in &report.checks {
            let figure = match check.code {
                QualityCode::Blurred => "sharpness",
                QualityCode::TooDark => "grey",
                QualityCode::LowContrast => "contrast",
                _ => continue,
            };
            let (sum, number) = self.measured.entry(figure).or_default();
            *sum += check.value;
            *number += 1;
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.photographs += other.photographs;
        self.score += other.score;
        self.bins.iter_mut().zip(other.bins).for_each(|(own, other)| *own += other);
        for (figure, (sum, number)) in &other.measured {
            let own = self.measured.entry(figure).or_default();
            own.0 += sum;
            own.1 += number;
        }
    }

    fn figures(&self) -> QualityFigures {
        let mean = |sum: f64, number: u32| (number > 0).then(|| sum / f64::from(number));
        let measured = |figure| self.measured.get(figure).and_then(|(sum, number)| mean(*sum, *number));
        QualityFigures {
            photographs: self.photographs,
            score: mean(self.score, self.photographs),
            sharpness: measured("sharpness"),
            grey: measured("grey"),
            contrast: measured("contrast"),
        }
    }
}

/// Means over the sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QualityFigures {
    pub photographs: u32,
    pub score: Option<f64>,
    /// Variance of the Laplacian.
    pub sharpness: Option<f64>,
    /// Mean grey level.
    pub grey: Option<f64>,
    /// Standard deviation of the grey level.
    pub contrast: Option<f64>,
}

/// Stability indices against the reference; nothing where there are too few to tell drift from chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct StabilityFigures {
    pub malignant_sum: Option<f64>,
    pub class: Option<f64>,
    pub quality: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DriftMonth {
    /// Year and month, such as 2026-03.
    pub month: String,
    pub readings: u32,
    /// Share of pictures unlike any lesion.
    pub outside: Proportion,
    /// Readings in the benign, the suspicious and the malignant band.
    pub bands: [u32; 3],
    pub mean_malignant_sum: Option<f64>,
    pub classes: BTreeMap<String, u32>,
    /// Readings by SHA-256 of the model.
    pub models: BTreeMap<String, u32>,
    /// A model that had not read before.
    pub new_models: Vec<String>,
    pub quality: QualityFigures,
    pub stability: StabilityFigures,
    /// One of the indices is above the limit.
    pub warns: bool,
    pub in_reference: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DriftReport {
    /// Oldest first; a month without readings and photographs is among them.
    pub months: Vec<DriftMonth>,
    /// The months that the others are held against.
    pub reference: Vec<String>,
    pub reference_readings: u32,
}

/// Figures of months, oldest first, held against those of the reference.
#[must_use]
pub fn drift(months: &[(String, DriftTally, QualityTally)], reference: &[String]) -> DriftReport {
    let mut before = DriftTally::default();
    let mut pictures = QualityTally::default();
    for (month, tally, quality) in months {
        if reference.contains(month) {
            before.absorb(tally);
            pictures.absorb(quality);
        }
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let months = months
        .iter()
        .map(|(month, tally, quality)| {
            let in_reference = reference.contains(month);
            let stability = if in_reference {
                StabilityFigures::default()
            } else {
                stability(tally, quality, &before, &pictures)
            };
            let indices = [stability.malignant_sum, stability.class, stability.quality];
            // The first model of all is no change.
            let first = known.is_empty();
            let fresh = tally.models.keys().filter(|model| known.insert(model.as_str()) && !first);
            DriftMonth {
                month: month.clone(),
                readings: tally.readings,
                outside: Proportion::judged(tally.outside, tally.readings),
                bands: tally.bands,
                mean_malignant_sum: (tally.assessed() > 0).then(|| tally.sum / f64::from(tally.assessed())),
                classes: tally.classes.clone(),
                models: tally.models.clone(),
                new_models: fresh.cloned().collect(),
                quality: quality.figures(),
                stability,
                warns: indices.into_iter().flatten().any(|index| index > PSI_WARNING),
                in_reference,
            }
        })
        .collect();
    DriftReport { months, reference: reference.to_vec(), reference_readings: before.readings }
}

fn stability(
    tally: &DriftTally,
    quality: &QualityTally,
    before: &DriftTally,
    pictures: &QualityTally,
) -> StabilityFigures {
    let words: BTreeSet<&String> = tally.classes.keys().chain(before.classes.keys()).collect();
    let by_class = |tally: &DriftTally| -> Vec<u32> {
        words.iter().map(|word| tally.classes.get(*word).copied().unwrap_or_default()).collect()
    };
    StabilityFigures {
        malignant_sum: stability_index(&before.bins, &tally.bins),
        class: stability_index(&by_class(before), &by_class(tally)),
        quality: stability_index(&pictures.bins, &quality.bins),
    }
}

/// The population stability index of two counts over the same bins (the divergence of Jeffreys, Proc R Soc A
/// 1946;186:453–461), with half a case added to every bin so that an empty one does not make it infinite.
///
/// Nothing where chance alone would bring more than 0.1 on average, by `(bins - 1) (1/n + 1/m)` (Yurdakul,
/// *Statistical Properties of Population Stability Index*, Western Michigan University 2018).
#[must_use]
pub fn stability_index(before: &[u32], now: &[u32]) -> Option<f64> {
    let used: Vec<(f64, f64)> = before
        .iter()
        .zip(now)
        .filter(|(before, now)| **before > 0 || **now > 0)
        .map(|(before, now)| (f64::from(*before), f64::from(*now)))
        .collect();
    let (n, m) = used.iter().fold((0.0, 0.0), |(n, m), (before, now)| (n + before, m + now));
    let bins = used.len() as f64;
    if n == 0.0 || m == 0.0 || (bins - 1.0).max(1.0) * (1.0 / n + 1.0 / m) > MOST_BY_CHANCE {
        return None;
    }
    let share = |number: f64, of: f64| (number + 0.5) / (of + 0.5 * bins);
    Some(used.iter().map(|(b, a)| (share(*a, m) - share(*b, n)) * (share(*a, m) / share(*b, n)).ln()).sum())
}
