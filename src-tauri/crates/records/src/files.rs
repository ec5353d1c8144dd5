//! Where the sealed files of the clinic are named: one row a file, for photographs and explanations alike.

use std::collections::HashSet;

use domain::FileId;
use domain::audit::AuditAction;
use rusqlite::{Row, params};
use serde_json::json;
use vault::{VaultError, WrappedKey};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE sealed_files (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    version     INTEGER NOT NULL CHECK (version >= 0),
    wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) = 72)
) STRICT;
";

/// What is needed, with the purpose word of its place, to open a sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    pub id: FileId,
    pub version: u32,
    pub key: WrappedKey,
}

/// Identities of all files that rows name; what is on disk beyond them is an orphan.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn known(tx: &Reading<'_>) -> Result<HashSet<FileId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM sealed_files
         UNION ALL SELECT file_id FROM desk_photo_files WHERE deposited_key IS NOT NULL
         UNION ALL SELECT file_id FROM report_editions",
    )?;
    let files = query.query_map([], |row| row.parsed("id"))?.collect::<Result<_, _>>()?;
    Ok(files)
}

/// Moves every file's key under another key.
///
/// # Errors
/// Whatever `rewrap` returns.
pub fn rewrap_all(
    tx: &Writing<'_>,
    epoch: u32,
    mut rewrap: impl FnMut(&WrappedKey) -> Result<WrappedKey, VaultError>,
) -> Result<(), RecordsError> {
    let mut query =
        tx.connection().prepare("SELECT id AS file_id, version, wrapped_key FROM sealed_files")?;
    let files: Vec<_> = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    for file in &files {
        let key = rewrap(&file.key)?;
        tx.connection()
            .prepare_cached("UPDATE sealed_files SET wrapped_key = ?2 WHERE id = ?1")?
            .execute(params![id_text(&file.id), key.as_bytes()])?;
    }
    let details = json!({ "epoch": epoch, "files": files.len() });
    audit::record(tx, AuditEntry::new(AuditAction::KeysChanged).with(details))?;
    Ok(())
}

/// Part of the write of whatever the file belongs to, which adds the audit row.
pub(crate) fn insert(tx: &Writing<'_>, file: &SealedFile) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached("INSERT INTO sealed_files (id, version, wrapped_key) VALUES (?1, ?2, ?3)")?
        .execute(params![id_text(&file.id), file.version, file.key.as_bytes()])?;
    Ok(())
}

/// Reads the columns `file_id`, `version` and `wrapped_key` of a join.
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<SealedFile> {
    let key: Vec<u8> = row.get("wrapped_key")?;
    Ok(SealedFile {
        id: row.parsed("file_id")?,
        version: row.get("version")?,
        key: WrappedKey::try_from(key.as_slice())
            .map_err(|_| crate::row::unreadable(rusqlite::types::Type::Blob))?,
    })
}
