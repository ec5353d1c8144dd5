//! Reading what [`super::tally`] keeps up.

use std::collections::BTreeMap;

use domain::audit::AuditAction;
use domain::insight::{ShownBand, TrendBy};
use domain::report::ReportState;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use super::tally::SLOT;
use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, micros, word};
use crate::store::{Reading, Writing};

/// What there is altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    pub patients: u64,
    /// Without those that were entered by mistake.
    pub lesions: u64,
    pub photographs: u64,
    pub readings: u64,
    /// Every band, in the order of [`ShownBand::ALL`].
    pub bands: Vec<(ShownBand, u64)>,
    /// Readings that are not counted in their band, since they wait for an impression.
    pub withheld: u64,
    /// Without discarded drafts.
    pub reports: Vec<(ReportState, u64)>,
    /// Photographs and readings of each stretch that was asked for.
    pub uploads: Vec<(u64, u64)>,
}

/// How a number went over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    pub lines: Vec<TrendLine>,
    /// Readings that are not counted, since they wait for an impression.
    pub withheld: u64,
}

/// One value of what a trend is split by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendLine {
    /// The stored word or identity; empty for photographs, no named class, and nobody yet.
    pub value: String,
    /// One number a stretch.
    pub counts: Vec<u64>,
}

/// The whole clinic as a person is about to see it; recorded as a read. Of each stretch of uploads the first
/// instant, and last the first instant after all. `veiled` leaves readings that wait for an impression out of
/// their bands.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn dashboard(tx: &Writing<'_>, bounds: &[Timestamp], veiled: bool) -> Result<Dashboard, RecordsError> {
    let totals = totals(tx)?;
    let total = |facet: &str, value: &str| {
        totals.get(&(facet.to_owned(), value.to_owned())).copied().unwrap_or_default()
    };
    let mut bands: Vec<(ShownBand, u64)> =
        ShownBand::ALL.into_iter().map(|band| (band, total("band", &word(&band)))).collect();
    let readings = bands.iter().map(|(_, count)| count).sum();
    let mut withheld = 0;
    if veiled {
        for unseen in unseen(tx)? {
            if let Some((_, count)) = bands.iter_mut().find(|(band, _)| word(band) == unseen.band) {
                *count = count.saturating_sub(1);
                withheld += 1;
            }
        }
    }
    let states = [ReportState::Draft, ReportState::Signed, ReportState::Withdrawn];
    let sums = |facet| -> Result<Vec<u64>, RecordsError> {
        let slots = slots(bounds);
        let mut sums = vec![0; slots.len().saturating_sub(1)];
        for (_, counts) in along(tx, facet, &slots)? {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        Ok(sums)
    };
    let uploads = sums("photographs")?.into_iter().zip(sums("band")?).collect();
    record(tx, AuditAction::InsightRead, json!({ "part": "dashboard" }))?;
    Ok(Dashboard {
        patients: total("patients", ""),
        lesions: total("lesions", ""),
        photographs: total("photographs", ""),
        readings,
        bands,
        withheld,
        reports: states.into_iter().map(|state| (state, total("reports", &word(&state)))).collect(),
        uploads,
    })
}

/// A trend as a person is about to see it; recorded as a read. Of each stretch the first instant, and last the
/// first instant after all; `veiled` leaves out what readings said that wait for an impression.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn trend(
    tx: &Writing<'_>,
    by: TrendBy,
    bounds: &[Timestamp],
    veiled: bool,
) -> Result<Trend, RecordsError> {
    let slots = slots(bounds);
    let mut lines = along(tx, &facet(by), &slots)?;
    let mut withheld = 0;
    if veiled && by.tells() {
        for unseen in unseen(tx)? {
            let value = if by == TrendBy::Band { &unseen.band } else { &unseen.class };
            let place = place(&slots, unseen.slot);
            let count = place.and_then(|place| lines.get_mut(value)?.get_mut(place));
            if let Some(count) = count {
                *count = count.saturating_sub(1);
                withheld += 1;
            }
        }
    }
    record(tx, AuditAction::InsightRead, json!({ "part": "trend", "by": by }))?;
    let lines = lines.into_iter().map(|(value, counts)| TrendLine { value, counts }).collect();
    Ok(Trend { lines, withheld })
}

/// The first and the last instant that a trend could tell of; nothing where there is nothing to count.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn reach(tx: &Reading<'_>, by: TrendBy) -> Result<Option<(Timestamp, Timestamp)>, RecordsError> {
    let end = |order| -> Result<Option<Timestamp>, RecordsError> {
        let sql = format!("SELECT slot FROM insight_slots WHERE facet = ?1 ORDER BY slot {order} LIMIT 1");
        let mut query = tx.connection().prepare_cached(&sql)?;
        let mut rows = query.query_map([facet(by)], |row| row.get::<_, i64>(0))?;
        Ok(rows.next().transpose()?.and_then(|slot| Timestamp::from_microsecond(slot * SLOT).ok()))
    };
    Ok(end("ASC")?.zip(end("DESC")?))
}

