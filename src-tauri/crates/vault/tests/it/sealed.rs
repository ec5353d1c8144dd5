use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use domain::FileId;
use vault::{NewFile, SealedStore, Secret, Swept, VaultError, WrappedKey, layout};

const PICTURE: &[u8] = b"the pixels of a photograph, which nobody should find on the disk";

struct Fixture {
    folder: tempfile::TempDir,
    store: SealedStore,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SealedStore::open(folder.path(), &Secret::from_bytes(&[3; 32])).unwrap();
        Self { folder, store }
    }

    fn path(&self, file: FileId) -> PathBuf {
        self.folder.path().join(layout::IMAGES).join(format!("{file}.sealed"))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(layout::IMAGES)).unwrap();
        entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn what_is_sealed_opens_again_and_is_not_readable_meanwhile() {
    let f = Fixture::new();
    for picture in [PICTURE, b""] {
        let file = FileId::fresh();
        let key = f.store.seal(file, 1, "original", picture).unwrap();
        assert_eq!(&f.store.open_file(file, 1, "original", &key).unwrap()[..], picture);
        let bytes = fs::read(f.path(file)).unwrap();
        assert_eq!(bytes.len(), 4 + 12 + picture.len() + 16);
        assert!(!bytes.windows(6).any(|w| w == b"pixels"));
        let stored = WrappedKey::try_from(&key.as_bytes()[..]).unwrap();
        assert_eq!(stored, key);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in f.names() {
            let path = f.folder.path().join(layout::IMAGES).join(name);
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

#[test]
fn another_clinical_key_opens_nothing() {
    let f = Fixture::new();
    let file = FileId::fresh();
    let key = f.store.seal(file, 1, "original", PICTURE).unwrap();
    let other = SealedStore::open(f.folder.path(), &Secret::from_bytes(&[4; 32])).unwrap();
    assert_eq!(other.open_file(file, 1, "original", &key).unwrap_err(), VaultError::Damaged);
}

#[test]
fn identity_version_and_purpose_are_bound() {
    let f = Fixture::new();
    let (a, b) = (FileId::fresh(), FileId::fresh());
    let key_a = f.store.seal(a, 1, "original", PICTURE).unwrap();
    let key_b = f.store.seal(b, 1, "original", b"another patient's picture").unwrap();
    for (file, version, purpose, key) in [
        (a, 2, "original", &key_a),
        (a, 1, "thumbnail", &key_a),
        (a, 1, "original", &key_b),
        (b, 1, "original", &key_a),
    ] {
        assert_eq!(f.store.open_file(file, version, purpose, key).unwrap_err(), VaultError::Damaged);
    }
}

#[test]
fn swapped_files_are_seen() {
    let f = Fixture::new();
    let (a, b) = (FileId::fresh(), FileId::fresh());
    let key_a = f.store.seal(a, 1, "original", PICTURE).unwrap();
    let key_b = f.store.seal(b, 1, "original", PICTURE).unwrap();
    let bytes = fs::read(f.path(a)).unwrap();
    fs::copy(f.path(b), f.path(a)).unwrap();
    fs::write(f.path(b), bytes).unwrap();
    assert_eq!(f.store.open_file(a, 1, "original", &key_a).unwrap_err(), VaultError::Damaged);
    assert_eq!(f.store.open_file(b, 1, "original", &key_b).unwrap_err(), VaultError::Damaged);
}

#[test]
fn every_flipped_bit_and_every_cut_is_seen() {
    let f = Fixture::new();
    let file = FileId::fresh();
    let key = f.store.seal(file, 1, "original", PICTURE).unwrap();
    let good = fs::read(f.path(file)).unwrap();
    let opens = |bytes: &[u8]| {
        fs::write(f.path(file), bytes).unwrap();
        f.store.open_file(file, 1, "original", &key).map(|_| ())
    };
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        assert_eq!(opens(&bad), Err(VaultError::Damaged), "byte {at}");
        assert_eq!(opens(&good[..at]), Err(VaultError::Damaged), "cut at {at}");
    }
    assert_eq!(opens(&[&good[..], b"x"].concat()), Err(VaultError::Damaged));
    assert_eq!(opens(&good), Ok(()));
    for at in 0..WrappedKey::BYTES {
        let mut row = *key.as_bytes();
        row[at] ^= 1;
        let bad = WrappedKey::try_from(&row[..]).unwrap();
        assert_eq!(f.store.open_file(file, 1, "original", &bad).unwrap_err(), VaultError::Damaged);
    }
}

#[test]
fn an_identity_is_used_once() {
    let f = Fixture::new();
    let file = FileId::fresh();
    let key = f.store.seal(file, 1, "original", PICTURE).unwrap();
    assert_eq!(f.store.seal(file, 1, "original", b"other"), Err(VaultError::FileExists));
    assert_eq!(f.store.seal(file, 2, "original", b"other"), Err(VaultError::FileExists));
    assert_eq!(&f.store.open_file(file, 1, "original", &key).unwrap()[..], PICTURE);
    assert_eq!(f.names().len(), 1);
}

#[test]
fn files_that_belong_together_are_sealed_all_or_none() {
    let f = Fixture::new();
    let new = |file, plaintext| NewFile { file, version: 1, purpose: "heatmap", plaintext };
    let (first, second, third) = (FileId::fresh(), FileId::fresh(), FileId::fresh());
    let keys = f.store.seal_all(&[new(first, PICTURE), new(second, b"another")]).unwrap();
    assert_eq!(&f.store.open_file(first, 1, "heatmap", &keys[0]).unwrap()[..], PICTURE);
    assert_eq!(&f.store.open_file(second, 1, "heatmap", &keys[1]).unwrap()[..], b"another");
    assert_ne!(keys[0].as_bytes(), keys[1].as_bytes());

    let again = f.store.seal_all(&[new(third, PICTURE), new(second, b"yet another")]);
    assert_eq!(again, Err(VaultError::FileExists));
    assert_eq!(&f.store.open_file(second, 1, "heatmap", &keys[1]).unwrap()[..], b"another");
    assert_eq!(f.names().len(), 2);
    assert_eq!(f.store.seal_all(&[]), Ok(vec![]));
}

#[test]
fn a_missing_file_is_said_to_be_missing() {
    let f = Fixture::new();
    let file = FileId::fresh();
    let key = f.store.seal(file, 1, "original", PICTURE).unwrap();
    f.store.discard(file).unwrap();
    f.store.discard(file).unwrap();
    assert_eq!(f.store.open_file(file, 1, "original", &key).unwrap_err(), VaultError::FileMissing);
}

#[test]
fn a_sweep_takes_orphans_and_leftovers_and_nothing_else() {
    let f = Fixture::new();
    let (kept, orphan) = (FileId::fresh(), FileId::fresh());
    let key = f.store.seal(kept, 1, "original", PICTURE).unwrap();
    f.store.seal(orphan, 1, "thumbnail", PICTURE).unwrap();
    let images = f.folder.path().join(layout::IMAGES);
    // What a crash leaves between writing and renaming.
    fs::write(images.join(".unfinished-a1b2c3"), b"half").unwrap();
    fs::write(images.join("notes.txt"), b"someone's own").unwrap();
    let swept = f.store.sweep(&HashSet::from([kept])).unwrap();
    assert_eq!(swept, Swept { orphans: 1, unfinished: 1 });
    let mut names = f.names();
    names.sort();
    assert_eq!(names, [format!("{kept}.sealed"), "notes.txt".to_owned()]);
    f.store.open_file(kept, 1, "original", &key).unwrap();
    assert_eq!(f.store.sweep(&HashSet::from([kept])).unwrap(), Swept::default());
}

#[test]
fn a_files_key_moves_to_a_new_clinical_key_without_the_file() {
    let f = Fixture::new();
    let file = FileId::fresh();
    let key = f.store.seal(file, 1, "original", PICTURE).unwrap();
    let before = fs::read(f.path(file)).unwrap();
    let new = SealedStore::open(f.folder.path(), &Secret::from_bytes(&[4; 32])).unwrap();
    let moved = f.store.rewrap(&key, &new).unwrap();
    assert_eq!(&new.open_file(file, 1, "original", &moved).unwrap()[..], PICTURE);
    assert_eq!(f.store.open_file(file, 1, "original", &moved).unwrap_err(), VaultError::Damaged);
    assert_eq!(new.rewrap(&key, &f.store), Err(VaultError::Damaged));
    assert_eq!(fs::read(f.path(file)).unwrap(), before);
}
