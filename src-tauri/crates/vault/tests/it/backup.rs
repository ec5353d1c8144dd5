//! Backups of a real encrypted clinic, to a folder and back.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::{ClinicId, FileId, Role};
use jiff::Timestamp;
use proptest::prelude::*;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use vault::{
    BackupDraft, BackupMade, BackupProof, BackupSet, BackupStep, DraftOrigin, KeyChange, OpenedBackup,
    SealedStore, Unlocked, VaultError, create_database, layout, open_database,
};

use crate::support::{LOGIN, PASSWORD, QUICK, clinic, colleague};

struct Kept {
    id: ClinicId,
    folder: tempfile::TempDir,
    keys: Unlocked,
    sheet: String,
    connection: Connection,
    drive: tempfile::TempDir,
}

fn go_on(_: BackupStep, _: u64, _: u64) -> bool {
    true
}

impl Kept {
    fn new() -> Self {
        let (folder, keys, sheet) = clinic();
        let connection = create_database(folder.path(), &keys).unwrap();
        connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES ('begun')").unwrap();
        let drive = tempfile::tempdir().unwrap();
        Self { id: ClinicId::fresh(), folder, keys, sheet, connection, drive }
    }

    fn photograph(&self, bytes: &[u8]) -> FileId {
        let store = SealedStore::open(self.folder.path(), self.keys.clinical_key.as_ref().unwrap()).unwrap();
        let file = FileId::fresh();
        store.seal(file, 1, "original", bytes).unwrap();
        file
    }

    fn set(&self) -> BackupSet {
        BackupSet::of(self.drive.path(), self.id)
    }

    fn draft(&self, second: i64) -> BackupDraft {
        let made_at = Timestamp::from_second(second).unwrap();
        let origin = DraftOrigin { clinic: self.id, program: "test", made_at };
        BackupDraft::begin(self.folder.path(), &self.keys, &self.connection, origin).unwrap()
    }

    fn backs_up(&self, second: i64) -> BackupMade {
        self.set().enter(self.id).unwrap().make(&self.draft(second), false, &mut go_on).unwrap()
    }

    fn opens(&self, made: &BackupMade) -> OpenedBackup {
        self.set().open(made.generation.id, &password(LOGIN, PASSWORD)).unwrap()
    }

    /// SHA-256 of everything that belongs to the clinic.
    fn hashes(&self) -> BTreeMap<String, String> {
        hashes(self.folder.path())
    }
}

fn password<'a>(login: &'a str, password: &'a str) -> BackupProof<'a> {
    BackupProof::Password { login, password, policy: QUICK }
}

fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let inside = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    let passing = |name: &str| name.ends_with("-wal") || name.ends_with("-shm") || name.starts_with('.');
    let all = files(folder)
        .into_iter()
        .map(|path| (inside(&path), hex::encode(Sha256::digest(fs::read(path).unwrap()))));
    all.filter(|(name, _)| !passing(name)).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn objects(set: &BackupSet) -> Vec<PathBuf> {
    files(&set.folder().join("objects"))
}

#[test]
fn a_clinic_comes_back_with_the_password_of_anybody_or_the_sheet() {
    let kept = Kept::new();
    let file = kept.photograph(b"a lesion");
    colleague(kept.folder.path(), &kept.keys, "cem@clinic.example", Role::FrontDesk);
    let made = kept.backs_up(1);
    assert_eq!(made.sealed, HashSet::from([file]));
    let before = kept.hashes();
    let proofs = [
        password(LOGIN, PASSWORD),
        password("cem@clinic.example", PASSWORD),
        BackupProof::Sheet(&kept.sheet),
    ];
    for proof in proofs {
        let opened = kept.set().open(made.generation.id, &proof).unwrap();
        assert!(opened.examine(&mut go_on).unwrap().damaged.is_empty());
        let target = tempfile::tempdir().unwrap();
        let place = target.path().join("clinic");
        let placed = opened.place(&place, |_| true, &mut go_on).unwrap();
        assert_eq!((placed.files, placed.bytes), (made.generation.files, made.generation.bytes));
        assert_eq!(hashes(&place), before);
        let connection = open_database(&place, opened.keys()).unwrap();
        let word: String = connection.query_row("SELECT a FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(word, "begun");
    }
    for wrong in [password(LOGIN, "wrong"), password("nobody", PASSWORD)] {
        assert_eq!(kept.set().open(made.generation.id, &wrong).unwrap_err(), VaultError::InvalidCredentials);
    }
}

#[test]
fn nothing_readable_leaves_the_clinic() {
    let kept = Kept::new();
    kept.connection.execute("INSERT INTO t VALUES ('Lindenhoff, Brigitte')", []).unwrap();
    kept.photograph(b"Lindenhoff, Brigitte");
    kept.backs_up(1);
    for path in files(kept.drive.path()) {
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(10).any(|window| window == b"Lindenhoff"), "{}", path.display());
    }
}

