use domain::audit::AuditAction;
use domain::biopsy::{BiopsyState, Finding, Margins, SpecimenDetails, SpecimenKind};
use domain::case_note::{NoteAudience, NoteEntry};
use domain::image::ImageRecord;
use domain::lesion::Lesion;
use domain::model::Malignancy;
use domain::morphology::Behaviour;
use domain::patient::Patient;
use domain::recall::{
    ContactEntry, ContactMeans, ContactOutcome, IntervalUnit, Recall, RecallDetails, RecallInterval,
    RecallState,
};
use domain::{PatientId, UserId};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use records::audit::{self, AuditFilter, AuditRow};
use records::recalls::{self, CallWindow};
use records::{RecordsError, analyses, biopsies, case_notes};
use serde_json::json;

use crate::nouns::analysis_of;
use crate::world::World;

fn newest(world: &World) -> AuditRow {
    world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0)
}

pub fn recall_details(world: &World, due_on: Date) -> RecallDetails {
    RecallDetails {
        lesion_id: None,
        due_on,
        interval: Some(RecallInterval { count: 3, unit: IntervalUnit::Months }),
        reason: "Atypical network, compare".into(),
        desk_text: "Skin check".into(),
        responsible: world.actor.user,
    }
}

pub fn specimen(world: &World, image: &ImageRecord, number: &str) -> SpecimenDetails {
    SpecimenDetails {
        kind: SpecimenKind::Excision,
        taken_on: date(2026, 3, 5),
        taken_by: world.actor.user,
        site_image_id: image.id,
        specimen_number: number.into(),
        impression: Some(Malignancy::Malignant),
        impression_text: "Melanoma?".into(),
    }
}

pub fn finding(behaviour: Behaviour) -> Finding {
    Finding {
        morphology: Some("8743/3".into()),
        behaviour,
        text: "Superficial spreading melanoma".into(),
        breslow_mm: Some(0.4),
        margins: Margins::Clear,
        reported_on: date(2026, 3, 5),
    }
}

fn attempt(outcome: ContactOutcome, booked_for: Option<Date>) -> ContactEntry {
    ContactEntry { means: ContactMeans::Phone, outcome, note: "Mailbox".into(), booked_for }
}

fn lesion_with_image(world: &World) -> (Patient, Lesion, ImageRecord) {
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let image = world.image(&lesion);
    (patient, lesion, image)
}

fn planned(world: &World, patient: &Patient, due_on: Date) -> Recall {
    world.write(|tx| recalls::plan(tx, patient.id, &recall_details(world, due_on)))
}

#[test]
fn a_recall_goes_from_due_to_booked_to_done() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient, date(2026, 6, 5));
    assert_eq!((recall.state, recall.version), (RecallState::Due, 1));
    assert_eq!(newest(&world).action, AuditAction::RecallPlanned);
    assert_eq!(newest(&world).patient, Some(patient.id));

    let tried =
        world.write(|tx| recalls::note_contact(tx, recall.id, 1, &attempt(ContactOutcome::NoAnswer, None)));
    assert_eq!(tried.state, RecallState::Due);
    let day = date(2026, 6, 10);
    let booked = world
        .write(|tx| recalls::note_contact(tx, recall.id, 2, &attempt(ContactOutcome::Booked, Some(day))));
    assert_eq!((booked.state, booked.next_on()), (RecallState::Booked, day));
    assert_eq!(newest(&world).details["changed"]["booked_for"], json!([null, "2026-06-10"]));

    let missed = world.write(|tx| recalls::unbook(tx, recall.id, 3));
    assert_eq!((missed.state, missed.next_on()), (RecallState::Due, date(2026, 6, 5)));
    assert_eq!(world.refused(|tx| recalls::unbook(tx, recall.id, 4)), RecordsError::Conflict);

    let done = world.write(|tx| recalls::close(tx, recall.id, 4, RecallState::Done, "Seen"));
    assert_eq!((done.state, done.closed_by), (RecallState::Done, Some(world.actor.user)));
    let contacts = world.store.read(|tx| recalls::contacts(tx, recall.id)).unwrap();
    assert_eq!(
        contacts.iter().map(|c| c.entry.outcome).collect::<Vec<_>>(),
        [ContactOutcome::Booked, ContactOutcome::NoAnswer]
    );
    let again = attempt(ContactOutcome::Reached, None);
    assert_eq!(
        world.refused(|tx| recalls::note_contact(tx, recall.id, 5, &again)),
        RecordsError::Conflict,
        "a closed recall stays closed"
    );
    let world = world.reopened();
    assert_eq!(world.store.read(|tx| recalls::of_patient(tx, patient.id)).unwrap(), [done]);
}

