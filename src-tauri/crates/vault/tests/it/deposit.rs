//! Files left by somebody without the clinical key.

use domain::FileId;
use vault::{DepositKey, DepositedKey, Depository, SealedStore, Secret, VaultError};

const PICTURE: &[u8] = b"the pixels of a photograph, which the front desk has seen for the last time";

struct Fixture {
    folder: tempfile::TempDir,
    store: SealedStore,
    desk: Depository,
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = SealedStore::open(folder.path(), &Secret::from_bytes(&[3; 32])).unwrap();
    let published = serde_json::to_string(&store.deposit_key()).unwrap();
    let key: DepositKey = serde_json::from_str(&published).unwrap();
    let desk = Depository::open(folder.path(), key).unwrap();
    Fixture { folder, store, desk }
}

#[test]
fn whoever_holds_the_clinical_key_takes_a_deposit_over() {
    let f = fixture();
    let file = FileId::fresh();
    let left = f.desk.seal(file, 1, "original", PICTURE).unwrap();
    let stored = DepositedKey::try_from(&left.as_bytes()[..]).unwrap();
    let key = f.store.adopt(file, 1, "original", &stored).unwrap();
    assert_eq!(&f.store.open_file(file, 1, "original", &key).unwrap()[..], PICTURE);
    let bytes = std::fs::read(f.folder.path().join(format!("images/{file}.sealed"))).unwrap();
    assert!(!bytes.windows(6).any(|w| w == b"pixels"));
}

#[test]
fn a_deposit_opens_for_nobody_else_and_under_no_other_name() {
    let f = fixture();
    let file = FileId::fresh();
    let left = f.desk.seal(file, 1, "original", PICTURE).unwrap();
    let other = SealedStore::open(f.folder.path(), &Secret::from_bytes(&[4; 32])).unwrap();
    assert_eq!(other.adopt(file, 1, "original", &left), Err(VaultError::Damaged));
    assert_ne!(other.deposit_key(), f.store.deposit_key());
    assert_eq!(f.store.adopt(FileId::fresh(), 1, "original", &left), Err(VaultError::Damaged));
    assert_eq!(f.store.adopt(file, 2, "original", &left), Err(VaultError::Damaged));
    assert_eq!(f.store.adopt(file, 1, "thumbnail", &left), Err(VaultError::Damaged));
    for place in [0, 31, 32, 79] {
        let mut bytes = *left.as_bytes();
        bytes[place] ^= 1;
        let altered = DepositedKey::try_from(&bytes[..]).unwrap();
        assert_eq!(f.store.adopt(file, 1, "original", &altered), Err(VaultError::Damaged), "{place}");
    }
}

#[test]
fn two_deposits_of_the_same_picture_share_nothing() {
    let f = fixture();
    let (one, two) = (FileId::fresh(), FileId::fresh());
    let first = f.desk.seal(one, 1, "original", PICTURE).unwrap();
    let second = f.desk.seal(two, 1, "original", PICTURE).unwrap();
    assert_ne!(first, second);
    assert_eq!(f.desk.seal(one, 1, "original", PICTURE), Err(VaultError::FileExists));
    f.desk.discard(two).unwrap();
    f.desk.discard(two).unwrap();
    assert!(DepositedKey::try_from(&[0; 72][..]).is_err());
}
