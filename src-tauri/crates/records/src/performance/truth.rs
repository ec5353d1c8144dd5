//! Lesions whose truth is known, each with the last reading before.

use domain::LesionId;
use domain::lesion::BodySite;
use domain::morphology::Behaviour;
use domain::statistics::{StudyCase, Truth};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::{OptionalExtension, Row, params};

use super::study::readings;
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
    let found = with_histology(tx, zone)?;
    let mut studies = readings(tx, zone, &found)?;
    let without_reading = found.len() - studies.len();
    if let Some(months) = months {
        // A lesion that had no reading back then says nothing of readings.
        studies.extend(readings(tx, zone, &followed(tx, zone, months)?)?);
    }
    Ok(Known { studies, without_reading: u32::try_from(without_reading).unwrap_or(u32::MAX) })
}

/// A truth, the instant that the reading must be before, and the one at which the truth was known.
pub(super) struct Found {
    pub lesion: LesionId,
    pub site: BodySite,
    pub truth: Truth,
    pub read_before: i64,
    pub known_at: i64,
}

/// One specimen with the lesion it is of, and what was found in it.
struct Specimen {
    lesion: LesionId,
    site: BodySite,
    taken_on: Date,
    result: Option<Finding>,
}

/// When a finding was first entered, and what the edition that stands says.
struct Finding {
    entered_at: i64,
    truth: Truth,
}

fn with_histology(tx: &Reading<'_>, zone: &TimeZone) -> Result<Vec<Found>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT lesion_id, taken_on, first.entered_at, last.morphology, last.behaviour, site
         FROM biopsies INDEXED BY biopsies_of_lesions CROSS JOIN lesions ON lesions.id = lesion_id
         LEFT JOIN histologies AS first ON first.biopsy_id = biopsies.id AND first.edition = 1
             AND resulted_at IS NOT NULL
         LEFT JOIN histologies AS last ON last.biopsy_id = first.biopsy_id
             AND last.edition = (SELECT max(edition) FROM histologies WHERE biopsy_id = first.biopsy_id)
         WHERE withdrawn_at IS NULL
             AND (closed_reason IS NULL OR closed_reason NOT IN ('entered_in_error', 'duplicate'))
         ORDER BY lesion_id, taken_on, recorded_at, biopsies.id",
    )?;
    let specimens: Vec<Specimen> = query.query_map([], specimen)?.collect::<Result<_, _>>()?;
    Ok(specimens.chunk_by(|a, b| a.lesion == b.lesion).filter_map(|all| found(zone, all)).collect())
}

/// In the order of the columns.
fn specimen(row: &Row<'_>) -> rusqlite::Result<Specimen> {
    let result = match row.get::<_, Option<i64>>(2)? {
        None => None,
        Some(entered_at) => {
            let morphology: Option<String> = row.get(3)?;
            let truth = Truth::of_finding(morphology.as_deref(), row.word::<Behaviour>(4)?);
            Some(Finding { entered_at, truth })
        }
    };
    Ok(Specimen { lesion: row.parsed(0)?, site: row.word(5)?, taken_on: row.parsed(1)?, result })
}

/// What counts of a lesion: malignancy that was found in any specimen, since what is left of it after an excision
/// may well be nothing; otherwise the finding of the specimen taken last. Nothing while no result is there.
fn found(zone: &TimeZone, specimens: &[Specimen]) -> Option<Found> {
    let results = || specimens.iter().filter_map(|specimen| specimen.result.as_ref());
    let malignant = results().rfind(|finding| finding.truth.malignant == Some(true));
    let truth = malignant.or_else(|| results().next_back())?.truth.clone();
    let known_at = results().map(|finding| finding.entered_at).min()?;
    // The first specimen changed the lesion: a later photograph shows the scar.
    let first = specimens.first()?;
    let after = first.taken_on.tomorrow().ok().and_then(|day| day.to_zoned(zone.clone()).ok());
    let day_is_over = after.map_or(i64::MAX, |day| micros(day.timestamp()));
    Some(Found {
        lesion: first.lesion,
        site: first.site,
        truth,
        read_before: day_is_over.min(known_at),
        known_at,
    })
}

/// Lesions that a clinician took for benign and left alone, had no specimen, and did not change: no later
/// decision says otherwise, no comparison found growth, and the lesion was neither excised nor treated.
fn followed(tx: &Reading<'_>, zone: &TimeZone, months: u32) -> Result<Vec<Found>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT lesion_id, max(decided_at) AS decided_at FROM decisions INDEXED BY decisions_benign
         WHERE superseded_by IS NULL AND malignancy = 'benign' AND plan IN ('reassure', 'monitor')
             AND NOT EXISTS (SELECT 1 FROM analyses WHERE id = analysis_id AND deletion IS NOT NULL)
         GROUP BY lesion_id",
    )?;
    let candidates: Vec<(LesionId, Timestamp)> = query
        .query_map([], |row| Ok((row.parsed("lesion_id")?, row.time("decided_at")?)))?
        .collect::<Result<_, _>>()?;
    let mut unchanged = tx.connection().prepare_cached(
        "SELECT site FROM lesions WHERE id = ?1 AND (closed_reason IS NULL OR closed_reason = 'resolved')
             AND NOT EXISTS (SELECT 1 FROM biopsies WHERE lesion_id = ?1 AND withdrawn_at IS NULL)
             AND NOT EXISTS (SELECT 1 FROM decisions
                             WHERE lesion_id = ?1 AND superseded_by IS NULL AND decided_at > ?2
                               AND NOT EXISTS (SELECT 1 FROM analyses
                                               WHERE id = analysis_id AND deletion IS NOT NULL))
             AND NOT EXISTS (SELECT 1 FROM images JOIN comparisons ON later_id = images.id
                             JOIN images AS earlier ON earlier.id = earlier_id
                             WHERE images.lesion_id = ?1
                               AND images.deletion IS NULL AND earlier.deletion IS NULL
                               AND json_extract(content, '$.change.size.diameter.low') > 1)",
    )?;
    let mut found = Vec::new();
    for (lesion, decided_at) in candidates {
        let begun = decided_at.to_zoned(zone.clone()).checked_sub(i64::from(months).months());
        let Ok(begun) = begun else { continue };
        let read_before = micros(begun.timestamp()) + 1;
        if !has_reading(tx, lesion, read_before)? {
            continue;
        }
        let known_at = micros(decided_at);
        let site = unchanged.query_row(params![id_text(&lesion), known_at], |row| row.word(0)).optional()?;
        let truth = Truth::of_follow_up();
        found.extend(site.map(|site| Found { lesion, site, truth, read_before, known_at }));
    }
    Ok(found)
}

fn has_reading(tx: &Reading<'_>, lesion: LesionId, before: i64) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM analyses WHERE lesion_id = ?1 AND analysed_at < ?2 AND deletion IS NULL)",
    )?;
    Ok(query.query_row(params![id_text(&lesion), before], |row| row.get(0))?)
}
