//! A patient of the clinic.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::PatientId;
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Administrative sex, the value set of HL7 FHIR R4 `administrative-gender`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
    Other,
    Unknown,
}

impl Sex {
    /// English word for documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Unknown => "not recorded",
        }
    }
}

/// Skin phototype (Fitzpatrick, Arch Dermatol 1988).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum FitzpatrickType {
    I,
    II,
    III,
    IV,
    V,
    VI,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RiskFactor {
    PersonalMelanoma,
    FamilyMelanoma,
    PersonalSkinCancer,
    ManyNaevi,
    AtypicalNaevi,
    SevereSunburns,
    Immunosuppression,
    SunbedUse,
}

/// A consent is given or withdrawn on a day; the kinds are asked for separately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Consent {
    pub given: bool,
    /// When it was last given or withdrawn; set by the program.
    #[ts(type = "string | null")]
    pub changed_at: Option<Timestamp>,
}

/// What a person enters about a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PatientDetails {
    /// At most 100 characters.
    pub family_name: String,
    /// At most 100 characters.
    pub given_names: String,
    #[ts(type = "string")]
    pub date_of_birth: Date,
    pub sex: Sex,
    /// At most 40 characters; may be empty.
    pub phone: String,
    /// At most 254 characters (RFC 5321); may be empty.
    pub email: String,
    /// At most 400 characters; may be empty.
    pub address: String,
    pub fitzpatrick: Option<FitzpatrickType>,
    /// What everybody must know before touching the patient, such as an allergy to a local anaesthetic; one
    /// line, at most 200 characters, may be empty.
    pub alert: String,
    /// Free text, at most 10,000 characters.
    pub medical_history: String,
    pub risk_factors: Vec<RiskFactor>,
    /// May photographs be taken and stored?
    pub photo_consent: bool,
    /// May the classifier read them?
    pub ai_consent: bool,
    /// May they leave the clinic for the training of models?
    pub training_consent: bool,
}

impl PatientDetails {
    /// Checks every field against its limit and the date of birth against `today`.
    ///
    /// # Errors
    /// All problems at once, so that a form can mark them together.
    pub fn validate(&self, today: Date) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("family_name", &self.family_name, 100);
        problems.required_text("given_names", &self.given_names, 100);
        for (field, value) in [("family_name", &self.family_name), ("given_names", &self.given_names)] {
            problems.one_line(field, value);
        }
        problems.text("phone", &self.phone, 40);
        problems.one_line("phone", &self.phone);
        problems.text("alert", &self.alert, 200);
        problems.one_line("alert", &self.alert);
        problems.text("address", &self.address, 400);
        problems.text("medical_history", &self.medical_history, 10_000);
        problems.text("email", &self.email, 254);
        if !self.email.is_empty() {
            problems.email("email", &self.email);
        }
        if self.date_of_birth > today {
            problems.add("date_of_birth", ProblemCode::InTheFuture);
        } else if today.year() - self.date_of_birth.year() > 130 {
            problems.add("date_of_birth", ProblemCode::TooLongAgo);
        }
        problems.into_result()
    }

    /// The same details with outer white space removed from every text.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        for text in [
            &mut self.family_name,
            &mut self.given_names,
            &mut self.phone,
            &mut self.email,
            &mut self.address,
            &mut self.alert,
            &mut self.medical_history,
        ] {
            let kept = text.trim();
            if kept.len() != text.len() {
                *text = kept.to_owned();
            }
        }
        self
    }

    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_names, self.family_name)
    }
}

/// A registered patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Patient {
    pub id: PatientId,
    /// The clinic's own number, such as `P-000123`; unique, never reused.
    pub number: String,
    #[serde(flatten)]
    pub details: PatientDetails,
    pub photo_consent_record: Consent,
    pub ai_consent_record: Consent,
    pub training_consent_record: Consent,
    /// Of a record that was merged: the one that stands in its place.
    pub merged_into: Option<PatientId>,
    #[ts(type = "string")]
    pub registered_at: Timestamp,
    /// Raised by every change; an edit that names an old one is refused.
    pub version: u32,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;

    pub(crate) fn details() -> PatientDetails {
        PatientDetails {
            family_name: "Okonkwo".into(),
            given_names: "Adaeze".into(),
            date_of_birth: date(1971, 3, 9),
            sex: Sex::Female,
            phone: String::new(),
            email: String::new(),
            address: String::new(),
            fitzpatrick: Some(FitzpatrickType::V),
            alert: String::new(),
            medical_history: String::new(),
            risk_factors: vec![],
            photo_consent: true,
            ai_consent: true,
            training_consent: false,
        }
    }

    #[test]
    fn a_plain_registration_is_fine() {
        details().validate(date(2026, 1, 1)).unwrap();
    }

    #[test]
    fn all_problems_are_said_at_once() {
        let bad = PatientDetails {
            family_name: " ".into(),
            given_names: "x".repeat(101),
            email: "nobody".into(),
            date_of_birth: date(2030, 1, 1),
            ..details()
        };
        let problems = bad.validate(date(2026, 1, 1)).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["family_name", "given_names", "email", "date_of_birth"]);
        assert_eq!(problems[1].limit, Some(100));
    }

    #[test]
    fn a_name_is_one_line_that_reads_as_it_is_written() {
        for name in ["A", "محمد", "王小明", "O’Brien-Straße", "Ng 🌻", "नि\u{200d}का"] {
            let details = PatientDetails { family_name: name.into(), ..details() };
            assert_eq!(details.validate(date(2026, 1, 1)), Ok(()), "{name}");
        }
        for name in
            ["A\nB", "A\tB", "A\0", "A\u{1b}[2J", "A\u{202e}B", "A\u{2067}B", "\u{feff}A", "A\u{200b}B"]
        {
            let details = PatientDetails { family_name: name.into(), ..details() };
            let problems = details.validate(date(2026, 1, 1)).unwrap_err();
            assert_eq!(problems.len(), 1, "{name:?}");
            assert_eq!(problems[0].code, ProblemCode::BadFormat, "{name:?}");
        }
        let alarm = PatientDetails { alert: "x".repeat(201), ..details() };
        assert_eq!(alarm.validate(date(2026, 1, 1)).unwrap_err()[0].limit, Some(200));
    }

    #[test]
    fn nobody_is_older_than_130() {
        let old = PatientDetails { date_of_birth: date(1890, 1, 1), ..details() };
        assert_eq!(old.validate(date(2026, 1, 1)).unwrap_err()[0].code, ProblemCode::TooLongAgo);
    }

    proptest::proptest! {
        #[test]
        fn trimming_never_adds_and_keeps_the_middle(name in "\\PC{0,40}") {
            let trimmed = PatientDetails { family_name: name.clone(), ..details() }.trimmed();
            proptest::prop_assert_eq!(trimmed.family_name, name.trim());
        }
    }
}
