//! Deleted photographs and readings when their retention time is over.

use std::sync::Arc;

use clinic::views::*;
use clinic::{Session, history, patient, report, rights};
use domain::history::HistoryNoun;
use domain::{FixedClock, ImageId, PatientId, Role};
use jiff::{SignedDuration, Timestamp};
use support::{PASSWORD, World, melanoma_like_jpeg, signed_in};

use crate::people::{NURSE, SECRET, joins};

struct Clinic {
    world: World,
    clock: Arc<FixedClock>,
    patient: PatientId,
    image: ImageId,
}

/// A clinic with an analysed photograph.
fn examined() -> Clinic {
    let clock = Arc::new(FixedClock::new("2026-03-05T09:00:00Z".parse::<Timestamp>().unwrap()));
    let world = World::founded_at(&clock);
    let patient = world.registers("Lindenhoff");
    let lesion = world.adds_lesion(patient);
    let image = world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    world.analyses(&[image]).unwrap();
    Clinic { world, clock, patient, image }
}

impl Clinic {
    fn deletes(&self) {
        let request =
            PhotographDeleteRequest { id: self.image, reason: "Blurred".into(), password: PASSWORD.into() };
        history::delete_photograph(&self.world.session, &request).unwrap();
    }

    fn days_pass(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Signs in anew, as whoever opens the clinic in the morning.
    fn morning(&self) -> Session {
        signed_in(&self.world.workstation, &self.world.session.user().details.email, PASSWORD).unwrap()
    }
}

fn deleted() -> HistoryRequest {
    HistoryRequest {
        noun: HistoryNoun::Photograph,
        text: String::new(),
        class: None,
        band: None,
        urgency: None,
        from: None,
        to: None,
        site: None,
        by: None,
        reviewer: None,
        deleted: true,
        before: None,
        limit: 50,
    }
}

#[test]
fn a_deleted_photograph_is_destroyed_at_the_first_sign_in_after_its_time() {
    let clinic = examined();
    joins(&clinic.world, NURSE, Role::FrontDesk);
    let before = clinic.world.files();
    clinic.deletes();
    clinic.days_pass(29);
    let session = clinic.morning();
    assert_eq!(history::read(&session, deleted()).unwrap().entries.len(), 1);
    assert!(before.iter().all(|file| file.exists()));

    clinic.days_pass(1);
    // The desk has no key to photographs and destroys none.
    signed_in(&clinic.world.workstation, NURSE, SECRET).unwrap();
    assert!(before.iter().all(|file| file.exists()));
    let session = clinic.morning();
    assert_eq!(history::read(&session, deleted()).unwrap().entries.len(), 0);
    assert!(before.iter().filter(|file| !file.exists()).count() >= 3, "original, display and thumbnail");
    let purged = clinic.world.trail(&session, "deletion_purged");
    assert_eq!((purged.len(), &purged[0]["photographs"], &purged[0]["readings"]), (1, &1.into(), &1.into()));
    let page = patient::read(&session, &PatientReadRequest { id: clinic.patient }).unwrap();
    assert!(page.lesions[0].images.is_empty());
    clinic.morning();
    assert_eq!(clinic.world.trail(&session, "deletion_purged").len(), 1);
}

#[test]
fn a_draft_keeps_a_deleted_reading_until_it_is_given_up() {
    let clinic = examined();
    let session = &clinic.world.session;
    let page = patient::read(session, &PatientReadRequest { id: clinic.patient }).unwrap();
    let analysis_id = page.lesions[0].analyses[0].id;
    let request = ReportCreateRequest { analysis_id, conclusion: "Benign.".into(), proposal: None };
    let draft = report::create(session, request).unwrap();
    let before = clinic.world.files();
    clinic.deletes();
    clinic.days_pass(31);
    let session = clinic.morning();
    assert!(before.iter().all(|file| file.exists()), "the draft rests on the reading");
    report::discard(&session, &ReportDiscardRequest { id: draft.id, version: draft.version }).unwrap();
    clinic.days_pass(1);
    let session = clinic.morning();
    assert!(before.iter().filter(|file| !file.exists()).count() >= 3, "original, display and thumbnail");
    let purged = clinic.world.trail(&session, "deletion_purged");
    assert_eq!((&purged[0]["photographs"], &purged[0]["readings"]), (&1.into(), &1.into()));
    assert!(report::read(&session, &ReportRequest { id: draft.id }).is_err());
    // Its number stays issued.
    assert_eq!(clinic.world.trail(&session, "report_discarded").len(), 1);
}

#[test]
fn a_hold_keeps_what_was_deleted() {
    let clinic = examined();
    let hold = HoldSetRequest {
        patient_id: clinic.patient,
        details: domain::hold::HoldDetails { reason: "Court order".into(), until: None },
    };
    rights::set_hold(&clinic.world.session, hold).unwrap();
    let before = clinic.world.files();
    clinic.deletes();
    clinic.days_pass(40);
    let session = clinic.morning();
    assert!(before.iter().all(|file| file.exists()));
    assert_eq!(history::read(&session, deleted()).unwrap().entries.len(), 1);
}
