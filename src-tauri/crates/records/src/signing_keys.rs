//! The keys that the clinic's reports are signed with. The public halves are known to everybody who opens the
//! records; the private ones are sealed files that open with the key to photographs.

use domain::audit::AuditAction;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE signing_keys (
    id      TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    public  BLOB NOT NULL UNIQUE CHECK (length(public) = 32),
    file_id TEXT NOT NULL UNIQUE REFERENCES sealed_files (id),
    made_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER signing_keys_are_not_edited BEFORE UPDATE ON signing_keys
    BEGIN SELECT RAISE(ABORT, 'signing keys are not edited'); END;
";

/// The purpose word a private key is sealed with.
pub const PURPOSE: &str = "signing key";

/// A key by its public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeyRecord {
    /// First eight bytes of the SHA-256 of the public key, in hex.
    pub id: String,
    pub public: [u8; 32],
    pub made_at: Timestamp,
    /// When the next key took its place; nothing for the one that signs.
    pub retired_at: Option<Timestamp>,
}

impl SigningKeyRecord {
    /// Whether it signed at this moment.
    #[must_use]
    pub fn signed_at(&self, at: Timestamp) -> bool {
        self.retired_at.is_none_or(|retired| at < retired)
    }
}

/// Keeps a new key, which signs from now on.
///
/// # Errors
/// [`RecordsError::Conflict`] for one that is known.
pub fn add(tx: &Writing<'_>, key: &SigningKeyRecord, private: &SealedFile) -> Result<(), RecordsError> {
    files::insert(tx, private)?;
    tx.connection().execute(
        "INSERT INTO signing_keys (id, public, file_id, made_at) VALUES (?1, ?2, ?3, ?4)",
        params![key.id, key.public, id_text(&private.id), micros(key.made_at)],
    )?;
    audit::record(tx, AuditEntry::new(AuditAction::SigningKeyMade).with(json!({ "key": key.id })))?;
    Ok(())
}

/// Every key there ever was, the newest first; that one signs.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn all(tx: &Reading<'_>) -> Result<Vec<SigningKeyRecord>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT *, lag(made_at) OVER (ORDER BY made_at DESC, rowid DESC) AS retired_at FROM signing_keys
         ORDER BY made_at DESC, rowid DESC",
    )?;
    Ok(query.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The key that signs, with its private half; nothing before the first signature.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn current(tx: &Reading<'_>) -> Result<Option<(SigningKeyRecord, SealedFile)>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT signing_keys.*, NULL AS retired_at, version, wrapped_key FROM signing_keys
         JOIN sealed_files ON sealed_files.id = file_id
         ORDER BY made_at DESC, signing_keys.rowid DESC LIMIT 1",
    )?;
    Ok(query.query_row([], |row| Ok((from_row(row)?, files::from_row(row)?))).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SigningKeyRecord> {
    Ok(SigningKeyRecord {
        id: row.text("id")?,
        public: row.get("public")?,
        made_at: row.time("made_at")?,
        retired_at: row.time_or_none("retired_at")?,
    })
}
