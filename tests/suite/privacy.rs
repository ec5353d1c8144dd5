//! Nothing of a patient is readable on the disk, and every look leaves its trace.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use clinic::views::*;
use clinic::{analysis, patient};
use domain::SystemClock;
use records::Store;
use support::{World, naevus_jpeg};
use vault::{KdfPolicy, Vault};

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn the_clinic_folder_holds_no_name_and_no_picture_in_clear() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    world.analyses(&[image]).unwrap();
    let files = world.files();
    assert!(files.len() > 6, "database, key slots and sealed pictures are there");
    for path in files {
        let bytes = fs::read(&path).unwrap();
        for word in
            [b"Lindenhoff".as_slice(), b"Brigitte", b"ada@seeblick", b"JFIF", b"\x89PNG", b"SQLite format"]
        {
            assert!(!holds(&bytes, word), "{} holds {}", path.display(), String::from_utf8_lossy(word));
        }
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_open_the_clinic_folder() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::founded();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(&world.clinic_folder()), 0);
}

#[test]
fn reading_and_changing_a_patient_is_in_the_audit_trail() {
    let world = World::founded();
    let id = world.registers("Lindenhoff");
    patient::read(&world.session, &PatientReadRequest { id }).unwrap();
    let lesion = world.adds_lesion(id);
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let done = world.analyses(&[image]).unwrap().last().unwrap().analysis_id.unwrap();
    analysis::read(&world.session, &AnalysisReadRequest { id: done }).unwrap();

    // Read as an auditor with the keys would, beside the program.
    let folder = world.clinic_folder();
    let keys = Vault::unlock(&folder, support::EMAIL, support::PASSWORD, KdfPolicy::for_tests()).unwrap();
    let connection = vault::open_database(&folder, &keys).unwrap();
    let store = Store::open(connection, keys.audit_key.clone(), Arc::new(SystemClock)).unwrap();
    let rows = store.read(|tx| records::audit::of_patient(tx, id, 100)).unwrap();
    let actions: Vec<_> = rows.iter().map(|row| row.action.code()).collect();
    for expected in [
        "patient_registered",
        "patient_read",
        "lesion_added",
        "image_imported",
        "analysis_started",
        "analysis_completed",
        "analysis_read",
    ] {
        assert!(actions.iter().any(|action| action == expected), "{expected} is missing from {actions:?}");
    }
    let chain = store.verify_chain().unwrap();
    assert!(chain.problems.is_empty(), "{chain:?}");
}
