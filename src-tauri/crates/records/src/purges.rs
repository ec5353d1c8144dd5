//! The end of what was deleted: readings and photographs whose retention time is over go for good.
//!
//! With the rows go the wrapped keys of the sealed files: a file that is still there afterwards is noise. What
//! a retention hold stands over stays, and so does what something else rests on: a reading with a report or a
//! finding, the photographs it looked at, the site of a specimen. A report that was given up as a draft rests on
//! nothing: it goes with its reading.

use std::collections::BTreeMap;

use domain::audit::AuditAction;
use domain::{DeletionId, FileId, PatientId};
use jiff::civil::Date;
use rusqlite::{named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Store, Writing};
use crate::{deletions, rights, settings};

/// The setting with the day of the last purge.
const PURGED_ON: &str = "history.purged_on";
/// Most readings, and most photographs, of one purge; what is left over goes in the next.
pub const MOST_PURGED: u32 = 500;

/// Also what finds the rows that refer to a reading or a photograph, which are looked for before it goes.
pub(crate) const SCHEMA: &str = "
ALTER TABLE deletions ADD COLUMN purged_at INTEGER;
CREATE INDEX reports_by_analysis ON reports (analysis_id);
CREATE INDEX histologies_by_analysis ON histologies (analysis_id) WHERE analysis_id IS NOT NULL;
CREATE INDEX biopsies_by_site_image ON biopsies (site_image_id);
CREATE INDEX desk_photos_by_image ON desk_photos (image_id) WHERE image_id IS NOT NULL;
";

/// Tables with rows of a reading that go with it, what refers to others first, and the columns that name it.
const WITH_READING: &[(&str, &str)] = &[
    ("report_proposals", "analysis_id"),
    ("analysis_outlines", "analysis_id"),
    ("analysis_files", "analysis_id"),
    ("analysis_images", "analysis_id"),
    ("jobs", "analysis_id"),
];
/// Tables whose rows keep the reading that they name; of reports, those that [`GIVEN_UP`] does not name.
const KEEP_READING: &[(&str, &str)] = &[
    ("reports", "analysis_id"),
    ("histologies", "analysis_id"),
    ("checklists", "analysis_id"),
    ("impressions", "analysis_id"),
    ("decisions", "analysis_id"),
    ("reading_feedback", "analysis_id"),
];
/// What was never signed and was put aside keeps nothing.
const GIVEN_UP: (&str, &str) = ("reports", "state = 'discarded'");
const WITH_PHOTOGRAPH: &[(&str, &str)] = &[
    ("golden_images", "image_id"),
    ("image_embeddings", "image_id"),
    ("comparisons", "earlier_id"),
    ("comparisons", "later_id"),
    ("image_marks", "image_id"),
    ("image_scales", "image_id"),
    ("image_files", "image_id"),
    ("desk_photos", "image_id"),
    ("image_origins", "image_id"),
    ("tray_photos", "image_id"),
];
const KEEP_PHOTOGRAPH: &[(&str, &str)] = &[("analysis_images", "image_id"), ("biopsies", "site_image_id")];

/// What is left to do outside the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    pub readings: usize,
    pub photographs: usize,
    /// Files without a key; they are to be removed.
    pub files: Vec<FileId>,
}

