//! A recall: somebody is to come back, and somebody answers for it.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{LesionId, PatientId, RecallId, UserId};
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Longest stretch that can be planned, in years.
const FURTHEST_YEARS: i16 = 20;
const LONGEST_COUNT: u32 = 120;

/// Only a person ends a recall; time does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecallState {
    Due,
    Booked,
    Done,
    Cancelled,
}

impl RecallState {
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IntervalUnit {
    Weeks,
    Months,
    Years,
}

/// "In six months", as a clinician says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecallInterval {
    /// 1 to 120.
    pub count: u32,
    pub unit: IntervalUnit,
}

impl RecallInterval {
    /// The day this long after another; the last day of the month where the day does not exist.
    #[must_use]
    pub fn after(self, day: Date) -> Option<Date> {
        if !(1..=LONGEST_COUNT).contains(&self.count) {
            return None;
        }
        let count = i64::from(self.count);
        let span = match self.unit {
            IntervalUnit::Weeks => Span::new().try_weeks(count),
            IntervalUnit::Months => Span::new().try_months(count),
            IntervalUnit::Years => Span::new().try_years(count),
        };
        day.checked_add(span.ok()?).ok()
    }
}

/// What a clinician enters: a day, or an interval from today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecallPlan {
    /// Nothing when the whole patient is to be seen.
    pub lesion_id: Option<LesionId>,
    /// Either this or an interval.
    #[ts(type = "string | null")]
    pub due_on: Option<Date>,
    pub interval: Option<RecallInterval>,
    /// For clinicians; at most 1,000 characters.
    pub reason: String,
    /// For the call list, without anything clinical; at most 200 characters, may be empty.
    pub desk_text: String,
    pub responsible: UserId,
}

/// A plan that was checked; its day is fixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecallDetails {
    pub lesion_id: Option<LesionId>,
    #[ts(type = "string")]
    pub due_on: Date,
    pub interval: Option<RecallInterval>,
    pub reason: String,
    pub desk_text: String,
    pub responsible: UserId,
}

