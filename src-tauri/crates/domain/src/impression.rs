//! What a clinician takes a lesion for, in coded terms, and how that stands to a reading.
//!
//! SNOMED CT concepts stand where the published concept was checked (International Edition); groups of the
//! model that are no single concept, and terms that were not checked, have none.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::Assessment;
use crate::biopsy::opinion;
use crate::id::{AnalysisId, ImpressionId, LesionId, PatientId, UserId};
use crate::model::Malignancy;
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Code of the entry that is said in words.
pub const OTHER: &str = "other";

/// A term with its codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DiagnosisTerm {
    pub code: &'static str,
    /// English term for documents.
    pub name: &'static str,
    /// Concept of SNOMED CT.
    pub snomed: Option<&'static str>,
    /// Class of the model that it falls into.
    pub class: Option<&'static str>,
    pub malignancy: Malignancy,
}

const fn term(
    code: &'static str,
    name: &'static str,
    snomed: Option<&'static str>,
    class: Option<&'static str>,
    malignancy: Malignancy,
) -> DiagnosisTerm {
    DiagnosisTerm { code, name, snomed, class, malignancy }
}

use Malignancy::{Benign, Malignant, Premalignant};

/// The classes of the model first, then what else is common.
pub const TERMS: &[DiagnosisTerm] = &[
    term("nv", "Melanocytic naevus", Some("400096001"), Some("nv"), Benign),
    term("mel", "Melanoma", Some("93655004"), Some("mel"), Malignant),
    term("bcc", "Basal cell carcinoma", Some("254701007"), Some("bcc"), Malignant),
    term("scc", "Squamous cell carcinoma", Some("254651007"), Some("scc"), Malignant),
    term("ak", "Actinic keratosis", Some("201101007"), Some("ak"), Premalignant),
    term("bkl", "Benign keratosis", None, Some("bkl"), Benign),
    term("df", "Dermatofibroma", None, Some("df"), Benign),
    term("vasc", "Vascular lesion", None, Some("vasc"), Benign),
    term("dysplastic_naevus", "Dysplastic naevus", None, Some("nv"), Benign),
    term("congenital_naevus", "Congenital naevus", None, Some("nv"), Benign),
    term("blue_naevus", "Blue naevus", None, Some("nv"), Benign),
    term("spitz_naevus", "Spitz naevus", None, Some("nv"), Benign),
    term("melanoma_in_situ", "Melanoma in situ", Some("189758001"), Some("mel"), Malignant),
    term("lentigo_maligna", "Lentigo maligna", None, Some("mel"), Malignant),
    term("nodular_bcc", "Nodular basal cell carcinoma", Some("716274007"), Some("bcc"), Malignant),
    term("bowen", "Bowen disease", None, Some("scc"), Malignant),
    term("keratoacanthoma", "Keratoacanthoma", None, Some("scc"), Malignant),
    term("seborrhoeic_keratosis", "Seborrhoeic keratosis", None, Some("bkl"), Benign),
    term("solar_lentigo", "Solar lentigo", Some("72100002"), Some("bkl"), Benign),
    term("haemangioma", "Haemangioma", None, Some("vasc"), Benign),
    term("angiokeratoma", "Angiokeratoma", None, Some("vasc"), Benign),
    term("pyogenic_granuloma", "Pyogenic granuloma", None, Some("vasc"), Benign),
    term("wart", "Viral wart", None, None, Benign),
    term("eczema", "Eczema", Some("43116000"), None, Benign),
    term("psoriasis", "Psoriasis", Some("9014002"), None, Benign),
];

/// The term of a code.
#[must_use]
pub fn known(code: &str) -> Option<&'static DiagnosisTerm> {
    TERMS.iter().find(|term| term.code == code)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    Low,
    Moderate,
    High,
}

impl Confidence {
    pub const ALL: [Self; 3] = [Self::Low, Self::Moderate, Self::High];
}

/// What a lesion is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Impression {
    /// Code of a term, or [`OTHER`].
    pub term: String,
    /// Another one in words, at most 200 characters; empty for a term.
    pub text: String,
    /// Said by the term where there is one, otherwise by the clinician; nothing where it is left open.
    pub malignancy: Option<Malignancy>,
}