#[test]
fn what_has_not_changed_is_not_copied_again() {
    let kept = Kept::new();
    for number in 0..20_u8 {
        kept.photograph(&[number; 40_000]);
    }
    let first = kept.backs_up(1);
    assert!(first.bytes_written > 800_000);
    assert_eq!(kept.backs_up(2).bytes_written, 0);
    kept.photograph(&[99; 40_000]);
    let third = kept.backs_up(3);
    assert!((40_000..42_000).contains(&third.bytes_written), "{}", third.bytes_written);
    assert_eq!(third.generation.files, first.generation.files + 1);
}

#[test]
fn a_lost_piece_of_an_unchanged_photograph_is_copied_again() {
    let kept = Kept::new();
    let file = kept.photograph(&[7; 50_000]);
    kept.backs_up(1);
    let lost = objects(&kept.set()).into_iter().max_by_key(|path| fs::metadata(path).unwrap().len());
    fs::remove_file(lost.unwrap()).unwrap();
    let made = kept.backs_up(2);
    assert!(made.bytes_written > 50_000 && made.sealed.contains(&file));
    assert!(kept.opens(&made).examine(&mut go_on).unwrap().damaged.is_empty());
}

#[test]
fn every_altered_object_is_found_and_not_placed() {
    let kept = Kept::new();
    let file = kept.photograph(b"a lesion");
    let made = kept.backs_up(1);
    let opened = kept.opens(&made);
    for object in objects(&kept.set()) {
        let whole = fs::read(&object).unwrap();
        let mut bent = whole.clone();
        bent[whole.len() / 2] ^= 1;
        for altered in [bent, whole[1..].to_vec(), Vec::new()] {
            fs::write(&object, altered).unwrap();
            let examined = opened.examine(&mut go_on).unwrap();
            assert!(!examined.damaged.is_empty(), "{}", object.display());
            let sealed = examined.damaged == [layout::sealed_file(file)];
            assert_eq!(examined.opens_all_the_same(), sealed);
            let target = tempfile::tempdir().unwrap();
            let placed = opened.place(&target.path().join("clinic"), |_| true, &mut go_on);
            assert_eq!(placed.unwrap_err(), VaultError::Damaged);
        }
        fs::remove_file(&object).unwrap();
        assert!(!opened.examine(&mut go_on).unwrap().damaged.is_empty());
        fs::write(&object, whole).unwrap();
    }
    assert!(opened.examine(&mut go_on).unwrap().damaged.is_empty());
}

#[test]
fn an_altered_manifest_opens_nothing() {
    let kept = Kept::new();
    let made = kept.backs_up(1);
    let path = files(kept.set().folder())
        .into_iter()
        .find(|path| path.extension().is_some_and(|e| e == "json"))
        .unwrap();
    let whole = fs::read(&path).unwrap();
    for place in (0..whole.len() - 1).step_by(7) {
        let mut bent = whole.clone();
        bent[place] ^= 1;
        fs::write(&path, bent).unwrap();
        assert!(kept.set().open(made.generation.id, &password(LOGIN, PASSWORD)).is_err(), "byte {place}");
    }
    for length in (0..whole.len() - 1).step_by(31) {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(kept.set().open(made.generation.id, &password(LOGIN, PASSWORD)).is_err(), "{length} bytes");
    }
}

#[test]
fn a_folder_with_the_backups_of_another_clinic_is_refused() {
    let (kept, other) = (Kept::new(), Kept::new());
    kept.backs_up(1);
    // Both on one drive go their own ways; a set that was renamed does not.
    assert!(BackupSet::of(kept.drive.path(), other.id).enter(other.id).is_ok());
    let misnamed = BackupSet::of(other.drive.path(), other.id);
    fs::rename(kept.set().folder(), misnamed.folder()).unwrap();
    assert_eq!(misnamed.enter(other.id).unwrap_err(), VaultError::OtherClinic);
    assert_eq!(misnamed.generations().unwrap().len(), 1);
}

#[test]
fn a_drive_that_is_gone_is_said_to_be_gone_and_not_made() {
    let kept = Kept::new();
    let gone = kept.drive.path().join("unplugged");
    assert_eq!(BackupSet::of(&gone, kept.id).enter(kept.id).unwrap_err(), VaultError::FileMissing);
    assert!(!gone.exists());
    assert_eq!(BackupSet::find(&gone), Err(VaultError::FileMissing));
    let made = kept.backs_up(1);
    let opened = kept.opens(&made);
    fs::remove_dir_all(kept.set().folder()).unwrap();
    assert_eq!(opened.examine(&mut go_on), Err(VaultError::FileMissing));
}