/// Destroys what was deleted so long ago that it cannot be brought back, at most once a day. Each deletion
/// leaves an audit row of its patient. Nothing is written when nothing is due. When the transaction is kept,
/// [`settle`] takes what is left in the log.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn purge(tx: &Writing<'_>) -> Result<Purged, RecordsError> {
    if settings::get::<Date>(tx, PURGED_ON)? == Some(tx.today()) {
        return Ok(Purged::default());
    }
    let readings = due(tx, "analyses", KEEP_READING)?;
    let mut purged = Purged::default();
    let mut tallies: BTreeMap<DeletionId, Tally> = BTreeMap::new();
    if !readings.is_empty() {
        begin(tx)?;
        take_readings(tx, &readings, &mut tallies)?;
    }
    // A photograph can go when the readings that looked at it are gone.
    let photographs = due(tx, "images", KEEP_PHOTOGRAPH)?;
    if !photographs.is_empty() {
        begin(tx)?;
        take_photographs(tx, &photographs, &mut tallies)?;
    }
    for (deletion, tally) in tallies {
        tx.connection()
            .prepare_cached("UPDATE deletions SET purged_at = ?2 WHERE id = ?1")?
            .execute(params![id_text(&deletion), micros(tx.now())])?;
        let details = json!({
            "deletion": deletion, "readings": tally.readings, "photographs": tally.photographs,
            "files": tally.files.len(),
        });
        audit::record(tx, AuditEntry::new(AuditAction::DeletionPurged).on(tally.patient).with(details))?;
        purged.readings += tally.readings;
        purged.photographs += tally.photographs;
        purged.files.extend(tally.files);
    }
    let most = MOST_PURGED as usize;
    if purged.readings + purged.photographs > 0 && readings.len() < most && photographs.len() < most {
        settings::note(tx, PURGED_ON, &tx.today())?;
    }
    Ok(purged)
}

/// After a purge was kept: no older page with what it took stays in the log of the database.
///
/// # Errors
/// [`RecordsError::Storage`], also while somebody else reads.
pub fn settle(store: &Store) -> Result<(), RecordsError> {
    store.lend(|connection| {
        rights::empty_log(connection)?;
        Ok(connection.execute_batch("PRAGMA secure_delete = FAST")?)
    })
}

struct Due {
    id: String,
    deletion: DeletionId,
    patient: PatientId,
}

struct Tally {
    patient: PatientId,
    readings: usize,
    photographs: usize,
    files: Vec<FileId>,
}

