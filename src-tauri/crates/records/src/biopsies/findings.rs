//! What the pathologist found: editions, of which the last one counts.

use domain::audit::AuditAction;
use domain::biopsy::{Biopsy, Finding, Histology};
use domain::{AnalysisId, BiopsyId, LesionId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

use super::{at_version, get, record};
use crate::audit::changed;
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

/// Enters the pathologist's finding, or corrects it by a new edition. It waits to be acknowledged from then
/// on, also after a correction.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed meanwhile or withdrawn.
pub fn enter_histology(
    tx: &Writing<'_>,
    id: BiopsyId,
    version: u32,
    finding: &Finding,
    zone: &TimeZone,
) -> Result<Biopsy, RecordsError> {
    let old = at_version(tx, id, version)?;
    let earlier = editions(tx, id)?;
    // What a correction is held against stays what the first result was held against: a later photograph
    // shows the scar.
    let analysis = match earlier.first() {
        Some(first) => first.analysis_id,
        None => last_reading(tx, old.lesion_id, zone)?,
    };
    tx.connection()
        .prepare_cached(
            "INSERT INTO histologies (biopsy_id, edition, morphology, behaviour, text, breslow_mm, margins,
                 reported_on, analysis_id, entered_by, entered_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            id_text(&id),
            earlier.len() + 1,
            finding.morphology,
            word(&finding.behaviour),
            finding.text,
            finding.breslow_mm,
            word(&finding.margins),
            finding.reported_on.to_string(),
            analysis.as_ref().map(id_text),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    tx.connection()
        .prepare_cached(
            "UPDATE biopsies SET state = 'result', resulted_at = ?2, read_by = NULL, read_at = NULL,
                 version = version + 1
             WHERE id = ?1",
        )?
        .execute(params![id_text(&id), micros(tx.now())])?;
    let changed = match earlier.last() {
        Some(last) => changed(&last.finding, finding),
        None => changed(&json!({}), &json!(finding)),
    };
    record(
        tx,
        AuditAction::HistologyEntered,
        &old,
        json!({ "changed": changed, "edition": earlier.len() + 1 }),
    )?;
    get(tx, id)
}

/// Every edition of the finding, the first one first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn editions(tx: &Reading<'_>, id: BiopsyId) -> Result<Vec<Histology>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT * FROM histologies WHERE biopsy_id = ?1 ORDER BY edition")?;
    let editions = query.query_map([id_text(&id)], histology_from)?.collect::<Result<_, _>>()?;
    Ok(editions)
}

/// The finding on a lesion that counts, as it was corrected last: malignancy in any specimen, otherwise what was found
/// in the one taken last.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn finding_of_lesion(tx: &Reading<'_>, lesion: LesionId) -> Result<Option<Finding>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT histologies.* FROM biopsies JOIN histologies ON biopsy_id = biopsies.id
             AND edition = (SELECT max(edition) FROM histologies WHERE biopsy_id = biopsies.id)
         WHERE patient_id = (SELECT patient_id FROM lesions WHERE id = ?1) AND lesion_id = ?1
           AND withdrawn_at IS NULL
         ORDER BY behaviour IN ('in_situ', 'malignant') DESC, taken_on DESC, recorded_at DESC, biopsies.id DESC
         LIMIT 1",
    )?;
    let found = query.query_row([id_text(&lesion)], histology_from).optional()?;
    Ok(found.map(|histology| histology.finding))
}

/// The last reading made on the day of the first specimen or before, by the days of `zone`.
fn last_reading(
    tx: &Reading<'_>,
    lesion: LesionId,
    zone: &TimeZone,
) -> Result<Option<AnalysisId>, RecordsError> {
    let first: Option<Date> = tx
        .connection()
        .prepare_cached(
            "SELECT taken_on FROM biopsies
             WHERE patient_id = (SELECT patient_id FROM lesions WHERE id = ?1) AND lesion_id = ?1
               AND withdrawn_at IS NULL
             ORDER BY taken_on LIMIT 1",
        )?
        .query_row([id_text(&lesion)], |row| row.parsed("taken_on"))
        .optional()?;
    let after = first.and_then(|day| day.tomorrow().ok()?.to_zoned(zone.clone()).ok());
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM analyses WHERE lesion_id = ?1 AND deletion IS NULL AND analysed_at < ?2
         ORDER BY analysed_at DESC, id DESC LIMIT 1",
    )?;
    let before = after.map_or(i64::MAX, |day| micros(day.timestamp()));
    Ok(query.query_row(params![id_text(&lesion), before], |row| row.parsed("id")).optional()?)
}

fn histology_from(row: &Row<'_>) -> rusqlite::Result<Histology> {
    Ok(Histology {
        edition: row.get("edition")?,
        finding: Finding {
            morphology: row.get("morphology")?,
            behaviour: row.word("behaviour")?,
            text: row.text("text")?,
            breslow_mm: row.get("breslow_mm")?,
            margins: row.word("margins")?,
            reported_on: row.parsed("reported_on")?,
        },
        analysis_id: row.parsed_or_none("analysis_id")?,
        entered_by: row.parsed("entered_by")?,
        entered_at: row.time("entered_at")?,
    })
}
