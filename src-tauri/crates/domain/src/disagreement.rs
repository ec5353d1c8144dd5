//! Photographs of one reading that may not show one lesion.
//!
//! A reading averages its photographs, and an average of two lesions speaks of neither. Two signs are weighed:
//! the model reads the photographs differently, and the lesion has other colours in them.
//!
//! The bounds were chosen on pairs of HAM10000 photographs that the shipped models were not fitted to: of 140
//! pairs of one lesion 4 % pass one of them, of 5,000 pairs of two lesions 63 %, and of those with different
//! diagnoses 72 %. A warning is therefore a reason to look, and its absence proves nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::Assessment;
use crate::measure::{Colours, DermoscopicColour};
use crate::outline::LesionOutline;

/// From here on the model reads the photographs as different lesions.
pub const PROBABILITY_BOUND: f64 = 0.6;
/// From here on the colours are those of different lesions.
pub const COLOUR_BOUND: f64 = 0.6;

/// How far the photographs of a reading are apart, where it is too far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Disagreement {
    /// Half the sum of the spreads of all classes, 0 to 1: for two photographs the total variation distance of
    /// their probabilities, for three at least that of the pair farthest apart.
    pub probability: f64,
    /// Half the sum of the differences of the shares of the six dermoscopic colours, 0 to 1, of the pair
    /// farthest apart. `None` where fewer than two photographs have colours measured.
    pub colour: Option<f64>,
    /// Which of the two is beyond its bound.
    pub by_probability: bool,
    pub by_colour: bool,
}

/// The disagreement of a reading's photographs; `None` for a single one, and where they agree well enough.
#[must_use]
pub fn disagreement(assessment: &Assessment, outlines: &[LesionOutline]) -> Option<Disagreement> {
    let probability = (assessment.probabilities.iter().map(|class| class.spread).sum::<f64>() / 2.0).min(1.0);
    let colour = colour_distance(outlines);
    let by_probability = probability >= PROBABILITY_BOUND;
    let by_colour = colour.is_some_and(|distance| distance >= COLOUR_BOUND);
    (by_probability || by_colour).then_some(Disagreement { probability, colour, by_probability, by_colour })
}

fn colour_distance(outlines: &[LesionOutline]) -> Option<f64> {
    let measured: Vec<&Colours> =
        outlines.iter().filter_map(|outline| outline.finding.measured()?.measures.colours.as_ref()).collect();
    let pairs =
        measured.iter().enumerate().flat_map(|(at, a)| measured[at + 1..].iter().map(move |b| (a, b)));
    pairs.map(|(a, b)| apart(a, b)).max_by(f64::total_cmp)
}

fn apart(a: &Colours, b: &Colours) -> f64 {
    let share = |colours: &Colours, colour| {
        colours.present.iter().find(|present| present.colour == colour).map_or(0.0, |present| present.share)
    };
    DermoscopicColour::ALL.iter().map(|&colour| (share(a, colour) - share(b, colour)).abs()).sum::<f64>()
        / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::advise;
    use crate::analysis::{Band, ClassProbability, Gate, Urgency};
    use crate::measure::ColourShare;
    use crate::model::{Label, Malignancy};

    fn reading(spreads: &[f64]) -> Assessment {
        let label = |code: usize| Label {
            code: code.to_string(),
            name: String::new(),
            malignancy: Malignancy::Benign,
        };
        Assessment {
            probabilities: spreads
                .iter()
                .enumerate()
                .map(|(code, &spread)| ClassProbability { label: label(code), probability: 0.5, spread })
                .collect(),
            malignant_sum: 0.5,
            gate: Gate::Inconclusive,
            label: None,
            band: Band::Suspicious,
            urgency: Urgency::Appointment,
            malignancy_override: false,
            prediction_set: None,
            not_named: None,
            novelty: None,
            advice: advise(Gate::Inconclusive, Band::Suspicious),
        }
    }

    fn colours(shares: &[(DermoscopicColour, f64)]) -> Colours {
        Colours { present: shares.iter().map(|&(colour, share)| ColourShare { colour, share }).collect() }
    }

    #[test]
    fn photographs_that_the_model_reads_alike_are_one_lesion() {
        assert_eq!(disagreement(&reading(&[0.0, 0.0]), &[]), None);
        assert_eq!(disagreement(&reading(&[0.5, 0.4, 0.1]), &[]), None);
    }

    #[test]
    fn photographs_that_the_model_reads_as_different_classes_are_not() {
        let found = disagreement(&reading(&[0.9, 0.8, 0.1]), &[]).unwrap();
        assert!((found.probability - 0.9).abs() < 1e-12);
        assert!(found.by_probability && !found.by_colour && found.colour.is_none());
        // Three photographs of three classes: the sum passes one, the figure does not.
        assert!((disagreement(&reading(&[1.0, 1.0, 1.0]), &[]).unwrap().probability - 1.0).abs() < 1e-12);
    }

    #[test]
    fn colours_are_apart_by_the_share_that_changes() {
        use DermoscopicColour::{Black, DarkBrown, LightBrown, Red};
        let brown = colours(&[(LightBrown, 0.6), (DarkBrown, 0.4)]);
        assert!(apart(&brown, &brown).abs() < 1e-12);
        assert!((apart(&brown, &colours(&[(LightBrown, 0.4), (DarkBrown, 0.6)])) - 0.2).abs() < 1e-12);
        assert!((apart(&brown, &colours(&[(Red, 0.7), (Black, 0.3)])) - 1.0).abs() < 1e-12);
    }
}
