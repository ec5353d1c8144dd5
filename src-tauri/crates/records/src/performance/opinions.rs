//! Readings on which a clinician has a word, whatever is known of the lesion.

use domain::image::ImageKind;
use domain::statistics::Opinion;
use domain::{AnalysisId, LesionId, PatientId};
use jiff::Timestamp;
use rusqlite::Row;

use super::{opinion_of, opinion_of_reading};
use crate::error::RecordsError;
use crate::row::Columns;
use crate::store::Reading;

#[derive(Clone, Debug, PartialEq)]
pub struct OpinionCase {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis_id: AnalysisId,
    pub read_at: Timestamp,
    pub model_sha256: String,
    pub kind: ImageKind,
    /// Nobody opened the reading and nobody committed an impression of it.
    pub unseen: bool,
    pub reading: Opinion,
    /// Committed before the reading was shown.
    pub before: Option<Opinion>,
    /// Of the decision that stands.
    pub after: Option<Opinion>,
}

/// Every such reading that is on the lists, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn opinions(tx: &Reading<'_>) -> Result<Vec<OpinionCase>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT analyses.id, analyses.patient_id, analyses.lesion_id, analysed_at,
             gate, analyses.band, label_code, label_malignancy, model_sha256,
             opened_at IS NULL AND before.id IS NULL,
             (SELECT kind FROM analysis_images JOIN images ON images.id = image_id
              WHERE analysis_id = analyses.id ORDER BY position LIMIT 1),
             before.term, before.malignancy,
             after.term, after.malignancy
         FROM (SELECT analysis_id FROM impressions
               UNION SELECT analysis_id FROM decisions WHERE analysis_id IS NOT NULL AND superseded_by IS NULL) AS said
         CROSS JOIN analyses ON analyses.id = said.analysis_id
         JOIN lesions ON lesions.id = analyses.lesion_id
         LEFT JOIN impressions AS before ON before.analysis_id = analyses.id
         LEFT JOIN decisions AS after ON after.analysis_id = analyses.id AND after.superseded_by IS NULL
         WHERE analyses.deletion IS NULL
             AND (closed_reason IS NULL OR closed_reason NOT IN ('entered_in_error', 'duplicate'))
         ORDER BY analysed_at DESC, analyses.id DESC",
    )?;
    let found = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// In the order of the columns.
fn from_row(row: &Row<'_>) -> rusqlite::Result<OpinionCase> {
    Ok(OpinionCase {
        analysis_id: row.parsed(0)?,
        patient_id: row.parsed(1)?,
        lesion_id: row.parsed(2)?,
        read_at: row.time(3)?,
        reading: opinion_of_reading(row, 4)?,
        model_sha256: row.text(8)?,
        unseen: row.get(9)?,
        kind: row.word(10)?,
        before: opinion_of(row, 11)?,
        after: opinion_of(row, 13)?,
    })
}