#[test]
fn an_old_form_does_not_overwrite_a_recall() {
    let world = World::new();
    let patient = world.patient();
    let recall = planned(&world, &patient, date(2026, 6, 5));
    let later = RecallDetails { due_on: date(2026, 9, 5), interval: None, ..recall.details.clone() };
    let changed = world.write(|tx| recalls::change(tx, recall.id, 1, &later));
    assert_eq!((&changed.details, changed.version), (&later, 2));
    let row = newest(&world);
    assert_eq!(row.details["changed"]["due_on"], json!(["2026-06-05", "2026-09-05"]));
    assert_eq!(world.refused(|tx| recalls::change(tx, recall.id, 1, &later)), RecordsError::Conflict);
    let cancel = |note: &'static str| {
        world.store.write(&world.actor, |tx| recalls::close(tx, recall.id, 2, RecallState::Cancelled, note))
    };
    assert!(matches!(cancel(""), Err(RecordsError::Storage(_))), "a cancellation has a reason");
    assert_eq!(cancel("Moved away").unwrap().closing_note, "Moved away");
}

#[test]
fn recalls_belong_to_one_patient_and_a_known_colleague() {
    let world = World::new();
    let (_, foreign, _) = lesion_with_image(&world);
    let patient = world.patient();
    let other = RecallDetails { lesion_id: Some(foreign.id), ..recall_details(&world, date(2026, 6, 5)) };
    assert_eq!(world.refused(|tx| recalls::plan(tx, patient.id, &other)), RecordsError::NotFound);
    let nobody = RecallDetails { responsible: UserId::fresh(), ..recall_details(&world, date(2026, 6, 5)) };
    assert_eq!(world.refused(|tx| recalls::plan(tx, patient.id, &nobody)), RecordsError::NotFound);
    let details = recall_details(&world, date(2026, 6, 5));
    assert_eq!(world.refused(|tx| recalls::plan(tx, PatientId::fresh(), &details)), RecordsError::NotFound);
}

#[test]
fn the_call_list_holds_what_is_open_oldest_day_first() {
    let world = World::new();
    let patient = world.patient();
    let days = [date(2026, 3, 20), date(2025, 11, 2), date(2026, 4, 1), date(2026, 3, 1)];
    let recalls: Vec<Recall> = days.iter().map(|day| planned(&world, &patient, *day)).collect();
    world.write(|tx| {
        recalls::note_contact(tx, recalls[3].id, 1, &attempt(ContactOutcome::Declined, None))?;
        recalls::plan(tx, patient.id, &recall_details(&world, date(2026, 3, 2)))
            .and_then(|closed| recalls::close(tx, closed.id, 1, RecallState::Done, ""))
    });
    let list = |from, to, limit, offset| {
        world.write(|tx| recalls::call_list(tx, CallWindow { from, to }, limit, offset))
    };
    let (calls, total) = list(None, date(2026, 3, 31), 50, 0);
    let shown: Vec<Date> = calls.iter().map(|call| call.recall.next_on()).collect();
    assert_eq!(shown, [days[1], days[3], days[0]]);
    assert_eq!(total, 3);
    assert_eq!(
        (calls[1].attempts, calls[1].last.as_ref().unwrap().entry.outcome),
        (1, ContactOutcome::Declined)
    );
    assert_eq!((calls[0].attempts, &calls[0].last), (0, &None));
    assert_eq!((&calls[0].family_name, &calls[0].number), (&"Okonkwo".to_owned(), &patient.number));
    let row = newest(&world);
    assert_eq!((row.action, &row.details["count"]), (AuditAction::CallListRead, &json!(3)));
    assert_eq!(list(Some(date(2026, 3, 1)), date(2026, 3, 31), 50, 0).1, 2);
    assert_eq!(list(None, date(2026, 3, 31), 1, 2).0[0].recall.id, recalls[0].id);
    assert_eq!(world.store.read(|tx| recalls::overdue(tx, date(2026, 3, 5))).unwrap(), 2);
}

