//! Backups when something goes wrong: the drive is pulled out, a photograph rots, a program is too old.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clinic::views::*;
use clinic::{Error, ErrorCode, Workstation, backup, picture};
use domain::backup::BackupStanding;
use jiff::Timestamp;
use support::{EMAIL, PASSWORD, World, melanoma_like_jpeg, root, signed_in};
use vault::{Attempts, BackupDraft, BackupSet, DraftOrigin, KdfPolicy, Moment, Unlocked, Vault};

use crate::backups::{Kept, backs_up, by_password, empty_machine, listed};

fn reason(error: &Error) -> &str {
    assert_eq!(error.code, ErrorCode::BackupFailed, "{error:?}");
    error.details["reason"].as_str().unwrap()
}

/// What matters of a clinic's folder: all but open connections and what the machine counts.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let passing = ["clinic.db-wal", "clinic.db-shm", "attempts.json", "attempts.json.bak", "lentigo.lock"];
    let mut found = BTreeMap::new();
    for path in support_files(folder) {
        if !passing.contains(&path.file_name().unwrap().to_str().unwrap()) {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

fn support_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { support_files(&path) } else { vec![path] }).collect()
}

/// The two files of failed sign-ins, to the byte.
fn counted(folder: &Path) -> [Option<Vec<u8>>; 2] {
    ["attempts.json", "attempts.json.bak"].map(|name| fs::read(folder.join(name)).ok())
}

fn objects(drive: &Path) -> Vec<PathBuf> {
    support_files(drive).into_iter().filter(|path| path.extension().is_none()).collect()
}

/// The largest piece on the drive: of a photograph.
fn a_photograph(drive: &Path) -> PathBuf {
    objects(drive).into_iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
}

#[test]
fn a_drive_that_is_pulled_out_harms_neither_the_clinic_nor_the_last_good_backup() {
    let kept = Kept::new();
    let first = kept.backs_up();
    let lesion = kept.world.adds_lesion(kept.patient);
    kept.world.imports(lesion, &melanoma_like_jpeg()).unwrap();
    let away = kept.drive.path().with_extension("pulled");
    let pulled = AtomicBool::new(false);
    let work = backup::begin(&kept.world.session).unwrap();
    let finished = work.go(|step| {
        if step.done > 0 && !pulled.swap(true, Ordering::Relaxed) {
            fs::rename(kept.drive.path(), &away).unwrap();
        }
    });
    let error = backup::finish(&kept.world.session, finished).unwrap_err();
    assert_eq!(reason(&error), "folder_missing");
    let view = backup::read(&kept.world.session).unwrap();
    assert_eq!(view.standing, BackupStanding::Failed);
    assert_eq!(view.last.unwrap().problem.unwrap().details["reason"], "folder_missing");
    assert_eq!(view.last_good.unwrap().backup_id, first.backup_id);
    assert!(!view.running);
    // The drive is plugged in again.
    fs::rename(&away, kept.drive.path()).unwrap();
    let there: Vec<_> = listed(&kept.world.session).iter().map(|one| Some(one.id)).collect();
    assert_eq!(there, [first.backup_id]);
    let request = BackupRequest { id: first.backup_id.unwrap() };
    backup::drill(&kept.world.session, &request, |_| {}).unwrap();
    kept.backs_up();
    assert_eq!(backup::read(&kept.world.session).unwrap().standing, BackupStanding::Good);
}

#[test]
fn an_empty_mount_point_is_not_taken_for_the_drive() {
    let kept = Kept::new();
    kept.backs_up();
    let set = fs::read_dir(kept.drive.path()).unwrap().next().unwrap().unwrap().path();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(&set, elsewhere.path().join("set")).unwrap();
    assert_eq!(reason(&backs_up(&kept.world.session).unwrap_err()), "folder_missing");
    assert_eq!(fs::read_dir(kept.drive.path()).unwrap().count(), 0, "nothing was written beside the drive");
    // A new drive is chosen on purpose.
    backup::choose_folder(&kept.world.session, kept.drive.path()).unwrap();
    kept.backs_up();
}

#[test]
fn places_that_would_be_lost_with_the_clinic_are_refused() {
    let world = World::founded();
    assert_eq!(reason(&backs_up(&world.session).unwrap_err()), "not_set_up");
    let inside = world.clinic_folder().join("images");
    assert_eq!(reason(&backup::choose_folder(&world.session, &inside).unwrap_err()), "inside");
    let gone = world.clinic_folder().with_file_name("gone");
    assert_eq!(reason(&backup::choose_folder(&world.session, &gone).unwrap_err()), "folder_missing");
    let beside = world.clinic_folder().with_file_name("beside");
    fs::create_dir(&beside).unwrap();
    backup::choose_folder(&world.session, &beside).unwrap();
    assert!(backup::shelf(&world.session).unwrap().list().unwrap().same_disk);
}

