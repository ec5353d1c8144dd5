//! What is known of lesions beside what was read of them, for figures of how readings and clinicians did.
//!
//! Every question begins at an index that holds few rows: specimens, decisions that a lesion is benign,
//! impressions. A lesion comes once, with the last reading before its truth was known. What is said of lesions
//! here is shown as counts; [`listed`] says whose they are, and is recorded.

mod drift;
mod opinions;
mod study;
mod truth;

use domain::audit::AuditAction;
use domain::impression;
use domain::model::ModelIdentity;
use domain::statistics::Opinion;
use domain::{AnalysisId, LesionId, PatientId};
use jiff::Timestamp;
use rusqlite::Row;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text};
use crate::settings;
use crate::store::{Reading, Writing};

pub use drift::{MonthSpan, SAMPLED, Tallies, first_reading_at, tallies};
pub use opinions::{OpinionCase, opinions};
pub use truth::{Known, Study, studied};

/// The setting of [`follow_up_months`].
pub const FOLLOW_UP: &str = "performance.follow_up_months";

// What a partial index tests stands in it, too: otherwise the row is looked up for every entry.
pub(crate) const SCHEMA: &str = "
CREATE INDEX biopsies_of_lesions ON biopsies (lesion_id, taken_on, recorded_at, id, resulted_at, withdrawn_at)
    WHERE withdrawn_at IS NULL;
CREATE INDEX decisions_benign ON decisions (lesion_id, decided_at, superseded_by, malignancy, plan)
    WHERE superseded_by IS NULL AND malignancy = 'benign' AND plan IN ('reassure', 'monitor');
CREATE INDEX decisions_on_readings ON decisions (analysis_id, superseded_by)
    WHERE analysis_id IS NOT NULL AND superseded_by IS NULL;
CREATE INDEX analyses_in_figures ON analyses (analysed_at, gate, band, label_code, malignant_sum, model_sha256, id,
    deletion) WHERE deletion IS NULL;
CREATE INDEX analyses_of_models ON analyses (model_sha256, analysed_at, deletion) WHERE deletion IS NULL;
";

// Read for every lesion at once, and the content of a reading is long. What a reading says is its content: whoever adds
// one, from wherever, cannot say anything else here.
pub(crate) const LABELS: &str = "
ALTER TABLE analyses ADD COLUMN label_malignancy TEXT;
UPDATE analyses SET label_malignancy = json_extract(content, '$.assessment.label.malignancy')
    WHERE label_code IS NOT NULL;
CREATE TRIGGER analyses_labelled AFTER INSERT ON analyses BEGIN
    UPDATE analyses SET label_malignancy = json_extract(NEW.content, '$.assessment.label.malignancy')
        WHERE rowid = NEW.rowid;
END;
";

/// Months without change after which a lesion counts as benign.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn follow_up_months(tx: &Reading<'_>) -> Result<u32, RecordsError> {
    let (least, most) = domain::statistics::FOLLOW_UP_MONTHS;
    let months: Option<u32> = settings::get(tx, FOLLOW_UP)?;
    Ok(months.unwrap_or(domain::statistics::DEFAULT_FOLLOW_UP_MONTHS).clamp(least, most))
}

/// A model that read here, whether it is still installed or not.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelUse {
    pub identity: ModelIdentity,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

/// Every model that readings name, the newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn models(tx: &Reading<'_>) -> Result<Vec<ModelUse>, RecordsError> {
    // From one hash to the next along the index: there are few models and many readings.
    let mut query = tx.connection().prepare_cached(
        "WITH RECURSIVE hashes (sha256) AS (
             SELECT min(model_sha256) FROM analyses WHERE deletion IS NULL
             UNION ALL
             SELECT (SELECT min(model_sha256) FROM analyses
                     WHERE deletion IS NULL AND model_sha256 > hashes.sha256)
             FROM hashes WHERE hashes.sha256 IS NOT NULL)
         SELECT sha256,
             (SELECT min(analysed_at) FROM analyses WHERE deletion IS NULL AND model_sha256 = sha256) AS first_at,
             (SELECT max(analysed_at) FROM analyses WHERE deletion IS NULL AND model_sha256 = sha256) AS last_at
         FROM hashes WHERE sha256 IS NOT NULL ORDER BY last_at DESC, sha256",
    )?;
    let found: Vec<(String, Timestamp, Timestamp)> = query
        .query_map([], |row| Ok((row.text("sha256")?, row.time("first_at")?, row.time("last_at")?)))?
        .collect::<Result<_, _>>()?;
    let mut named = tx.connection().prepare_cached(
        "SELECT model_name, model_version FROM analyses
         WHERE deletion IS NULL AND model_sha256 = ?1 ORDER BY analysed_at DESC LIMIT 1",
    )?;
    found
        .into_iter()
        .map(|(sha256, first_at, last_at)| {
            let identity = named.query_row([&sha256], |row| {
                Ok(ModelIdentity {
                    name: row.text("model_name")?,
                    version: row.text("model_version")?,
                    sha256: sha256.clone(),
                })
            })?;
            Ok(ModelUse { identity, first_at, last_at })
        })
        .collect()
}

