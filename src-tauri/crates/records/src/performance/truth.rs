//! Lesions whose truth is known, each with the last reading before.

use domain::analysis::{Band, Gate};
use domain::clock::age_in_years;
use domain::model::ModelIdentity;
use domain::morphology::Behaviour;
use domain::statistics::{StudyCase, Truth};
use domain::{AnalysisId, BiopsyId, LesionId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{opinion_of, opinion_of_reading};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::Reading;

/// A lesion with its reading and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    pub case: StudyCase,
    /// Nobody opened the reading and nobody committed an impression of it.
    pub unseen: bool,
    pub read_at: Timestamp,
}

/// Lesions with a truth, and how many had no reading before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub studies: Vec<Study>,
    pub without_reading: u32,
}

/// Every lesion with histology, and where `months` says how long without change counts as benign, those too.
/// Days are those of `zone`.
///
/// The reading is the last one made on the day of the first specimen or before, and before any result came; of
/// a lesion that was followed, the last one at least `months` before a clinician last took it for benign.
/// Lesions entered in error or twice are left out.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn studied(tx: &Reading<'_>, zone: &TimeZone, months: Option<u32>) -> Result<Known, RecordsError> {
    let mut known = Known::default();
    for found in with_histology(tx, zone)? {
        match study(tx, zone, found)? {
            Some(study) => known.studies.push(study),
            None => known.without_reading += 1,
        }
    }
    if let Some(months) = months {
        for found in followed(tx, zone, months)? {
            // A lesion that had no reading back then says nothing of readings.
            known.studies.extend(study(tx, zone, found)?);
        }
    }
    Ok(known)
}

/// A truth, the instant that the reading must be before, and the one at which the truth was known.
struct Found {
    lesion: LesionId,
    truth: Truth,
    read_before: i64,
    known_at: i64,
}

/// One specimen with the lesion it is of.
struct Specimen {
    lesion: LesionId,
    biopsy: BiopsyId,
    taken_on: Date,
    has_result: bool,
}

fn with_histology(tx: &Reading<'_>, zone: &TimeZone) -> Result<Vec<Found>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT lesion_id, biopsies.id, taken_on, resulted_at IS NOT NULL AS has_result
         FROM biopsies INDEXED BY biopsies_of_lesions CROSS JOIN lesions ON lesions.id = lesion_id
         WHERE withdrawn_at IS NULL
             AND (closed_reason IS NULL OR closed_reason NOT IN ('entered_in_error', 'duplicate'))
         ORDER BY lesion_id, taken_on, recorded_at, biopsies.id",
    )?;
    let specimens: Vec<Specimen> = query
        .query_map([], |row| {
            Ok(Specimen {
                lesion: row.parsed("lesion_id")?,
                biopsy: row.parsed("id")?,
                taken_on: row.parsed("taken_on")?,
                has_result: row.get("has_result")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for of_lesion in specimens.chunk_by(|a, b| a.lesion == b.lesion) {
        found.extend(finding(tx, zone, of_lesion)?);
    }
    Ok(found)
}

/// The finding that counts, of the specimen taken last; nothing while no result is there.
fn finding(tx: &Reading<'_>, zone: &TimeZone, specimens: &[Specimen]) -> Result<Option<Found>, RecordsError> {
    let Some(last) = specimens.iter().rev().find(|specimen| specimen.has_result) else { return Ok(None) };
    let mut query = tx.connection().prepare_cached(
        "SELECT morphology, behaviour FROM histologies WHERE biopsy_id = ?1 ORDER BY edition DESC LIMIT 1",
    )?;
    let truth = query.query_row([id_text(&last.biopsy)], |row| {
        let morphology: Option<String> = row.get("morphology")?;
        Ok(Truth::of_finding(morphology.as_deref(), row.word::<Behaviour>("behaviour")?))
    })?;
    let mut entered = tx
        .connection()
        .prepare_cached("SELECT entered_at FROM histologies WHERE biopsy_id = ?1 AND edition = 1")?;
    let mut known_at = i64::MAX;
    for specimen in specimens.iter().filter(|specimen| specimen.has_result) {
        let at: i64 = entered.query_row([id_text(&specimen.biopsy)], |row| row.get(0))?;
        known_at = known_at.min(at);
    }
    // The first specimen changed the lesion: a later photograph shows the scar.
    let Some(first) = specimens.first() else { return Ok(None) };
    let after = first.taken_on.tomorrow().ok().and_then(|day| day.to_zoned(zone.clone()).ok());
    let day_is_over = after.map_or(i64::MAX, |day| micros(day.timestamp()));
    Ok(Some(Found { lesion: first.lesion, truth, read_before: day_is_over.min(known_at), known_at }))
}

/// Lesions that a clinician took for benign and left alone, had no specimen, and did not change: no later
/// decision says otherwise, no comparison found growth, and the lesion was neither excised nor treated.
fn followed(tx: &Reading<'_>, zone: &TimeZone, months: u32) -> Result<Vec<Found>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT lesion_id, max(decided_at) AS decided_at FROM decisions INDEXED BY decisions_benign
         WHERE superseded_by IS NULL AND malignancy = 'benign' AND plan IN ('reassure', 'monitor')
         GROUP BY lesion_id",
    )?;
    let candidates: Vec<(LesionId, Timestamp)> = query
        .query_map([], |row| Ok((row.parsed("lesion_id")?, row.time("decided_at")?)))?
        .collect::<Result<_, _>>()?;
    let mut unchanged = tx.connection().prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM biopsies WHERE lesion_id = ?1 AND withdrawn_at IS NULL)
             AND NOT EXISTS (SELECT 1 FROM decisions
                             WHERE lesion_id = ?1 AND superseded_by IS NULL AND decided_at > ?2)
             AND NOT EXISTS (SELECT 1 FROM images JOIN comparisons ON later_id = images.id
                             WHERE images.lesion_id = ?1
                               AND json_extract(content, '$.change.size.diameter.low') > 1)
             AND (SELECT closed_reason IS NULL OR closed_reason = 'resolved' FROM lesions WHERE id = ?1)",
    )?;
    let mut found = Vec::new();
    for (lesion, decided_at) in candidates {
        let begun = decided_at.to_zoned(zone.clone()).checked_sub(i64::from(months).months());
        let Ok(begun) = begun else { continue };
        let read_before = micros(begun.timestamp()) + 1;
        if !has_reading(tx, lesion, read_before)? {
            continue;
        }
        if unchanged.query_row(params![id_text(&lesion), micros(decided_at)], |row| row.get(0))? {
            let known_at = micros(decided_at);
            found.push(Found { lesion, truth: Truth::of_follow_up(), read_before, known_at });
        }
    }
    Ok(found)
}

