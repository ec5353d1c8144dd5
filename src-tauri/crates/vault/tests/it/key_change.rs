//! New keys: the clinic is either the old one or the new one, wherever the program stops.

use std::fs;
use std::path::Path;

use domain::{Role, UserId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use vault::{KeyChange, Unlocked, Vault, VaultError, create_database, layout, open_database};

use crate::support::{LOGIN, PASSWORD, QUICK, alter, clinic, colleague, refused, same_keys, unlock};

const DOC: &str = "doc@c.example";
const DESK: &str = "desk@c.example";

struct World {
    folder: tempfile::TempDir,
    admin: Unlocked,
    sheet: String,
}

impl World {
    fn new() -> Self {
        let (folder, admin, sheet) = clinic();
        colleague(folder.path(), &admin, DOC, Role::Clinician);
        colleague(folder.path(), &admin, DESK, Role::FrontDesk);
        let db = create_database(folder.path(), &admin).unwrap();
        db.execute_batch(
            "CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT;
             CREATE TABLE notes (person INTEGER NOT NULL REFERENCES people (id), text TEXT) STRICT;
             CREATE INDEX by_name ON people (name);
             CREATE VIRTUAL TABLE search USING fts5 (name, tokenize = 'trigram');
             CREATE TRIGGER found AFTER INSERT ON people BEGIN
                 INSERT INTO search (rowid, name) VALUES (new.id, new.name);
             END;
             CREATE VIEW names AS SELECT name FROM people;
             PRAGMA user_version = 17;
             PRAGMA application_id = 1279611975;",
        )
        .unwrap();
        for i in 0..300 {
            db.execute("INSERT INTO people (name) VALUES (?1)", [format!("Okonkwo-{i}")]).unwrap();
        }
        db.execute("DELETE FROM people WHERE id = 300", []).unwrap();
        drop(db);
        Self { folder, admin, sheet }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn database(&self, keys: &Unlocked) -> Connection {
        open_database(self.path(), keys).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name.starts_with("clinic"));
        names.sort();
        names
    }

    /// Everybody comes in with their passwords, to the keys given and no others.
    fn is_whole_with(&self, keys: &Unlocked) {
        for (login, photographs) in [(LOGIN, true), (DOC, true), (DESK, false)] {
            let unlocked = unlock(self.path(), login, PASSWORD).unwrap();
            assert_eq!(unlocked.epoch, keys.epoch);
            assert_eq!(unlocked.database_key.expose(), keys.database_key.expose());
            assert_eq!(unlocked.clinical_key.is_some(), photographs);
            let db = self.database(&unlocked);
            let count: i64 = db.query_row("SELECT count(*) FROM people", [], |row| row.get(0)).unwrap();
            assert_eq!(count, 299);
        }
        let name = layout::database(keys.epoch);
        assert_eq!(self.files(), [name], "no leftovers after opening");
    }
}

#[test]
fn everybody_comes_in_to_new_keys_with_what_they_had() {
    let w = World::new();
    let path = w.path();
    let doc = unlock(path, DOC, PASSWORD).unwrap();
    let codes = Vault::issue_codes(path, &doc).unwrap();
    let invited = UserId::fresh();
    let ends = Timestamp::now() + SignedDuration::from_hours(1);
    let activation =
        Vault::issue_activation(path, &w.admin, invited, "new@c.example", Role::Auditor, ends).unwrap();
    let reset = Vault::open_reset(path, &w.admin, doc.user_id).unwrap();

    let old = w.database(&w.admin);
    let change = KeyChange::begin(path, &w.admin).unwrap();
    let keys = change.keys().duplicate();
    assert_ne!(keys.database_key.expose(), w.admin.database_key.expose());
    assert_eq!(keys.audit_key.expose(), w.admin.audit_key.expose());
    let new = change.copy_database(&old).unwrap();
    new.execute("INSERT INTO notes VALUES (1, 'written by the change itself')", []).unwrap();
    drop(new);
    let sheet = change.commit().unwrap();
    drop(old);

    w.is_whole_with(&keys);
    let again = unlock(path, LOGIN, PASSWORD).unwrap();
    assert!(same_keys(&keys, &again) && again.epoch == 2);
    assert!(same_keys(&keys, &Vault::unlock_with_recovery(path, sheet.code()).unwrap()));
    let old_sheet = Vault::unlock_with_recovery(path, &w.sheet);
    assert_eq!(old_sheet.unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(Vault::unlock_with_code(path, DOC, codes[0].text()).unwrap().epoch, 2);
    let answer = Vault::activate(path, "new@c.example", activation.text(), "pw", QUICK, Timestamp::now());
    assert_eq!(answer.unwrap_err(), VaultError::InvalidCredentials);
    assert_eq!(Vault::has_slot(path, invited), Ok(false));
    let answer = Vault::reset_password(path, doc.user_id, &reset, "pw", QUICK);
    assert_eq!(answer, Err(VaultError::InvalidCredentials));
    // Keys from before are of no use: not to change anything, not to open anything.
    assert_eq!(Vault::issue_codes(path, &w.admin).unwrap_err(), VaultError::StaleEpoch);
    assert_eq!(open_database(path, &w.admin).unwrap_err(), VaultError::FileMissing);
    fs::rename(path.join("clinic-2.db"), path.join("clinic.db")).unwrap();
    assert_eq!(open_database(path, &w.admin).unwrap_err(), VaultError::WrongKey);
    fs::rename(path.join("clinic.db"), path.join("clinic-2.db")).unwrap();

    // And once more, from the second epoch to the third.
    let old = w.database(&again);
    let change = KeyChange::begin(path, &again).unwrap();
    drop(change.copy_database(&old).unwrap());
    let third = change.keys().duplicate();
    change.commit().unwrap();
    drop(old);
    assert_eq!(third.epoch, 3);
    w.is_whole_with(&third);
}

#[test]
fn the_copy_is_the_whole_database() {
    let w = World::new();
    let old = w.database(&w.admin);
    let change = KeyChange::begin(w.path(), &w.admin).unwrap();
    let new = change.copy_database(&old).unwrap();
    let all = |db: &Connection, sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.map(|row| row.unwrap().unwrap_or_default()).collect()
    };
    for sql in [
        "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY name",
        "SELECT id || name FROM people ORDER BY id",
        "SELECT name || seq FROM sqlite_sequence",
        "SELECT rowid || name FROM search WHERE search MATCH 'onkwo' ORDER BY rowid",
    ] {
        let rows = all(&old, sql);
        assert!(!rows.is_empty());
        assert_eq!(rows, all(&new, sql), "{sql}");
    }
    for pragma in ["user_version", "application_id"] {
        let value = |db: &Connection| -> i64 {
            db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!(value(&old), value(&new));
        assert_ne!(value(&new), 0);
    }
    new.execute("INSERT INTO people (name) VALUES ('Adichie')", []).unwrap();
    assert_eq!(all(&new, "SELECT rowid || '' FROM search WHERE search MATCH 'dichi'"), ["301"]);
    let bytes = fs::read(w.path().join("clinic-2.db")).unwrap();
    assert!(!bytes.windows(7).any(|w| w == b"Okonkwo" || w == b"SQLite "));
    assert_eq!(change.copy_database(&old).unwrap_err(), VaultError::ClinicExists);
    // The old connection is usable as before, and only one change runs at a time.
    old.execute("INSERT INTO notes VALUES (1, 'still here')", []).unwrap();
    assert_eq!(KeyChange::begin(w.path(), &w.admin).unwrap_err(), VaultError::KeyChangeRunning);
    drop(w.database(&w.admin));
    assert!(w.path().join("clinic-2.db").exists(), "opening the clinic meanwhile removes nothing");
}

#[test]
fn wherever_it_stops_one_clinic_is_whole() {
    // Nothing but the new keys in memory.
    let w = World::new();
    drop(KeyChange::begin(w.path(), &w.admin).unwrap());
    w.is_whole_with(&w.admin);

    // A database half written.
    fs::write(w.path().join("clinic-2.db"), [7; 5000]).unwrap();
    fs::write(w.path().join("clinic-2.db-wal"), [7; 500]).unwrap();
    w.is_whole_with(&w.admin);

    // A database wholly written, the slots not.
    let old = w.database(&w.admin);
    let change = KeyChange::begin(w.path(), &w.admin).unwrap();
    drop(change.copy_database(&old).unwrap());
    drop((change, old));
    assert!(w.path().join("clinic-2.db").exists());
    w.is_whole_with(&w.admin);

    // A leftover does not stand in the way of the next try.
    fs::write(w.path().join("clinic-2.db"), [7; 5000]).unwrap();
    let old = w.database(&w.admin);
    let before = [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY].map(|n| fs::read(w.path().join(n)).unwrap());
    let database = fs::read(w.path().join(layout::DATABASE)).unwrap();
    let change = KeyChange::begin(w.path(), &w.admin).unwrap();
    drop(change.copy_database(&old).unwrap());
    let keys = change.keys().duplicate();
    change.commit().unwrap();
    drop(old);

    // The slots written, their copy not, the old database still there: the file is what counts.
    fs::write(w.path().join(layout::KEY_SLOTS_COPY), &before[1]).unwrap();
    fs::write(w.path().join(layout::DATABASE), &database).unwrap();
    w.is_whole_with(&keys);
    assert_ne!(fs::read(w.path().join(layout::KEY_SLOTS_COPY)).unwrap(), before[1]);

    // Both written, the old database half removed.
    fs::write(w.path().join(layout::DATABASE), &database[..4096]).unwrap();
    fs::write(w.path().join("clinic.db-wal"), b"").unwrap();
    w.is_whole_with(&keys);
}

#[test]
fn a_commit_without_a_database_or_by_the_wrong_person_changes_nothing() {
    let w = World::new();
    let change = KeyChange::begin(w.path(), &w.admin).unwrap();
    assert_eq!(change.commit().unwrap_err(), VaultError::FileMissing);
    w.is_whole_with(&w.admin);
    let desk = unlock(w.path(), DESK, PASSWORD).unwrap();
    assert_eq!(KeyChange::begin(w.path(), &desk).unwrap_err(), VaultError::KeyNotHeld);
}

#[test]
fn a_public_key_swapped_between_copy_and_commit_gets_nothing() {
    let w = World::new();
    let (elsewhere, ..) = clinic();
    let foreign = crate::support::content(elsewhere.path())["slots"][0]["public"].clone();
    let old = w.database(&w.admin);
    let change = KeyChange::begin(w.path(), &w.admin).unwrap();
    drop(change.copy_database(&old).unwrap());
    let good = crate::support::content(w.path());
    alter(w.path(), |content| content["slots"][2]["public"] = foreign);
    assert_eq!(change.commit().unwrap_err(), VaultError::SlotAltered);
    crate::support::put_content(w.path(), &good);
    drop(old);
    w.is_whole_with(&w.admin);
}

#[test]
fn a_slot_taken_away_before_stays_away() {
    let w = World::new();
    let doc = unlock(w.path(), DOC, PASSWORD).unwrap();
    Vault::remove_slot(w.path(), &w.admin, doc.user_id).unwrap();
    let old = w.database(&w.admin);
    let change = KeyChange::begin(w.path(), &w.admin).unwrap();
    drop(change.copy_database(&old).unwrap());
    change.commit().unwrap();
    assert_eq!(refused(w.path(), DOC, PASSWORD), VaultError::InvalidCredentials);
    assert_eq!(open_database(w.path(), &doc).unwrap_err(), VaultError::FileMissing);
}
