//! A retention hold: why a patient's record may not be erased, and until when.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{HoldId, PatientId, UserId};
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// What a person enters about a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HoldDetails {
    /// 1 to 500 characters.
    pub reason: String,
    /// The last day of the hold; without one it stands until it is lifted.
    #[ts(type = "string | null")]
    pub until: Option<Date>,
}

impl HoldDetails {
    /// The same with outer white space removed.
    #[must_use]
    pub fn trimmed(self) -> Self {
        Self { reason: self.reason.trim().to_owned(), ..self }
    }

    /// # Errors
    /// All problems at once: a reason is missing or too long, the last day is over.
    pub fn validate(&self, today: Date) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("reason", &self.reason, LONGEST_REASON);
        if self.until.is_some_and(|until| until < today) {
            problems.add("until", ProblemCode::TooLongAgo);
        }
        problems.into_result()
    }
}

/// A hold as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RetentionHold {
    pub id: HoldId,
    pub patient_id: PatientId,
    #[serde(flatten)]
    pub details: HoldDetails,
    pub set_by: UserId,
    #[ts(type = "string")]
    pub set_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_hold_needs_a_reason_and_an_end_that_is_not_over() {
        let today = date(2026, 3, 5);
        let hold = HoldDetails { reason: "Ten years after the last visit".into(), until: Some(today) };
        assert_eq!(hold.validate(today), Ok(()));
        assert_eq!(HoldDetails { until: None, ..hold.clone() }.validate(today), Ok(()));
        let over = HoldDetails { until: Some(date(2026, 3, 4)), ..hold.clone() };
        assert_eq!(over.validate(today).unwrap_err()[0].field, "until");
        let silent = HoldDetails { reason: "  ".into(), ..hold }.trimmed();
        assert_eq!(silent.validate(today).unwrap_err()[0].code, ProblemCode::Required);
    }
}
