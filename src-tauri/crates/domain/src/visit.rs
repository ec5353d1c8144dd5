//! A patient's visit on a day, from being expected to being done.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{ClinicianId, PatientId, VisitId};
use crate::problem::Problems;

/// Longest note for the clinician, in characters.
pub const NOTE: usize = 2_000;
/// Longest name of a room, in characters.
pub const ROOM: usize = 40;

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    Expected,
    Arrived,
    InRoom,
    Done,
    Cancelled,
    DidNotAttend,
}

impl VisitState {
    /// Still to be seen to.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Expected | Self::Arrived | Self::InRoom)
    }
}

/// What happens to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VisitStep {
    Arrive,
    EnterRoom,
    Finish,
    Cancel,
    DidNotAttend,
    /// The last step was a mistake: the visit stands where it stood before.
    TakeBack,
}

/// What a person enters about a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VisitDetails {
    /// The day it belongs to, in the workstation's time zone.
    #[ts(type = "string")]
    pub day: Date,
    /// Absent for walk-ins.
    #[ts(type = "string | null")]
    pub planned_at: Option<Timestamp>,
    pub clinician_id: Option<ClinicianId>,
    /// At most 40 characters; may be empty.
    pub room: String,
    /// For the clinician; at most 2,000 characters; may be empty.
    pub note: String,
}

impl VisitDetails {
    /// Adds what is wrong with the texts to a form's problems.
    pub fn check(&self, problems: &mut Problems) {
        problems.text("room", &self.room, ROOM);
        problems.text("note", &self.note, NOTE);
    }
}

/// A visit. The moments say how far it came, and so what taking a step back leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Visit {
    pub id: VisitId,
    pub patient_id: PatientId,
    #[serde(flatten)]
    pub details: VisitDetails,
    pub state: VisitState,
    #[ts(type = "string | null")]
    pub arrived_at: Option<Timestamp>,
    #[ts(type = "string | null")]
    pub in_room_at: Option<Timestamp>,
    /// When it was done, cancelled, or found that the patient did not come.
    #[ts(type = "string | null")]
    pub closed_at: Option<Timestamp>,
    /// Raised by every change; an edit that names an old one is refused.
    pub version: u32,
}

impl Visit {
    /// The visit after a step, or nothing where the step leads nowhere from here: somebody who did not
    /// come cannot have been in a room, and what is closed is first taken back.
    #[must_use]
    pub fn after(&self, step: VisitStep, now: Timestamp) -> Option<Self> {
        use VisitState as S;
        let mut next = self.clone();
        next.state = match (self.state, step) {
            (S::Expected, VisitStep::Arrive) => {
                next.arrived_at = Some(now);
                S::Arrived
            }
            (S::Expected | S::Arrived, VisitStep::EnterRoom) => {
                next.arrived_at = self.arrived_at.or(Some(now));
                next.in_room_at = Some(now);
                S::InRoom
            }
            (S::Arrived | S::InRoom, VisitStep::Finish) => S::Done,
            // Also somebody who left before being seen.
            (S::Expected | S::Arrived | S::InRoom, VisitStep::Cancel) => S::Cancelled,
            (S::Expected, VisitStep::DidNotAttend) => S::DidNotAttend,
            (S::Done | S::Cancelled | S::DidNotAttend, VisitStep::TakeBack) => self.reached(),
            (S::InRoom, VisitStep::TakeBack) => {
                next.in_room_at = None;
                S::Arrived
            }
            (S::Arrived, VisitStep::TakeBack) => {
                next.arrived_at = None;
                S::Expected
            }
            _ => return None,
        };
        next.closed_at = (!next.state.is_open()).then_some(now);
        Some(next)
    }

    /// How far it had come when it was closed.
    const fn reached(&self) -> VisitState {
        match (self.arrived_at, self.in_room_at) {
            (_, Some(_)) => VisitState::InRoom,
            (Some(_), None) => VisitState::Arrived,
            (None, None) => VisitState::Expected,
        }
    }

