//! Those who work at the clinic. Passwords and keys are not here: they are in the key slots.

use domain::audit::AuditAction;
use domain::user::{Language, User, UserDetails, UserState};
use domain::{Role, UserId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE users (
    id             TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    full_name      TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 100),
    email          TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    email_key      TEXT NOT NULL UNIQUE,
    phone          TEXT CHECK (length(phone) <= 40),
    date_of_birth  TEXT CHECK (length(date_of_birth) = 10),
    gender         TEXT CHECK (gender IN ('female', 'male', 'other', 'unknown')),
    licence_number TEXT CHECK (length(licence_number) <= 40),
    role           TEXT NOT NULL CHECK (role IN ('administrator', 'clinician', 'front_desk', 'auditor')),
    state          TEXT NOT NULL CHECK (state IN ('active', 'unverified', 'locked', 'deleted')),
    created_at     INTEGER NOT NULL,
    last_sign_in_at INTEGER
) STRICT;
";

/// Whoever has left keeps an address that is shown, and holds it against nobody.
pub(crate) const RELEASED: &str = "UPDATE users SET email_key = 'deleted:' || id WHERE state = 'deleted'";

pub(crate) const LANGUAGE: &str = "
ALTER TABLE users ADD COLUMN language TEXT CHECK (language IN ('en', 'de', 'es'));
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
        "INSERT INTO users (id, full_name, email, email_key, phone, date_of_birth, gender, licence_number, role,
                            state, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            id_text(&id),
            details.full_name,
            details.email,
            email_key(&details.email),
            details.phone,
            details.date_of_birth.map(|born| born.to_string()),
            details.gender.as_ref().map(word),
            details.licence_number,
            role.code(),
            word(&state),
            micros(tx.now()),
        ],
    )?;
    let entry = AuditEntry::new(AuditAction::UserAdded).on(id);
    audit::record(tx, entry.with(json!({ "role": role, "state": state })))?;
    Ok(User {
        id,
        details: details.clone(),
        role,
        state,
        language: None,
        created_at: tx.now(),
        last_sign_in_at: None,
    })
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

/// Changes details and role to those of `user`; the audit row has the old and new value of what differs.
/// State and language have functions of their own: [`change_state`], [`choose_language`].
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] for an e-mail address already used,
/// [`RecordsError::LastAdministrator`].
pub fn change(tx: &Writing<'_>, user: &User) -> Result<User, RecordsError> {
    let old = get(tx, user.id)?;
    tx.connection().execute(
        "UPDATE users SET full_name = ?2, email = ?3, email_key = ?4, phone = ?5, date_of_birth = ?6, gender = ?7,
                          licence_number = ?8, role = ?9
         WHERE id = ?1",
        params![
            id_text(&user.id),
            user.details.full_name,
            user.details.email,
            email_key(&user.details.email),
            user.details.phone,
            user.details.date_of_birth.map(|born| born.to_string()),
            user.details.gender.as_ref().map(word),
            user.details.licence_number,
            user.role.code(),
        ],
    )?;
    keep_an_administrator(tx)?;
    let new = get(tx, user.id)?;
    let details = json!({ "changed": changed(&old, &new) });
    audit::record(tx, AuditEntry::new(AuditAction::UserChanged).on(user.id).with(details))?;
    Ok(new)
}

/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::LastAdministrator`].
pub fn change_state(tx: &Writing<'_>, id: UserId, state: UserState) -> Result<(), RecordsError> {
    let old = get(tx, id)?;
    tx.connection()
        .execute("UPDATE users SET state = ?2 WHERE id = ?1", params![id_text(&id), word(&state)])?;
    tx.connection().execute(&format!("{RELEASED} AND id = ?1"), params![id_text(&id)])?;
    keep_an_administrator(tx)?;
    let details = json!({ "changed": { "state": [old.state, state] } });
    audit::record(tx, AuditEntry::new(AuditAction::UserChanged).on(id).with(details))?;
    Ok(())
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn choose_language(tx: &Writing<'_>, id: UserId, language: Language) -> Result<User, RecordsError> {
    let old = get(tx, id)?;
    tx.connection()
        .execute("UPDATE users SET language = ?2 WHERE id = ?1", params![id_text(&id), word(&language)])?;
    let new = get(tx, id)?;
    let details = json!({ "changed": changed(&old, &new) });
    audit::record(tx, AuditEntry::new(AuditAction::UserChanged).on(id).with(details))?;
    Ok(new)
}

/// Part of the write of a sign-in, which adds the audit row.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn remember_sign_in(tx: &Writing<'_>, id: UserId) -> Result<(), RecordsError> {
    tx.connection().execute(
        "UPDATE users SET last_sign_in_at = ?2 WHERE id = ?1",
        params![id_text(&id), micros(tx.now())],
    )?;
    Ok(())
}

fn keep_an_administrator(tx: &Reading<'_>) -> Result<(), RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT count(*) FROM users WHERE role = 'administrator' AND state = 'active'")?;
    let left: u64 = query.query_row([], |row| row.get(0))?;
    if left == 0 { Err(RecordsError::LastAdministrator) } else { Ok(()) }
}

fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    let date_of_birth = match row.get::<_, Option<String>>("date_of_birth")? {
        Some(_) => Some(row.parsed("date_of_birth")?),
        None => None,
    };
    let gender = match row.get::<_, Option<String>>("gender")? {
        Some(_) => Some(row.word("gender")?),
        None => None,
    };
    Ok(User {
        id: row.parsed("id")?,
        details: UserDetails {
            full_name: row.text("full_name")?,
            email: row.text("email")?,
            phone: row.get("phone")?,
            date_of_birth,
            gender,
            licence_number: row.get("licence_number")?,
        },
        role: row.word("role")?,
        state: row.word("state")?,
        language: row.word_or_none("language")?,
        created_at: row.time("created_at")?,
        last_sign_in_at: row.time_or_none("last_sign_in_at")?,
    })
}