#[test]
fn a_biopsy_runs_from_specimen_to_acknowledged_result() {
    let world = World::new();
    let (patient, lesion, image) = lesion_with_image(&world);
    let reading = analysis_of(&[&image]);
    world.write(|tx| analyses::insert(tx, &reading, &[]));
    let details = specimen(&world, &image, "H-26 118");
    let taken = world.write(|tx| biopsies::take(tx, lesion.id, &details));
    assert_eq!((taken.state, &taken.details, taken.patient_id), (BiopsyState::Taken, &details, patient.id));
    let sent = world.write(|tx| biopsies::send(tx, taken.id, 1, "Pathology Lindau", date(2026, 3, 5)));
    assert_eq!((sent.state, sent.sent_on), (BiopsyState::Sent, Some(date(2026, 3, 5))));
    assert_eq!(
        world.refused(|tx| biopsies::acknowledge(tx, taken.id, 2)),
        RecordsError::Conflict,
        "there is no result yet"
    );
    let result = world.write(|tx| {
        biopsies::enter_histology(tx, taken.id, 2, &finding(Behaviour::Malignant), &TimeZone::UTC)
    });
    assert_eq!(result.state, BiopsyState::Result);
    let read = world.write(|tx| biopsies::acknowledge(tx, taken.id, 3));
    assert_eq!((read.state, read.read_by), (BiopsyState::Read, Some(world.actor.user)));

    // A later photograph of the scar is read; the correction is held against the first reading all the same.
    let scar = analysis_of(&[&world.image(&lesion)]);
    world.write(|tx| analyses::insert(tx, &scar, &[]));
    let thicker = Finding { breslow_mm: Some(0.9), ..finding(Behaviour::Malignant) };
    let corrected = world.write(|tx| biopsies::enter_histology(tx, taken.id, 4, &thicker, &TimeZone::UTC));
    assert_eq!((corrected.state, corrected.read_at), (BiopsyState::Result, None), "unread again");
    assert_eq!(newest(&world).details["changed"]["breslow_mm"], json!([0.4, 0.9]));
    let world = world.reopened();
    let editions = world.store.read(|tx| biopsies::editions(tx, taken.id)).unwrap();
    assert_eq!(
        editions.iter().map(|e| (e.edition, e.analysis_id)).collect::<Vec<_>>(),
        [(1, Some(reading.id)), (2, Some(reading.id))]
    );
    assert_eq!(editions[0].finding, finding(Behaviour::Malignant));
    assert_eq!(world.store.read(|tx| biopsies::of_patient(tx, patient.id)).unwrap(), [corrected]);
    assert_eq!(
        world.refused(|tx| biopsies::withdraw(tx, taken.id, 5, "wrong lesion")),
        RecordsError::Conflict,
        "a result is not taken back"
    );
}

#[test]
fn what_is_left_after_an_excision_does_not_unmake_a_melanoma() {
    let world = World::new();
    let (_, lesion, image) = lesion_with_image(&world);
    let found = |number: &str, day: Date, behaviour| {
        let details = SpecimenDetails { taken_on: day, ..specimen(&world, &image, number) };
        let taken = world.write(|tx| biopsies::take(tx, lesion.id, &details));
        world.write(|tx| biopsies::enter_histology(tx, taken.id, 1, &finding(behaviour), &TimeZone::UTC));
        taken.id
    };
    let stands =
        || world.store.read(|tx| biopsies::finding_of_lesion(tx, lesion.id)).unwrap().unwrap().behaviour;
    let first = found("H-1", date(2026, 3, 2), Behaviour::Malignant);
    found("H-2", date(2026, 3, 5), Behaviour::Benign);
    assert_eq!(stands(), Behaviour::Malignant);
    // The pathologist takes the first finding back: the last specimen counts again.
    world.write(|tx| biopsies::enter_histology(tx, first, 2, &finding(Behaviour::Uncertain), &TimeZone::UTC));
    assert_eq!(stands(), Behaviour::Benign);
}