fn due(tx: &Writing<'_>, table: &str, keep: &[(&str, &str)]) -> Result<Vec<Due>, RecordsError> {
    let days = deletions::retention_days(tx)?;
    let kept: String = keep
        .iter()
        .map(|(by, column)| {
            let (table_of, condition) = GIVEN_UP;
            let but = if *by == table_of { format!(" AND NOT {by}.{condition}") } else { String::new() };
            format!(" AND NOT EXISTS (SELECT 1 FROM {by} WHERE {by}.{column} = {table}.id{but})")
        })
        .collect();
    let sql = format!(
        "SELECT {table}.id AS what, deletions.id AS deletion, deletions.patient_id AS patient
         FROM deletions CROSS JOIN {table} ON {table}.deletion = deletions.id
         WHERE undone_at IS NULL AND deleted_at <= :before
           AND NOT EXISTS (SELECT 1 FROM retention_holds AS holds WHERE holds.patient_id = deletions.patient_id
                 AND lifted_at IS NULL AND (until IS NULL OR until >= :today)){kept}
         ORDER BY deleted_at, deletions.id, {table}.id LIMIT :most"
    );
    let mut query = tx.connection().prepare_cached(&sql)?;
    let parameters = named_params! {
        ":before": micros(deletions::expired_before(tx.now(), days)),
        ":today": tx.today().to_string(),
        ":most": MOST_PURGED,
    };
    let rows = query.query_map(parameters, |row| {
        Ok(Due { id: row.text("what")?, deletion: row.parsed("deletion")?, patient: row.parsed("patient")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Nothing that goes may stay legible in the pages of the database.
fn begin(tx: &Writing<'_>) -> Result<(), RecordsError> {
    Ok(tx.connection().pragma_update(None, "secure_delete", "ON")?)
}

fn take_readings(
    tx: &Writing<'_>,
    due: &[Due],
    tallies: &mut BTreeMap<DeletionId, Tally>,
) -> Result<(), RecordsError> {
    for reading in due {
        let mut files = files_of(tx, "SELECT file_id FROM analysis_files WHERE analysis_id = ?1", reading)?;
        files.extend(files_of(
            tx,
            "SELECT file_id FROM analysis_outlines WHERE analysis_id = ?1 AND file_id IS NOT NULL",
            reading,
        )?);
        for (table, column) in WITH_READING {
            take(tx, table, column, &reading.id)?;
        }
        // Whatever is left of reports was given up, or the reading would not go.
        take(tx, GIVEN_UP.0, "analysis_id", &reading.id)?;
        take(tx, "analyses", "id", &reading.id)?;
        let tally = tally_of(tallies, reading);
        tally.readings += 1;
        drop_files(tx, files, tally)?;
    }
    Ok(())
}

fn take_photographs(
    tx: &Writing<'_>,
    due: &[Due],
    tallies: &mut BTreeMap<DeletionId, Tally>,
) -> Result<(), RecordsError> {
    for photograph in due {
        let files = files_of(tx, "SELECT file_id FROM image_files WHERE image_id = ?1", photograph)?;
        // What the front desk took in names the same files.
        tx.connection()
            .prepare_cached(
                "DELETE FROM desk_photo_files
                 WHERE photo_id IN (SELECT id FROM desk_photos WHERE image_id = ?1)",
            )?
            .execute([&photograph.id])?;
        for (table, column) in WITH_PHOTOGRAPH {
            take(tx, table, column, &photograph.id)?;
        }
        take(tx, "images", "id", &photograph.id)?;
        let tally = tally_of(tallies, photograph);
        tally.photographs += 1;
        drop_files(tx, files, tally)?;
    }
    Ok(())
}

fn tally_of<'a>(tallies: &'a mut BTreeMap<DeletionId, Tally>, due: &Due) -> &'a mut Tally {
    tallies.entry(due.deletion).or_insert_with(|| Tally {
        patient: due.patient,
        readings: 0,
        photographs: 0,
        files: Vec::new(),
    })
}

fn files_of(tx: &Reading<'_>, sql: &str, due: &Due) -> Result<Vec<FileId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(sql)?;
    let files = query.query_map([&due.id], |row| row.parsed("file_id"))?.collect::<Result<_, _>>()?;
    Ok(files)
}

/// The key goes with the row.
fn drop_files(tx: &Writing<'_>, files: Vec<FileId>, tally: &mut Tally) -> Result<(), RecordsError> {
    for file in files {
        take(tx, "sealed_files", "id", &id_text(&file))?;
        tally.files.push(file);
    }
    Ok(())
}

fn take(tx: &Writing<'_>, table: &str, column: &str, id: &str) -> Result<usize, RecordsError> {
    let mut delete = tx.connection().prepare_cached(&format!("DELETE FROM {table} WHERE {column} = ?1"))?;
    Ok(delete.execute([id])?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::migrations::MIGRATIONS;
    use rusqlite::Connection;

    /// A new table that names a reading or a photograph must say above whether it goes with it or keeps it.
    #[test]
    fn every_reference_to_a_reading_or_a_photograph_is_decided() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        for (parent, decided) in
            [("analyses", [WITH_READING, KEEP_READING]), ("images", [WITH_PHOTOGRAPH, KEEP_PHOTOGRAPH])]
        {
            let mut query = connection
                .prepare(
                    "SELECT tables.name, keys.\"from\" FROM sqlite_schema AS tables,
                         pragma_foreign_key_list(tables.name) AS keys
                     WHERE tables.type = 'table' AND (
                         (keys.\"table\" = ?1 AND coalesce(keys.\"to\", 'id') = 'id')
                         OR (keys.\"table\" = 'analysis_images' AND ?1 = 'analyses' AND keys.\"to\" = 'analysis_id'))",
                )
                .unwrap();
            let found: BTreeSet<(String, String)> = query
                .query_map([parent], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let listed: BTreeSet<(String, String)> = decided
                .concat()
                .iter()
                .map(|(table, column)| ((*table).to_owned(), (*column).to_owned()))
                .collect();
            assert_eq!(found, listed, "{parent}");
        }
    }
}
