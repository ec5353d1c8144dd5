//! A specimen of a lesion, and what the pathologist says of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::{Assessment, Band, Gate};
use crate::id::{AnalysisId, BiopsyId, ImageId, LesionId, PatientId, UserId};
use crate::model::Malignancy;
use crate::morphology::{self, Behaviour};
use crate::problem::{FieldProblem, ProblemCode, Problems};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SpecimenKind {
    Shave,
    Punch,
    Incision,
    Excision,
    ReExcision,
    Curettage,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BiopsyState {
    Taken,
    Sent,
    /// The result is there, and no clinician has acknowledged it.
    Result,
    Read,
}

/// What is entered when a specimen is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SpecimenDetails {
    pub kind: SpecimenKind,
    #[ts(type = "string")]
    pub taken_on: Date,
    pub taken_by: UserId,
    /// A photograph of the lesion that shows where; a wrong site is the worst mistake there is here.
    pub site_image_id: ImageId,
    /// On the pot and on the form; unique in the clinic, at most 40 characters.
    pub specimen_number: String,
    /// What the clinician thinks it is, before the result.
    pub impression: Option<Malignancy>,
    /// In words, at most 500 characters; may be empty.
    pub impression_text: String,
}

impl SpecimenDetails {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn validate(&self, today: Date) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        if self.taken_on > today {
            problems.add("taken_on", ProblemCode::InTheFuture);
        }
        problems.required_text("specimen_number", &self.specimen_number, 40);
        problems.text("impression_text", &self.impression_text, 500);
        problems.into_result()
    }

    #[must_use]
    pub fn trimmed(mut self) -> Self {
        self.specimen_number = self.specimen_number.trim().to_owned();
        self.impression_text = self.impression_text.trim().to_owned();
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Margins {
    Clear,
    Close,
    Involved,
    NotStated,
}

/// What is entered from the pathologist's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistologyDetails {
    /// ICD-O-3, such as `8743/3`; nothing where the finding is no tumour and has no code.
    pub morphology: Option<String>,
    /// Said by the code where there is one, otherwise by whoever enters it.
    pub behaviour: Option<Behaviour>,
    /// The finding in words, at most 4,000 characters.
    pub text: String,
    /// Thickness of a melanoma (Breslow 1970), 0.01 to 100 mm.
    pub breslow_mm: Option<f64>,
    pub margins: Margins,
    #[ts(type = "string")]
    pub reported_on: Date,
}

/// A finding that was checked: its behaviour is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub morphology: Option<String>,
    pub behaviour: Behaviour,
    pub text: String,
    pub breslow_mm: Option<f64>,
    pub margins: Margins,
    pub reported_on: Date,
}

impl HistologyDetails {
    /// # Errors
    /// Every field that breaks a rule. A finding without a code of the table needs words.
    pub fn settle(self, taken_on: Date, today: Date) -> Result<Finding, Vec<FieldProblem>> {
        let mut problems = Problems::default();
        let text = self.text.trim().to_owned();
        let code = self.morphology.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let behaviour = code.map_or(self.behaviour, morphology::behaviour_of);
        if behaviour.is_none() {
            let (field, problem) = match code {
                Some(_) => ("morphology", ProblemCode::BadFormat),
                None => ("behaviour", ProblemCode::Required),
            };
            problems.add(field, problem);
        }
        if code.and_then(morphology::known).is_none() {
            problems.required_text("text", &text, 4_000);
        } else {
            problems.text("text", &text, 4_000);
        }
        if self.breslow_mm.is_some_and(|mm| !(0.01..=100.0).contains(&mm)) {
            problems.add("breslow_mm", ProblemCode::NotAllowed);
        }
        if self.reported_on > today {
            problems.add("reported_on", ProblemCode::InTheFuture);
        } else if self.reported_on < taken_on {
            problems.add("reported_on", ProblemCode::TooLongAgo);
        }
        problems.into_result()?;
        let Some(behaviour) = behaviour else {
            return Err(vec![FieldProblem::new("behaviour", ProblemCode::Required)]);
        };
        Ok(Finding {
            morphology: code.map(str::to_owned),
            behaviour,
            text,
            breslow_mm: self.breslow_mm,
            margins: self.margins,
            reported_on: self.reported_on,
        })
    }
}

