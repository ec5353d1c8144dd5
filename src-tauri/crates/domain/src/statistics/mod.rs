//! How readings and clinicians did against what was found: pure figures over cases, with their intervals.
//!
//! Every interval is two-sided at 95 %. A figure that rests on fewer than [`LEAST`] lesions is not given; its
//! counts are.

mod agreement;
mod calibration;
mod choice;
mod drift;
mod performance;
mod proportion;
mod read_first;
mod roc;
#[cfg(test)]
mod tests;
mod truth;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use agreement::{AgreementFigures, Kappa, OpinionPair, kappa, opinions_agree};
pub use calibration::{Calibration, CalibrationBin, calibration};
pub use choice::{AgreementChoice, CaseChoice, ReadFirstChoice};
pub use drift::{
    DriftMonth, DriftReport, DriftTally, PSI_WARNING, QualityFigures, QualityTally, StabilityFigures, drift,
    stability_index,
};
pub use performance::{
    Confusion, Grouping, NO_CLASS, NOT_ASSESSED, OutcomeCounts, Performance, StudyCase, StudyCounts,
    Subgroup, ThresholdFigures, performance,
};
pub use proportion::{Proportion, wilson};
pub use read_first::{Changes, Opinion, PairedTest, ReadFirstFigures, StepFigures, mcnemar, read_first};
pub use roc::{Roc, RocPoint, roc};
pub use truth::{FOLLOWED, OTHER_BENIGN, OTHER_MALIGNANT, OTHER_UNCERTAIN, Truth, TruthBasis, class_of};

/// Fewest lesions that a share rests on, and fewest malignant and benign ones each for a curve.
pub const LEAST: u32 = 10;
/// Months of follow-up without change after which a lesion counts as benign, unless the clinic says otherwise.
pub const DEFAULT_FOLLOW_UP_MONTHS: u32 = 12;
/// The limits of that setting.
pub const FOLLOW_UP_MONTHS: (u32, u32) = (6, 60);

/// The quantile of the normal distribution for two-sided 95 %.
const Z: f64 = 1.959_963_984_540_054;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    fn around(value: f64, error: f64, (least, most): (f64, f64)) -> Self {
        Self { low: (value - Z * error).max(least), high: (value + Z * error).min(most) }
    }
}

/// A count as `u32`; no clinic has more.
fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
