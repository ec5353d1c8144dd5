//! Holds, the export of everything about a person, and the end of a record.

mod story;

use domain::JobId;
use domain::audit::AuditAction;
use domain::erasure::ErasureReason;
use domain::hold::HoldDetails;
use domain::patient::Patient;
use jiff::SignedDuration;
use jiff::civil::date;
use records::audit::{self, AuditFilter};
use records::jobs::{self, JobOutcome, NewJob};
use records::{ChainProblem, RecordsError, drafts, files, holds, lesions, patients, rights};
use serde_json::json;

use crate::world::World;

use story::{CANARY, NAMES, Story, story};

#[test]
fn an_erased_patient_leaves_nothing_legible() {
    let Story { world, patient, merged, stranger, files } = story();
    assert!(world.traces(CANARY) > 40 && world.traces(NAMES.1) > 2, "the scan sees what is there");
    let issued = world.store.read(|tx| patients::get(tx, stranger.id)).unwrap();
    let erased = world.erased(&patient);
    assert_eq!(erased.patients.len(), 2);
    assert!(erased.patients.contains(&patient.id) && erased.patients.contains(&merged.id));
    // The key that signs the clinic's reports stays.
    assert_eq!(erased.files.len(), files);
    assert_eq!(world.store.read(files::known).unwrap().len(), 1);
    world.store.clean_traces().unwrap();
    assert_eq!(world.log_bytes(), 0);
    assert_eq!((world.traces(CANARY), world.traces(NAMES.1)), (0, 0));
    for file in &erased.files {
        assert_eq!(world.traces(&file.to_string()), 0, "its key stood beside this identity");
    }
    assert_eq!(world.store.read(|tx| patients::get(tx, patient.id)), Err(RecordsError::NotFound));
    assert_eq!(world.store.read(|tx| patients::get(tx, merged.id)), Err(RecordsError::NotFound));
    assert_eq!(world.store.read(|tx| patients::get(tx, stranger.id)).unwrap(), issued);
    assert_eq!(world.store.read(|tx| lesions::of_patient(tx, stranger.id)).unwrap().len(), 1);
    let drafts = world.write(|tx| drafts::take(tx, world.actor.user));
    assert_eq!(drafts.iter().map(|draft| draft.key.as_str()).collect::<Vec<_>>(), ["mail"]);
    assert!(world.intact());
}

#[test]
fn the_search_forgets_the_name_and_nobody_gets_the_number() {
    let Story { world, patient, merged, stranger, .. } = story();
    world.erased(&patient);
    world.store.clean_traces().unwrap();
    let found = |query: &str| world.write(|tx| patients::search(tx, query, 10, 0)).patients;
    assert_eq!(found(NAMES.1), []);
    assert_eq!(found("Zephirina"), [], "nor is it near to anything");
    assert!(found(&patient.number).iter().all(|p| p.number != patient.number));
    assert_eq!(found(NAMES.0).iter().map(|p| p.id).collect::<Vec<_>>(), [stranger.id]);
    let next = world.patient();
    assert!(next.number != patient.number && next.number != merged.number);
}

#[test]
fn the_trail_keeps_who_did_what_and_stays_whole() {
    let Story { world, patient, merged, stranger, .. } = story();
    let rows = |id| world.store.read(|tx| audit::of_patient(tx, id, 1000)).unwrap();
    let before = rows(merged.id);
    world.erased(&patient);
    let after = rows(merged.id);
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after[0].action, AuditAction::PatientErased);
    assert_eq!(after[0].details["reason"], "patient_request");
    for (old, new) in before.iter().zip(&after[1..]) {
        assert_eq!((old.seq, old.at, old.actor, old.action), (new.seq, new.at, new.actor, new.action));
        let kept = if old.details == json!({}) { json!({}) } else { json!({ "erased": true }) };
        assert_eq!(new.details, kept);
    }
    let whole = audit::AuditFilter::default();
    let mut quoted = 0;
    world
        .store
        .read(|tx| {
            audit::each(tx, &whole, |row| quoted += usize::from(row.details.to_string().contains(CANARY)))
        })
        .unwrap();
    assert_eq!(quoted, 0, "not even a merge with somebody else quotes the record");
    assert!(
        rows(stranger.id)
            .iter()
            .any(|row| row.details != json!({ "erased": true }) && row.details != json!({}))
    );
    let report = world.store.verify_chain().unwrap();
    assert!(report.is_intact() && report.blanked > 20, "{report:?}");
    let world = world.reopened();
    world.patient();
    assert!(world.intact());
}