#[test]
fn a_result_is_not_held_against_a_reading_of_the_scar() {
    let world = World::new();
    let (_, lesion, image) = lesion_with_image(&world);
    let scar = analysis_of(&[&image]);
    world.write(|tx| analyses::insert(tx, &scar, &[]));
    let details = SpecimenDetails { taken_on: date(2026, 3, 4), ..specimen(&world, &image, "H-1") };
    let taken = world.write(|tx| biopsies::take(tx, lesion.id, &details));
    world.write(|tx| biopsies::enter_histology(tx, taken.id, 1, &finding(Behaviour::Benign), &TimeZone::UTC));
    let editions = world.store.read(|tx| biopsies::editions(tx, taken.id)).unwrap();
    assert_eq!(editions[0].analysis_id, None);
}

#[test]
fn a_specimen_has_a_photograph_of_its_lesion_and_a_number_of_its_own() {
    let world = World::new();
    let (patient, lesion, image) = lesion_with_image(&world);
    let elsewhere = world.image(&world.lesion(&patient));
    let wrong = specimen(&world, &elsewhere, "H-1");
    assert_eq!(world.refused(|tx| biopsies::take(tx, lesion.id, &wrong)), RecordsError::NotFound);

    let first = world.write(|tx| biopsies::take(tx, lesion.id, &specimen(&world, &image, "H-1 b")));
    let same = specimen(&world, &image, "h-1B");
    assert_eq!(world.refused(|tx| biopsies::take(tx, lesion.id, &same)), RecordsError::Conflict);
    assert_eq!(world.store.read(|tx| biopsies::numbered(tx, "H-1B ")).unwrap(), Some(first.id));

    let fixed = SpecimenDetails { kind: SpecimenKind::Punch, ..specimen(&world, &image, "H-2") };
    let changed = world.write(|tx| biopsies::change(tx, first.id, 1, &fixed));
    assert_eq!(newest(&world).details["changed"]["kind"], json!(["excision", "punch"]));
    assert_eq!(world.refused(|tx| biopsies::change(tx, first.id, 1, &fixed)), RecordsError::Conflict);
    let gone = world.write(|tx| biopsies::withdraw(tx, first.id, changed.version, "entered twice"));
    assert_eq!(gone.withdrawn_reason, "entered twice");
    assert_eq!(
        world.refused(|tx| biopsies::change(tx, first.id, gone.version, &fixed)),
        RecordsError::Conflict
    );
    world.write(|tx| biopsies::take(tx, lesion.id, &specimen(&world, &image, "H-2")));
}

#[test]
fn a_note_is_followed_ticked_and_struck_but_never_edited() {
    let world = World::new();
    let patient = world.patient();
    let note = |text: &str, follows| NoteEntry { audience: NoteAudience::Desk, text: text.into(), follows };
    let first = world.write(|tx| case_notes::write(tx, patient.id, &note("Needs a lift", None)));
    world.clock.advance(SignedDuration::from_mins(1));
    let second = world.write(|tx| case_notes::write(tx, patient.id, &note("Booked", Some(first.id))));
    let foreign = world.patient();
    let stray = note("x", Some(first.id));
    assert_eq!(world.refused(|tx| case_notes::write(tx, foreign.id, &stray)), RecordsError::NotFound);

    let done = world.write(|tx| case_notes::mark_done(tx, first.id, true));
    assert_eq!(done.done_by, Some(world.actor.user));
    assert_eq!(world.refused(|tx| case_notes::mark_done(tx, first.id, true)), RecordsError::Conflict);
    assert_eq!(world.write(|tx| case_notes::mark_done(tx, first.id, false)).done_at, None);
    let struck = world.write(|tx| case_notes::strike(tx, second.id, "wrong patient"));
    assert_eq!((struck.entry.text.as_str(), struck.strike_reason.as_str()), ("Booked", "wrong patient"));
    assert_eq!(world.refused(|tx| case_notes::strike(tx, second.id, "again")), RecordsError::Conflict);
    let notes = world.store.read(|tx| case_notes::of_patient(tx, patient.id)).unwrap();
    assert_eq!(notes.iter().map(|n| n.id).collect::<Vec<_>>(), [second.id, first.id]);
    let edit = world.raw().execute("UPDATE case_notes SET text = 'other'", []);
    assert!(edit.unwrap_err().to_string().contains("not edited"));
}
