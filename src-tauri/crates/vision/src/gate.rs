//! From calibrated probabilities to gate and band: pure functions, nothing hidden.
//!
//! * `top` is the largest calibrated probability, `leading` its class, `sum` the probability of all
//!   malignant classes together. Premalignant classes are not part of the sum.
//! * Gate: outside the known lesions → out of distribution; `top < inconclusive_below` →
//!   inconclusive; `top < strong_at` → uncertain; else confident.
//! * Band of the leading class alone: malignant and `top >= inconclusive_below` → malignant;
//!   premalignant, or malignant below that → suspicious; benign → benign.
//! * Band of the sum alone: `sum >= malignant_sum_at` → malignant; `sum >= suspicious_sum_at` →
//!   suspicious; else benign.
//! * The band is the higher of the two, so a high sum is never shown as harmless, whatever leads.

use crate::card::{Conformal, ConformalMethod, Thresholds};
use domain::analysis::{Band, Gate, PredictionSet};
use domain::model::{Label, Malignancy};

/// Gate, band and what the malignant sum did to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Index of the leading class; the first of equals.
    pub leading: usize,
    pub malignant_sum: f64,
    pub gate: Gate,
    pub band: Band,
    /// The sum put the band above what the leading class alone would give.
    pub malignancy_override: bool,
}

/// Judges calibrated probabilities in label order. `outside` is the verdict of the novelty score.
///
/// `probabilities` and `labels` have one length of at least one; the card check sees to it.
#[must_use]
pub fn judge(probabilities: &[f64], labels: &[Label], thresholds: &Thresholds, outside: bool) -> Verdict {
    let leading = leading(probabilities);
    let top = probabilities[leading];
    let malignant_sum = malignant_sum(probabilities, labels);
    let gate = if outside {
        Gate::OutOfDistribution
    } else if top < thresholds.inconclusive_below {
        Gate::Inconclusive
    } else if top < thresholds.strong_at {
        Gate::Uncertain
    } else {
        Gate::Confident
    };
    let by_class = match labels[leading].malignancy {
        Malignancy::Malignant if top >= thresholds.inconclusive_below => Band::Malignant,
        Malignancy::Malignant | Malignancy::Premalignant => Band::Suspicious,
        Malignancy::Benign => Band::Benign,
    };
    let by_sum = if malignant_sum >= thresholds.malignant_sum_at {
        Band::Malignant
    } else if malignant_sum >= thresholds.suspicious_sum_at {
        Band::Suspicious
    } else {
        Band::Benign
    };
    Verdict {
        leading,
        malignant_sum,
        gate,
        band: by_class.max(by_sum),
        malignancy_override: by_sum > by_class,
    }
}

/// Probability of all malignant classes together, at most 1.
#[must_use]
pub fn malignant_sum(probabilities: &[f64], labels: &[Label]) -> f64 {
    let sum: f64 = probabilities
        .iter()
        .zip(labels)
        .filter(|(_, label)| label.malignancy == Malignancy::Malignant)
        .map(|(p, _)| p)
        .sum();
    sum.min(1.0)
}

/// Index of the largest probability, the first of equals.
#[must_use]
pub fn leading(probabilities: &[f64]) -> usize {
    let mut best = 0;
    for (index, value) in probabilities.iter().enumerate() {
        if *value > probabilities[best] {
            best = index;
        }
    }
    best
}

