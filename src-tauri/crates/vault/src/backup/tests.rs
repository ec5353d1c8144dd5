//! A drive that is pulled out at every single change: the set holds the old backup or the new one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::{ClinicId, FileId, Role, UserId};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::drive::Drive;
use super::{BackupDraft, BackupProof, BackupSet, BackupStep, DraftOrigin};
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::sealed::SealedStore;
use crate::unlocked::Unlocked;
use crate::vault::{NewOwner, Vault};
use crate::{create_database, layout};

struct Clinic {
    id: ClinicId,
    folder: TempDir,
    keys: Unlocked,
    connection: Connection,
}

/// What a folder holds, without what belongs to the machine and to open connections.
type Content = BTreeMap<String, Vec<u8>>;

fn content(folder: &Path) -> Content {
    let mut found = Content::new();
    for below in ["", layout::IMAGES] {
        for entry in fs::read_dir(folder.join(below)).unwrap().map(Result::unwrap) {
            let name = format!("{below}/{}", entry.file_name().to_str().unwrap());
            let passing = name.ends_with("-wal") || name.ends_with("-shm") || name.contains("/.");
            if entry.path().is_file() && !passing {
                found.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

impl Clinic {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let owner = NewOwner {
            user_id: UserId::fresh(),
            login: "ada",
            role: Role::Administrator,
            password: "lantern",
        };
        let (keys, _) = Vault::create(folder.path(), owner, KdfPolicy::for_tests()).unwrap();
        let connection = create_database(folder.path(), &keys).unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        Self { id: ClinicId::fresh(), folder, keys, connection }
    }

    fn adds(&self, word: &str) {
        self.connection.execute("INSERT INTO t VALUES (?1)", [word]).unwrap();
        let store = SealedStore::open(self.folder.path(), self.keys.clinical_key.as_ref().unwrap()).unwrap();
        store.seal(FileId::fresh(), 1, "original", word.repeat(1000).as_bytes()).unwrap();
    }

    fn draft(&self, second: i64) -> (BackupDraft, Content) {
        let origin = DraftOrigin {
            clinic: self.id,
            program: "test",
            made_at: Timestamp::from_second(second).unwrap(),
        };
        let draft = BackupDraft::begin(self.folder.path(), &self.keys, &self.connection, origin).unwrap();
        (draft, content(self.folder.path()))
    }
}

fn go_on(_: BackupStep, _: u64, _: u64) -> bool {
    true
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What comes out of the newest backup of a set.
fn restored(set: &BackupSet) -> Content {
    let newest = set.generations().unwrap().remove(0);
    let proof = BackupProof::Password { login: "ada", password: "lantern", policy: KdfPolicy::for_tests() };
    let opened = set.open(newest.id, &proof).unwrap();
    assert!(opened.examine(&mut go_on).unwrap().damaged.is_empty());
    let target = tempfile::tempdir().unwrap();
    let place = target.path().join("clinic");
    opened.place(&place, |_| true, &mut go_on).unwrap();
    content(&place)
}

#[test]
fn a_drive_that_is_pulled_out_at_any_change_holds_the_old_backup_or_the_new_one() {
    let clinic = Clinic::new();
    clinic.adds("first");
    let drive = tempfile::tempdir().unwrap();
    let (first, old) = clinic.draft(1);
    let set = BackupSet::of(drive.path(), clinic.id);
    set.enter(clinic.id).unwrap().make(&first, false, &mut go_on).unwrap();
    clinic.adds("second");
    clinic.adds("third");
    let (mut olds, mut news) = (0, 0);
    for changes in 0.. {
        // A draft ends where the next one begins.
        let (second, new) = clinic.draft(2);
        assert_ne!(old, new);
        let cut = tempfile::tempdir().unwrap();
        copy(drive.path(), cut.path());
        let set = BackupSet::of(cut.path(), clinic.id);
        let limited = Drive::at(set.folder().to_owned());
        limited.changes_left.set(changes);
        let made = set.enter_by(limited, clinic.id).and_then(|open| {
            open.make(&second, false, &mut go_on)?;
            // The first one goes.
            open.keep_only(|all| all.iter().take(1).map(|generation| generation.id).collect())
        });
        let there = restored(&set);
        assert!(there == old || there == new, "after {changes} changes");
        assert!(made.is_err() || there == new);
        *(if there == old { &mut olds } else { &mut news }) += 1;
        // Plugged in again, the next one is whole and clears up.
        let open = set.enter(clinic.id).unwrap();
        let (third, _) = clinic.draft(3);
        open.make(&third, false, &mut go_on).unwrap();
        open.keep_only(|all| all.iter().take(1).map(|generation| generation.id).collect()).unwrap();
        assert_eq!(restored(&set), new);
        if made.is_ok() {
            break;
        }
        assert!(changes < 1000, "it never ends: {made:?}");
    }
    assert!(olds > 8 && news > 1, "{olds} old, {news} new");
}

#[test]
fn a_backup_that_was_stopped_is_not_there_and_what_it_copied_is_not_copied_again() {
    let clinic = Clinic::new();
    clinic.adds("first");
    clinic.adds("second");
    let drive = tempfile::tempdir().unwrap();
    let set = BackupSet::of(drive.path(), clinic.id);
    let open = set.enter(clinic.id).unwrap();
    let (draft, there) = clinic.draft(1);
    let stopped = open.make(&draft, false, &mut |step, _, _| step == BackupStep::Copying);
    assert_eq!(stopped, Err(VaultError::Cancelled));
    assert_eq!(set.generations(), Ok(vec![]));
    let pieces: Vec<_> = fs::read_dir(set.folder().join("objects"))
        .unwrap()
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|piece| piece.unwrap().path())
        .collect();
    assert_eq!(open.make(&draft, false, &mut go_on).unwrap().bytes_written, 0);
    assert_eq!(restored(&set), there);

    // A power cut can leave a name with nothing behind it: what no finished backup vouches for is not believed.
    fs::remove_file(set.manifest(set.generations().unwrap()[0].id)).unwrap();
    let torn = fs::metadata(&pieces[0]).unwrap().len();
    fs::write(&pieces[0], vec![0; usize::try_from(torn).unwrap()]).unwrap();
    assert_eq!(open.make(&draft, false, &mut go_on).unwrap().bytes_written, torn);
    assert_eq!(restored(&set), there);

    // What a finished one vouches for is, unless it is asked for.
    fs::write(&pieces[0], vec![0; usize::try_from(torn).unwrap()]).unwrap();
    let (again, _) = clinic.draft(2);
    assert_eq!(open.make(&again, true, &mut go_on).unwrap().bytes_written, torn);
    assert_eq!(restored(&set), there);
    assert_eq!(set.enter(clinic.id).map(|_| ()), Err(VaultError::BackupRunning));
}
