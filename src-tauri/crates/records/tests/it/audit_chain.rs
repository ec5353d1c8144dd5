//! Someone who holds the database key and means to change the past, against the chain.

use std::fs;

use domain::audit::AuditAction;
use records::audit::{self, AuditEntry};
use records::{ChainProblem, RecordsError, patients};
use vault::layout;

use crate::world::{World, details};

/// A clinic with 12 audit rows.
fn clinic() -> World {
    let world = World::new();
    for _ in 0..10 {
        world.patient();
    }
    world
}

/// Changes the table behind the store's back, past its triggers.
fn tamper(world: &World, sql: &str) {
    let raw = world.raw();
    raw.execute_batch("DROP TRIGGER audit_rows_never_change; DROP TRIGGER audit_rows_never_go;").unwrap();
    raw.execute_batch(sql).unwrap();
}

fn problems(world: &World) -> Vec<ChainProblem> {
    world.store.verify_chain().unwrap().problems
}

#[test]
fn an_honest_chain_is_intact_also_after_a_restart() {
    let world = clinic();
    let report = world.store.verify_chain().unwrap();
    assert_eq!((report.rows, report.is_intact()), (12, true));
    let world = world.reopened();
    world.patient();
    assert_eq!(world.store.verify_chain().unwrap().rows, 13);
    assert!(problems(&world).is_empty());
}

#[test]
fn the_table_itself_forbids_change_and_removal() {
    let world = clinic();
    let raw = world.raw();
    for sql in [
        "UPDATE audit_rows SET action = 'signed_in' WHERE seq = 3",
        "DELETE FROM audit_rows WHERE seq = 3",
        "DELETE FROM audit_rows",
    ] {
        assert!(raw.execute_batch(sql).is_err(), "{sql}");
    }
    assert!(problems(&world).is_empty());
}

#[test]
fn a_change_of_any_column_is_found() {
    for change in [
        "id = '00000000-0000-0000-0000-000000000000'",
        "at = at + 1",
        "actor = '00000000-0000-0000-0000-000000000000'",
        "role = 'auditor'",
        "action = 'patient_read'",
        "subject_kind = 'lesion'",
        "subject_id = subject_id || 'x'",
        "subject_kind = NULL, subject_id = NULL",
        "patient_id = NULL",
        "patient_id = ''",
        "details = '{}'",
        "previous = zeroblob(32)",
        "hash = zeroblob(32)",
    ] {
        let world = clinic();
        tamper(&world, &format!("UPDATE audit_rows SET {change} WHERE seq = 5"));
        assert!(problems(&world).contains(&ChainProblem::RowAltered { seq: 5 }), "{change}");
    }
}

#[test]
fn a_removed_row_leaves_a_hole() {
    let world = clinic();
    tamper(&world, "DELETE FROM audit_rows WHERE seq IN (5, 6)");
    assert_eq!(problems(&world), [ChainProblem::RowsMissing { after: 4, before: 7 }]);
    // Closing the hole by renumbering breaks the rows that moved.
    world.raw().execute_batch("UPDATE audit_rows SET seq = seq - 2 WHERE seq > 6").unwrap();
    assert!(problems(&world).contains(&ChainProblem::RowAltered { seq: 5 }));
}

#[test]
fn rows_that_changed_places_are_found() {
    let world = clinic();
    tamper(
        &world,
        "UPDATE audit_rows SET seq = -5 WHERE seq = 5; UPDATE audit_rows SET seq = 5 WHERE seq = 6;
         UPDATE audit_rows SET seq = 6 WHERE seq = -5;",
    );
    let found = problems(&world);
    for seq in [5, 6] {
        assert!(found.contains(&ChainProblem::RowAltered { seq }), "{found:?}");
    }
}

#[test]
fn a_cut_tail_is_found_even_by_one_row() {
    for keep in [11, 6, 0] {
        let world = clinic();
        tamper(&world, &format!("DELETE FROM audit_rows WHERE seq > {keep}"));
        let cut = ChainProblem::TailCut { anchored: 12, found: keep };
        assert_eq!(problems(&world), std::slice::from_ref(&cut), "{keep}");
        // Found at the next start as well, and for good once someone writes.
        let world = world.reopened();
        assert_eq!(problems(&world), [cut]);
        world.write(|tx| audit::record(tx, AuditEntry::new(AuditAction::SignedIn)));
        assert_eq!(problems(&world), [ChainProblem::GapRecorded { seq: keep + 1 }]);
        let world = world.reopened();
        assert_eq!(problems(&world), [ChainProblem::GapRecorded { seq: keep + 1 }]);
    }
}

#[test]
fn a_lost_or_foreign_anchor_is_found() {
    for content in [None, Some(vec![0; 1024]), Some(b"short".to_vec())] {
        let world = clinic();
        let path = world.folder.path().join(layout::AUDIT_HEAD);
        match content {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        assert_eq!(problems(&world), [ChainProblem::AnchorLost]);
        let world = world.reopened();
        world.patient();
        assert_eq!(problems(&world), [ChainProblem::GapRecorded { seq: 13 }]);
    }
}

#[test]
fn a_commit_that_the_anchor_missed_is_no_breach() {
    let world = clinic();
    let path = world.folder.path().join(layout::AUDIT_HEAD);
    let before = fs::read(&path).unwrap();
    world.patient();
    // As if the power had gone between the commit and the anchor.
    fs::write(&path, before).unwrap();
    let world = world.reopened();
    assert!(problems(&world).is_empty());
    world.patient();
    assert!(problems(&world).is_empty());
}

#[test]
fn a_chain_rewritten_before_the_anchor_disagrees_with_it() {
    let world = clinic();
    let copy = world.raw();
    copy.execute_batch("DROP TRIGGER audit_rows_never_change;").unwrap();
    copy.execute_batch("UPDATE audit_rows SET hash = zeroblob(32) WHERE seq = 12").unwrap();
    let found = problems(&world);
    assert!(found.contains(&ChainProblem::AnchorDisagrees { seq: 12 }), "{found:?}");
}

#[test]
fn work_that_changes_nothing_leaves_no_row() {
    let world = clinic();
    let patient = world.patient();
    let nothing = world.store.write(&world.actor, |tx| patients::get(tx, patient.id));
    assert_eq!(nothing.unwrap(), patient);
    let rows = world.store.verify_chain().unwrap().rows;
    assert_eq!(rows, 13);
    let failed = world.refused(|tx| {
        patients::register(tx, &details("A", "B"))?;
        Err::<(), _>(RecordsError::NotFound)
    });
    assert_eq!((failed, world.store.verify_chain().unwrap().rows), (RecordsError::NotFound, rows));
}