fn has_reading(tx: &Reading<'_>, lesion: LesionId, before: i64) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM analyses WHERE lesion_id = ?1 AND analysed_at < ?2 AND deletion IS NULL)",
    )?;
    Ok(query.query_row(params![id_text(&lesion), before], |row| row.get(0))?)
}

fn study(tx: &Reading<'_>, zone: &TimeZone, found: Found) -> Result<Option<Study>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT analyses.id, analyses.patient_id, analyses.lesion_id, analysed_at, gate, band, label_code,
             malignant_sum, model_name, model_version, model_sha256, sex, date_of_birth, fitzpatrick, site,
             json_extract(content, '$.assessment.label.malignancy') AS label_malignancy,
             opened_at IS NULL AND NOT EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id) AS unseen,
             (SELECT kind FROM analysis_images JOIN images ON images.id = image_id
              WHERE analysis_id = analyses.id ORDER BY position LIMIT 1) AS kind,
             before.term AS before_term, before.malignancy AS before_malignancy
         FROM analyses JOIN lesions ON lesions.id = analyses.lesion_id
         JOIN patients ON patients.id = analyses.patient_id
         LEFT JOIN impressions AS before ON before.analysis_id = analyses.id AND committed_at < :known_at
         WHERE analyses.id = (SELECT id FROM analyses WHERE lesion_id = :lesion AND analysed_at < :read_before
                                    AND deletion IS NULL ORDER BY analysed_at DESC, id DESC LIMIT 1)",
    )?;
    let known_at = found.known_at;
    let values = named_params! {
        ":lesion": id_text(&found.lesion), ":read_before": found.read_before, ":known_at": known_at,
    };
    let Some(mut study) = query.query_row(values, |row| from_row(row, zone, found.truth)).optional()? else {
        return Ok(None);
    };
    study.case.after = decided(tx, study.case.analysis_id, known_at)?;
    Ok(Some(study))
}

/// What was decided on a reading when the truth was not known yet.
fn decided(
    tx: &Reading<'_>,
    analysis: AnalysisId,
    known_at: i64,
) -> Result<Option<domain::statistics::Opinion>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT term, malignancy FROM decisions WHERE analysis_id = ?1 AND decided_at < ?2
         ORDER BY decided_at DESC, edition DESC LIMIT 1",
    )?;
    let found = query
        .query_row(params![id_text(&analysis), known_at], |row| opinion_of(row, "term", "malignancy"))
        .optional()?;
    Ok(found.flatten())
}

fn from_row(row: &Row<'_>, zone: &TimeZone, truth: Truth) -> rusqlite::Result<Study> {
    let read_at = row.time("analysed_at")?;
    let read_on = read_at.to_zoned(zone.clone()).date();
    let case = StudyCase {
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        analysis_id: row.parsed("id")?,
        read_on,
        gate: row.word::<Gate>("gate")?,
        band: row.word::<Band>("band")?,
        reading: opinion_of_reading(row)?,
        malignant_sum: row.get::<_, f64>("malignant_sum")?.min(1.0),
        model: ModelIdentity {
            name: row.text("model_name")?,
            version: row.text("model_version")?,
            sha256: row.text("model_sha256")?,
        },
        kind: row.word("kind")?,
        sex: row.word("sex")?,
        age: age_in_years(row.parsed("date_of_birth")?, read_on),
        skin_type: row.word_or_none("fitzpatrick")?,
        site: row.word("site")?,
        truth,
        before: opinion_of(row, "before_term", "before_malignancy")?,
        after: None,
    };
    Ok(Study { case, unseen: row.get("unseen")?, read_at })
}
