//! The queue of a day, and the photographs that wait with it.

use domain::audit::AuditAction;
use domain::desk_photo::DeskPhoto;
use domain::image::ImageFormat;
use domain::patient::Patient;
use domain::quality::QualityReport;
use domain::visit::{Visit, VisitDetails, VisitState, VisitStep};
use domain::{ClinicianId, DeskPhotoId, FileId, PatientId, VisitId};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use records::audit::{self, AuditFilter, AuditRow};
use records::desk_photos::{self, DeskFile, FileKey};
use records::files::{self, SealedFile};
use records::images::{self, Rendition};
use records::visits::{self, Queue};
use records::{RecordsError, clinicians, patients};
use serde_json::json;
use vault::{DepositedKey, WrappedKey};

use crate::world::{World, details, image_of, sealed_file};

const TODAY: Date = date(2026, 3, 5);

fn entered(planned: Option<&str>) -> VisitDetails {
    VisitDetails {
        day: TODAY,
        planned_at: planned.map(|at| format!("2026-03-05T{at}Z").parse().unwrap()),
        clinician_id: None,
        room: String::new(),
        note: String::new(),
    }
}

fn named(world: &World, family_name: &str) -> Patient {
    world.write(|tx| patients::register(tx, &details(family_name, "Adaeze")))
}

fn queued(world: &World, patient: &Patient, planned: Option<&str>, arrived: bool) -> Visit {
    world.write(|tx| visits::add(tx, patient.id, &entered(planned), arrived)).visit
}

fn stepped(world: &World, visit: &Visit, step: VisitStep) -> Visit {
    world.write(|tx| visits::step(tx, visit.id, visit.version, step))
}

fn queue(world: &World, day: Date) -> Queue {
    world.write(|tx| visits::queue(tx, day))
}

fn names(queue: &Queue) -> Vec<&str> {
    queue.entries.iter().map(|entry| entry.patient.family_name.as_str()).collect()
}

fn newest(world: &World, action: AuditAction) -> AuditRow {
    let filter = AuditFilter { actions: vec![action], ..AuditFilter::default() };
    world.store.read(|tx| audit::search(tx, &filter, None, 1)).unwrap().remove(0)
}

#[test]
fn the_queue_stands_in_the_order_in_which_people_are_seen_to() {
    let world = World::new();
    let people: Vec<_> = ["Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gingko"]
        .iter()
        .map(|name| named(&world, name))
        .collect();
    let late = queued(&world, &people[0], Some("12:00:00"), false);
    queued(&world, &people[1], Some("11:00:00"), false);
    queued(&world, &people[2], None, false);
    let waits = queued(&world, &people[3], None, true);
    world.clock.advance(SignedDuration::from_mins(5));
    queued(&world, &people[4], Some("09:00:00"), true);
    let seen = queued(&world, &people[5], None, true);
    let seen = stepped(&world, &seen, VisitStep::EnterRoom);
    let gone = queued(&world, &people[6], None, true);
    stepped(&world, &gone, VisitStep::Cancel);
    let listed = queue(&world, TODAY);
    assert_eq!(names(&listed), ["Fir", "Dogwood", "Elm", "Birch", "Ash", "Cedar", "Gingko"]);
    let row = newest(&world, AuditAction::QueueRead);
    assert_eq!(row.details, json!({ "day": "2026-03-05", "count": 7 }));
    assert_eq!(row.patient, None);

    stepped(&world, &seen, VisitStep::Finish);
    stepped(&world, &waits, VisitStep::EnterRoom);
    stepped(&world, &late, VisitStep::DidNotAttend);
    let listed = queue(&world, TODAY);
    assert_eq!(names(&listed), ["Dogwood", "Elm", "Birch", "Cedar", "Fir", "Gingko", "Ash"]);
    assert!(queue(&world, date(2026, 3, 6)).entries.is_empty());
}

