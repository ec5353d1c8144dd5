//! Which searches and filters are used, where the clinic wants that counted: numbers alone, without what was
//! typed, by whom, or when beyond the first day.

use domain::audit::AuditAction;
use domain::insight::{SearchKind, SearchScreen};
use jiff::civil::Date;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, word};
use crate::settings;
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE search_usage (
    screen TEXT NOT NULL,
    kind   TEXT NOT NULL,
    count  INTEGER NOT NULL CHECK (count > 0),
    since  TEXT NOT NULL CHECK (length(since) = 10),
    PRIMARY KEY (screen, kind)
) WITHOUT ROWID, STRICT;
";

/// The setting of [`counts_searches`].
pub const COUNTS_SEARCHES: &str = "insight.counts_searches";

/// How often a screen was searched by something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    pub screen: SearchScreen,
    pub kind: SearchKind,
    pub count: u64,
    /// The first day.
    pub since: Date,
}

/// Whether searches are counted; they are not unless somebody switched it on.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn counts_searches(tx: &Reading<'_>) -> Result<bool, RecordsError> {
    Ok(settings::get(tx, COUNTS_SEARCHES)?.unwrap_or(false))
}

/// Part of a search that adds its own audit row: counts it where the clinic wants that.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn count_search(
    tx: &Writing<'_>,
    screen: SearchScreen,
    kinds: &[SearchKind],
) -> Result<(), RecordsError> {
    if !counts_searches(tx)? {
        return Ok(());
    }
    let kinds = if kinds.is_empty() { &[SearchKind::Everything] } else { kinds };
    let mut count = tx.connection().prepare_cached(
        "INSERT INTO search_usage (screen, kind, count, since) VALUES (?1, ?2, 1, ?3)
         ON CONFLICT (screen, kind) DO UPDATE SET count = count + 1",
    )?;
    for kind in kinds {
        count.execute(params![word(&screen), word(kind), tx.today().to_string()])?;
    }
    Ok(())
}

/// By screen, what is used most first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn usage(tx: &Reading<'_>) -> Result<Vec<UsageRow>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT * FROM search_usage ORDER BY screen, count DESC, kind")?;
    let found = query.query_map([], |row| {
        Ok(UsageRow {
            screen: row.word("screen")?,
            kind: row.word("kind")?,
            count: row.get::<_, i64>("count")?.unsigned_abs(),
            since: row.parsed("since")?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Forgets every count.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn clear_usage(tx: &Writing<'_>) -> Result<(), RecordsError> {
    let rows = tx.connection().execute("DELETE FROM search_usage", [])?;
    audit::record(tx, AuditEntry::new(AuditAction::SearchUsageCleared).with(json!({ "rows": rows })))?;
    Ok(())
}
