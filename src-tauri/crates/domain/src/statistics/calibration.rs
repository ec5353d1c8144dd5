//! Whether a stated probability comes true as often as it says.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{LEAST, Proportion, count};

/// Bins of equal width.
const BINS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CalibrationBin {
    pub from: f64,
    pub to: f64,
    /// Mean of what was said in this bin; nothing in an empty one.
    pub said: Option<f64>,
    /// How many of them were malignant.
    pub malignant: Proportion,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Calibration {
    pub bins: Vec<CalibrationBin>,
    /// Expected calibration error: the mean distance between what was said and what came, weighted by bin.
    pub expected_error: f64,
    /// Mean squared distance of what was said from what came.
    pub brier: f64,
}

/// Reliability of probabilities with their truth; nothing with fewer than [`LEAST`] malignant or benign ones.
///
/// The error is that of Naeini et al. (AAAI 2015;29:2901–2907), the score that of Brier (Mon Weather Rev
/// 1950;78:1–3), the intervals Wilson's.
#[must_use]
pub fn calibration(scores: &[(f64, bool)]) -> Option<Calibration> {
    let malignant = count(scores.iter().filter(|(_, truth)| *truth).count());
    let all = count(scores.len());
    if malignant < LEAST || all - malignant < LEAST {
        return None;
    }
    let mut expected_error = 0.0;
    let bins = (0..BINS)
        .map(|at| {
            let within: Vec<&(f64, bool)> = scores.iter().filter(|(score, _)| bin_of(*score) == at).collect();
            let n = within.len() as f64;
            let said = (n > 0.0).then(|| within.iter().map(|(score, _)| score).sum::<f64>() / n);
            let hits = count(within.iter().filter(|(_, truth)| *truth).count());
            let malignant = Proportion::plain(hits, count(within.len()));
            if let (Some(said), Some(came)) = (said, malignant.value) {
                expected_error += (said - came).abs() * n / f64::from(all);
            }
            let edge = |at: usize| at as f64 / BINS as f64;
            CalibrationBin { from: edge(at), to: edge(at + 1), said, malignant }
        })
        .collect();
    let distance = |(score, truth): &(f64, bool)| (score - if *truth { 1.0 } else { 0.0 }).powi(2);
    let brier = scores.iter().map(distance).sum::<f64>() / f64::from(all);
    Some(Calibration { bins, expected_error, brier })
}

/// The tenth that a probability lies in; 1 is in the last.
pub(super) fn bin_of(score: f64) -> usize {
    ((score * BINS as f64) as usize).min(BINS - 1)
}