impl RecallPlan {
    /// Works out the day. `earliest` is today, or the day an older plan already had.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn settle(self, today: Date, earliest: Date) -> Result<RecallDetails, Vec<FieldProblem>> {
        let mut problems = Problems::default();
        let reason = self.reason.trim().to_owned();
        let desk_text = self.desk_text.trim().to_owned();
        let due_on = match (self.due_on, self.interval) {
            (Some(day), None) => Some(day),
            (None, Some(interval)) => {
                let day = interval.after(today);
                if day.is_none() {
                    problems.add("interval", ProblemCode::NotAllowed);
                }
                day
            }
            _ => {
                problems.add("due_on", ProblemCode::Required);
                None
            }
        };
        if let Some(day) = due_on {
            if day < earliest {
                problems.add("due_on", ProblemCode::TooLongAgo);
            } else if day.year() - today.year() > FURTHEST_YEARS {
                problems.add("due_on", ProblemCode::NotAllowed);
            }
        }
        problems.required_text("reason", &reason, 1_000);
        problems.text("desk_text", &desk_text, 200);
        problems.into_result()?;
        let Some(due_on) = due_on else {
            return Err(vec![FieldProblem::new("due_on", ProblemCode::Required)]);
        };
        Ok(RecallDetails {
            lesion_id: self.lesion_id,
            due_on,
            interval: self.interval,
            reason,
            desk_text,
            responsible: self.responsible,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    pub id: RecallId,
    pub patient_id: PatientId,
    pub details: RecallDetails,
    pub state: RecallState,
    pub booked_for: Option<Date>,
    pub closed_by: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    /// Why it was cancelled, or what came of it.
    pub closing_note: String,
    pub planned_by: UserId,
    pub planned_at: Timestamp,
    pub version: u32,
}

impl Recall {
    /// The day that counts: that of the appointment, otherwise the day it is due.
    #[must_use]
    pub fn next_on(&self) -> Date {
        self.booked_for.unwrap_or(self.details.due_on)
    }

    /// Open after its day, whether nobody booked or the appointment passed.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.state.is_closed() && self.next_on() < today
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactMeans {
    Phone,
    Email,
    Letter,
    InPerson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactOutcome {
    Reached,
    NoAnswer,
    Booked,
    Declined,
}

/// An attempt to reach a patient, as it is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactEntry {
    pub means: ContactMeans,
    pub outcome: ContactOutcome,
    /// At most 300 characters; may be empty.
    pub note: String,
    /// The appointment; with the outcome `booked` and with no other.
    #[ts(type = "string | null")]
    pub booked_for: Option<Date>,
}

impl ContactEntry {
    /// # Errors
    /// Every field that breaks a rule.
    pub fn validate(&self, today: Date) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.text("note", &self.note, 300);
        match (self.outcome == ContactOutcome::Booked, self.booked_for) {
            (true, None) => problems.add("booked_for", ProblemCode::Required),
            (true, Some(day)) if day < today => problems.add("booked_for", ProblemCode::TooLongAgo),
            (false, Some(_)) => problems.add("booked_for", ProblemCode::NotAllowed),
            _ => {}
        }
        problems.into_result()
    }
}

/// A stored attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub at: Timestamp,
    pub by: UserId,
    pub entry: ContactEntry,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn plan() -> RecallPlan {
        RecallPlan {
            lesion_id: None,
            due_on: None,
            interval: Some(RecallInterval { count: 6, unit: IntervalUnit::Months }),
            reason: " Dysplastic naevus, margins close ".into(),
            desk_text: "Skin check".into(),
            responsible: UserId::fresh(),
        }
    }

    fn codes(result: Result<RecallDetails, Vec<FieldProblem>>) -> Vec<(String, ProblemCode)> {
        result.unwrap_err().into_iter().map(|p| (p.field, p.code)).collect()
    }

    #[test]
    fn an_interval_counts_from_today_and_stays_in_its_month() {
        let today = date(2026, 8, 31);
        let settled = plan().settle(today, today).unwrap();
        assert_eq!(settled.due_on, date(2027, 2, 28));
        assert_eq!(settled.reason, "Dysplastic naevus, margins close");
        let weeks = RecallInterval { count: 2, unit: IntervalUnit::Weeks };
        assert_eq!(weeks.after(today), Some(date(2026, 9, 14)));
        assert_eq!(RecallInterval { count: 0, unit: IntervalUnit::Years }.after(today), None);
    }

    #[test]
    fn a_plan_has_one_day_that_is_neither_past_nor_out_of_sight() {
        let today = date(2026, 3, 5);
        let on = |day| RecallPlan { due_on: Some(day), interval: None, ..plan() };
        let due = |code| vec![("due_on".to_owned(), code)];
        assert_eq!(codes(on(date(2026, 3, 4)).settle(today, today)), due(ProblemCode::TooLongAgo));
        on(date(2026, 3, 4)).settle(today, date(2026, 3, 4)).unwrap();
        assert_eq!(codes(on(date(2060, 1, 1)).settle(today, today)), due(ProblemCode::NotAllowed));
        let both = RecallPlan { due_on: Some(today), ..plan() };
        assert_eq!(codes(both.settle(today, today)), due(ProblemCode::Required));
        let neither = RecallPlan { interval: None, reason: " ".into(), ..plan() };
        let found = codes(neither.settle(today, today));
        assert_eq!(found[1], ("reason".to_owned(), ProblemCode::Required));
    }

    #[test]
    fn a_booking_has_a_day_to_come_and_nothing_else_has() {
        let today = date(2026, 3, 5);
        let entry = |outcome, booked_for| ContactEntry {
            means: ContactMeans::Phone,
            outcome,
            note: String::new(),
            booked_for,
        };
        entry(ContactOutcome::Booked, Some(today)).validate(today).unwrap();
        entry(ContactOutcome::NoAnswer, None).validate(today).unwrap();
        for bad in [
            entry(ContactOutcome::Booked, None),
            entry(ContactOutcome::Booked, Some(date(2026, 3, 4))),
            entry(ContactOutcome::Reached, Some(today)),
        ] {
            assert_eq!(bad.validate(today).unwrap_err()[0].field, "booked_for");
        }
    }
}