#[test]
fn one_that_is_stopped_or_whose_session_ends_leaves_nothing_to_note() {
    let kept = Kept::new();
    let work = backup::begin(&kept.world.session).unwrap();
    assert_eq!(reason(&backup::begin(&kept.world.session).err().unwrap()), "busy");
    let finished = work.go(|_| backup::cancel(&kept.world.session).unwrap());
    assert_eq!(reason(&backup::finish(&kept.world.session, finished).unwrap_err()), "cancelled");
    assert!(backup::read(&kept.world.session).unwrap().last.is_none());
    let work = backup::begin(&kept.world.session).unwrap();
    clinic::entry::lock(&kept.world.session).unwrap();
    let other = signed_in(&kept.world.workstation, EMAIL, PASSWORD).unwrap();
    let finished = work.go(|_| {});
    assert_eq!(reason(&backup::finish(&other, finished).unwrap_err()), "cancelled");
    assert_eq!(listed(&other).len(), 0);
}

#[test]
fn a_drill_finds_a_photograph_that_rotted_and_a_restore_says_what_is_lost() {
    let kept = Kept::new();
    let made = kept.backs_up();
    let object = a_photograph(kept.drive.path());
    let mut bytes = fs::read(&object).unwrap();
    bytes[1000] ^= 4;
    fs::write(&object, bytes).unwrap();
    let request = BackupRequest { id: made.backup_id.unwrap() };
    let error = backup::drill(&kept.world.session, &request, |_| {}).unwrap_err();
    assert_eq!((reason(&error), &error.details["files"]), ("damaged", &serde_json::json!(1)));
    let drilled = backup::read(&kept.world.session).unwrap().last_drill.unwrap();
    assert_eq!(drilled.problem.unwrap().details["files"], 1);
    assert!(!kept.world.clinic_folder().join(".drill").exists());

    let (folder, machine) = empty_machine();
    let offer = backup::look(&machine, kept.drive.path()).unwrap();
    let request = by_password(&offer.backups[0], PASSWORD);
    let error = backup::restore(&machine, &request, |_| {}).unwrap_err();
    assert_eq!((reason(&error), &error.details["opens"]), ("damaged", &serde_json::json!(true)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
    let request = RestoreRequest { without_damaged: true, ..request };
    assert_eq!(backup::restore(&machine, &request, |_| {}).unwrap().lost, 1);
    let session = signed_in(&machine, EMAIL, PASSWORD).unwrap();
    assert_eq!(kept.world.trail(&session, "backup_restored")[0]["lost"].as_array().unwrap().len(), 1);

    // The next backup believes nothing that lies there, and mends it.
    let mended = kept.backs_up();
    assert!(mended.written >= fs::metadata(&object).unwrap().len());
    for id in [made.backup_id, mended.backup_id] {
        backup::drill(&kept.world.session, &BackupRequest { id: id.unwrap() }, |_| {}).unwrap();
    }
}

#[test]
fn a_photograph_that_the_clinic_itself_lost_is_told() {
    let kept = Kept::new();
    let images = kept.world.clinic_folder().join("images");
    let one = fs::read_dir(images).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(one).unwrap();
    let made = kept.backs_up();
    assert_eq!((made.missing, made.problem.is_none()), (1, true));
}

#[test]
fn a_restore_that_is_stopped_leaves_nothing() {
    let kept = Kept::new();
    kept.backs_up();
    let (folder, machine) = empty_machine();
    let offer = backup::look(&machine, kept.drive.path()).unwrap();
    let request = by_password(&offer.backups[0], PASSWORD);
    for at in [BackupWork::Checking, BackupWork::Restoring] {
        let stopped = backup::restore(&machine, &request, |step| {
            if step.work == at {
                backup::stop_restoring(&machine).unwrap();
            }
        });
        assert_eq!(reason(&stopped.unwrap_err()), "cancelled");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    backup::restore(&machine, &request, |_| {}).unwrap();
}

fn keys(world: &World) -> Unlocked {
    Vault::unlock(&world.clinic_folder(), EMAIL, PASSWORD, KdfPolicy::for_tests()).unwrap()
}

/// The program of today on the folder of a clinic.
fn program(folder: &Path) -> Arc<Workstation> {
    let workstation = Workstation::new(folder.to_owned(), root().join("models"));
    Arc::new(workstation.with_kdf(KdfPolicy::for_tests()))
}

#[test]
fn a_clinic_of_a_newer_program_is_refused_and_not_touched() {
    let kept = Kept::new();
    let (folder, keys) = (kept.world.clinic_folder(), keys(&kept.world));
    let World { folder: _held, workstation, session, .. } = kept.world;
    drop((session, workstation));
    let connection = vault::open_database(&folder, &keys).unwrap();
    connection.execute_batch("PRAGMA user_version = 9999").unwrap();
    drop(connection);
    let before = content(&folder);
    let wrong =
        || signed_in(&program(&folder), EMAIL, "not the password at all").map(|_| ()).unwrap_err().code;
    let failures = || Attempts::state(&folder, EMAIL, Moment::now()).unwrap();
    assert_eq!(wrong(), ErrorCode::InvalidCredentials);
    let tried = (failures(), counted(&folder), Attempts::unreported(&folder).unwrap());
    assert_eq!(tried.0.failures, 1);
    // More often than failures would be forgiven: none of these is one.
    for _ in 0..7 {
        let refused = signed_in(&program(&folder), EMAIL, PASSWORD).map(|_| ()).unwrap_err();
        assert_eq!(refused.code, ErrorCode::NewerVersion);
        assert_eq!(content(&folder), before);
        assert_eq!((failures(), counted(&folder), Attempts::unreported(&folder).unwrap()), tried);
    }
    // A right password at the last try brings no lock, and wrong ones go on counting.
    for _ in 0..3 {
        assert_eq!(wrong(), ErrorCode::InvalidCredentials);
    }
    let newer = || signed_in(&program(&folder), EMAIL, PASSWORD).map(|_| ()).unwrap_err().code;
    assert_eq!((newer(), failures().failures), (ErrorCode::NewerVersion, 4));
    assert_eq!((newer(), failures().locked_for), (ErrorCode::NewerVersion, Duration::ZERO));
    assert_eq!((wrong(), newer()), (ErrorCode::InvalidCredentials, ErrorCode::InvalidCredentials));
    assert!(failures().locked_for > Duration::ZERO);
    assert_eq!(content(&folder), before);

    // Its backup is refused as well, before anything is written.
    let connection = vault::open_database(&folder, &keys).unwrap();
    let id = domain::ClinicId::fresh();
    let origin = DraftOrigin { clinic: id, program: "9.0.0", made_at: Timestamp::now() };
    let draft = BackupDraft::begin(&folder, &keys, &connection, origin).unwrap();
    let drive = tempfile::tempdir().unwrap();
    let set = BackupSet::of(drive.path(), id);
    set.enter(id).unwrap().make(&draft, false, &mut |_, _, _| true).unwrap();
    let (empty, machine) = empty_machine();
    let offer = backup::look(&machine, drive.path()).unwrap();
    assert!(offer.backups[0].newer);
    let refused = backup::restore(&machine, &by_password(&offer.backups[0], PASSWORD), |_| {}).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NewerVersion);
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
}

/// Puts an empty database of an old shape in the place of the clinic's, with a table that an early step makes.
fn old_database(folder: &Path, keys: &Unlocked, tables: &str) {
    for name in ["clinic.db", "clinic.db-wal", "clinic.db-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    vault::create_database(folder, keys).unwrap().execute_batch(tables).unwrap();
}

fn told(folder: &Path, keys: &Unlocked, sql: &str) -> Vec<String> {
    let connection = vault::open_database(folder, keys).unwrap();
    let mut query = connection.prepare(sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_migration_that_fails_half_way_leaves_the_records_and_a_copy() {
    const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let world = World::founded();
    let (folder, keys) = (world.clinic_folder(), keys(&world));
    let World { folder: _held, workstation, session, .. } = world;
    drop((session, workstation));
    // The first three steps run; the fourth finds its table there.
    old_database(&folder, &keys, "CREATE TABLE users (what TEXT); INSERT INTO users VALUES ('mine')");
    let failed = signed_in(&program(&folder), EMAIL, PASSWORD).map(|_| ()).unwrap_err();
    assert_eq!(failed.code, ErrorCode::StorageFailed);
    assert_eq!(told(&folder, &keys, TABLES), ["users"], "all or nothing");
    let copy = folder.join("before-migration-0");
    assert_eq!(told(&copy, &keys, "SELECT what FROM users"), ["mine"]);
    // Once nothing is in the way the steps run, and the trail tells of the copy.
    old_database(&folder, &keys, "CREATE TABLE other (what TEXT)");
    let _ = signed_in(&program(&folder), EMAIL, PASSWORD);
    assert!(told(&folder, &keys, TABLES).len() > 30);
    assert_eq!(told(&copy, &keys, TABLES), ["other"], "the newer copy took its place");
    let actions = "SELECT details FROM audit_rows WHERE action = 'migration_copy_kept'";
    assert_eq!(told(&folder, &keys, actions), [r#"{"from":0}"#]);
}

#[test]
fn an_opened_photograph_of_a_restored_clinic_is_the_one_that_was_taken() {
    let kept = Kept::new();
    let lesion = kept.world.adds_lesion(kept.patient);
    let image = kept.world.imports(lesion, &melanoma_like_jpeg()).unwrap().image.id;
    kept.backs_up();
    let (_folder, machine) = empty_machine();
    let offer = backup::look(&machine, kept.drive.path()).unwrap();
    backup::restore(&machine, &by_password(&offer.backups[0], PASSWORD), |_| {}).unwrap();
    let session = signed_in(&machine, EMAIL, PASSWORD).unwrap();
    let address = format!("/image/{image}/original").parse().unwrap();
    assert_eq!(*picture::read(&session, &address).unwrap().bytes, melanoma_like_jpeg());
}
