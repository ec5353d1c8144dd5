//! Those who work at the clinic. Passwords and keys are not here: they are in the key slots.

use domain::audit::AuditAction;
use domain::user::{User, UserDetails, UserState};
use domain::{Role, UserId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE users (
    id             TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    full_name      TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 100),
    email          TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    email_key      TEXT NOT NULL UNIQUE,
    licence_number TEXT CHECK (length(licence_number) <= 40),
    role           TEXT NOT NULL CHECK (role IN ('administrator', 'clinician', 'front_desk', 'auditor')),
    state          TEXT NOT NULL CHECK (state IN ('active', 'unverified', 'locked', 'deleted')),
    created_at     INTEGER NOT NULL
) STRICT;
";

/// # Errors
/// [`RecordsError::Conflict`] for an identity or e-mail address already used.
pub fn add(
    tx: &Writing<'_>,
    id: UserId,
    details: &UserDetails,
    role: Role,
    state: UserState,
) -> Result<User, RecordsError> {
    tx.connection().execute(
        "INSERT INTO users (id, full_name, email, email_key, licence_number, role, state, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id_text(&id),
            details.full_name,
            details.email,
            email_key(&details.email),
            details.licence_number,
            role.code(),
            word(&state),
            micros(tx.now()),
        ],
    )?;
    let entry = AuditEntry::new(AuditAction::UserAdded).on(id);
    audit::record(tx, entry.with(json!({ "role": role, "state": state })))?;
    Ok(User { id, details: details.clone(), role, state, created_at: tx.now() })
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: UserId) -> Result<User, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM users WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The user of a sign-in name, without regard to case.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn by_email(tx: &Reading<'_>, email: &str) -> Result<User, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM users WHERE email_key = ?1")?;
    Ok(query.query_row([email_key(email)], from_row)?)
}

/// Everybody, also the deleted, by name.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn all(tx: &Reading<'_>) -> Result<Vec<User>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM users ORDER BY full_name, id")?;
    let users = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(users)
}

/// Changes details, role or state to those of `user`; the audit row names the fields that differ.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] for an e-mail address already used.
pub fn change(tx: &Writing<'_>, user: &User) -> Result<User, RecordsError> {
    let old = get(tx, user.id)?;
    tx.connection().execute(
        "UPDATE users SET full_name = ?2, email = ?3, email_key = ?4, licence_number = ?5, role = ?6, state = ?7
         WHERE id = ?1",
        params![
            id_text(&user.id),
            user.details.full_name,
            user.details.email,
            email_key(&user.details.email),
            user.details.licence_number,
            user.role.code(),
            word(&user.state),
        ],
    )?;
    let fields: Vec<_> = [
        ("full_name", old.details.full_name != user.details.full_name),
        ("email", old.details.email != user.details.email),
        ("licence_number", old.details.licence_number != user.details.licence_number),
        ("role", old.role != user.role),
        ("state", old.state != user.state),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    let details = json!({
        "fields": fields,
        "role": [old.role, user.role],
        "state": [old.state, user.state],
    });
    audit::record(tx, AuditEntry::new(AuditAction::UserChanged).on(user.id).with(details))?;
    get(tx, user.id)
}

fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.parsed("id")?,
        details: UserDetails {
            full_name: row.text("full_name")?,
            email: row.text("email")?,
            licence_number: row.get("licence_number")?,
        },
        role: row.word("role")?,
        state: row.word("state")?,
        created_at: row.time("created_at")?,
    })
}
