use std::sync::Arc;

use records::audit::{self, AuditFilter};
use records::{RecordsError, Store, patients};
use rusqlite::Connection;
use vault::{Secret, layout};

use crate::world::{DATABASE, World, details, open, raw};

#[test]
fn no_name_reaches_the_disk_readably() {
    let world = World::new();
    let patient = world.patient();
    world.write(|tx| patients::search(tx, "Okonkwo", 5, 0));
    let leaks = |world: &World| {
        std::fs::read_dir(world.folder.path()).unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            ["Okonkwo", "okonkwo", "Hypertension", "1971-03-09", patient.id.to_string().as_str()]
                .iter()
                .any(|needle| bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
        })
    };
    assert!(!leaks(&world));
    let world = world.reopened();
    world.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    assert!(!leaks(&world));
    let faults = world
        .raw()
        .prepare("PRAGMA cipher_integrity_check")
        .unwrap()
        .query([])
        .unwrap()
        .next()
        .unwrap()
        .is_some();
    assert!(!faults);
}

#[test]
fn a_full_disk_keeps_what_was_and_says_so() {
    let world = World::new();
    let patient = world.patient();
    let connection = raw(world.folder.path());
    let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    let full = Store::open(connection, Secret::from_bytes(&[2; 32]), world.clock.clone()).unwrap();
    let mut long = details("Long", "Story");
    long.medical_history = "x".repeat(10_000);
    let mut failed = None;
    for _ in 0..200 {
        if let Err(error) = full.write(&world.actor, |tx| patients::register(tx, &long)) {
            failed = Some(error);
            break;
        }
    }
    assert_eq!(failed, Some(RecordsError::StorageFull));
    assert_eq!(full.read(|tx| patients::get(tx, patient.id)).unwrap(), patient);
    assert!(full.verify_chain().unwrap().is_intact());
}

#[test]
fn work_that_fails_in_the_middle_changes_nothing() {
    let world = World::new();
    let before = world.store.verify_chain().unwrap();
    let failed = world.refused(|tx| {
        patients::register(tx, &details("A", "B"))?;
        patients::read(tx, domain::PatientId::fresh())
    });
    assert_eq!(failed, RecordsError::NotFound);
    assert_eq!(world.store.verify_chain().unwrap(), before);
    assert_eq!(world.write(|tx| patients::search(tx, "", 5, 0)).total, 0);
}

#[test]
fn a_panic_in_someones_work_leaves_the_store_usable() {
    let world = World::new();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        world.store.write(&world.actor, |tx| {
            patients::register(tx, &details("A", "B"))?;
            panic!("in the middle");
            #[allow(unreachable_code)]
            Ok(())
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(world.patient().number, "P-000001");
    assert!(world.store.verify_chain().unwrap().is_intact());
}

#[test]
fn threads_share_the_store() {
    let world = World::new();
    let store = Arc::new(world.store);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (store, actor) = (store.clone(), world.actor);
            scope.spawn(move || {
                for _ in 0..10 {
                    store.write(&actor, |tx| patients::register(tx, &details("A", "B"))).unwrap();
                }
            });
        }
    });
    let newest = store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    assert_eq!(newest[0].seq, 42);
    let last = store.write(&world.actor, |tx| patients::register(tx, &details("A", "B"))).unwrap();
    assert_eq!(last.number, "P-000041");
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let world = World::new();
    world.raw().pragma_update(None, "user_version", 99).unwrap();
    let World { folder, clock, store, .. } = world;
    drop(store);
    assert_eq!(open(folder.path(), &clock).err(), Some(RecordsError::NewerSchema));
}

#[test]
fn a_database_without_a_folder_is_refused() {
    let memory = Connection::open_in_memory().unwrap();
    let clock = Arc::new(domain::SystemClock);
    assert!(Store::open(memory, Secret::from_bytes(&[2; 32]), clock).is_err());
}

#[test]
fn the_folder_holds_what_it_should() {
    let world = World::new();
    let mut names: Vec<_> = std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    names.sort();
    assert_eq!(names, [layout::AUDIT_HEAD, DATABASE]);
}

#[test]
fn nothing_is_written_once_the_records_are_handed_over() {
    let world = World::new();
    let patient = world.patient();
    let (rows, handed_over) = world
        .store
        .hand_over(|connection| {
            connection.query_row("SELECT count(*) FROM patients", [], |row| row.get::<_, u32>(0))
        })
        .unwrap();
    assert_eq!(rows, 1);
    let register =
        |name: &str| world.store.write(&world.actor, |tx| patients::register(tx, &details(name, "Ada")));
    assert_eq!(register("Late").err(), Some(RecordsError::WorkUnderWay));
    assert_eq!(world.store.read(|tx| patients::get(tx, patient.id)).unwrap().id, patient.id);
    drop(handed_over);
    register("Again").unwrap();
    let failed = world.store.hand_over(|_| Err::<(), _>(RecordsError::StorageFull));
    assert_eq!(failed.err(), Some(RecordsError::StorageFull));
    register("Still").unwrap();
    world.store.hand_over(|_| Ok::<_, RecordsError>(())).unwrap().1.keep();
    assert_eq!(register("Gone").err(), Some(RecordsError::WorkUnderWay));
}

#[test]
fn a_copy_that_is_given_up_leaves_no_gap_in_the_trail() {
    let world = World::new();
    world.patient();
    let copy = world.folder.path().join("copy.db");
    world.raw().execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    let connection = vault::open_database_at(&copy, &crate::world::database_key()).unwrap();
    let beside = Store::open_beside(connection, Secret::from_bytes(&[2; 32]), world.clock.clone()).unwrap();
    beside.write(&world.actor, |tx| patients::register(tx, &details("Beside", "Ada"))).unwrap();
    drop(beside);
    let world = world.reopened();
    world.patient();
    assert!(world.store.verify_chain().unwrap().is_intact());
}
