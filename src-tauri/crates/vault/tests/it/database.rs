use std::fs;
use std::path::Path;

use domain::{Role, UserId};
use vault::{Secret, Unlocked, VaultError, create_database, layout, open_database};

const NAME: &str = "Okonkwo-Zimmermann";

fn key() -> Unlocked {
    with_key(9, 1)
}

fn with_key(byte: u8, epoch: u32) -> Unlocked {
    Unlocked {
        database_key: Secret::from_bytes(&[byte; 32]),
        audit_key: Secret::from_bytes(&[1; 32]),
        clinical_key: None,
        identity: None,
        user_id: UserId::fresh(),
        role: Role::FrontDesk,
        epoch,
    }
}

/// A database with a table of 400 rows that all hold the name.
fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let db = create_database(folder.path(), &key()).unwrap();
    db.execute_batch("CREATE TABLE people (name TEXT NOT NULL) STRICT;").unwrap();
    for _ in 0..400 {
        db.execute("INSERT INTO people VALUES (?1)", [NAME]).unwrap();
    }
    folder
}

fn holds(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn nothing_readable_reaches_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let db = create_database(folder.path(), &key()).unwrap();
    db.execute_batch("CREATE TABLE people (name TEXT NOT NULL);").unwrap();
    db.execute("INSERT INTO people VALUES (?1)", [NAME]).unwrap();
    // The write-ahead log holds the row now, the database file after the checkpoint.
    assert!(folder.path().join("clinic.db-wal").metadata().unwrap().len() > 0);
    assert!(!holds(folder.path(), NAME.as_bytes()) && !holds(folder.path(), b"SQLite format"));
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    assert!(!holds(folder.path(), NAME.as_bytes()) && !holds(folder.path(), b"SQLite format"));
    assert!(!holds(folder.path(), key().database_key.expose()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.file_name().display());
        }
    }
}

#[test]
fn it_opens_again_as_it_was_set_up() {
    let folder = filled();
    let db = open_database(folder.path(), &key()).unwrap();
    let count: i64 = db.query_row("SELECT count(*) FROM people", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 400);
    let text = |pragma: &str| -> String {
        db.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            row.get::<_, rusqlite::types::Value>(0).map(|value| match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
        })
        .unwrap()
    };
    for (pragma, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("trusted_schema", "0"),
        ("temp_store", "2"),
        ("cache_size", "-131072"),
        ("cipher_memory_security", "0"),
    ] {
        assert_eq!(text(pragma), value, "{pragma}");
    }
    assert!(text("cipher_version").starts_with("4."));
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let faults: i64 =
        db.prepare("PRAGMA cipher_integrity_check").unwrap().query_map([], |_| Ok(())).unwrap().count()
            as i64;
    assert_eq!(faults, 0);
}

#[test]
fn a_wrong_key_is_told_from_damage() {
    let folder = filled();
    let wrong = open_database(folder.path(), &with_key(8, 1));
    assert_eq!(wrong.unwrap_err(), VaultError::WrongKey);
    open_database(folder.path(), &key()).unwrap();

    let path = folder.path().join(layout::DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    bytes[200] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(open_database(folder.path(), &key()).unwrap_err(), VaultError::Damaged);
}

#[test]
fn damage_deeper_inside_shows_when_it_is_read() {
    let folder = filled();
    let path = folder.path().join(layout::DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 2000;
    bytes[last] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let db = open_database(folder.path(), &key()).unwrap();
    let read = db.query_row("SELECT count(name) FROM people WHERE name > ''", [], |_| Ok(()));
    assert_eq!(VaultError::from(read.unwrap_err()), VaultError::Damaged);
}

#[test]
fn a_truncated_or_foreign_file_is_not_taken_for_an_empty_clinic() {
    let folder = filled();
    let path = folder.path().join(layout::DATABASE);
    let good = fs::read(&path).unwrap();
    for length in [1, 15, 16, 100, 4095] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(open_database(folder.path(), &key()).is_err(), "{length}");
    }
    fs::write(&path, b"SQLite format 3\0 and then something else entirely, long enough for a header....")
        .unwrap();
    assert!(open_database(folder.path(), &key()).is_err());
    fs::write(&path, b"").unwrap();
    assert_eq!(open_database(folder.path(), &key()).unwrap_err(), VaultError::Damaged);
}

#[test]
fn a_missing_database_is_not_made_by_opening_it() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(open_database(folder.path(), &key()).unwrap_err(), VaultError::FileMissing);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    drop(create_database(folder.path(), &key()).unwrap());
    assert_eq!(create_database(folder.path(), &key()).unwrap_err(), VaultError::ClinicExists);
}

#[test]
fn every_epoch_has_its_own_file_and_opening_one_removes_the_others() {
    let folder = filled();
    drop(create_database(folder.path(), &with_key(7, 2)).unwrap());
    assert_eq!(layout::database(2), "clinic-2.db");
    for name in ["clinic-x.db", "clinic-02.db", "my clinic.db"] {
        fs::write(folder.path().join(name), b"someone's own").unwrap();
    }
    let wrong = open_database(folder.path(), &with_key(8, 2));
    assert_eq!(wrong.unwrap_err(), VaultError::WrongKey);
    assert!(folder.path().join(layout::DATABASE).exists(), "a refused key removes nothing");
    drop(open_database(folder.path(), &key()).unwrap());
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["clinic-02.db", "clinic-x.db", "clinic.db", "my clinic.db"]);
}
