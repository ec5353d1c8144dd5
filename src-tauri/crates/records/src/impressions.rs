//! Impressions that clinicians committed before a reading was shown, and which readings wait for one.
//!
//! While the clinic reads first, a reading that no clinician has opened is withheld until an impression of it
//! is committed. What was opened before the rule came stays open.

use std::collections::HashSet;

use domain::audit::AuditAction;
use domain::impression::{CommittedImpression, Impression, ImpressionEntry};
use domain::{AnalysisId, ImpressionId, PatientId};
use rusqlite::{OptionalExtension, Row, named_params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::settings::{self, Shown};
use crate::store::{Reading, Writing};

/// The setting that withholds readings.
/// The setting of [`read_first`].
pub const READ_FIRST: &str = "reading.impression_first";

pub(crate) const SCHEMA: &str = "
CREATE TABLE impressions (
    id           TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id   TEXT NOT NULL REFERENCES patients (id),
    lesion_id    TEXT NOT NULL,
    analysis_id  TEXT NOT NULL UNIQUE,
    term         TEXT NOT NULL CHECK (length(term) BETWEEN 1 AND 40),
    text         TEXT NOT NULL CHECK (length(text) <= 200),
    malignancy   TEXT CHECK (malignancy IN ('benign', 'premalignant', 'malignant')),
    confidence   TEXT NOT NULL CHECK (confidence IN ('low', 'moderate', 'high')),
    note         TEXT NOT NULL CHECK (length(note) <= 1000),
    author       TEXT NOT NULL REFERENCES users (id),
    committed_at INTEGER NOT NULL,
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id),
    FOREIGN KEY (analysis_id, patient_id) REFERENCES analyses (id, patient_id)
) STRICT;
CREATE INDEX impressions_by_patient ON impressions (patient_id);
CREATE TRIGGER impressions_are_not_edited
    BEFORE UPDATE OF term, text, malignancy, confidence, note, author, committed_at ON impressions
    BEGIN SELECT RAISE(ABORT, 'impressions are not edited'); END;
";

/// Whether the clinic asks for an impression first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn read_first(tx: &Reading<'_>) -> Result<bool, RecordsError> {
    Ok(settings::get(tx, READ_FIRST)?.unwrap_or(false))
}

/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn set_read_first(tx: &Writing<'_>, on: bool) -> Result<(), RecordsError> {
    settings::set(tx, READ_FIRST, &on, Shown::Value)
}

/// Whether nobody opened the reading and nobody committed an impression of it.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn is_unseen(tx: &Reading<'_>, id: AnalysisId) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT opened_at IS NULL AND NOT EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id)
         FROM analyses WHERE id = ?1",
    )?;
    Ok(query.query_row([id_text(&id)], |row| row.get(0))?)
}

/// Those readings of a patient.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn unseen_of(tx: &Reading<'_>, patient: PatientId) -> Result<HashSet<AnalysisId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM analyses WHERE patient_id = ?1 AND opened_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM impressions WHERE analysis_id = analyses.id)",
    )?;
    let found = query.query_map([id_text(&patient)], |row| row.parsed("id"))?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// Commits an impression in the actor's name and opens the reading to the clinic.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when the reading was seen already.
pub fn commit(
    tx: &Writing<'_>,
    analysis: AnalysisId,
    entry: &ImpressionEntry,
) -> Result<CommittedImpression, RecordsError> {
    crate::deletions::reading_stands(tx, analysis)?;
    if !is_unseen(tx, analysis)? {
        return Err(RecordsError::Conflict);
    }
    let reading = crate::analyses::get(tx, analysis)?;
    let id = ImpressionId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO impressions (id, patient_id, lesion_id, analysis_id, term, text, malignancy, confidence, note,
                 author, committed_at)
             VALUES (:id, :patient, :lesion, :analysis, :term, :text, :malignancy, :confidence, :note, :author, :now)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":patient": id_text(&reading.patient_id),
            ":lesion": id_text(&reading.lesion_id),
            ":analysis": id_text(&analysis),
            ":term": entry.impression.term,
            ":text": entry.impression.text,
            ":malignancy": entry.impression.malignancy.as_ref().map(word),
            ":confidence": word(&entry.confidence),
            ":note": entry.note,
            ":author": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
        })?;
    let row = AuditEntry::new(AuditAction::ImpressionCommitted).on(id).of_patient(reading.patient_id);
    audit::record(tx, row.with(json!({ "analysis": analysis, "lesion": reading.lesion_id })))?;
    of_analysis(tx, analysis)?.ok_or(RecordsError::NotFound)
}

/// The impression of a reading, where there is one.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_analysis(
    tx: &Reading<'_>,
    analysis: AnalysisId,
) -> Result<Option<CommittedImpression>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM impressions WHERE analysis_id = ?1")?;
    Ok(query.query_row([id_text(&analysis)], from_row).optional()?)
}

/// Every impression of a reading that is on the lists, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn all(tx: &Reading<'_>) -> Result<Vec<CommittedImpression>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT impressions.* FROM impressions JOIN analyses ON analyses.id = analysis_id
         WHERE deletion IS NULL ORDER BY committed_at, impressions.id",
    )?;
    let found = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CommittedImpression> {
    Ok(CommittedImpression {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        analysis_id: row.parsed("analysis_id")?,
        entry: ImpressionEntry {
            impression: Impression {
                term: row.text("term")?,
                text: row.text("text")?,
                malignancy: row.word_or_none("malignancy")?,
            },
            confidence: row.word("confidence")?,
            note: row.text("note")?,
        },
        author: row.parsed("author")?,
        committed_at: row.time("committed_at")?,
    })
}
