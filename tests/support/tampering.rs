//! Somebody with the database key who edits the audit trail behind the program's back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::audit::AuditAction;
use domain::{Actor, PatientId, Role, SystemClock, UserId};
use records::audit::{self, AuditEntry};
use records::{Connection, Store};
use vault::Secret;

const ROWS: u64 = 120;
const DATABASE: &str = "clinic.db";

/// How many of so many edits, deletions, swaps and cut tails the chain does not notice. An untouched
/// trail that is called altered counts as well.
#[must_use]
pub fn not_found(tamperings: usize) -> usize {
    let original = tempfile::tempdir().expect("a temporary folder");
    write_trail(original.path());
    let mut missed = usize::from(!is_intact(original.path()));
    let mut random = Random(0x1e47_1601);
    for round in 0..tamperings {
        let copy = tempfile::tempdir().expect("a temporary folder");
        for entry in fs::read_dir(original.path()).expect("a folder").flatten() {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
        }
        tamper(copy.path(), round, &mut random);
        missed += usize::from(is_intact(copy.path()));
    }
    missed
}

fn keys() -> (Secret, Secret) {
    (Secret::from_bytes(&[1; 32]), Secret::from_bytes(&[2; 32]))
}

fn write_trail(folder: &Path) {
    let (database, audit_key) = keys();
    let connection = vault::create_database_at(&folder.join(DATABASE), &database).expect("a database");
    let store = Store::open(connection, audit_key, Arc::new(SystemClock)).expect("a store");
    let actor = Actor { user: UserId::fresh(), role: Role::Clinician };
    for round in 0..ROWS {
        let entry = AuditEntry::new(AuditAction::PatientRead).on(PatientId::fresh());
        let entry = entry.with(serde_json::json!({ "round": round }));
        store.write(&actor, |tx| audit::record(tx, entry)).expect("a row");
    }
}

fn open(folder: &Path) -> Connection {
    vault::open_database_at(&folder.join(DATABASE), &keys().0).expect("the database opens")
}

fn is_intact(folder: &Path) -> bool {
    let store = Store::open(open(folder), keys().1, Arc::new(SystemClock)).expect("a store");
    store.verify_chain().is_ok_and(|report| report.problems.is_empty())
}

fn tamper(folder: &Path, round: usize, random: &mut Random) {
    let connection = open(folder);
    let row = 1 + random.below(ROWS);
    let other = 1 + (row + random.below(ROWS - 1)) % ROWS;
    let column = ["at", "actor", "role", "action", "subject_id", "details", "previous", "hash"]
        [usize::try_from(random.below(8)).unwrap_or(0)];
    let edit = match round % 5 {
        0 => edit_of(column, row),
        1 => format!("DELETE FROM audit_rows WHERE seq = {row};"),
        2 => format!(
            "UPDATE audit_rows SET seq = -1 WHERE seq = {row}; UPDATE audit_rows SET seq = {row} WHERE seq = {other};
             UPDATE audit_rows SET seq = {other} WHERE seq = -1;"
        ),
        3 => format!("DELETE FROM audit_rows WHERE seq >= {row};"),
        _ => format!(
            "INSERT INTO audit_rows SELECT {ROWS} + 1, lower(hex(randomblob(18))), at, actor, role, action, subject_kind,
             subject_id, patient_id, details, previous, hash FROM audit_rows WHERE seq = {row};"
        ),
    };
    connection
        .execute_batch(&format!(
            "DROP TRIGGER IF EXISTS audit_rows_never_change; DROP TRIGGER IF EXISTS audit_rows_never_go; {edit}"
        ))
        .expect("the tampering itself works");
}

fn edit_of(column: &str, row: u64) -> String {
    let value = match column {
        "at" => "at + 1",
        "role" => "'auditor'",
        "action" => "'patient_changed'",
        "details" => "'{}'",
        "previous" | "hash" => "randomblob(32)",
        _ => "lower(hex(randomblob(18)))",
    };
    format!("UPDATE audit_rows SET {column} = {value} WHERE seq = {row};")
}

/// xorshift64: the same tamperings in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
