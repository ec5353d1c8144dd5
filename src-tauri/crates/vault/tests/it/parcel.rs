use std::fs;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use vault::{Parcel, ParcelId, VaultError, layout};

use crate::support::QUICK;

const REPORT: &[u8] = b"what the patient may see";

fn in_an_hour() -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(1)
}

fn files(folder: &tempfile::TempDir) -> Vec<PathBuf> {
    fs::read_dir(folder.path().join(layout::PARCELS)).unwrap().map(|e| e.unwrap().path()).collect()
}

#[test]
fn a_code_opens_its_parcel_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (id, code) = Parcel::write(path, REPORT, in_an_hour(), QUICK).unwrap();
    let (other, other_code) = Parcel::write(path, b"another patient's", in_an_hour(), QUICK).unwrap();
    assert!(files(&folder).iter().all(|file| !fs::read(file).unwrap().windows(7).any(|w| w == b"patient")));
    let (opened, bytes) = Parcel::open(path, &code.text().to_lowercase(), Timestamp::now()).unwrap();
    assert_eq!((opened, &bytes[..]), (id, REPORT));
    assert_eq!(files(&folder).len(), 1);
    let again = Parcel::open(path, code.text(), Timestamp::now());
    assert_eq!(again.unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(Parcel::open(path, other_code.text(), Timestamp::now()).unwrap().0, other);
    assert_eq!(id.to_string().parse::<ParcelId>().unwrap(), id);
}

#[test]
fn time_ends_a_parcel_and_cannot_be_moved() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ends) = (folder.path(), in_an_hour());
    let (_, code) = Parcel::write(path, REPORT, ends, QUICK).unwrap();
    let file = files(&folder).remove(0);
    let good = fs::read(&file).unwrap();
    let later = (ends + SignedDuration::from_hours(99)).to_string();
    let mut moved = good.clone();
    let at = moved.windows(13).position(|w| w == b"\"expires_at\":").unwrap() + 14;
    moved.splice(at..at + ends.to_string().len(), later.bytes());
    fs::write(&file, moved).unwrap();
    assert_eq!(Parcel::open(path, code.text(), ends).unwrap_err(), VaultError::InvalidCredentials);
    fs::write(&file, &good).unwrap();
    assert_eq!(Parcel::open(path, code.text(), ends).unwrap_err(), VaultError::CodeExpired);
    assert!(files(&folder).is_empty());
}

#[test]
fn damage_swaps_and_wrong_codes_open_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (_, code) = Parcel::write(path, REPORT, in_an_hour(), QUICK).unwrap();
    let file = files(&folder).remove(0);
    let good = fs::read(&file).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        for bytes in [&bad[..], &good[..at]] {
            fs::write(&file, bytes).unwrap();
            let answer = Parcel::open(path, code.text(), Timestamp::now());
            assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials, "byte {at}");
        }
    }
    fs::write(&file, &good).unwrap();
    // A right locator with wrong symbols behind it: the file of the one under the locator of the other.
    let (_, second) = Parcel::write(path, b"second", in_an_hour(), QUICK).unwrap();
    let other = files(&folder).into_iter().find(|f| *f != file).unwrap();
    fs::copy(&file, &other).unwrap();
    let answer = Parcel::open(path, second.text(), Timestamp::now());
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(&Parcel::open(path, code.text(), Timestamp::now()).unwrap().1[..], REPORT);
}

#[test]
fn a_sweep_takes_what_is_over_and_a_revocation_what_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert_eq!(Parcel::sweep(path, Timestamp::now()), Ok(0));
    let (kept, kept_code) = Parcel::write(path, REPORT, in_an_hour(), QUICK).unwrap();
    let (revoked, revoked_code) = Parcel::write(path, REPORT, in_an_hour(), QUICK).unwrap();
    Parcel::write(path, REPORT, Timestamp::now(), QUICK).unwrap();
    fs::write(path.join(layout::PARCELS).join("notes.txt"), b"someone's own").unwrap();
    assert_eq!(Parcel::sweep(path, Timestamp::now()), Ok(1));
    Parcel::revoke(path, revoked).unwrap();
    Parcel::revoke(path, revoked).unwrap();
    let answer = Parcel::open(path, revoked_code.text(), Timestamp::now());
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(Parcel::open(path, kept_code.text(), Timestamp::now()).unwrap().0, kept);
    assert_eq!(files(&folder).len(), 1);
}
