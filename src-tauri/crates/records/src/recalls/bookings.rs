//! The visit behind a booked recall: the patient is expected on the day that was agreed.

use domain::audit::AuditAction;
use domain::recall::{Recall, RecallState};
use domain::visit::{Visit, VisitDetails, VisitState, VisitStep};
use domain::{RecallId, VisitId};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text};
use crate::store::{Reading, Writing};
use crate::visits;

use super::{changes, get, set_state};

/// `made`: the visit is there because of the booking, and goes with it.
pub(crate) const SCHEMA: &str = "
CREATE TABLE recall_visits (
    recall_id TEXT PRIMARY KEY NOT NULL REFERENCES recalls (id),
    visit_id  TEXT NOT NULL REFERENCES visits (id),
    made      INTEGER NOT NULL CHECK (made IN (0, 1))
) STRICT;
CREATE INDEX recall_visits_by_visit ON recall_visits (visit_id);
";

/// The visit of a booking.
struct Appointment {
    visit: Visit,
    made: bool,
    /// Another recall is booked for the same visit.
    shared: bool,
}

/// Makes the patient expected on a day. A visit that they have on that day already is taken; the one of an
/// earlier booking moves there when nothing else hangs on it.
pub(super) fn book(tx: &Writing<'_>, recall: &Recall, day: Date) -> Result<(), RecordsError> {
    let there = visits::open_of_patient(tx, recall.patient_id, day)?;
    let there = there.into_iter().find(|visit| visit.details.day == day);
    if let Some(before) = of_recall(tx, recall)? {
        if there.as_ref().is_some_and(|visit| visit.id == before.visit.id) {
            return Ok(());
        }
        let alone = before.made && !before.shared && before.visit.state == VisitState::Expected;
        if there.is_none() && alone {
            let Visit { id, version, details, .. } = before.visit;
            // The hour was one of the other day.
            visits::change(tx, id, version, &VisitDetails { day, planned_at: None, ..details })?;
            return Ok(());
        }
        release(tx, recall)?;
    }
    let (visit, made) = match there {
        Some(visit) => (visit.id, false),
        None => {
            let details = VisitDetails {
                day,
                planned_at: None,
                clinician_id: None,
                room: String::new(),
                note: recall.details.desk_text.clone(),
            };
            let added = visits::add(tx, recall.patient_id, &details, false)?;
            (added.visit.id, !added.already)
        }
    };
    // A visit that stayed with somebody else, when merged records were parted, leaves its link.
    tx.connection()
        .prepare_cached(
            "INSERT INTO recall_visits (recall_id, visit_id, made) VALUES (?1, ?2, ?3)
             ON CONFLICT (recall_id) DO UPDATE SET visit_id = excluded.visit_id, made = excluded.made",
        )?
        .execute(params![id_text(&recall.id), id_text(&visit), made])?;
    Ok(())
}

/// Lets go of the visit of a booking. One that the booking made is cancelled while the patient is still
/// expected and no other recall is booked for it.
pub(super) fn release(tx: &Writing<'_>, recall: &Recall) -> Result<(), RecordsError> {
    let Some(Appointment { visit, made, shared }) = of_recall(tx, recall)? else { return Ok(()) };
    tx.connection()
        .prepare_cached("DELETE FROM recall_visits WHERE recall_id = ?1")?
        .execute([id_text(&recall.id)])?;
    if !made {
        return Ok(());
    }
    if shared {
        tx.connection()
            .prepare_cached("UPDATE recall_visits SET made = 1 WHERE visit_id = ?1")?
            .execute([id_text(&visit.id)])?;
    } else if visit.state == VisitState::Expected {
        visits::step(tx, visit.id, visit.version, VisitStep::Cancel)?;
    }
    Ok(())
}

/// A visit was put on another day: the recalls that are booked for it follow.
pub(crate) fn follow_visit(tx: &Writing<'_>, visit: &Visit) -> Result<(), RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT recall_id FROM recall_visits WHERE visit_id = ?1")?;
    let recalls: Vec<RecallId> =
        query.query_map([id_text(&visit.id)], |row| row.parsed("recall_id"))?.collect::<Result<_, _>>()?;
    for id in recalls {
        let old = get(tx, id)?;
        let follows = old.state == RecallState::Booked && old.patient_id == visit.patient_id;
        if !follows || old.booked_for == Some(visit.details.day) {
            continue;
        }
        set_state(tx, id, RecallState::Booked, Some(visit.details.day))?;
        let entry = AuditEntry::new(AuditAction::RecallChanged).on(id).of_patient(old.patient_id);
        let details = json!({ "changed": changes(&old, &get(tx, id)?), "version": old.version + 1 });
        audit::record(tx, entry.with(details))?;
    }
    Ok(())
}

/// Records that were merged and parted again may have left the visit with somebody else.
fn of_recall(tx: &Reading<'_>, recall: &Recall) -> Result<Option<Appointment>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT visit_id, made, EXISTS (
                 SELECT 1 FROM recall_visits AS others JOIN recalls ON recalls.id = others.recall_id
                 WHERE others.visit_id = links.visit_id AND others.recall_id <> links.recall_id
                   AND recalls.closed_at IS NULL) AS shared
         FROM recall_visits AS links JOIN visits ON visits.id = visit_id
         WHERE recall_id = ?1 AND visits.patient_id = ?2",
    )?;
    let link: Option<(VisitId, bool, bool)> = query
        .query_row([id_text(&recall.id), id_text(&recall.patient_id)], |row| {
            Ok((row.parsed("visit_id")?, row.get("made")?, row.get("shared")?))
        })
        .optional()?;
    match link {
        Some((visit, made, shared)) => Ok(Some(Appointment { visit: visits::get(tx, visit)?, made, shared })),
        None => Ok(None),
    }
}
