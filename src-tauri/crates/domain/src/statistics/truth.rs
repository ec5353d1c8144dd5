//! What a lesion turned out to be, and how that is known.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::morphology::{Behaviour, behaviour_of};

/// Columns of the confusion matrix that are no class of a model.
pub const OTHER_MALIGNANT: &str = "other_malignant";
pub const OTHER_BENIGN: &str = "other_benign";
pub const OTHER_UNCERTAIN: &str = "other_uncertain";
/// Benign because it did not change.
pub const FOLLOWED: &str = "followed";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TruthBasis {
    Histology,
    /// Followed for the months that the clinic asks for, without change.
    FollowUp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    pub basis: TruthBasis,
    /// Malignant also in situ; nothing where the pathologist leaves it open.
    pub malignant: Option<bool>,
    /// Class of a model, or one of the columns beside them.
    pub column: String,
    /// Code of ICD-O-3, where the finding has one.
    pub morphology: Option<String>,
}

impl Truth {
    #[must_use]
    pub fn of_finding(morphology: Option<&str>, behaviour: Behaviour) -> Self {
        let malignant = match behaviour {
            Behaviour::Benign => Some(false),
            Behaviour::InSitu | Behaviour::Malignant => Some(true),
            Behaviour::Uncertain => None,
        };
        let other = match malignant {
            Some(true) => OTHER_MALIGNANT,
            Some(false) => OTHER_BENIGN,
            None => OTHER_UNCERTAIN,
        };
        Self {
            basis: TruthBasis::Histology,
            malignant,
            column: morphology.and_then(class_of).unwrap_or(other).to_owned(),
            morphology: morphology.map(str::to_owned),
        }
    }

    #[must_use]
    pub fn of_follow_up() -> Self {
        Self {
            basis: TruthBasis::FollowUp,
            malignant: Some(false),
            column: FOLLOWED.to_owned(),
            morphology: None,
        }
    }
}

/// The class of the shipped model that a code of ICD-O-3 falls into. Actinic and benign keratoses are no tumours
/// of that list; a finding of one has no code.
#[must_use]
pub fn class_of(code: &str) -> Option<&'static str> {
    let behaviour = behaviour_of(code)?;
    let histology: u32 = code.split('/').next()?.parse().ok()?;
    let malignant = matches!(behaviour, Behaviour::InSitu | Behaviour::Malignant);
    match histology {
        8051..=8053 | 8070..=8081 if malignant => Some("scc"),
        8090..=8098 if malignant => Some("bcc"),
        8720..=8790 if malignant => Some("mel"),
        8720..=8790 if behaviour == Behaviour::Benign => Some("nv"),
        8830..=8832 if behaviour == Behaviour::Benign => Some("df"),
        9120..=9142 if behaviour == Behaviour::Benign => Some("vasc"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphology::SKIN;

    #[test]
    fn codes_fall_into_the_classes_of_the_model() {
        for (code, class) in [
            ("8743/3", Some("mel")),
            ("8742/2", Some("mel")),
            ("8081/2", Some("scc")),
            ("8094/3", Some("bcc")),
            ("8727/0", Some("nv")),
            ("8832/0", Some("df")),
            ("8832/3", None),
            ("9120/0", Some("vasc")),
            ("9120/3", None),
            ("8830/1", None),
            ("8850/0", None),
            ("nonsense", None),
        ] {
            assert_eq!(class_of(code), class, "{code}");
        }
        let known = SKIN.iter().filter(|entity| class_of(entity.code).is_some()).count();
        assert!(known > 30, "most of the table falls into a class");
    }

    #[test]
    fn what_is_in_situ_is_malignant_and_what_is_open_is_neither() {
        let truth = |code: Option<&str>, behaviour| Truth::of_finding(code, behaviour);
        assert_eq!(truth(Some("8720/2"), Behaviour::InSitu).malignant, Some(true));
        assert_eq!(truth(Some("8830/1"), Behaviour::Uncertain).malignant, None);
        assert_eq!(truth(Some("8830/1"), Behaviour::Uncertain).column, OTHER_UNCERTAIN);
        assert_eq!(truth(None, Behaviour::Benign).column, OTHER_BENIGN);
        assert_eq!(truth(None, Behaviour::Malignant).column, OTHER_MALIGNANT);
    }
}
