//! The reading that counts of every lesion whose truth is known.

use domain::AnalysisId;
use domain::analysis::{Band, Gate};
use domain::clock::age_in_years;
use domain::model::ModelIdentity;
use domain::statistics::{Opinion, StudyCase};
use jiff::tz::TimeZone;
use rusqlite::{OptionalExtension, Row, params};

use super::truth::{Found, Study};
use super::{opinion_of, opinion_of_reading};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json};
use crate::store::Reading;

/// Of each lesion the last reading that is old enough; lesions without one are left out. One question for all of
/// them: beginning one for each takes longer than answering it, and so does sorting the readings of one microsecond.
pub(super) fn readings(
    tx: &Reading<'_>,
    zone: &TimeZone,
    found: &[Found],
) -> Result<Vec<Study>, RecordsError> {
    let asked: Vec<_> = found.iter().map(|one| (one.lesion, one.read_before, one.known_at)).collect();
    let mut query = tx.connection().prepare_cached(
        "SELECT analyses.id, analyses.patient_id, analyses.lesion_id, analysed_at,
             gate, band, label_code, label_malignancy, malignant_sum,
             model_name, model_version, model_sha256, sex, date_of_birth, fitzpatrick,
             opened_at IS NULL AND said.id IS NULL,
             (SELECT kind FROM analysis_images JOIN images ON images.id = image_id
              WHERE analysis_id = analyses.id ORDER BY position LIMIT 1),
             iif(committed_at < known.value ->> 2, said.term, NULL), said.malignancy,
             EXISTS (SELECT 1 FROM decisions WHERE analysis_id = analyses.id), known.key
         FROM json_each(?1) AS known CROSS JOIN analyses ON analyses.rowid =
             (SELECT rowid FROM analyses WHERE lesion_id = known.value ->> 0 AND analysed_at < known.value ->> 1
                                             AND deletion IS NULL ORDER BY analysed_at DESC LIMIT 1)
         JOIN patients ON patients.id = analyses.patient_id
         LEFT JOIN impressions AS said ON said.analysis_id = analyses.id",
    )?;
    let mut rows = query.query([json(&asked)])?;
    let mut studies = Vec::with_capacity(found.len());
    while let Some(row) = rows.next()? {
        let Some(found) = found.get(row.get::<_, usize>(20)?) else { continue };
        let mut study = from_row(row, zone, found)?;
        if row.get(19)? {
            study.case.after = decided(tx, study.case.analysis_id, found.known_at)?;
        }
        studies.push(study);
    }
    Ok(studies)
}

/// In the order of the columns.
fn from_row(row: &Row<'_>, zone: &TimeZone, found: &Found) -> rusqlite::Result<Study> {
    let read_at = row.time(3)?;
    let read_on = read_at.to_zoned(zone.clone()).date();
    let case = StudyCase {
        analysis_id: row.parsed(0)?,
        patient_id: row.parsed(1)?,
        lesion_id: row.parsed(2)?,
        read_on,
        gate: row.word::<Gate>(4)?,
        band: row.word::<Band>(5)?,
        reading: opinion_of_reading(row, 4)?,
        malignant_sum: row.get::<_, f64>(8)?.min(1.0),
        model: ModelIdentity { name: row.text(9)?, version: row.text(10)?, sha256: row.text(11)? },
        sex: row.word(12)?,
        age: age_in_years(row.parsed(13)?, read_on),
        skin_type: row.word_or_none(14)?,
        site: found.site,
        kind: row.word(16)?,
        truth: found.truth.clone(),
        before: opinion_of(row, 17)?,
        after: None,
    };
    Ok(Study { case, unseen: row.get(15)?, read_at })
}

/// What was decided on a reading when the truth was not known yet.
fn decided(tx: &Reading<'_>, analysis: AnalysisId, known_at: i64) -> Result<Option<Opinion>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT term, malignancy FROM decisions WHERE analysis_id = ?1 AND decided_at < ?2
         ORDER BY decided_at DESC, edition DESC LIMIT 1",
    )?;
    let found =
        query.query_row(params![id_text(&analysis), known_at], |row| opinion_of(row, 0)).optional()?;
    Ok(found.flatten())
}