    /// Whole minutes between arriving and being called, or until now for somebody who waits. Moments are
    /// points in time, so neither midnight nor a change of the clocks adds or takes an hour.
    #[must_use]
    pub fn waited_minutes(&self, now: Timestamp) -> Option<u32> {
        let until = match self.state {
            VisitState::Expected | VisitState::DidNotAttend => return None,
            _ => self.in_room_at.or(self.closed_at).unwrap_or(now),
        };
        let minutes = until.duration_since(self.arrived_at?).as_mins();
        // A clock that was set back makes nobody wait less than nothing.
        Some(u32::try_from(minutes).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const STEPS: [VisitStep; 6] = [
        VisitStep::Arrive,
        VisitStep::EnterRoom,
        VisitStep::Finish,
        VisitStep::Cancel,
        VisitStep::DidNotAttend,
        VisitStep::TakeBack,
    ];

    fn expected() -> Visit {
        Visit {
            id: VisitId::fresh(),
            patient_id: PatientId::fresh(),
            details: VisitDetails {
                day: date(2026, 3, 5),
                planned_at: None,
                clinician_id: None,
                room: String::new(),
                note: String::new(),
            },
            state: VisitState::Expected,
            arrived_at: None,
            in_room_at: None,
            closed_at: None,
            version: 1,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn walked(steps: &[VisitStep]) -> Option<Visit> {
        steps.iter().try_fold(expected(), |visit, step| visit.after(*step, at("2026-03-05T10:00:00Z")))
    }

    #[test]
    fn a_visit_goes_from_the_door_to_the_end() {
        use VisitStep::*;
        for (steps, state) in [
            (vec![Arrive], VisitState::Arrived),
            (vec![Arrive, EnterRoom], VisitState::InRoom),
            (vec![Arrive, EnterRoom, Finish], VisitState::Done),
            (vec![Arrive, Finish], VisitState::Done),
            (vec![EnterRoom], VisitState::InRoom),
            (vec![DidNotAttend], VisitState::DidNotAttend),
            (vec![Arrive, Cancel], VisitState::Cancelled),
        ] {
            assert_eq!(walked(&steps).unwrap().state, state, "{steps:?}");
        }
        for steps in [
            vec![Finish],
            vec![TakeBack],
            vec![Arrive, Arrive],
            vec![Arrive, DidNotAttend],
            vec![Arrive, Finish, Finish],
            vec![Cancel, Arrive],
            vec![DidNotAttend, Arrive],
        ] {
            assert!(walked(&steps).is_none(), "{steps:?}");
        }
    }

    #[test]
    fn every_step_can_be_taken_back_to_where_it_came_from() {
        let later = at("2026-03-05T11:00:00Z");
        let reachable = [vec![], vec![VisitStep::Arrive], vec![VisitStep::Arrive, VisitStep::EnterRoom]];
        for steps in reachable {
            let before = walked(&steps).unwrap();
            for step in STEPS.into_iter().filter(|step| *step != VisitStep::TakeBack) {
                let Some(after) = before.after(step, later) else { continue };
                // Straight into the room is two steps in one.
                let back = after.after(VisitStep::TakeBack, later).unwrap();
                let back = if back.state == before.state || step != VisitStep::EnterRoom {
                    back
                } else {
                    back.after(VisitStep::TakeBack, later).unwrap()
                };
                assert_eq!(back, before, "{step:?} after {steps:?}");
            }
        }
    }

    #[test]
    fn waiting_is_counted_over_midnight_and_over_a_change_of_the_clocks() {
        // Berlin: 29 March 2026, 02:00 becomes 03:00.
        let arrived = at("2026-03-28T23:30:00+01:00");
        let visit = expected().after(VisitStep::Arrive, arrived).unwrap();
        assert_eq!(visit.waited_minutes(at("2026-03-29T00:15:00+01:00")), Some(45));
        assert_eq!(visit.waited_minutes(at("2026-03-29T03:30:00+02:00")), Some(180));
        // 25 October 2026, 03:00 becomes 02:00.
        let visit = expected().after(VisitStep::Arrive, at("2026-10-25T02:30:00+02:00")).unwrap();
        assert_eq!(visit.waited_minutes(at("2026-10-25T02:30:00+01:00")), Some(60));
        assert_eq!(visit.waited_minutes(at("2026-10-24T02:30:00+01:00")), Some(0));
        assert_eq!(expected().waited_minutes(arrived), None);
    }
}
