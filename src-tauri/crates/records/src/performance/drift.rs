//! Readings and photographs month by month.

use std::collections::BTreeSet;

use domain::analysis::{Band, Gate};
use domain::image::ImageKind;
use domain::quality::QualityReport;
use domain::statistics::{DriftTally, QualityTally};
use jiff::Timestamp;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{CachedStatement, OptionalExtension, Row, params};

use crate::error::RecordsError;
use crate::row::{Columns, micros, unreadable, word};
use crate::store::Reading;

/// Photographs of a month whose quality is looked at; of more, some that lie evenly over its time.
pub const SAMPLED: u32 = 100;
/// More entries than this in a month are not gone through to see whether all of it can be looked at.
const MANY: u32 = 2 * SAMPLED;

/// A month, from its first instant to the one after its last.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthSpan {
    /// Year and month, such as 2026-03.
    pub name: String,
    pub from: Timestamp,
    pub until: Timestamp,
}

pub type Tallies = Vec<(String, DriftTally, QualityTally)>;

/// When the first reading on the lists was made.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn first_reading_at(tx: &Reading<'_>) -> Result<Option<Timestamp>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT min(analysed_at) AS at FROM analyses WHERE deletion IS NULL")?;
    Ok(query.query_row([], |row| row.time_or_none("at"))?)
}

/// What readings of each month said, of one model and kind of photograph where they are named, and the quality of
/// a sample of its photographs.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn tallies(
    tx: &Reading<'_>,
    months: &[MonthSpan],
    model: Option<&str>,
    kind: Option<ImageKind>,
) -> Result<Tallies, RecordsError> {
    months
        .iter()
        .map(|month| Ok((month.name.clone(), said(tx, month, model, kind)?, quality(tx, month, kind)?)))
        .collect()
}

fn said(
    tx: &Reading<'_>,
    month: &MonthSpan,
    model: Option<&str>,
    kind: Option<ImageKind>,
) -> Result<DriftTally, RecordsError> {
    // The index holds all that is read here; only a kind has to be looked up.
    let of_kind = match kind {
        None => "",
        Some(_) => {
            "AND ?4 = (SELECT kind FROM analysis_images JOIN images ON images.id = image_id
                       WHERE analysis_id = analyses.id ORDER BY position LIMIT 1)"
        }
    };
    let sql = format!(
        "SELECT gate, band, label_code, malignant_sum, model_sha256 FROM analyses INDEXED BY analyses_in_figures
         WHERE deletion IS NULL AND analysed_at >= ?1 AND analysed_at < ?2
             AND (?3 IS NULL OR model_sha256 = ?3) {of_kind}"
    );
    let mut query = tx.connection().prepare_cached(&sql)?;
    let (from, until) = (micros(month.from), micros(month.until));
    let mut rows = match kind {
        None => query.query(params![from, until, model])?,
        Some(kind) => query.query(params![from, until, model, word(&kind)])?,
    };
    let mut tally = DriftTally::default();
    while let Some(row) = rows.next()? {
        add(&mut tally, row)?;
    }
    Ok(tally)
}

/// Words are compared where they lie: there may be a hundred thousand rows.
fn add(tally: &mut DriftTally, row: &Row<'_>) -> rusqlite::Result<()> {
    let text = |at: usize| -> rusqlite::Result<&str> {
        row.get_ref(at)?.as_str().map_err(|_: FromSqlError| unreadable(Type::Text))
    };
    let gate = match text(0)? {
        "out_of_distribution" => Gate::OutOfDistribution,
        "inconclusive" => Gate::Inconclusive,
        "uncertain" => Gate::Uncertain,
        "confident" => Gate::Confident,
        _ => return Err(unreadable(Type::Text)),
    };
    let band = match text(1)? {
        "benign" => Band::Benign,
        "suspicious" => Band::Suspicious,
        "malignant" => Band::Malignant,
        _ => return Err(unreadable(Type::Text)),
    };
    let class = row.get_ref(2)?.as_str_or_null().map_err(|_| unreadable(Type::Text))?;
    tally.add(gate, band, class, row.get(3)?, text(4)?);
    Ok(())
}

fn quality(
    tx: &Reading<'_>,
    month: &MonthSpan,
    kind: Option<ImageKind>,
) -> Result<QualityTally, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id, imported_at, quality FROM images INDEXED BY images_by_time
         WHERE imported_at >= ?1 AND imported_at < ?2 AND deletion IS NULL AND (?3 IS NULL OR kind = ?3)
         ORDER BY imported_at, id LIMIT ?4",
    )?;
    let kind = kind.as_ref().map(word);
    let (from, until) = (micros(month.from), micros(month.until));
    let read = |row: &Row<'_>| -> rusqlite::Result<(String, QualityReport)> {
        Ok((row.text("id")?, row.json("quality")?))
    };
    let mut tally = QualityTally::default();
    let first = |query: &mut CachedStatement<'_>| {
        let found = query.query_map(params![from, until, kind, SAMPLED + 1], read)?;
        found.collect::<rusqlite::Result<Vec<_>>>()
    };
    if !many(tx, from, until)? {
        let all = first(&mut query)?;
        if all.len() <= SAMPLED as usize {
            all.iter().for_each(|(_, report)| tally.add(report));
            return Ok(tally);
        }
    }
    let mut seen = BTreeSet::new();
    for at in 0..i64::from(SAMPLED) {
        let begin = from + (until - from) / i64::from(SAMPLED) * at;
        let next = query.query_row(params![begin, until, kind, 1], read).optional()?;
        if let Some((id, report)) = next
            && seen.insert(id)
        {
            tally.add(&report);
        }
    }
    // All may have come in one hour: then the first ones say what there is to say.
    if seen.len() < SAMPLED as usize {
        for (id, report) in first(&mut query)? {
            if seen.len() < SAMPLED as usize && seen.insert(id) {
                tally.add(&report);
            }
        }
    }
    Ok(tally)
}

/// From the index alone.
fn many(tx: &Reading<'_>, from: i64, until: i64) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM images INDEXED BY images_by_time
                               WHERE imported_at >= ?1 AND imported_at < ?2 LIMIT ?3)",
    )?;
    let found: u32 = query.query_row(params![from, until, MANY + 1], |row| row.get(0))?;
    Ok(found > MANY)
}