/// A lesion of a list, with whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedLesion {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis_id: AnalysisId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_label: String,
}

/// Whose the lesions of these readings are; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Storage`].
pub fn listed(
    tx: &Writing<'_>,
    readings: &[AnalysisId],
    total: usize,
) -> Result<Vec<ListedLesion>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT analyses.patient_id, lesion_id, analyses.id AS analysis_id, number, family_name, given_names, label
         FROM analyses JOIN patients ON patients.id = analyses.patient_id
         JOIN lesions ON lesions.id = lesion_id WHERE analyses.id = ?1",
    )?;
    let mut lesions = Vec::with_capacity(readings.len());
    for id in readings {
        lesions.push(query.query_row([id_text(id)], |row| {
            Ok(ListedLesion {
                patient_id: row.parsed("patient_id")?,
                lesion_id: row.parsed("lesion_id")?,
                analysis_id: row.parsed("analysis_id")?,
                patient_number: row.text("number")?,
                family_name: row.text("family_name")?,
                given_names: row.text("given_names")?,
                lesion_label: row.text("label")?,
            })
        })?);
    }
    let entry = AuditEntry::new(AuditAction::PerformanceListed);
    audit::record(tx, entry.with(json!({ "count": lesions.len(), "of": total })))?;
    Ok(lesions)
}

/// In which form figures leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// The figures on paper.
    Page,
    /// The lesions without identities.
    Table,
}

/// Records that figures are about to leave.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn note_export(tx: &Writing<'_>, leaving: Leaving, lesions: usize) -> Result<(), RecordsError> {
    let kind = match leaving {
        Leaving::Page => "pdf",
        Leaving::Table => "csv",
    };
    let entry = AuditEntry::new(AuditAction::PerformanceExported);
    audit::record(tx, entry.with(json!({ "kind": kind, "lesions": lesions })))?;
    Ok(())
}

/// An impression of two columns, a term and its malignancy, from `at` on; nothing where the row has none.
fn opinion_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Opinion>> {
    let Some(term) = row.get::<_, Option<String>>(at)? else { return Ok(None) };
    let class = impression::known(&term).and_then(|term| term.class).map(str::to_owned);
    Ok(Some(Opinion { malignancy: row.word_or_none(at + 1)?, class }))
}

/// What the reading of a row says, as [`domain::biopsy::opinion`] has it, from its gate, band, code of the label and
/// malignancy of the label, which stand from `at` on.
fn opinion_of_reading(row: &Row<'_>, at: usize) -> rusqlite::Result<Opinion> {
    use domain::analysis::{Band, Gate};
    use domain::model::Malignancy;
    if row.word::<Gate>(at)? == Gate::OutOfDistribution {
        return Ok(Opinion::default());
    }
    let class: Option<String> = row.get(at + 2)?;
    let malignancy = match row.word_or_none(at + 3)? {
        Some(malignancy) => Some(malignancy),
        None => (row.word::<Band>(at + 1)? == Band::Malignant).then_some(Malignancy::Malignant),
    };
    Ok(Opinion { malignancy, class })
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};

    fn add(connection: &Connection, id: &str, code: Option<&str>, malignancy: &str) {
        let label = code.map(|code| json_of(code, malignancy)).unwrap_or("null".into());
        connection
            .execute(
                "INSERT INTO analyses (id, patient_id, lesion_id, analysed_at, gate, band, urgency, label_code,
                     malignant_sum, model_name, model_version, model_sha256, content)
                 VALUES (?1, ?1, ?1, 7, 'confident', 'benign', 'routine', ?2, 0, 'm', '1', ?3, ?4)",
                params![id, code, "a".repeat(64), format!(r#"{{"assessment":{{"label":{label}}}}}"#)],
            )
            .unwrap();
    }

    fn json_of(code: &str, malignancy: &str) -> String {
        serde_json::json!({ "code": code, "malignancy": malignancy }).to_string()
    }

    #[test]
    fn what_a_reading_says_of_malignancy_is_kept_beside_it_before_and_after_the_upgrade() {
        let connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
        connection.execute_batch(crate::analyses::SCHEMA).unwrap();
        let id = |n: u8| format!("{n:036}");
        add(&connection, &id(1), Some("mel"), "malignant");
        add(&connection, &id(2), None, "");
        connection.execute_batch(super::LABELS).unwrap();
        add(&connection, &id(3), Some("akiec"), "premalignant");
        add(&connection, &id(4), None, "");
        let mut kept = connection.prepare("SELECT label_malignancy FROM analyses ORDER BY id").unwrap();
        let kept = kept.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        let kept: Vec<Option<String>> = kept.map(Result::unwrap).collect();
        assert_eq!(kept, [Some("malignant".into()), None, Some("premalignant".into()), None]);
    }
}