#[test]
fn details_are_blanked_under_a_seal_alone() {
    let Story { world, patient, .. } = story();
    let raw = world.raw();
    let blank = "UPDATE audit_rows SET details = '{\"erased\":true}' WHERE seq = 3";
    assert!(raw.execute_batch(blank).is_err());
    drop(raw);
    world.erased(&patient);
    assert!(world.intact());
    world.raw().execute_batch("DROP TRIGGER audit_rows_never_change").unwrap();
    let altered = |sql: &str| {
        world.raw().execute_batch(sql).unwrap();
        let problems = world.store.verify_chain().unwrap().problems;
        problems
            .into_iter()
            .map(|problem| match problem {
                ChainProblem::RowAltered { seq } => seq,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    // Row 3 registers the patient and is blanked; its seal is good for no other row and no other text.
    let forged =
        "INSERT INTO audit_erasures (seq, erased_by, seal) SELECT 2, erased_by, seal FROM audit_erasures
                      WHERE seq = 3;
                  UPDATE audit_rows SET details = '{\"erased\":true}' WHERE seq = 2";
    assert_eq!(altered(forged), [2]);
    assert_eq!(altered("UPDATE audit_rows SET details = '{\"erased\":false}' WHERE seq = 3"), [2, 3]);
    assert_eq!(altered("UPDATE audit_rows SET details = '{\"erased\":true}' WHERE seq = 3"), [2]);
    assert_eq!(altered("UPDATE audit_rows SET actor = id WHERE seq = 3"), [2, 3]);
    // What it was erased by must be a row that says so.
    let moved = "UPDATE audit_erasures SET erased_by = seq + 1 WHERE seq = 4";
    assert!(altered(moved).contains(&4));
    assert!(altered("DELETE FROM audit_erasures WHERE seq = 5").contains(&5));
}

#[test]
fn a_row_that_was_altered_before_is_still_reported_after() {
    let Story { world, patient, .. } = story();
    let raw = world.raw();
    raw.execute_batch("DROP TRIGGER audit_rows_never_change").unwrap();
    raw.execute_batch("UPDATE audit_rows SET details = '{\"x\":1}' WHERE seq = 3").unwrap();
    drop(raw);
    world.erased(&patient);
    assert_eq!(world.store.verify_chain().unwrap().problems, [ChainProblem::RowAltered { seq: 3 }]);
}

#[test]
fn a_power_cut_before_the_cleaning_is_made_up_for() {
    let Story { world, patient, .. } = story();
    world.erased(&patient);
    let world = world.reopened();
    world.store.clean_traces().unwrap();
    assert_eq!((world.traces(CANARY), world.traces(NAMES.1), world.log_bytes()), (0, 0, 0));
    world.store.clean_traces().unwrap();
    assert!(world.intact());
}

#[test]
fn a_record_that_must_stay_is_not_erased() {
    let Story { world, patient, merged, .. } = story();
    let refused =
        |patient: &Patient| world.refused(|tx| rights::erase(tx, patient.id, ErasureReason::RetentionOver));
    assert_eq!(refused(&merged), RecordsError::Merged);
    let lawsuit = HoldDetails { reason: "Lawsuit".into(), until: Some(date(2026, 3, 6)) };
    world.write(|tx| holds::set(tx, patient.id, &lawsuit));
    assert_eq!(refused(&patient), RecordsError::OnHold);
    assert!(world.store.read(|tx| patients::get(tx, patient.id)).is_ok());
    world.clock.advance(SignedDuration::from_hours(48));
    let lesion = world.lesion(&patient);
    let job = NewJob {
        id: JobId::fresh(),
        kind: records::jobs::JobKind::Analysis,
        patient_id: patient.id,
        lesion_id: lesion.id,
        request: json!({}),
    };
    world.write(|tx| jobs::create(tx, &job));
    assert_eq!(refused(&patient), RecordsError::WorkUnderWay);
    world.write(|tx| jobs::finish(tx, job.id, &JobOutcome::Cancelled));
    world.erased(&patient);
    assert_eq!(refused(&patient), RecordsError::NotFound);
}

#[test]
fn a_hold_is_replaced_and_lifted_and_ends_by_itself() {
    let world = World::new();
    let patient = world.patient();
    let in_force = |world: &World| {
        let today = domain::Clock::today(&*world.clock);
        let hold = world.store.read(|tx| holds::in_force(tx, patient.id, today)).unwrap();
        hold.map(|hold| hold.details.reason)
    };
    let hold = |reason: &str, until| HoldDetails { reason: reason.into(), until };
    world.write(|tx| holds::set(tx, patient.id, &hold("Lawsuit", None)));
    world.write(|tx| holds::set(tx, patient.id, &hold("Insurance", Some(date(2026, 3, 6)))));
    assert_eq!(in_force(&world).as_deref(), Some("Insurance"));
    let row = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0);
    assert_eq!(row.action, AuditAction::RetentionHoldSet);
    assert_eq!(row.details["changed"]["reason"], json!(["Lawsuit", "Insurance"]));
    world.clock.advance(SignedDuration::from_hours(24));
    assert!(in_force(&world).is_some(), "the last day counts");
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(in_force(&world), None);
    assert_eq!(world.refused(|tx| holds::lift(tx, patient.id)), RecordsError::NotFound);
    world.write(|tx| holds::set(tx, patient.id, &hold("Research", None)));
    world.write(|tx| holds::lift(tx, patient.id));
    assert_eq!(in_force(&world), None);
    assert!(world.intact());
}

#[test]
fn an_export_has_every_section_and_reads_as_plain_values() {
    let Story { world, patient, merged, .. } = story();
    let subject = world.write(|tx| rights::everything(tx, patient.id, true));
    for section in &subject.sections {
        assert!(!section.rows.is_empty(), "{}", section.name);
    }
    assert_eq!(subject.patients, [patient.id, merged.id]);
    let own = &subject.rows("patients")[0];
    assert_eq!(
        (&own["family_name"], &own["risk_factors"]),
        (&json!(NAMES.0), &json!(["many_naevi", "sunbed_use"]))
    );
    assert!(own["registered_at"].as_str().unwrap().starts_with("2026-03-05T10:00:00"));
    assert!(!own.contains_key("family_key"));
    assert_eq!(subject.rows("consents")[0]["given"], json!(true));
    assert_eq!(subject.rows("retention_holds")[0]["until"], json!(null));
    assert_eq!((subject.photographs.len(), subject.explanations.len()), (10, 4));
    assert!(subject.photographs.iter().all(|picture| picture.path.ends_with(".jpg")));
    assert_eq!(subject.portraits[0].1.as_slice(), CANARY.as_bytes());
    assert_eq!(subject.reports.len(), 2);
    assert!(subject.access_log.iter().any(|row| row.action == AuditAction::BreakGlassOpened));
    assert!(subject.access_log.iter().all(|row| row.action != AuditAction::SubjectExported));
    let row = world.store.read(|tx| audit::of_patient(tx, patient.id, 1)).unwrap().remove(0);
    assert_eq!((row.action, &row.details["protected"]), (AuditAction::SubjectExported, &json!(true)));
    assert_eq!(world.refused(|tx| rights::everything(tx, merged.id, false)), RecordsError::Merged);
}