#[test]
fn who_is_still_there_at_midnight_stays_and_who_never_came_is_counted() {
    let world = World::new();
    let (stays, went, never) = (named(&world, "Ash"), named(&world, "Birch"), named(&world, "Cedar"));
    queued(&world, &stays, None, true);
    let gone = queued(&world, &went, None, true);
    stepped(&world, &gone, VisitStep::Finish);
    queued(&world, &never, Some("16:00:00"), false);
    assert_eq!(queue(&world, TODAY).unclosed, 0);

    world.clock.advance(SignedDuration::from_hours(24));
    let tomorrow = date(2026, 3, 6);
    let listed = queue(&world, tomorrow);
    assert_eq!(names(&listed), ["Ash"]);
    assert_eq!(listed.entries[0].visit.details.day, TODAY);
    assert_eq!((listed.unclosed, listed.unclosed_since), (1, Some(TODAY)));
    let yesterday = queue(&world, TODAY);
    assert_eq!(names(&yesterday), ["Ash", "Cedar", "Birch"]);

    // At the door again: they are in the queue already.
    let again = VisitDetails { day: tomorrow, ..entered(None) };
    let added = world.write(|tx| visits::add(tx, stays.id, &again, true));
    assert!(added.already);
    assert_eq!(added.visit.details.day, TODAY);
    // Yesterday's appointment is not today's visit.
    let added = world.write(|tx| visits::add(tx, never.id, &again, true));
    assert!(!added.already);
}

#[test]
fn nobody_stands_in_the_queue_twice_by_mistake() {
    let world = World::new();
    let patient = world.patient();
    let planned = queued(&world, &patient, Some("11:00:00"), false);
    let twice = world.write(|tx| visits::add(tx, patient.id, &entered(Some("11:00:00")), false));
    assert_eq!((twice.already, twice.visit.id), (true, planned.id));
    let at_the_door = world.write(|tx| visits::add(tx, patient.id, &entered(None), true));
    assert_eq!((at_the_door.already, at_the_door.visit.state), (true, VisitState::Expected));
    let afternoon = world.write(|tx| visits::add(tx, patient.id, &entered(Some("15:00:00")), false));
    assert!(!afternoon.already);
    let nobody = world.refused(|tx| visits::add(tx, PatientId::fresh(), &entered(None), true));
    assert_eq!(nobody, RecordsError::NotFound);
}

#[test]
fn the_later_of_two_changes_is_told_and_changes_nothing() {
    let world = World::new();
    let patient = world.patient();
    let visit = queued(&world, &patient, None, true);
    let moved = stepped(&world, &visit, VisitStep::EnterRoom);
    let late = world.refused(|tx| visits::step(tx, visit.id, visit.version, VisitStep::EnterRoom));
    assert_eq!(late, RecordsError::Conflict);
    let noted = VisitDetails { note: "Wound check".into(), room: "2".into(), ..visit.details.clone() };
    let late = world.refused(|tx| visits::change(tx, visit.id, visit.version, &noted));
    assert_eq!(late, RecordsError::Conflict);
    let changed = world.write(|tx| visits::change(tx, visit.id, moved.version, &noted));
    assert_eq!(world.store.read(|tx| visits::get(tx, visit.id)).unwrap(), changed);
    let row = newest(&world, AuditAction::VisitChanged);
    assert_eq!(row.details["changed"], json!({ "note": ["", "Wound check"], "room": ["", "2"] }));
    assert_eq!(row.patient, Some(patient.id));
    let row = newest(&world, AuditAction::VisitMoved);
    assert_eq!(row.details["changed"]["state"], json!(["arrived", "in_room"]));
}

#[test]
fn a_step_that_leads_nowhere_is_refused() {
    let world = World::new();
    let visit = queued(&world, &world.patient(), None, false);
    let refused = world.refused(|tx| visits::step(tx, visit.id, visit.version, VisitStep::Finish));
    assert_eq!(refused, RecordsError::Conflict);
    let missing = world.refused(|tx| visits::step(tx, VisitId::fresh(), 1, VisitStep::Arrive));
    assert_eq!(missing, RecordsError::NotFound);
    let arrived = stepped(&world, &visit, VisitStep::Arrive);
    let tomorrow = VisitDetails { day: date(2026, 3, 6), ..entered(None) };
    let refused = world.refused(|tx| visits::change(tx, visit.id, arrived.version, &tomorrow));
    assert_eq!(refused, RecordsError::Conflict, "who has come cannot be put off");
    let back = stepped(&world, &arrived, VisitStep::TakeBack);
    assert_eq!((back.state, back.arrived_at, back.version), (VisitState::Expected, None, 3));
    world.write(|tx| visits::change(tx, visit.id, back.version, &tomorrow));
}