/// A stored finding. A correction is a new edition; the earlier ones stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Histology {
    pub edition: u32,
    pub finding: Finding,
    /// The reading it is held against: the last one when the result came.
    pub analysis_id: Option<AnalysisId>,
    pub entered_by: UserId,
    pub entered_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Biopsy {
    pub id: BiopsyId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub details: SpecimenDetails,
    pub state: BiopsyState,
    pub sent_to: String,
    pub sent_on: Option<Date>,
    pub read_by: Option<UserId>,
    pub read_at: Option<Timestamp>,
    /// Entered by mistake: who took it back, and why.
    pub withdrawn_by: Option<UserId>,
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_reason: String,
    pub recorded_by: UserId,
    pub recorded_at: Timestamp,
    pub version: u32,
}

/// The malignancy class that a reading stands for: that of the class it names, or of a malignancy that it
/// suspects without naming a class.
#[must_use]
pub fn opinion(assessment: &Assessment) -> Option<Malignancy> {
    if assessment.gate == Gate::OutOfDistribution {
        return None;
    }
    match &assessment.label {
        Some(label) => Some(label.malignancy),
        None if assessment.band == Band::Malignant => Some(Malignancy::Malignant),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Urgency;
    use crate::model::Label;
    use jiff::civil::date;

    const TAKEN: Date = date(2026, 3, 1);
    const TODAY: Date = date(2026, 3, 9);

    fn details() -> HistologyDetails {
        HistologyDetails {
            morphology: Some(" 8743/3 ".into()),
            behaviour: Some(Behaviour::Benign),
            text: String::new(),
            breslow_mm: Some(0.8),
            margins: Margins::Clear,
            reported_on: date(2026, 3, 8),
        }
    }

    #[test]
    fn a_code_says_its_behaviour_whatever_was_entered() {
        let finding = details().settle(TAKEN, TODAY).unwrap();
        assert_eq!(finding.behaviour, Behaviour::Malignant);
        assert_eq!(finding.morphology.as_deref(), Some("8743/3"));
    }

    #[test]
    fn a_finding_without_a_code_of_the_table_needs_words() {
        let fields = |details: HistologyDetails| -> Vec<String> {
            details.settle(TAKEN, TODAY).unwrap_err().into_iter().map(|p| p.field).collect()
        };
        let rare = HistologyDetails { morphology: Some("8402/0".into()), ..details() };
        assert_eq!(fields(rare.clone()), ["text"]);
        HistologyDetails { text: "Hidradenoma".into(), ..rare }.settle(TAKEN, TODAY).unwrap();
        let none = HistologyDetails { morphology: None, behaviour: None, ..details() };
        assert_eq!(fields(none.clone()), ["behaviour", "text"]);
        let eczema = HistologyDetails {
            behaviour: Some(Behaviour::Benign),
            text: "Spongiotic dermatitis".into(),
            ..none
        };
        assert_eq!(eczema.settle(TAKEN, TODAY).unwrap().morphology, None);
        let typo = HistologyDetails { morphology: Some("8743/5".into()), text: "x".into(), ..details() };
        assert_eq!(fields(typo), ["morphology"]);
    }

    #[test]
    fn thickness_and_days_are_possible_ones() {
        for (bad, field) in [
            (HistologyDetails { breslow_mm: Some(0.0), ..details() }, "breslow_mm"),
            (HistologyDetails { breslow_mm: Some(f64::NAN), ..details() }, "breslow_mm"),
            (HistologyDetails { breslow_mm: Some(101.0), ..details() }, "breslow_mm"),
            (HistologyDetails { reported_on: date(2026, 3, 10), ..details() }, "reported_on"),
            (HistologyDetails { reported_on: date(2026, 2, 28), ..details() }, "reported_on"),
        ] {
            assert_eq!(bad.settle(TAKEN, TODAY).unwrap_err()[0].field, field);
        }
    }

    #[test]
    fn a_reading_without_a_class_still_suspects_malignancy() {
        let mut assessment = Assessment {
            probabilities: vec![],
            malignant_sum: 0.7,
            gate: Gate::Inconclusive,
            label: None,
            band: Band::Malignant,
            urgency: Urgency::Immediate,
            malignancy_override: true,
            prediction_set: None,
            not_named: None,
            novelty: None,
            advice: crate::advice::advise(Gate::Inconclusive, Band::Malignant),
        };
        assert_eq!(opinion(&assessment), Some(Malignancy::Malignant));
        assessment.band = Band::Suspicious;
        assert_eq!(opinion(&assessment), None);
        assessment.label =
            Some(Label { code: "nv".into(), name: "Naevus".into(), malignancy: Malignancy::Benign });
        assert_eq!(opinion(&assessment), Some(Malignancy::Benign));
        assessment.gate = Gate::OutOfDistribution;
        assert_eq!(opinion(&assessment), None);
    }
}
