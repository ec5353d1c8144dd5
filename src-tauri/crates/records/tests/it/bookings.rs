use domain::audit::AuditAction;
use domain::patient::Patient;
use domain::recall::{ContactEntry, ContactMeans, ContactOutcome, Recall, RecallState};
use domain::visit::{Visit, VisitDetails, VisitState, VisitStep};
use jiff::civil::{Date, date};
use records::audit::{self, AuditFilter};
use records::{RecordsError, patients, recalls, visits};

use crate::follow_up::recall_details;
use crate::world::{World, details};

const DAY: Date = date(2026, 6, 10);

fn planned(world: &World, patient: &Patient) -> Recall {
    world.write(|tx| recalls::plan(tx, patient.id, &recall_details(world, date(2026, 6, 5))))
}

fn book(world: &World, recall: &Recall, day: Date) -> Recall {
    let entry = ContactEntry {
        means: ContactMeans::Phone,
        outcome: ContactOutcome::Booked,
        note: String::new(),
        booked_for: Some(day),
    };
    let version = world.store.read(|tx| recalls::get(tx, recall.id)).unwrap().version;
    world.write(|tx| recalls::note_contact(tx, recall.id, version, &entry))
}

fn unbook(world: &World, recall: &Recall) -> Recall {
    let version = world.store.read(|tx| recalls::get(tx, recall.id)).unwrap().version;
    world.write(|tx| recalls::unbook(tx, recall.id, version))
}

/// Day and state of the patient's visits, latest first.
fn visits_of(world: &World, patient: &Patient) -> Vec<(Date, VisitState)> {
    all(world, patient).into_iter().map(|visit| (visit.details.day, visit.state)).collect()
}

fn all(world: &World, patient: &Patient) -> Vec<Visit> {
    world.store.read(|tx| visits::of_patient(tx, patient.id)).unwrap()
}

fn expected(world: &World, patient: &Patient, day: Date) -> Visit {
    let details = VisitDetails {
        day,
        planned_at: Some("2026-06-10T08:30:00Z".parse().unwrap()),
        clinician_id: None,
        room: String::new(),
        note: "Knee".into(),
    };
    world.write(|tx| visits::add(tx, patient.id, &details, false)).visit
}

#[test]
fn a_booked_recall_makes_the_patient_expected_and_an_unbooked_one_no_longer() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient);
    book(&world, &recall, DAY);
    assert_eq!(visits_of(&world, &patient), [(DAY, VisitState::Expected)]);
    assert_eq!(all(&world, &patient)[0].details.note, "Skin check");
    let rows = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 2)).unwrap();
    assert_eq!(
        [rows[0].action, rows[1].action],
        [AuditAction::RecallContacted, AuditAction::VisitAdded],
        "in one transaction"
    );
    // The same day again changes nothing; another day takes the visit along.
    book(&world, &recall, DAY);
    book(&world, &recall, date(2026, 6, 12));
    assert_eq!(visits_of(&world, &patient), [(date(2026, 6, 12), VisitState::Expected)]);
    unbook(&world, &recall);
    assert_eq!(visits_of(&world, &patient), [(date(2026, 6, 12), VisitState::Cancelled)]);
    book(&world, &recall, DAY);
    assert_eq!(visits_of(&world, &patient)[1], (DAY, VisitState::Expected));
    let version = world.store.read(|tx| recalls::get(tx, recall.id)).unwrap().version;
    world.write(|tx| recalls::close(tx, recall.id, version, RecallState::Cancelled, "Moved away"));
    assert_eq!(visits_of(&world, &patient)[1], (DAY, VisitState::Cancelled));
}

#[test]
fn a_visit_that_was_there_is_taken_and_stays_when_the_booking_goes() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient);
    let visit = expected(&world, &patient, DAY);
    book(&world, &recall, DAY);
    assert_eq!(all(&world, &patient), std::slice::from_ref(&visit));
    unbook(&world, &recall);
    assert_eq!(all(&world, &patient), [visit]);
}