#[test]
fn a_clinician_of_a_visit_is_one_of_the_directory() {
    let world = World::new();
    let patient = world.patient();
    let nobody = VisitDetails { clinician_id: Some(ClinicianId::fresh()), ..entered(None) };
    assert_eq!(world.refused(|tx| visits::add(tx, patient.id, &nobody, true)), RecordsError::NotFound);
    let clinician = world.write(|tx| clinicians::add(tx, "Dr Ada Lind", "L-7", None));
    let asked = VisitDetails { clinician_id: Some(clinician.id), ..entered(None) };
    let visit = world.write(|tx| visits::add(tx, patient.id, &asked, true)).visit;
    assert_eq!(queue(&world, TODAY).entries[0].clinician_name.as_deref(), Some("Dr Ada Lind"));
    // Who leaves the directory stays on the visits they had.
    world.write(|tx| clinicians::remove(tx, clinician.id));
    let noted = VisitDetails { note: "Same".into(), ..asked };
    world.write(|tx| visits::change(tx, visit.id, visit.version, &noted));
    assert_eq!(queue(&world, TODAY).entries[0].clinician_name.as_deref(), Some("Dr Ada Lind"));
}

#[test]
fn a_number_from_a_slip_finds_its_patient_and_no_other() {
    let world = World::new();
    let patient = world.patient();
    let found = world.write(|tx| visits::patient_by_number(tx, "P-000001")).unwrap();
    assert_eq!(found.id, patient.id);
    for number in ["P-00000", "P-0000011", "%", "", "' OR 1=1 --"] {
        assert!(world.write(|tx| visits::patient_by_number(tx, number)).is_none(), "{number}");
    }
    let row = newest(&world, AuditAction::PatientsSearched);
    assert_eq!(row.details, json!({ "count": 0, "by": "number" }));
}

#[test]
fn the_slip_of_a_merged_record_leads_to_the_one_that_stays() {
    let world = World::new();
    let (kept, goes) = (named(&world, "Ash"), named(&world, "Ashe"));
    let visit = queued(&world, &goes, None, true);
    world.write(|tx| patients::merge(tx, (kept.id, 1), (goes.id, 1), &kept.details));
    let found = world.write(|tx| visits::patient_by_number(tx, &goes.number)).unwrap();
    assert_eq!((found.id, found.number.as_str()), (kept.id, "P-000001"));
    let here = world.store.read(|tx| visits::open_of_patient(tx, kept.id, TODAY)).unwrap();
    assert_eq!(here.iter().map(|visit| visit.id).collect::<Vec<_>>(), [visit.id]);
    assert_eq!(names(&queue(&world, TODAY)), ["Ash"]);
    let refused = world.refused(|tx| visits::add(tx, goes.id, &entered(None), true));
    assert_eq!(refused, RecordsError::Merged);
    assert!(world.write(|tx| desk_photos::list(tx, goes.id)).is_empty());
}

fn photo(visit: &Visit, sha256: &str) -> DeskPhoto {
    DeskPhoto {
        id: DeskPhotoId::fresh(),
        patient_id: visit.patient_id,
        visit_id: visit.id,
        format: ImageFormat::Jpeg,
        width: 800,
        height: 600,
        sha256: sha256.repeat(32),
        bytes: 4096,
        quality: QualityReport::default(),
        added_at: "2026-03-05T10:00:00Z".parse::<Timestamp>().unwrap(),
    }
}

fn deposited() -> Vec<DeskFile> {
    [Rendition::Original, Rendition::Display, Rendition::Thumbnail]
        .map(|rendition| {
            let key = DepositedKey::try_from(&[7; DepositedKey::BYTES][..]).unwrap();
            DeskFile { rendition, id: FileId::fresh(), version: 1, key: FileKey::Deposited(key) }
        })
        .to_vec()
}

