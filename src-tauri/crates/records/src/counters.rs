//! Printed numbers: sequential, never reused.

use rusqlite::OptionalExtension;

use crate::error::RecordsError;
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE counters (
    name  TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL CHECK (value > 0)
) STRICT;
";

/// The number last taken from a series; 0 before the first.
pub(crate) fn last(tx: &Reading<'_>, name: &str) -> Result<u64, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT value FROM counters WHERE name = ?1")?;
    Ok(query.query_row([name], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// The next number of a series, from 1. It belongs to the running transaction: when that is undone,
/// so is the number, and when it is kept, the number is gone for good.
pub(crate) fn next(tx: &Writing<'_>, name: &str) -> Result<u64, RecordsError> {
    let value = tx
        .connection()
        .prepare_cached(
            "INSERT INTO counters (name, value) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        )?
        .query_row([name], |row| row.get(0))?;
    Ok(value)
}