#[test]
fn a_visit_that_has_begun_stays() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient);
    let today = date(2026, 3, 5);
    book(&world, &recall, today);
    let visit = all(&world, &patient).remove(0);
    world.write(|tx| visits::step(tx, visit.id, visit.version, VisitStep::Arrive));
    unbook(&world, &recall);
    assert_eq!(visits_of(&world, &patient), [(today, VisitState::Arrived)]);
}

#[test]
fn two_recalls_of_one_day_share_the_visit_until_the_last_goes() {
    let world = World::new();
    let patient = world.patient();
    let (first, second) = (planned(&world, &patient), planned(&world, &patient));
    book(&world, &first, DAY);
    book(&world, &second, DAY);
    assert_eq!(visits_of(&world, &patient), [(DAY, VisitState::Expected)]);
    unbook(&world, &first);
    assert_eq!(visits_of(&world, &patient), [(DAY, VisitState::Expected)]);
    unbook(&world, &second);
    assert_eq!(visits_of(&world, &patient), [(DAY, VisitState::Cancelled)]);
}

#[test]
fn a_visit_put_on_another_day_takes_the_recall_along() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient);
    book(&world, &recall, DAY);
    let visit = all(&world, &patient).remove(0);
    let later = VisitDetails { day: date(2026, 6, 17), ..visit.details };
    world.write(|tx| visits::change(tx, visit.id, visit.version, &later));
    let moved = world.store.read(|tx| recalls::get(tx, recall.id)).unwrap();
    assert_eq!((moved.booked_for, moved.state), (Some(later.day), RecallState::Booked));
    assert_eq!(moved.next_on(), later.day);
    let rows = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    assert_eq!(rows[0].details["changed"]["booked_for"], serde_json::json!(["2026-06-10", "2026-06-17"]));
}

#[test]
fn a_refused_booking_leaves_no_visit_and_a_merge_is_undone_with_it() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient);
    let entry = ContactEntry {
        means: ContactMeans::Phone,
        outcome: ContactOutcome::Booked,
        note: String::new(),
        booked_for: Some(DAY),
    };
    let refused = world.refused(|tx| recalls::note_contact(tx, recall.id, 9, &entry));
    assert_eq!(refused, RecordsError::Conflict);
    assert!(all(&world, &patient).is_empty());

    book(&world, &recall, DAY);
    let kept = world.write(|tx| patients::register(tx, &details("Okonkwo", "Ada")));
    let other = world.store.read(|tx| patients::get(tx, patient.id)).unwrap();
    let merge = world
        .write(|tx| patients::merge(tx, (kept.id, kept.version), (other.id, other.version), &kept.details));
    assert_eq!(visits_of(&world, &kept), [(DAY, VisitState::Expected)]);
    world.write(|tx| patients::undo_merge(tx, merge.id));
    unbook(&world, &recall);
    assert_eq!(visits_of(&world, &patient), [(DAY, VisitState::Cancelled)]);
}

#[test]
fn a_recall_that_was_booked_while_merged_is_booked_again_after_the_undo() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient);
    let kept = world.write(|tx| patients::register(tx, &details("Okonkwo", "Ada")));
    let other = world.store.read(|tx| patients::get(tx, patient.id)).unwrap();
    let merge = world
        .write(|tx| patients::merge(tx, (kept.id, kept.version), (other.id, other.version), &kept.details));
    book(&world, &recall, DAY);
    world.write(|tx| patients::undo_merge(tx, merge.id));
    let next = date(2026, 6, 12);
    book(&world, &recall, next);
    assert!(visits_of(&world, &patient).contains(&(next, VisitState::Expected)));
}

#[test]
fn whoever_is_in_the_room_today_is_expected_on_the_day_that_was_booked() {
    let world = World::new();
    let patient = world.patient();
    let today = VisitDetails { planned_at: None, ..expected(&world, &patient, date(2026, 3, 4)).details };
    let here = VisitDetails { day: date(2026, 3, 5), ..today };
    world.write(|tx| visits::add(tx, patient.id, &here, true));
    let recall = planned(&world, &patient);
    book(&world, &recall, DAY);
    assert!(visits_of(&world, &patient).contains(&(DAY, VisitState::Expected)));
    unbook(&world, &recall);
    assert!(visits_of(&world, &patient).contains(&(DAY, VisitState::Cancelled)));
}
