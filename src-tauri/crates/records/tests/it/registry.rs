//! Numbers by the clinic's pattern, and consents as dated records.

use domain::audit::AuditAction;
use domain::consent::ConsentKind;
use domain::numbering::NumberPattern;
use jiff::SignedDuration;
use records::audit::{self, AuditFilter};
use records::settings::{self, Shown};
use records::{RecordsError, patients};

use crate::world::{World, details};

fn numbered_by(world: &World, pattern: &str) {
    let pattern: NumberPattern = pattern.parse().unwrap();
    world.write(|tx| settings::set(tx, patients::NUMBER_PATTERN, &pattern, Shown::Value));
}

fn example(world: &World, pattern: &str) -> String {
    let pattern = pattern.parse().unwrap();
    world.store.read(|tx| patients::number_example(tx, &pattern, 2026)).unwrap()
}

fn found_by(world: &World, query: &str) -> Vec<String> {
    let page = world.write(|tx| patients::search(tx, query, 20, 0));
    page.patients.into_iter().filter(|patient| !patient.approximate).map(|patient| patient.number).collect()
}

#[test]
fn numbers_follow_the_pattern_and_none_is_given_twice() {
    let world = World::new();
    assert_eq!(world.patient().number, "P-000001");
    numbered_by(&world, "{yyyy}-{n:4}");
    assert_eq!(example(&world, "{yyyy}-{n:4}"), "2026-0001");
    assert_eq!(world.patient().number, "2026-0001");
    assert_eq!(world.patient().number, "2026-0002");
    // Another spelling of a number that was issued is no new number.
    numbered_by(&world, "{yyyy}{n:4}");
    assert_eq!(example(&world, "{yyyy}{n:4}"), "20260003");
    assert_eq!(world.patient().number, "20260003");
    numbered_by(&world, "p{n:6}");
    assert_eq!(example(&world, "P{n:6}"), "P000002");
    assert_eq!(world.patient().number, "p000002");
    // A new year starts over.
    numbered_by(&world, "{yyyy}-{n:4}");
    world.clock.advance(SignedDuration::from_hours(24 * 365));
    assert_eq!(world.patient().number, "2027-0001");
}

#[test]
fn a_number_of_any_pattern_is_found_however_it_is_typed() {
    let world = World::new();
    let first = world.patient();
    numbered_by(&world, "LZ{yy}/{n:3}");
    let second = world.patient();
    assert_eq!(second.number, "LZ26/001");
    numbered_by(&world, "{yyyy}-{n:4}");
    let third = world.patient();
    for query in ["LZ26/001", "lz26001", "lz26/1", "LZ26 001", "lz 26001"] {
        assert_eq!(found_by(&world, query)[0], second.number, "{query}");
    }
    for query in ["2026-0002", "20260002", "2026-2"] {
        assert_eq!(found_by(&world, query)[0], third.number, "{query}");
    }
    for query in ["P-000001", "p1", "P-1", "000001", "p 000001"] {
        let hits = found_by(&world, query);
        assert!(hits.contains(&first.number), "{query} {hits:?}");
    }
    // The running number alone names the youngest.
    assert_eq!(found_by(&world, "1")[0], second.number);
}

#[test]
fn consents_have_a_history_with_who_and_why() {
    let world = World::new();
    let patient = world.patient();
    assert!(patient.details.photo_consent && !patient.details.training_consent);
    world.clock.advance(SignedDuration::from_hours(1));
    let given = world
        .write(|tx| patients::record_consent(tx, patient.id, ConsentKind::Training, true, "form of 5 March"));
    assert!(given.details.training_consent && given.training_consent_record.given);
    assert_eq!(given.version, 2, "a form filled before is told");
    world.clock.advance(SignedDuration::from_hours(1));
    world.write(|tx| patients::record_consent(tx, patient.id, ConsentKind::Photo, false, ""));
    let history = world.write(|tx| patients::read_consents(tx, patient.id));
    let lines: Vec<_> = history.iter().map(|entry| (entry.kind, entry.given, entry.note.as_str())).collect();
    assert_eq!(
        lines,
        [
            (ConsentKind::Photo, false, ""),
            (ConsentKind::Training, true, "form of 5 March"),
            (ConsentKind::Photo, true, ""),
        ]
    );
    assert!(history.iter().all(|entry| entry.by == world.actor.user));
    assert!(history[0].at > history[1].at && history[1].at > history[2].at);
    let stale = world.refused(|tx| patients::update(tx, patient.id, 1, &patient.details));
    assert_eq!(stale, RecordsError::Conflict, "an old form does not give back what was withdrawn");
    let filter = AuditFilter { actions: vec![AuditAction::ConsentRecorded], ..AuditFilter::default() };
    let rows = world.store.read(|tx| audit::search(tx, &filter, None, 9)).unwrap();
    let changed = serde_json::json!({ "consent": "photo", "changed": { "given": [true, false] } });
    assert_eq!((rows.len(), &rows[0].details), (2, &changed));
}

#[test]
fn the_alert_is_stored_with_the_patient() {
    let world = World::new();
    let alarmed = domain::patient::PatientDetails {
        alert: "Allergy to lidocaine".into(),
        ..details("Okonkwo", "Adaeze")
    };
    let patient = world.write(|tx| patients::register(tx, &alarmed));
    assert_eq!(patient.details.alert, "Allergy to lidocaine");
    let calm = world.write(|tx| patients::update(tx, patient.id, 1, &details("Okonkwo", "Adaeze")));
    assert_eq!(calm.details.alert, "");
}
