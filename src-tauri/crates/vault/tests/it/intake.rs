use std::fs;

use domain::Role;
use vault::{Intake, Unlocked, VaultError, layout};

use crate::support::{PASSWORD, clinic, colleague, unlock};

fn collected(folder: &std::path::Path, keys: &Unlocked) -> (Vec<Vec<u8>>, usize) {
    let collected = Intake::collect(folder, keys).unwrap();
    (collected.notes.iter().map(|note| note.bytes.to_vec()).collect(), collected.damaged)
}

#[test]
fn notes_wait_sealed_until_anybody_with_keys_takes_them_in() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    assert_eq!(collected(path, &admin), (vec![], 0));
    for note in [&b"first note"[..], b"", &[7; 8192]] {
        Intake::drop_in(path, note).unwrap();
    }
    for entry in fs::read_dir(path.join(layout::INTAKE)).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|w| w == b"first" || w == [7; 5]));
    }
    colleague(path, &admin, "desk@c.example", Role::FrontDesk);
    let desk = unlock(path, "desk@c.example", PASSWORD).unwrap();
    let (notes, damaged) = collected(path, &desk);
    assert_eq!((&notes[0][..], notes[1].len(), notes[2].len(), damaged), (&b"first note"[..], 0, 8192, 0));
    assert_eq!(collected(path, &admin).0, notes, "they stay until they are discarded");
    let first = Intake::collect(path, &admin).unwrap().notes.remove(0);
    Intake::discard(path, &first.name).unwrap();
    Intake::discard(path, &first.name).unwrap();
    assert_eq!(collected(path, &admin).0, notes[1..]);
}

#[test]
fn notes_are_small_and_not_too_many() {
    let (folder, admin, _) = clinic();
    let path = folder.path();
    assert_eq!(Intake::drop_in(path, &[0; 8193]), Err(VaultError::TooLarge));
    for i in 0..100_u8 {
        Intake::drop_in(path, &[i]).unwrap();
    }
    assert_eq!(Intake::drop_in(path, b"one more"), Err(VaultError::TooManyWaiting));
    let notes = collected(path, &admin).0;
    assert_eq!(notes, (0..100_u8).map(|i| vec![i]).collect::<Vec<_>>(), "in the order they came");
}

#[test]
fn a_damaged_a_renamed_and_a_foreign_note_are_counted_and_removed() {
    let (folder, admin, _) = clinic();
    let (elsewhere, ..) = clinic();
    let path = folder.path();
    let intake = path.join(layout::INTAKE);
    Intake::drop_in(path, b"whole").unwrap();
    Intake::drop_in(path, b"to be damaged").unwrap();
    Intake::drop_in(elsewhere.path(), b"foreign").unwrap();
    let mut names: Vec<_> = fs::read_dir(&intake).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let mut bytes = fs::read(&names[1]).unwrap();
    bytes[40] ^= 1;
    fs::write(&names[1], bytes).unwrap();
    let foreign = fs::read_dir(elsewhere.path().join(layout::INTAKE)).unwrap().next().unwrap().unwrap();
    fs::copy(foreign.path(), intake.join(foreign.file_name())).unwrap();
    fs::copy(&names[0], intake.join("00000000-0000-7000-8000-000000000000.note")).unwrap();
    fs::write(intake.join("notes.txt"), b"someone's own").unwrap();
    assert_eq!(collected(path, &admin), (vec![b"whole".to_vec()], 3));
    assert_eq!(collected(path, &admin), (vec![b"whole".to_vec()], 0));
    assert!(intake.join("notes.txt").exists());
}

#[test]
fn discarding_reaches_no_other_file() {
    let (folder, ..) = clinic();
    Intake::drop_in(folder.path(), b"note").unwrap();
    for name in ["../keyslots.json", "/etc/hostname", "..", "", "x.note"] {
        Intake::discard(folder.path(), name).unwrap();
    }
    assert!(folder.path().join(layout::KEY_SLOTS).exists());
}
