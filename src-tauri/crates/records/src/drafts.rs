//! Typed text that a lock interrupted, kept for the same person's return.

use domain::UserId;
use domain::audit::AuditAction;
use rusqlite::params;
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::Writing;

pub(crate) const SCHEMA: &str = "
CREATE TABLE drafts (
    user_id TEXT NOT NULL REFERENCES users (id),
    key     TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 120),
    body    TEXT NOT NULL CHECK (json_valid(body) AND length(body) <= 65536),
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT;
";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub key: String,
    pub body: Value,
}

/// Keeps these drafts in place of any earlier ones of the user.
///
/// # Errors
/// [`RecordsError::Storage`] for a key or body over its limit, [`RecordsError::StorageFull`].
pub fn keep(tx: &Writing<'_>, user: UserId, drafts: &[Draft]) -> Result<(), RecordsError> {
    forget(tx, user)?;
    for draft in drafts {
        tx.connection().execute(
            "INSERT INTO drafts (user_id, key, body, kept_at) VALUES (?1, ?2, ?3, ?4)",
            params![id_text(&user), draft.key, draft.body.to_string(), micros(tx.now())],
        )?;
    }
    let entry = AuditEntry::new(AuditAction::DraftsKept).on(user);
    audit::record(tx, entry.with(json!({ "count": drafts.len() })))?;
    Ok(())
}

/// Gives the user's drafts back and forgets them.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn take(tx: &Writing<'_>, user: UserId) -> Result<Vec<Draft>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT key, body FROM drafts WHERE user_id = ?1 ORDER BY key")?;
    let rows = query
        .query_map([id_text(&user)], |row| Ok(Draft { key: row.text("key")?, body: row.json("body")? }))?;
    let drafts: Vec<Draft> = rows.collect::<Result<_, _>>()?;
    if !drafts.is_empty() {
        forget(tx, user)?;
        let entry = AuditEntry::new(AuditAction::DraftsReturned).on(user);
        audit::record(tx, entry.with(json!({ "count": drafts.len() })))?;
    }
    Ok(drafts)
}

fn forget(tx: &Writing<'_>, user: UserId) -> Result<(), RecordsError> {
    tx.connection().execute("DELETE FROM drafts WHERE user_id = ?1", [id_text(&user)])?;
    Ok(())
}