/// `softmax((logits + bias) / temperature)`, computed around the largest value so that nothing
/// overflows.
#[must_use]
pub fn calibrate(logits: &[f64], bias: Option<&[f64]>, temperature: f64) -> Vec<f64> {
    let scaled: Vec<f64> = logits
        .iter()
        .enumerate()
        .map(|(index, logit)| (logit + bias.map_or(0.0, |bias| bias[index])) / temperature)
        .collect();
    let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scaled.iter().map(|value| (value - largest).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}

/// The labels that together hold the truth with coverage `1 - alpha`, most probable first.
///
/// The set always holds the leading class: an empty set says nothing a clinician could use, and
/// a larger set only raises coverage.
#[must_use]
pub fn prediction_set(probabilities: &[f64], labels: &[Label], conformal: &Conformal) -> PredictionSet {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    let mut mass = 0.0;
    let mut codes = Vec::new();
    for (rank, index) in order.into_iter().enumerate() {
        mass += probabilities[index];
        let belongs = match conformal.method {
            ConformalMethod::Lac => probabilities[index] >= 1.0 - conformal.quantile,
            ConformalMethod::Aps => mass <= conformal.quantile,
        };
        if rank > 0 && !belongs {
            break;
        }
        codes.push(labels[index].code.clone());
    }
    PredictionSet { codes, coverage: 1.0 - conformal.alpha }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const THRESHOLDS: Thresholds =
        Thresholds { inconclusive_below: 0.6, strong_at: 0.8, suspicious_sum_at: 0.2, malignant_sum_at: 0.5 };

    fn labels() -> Vec<Label> {
        [
            ("nv", Malignancy::Benign),
            ("bkl", Malignancy::Benign),
            ("ak", Malignancy::Premalignant),
            ("bcc", Malignancy::Malignant),
            ("mel", Malignancy::Malignant),
        ]
        .map(|(code, malignancy)| Label { code: code.into(), name: code.into(), malignancy })
        .to_vec()
    }

    fn judged(p: [f64; 5]) -> Verdict {
        judge(&p, &labels(), &THRESHOLDS, false)
    }

    #[test]
    fn gate_changes_exactly_at_its_limits() {
        assert_eq!(judged([0.599_999, 0.400_001, 0.0, 0.0, 0.0]).gate, Gate::Inconclusive);
        assert_eq!(judged([0.6, 0.4, 0.0, 0.0, 0.0]).gate, Gate::Uncertain);
        assert_eq!(judged([0.799_999, 0.200_001, 0.0, 0.0, 0.0]).gate, Gate::Uncertain);
        assert_eq!(judged([0.8, 0.2, 0.0, 0.0, 0.0]).gate, Gate::Confident);
        let outside = judge(&[1.0, 0.0, 0.0, 0.0, 0.0], &labels(), &THRESHOLDS, true);
        assert_eq!(outside.gate, Gate::OutOfDistribution);
    }

    #[test]
    fn malignant_mass_raises_the_band_of_a_benign_leader() {
        let verdict = judged([0.7, 0.0, 0.0, 0.1, 0.2]);
        assert_eq!((verdict.band, verdict.malignancy_override), (Band::Suspicious, true));
        let verdict = judged([0.45, 0.0, 0.0, 0.25, 0.3]);
        assert_eq!((verdict.band, verdict.malignancy_override), (Band::Malignant, true));
        assert_eq!(verdict.gate, Gate::Inconclusive);
    }

    #[test]
    fn the_leading_class_alone_is_no_override() {
        let verdict = judged([0.1, 0.05, 0.0, 0.05, 0.8]);
        assert_eq!((verdict.band, verdict.malignancy_override), (Band::Malignant, false));
        let verdict = judged([0.1, 0.0, 0.9, 0.0, 0.0]);
        assert_eq!((verdict.band, verdict.malignancy_override), (Band::Suspicious, false));
        let verdict = judged([0.95, 0.05, 0.0, 0.0, 0.0]);
        assert_eq!((verdict.band, verdict.malignancy_override), (Band::Benign, false));
    }

    #[test]
    fn calibration_is_a_softmax_that_does_not_overflow() {
        let p = calibrate(&[1e4, 0.0], None, 1.0);
        assert_eq!(p, [1.0, 0.0]);
        let p = calibrate(&[0.0, 1.0], Some(&[1.0, 0.0]), 2.0);
        assert!((p[0] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn sets_follow_their_method() {
        let p = [0.5, 0.3, 0.15, 0.05, 0.0];
        let lac = Conformal { method: ConformalMethod::Lac, alpha: 0.1, quantile: 0.86 };
        assert_eq!(prediction_set(&p, &labels(), &lac).codes, ["nv", "bkl", "ak"]);
        let aps = Conformal { method: ConformalMethod::Aps, alpha: 0.1, quantile: 0.85 };
        assert_eq!(prediction_set(&p, &labels(), &aps).codes, ["nv", "bkl"]);
        let strict = Conformal { method: ConformalMethod::Lac, alpha: 0.5, quantile: 0.1 };
        assert_eq!(prediction_set(&p, &labels(), &strict).codes, ["nv"]);
    }

    fn simplex() -> impl Strategy<Value = [f64; 5]> {
        prop::array::uniform5(0.001..1.0f64).prop_map(|raw| {
            let total: f64 = raw.iter().sum();
            raw.map(|value| value / total)
        })
    }

    proptest! {
        #[test]
        fn never_benign_from_the_limit_on(p in simplex()) {
            let verdict = judged(p);
            if verdict.malignant_sum >= THRESHOLDS.suspicious_sum_at {
                prop_assert_ne!(verdict.band, Band::Benign);
            }
            if verdict.malignant_sum >= THRESHOLDS.malignant_sum_at {
                prop_assert_eq!(verdict.band, Band::Malignant);
            }
        }

        #[test]
        fn moving_mass_from_benign_to_malignant_never_lowers_the_band(
            p in simplex(), share in 0.0..1.0f64,
        ) {
            let mut worse = p;
            let moved = worse[0] * share;
            worse[0] -= moved;
            worse[4] += moved;
            prop_assert!(judged(worse).band >= judged(p).band);
        }

        #[test]
        fn calibrated_values_sum_to_one(logits in prop::array::uniform5(-50.0..50.0f64), t in 0.1..5.0f64) {
            let p = calibrate(&logits, None, t);
            prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert_eq!(leading(&p), leading(&logits));
        }
    }
}
