//! Articles of the library that the clinic wrote or changed, every edition of them, and the index by which all
//! articles are found. A row never changes; the newest of an article and language counts.

mod marking;
mod search;

use domain::UserId;
use domain::article::{ArticleContent, ArticleState};
use domain::audit::AuditAction;
use domain::report_text::TextLanguage;
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

pub use marking::{Term, extract, marked};
pub use search::{Found, Hit, enter, find, in_step, index_all, withdraw};

// What is in the search table is folded already; see the one of the patients.
pub(crate) const SCHEMA: &str = "
CREATE TABLE article_editions (
    slug       TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 40),
    language   TEXT NOT NULL CHECK (language IN ('en', 'de', 'es')),
    version    INTEGER NOT NULL CHECK (version >= 1),
    state      TEXT NOT NULL CHECK (state IN ('built_in', 'own', 'hidden')),
    content    TEXT NOT NULL CHECK (json_valid(content)),
    basis      TEXT NOT NULL CHECK (length(basis) <= 64),
    author     TEXT REFERENCES users (id),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (slug, language, version)
) STRICT;
CREATE TRIGGER article_editions_are_not_edited BEFORE UPDATE ON article_editions
    BEGIN SELECT RAISE(ABORT, 'editions of articles are not edited'); END;
CREATE TRIGGER article_editions_stay BEFORE DELETE ON article_editions
    BEGIN SELECT RAISE(ABORT, 'editions of articles stay'); END;
CREATE TABLE article_index (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    stamp    TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE article_search USING fts5 (
    slug UNINDEXED, language UNINDEXED, title, names, body, prefix = '2 3', tokenize = 'ascii'
);
";

/// An edition of an article in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleEdition {
    pub slug: String,
    pub language: TextLanguage,
    /// From 1.
    pub version: u32,
    pub state: ArticleState,
    pub content: ArticleContent,
    /// Digest of the program's text that the author knew of; empty where there is none.
    pub basis: String,
    /// Nobody for the program's own text.
    pub author: Option<UserId>,
    /// When it was kept.
    pub changed_at: Timestamp,
}

/// Adds an edition in the name of whoever acts, or in nobody's where the text is the program's.
///
/// # Errors
/// [`RecordsError::Conflict`] when there is one of this version or a later one.
pub fn add(tx: &Writing<'_>, edition: &ArticleEdition) -> Result<(), RecordsError> {
    let newest: Option<u32> = tx
        .connection()
        .prepare_cached("SELECT max(version) FROM article_editions WHERE slug = ?1 AND language = ?2")?
        .query_row([&edition.slug, edition.language.code()], |row| row.get(0))?;
    if newest.is_some_and(|newest| newest >= edition.version) {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO article_editions (slug, language, version, state, content, basis, author, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            edition.slug,
            edition.language.code(),
            edition.version,
            word(&edition.state),
            text_of(&edition.content),
            edition.basis,
            edition.author.as_ref().map(id_text),
            micros(edition.changed_at),
        ])?;
    let details = json!({
        "article": edition.slug, "language": edition.language, "title": edition.content.title,
        "version": edition.version, "state": edition.state,
    });
    audit::record(tx, AuditEntry::new(AuditAction::ArticleChanged).with(details))?;
    Ok(())
}

const SELECT: &str =
    "SELECT slug, language, version, state, content, basis, author, changed_at FROM article_editions";

/// The newest edition of every article that the clinic ever changed, by name and language.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn newest(tx: &Reading<'_>) -> Result<Vec<ArticleEdition>, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!(
        "{SELECT} AS outside WHERE version = (SELECT max(version) FROM article_editions
             WHERE slug = outside.slug AND language = outside.language) ORDER BY slug, language"
    ))?;
    let found = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Every edition of an article in a language, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn editions(
    tx: &Reading<'_>,
    slug: &str,
    language: TextLanguage,
) -> Result<Vec<ArticleEdition>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached(&format!("{SELECT} WHERE slug = ?1 AND language = ?2 ORDER BY version DESC"))?;
    let found = query.query_map([slug, language.code()], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ArticleEdition> {
    Ok(ArticleEdition {
        slug: row.text("slug")?,
        language: row.word("language")?,
        version: row.get("version")?,
        state: row.word("state")?,
        content: row.json("content")?,
        basis: row.text("basis")?,
        author: row.parsed_or_none("author")?,
        changed_at: row.time("changed_at")?,
    })
}
