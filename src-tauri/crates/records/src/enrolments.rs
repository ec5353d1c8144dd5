//! Key pairs of those who registered and wait for an administrator, opaque to the records.

use domain::UserId;
use jiff::Timestamp;
use rusqlite::params;
use serde_json::Value;

use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE enrolments (
    user_id      TEXT PRIMARY KEY NOT NULL REFERENCES users (id),
    body         TEXT NOT NULL CHECK (json_valid(body)),
    requested_at INTEGER NOT NULL
) STRICT;
";

/// A registration that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    pub user_id: UserId,
    pub requested_at: Timestamp,
}

/// Part of the write of a registration, which adds the audit row.
///
/// # Errors
/// [`RecordsError::Conflict`] when the user has one already.
pub fn put(tx: &Writing<'_>, user: UserId, body: &Value) -> Result<(), RecordsError> {
    tx.connection().execute(
        "INSERT INTO enrolments (user_id, body, requested_at) VALUES (?1, ?2, ?3)",
        params![id_text(&user), body.to_string(), micros(tx.now())],
    )?;
    Ok(())
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, user: UserId) -> Result<Value, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT body FROM enrolments WHERE user_id = ?1")?;
    Ok(query.query_row([id_text(&user)], |row| row.json("body"))?)
}

/// Part of the write of an approval, which adds the audit row. A missing one is fine.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn remove(tx: &Writing<'_>, user: UserId) -> Result<(), RecordsError> {
    tx.connection().execute("DELETE FROM enrolments WHERE user_id = ?1", [id_text(&user)])?;
    Ok(())
}

/// Oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Reading<'_>) -> Result<Vec<Enrolment>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT user_id, requested_at FROM enrolments ORDER BY requested_at")?;
    let rows = query.query_map([], |row| {
        Ok(Enrolment { user_id: row.parsed("user_id")?, requested_at: row.time("requested_at")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
