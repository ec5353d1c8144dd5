//! What clinicians say of readings: that one was wrong, and what it is instead. The newest word counts.
//! The table stands in [`crate::decisions`].

use domain::AnalysisId;
use domain::audit::AuditAction;
use domain::decision::{Feedback, FeedbackEntry};
use domain::impression::Impression;
use rusqlite::{OptionalExtension, Row, named_params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

/// Keeps feedback in the actor's name.
///
/// # Errors
/// [`RecordsError::NotFound`], also for a deleted reading; [`RecordsError::Conflict`] for taking back what nobody
/// said.
pub fn give(tx: &Writing<'_>, analysis: AnalysisId, entry: &FeedbackEntry) -> Result<Feedback, RecordsError> {
    crate::deletions::reading_stands(tx, analysis)?;
    let patient = crate::analyses::patient_of(tx, analysis)?;
    let standing = of_analysis(tx, analysis)?;
    if !entry.incorrect && !standing.is_some_and(|said| said.entry.incorrect) {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO reading_feedback (patient_id, analysis_id, incorrect, correct_term, correct_text,
                 correct_malignancy, text, author, given_at)
             VALUES (:patient, :analysis, :incorrect, :term, :words, :malignancy, :text, :author, :now)",
        )?
        .execute(named_params! {
            ":patient": id_text(&patient),
            ":analysis": id_text(&analysis),
            ":incorrect": entry.incorrect,
            ":term": entry.correct.as_ref().map(|correct| &correct.term),
            ":words": entry.correct.as_ref().map_or("", |correct| correct.text.as_str()),
            ":malignancy": entry.correct.as_ref().and_then(|correct| correct.malignancy).as_ref().map(word),
            ":text": entry.text,
            ":author": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
        })?;
    let row = AuditEntry::new(AuditAction::FeedbackGiven).on(analysis).of_patient(patient);
    audit::record(tx, row.with(json!({ "incorrect": entry.incorrect })))?;
    of_analysis(tx, analysis)?.ok_or(RecordsError::NotFound)
}

/// The word that counts, where there is one.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_analysis(tx: &Reading<'_>, analysis: AnalysisId) -> Result<Option<Feedback>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM reading_feedback WHERE analysis_id = ?1 ORDER BY row DESC LIMIT 1")?;
    Ok(query.query_row([id_text(&analysis)], from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Feedback> {
    let term: Option<String> = row.get("correct_term")?;
    let correct = match term {
        Some(term) => Some(Impression {
            term,
            text: row.text("correct_text")?,
            malignancy: row.word_or_none("correct_malignancy")?,
        }),
        None => None,
    };
    Ok(Feedback {
        analysis_id: row.parsed("analysis_id")?,
        patient_id: row.parsed("patient_id")?,
        entry: FeedbackEntry { incorrect: row.get("incorrect")?, correct, text: row.text("text")? },
        author: row.parsed("author")?,
        given_at: row.time("given_at")?,
    })
}