impl Impression {
    /// Checks it and takes from the term what the term says.
    ///
    /// # Errors
    /// The fields `term` and `text`.
    pub fn settle(self) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Problems::default();
        let text = self.text.trim().to_owned();
        let settled = match known(&self.term) {
            Some(term) => Self { term: self.term, text: String::new(), malignancy: Some(term.malignancy) },
            None if self.term == OTHER => {
                problems.required_text("text", &text, 200);
                Self { text, ..self }
            }
            None => {
                let missing = self.term.is_empty();
                problems.add("term", if missing { ProblemCode::Required } else { ProblemCode::NotAllowed });
                self
            }
        };
        problems.into_result()?;
        Ok(settled)
    }

    /// English words for documents.
    #[must_use]
    pub fn name(&self) -> &str {
        known(&self.term).map_or(self.text.as_str(), |term| term.name)
    }

    /// Class of the model that it falls into.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        known(&self.term).and_then(|term| term.class)
    }
}

/// What a clinician commits before the reading is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImpressionEntry {
    pub impression: Impression,
    pub confidence: Confidence,
    /// At most 1,000 characters; may be empty.
    pub note: String,
}

impl ImpressionEntry {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn settle(self) -> Result<Self, Vec<FieldProblem>> {
        let note = self.note.trim().to_owned();
        let mut problems = Problems::default();
        problems.text("note", &note, 1_000);
        let noted = problems.into_result();
        match (self.impression.settle(), noted) {
            (Ok(impression), Ok(())) => Ok(Self { impression, confidence: self.confidence, note }),
            (settled, noted) => {
                let mut all = settled.err().unwrap_or_default();
                all.extend(noted.err().unwrap_or_default());
                Err(all)
            }
        }
    }
}

/// An impression that was committed; it never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedImpression {
    pub id: ImpressionId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis_id: AnalysisId,
    pub entry: ImpressionEntry,
    pub author: UserId,
    pub committed_at: Timestamp,
}

/// How an impression stands to a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImpressionAgreement {
    /// Benign, premalignant or malignant alike; nothing where one of the two leaves it open.
    pub malignancy: Option<bool>,
    /// The same class of the model; nothing where the reading names none or the term has none.
    pub class: Option<bool>,
}

/// Compares an impression with a reading.
#[must_use]
pub fn agreement(impression: &Impression, assessment: &Assessment) -> ImpressionAgreement {
    let read = opinion(assessment);
    let label = assessment.label.as_ref().map(|label| label.code.as_str());
    ImpressionAgreement {
        malignancy: impression.malignancy.zip(read).map(|(said, read)| said == read),
        class: impression.class().zip(label).map(|(said, read)| said == read),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn of(term: &str, text: &str) -> Impression {
        Impression { term: term.into(), text: text.into(), malignancy: None }
    }

    #[test]
    fn a_term_says_its_malignancy_and_needs_no_words() {
        let settled = of("mel", "scribble").settle().unwrap();
        assert_eq!(settled.malignancy, Some(Malignant));
        assert_eq!((settled.text.as_str(), settled.name()), ("", "Melanoma"));
        let fields = |impression: Impression| impression.settle().unwrap_err()[0].field.clone();
        assert_eq!(fields(of("", "")), "term");
        assert_eq!(fields(of("measles", "")), "term");
        assert_eq!(fields(of(OTHER, "  ")), "text");
        let other = of(OTHER, " Granuloma annulare ").settle().unwrap();
        assert_eq!((other.name(), other.malignancy, other.class()), ("Granuloma annulare", None, None));
    }

    #[test]
    fn terms_are_unique_and_their_concepts_are_valid() {
        let codes: BTreeSet<&str> = TERMS.iter().map(|term| term.code).collect();
        assert_eq!(codes.len(), TERMS.len());
        assert!(known(OTHER).is_none());
        for concept in TERMS.iter().filter_map(|term| term.snomed) {
            assert!(verhoeff(concept), "{concept}");
        }
        for term in TERMS.iter().filter(|term| term.class.is_some()) {
            assert!(known(term.class.unwrap()).is_some(), "{}", term.code);
        }
    }

    /// The check digit of SNOMED CT identifiers (Verhoeff 1969).
    fn verhoeff(digits: &str) -> bool {
        const D: [[u8; 10]; 10] = [
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
            [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
            [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
            [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
            [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
            [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
            [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
            [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
            [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
        ];
        const P: [[u8; 10]; 8] = [
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
            [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
            [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
            [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
            [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
            [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
            [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
        ];
        let check = digits.bytes().rev().enumerate().fold(0_u8, |check, (at, digit)| {
            D[usize::from(check)][usize::from(P[at % 8][usize::from(digit - b'0')])]
        });
        check == 0
    }
}
