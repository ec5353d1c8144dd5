use domain::PatientId;
use domain::audit::AuditAction;
use records::audit::{self, AuditFilter};
use records::{RecordsError, portraits};
use serde_json::json;

use crate::world::World;

#[test]
fn a_new_portrait_takes_the_place_of_the_old_one_and_leaves_no_picture() {
    let world = World::new();
    let patient = world.patient().id;
    assert_eq!(world.store.read(|tx| portraits::edition(tx, patient)).unwrap(), None);
    let first = world.write(|tx| portraits::set(tx, patient, b"first"));
    let second = world.write(|tx| portraits::set(tx, patient, b"second"));
    assert_ne!(first, second);
    assert_eq!(world.store.read(|tx| portraits::jpeg(tx, patient)).unwrap(), b"second");
    let kept: i64 = world
        .raw()
        .query_row("SELECT count(*) FROM portraits WHERE jpeg IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 1);
    let row = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0);
    assert_eq!((row.action, row.patient), (AuditAction::PortraitSet, Some(patient)));
    assert_eq!(row.details["changed"]["portrait"], json!([true, true]));

    world.write(|tx| portraits::remove(tx, patient));
    assert_eq!(world.store.read(|tx| portraits::jpeg(tx, patient)), Err(RecordsError::NotFound));
    assert_eq!(world.refused(|tx| portraits::remove(tx, patient)), RecordsError::NotFound);
}

#[test]
fn a_portrait_is_small_and_somebodys() {
    let world = World::new();
    let patient = world.patient().id;
    let large = vec![7; portraits::MOST_BYTES + 1];
    assert!(matches!(world.refused(|tx| portraits::set(tx, patient, &large)), RecordsError::Storage(_)));
    world.write(|tx| portraits::set(tx, patient, &large[1..]));
    let stranger = PatientId::fresh();
    assert_eq!(world.refused(|tx| portraits::set(tx, stranger, b"x")), RecordsError::NotFound);
}
