//! An older copy of the whole folder, put back, against a witness that remembers a later row.

use std::fs;
use std::path::Path;

use domain::audit::AuditAction;
use records::audit::witness::Heard;
use records::audit::{self, AuditFilter};
use records::{ChainProblem, clinics};
use serde_json::Value;
use vault::layout;

use crate::world::{World, open};

const FILES: [&str; 4] = ["clinic.db", "clinic.db-wal", "clinic.db-shm", layout::AUDIT_HEAD];

fn copied(from: &Path, to: &Path) {
    for name in FILES {
        match fs::read(from.join(name)) {
            Ok(bytes) => fs::write(to.join(name), bytes).unwrap(),
            Err(_) => {
                let _ = fs::remove_file(to.join(name));
            }
        }
    }
}

/// Ends the program, puts the copy back, and starts again.
fn put_back(world: World, copy: &Path) -> World {
    let World { folder, clock, actor, store } = world;
    drop(store);
    copied(copy, folder.path());
    let store = open(folder.path(), &clock).unwrap();
    World { folder, clock, actor, store }
}

fn hears(world: &World, testimony: &[u8]) -> Heard {
    world.store.hear_witness(&world.actor, testimony).unwrap()
}

fn recorded(world: &World) -> Vec<Value> {
    let filter = AuditFilter { actions: vec![AuditAction::AuditRolledBack], ..AuditFilter::default() };
    let rows = world.store.read(|tx| audit::search(tx, &filter, None, 100)).unwrap();
    rows.into_iter().map(|row| row.details).collect()
}

fn problems(world: &World) -> Vec<ChainProblem> {
    world.store.verify_chain().unwrap().problems
}

#[test]
fn an_older_folder_is_found_out_and_recorded_once() {
    let world = World::new().reopened();
    let backup = tempfile::tempdir().unwrap();
    copied(world.folder.path(), backup.path());
    let early = world.store.testimony().unwrap();
    for _ in 0..3 {
        world.patient();
    }
    let late = world.store.testimony().unwrap();
    assert_eq!((hears(&world, &early), hears(&world, &late)), (Heard::Agrees, Heard::Agrees));
    assert!(recorded(&world).is_empty() && problems(&world).is_empty());

    let world = put_back(world, backup.path());
    assert!(problems(&world).is_empty(), "the folder alone tells nothing");
    assert_eq!(hears(&world, &early), Heard::Agrees);
    assert_eq!(hears(&world, &late), Heard::RolledBack);
    let rows = recorded(&world);
    assert_eq!(
        rows.iter().map(|row| (&row["remembered"], &row["found"])).collect::<Vec<_>>(),
        [(&5.into(), &2.into())]
    );
    assert_eq!(problems(&world), [ChainProblem::RollbackRecorded { seq: 3 }]);

    // The witness could not be told of the new end: the same finding is not recorded again, also when
    // the chain has passed the remembered row.
    for _ in 0..4 {
        assert_eq!(hears(&world, &late), Heard::RolledBack);
        world.patient();
    }
    let world = world.reopened();
    assert_eq!(hears(&world, &late), Heard::RolledBack);
    assert_eq!(recorded(&world).len(), 1);
    let told = world.store.testimony().unwrap();
    assert_eq!(hears(&world, &told), Heard::Agrees);

    // Put back once more: another occurrence.
    let world = put_back(world, backup.path());
    assert_eq!(hears(&world, &told), Heard::RolledBack);
    assert_eq!(recorded(&world).len(), 1);
    assert_eq!(problems(&world).len(), 1);
}

#[test]
fn a_folder_that_went_another_way_is_found_out_though_it_is_longer() {
    let world = World::new().reopened();
    let backup = tempfile::tempdir().unwrap();
    copied(world.folder.path(), backup.path());
    world.patient();
    let late = world.store.testimony().unwrap();
    let world = put_back(world, backup.path());
    for _ in 0..5 {
        world.patient();
    }
    assert_eq!(hears(&world, &late), Heard::RolledBack);
    assert_eq!(problems(&world), [ChainProblem::RollbackRecorded { seq: 8 }]);
}

#[test]
fn what_is_no_testimony_of_this_clinic_changes_nothing() {
    let (world, other) = (World::new(), World::new());
    for _ in 0..9 {
        other.patient();
    }
    // Both have the same audit key here, so only the clinic tells them apart.
    let foreign = other.store.testimony().unwrap();
    let mut forged = world.store.testimony().unwrap();
    forged[25] ^= 64;
    for nonsense in [&b""[..], b"nonsense", &[0; 92], &foreign, &forged] {
        assert_eq!(hears(&world, nonsense), Heard::Ignored);
    }
    assert!(recorded(&world).is_empty() && problems(&world).is_empty());
    assert!(world.store.read(clinics::get).is_ok());
}
