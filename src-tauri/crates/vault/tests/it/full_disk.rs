//! A file system that takes no more, made by a limit on the size of files in a child process.

use std::fs;
use std::process::Command;

use domain::FileId;
use vault::{Admission, Attempts, KdfPolicy, Moment, SealedStore, Secret, Vault, VaultError, layout};

use crate::support::{LOGIN, PASSWORD, QUICK, clinic, unlock};

const FOLDER: &str = "VAULT_FULL_DISK_FOLDER";

/// Runs one ignored test of this binary where no file may grow beyond `kib`; the signal that would come
/// with it is ignored, so that writes fail as they do on a full disk.
fn run_limited(test: &str, folder: &std::path::Path, kib: u32) {
    let output = Command::new("bash")
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

/// Runs one ignored test of this binary with a file system of `kib` mounted over the folder, in a mount
/// namespace of its own; false where the system does not let a user make one.
fn run_on_small_disk(test: &str, folder: &std::path::Path, kib: u32) -> bool {
    let may = Command::new("unshare").args(["-Urm", "true"]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        return false;
    }
    let mount = format!("mount -t tmpfs -o size={kib}k tmpfs \"${FOLDER}\" && exec \"$0\" \"$@\"");
    let output = Command::new("unshare")
        .args(["-Urm", "sh", "-c", &mount])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    true
}

fn given_folder() -> std::path::PathBuf {
    std::env::var_os(FOLDER).expect("run by its parent test").into()
}

#[test]
fn sealing_on_a_full_disk_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    run_limited("full_disk::child_seals", folder.path(), 64);
    assert_eq!(fs::read_dir(folder.path().join(layout::IMAGES)).unwrap().count(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn sealing_without_space_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    if !run_on_small_disk("full_disk::child_seals", folder.path(), 128) {
        eprintln!("skipped: no mount namespaces here");
    }
}

#[test]
#[ignore = "run by sealing_on_a_full_disk_leaves_nothing_behind in a limited process"]
fn child_seals() {
    let store = SealedStore::open(&given_folder(), &Secret::from_bytes(&[3; 32])).unwrap();
    let large = vec![7; 200 * 1024];
    assert_eq!(store.seal(FileId::fresh(), 1, "original", &large), Err(VaultError::StorageFull));
    assert_eq!(fs::read_dir(given_folder().join(layout::IMAGES)).unwrap().count(), 0);
    let file = FileId::fresh();
    let key = store.seal(file, 1, "original", &large[..1024]).unwrap();
    assert_eq!(store.open_file(file, 1, "original", &key).unwrap().len(), 1024);
}

#[test]
fn a_password_change_on_a_full_disk_keeps_the_old_password() {
    let (folder, ..) = clinic();
    let before = fs::read(folder.path().join(layout::KEY_SLOTS)).unwrap();
    run_limited("full_disk::child_changes_the_password", folder.path(), 1);
    assert_eq!(fs::read(folder.path().join(layout::KEY_SLOTS)).unwrap(), before);
    unlock(folder.path(), LOGIN, PASSWORD).unwrap();
}

#[test]
#[ignore = "run by a_password_change_on_a_full_disk_keeps_the_old_password in a limited process"]
fn child_changes_the_password() {
    let folder = given_folder();
    let unlocked = unlock(&folder, LOGIN, PASSWORD).unwrap();
    let answer = Vault::change_password(&folder, &unlocked, "a new long password", QUICK);
    assert_eq!(answer, Err(VaultError::StorageFull));
    // A costlier policy cannot be written either, and nobody is kept out for it.
    Vault::unlock(&folder, LOGIN, PASSWORD, KdfPolicy::STANDARD).unwrap();
}

#[test]
fn a_failure_that_cannot_be_counted_is_not_judged() {
    let (folder, ..) = clinic();
    for _ in 0..4 {
        assert_eq!(Attempts::begin(folder.path(), LOGIN, Moment::now()), Ok(Admission::Go));
    }
    run_limited("full_disk::child_tries_to_sign_in", folder.path(), 0);
    assert_eq!(Attempts::state(folder.path(), LOGIN, Moment::now()).unwrap().failures, 4);
}

#[test]
#[ignore = "run by a_failure_that_cannot_be_counted_is_not_judged in a limited process"]
fn child_tries_to_sign_in() {
    assert_eq!(Attempts::begin(&given_folder(), LOGIN, Moment::now()), Err(VaultError::StorageFull));
}