/// What the newest reading that named a class calls it, also where the model of today knows it no more.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn class_name(tx: &Reading<'_>, code: &str) -> Result<Option<String>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT json_extract(content, '$.assessment.label.name') FROM analyses
         WHERE label_code = ?1 AND deletion IS NULL ORDER BY analysed_at DESC LIMIT 1",
    )?;
    Ok(query.query_row([code], |row| row.get(0)).optional()?.flatten())
}

/// Records that numbers left the clinic's records as a file.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn note_export(tx: &Writing<'_>, details: Value) -> Result<(), RecordsError> {
    record(tx, AuditAction::InsightExported, details)
}

fn record(tx: &Writing<'_>, action: AuditAction, details: Value) -> Result<(), RecordsError> {
    audit::record(tx, AuditEntry::new(action).with(details))?;
    Ok(())
}

fn facet(by: TrendBy) -> String {
    word(&by)
}

fn totals(tx: &Reading<'_>) -> Result<BTreeMap<(String, String), u64>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT facet, value, count FROM insight_totals")?;
    let found = query.query_map([], |row| {
        Ok(((row.text("facet")?, row.text("value")?), row.get::<_, i64>("count")?.unsigned_abs()))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn slots(bounds: &[Timestamp]) -> Vec<i64> {
    bounds.iter().map(|at| micros(*at).div_euclid(SLOT)).collect()
}

/// Which stretch a slot lies in; the last bound is outside.
fn place(slots: &[i64], slot: i64) -> Option<usize> {
    let after = slots.partition_point(|begin| *begin <= slot);
    (1..slots.len()).contains(&after).then(|| after - 1)
}

/// The sums of a facet in each stretch, by value. Slots come in order, so that one walk finds all.
fn along(tx: &Reading<'_>, facet: &str, slots: &[i64]) -> Result<BTreeMap<String, Vec<u64>>, RecordsError> {
    let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let (Some(first), Some(last)) = (slots.first(), slots.last()) else { return Ok(lines) };
    let mut query = tx.connection().prepare_cached(
        "SELECT slot, value, count FROM insight_slots WHERE facet = ?1 AND slot >= ?2 AND slot < ?3
         ORDER BY slot",
    )?;
    let mut rows = query.query(params![facet, first, last])?;
    let mut at = 0;
    while let Some(row) = rows.next()? {
        let slot: i64 = row.get(0)?;
        while slots.get(at + 1).is_some_and(|next| *next <= slot) {
            at += 1;
        }
        let value = row.get_ref(1)?.as_str().map_err(|_| RecordsError::Damaged)?;
        let count = row.get::<_, i64>(2)?.unsigned_abs();
        match lines.get_mut(value) {
            Some(counts) => counts[at] += count,
            None => {
                let mut counts = vec![0; slots.len() - 1];
                counts[at] = count;
                lines.insert(value.to_owned(), counts);
            }
        }
    }
    Ok(lines)
}

/// A reading that nobody has opened or committed an impression of.
struct Unseen {
    slot: i64,
    band: String,
    class: String,
}

fn unseen(tx: &Reading<'_>) -> Result<Vec<Unseen>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT analysed_at / 900000000 AS slot, coalesce(label_code, '') AS class,
                CASE WHEN gate = 'out_of_distribution' THEN 'unassessed'
                     WHEN gate = 'inconclusive' AND band = 'benign' THEN 'inconclusive' ELSE band END AS shown
         FROM analyses WHERE opened_at IS NULL AND deletion IS NULL
             AND NOT EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id)",
    )?;
    let found = query.query_map([], |row| {
        Ok(Unseen { slot: row.get("slot")?, band: row.text("shown")?, class: row.text("class")? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn a_slot_lies_in_one_stretch_and_the_end_is_outside() {
        let slots = [10, 20, 20, 35];
        let places: Vec<_> = [9, 10, 19, 20, 34, 35].into_iter().map(|slot| place(&slots, slot)).collect();
        assert_eq!(places, [None, Some(0), Some(0), Some(2), Some(2), None]);
        assert_eq!(place(&[], 1), None);
    }

    #[test]
    fn numbers_are_read_from_their_own_table_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::migrations::MIGRATIONS.to_latest(&mut connection).unwrap();
        let sql = "EXPLAIN QUERY PLAN SELECT slot, value, count FROM insight_slots
                   WHERE facet = 'band' AND slot >= 1 AND slot < 9 ORDER BY slot";
        let mut plan = connection.prepare(sql).unwrap();
        let steps = plan.query_map([], |row| row.get::<_, String>(3)).unwrap();
        let plan = steps.map(Result::unwrap).collect::<Vec<_>>().join("; ");
        assert!(plan.contains("USING PRIMARY KEY") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}
