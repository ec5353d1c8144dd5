//! Reports handed out. The numbered row keeps a snapshot of what was printed.

use domain::audit::AuditAction;
use domain::report::ReportRecord;
use domain::{AnalysisId, PatientId, ReportId, UserId};
use rusqlite::{Row, params};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::counters;
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE reports (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    number      TEXT NOT NULL UNIQUE,
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    analysis_id TEXT NOT NULL,
    conclusion  TEXT NOT NULL CHECK (length(conclusion) <= 4000),
    content     TEXT NOT NULL CHECK (json_valid(content)),
    author      TEXT NOT NULL REFERENCES users (id),
    created_at  INTEGER NOT NULL,
    FOREIGN KEY (analysis_id, patient_id) REFERENCES analyses (id, patient_id)
) STRICT;
CREATE INDEX reports_by_patient ON reports (patient_id, created_at);
CREATE INDEX reports_by_time ON reports (created_at);
";

/// What a new report says.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReport {
    pub id: ReportId,
    pub patient_id: PatientId,
    pub analysis_id: AnalysisId,
    /// The clinician's words, at most 4,000 characters.
    pub conclusion: String,
    /// Everything that is printed besides number and date, so that the same paper can be made again.
    pub content: Value,
}

/// A report with its snapshot and author.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredReport {
    pub record: ReportRecord,
    pub content: Value,
    pub author: UserId,
}

/// Numbers and records a report in the actor's name. Numbers run through the year: `R-2026-00001`.
///
/// # Errors
/// [`RecordsError::Conflict`] for an identity already used; [`RecordsError::NotFound`] when the analysis
/// is unknown or another patient's.
pub fn create(tx: &Writing<'_>, report: &NewReport) -> Result<ReportRecord, RecordsError> {
    if crate::analyses::get(tx, report.analysis_id)?.patient_id != report.patient_id {
        return Err(RecordsError::NotFound);
    }
    crate::deletions::reading_stands(tx, report.analysis_id)?;
    let year = tx.today().year();
    let number = format!("R-{year}-{:05}", counters::next(tx, &format!("report-{year}"))?);
    tx.connection().execute(
        "INSERT INTO reports (id, number, patient_id, analysis_id, conclusion, content, author, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id_text(&report.id),
            number,
            id_text(&report.patient_id),
            id_text(&report.analysis_id),
            report.conclusion,
            report.content.to_string(),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ],
    )?;
    let entry = AuditEntry::new(AuditAction::ReportCreated).on(report.id).of_patient(report.patient_id);
    audit::record(tx, entry.with(json!({ "number": number, "analysis": report.analysis_id })))?;
    Ok(get(tx, report.id)?.record)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ReportId) -> Result<StoredReport, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM reports WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The report as a person is about to see it; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn read(tx: &Writing<'_>, id: ReportId) -> Result<StoredReport, RecordsError> {
    let report = get(tx, id)?;
    let entry = AuditEntry::new(AuditAction::ReportRead).on(id).of_patient(report.record.patient_id);
    audit::record(tx, entry)?;
    Ok(report)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn by_number(tx: &Reading<'_>, number: &str) -> Result<ReportRecord, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM reports WHERE number = ?1")?;
    Ok(query.query_row([number], from_row)?.record)
}

/// The patient's reports, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<ReportRecord>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM reports WHERE patient_id = ?1 ORDER BY created_at DESC, number DESC",
    )?;
    let reports =
        query.query_map([id_text(&patient)], |row| Ok(from_row(row)?.record))?.collect::<Result<_, _>>()?;
    Ok(reports)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredReport> {
    Ok(StoredReport {
        record: ReportRecord {
            id: row.parsed("id")?,
            number: row.text("number")?,
            patient_id: row.parsed("patient_id")?,
            analysis_id: row.parsed("analysis_id")?,
            conclusion: row.text("conclusion")?,
            created_at: row.time("created_at")?,
        },
        content: row.json("content")?,
        author: row.parsed("author")?,
    })
}
