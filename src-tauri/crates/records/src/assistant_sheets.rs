//! Sheets of the assistant's rules that the clinic wrote, every edition of them. A row never changes; the newest of a
//! key counts.

use domain::audit::AuditAction;
use domain::report_text::TemplateState;
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE assistant_sheets (
    key        TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 36),
    version    INTEGER NOT NULL CHECK (version >= 1),
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    state      TEXT NOT NULL CHECK (state IN ('own', 'built_in', 'removed')),
    source     TEXT NOT NULL CHECK (length(source) <= 100000),
    author     TEXT NOT NULL REFERENCES users (id),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (key, version)
) STRICT;
CREATE TRIGGER assistant_sheets_are_not_edited BEFORE UPDATE ON assistant_sheets
    BEGIN SELECT RAISE(ABORT, 'editions of sheets are not edited'); END;
";

/// An edition of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetEdition {
    pub key: String,
    /// From 1; for a sheet of the program from 2, which is its own first edition.
    pub version: u32,
    pub name: String,
    pub state: TemplateState,
    /// Empty unless it is the clinic's own.
    pub source: String,
}

/// Adds an edition.
///
/// # Errors
/// [`RecordsError::Conflict`] when there is one of this version or a later one.
pub fn add(tx: &Writing<'_>, edition: &SheetEdition) -> Result<(), RecordsError> {
    let newest: Option<u32> = tx
        .connection()
        .prepare_cached("SELECT max(version) FROM assistant_sheets WHERE key = ?1")?
        .query_row([&edition.key], |row| row.get(0))?;
    if newest.is_some_and(|newest| newest >= edition.version) {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO assistant_sheets (key, version, name, state, source, author, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            edition.key,
            edition.version,
            edition.name,
            word(&edition.state),
            edition.source,
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    let details = json!({
        "sheet": edition.key, "name": edition.name, "version": edition.version, "state": edition.state,
    });
    audit::record(tx, AuditEntry::new(AuditAction::AssistantRulesChanged).with(details))?;
    Ok(())
}

/// The newest edition of every sheet that the clinic ever changed, also of those it removed; by key.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn newest(tx: &Reading<'_>) -> Result<Vec<SheetEdition>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT key, max(version) AS version, name, state, source FROM assistant_sheets GROUP BY key ORDER BY key",
    )?;
    let found = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SheetEdition> {
    Ok(SheetEdition {
        key: row.text("key")?,
        version: row.get("version")?,
        name: row.text("name")?,
        state: row.word("state")?,
        source: row.text("source")?,
    })
}
