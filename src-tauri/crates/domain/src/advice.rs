//! The versioned table of recommendation texts. A stored result keeps the words it was given with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::{Band, Gate};

/// Raised whenever a sentence of the table changes.
pub const ADVICE_VERSION: &str = "2026-11b";

/// Stands under every result, on screen and on paper.
pub const DISCLAIMER: &str = "Decision support, not a diagnosis. The figures come from an automated \
reading of photographs and do not replace examination, dermoscopy or histology. The treating \
clinician decides.";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Advice {
    /// Row of the table, such as `confident_benign`.
    pub code: String,
    pub version: String,
    pub headline: String,
    pub text: String,
}

/// The row for a gate and a band.
#[must_use]
pub fn advise(gate: Gate, band: Band) -> Advice {
    let (code, headline, text) = row(gate, band);
    Advice {
        code: code.to_owned(),
        version: ADVICE_VERSION.to_owned(),
        headline: headline.to_owned(),
        text: text.to_owned(),
    }
}

const fn row(gate: Gate, band: Band) -> (&'static str, &'static str, &'static str) {
    match (gate, band) {
        (Gate::OutOfDistribution, _) => (
            "out_of_distribution",
            "Not assessed",
            "The picture is unlike the lesions the model knows. Check that it shows one lesion, \
             sharp and centred, and photograph it again. Until then rely on the clinical \
             examination alone.",
        ),
        (Gate::Inconclusive, Band::Benign) => (
            "inconclusive",
            "Inconclusive",
            "No class can be named. Judge the lesion clinically and by dermoscopy; \
             photograph it again or arrange a follow-up if doubt remains.",
        ),
        (Gate::Inconclusive, Band::Suspicious) => (
            "inconclusive_suspicious",
            "Inconclusive, malignancy not excluded",
            "No single class can be named, but malignant or premalignant classes weigh enough \
             for concern. Arrange an appointment for dermoscopic examination.",
        ),
        (Gate::Inconclusive, Band::Malignant) => (
            "inconclusive_malignant",
            "Malignancy suspected",
            "No single class can be named, but the malignant classes weigh enough to suspect \
             malignancy. Arrange an immediate specialist consultation; consider biopsy.",
        ),
        (Gate::Uncertain, Band::Benign) => (
            "uncertain_benign",
            "Probably benign, uncertain",
            "The named class is uncertain. Confirm it by dermoscopy before relying on it and \
             keep the lesion under routine monitoring.",
        ),
        (Gate::Uncertain, Band::Suspicious) => (
            "uncertain_suspicious",
            "Suspicious, uncertain",
            "The named class is uncertain and malignancy is not excluded. Arrange an appointment \
             for dermoscopic examination.",
        ),
        (Gate::Uncertain, Band::Malignant) => (
            "uncertain_malignant",
            "Malignancy suspected, class uncertain",
            "Which malignant class it is remains uncertain. Arrange an immediate specialist \
             consultation; consider biopsy.",
        ),
        (Gate::Confident, Band::Benign) => (
            "confident_benign",
            "Benign features",
            "Routine monitoring. Ask the patient to return if the lesion changes in size, shape \
             or colour, itches or bleeds.",
        ),
        (Gate::Confident, Band::Suspicious) => (
            "confident_suspicious",
            "Suspicious features",
            "Arrange an appointment for dermoscopic examination and decide on treatment, biopsy \
             or short-term follow-up.",
        ),
        (Gate::Confident, Band::Malignant) => (
            "confident_malignant",
            "Malignancy suspected",
            "Arrange an immediate specialist consultation. Plan excision or biopsy according to \
             the local guideline.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reassures_when_malignancy_is_possible() {
        for gate in [Gate::Inconclusive, Gate::Uncertain, Gate::Confident, Gate::OutOfDistribution] {
            for band in [Band::Suspicious, Band::Malignant] {
                let advice = advise(gate, band);
                assert!(!advice.text.contains("Routine"), "{}", advice.code);
            }
        }
    }
}
