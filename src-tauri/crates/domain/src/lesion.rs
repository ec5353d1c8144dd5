//! A lesion: a place on the body that is followed over time.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::body_site::CodedTerm;
use crate::id::{LesionId, PatientId};
use crate::problem::{FieldProblem, ProblemCode, Problems};

pub use crate::body_site::BodySite;
pub use crate::place::{BodyView, LesionPlace};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Laterality {
    Left,
    Right,
    Midline,
    NotApplicable,
}

impl Laterality {
    /// The side as DICOM codes it (PS3.16, CID 244 and CID 245); nothing where sides do not apply.
    #[must_use]
    pub const fn term(self) -> Option<CodedTerm> {
        let (scheme, code, meaning) = match self {
            Self::Left => ("SCT", "7771000", "Left"),
            Self::Right => ("SCT", "24028007", "Right"),
            Self::Midline => ("DCM", "130290", "Median"),
            Self::NotApplicable => return None,
        };
        Some(CodedTerm { scheme, code, meaning })
    }
}

/// What a person enters about a lesion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LesionDetails {
    /// Short label on the lists, such as "L1" or "mole left calf"; at most 60 characters.
    pub label: String,
    pub site: BodySite,
    pub laterality: Laterality,
    /// Free text, at most 2,000 characters.
    pub note: String,
}

impl LesionDetails {
    /// # Errors
    /// Every field that breaks a limit.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("label", &self.label, 60);
        problems.text("note", &self.note, 2_000);
        problems.into_result()
    }
}

/// Why a lesion is followed no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    Excised,
    /// Destroyed without a specimen: cryotherapy, laser, topical treatment.
    Treated,
    Resolved,
    /// The same lesion is on record a second time.
    Duplicate,
    EnteredInError,
    Other,
}

/// How and when following a lesion ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LesionClosure {
    pub reason: CloseReason,
    /// The day it ended, such as that of the excision; not in the future.
    #[ts(type = "string")]
    pub on: Date,
    /// At most 400 characters; required for another reason.
    pub note: String,
}

impl LesionClosure {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn validate(&self, today: Date) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        if self.on > today {
            problems.add("on", ProblemCode::InTheFuture);
        } else if self.on.year() < 1900 {
            problems.add("on", ProblemCode::TooLongAgo);
        }
        if self.reason == CloseReason::Other {
            problems.required_text("close_note", &self.note, 400);
        } else {
            problems.text("close_note", &self.note, 400);
        }
        problems.into_result()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Lesion {
    pub id: LesionId,
    pub patient_id: PatientId,
    #[serde(flatten)]
    pub details: LesionDetails,
    /// Nothing until somebody puts the lesion on the map.
    pub place: Option<LesionPlace>,
    /// Nothing while the lesion is followed.
    pub closure: Option<LesionClosure>,
    #[ts(type = "string")]
    pub created_at: Timestamp,
    /// Counts the changes, from 1.
    pub version: u32,
}

impl Lesion {
    /// Whether it should never have been on this record.
    #[must_use]
    pub fn is_an_error(&self) -> bool {
        self.closure.as_ref().is_some_and(|closure| closure.reason == CloseReason::EnteredInError)
    }

    /// The identity that exports carry: a DICOM UID made of the UUID (PS3.5, B.2), the same for ever.
    #[must_use]
    pub fn uid(&self) -> String {
        format!("2.25.{}", self.id.as_uuid().as_u128())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn lesion(id: &str) -> Lesion {
        Lesion {
            id: id.parse().unwrap(),
            patient_id: PatientId::fresh(),
            details: LesionDetails {
                label: "L1".into(),
                site: BodySite::Back,
                laterality: Laterality::Left,
                note: String::new(),
            },
            place: None,
            closure: None,
            created_at: Timestamp::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn a_uid_is_the_uuid_as_one_decimal_number() {
        // The example of DICOM PS3.5, B.2.
        let uid = lesion("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").uid();
        assert_eq!(uid, "2.25.329800735698586629295641978511506172918");
        let longest = lesion("ffffffff-ffff-ffff-ffff-ffffffffffff").uid();
        assert!(longest.len() <= 64, "a UID has at most 64 characters");
    }

    #[test]
    fn closing_needs_a_day_that_has_been_and_words_for_another_reason() {
        let today = date(2026, 3, 5);
        let closure = |reason, on, note: &str| LesionClosure { reason, on, note: note.into() };
        assert_eq!(closure(CloseReason::Excised, today, "").validate(today), Ok(()));
        let fields = |closure: LesionClosure| -> Vec<String> {
            closure.validate(today).unwrap_err().into_iter().map(|p| p.field).collect()
        };
        assert_eq!(fields(closure(CloseReason::Resolved, date(2026, 3, 6), "")), ["on"]);
        assert_eq!(fields(closure(CloseReason::Resolved, date(1899, 1, 1), "")), ["on"]);
        assert_eq!(fields(closure(CloseReason::Other, today, " ")), ["close_note"]);
        assert_eq!(fields(closure(CloseReason::Treated, today, &"x".repeat(401))), ["close_note"]);
    }
}
