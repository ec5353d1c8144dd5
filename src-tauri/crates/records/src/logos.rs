//! Logos of the letterhead, each kept under its own hash, so that a report goes on printing the one it was written
//! with.

use rusqlite::params;

use crate::error::RecordsError;
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE logos (
    sha256  TEXT PRIMARY KEY NOT NULL CHECK (length(sha256) = 64),
    picture BLOB NOT NULL CHECK (length(picture) BETWEEN 1 AND 1048576)
) STRICT;
";

/// Keeps a logo; one that is known already stays. What it is used for is written, and told in the trail, by the
/// setting that names it.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn keep(tx: &Writing<'_>, sha256: &str, picture: &[u8]) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached("INSERT OR IGNORE INTO logos (sha256, picture) VALUES (?1, ?2)")?
        .execute(params![sha256, picture])?;
    Ok(())
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, sha256: &str) -> Result<Vec<u8>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT picture FROM logos WHERE sha256 = ?1")?;
    Ok(query.query_row([sha256], |row| row.get(0))?)
}
