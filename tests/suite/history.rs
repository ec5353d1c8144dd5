//! The history of uploads: finding, deleting with reason and password, bringing back.

use clinic::views::*;
use clinic::{ErrorCode, Session, history, patient};
use domain::history::HistoryNoun;
use domain::{AnalysisId, ImageId, PatientId, Role};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use support::{PASSWORD, World, melanoma_like_jpeg};

use crate::people::{NURSE, joins};

fn request(noun: HistoryNoun) -> HistoryRequest {
    HistoryRequest {
        noun,
        text: String::new(),
        class: None,
        band: None,
        urgency: None,
        from: None,
        to: None,
        site: None,
        by: None,
        reviewer: None,
        deleted: false,
        before: None,
        limit: 50,
    }
}

fn entries(session: &Session, request: HistoryRequest) -> Vec<HistoryEntry> {
    history::read(session, request).unwrap().entries
}

fn deleted(noun: HistoryNoun) -> HistoryRequest {
    HistoryRequest { deleted: true, ..request(noun) }
}

fn examined(world: &World) -> (PatientId, ImageId, AnalysisId) {
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let image = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image;
    let reading = world.analyses(&[image.id]).unwrap().last().unwrap().analysis_id.unwrap();
    (patient, image.id, reading)
}

fn on_the_page(world: &World, id: PatientId) -> (usize, usize) {
    let page = patient::read(&world.session, &PatientReadRequest { id }).unwrap();
    (page.lesions[0].images.len(), page.lesions[0].analyses.len())
}

#[test]
fn a_reading_is_deleted_with_reason_and_password_and_comes_back() {
    let world = World::founded();
    let desk = joins(&world, NURSE, Role::FrontDesk);
    let (patient, image, reading) = examined(&world);
    let session = &world.session;
    let found = entries(session, HistoryRequest { text: "linden".into(), ..request(HistoryNoun::Reading) });
    assert_eq!((found.len(), found[0].analysis_id, found[0].image_id), (1, Some(reading), Some(image)));
    assert_eq!(found[0].by_name.as_deref(), Some("Dr Ada Okonkwo"));
    let refused = history::read(&desk, request(HistoryNoun::Reading)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotPermitted);

    let delete = |reason: &str, password: &str| {
        let request = ReadingDeleteRequest { id: reading, reason: reason.into(), password: password.into() };
        history::delete_reading(session, &request).map_err(|error| error.code)
    };
    assert_eq!(delete("  ", PASSWORD), Err(ErrorCode::InvalidInput));
    assert_eq!(delete("Wrong patient", "not it at all"), Err(ErrorCode::InvalidCredentials));
    assert_eq!(on_the_page(&world, patient), (1, 1));
    delete("Wrong patient", PASSWORD).unwrap();
    assert_eq!(on_the_page(&world, patient), (1, 0));
    assert_eq!(entries(session, request(HistoryNoun::Reading)).len(), 0);
    assert_eq!(entries(session, request(HistoryNoun::Photograph)).len(), 1);
    let read = clinic::analysis::read(session, &AnalysisReadRequest { id: reading }).unwrap_err();
    assert_eq!(read.code, ErrorCode::NotFound);

    let gone = entries(session, deleted(HistoryNoun::Reading)).remove(0).deletion.unwrap();
    assert_eq!((gone.reason.as_str(), gone.may_undo), ("Wrong patient", true));
    history::undo(session, &DeletionRequest { id: gone.id }).unwrap();
    assert_eq!(on_the_page(&world, patient), (1, 1));
    assert_eq!(entries(session, deleted(HistoryNoun::Reading)).len(), 0);
    let again = history::undo(session, &DeletionRequest { id: gone.id }).unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict);
    assert_eq!(world.trail(session, "reading_deleted")[0]["reason"], "Wrong patient");
    assert_eq!(world.trail(session, "deletion_undone").len(), 1);
}

#[test]
fn a_deleted_photograph_takes_its_readings_along_and_keeps_its_files() {
    let world = World::founded();
    let (patient, image, _) = examined(&world);
    let files = world.files();
    let request =
        PhotographDeleteRequest { id: image, reason: "Not this patient".into(), password: PASSWORD.into() };
    history::delete_photograph(&world.session, &request).unwrap();
    assert_eq!(on_the_page(&world, patient), (0, 0));
    assert!(files.iter().all(|file| file.exists()), "sealed files stay until the retention time is over");
    // The same file may come in again, for it is on no list.
    let page = patient::read(&world.session, &PatientReadRequest { id: patient }).unwrap();
    let again = world.imports(page.lesions[0].lesion.id, &melanoma_like_jpeg()).unwrap();
    assert!(!again.already_stored);
    assert_eq!(entries(&world.session, deleted(HistoryNoun::Photograph)).len(), 1);
}

#[test]
fn the_history_of_a_patient_is_cleared_up_to_a_day() {
    let world = World::founded();
    let (patient, _, _) = examined(&world);
    let today = world.now().to_zoned(TimeZone::system()).date();
    let clear = |before| {
        let request = HistoryClearRequest {
            patient_id: patient,
            before,
            reason: "The patient asked for it".into(),
            password: PASSWORD.into(),
        };
        history::clear(&world.session, &request)
    };
    assert_eq!(clear(today).unwrap_err().code, ErrorCode::NotFound, "what was made today stays");
    let cleared = clear(today + 1.day()).unwrap();
    assert_eq!(cleared.readings, 1);
    assert_eq!(on_the_page(&world, patient), (1, 0));
    history::change_retention(&world.session, &RetentionSettings { days: 45 }).unwrap();
    assert_eq!(history::retention(&world.session).unwrap().days, 45);
    let wrong = history::change_retention(&world.session, &RetentionSettings { days: 0 }).unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidInput);
    history::undo(&world.session, &DeletionRequest { id: cleared.id }).unwrap();
    assert_eq!(on_the_page(&world, patient), (1, 1));
}
