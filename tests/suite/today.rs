//! A day at the front desk: the queue, photographs left for the clinician, slips.

use std::sync::Arc;

use clinic::views::*;
use clinic::{ErrorCode, Session, desk_photo, keys, patient, picture, visit};
use domain::image::ImageKind;
use domain::patient::PatientDetails;
use domain::visit::{VisitState, VisitStep};
use domain::{ClinicianId, FixedClock, PatientId, Role, VisitId};
use jiff::Timestamp;
use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;
use records::audit::SubjectKind;
use support::{PASSWORD, World, details, melanoma_like_jpeg, naevus_jpeg, signed_in};

use crate::people::{NURSE, SECRET, administrator, joins};

fn entry(day: Option<Date>, planned: Option<Time>) -> VisitEntry {
    VisitEntry { day, planned, clinician_id: None, room: String::new(), note: String::new() }
}

fn walks_in(session: &Session, patient_id: PatientId) -> VisitView {
    let request = VisitAddRequest { patient_id, arrived: true, entry: entry(None, None) };
    visit::add(session, request).unwrap().visit
}

fn planned(session: &Session, patient_id: PatientId, day: Date, at: Time) -> clinic::Result<VisitView> {
    let request = VisitAddRequest { patient_id, arrived: false, entry: entry(Some(day), Some(at)) };
    visit::add(session, request).map(|added| added.visit)
}

fn moved(session: &Session, view: &VisitView, step: VisitStep) -> VisitView {
    let VisitView { visit, .. } = view;
    visit::step(session, &VisitMoveRequest { id: visit.id, version: visit.version, step }).unwrap()
}

fn queue(session: &Session) -> QueueView {
    visit::queue(session, &QueueReadRequest { day: None }).unwrap()
}

