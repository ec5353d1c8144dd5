//! Settings of the clinic: a word and a JSON value each. What a value means is the caller's business.

use domain::audit::AuditAction;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, json as text_of, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE settings (
    key        TEXT PRIMARY KEY NOT NULL CHECK (length(key) BETWEEN 1 AND 80),
    value      TEXT NOT NULL CHECK (json_valid(value)),
    changed_at INTEGER NOT NULL
) STRICT;
";

/// Whether the audit row shows the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Old and new value.
    Value,
    /// Only that it changed, for what holds a password.
    Name,
}

/// # Errors
/// [`RecordsError::Damaged`] when the value is not of this type.
pub fn get<T: DeserializeOwned>(tx: &Reading<'_>, key: &str) -> Result<Option<T>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(query.query_row([key], |row| row.json("value")).optional()?)
}

/// Remembers something of the program's own; part of a write that adds its audit row.
pub(crate) fn note<T: Serialize>(tx: &Writing<'_>, key: &str, value: &T) -> Result<(), RecordsError> {
    put(tx, key, &text_of(value))
}

/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn set<T: Serialize>(tx: &Writing<'_>, key: &str, value: &T, shown: Shown) -> Result<(), RecordsError> {
    let old: Option<Value> = get(tx, key)?;
    let new = text_of(value);
    put(tx, key, &new)?;
    let details = match shown {
        Shown::Value => {
            let new: Value = serde_json::from_str(&new).unwrap_or_default();
            json!({ "setting": key, "changed": { "value": [old, new] } })
        }
        Shown::Name => json!({ "setting": key }),
    };
    audit::record(tx, AuditEntry::new(AuditAction::SettingChanged).with(details))?;
    Ok(())
}

fn put(tx: &Writing<'_>, key: &str, value: &str) -> Result<(), RecordsError> {
    tx.connection().execute(
        "INSERT INTO settings (key, value, changed_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        params![key, value, micros(tx.now())],
    )?;
    Ok(())
}