#[test]
fn old_backups_go_with_what_only_they_needed() {
    let kept = Kept::new();
    for number in 1..=4 {
        kept.photograph(&[number; 10_000]);
        kept.connection.execute("INSERT INTO t VALUES (?1)", [number]).unwrap();
        kept.backs_up(i64::from(number));
    }
    let open = kept.set().enter(kept.id).unwrap();
    let before = objects(&kept.set()).len();
    open.keep_only(|all| all.iter().take(1).map(|generation| generation.id).collect()).unwrap();
    let left = kept.set().generations().unwrap();
    assert_eq!(left.iter().map(|generation| generation.made_at.as_second()).collect::<Vec<_>>(), [4]);
    assert!(objects(&kept.set()).len() < before);
    let opened = kept.set().open(left[0].id, &password(LOGIN, PASSWORD)).unwrap();
    assert!(opened.examine(&mut go_on).unwrap().damaged.is_empty());
    // With a manifest that nobody can read, nothing more goes.
    let unreadable = kept.set().folder().join("manifest-x.json");
    fs::write(&unreadable, "{").unwrap();
    let before = objects(&kept.set()).len();
    kept.connection.execute("INSERT INTO t VALUES (2)", []).unwrap();
    open.make(&kept.draft(9), false, &mut go_on).unwrap();
    open.keep_only(|all| all.iter().take(1).map(|generation| generation.id).collect()).unwrap();
    assert!(objects(&kept.set()).len() > before);
}

#[test]
fn after_a_change_of_keys_the_old_backups_open_with_the_old_sheet_and_the_new_ones_with_the_new() {
    let mut kept = Kept::new();
    kept.photograph(&[5; 30_000]);
    let old = kept.backs_up(1);
    let change = KeyChange::begin(kept.folder.path(), &kept.keys).unwrap();
    assert_eq!(
        BackupDraft::begin(
            kept.folder.path(),
            &kept.keys,
            &kept.connection,
            DraftOrigin { clinic: kept.id, program: "test", made_at: Timestamp::UNIX_EPOCH }
        )
        .unwrap_err(),
        VaultError::KeyChangeRunning
    );
    drop(change.copy_database(&kept.connection).unwrap());
    let sheet = change.commit().unwrap();
    kept.keys = vault::Vault::unlock(kept.folder.path(), LOGIN, PASSWORD, QUICK).unwrap();
    kept.connection = open_database(kept.folder.path(), &kept.keys).unwrap();
    let new = kept.backs_up(2);
    assert!(new.bytes_written < 30_000 + 30_000, "the photograph is there already");
    assert_eq!((old.generation.epoch, new.generation.epoch), (1, 2));
    for (made, code) in [(&old, kept.sheet.as_str()), (&new, sheet.code())] {
        let opened = kept.set().open(made.generation.id, &BackupProof::Sheet(code)).unwrap();
        assert!(opened.examine(&mut go_on).unwrap().damaged.is_empty());
    }
    let wrong = kept.set().open(new.generation.id, &BackupProof::Sheet(&kept.sheet));
    assert_eq!(wrong.unwrap_err(), VaultError::InvalidCredentials);
    // Whoever is signed in today opens both through their own slot.
    for made in [&old, &new] {
        assert!(kept.set().open(made.generation.id, &BackupProof::Keys(&kept.keys)).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 50, ..ProptestConfig::default() })]
    #[test]
    fn random_clinics_come_back_equal_to_the_byte(
        photographs in proptest::collection::vec((0_usize..200_000, any::<u8>()), 0..6),
        rows in proptest::collection::vec((any::<u32>(), 0_usize..20_000), 0..12),
        between in 0_usize..6,
    ) {
        let kept = Kept::new();
        let mut steps = photographs.len().max(rows.len());
        let mut second = 0;
        while steps > 0 {
            steps -= 1;
            if let Some((length, byte)) = photographs.get(steps) {
                kept.photograph(&vec![*byte; *length]);
            }
            if let Some((number, length)) = rows.get(steps) {
                kept.connection.execute("INSERT INTO t VALUES (?1)", [number.to_string().repeat(*length / 10 + 1)]).unwrap();
            }
            if steps == between {
                second += 1;
                kept.backs_up(second);
            }
        }
        let made = kept.backs_up(second + 1);
        let target = tempfile::tempdir().unwrap();
        let place = target.path().join("clinic");
        kept.opens(&made).place(&place, |_| true, &mut go_on).unwrap();
        prop_assert_eq!(hashes(&place), kept.hashes());
    }
}