fn takes_in(session: &Session, visit_id: VisitId, bytes: &[u8]) -> clinic::Result<DeskPhotoAdded> {
    desk_photo::add(session, &DeskPhotoAddRequest { visit_id }, bytes)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A clinic whose workstation stands in Berlin.
fn berlin(now: &str) -> (World, Arc<FixedClock>) {
    let clock =
        Arc::new(FixedClock::in_zone(at(now), TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()));
    (World::founded_at(&clock), clock)
}

/// Moves the clock and signs in again: sessions do not last through the night.
fn later(world: &World, clock: &FixedClock, to: &str) -> Session {
    clock.advance(at(to).duration_since(world.now()));
    administrator(world)
}

#[test]
fn a_walk_in_goes_from_the_door_to_the_end_and_the_trail_tells() {
    let world = World::founded();
    let desk = joins(&world, NURSE, Role::FrontDesk);
    let details = PatientDetails { family_name: "Ash".into(), ..details() };
    let id = patient::create(&desk, PatientCreateRequest { details }).unwrap().patient.id;
    let request = VisitAddRequest {
        patient_id: id,
        arrived: true,
        entry: VisitEntry { note: "  Mole on the back bleeds  ".into(), ..entry(None, None) },
    };
    let added = visit::add(&desk, request).unwrap();
    assert!(!added.already);
    let listed = queue(&desk);
    assert_eq!(listed.rows.len(), 1);
    let row = &listed.rows[0];
    assert_eq!((row.person.family_name.as_str(), row.person.number.as_str()), ("Ash", "P-000001"));
    assert_eq!(row.visit.visit.details.note, "Mole on the back bleeds");
    assert_eq!((row.visit.waited_minutes, row.visit.from_earlier_day), (Some(0), false));

    let doctor = administrator(&world);
    let seen = moved(&doctor, &added.visit, VisitStep::EnterRoom);
    let late = VisitMoveRequest { id: seen.visit.id, version: 1, step: VisitStep::Cancel };
    assert_eq!(visit::step(&desk, &late).unwrap_err().code, ErrorCode::Conflict);
    let done = moved(&doctor, &seen, VisitStep::Finish);
    assert_eq!(done.visit.state, VisitState::Done);
    assert_eq!(moved(&doctor, &done, VisitStep::TakeBack).visit.state, VisitState::InRoom);

    let steps: Vec<_> = world.trail(&doctor, "visit_moved").iter().map(|d| d["step"].clone()).collect();
    assert_eq!(steps, ["take_back", "finish", "enter_room"]);
    assert_eq!(world.trail(&doctor, "queue_read")[0]["count"], 1);
    assert_eq!(serde_json::to_value(SubjectKind::Visit).unwrap(), "visit");
}

#[test]
fn what_cannot_be_is_said_at_the_field() {
    let (world, _) = berlin("2026-03-05T10:00:00+01:00");
    let patient = world.registers("Ash");
    let session = &world.session;
    let problems = |request: VisitAddRequest| {
        let error = visit::add(session, request).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidInput);
        let fields = error.details["problems"].as_array().unwrap().clone();
        fields.iter().map(|p| p["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let with = |arrived, entry| VisitAddRequest { patient_id: patient, arrived, entry };
    let long = VisitEntry { note: "ä".repeat(2001), room: "r".repeat(41), ..entry(None, None) };
    assert_eq!(problems(with(true, long)), ["room", "note"]);
    let control = VisitEntry { note: "a\u{0}b".into(), ..entry(None, None) };
    assert_eq!(problems(with(true, control)), ["note"]);
    assert_eq!(problems(with(false, entry(Some(date(2026, 3, 4)), None))), ["day"]);
    assert_eq!(problems(with(true, entry(Some(date(2026, 3, 6)), None))), ["day"]);
    assert_eq!(problems(with(false, entry(Some(date(2036, 3, 6)), None))), ["day"]);
    let full = VisitEntry { note: "ä".repeat(2000), room: "r".repeat(40), ..entry(None, None) };
    visit::add(session, with(true, full)).unwrap();
    let nobody =
        VisitEntry { clinician_id: Some(ClinicianId::fresh()), ..entry(None, Some(time(11, 0, 0, 0))) };
    assert_eq!(visit::add(session, with(false, nobody)).unwrap_err().code, ErrorCode::NotFound);
    let gone = VisitAddRequest { patient_id: PatientId::fresh(), arrived: true, entry: entry(None, None) };
    assert_eq!(visit::add(session, gone).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn who_waits_at_midnight_still_waits_and_keeps_the_day() {
    let (world, clock) = berlin("2026-03-05T23:40:00+01:00");
    let (stays, never) = (world.registers("Ash"), world.registers("Birch"));
    let visit = walks_in(&world.session, stays);
    planned(&world.session, never, date(2026, 3, 5), time(23, 50, 0, 0)).unwrap();
    // In UTC it is still the fifth.
    let session = later(&world, &clock, "2026-03-06T00:20:00+01:00");
    let listed = queue(&session);
    assert_eq!((listed.today, listed.rows.len()), (date(2026, 3, 6), 1));
    let row = &listed.rows[0];
    assert_eq!(row.visit.visit.details.day, date(2026, 3, 5));
    assert_eq!((row.visit.from_earlier_day, row.visit.waited_minutes), (true, Some(40)));
    assert_eq!((listed.unclosed, listed.unclosed_since), (1, Some(date(2026, 3, 5))));

    let seen = moved(&session, &visit, VisitStep::EnterRoom);
    let done = moved(&session, &seen, VisitStep::Finish);
    assert_eq!(done.waited_minutes, Some(40));
    assert!(queue(&session).rows.is_empty());
    let day = visit::queue(&session, &QueueReadRequest { day: Some(date(2026, 3, 5)) }).unwrap();
    let states: Vec<_> = day.rows.iter().map(|row| row.visit.visit.state).collect();
    assert_eq!(states, [VisitState::Expected, VisitState::Done]);
}

#[test]
fn the_clocks_change_and_nobody_waits_an_hour_more_or_less() {
    // On 29 March 2026 the hour from two to three does not exist in Berlin.
    let (world, clock) = berlin("2026-03-28T22:00:00+01:00");
    let patient = world.registers("Ash");
    let spring = date(2026, 3, 29);
    let skipped = planned(&world.session, patient, spring, time(2, 30, 0, 0)).unwrap();
    assert_eq!(skipped.visit.details.planned_at, Some(at("2026-03-29T03:30:00+02:00")));
    let session = later(&world, &clock, "2026-03-29T01:45:00+01:00");
    let arrived = moved(&session, &skipped, VisitStep::Arrive);
    let session = later(&world, &clock, "2026-03-29T03:15:00+02:00");
    assert_eq!(queue(&session).rows[0].visit.waited_minutes, Some(30));
    moved(&session, &arrived, VisitStep::Finish);

    // On 25 October 2026 the hour from two to three comes twice.
    let autumn = date(2026, 10, 25);
    let twice = planned(&session, patient, autumn, time(2, 30, 0, 0)).unwrap();
    assert_eq!(twice.visit.details.planned_at, Some(at("2026-10-25T02:30:00+02:00")));
    let session = later(&world, &clock, "2026-10-25T02:40:00+02:00");
    moved(&session, &twice, VisitStep::Arrive);
    let session = later(&world, &clock, "2026-10-25T02:40:00+01:00");
    let listed = queue(&session);
    assert_eq!(listed.today, autumn);
    assert_eq!(listed.rows[0].visit.waited_minutes, Some(60));
    // Midnight of the long day is the workstation's, not that of UTC.
    let session = later(&world, &clock, "2026-10-25T23:59:00+01:00");
    assert!(!queue(&session).rows[0].visit.from_earlier_day);
    let session = later(&world, &clock, "2026-10-26T00:01:00+01:00");
    assert!(queue(&session).rows[0].visit.from_earlier_day);
}

#[test]
fn the_desk_takes_photographs_in_and_never_opens_them_again() {
    let world = World::founded();
    let patient = world.registers("Ash");
    let desk = joins(&world, NURSE, Role::FrontDesk);
    let visit = walks_in(&desk, patient).visit.id;
    let first = takes_in(&desk, visit, &naevus_jpeg()).unwrap();
    assert_eq!((first.already, first.photographs), (false, 1));
    let again = takes_in(&desk, visit, &naevus_jpeg()).unwrap();
    assert_eq!((again.already, again.photographs), (true, 1));
    takes_in(&desk, visit, &melanoma_like_jpeg()).unwrap();
    assert_eq!(queue(&desk).rows[0].photographs, 2);
    for (bytes, code) in [
        (&b""[..], ErrorCode::ImageEmpty),
        (b"GIF89a", ErrorCode::ImageFormatUnsupported),
        (&naevus_jpeg()[..200], ErrorCode::ImageUnreadable),
    ] {
        assert_eq!(takes_in(&desk, visit, bytes).unwrap_err().code, code);
    }
    let denied = desk_photo::list(&desk, &DeskPhotoListRequest { patient_id: patient }).unwrap_err();
    assert_eq!(denied.code, ErrorCode::NotPermitted);

    // A clinician who comes in takes the keys over.
    let doctor = administrator(&world);
    let waiting = desk_photo::list(&doctor, &DeskPhotoListRequest { patient_id: patient }).unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|photo| photo.opens));
    let address = format!("/desk/{}/original", waiting[0].photo.id).parse().unwrap();
    assert!(*picture::read(&doctor, &address).unwrap().bytes == naevus_jpeg());
    assert_eq!(picture::read(&desk, &address).map(|_| ()).unwrap_err().code, ErrorCode::NotPermitted);

    let lesion = world.adds_lesion(patient);
    let give = |id, lesion_id| {
        let request = DeskPhotoAssignRequest { id, lesion_id, kind: ImageKind::Dermoscopic };
        desk_photo::assign(&doctor, &request)
    };
    let stranger = world.adds_lesion(world.registers("Birch"));
    assert_eq!(give(waiting[0].photo.id, stranger).unwrap_err().code, ErrorCode::NotFound);
    let given = give(waiting[0].photo.id, lesion).unwrap();
    assert!(!given.already_stored);
    let address = format!("/image/{}/original", given.image.id).parse().unwrap();
    assert!(*picture::read(&doctor, &address).unwrap().bytes == naevus_jpeg());
    assert_eq!(give(waiting[0].photo.id, lesion).unwrap_err().code, ErrorCode::NotFound);
    let analysed = world.analyses(&[given.image.id]).unwrap();
    assert!(analysed.last().unwrap().analysis_id.is_some());

    let files = world.files().len();
    let request = DeskPhotoDiscardRequest { id: waiting[1].photo.id, reason: " ".into() };
    assert_eq!(desk_photo::discard(&doctor, &request).unwrap_err().code, ErrorCode::InvalidInput);
    let request = DeskPhotoDiscardRequest { reason: "Another patient".into(), ..request };
    desk_photo::discard(&doctor, &request).unwrap();
    assert_eq!(world.files().len(), files - 3, "all its files are gone");
    assert_eq!(queue(&desk).rows[0].photographs, 0);
    assert_eq!(world.trail(&doctor, "desk_photo_added").len(), 2);
    assert_eq!(world.trail(&doctor, "desk_photo_assigned").len(), 1);
}

#[test]
fn waiting_photographs_outlive_a_restart_and_new_keys() {
    let world = World::founded();
    let patient = world.registers("Ash");
    let desk = joins(&world, NURSE, Role::FrontDesk);
    let visit = walks_in(&desk, patient).visit.id;
    takes_in(&desk, visit, &naevus_jpeg()).unwrap();
    drop(desk);
    let models = support::root().join("models");
    let mut world = world.reopened_with(&models);
    let request = PasswordAgainRequest { password: PASSWORD.into() };
    let (renewed, _) = keys::change(&world.session, &request).unwrap();
    world.session = renewed;
    // Whatever is left from here on is sealed to the new keys.
    let desk = signed_in(&world.workstation, NURSE, SECRET).unwrap();
    takes_in(&desk, visit, &melanoma_like_jpeg()).unwrap();
    drop(desk);
    let world = world.reopened_with(&models);
    let waiting = desk_photo::list(&world.session, &DeskPhotoListRequest { patient_id: patient }).unwrap();
    assert_eq!(waiting.len(), 2);
    for (photo, original) in waiting.iter().zip([naevus_jpeg(), melanoma_like_jpeg()]) {
        assert!(photo.opens);
        let address = format!("/desk/{}/original", photo.photo.id).parse().unwrap();
        assert!(*picture::read(&world.session, &address).unwrap().bytes == original);
    }
}

#[test]
fn no_photograph_without_consent_or_for_a_visit_that_is_over() {
    let world = World::founded();
    let details = PatientDetails { photo_consent: false, ..details() };
    let id = patient::create(&world.session, PatientCreateRequest { details }).unwrap().patient.id;
    let visit = walks_in(&world.session, id);
    let refused = takes_in(&world.session, visit.visit.id, &naevus_jpeg()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ConsentMissing);
    let other = walks_in(&world.session, world.registers("Birch"));
    let done = moved(&world.session, &other, VisitStep::Finish);
    let refused = takes_in(&world.session, done.visit.id, &naevus_jpeg()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    let before = world.files().len();
    assert!(takes_in(&world.session, VisitId::fresh(), &naevus_jpeg()).is_err());
    assert_eq!(world.files().len(), before);
}

#[test]
fn a_scanned_slip_finds_the_patient_and_the_visit() {
    let (world, _) = berlin("2026-03-05T10:00:00+01:00");
    let patient = world.registers("Ash");
    let scan =
        |session: &Session, number: &str| visit::scan(session, &PatientScanRequest { number: number.into() });
    let found = scan(&world.session, " P-000001 ").unwrap();
    assert_eq!((found.person.id, found.visit.is_none()), (patient, true));
    for number in ["P-000002", "", "p-000001%", "P-000001' OR '1'='1"] {
        assert_eq!(scan(&world.session, number).unwrap_err().code, ErrorCode::NotFound, "{number}");
    }
    let view = planned(&world.session, patient, date(2026, 3, 5), time(11, 30, 0, 0)).unwrap();
    assert_eq!(scan(&world.session, "P-000001").unwrap().visit.unwrap().visit.id, view.visit.id);

    let request = VisitSlipRequest { id: view.visit.id, paper: PaperSize::A4 };
    let slip = visit::slip(&world.session, &request).unwrap();
    assert!(slip.pdf.starts_with(b"%PDF"));
    assert!(!slip.file_name.contains("Ash"));
    assert_eq!(world.trail(&world.session, "visit_slip_printed").len(), 1);
    let missing = VisitSlipRequest { id: VisitId::fresh(), paper: PaperSize::A4 };
    assert_eq!(visit::slip(&world.session, &missing).map(|_| ()).unwrap_err().code, ErrorCode::NotFound);
}
