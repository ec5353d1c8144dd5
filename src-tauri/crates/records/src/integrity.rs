//! Whether the file of the database is whole.

use rusqlite::Connection;

use crate::error::RecordsError;

/// What a look at every page found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    Sound,
    /// Pages whose authentication tag does not fit: altered, torn or of another database.
    Unsealed {
        places: usize,
    },
    /// The seals fit and the structure does not.
    Broken,
}

/// Every page against its tag, then the structure. The log is emptied into the file first: the tags of pages
/// that lie in it are not looked at.
pub(crate) fn check(connection: &Connection) -> Result<Integrity, RecordsError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let places = connection.prepare("PRAGMA cipher_integrity_check")?.query_map([], |_| Ok(()))?.count();
    if places > 0 {
        return Ok(Integrity::Unsealed { places });
    }
    let report: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(if report == "ok" { Integrity::Sound } else { Integrity::Broken })
}
