use domain::PatientId;
use domain::audit::AuditAction;
use domain::patient::PatientDetails;
use jiff::SignedDuration;
use records::audit::{self, AuditFilter};
use records::{RecordsError, patients};

use crate::world::{World, details};

#[test]
fn a_patient_reads_back_as_registered() {
    let world = World::new();
    let patient = world.patient();
    assert_eq!(patient.details, details("Okonkwo", "Adaeze"));
    assert_eq!((patient.number.as_str(), patient.version), ("P-000001", 1));
    assert_eq!(patient.registered_at.to_string(), "2026-03-05T10:00:00.123456Z");
    assert_eq!(patient.photo_consent_record.changed_at, Some(patient.registered_at));
    assert_eq!(patient.ai_consent_record, domain::patient::Consent::default());
    let world = world.reopened();
    assert_eq!(world.store.read(|tx| patients::get(tx, patient.id)).unwrap(), patient);
}

#[test]
fn numbers_run_on_and_an_undone_registration_takes_none() {
    let world = World::new();
    world.patient();
    let failed = world.refused(|tx| {
        patients::register(tx, &details("Gone", "Soon"))?;
        Err::<(), _>(RecordsError::Conflict)
    });
    assert_eq!(failed, RecordsError::Conflict);
    assert_eq!(world.patient().number, "P-000002");
    let found = world.write(|tx| patients::search(tx, "gone", 10, 0));
    assert_eq!(found.total, 0);
}

#[test]
fn an_edit_that_began_from_an_old_version_is_refused() {
    let world = World::new();
    let patient = world.patient();
    let moved = PatientDetails { address: "Valley 2".into(), ..patient.details.clone() };
    let changed = world.write(|tx| patients::update(tx, patient.id, 1, &moved));
    assert_eq!((changed.version, changed.details.address.as_str()), (2, "Valley 2"));
    assert_eq!(world.refused(|tx| patients::update(tx, patient.id, 1, &moved)), RecordsError::Conflict);
    let nobody = PatientId::fresh();
    assert_eq!(world.refused(|tx| patients::update(tx, nobody, 1, &moved)), RecordsError::NotFound);
    assert_eq!(world.store.read(|tx| patients::get(tx, patient.id)).unwrap(), changed);
}

#[test]
fn consents_are_dated_and_their_history_is_kept() {
    let world = World::new();
    let patient = world.patient();
    world.clock.advance(SignedDuration::from_hours(24));
    let other = PatientDetails { photo_consent: false, ai_consent: true, ..patient.details.clone() };
    let changed = world.write(|tx| patients::update(tx, patient.id, 1, &other));
    assert!(!changed.photo_consent_record.given && changed.ai_consent_record.given);
    assert_eq!(changed.photo_consent_record.changed_at, changed.ai_consent_record.changed_at);
    assert!(changed.photo_consent_record.changed_at > patient.photo_consent_record.changed_at);
    // Saved again without a change of consent: no new row, no new date.
    world.clock.advance(SignedDuration::from_hours(24));
    let again = world.write(|tx| patients::update(tx, patient.id, 2, &other));
    assert_eq!(again.photo_consent_record, changed.photo_consent_record);
    let rows: i64 = world.raw().query_row("SELECT count(*) FROM consents", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 3);
}

#[test]
fn every_look_is_recorded_and_every_change_with_its_old_and_new_value() {
    let world = World::new();
    let patient = world.patient();
    world.write(|tx| patients::read(tx, patient.id));
    let moved = PatientDetails { address: "Valley 2".into(), ai_consent: true, ..patient.details.clone() };
    world.write(|tx| patients::update(tx, patient.id, 1, &moved));
    world.write(|tx| patients::search(tx, "Okonkwo", 10, 0));
    let rows = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 4)).unwrap();
    let actions: Vec<_> = rows.iter().map(|row| row.action).collect();
    assert_eq!(
        actions,
        [
            AuditAction::PatientsSearched,
            AuditAction::PatientChanged,
            AuditAction::PatientRead,
            AuditAction::PatientRegistered,
        ]
    );
    assert_eq!(rows[0].details, serde_json::json!({ "count": 1 }));
    let changed = serde_json::json!({ "address": ["Hill Road 1", "Valley 2"], "ai_consent": [false, true] });
    assert_eq!(rows[1].details, serde_json::json!({ "changed": changed, "version": 2 }));
    assert!(rows.iter().all(|row| row.actor == world.actor.user && row.role == world.actor.role));
    let log = world.store.read(|tx| audit::of_patient(tx, patient.id, 10)).unwrap();
    assert_eq!(log.len(), 3);
    let unchanged = format!("{rows:?}");
    assert!(!unchanged.contains("Okonkwo"), "what was seen is not quoted");
}

#[test]
fn a_look_that_fails_leaves_no_row() {
    let world = World::new();
    let before = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 100)).unwrap().len();
    assert_eq!(world.refused(|tx| patients::read(tx, PatientId::fresh())), RecordsError::NotFound);
    assert_eq!(
        world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 100)).unwrap().len(),
        before
    );
}

#[test]
fn errors_name_nobody() {
    let world = World::new();
    let long = PatientDetails { phone: "5".repeat(60), ..details("Okonkwo", "Adaeze") };
    let error = world.refused(|tx| patients::register(tx, &long));
    assert!(matches!(error, RecordsError::Storage(_)));
    assert!(!format!("{error} {error:?}").contains("Okonkwo"));
}