fn taken_over(world: &World) {
    let waiting = world.store.read(desk_photos::deposits).unwrap();
    let key = WrappedKey::try_from(&[9; WrappedKey::BYTES][..]).unwrap();
    let taken: Vec<_> =
        waiting.iter().map(|d| SealedFile { id: d.id, version: d.version, key: key.clone() }).collect();
    world.write(|tx| desk_photos::adopt(tx, &taken));
}

#[test]
fn a_photograph_of_the_desk_becomes_an_image_of_a_lesion() {
    let world = World::new();
    let patient = world.patient();
    let visit = queued(&world, &patient, None, true);
    let (waiting, files) = (photo(&visit, "cd"), deposited());
    world.write(|tx| desk_photos::add(tx, &waiting, &files));
    let known = world.store.read(files::known).unwrap();
    assert!(files.iter().all(|file| known.contains(&file.id)), "a sweep would take them");
    assert_eq!(queue(&world, TODAY).entries[0].photographs, 1);
    let same = world.store.read(|tx| desk_photos::same_content(tx, visit.id, &waiting.sha256)).unwrap();
    assert_eq!(same.as_ref(), Some(&waiting));

    let lesion = world.lesion(&patient);
    let image = image_of(&lesion);
    assert!(!world.write(|tx| desk_photos::list(tx, patient.id))[0].opens);
    let early = world.refused(|tx| desk_photos::assign(tx, waiting.id, &image));
    assert_eq!(early, RecordsError::Conflict, "nobody has its keys yet");
    taken_over(&world);
    assert!(world.store.read(desk_photos::deposits).unwrap().is_empty());
    assert!(world.write(|tx| desk_photos::list(tx, patient.id))[0].opens);
    assert_eq!(world.store.read(files::known).unwrap(), known);

    let stranger = world.lesion(&named(&world, "Birch"));
    let refused = world.refused(|tx| desk_photos::assign(tx, waiting.id, &image_of(&stranger)));
    assert_eq!(refused, RecordsError::NotFound);
    world.write(|tx| desk_photos::assign(tx, waiting.id, &image));
    assert_eq!(
        world.refused(|tx| desk_photos::assign(tx, waiting.id, &image_of(&lesion))),
        RecordsError::NotFound
    );
    let file = world.store.read(|tx| images::file(tx, image.id, Rendition::Original)).unwrap();
    assert_eq!(file.id, files[0].id);
    assert!(world.write(|tx| desk_photos::list(tx, patient.id)).is_empty());
    assert_eq!(queue(&world, TODAY).entries[0].photographs, 0);
    let row = newest(&world, AuditAction::DeskPhotoAssigned);
    assert_eq!(row.patient, Some(patient.id));
    assert_eq!(row.details["lesion"], json!(lesion.id));
    newest(&world, AuditAction::ImageImported);
}

#[test]
fn a_discarded_photograph_leaves_no_key_behind() {
    let world = World::new();
    let visit = queued(&world, &world.patient(), None, true);
    let waiting = photo(&visit, "cd");
    let own = sealed_file();
    let mut files = deposited();
    files[0].id = own.id;
    files[0].key = FileKey::Wrapped(own.key);
    world.write(|tx| desk_photos::add(tx, &waiting, &files));
    let gone = world.write(|tx| desk_photos::discard(tx, waiting.id, "Not this patient"));
    assert_eq!(gone.len(), 3);
    assert!(world.store.read(files::known).unwrap().is_empty());
    assert_eq!(world.refused(|tx| desk_photos::discard(tx, waiting.id, "")), RecordsError::NotFound);
    assert_eq!(newest(&world, AuditAction::DeskPhotoDiscarded).details["reason"], "Not this patient");
    // The same file may be taken in again.
    assert!(
        world.store.read(|tx| desk_photos::same_content(tx, visit.id, &waiting.sha256)).unwrap().is_none()
    );
    world.write(|tx| desk_photos::add(tx, &photo(&visit, "cd"), &deposited()));
}
