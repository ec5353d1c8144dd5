//! Secrets of one-time passwords, and the last step that was accepted of each.

use std::collections::HashSet;

use domain::UserId;
use domain::audit::AuditAction;
use rusqlite::{OptionalExtension, params};
use serde_json::json;
use zeroize::Zeroizing;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE second_factors (
    user_id      TEXT PRIMARY KEY NOT NULL REFERENCES users (id),
    secret       BLOB CHECK (length(secret) >= 20),
    last_step    INTEGER NOT NULL DEFAULT 0,
    confirmed_at INTEGER,
    proposed     BLOB CHECK (length(proposed) >= 20),
    CHECK ((secret IS NULL) = (confirmed_at IS NULL))
) STRICT;
";

/// Keeps a proposed secret beside the one in force, which goes on counting until the new one is confirmed.
///
/// # Errors
/// [`RecordsError::Storage`] for fewer than 20 bytes.
pub fn propose(tx: &Writing<'_>, user: UserId, secret: &[u8]) -> Result<(), RecordsError> {
    tx.connection().execute(
        "INSERT INTO second_factors (user_id, proposed) VALUES (?1, ?2)
         ON CONFLICT (user_id) DO UPDATE SET proposed = excluded.proposed",
        params![id_text(&user), secret],
    )?;
    audit::record(tx, AuditEntry::new(AuditAction::SecondFactorProposed).on(user))?;
    Ok(())
}

/// The secret that waits for its first code.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn proposed(tx: &Reading<'_>, user: UserId) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
    secret_in(tx, "SELECT proposed FROM second_factors WHERE user_id = ?1", user)
}

/// The secret in force.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn get(tx: &Reading<'_>, user: UserId) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
    secret_in(tx, "SELECT secret FROM second_factors WHERE user_id = ?1", user)
}

fn secret_in(
    tx: &Reading<'_>,
    query: &str,
    user: UserId,
) -> Result<Option<Zeroizing<Vec<u8>>>, RecordsError> {
    let mut query = tx.connection().prepare_cached(query)?;
    let secret: Option<Option<Vec<u8>>> = query.query_row([id_text(&user)], |row| row.get(0)).optional()?;
    Ok(secret.flatten().map(Zeroizing::new))
}

/// Puts the proposed secret in force; the step of the code that confirmed it is used up.
///
/// # Errors
/// [`RecordsError::NotFound`] without a proposal.
pub fn confirm(tx: &Writing<'_>, user: UserId, step: u64) -> Result<(), RecordsError> {
    let changed = tx.connection().execute(
        "UPDATE second_factors SET secret = proposed, proposed = NULL, last_step = ?2, confirmed_at = ?3
         WHERE user_id = ?1 AND proposed IS NOT NULL",
        params![id_text(&user), step, micros(tx.now())],
    )?;
    if changed == 0 {
        return Err(RecordsError::NotFound);
    }
    audit::record(tx, AuditEntry::new(AuditAction::SecondFactorSet).on(user))?;
    Ok(())
}

/// Uses a step up; false, and nothing changed, for one that is not later than the last.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn use_step(tx: &Writing<'_>, user: UserId, step: u64) -> Result<bool, RecordsError> {
    let changed = tx.connection().execute(
        "UPDATE second_factors SET last_step = ?2 WHERE user_id = ?1 AND secret IS NOT NULL AND last_step < ?2",
        params![id_text(&user), step],
    )?;
    if changed > 0 {
        let entry = AuditEntry::new(AuditAction::SecondFactorUsed).on(user);
        audit::record(tx, entry.with(json!({ "step": step })))?;
    }
    Ok(changed > 0)
}

/// Takes secret and proposal away. A missing one is fine.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn remove(tx: &Writing<'_>, user: UserId) -> Result<(), RecordsError> {
    tx.connection().execute("DELETE FROM second_factors WHERE user_id = ?1", [id_text(&user)])?;
    audit::record(tx, AuditEntry::new(AuditAction::SecondFactorRemoved).on(user))?;
    Ok(())
}

/// Everybody who has one in force.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn holders(tx: &Reading<'_>) -> Result<HashSet<UserId>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT user_id FROM second_factors WHERE secret IS NOT NULL")?;
    let rows = query.query_map([], |row| row.parsed("user_id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
