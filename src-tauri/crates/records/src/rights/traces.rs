//! What an erasure leaves in the database's file: freed pages, copies of moved cells, terms of the search index
//! under a tombstone, and older pages in the log.

use rusqlite::Connection;

use crate::error::RecordsError;

/// Erasures of which the freed pages of the database have not been cleaned yet.
pub(crate) const SCHEMA: &str = "
CREATE TABLE traces_due (
    erased_at INTEGER PRIMARY KEY NOT NULL
) STRICT;
";

/// Writes the index and then the whole database anew. Pages that do not fit into memory go to a file that
/// SQLCipher encrypts with the key of the database.
pub(crate) fn clean_traces(connection: &Connection) -> Result<(), RecordsError> {
    if !connection.prepare("SELECT 1 FROM traces_due")?.exists([])? {
        return Ok(());
    }
    connection.execute_batch(
        "PRAGMA secure_delete = ON;
         INSERT INTO patient_search (patient_search) VALUES ('optimize');
         PRAGMA temp_store = FILE;",
    )?;
    let rewritten = connection.execute_batch("VACUUM");
    connection.execute_batch("PRAGMA temp_store = MEMORY")?;
    rewritten?;
    empty_log(connection)?;
    connection.execute_batch("DELETE FROM traces_due; PRAGMA secure_delete = FAST;")?;
    empty_log(connection)
}

pub(crate) fn empty_log(connection: &Connection) -> Result<(), RecordsError> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(RecordsError::Storage(rusqlite::ffi::SQLITE_BUSY)) } else { Ok(()) }
}
