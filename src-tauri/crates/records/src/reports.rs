//! Reports. A numbered row keeps a snapshot of what is printed; once it is signed, the database refuses every
//! change of it.

mod editions;
mod listing;

use domain::audit::AuditAction;
use domain::report::{ReportRecord, ReportState};
use domain::{AnalysisId, PatientId, ReportId, UserId};
use rusqlite::{Row, params};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::counters;
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub use editions::{Edition, NewEdition, editions, handout, last_signed_at, rewrap_all, sign};
pub use listing::{Filter, MOST_LISTED, Page, Place, Row as ListedReport, list};

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

/// States, editions, and the locks on what is signed. An erasure opens them for its own transaction.
pub(crate) const SIGNED: &str = "
ALTER TABLE reports ADD COLUMN state TEXT NOT NULL DEFAULT 'draft'
    CHECK (state IN ('draft', 'signed', 'withdrawn', 'discarded'));
ALTER TABLE reports ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE reports ADD COLUMN ended_by TEXT REFERENCES users (id);
CREATE INDEX reports_by_state ON reports (state, created_at);
CREATE TABLE report_editions (
    report_id   TEXT NOT NULL REFERENCES reports (id),
    edition     INTEGER NOT NULL CHECK (edition >= 1),
    kind        TEXT NOT NULL CHECK (kind IN ('signed', 'addendum', 'withdrawn')),
    text        TEXT NOT NULL CHECK (length(text) <= 4000),
    meaning     TEXT NOT NULL CHECK (meaning IN ('author', 'review', 'responsibility')),
    signer      TEXT NOT NULL REFERENCES users (id),
    signer_name TEXT NOT NULL,
    signed_at   INTEGER NOT NULL,
    statement   TEXT NOT NULL CHECK (json_valid(statement)),
    key_id      TEXT NOT NULL REFERENCES signing_keys (id),
    signature   BLOB NOT NULL CHECK (length(signature) = 64),
    file_id     TEXT NOT NULL UNIQUE,
    version     INTEGER NOT NULL CHECK (version >= 0),
    handout_key BLOB NOT NULL CHECK (length(handout_key) = 72),
    PRIMARY KEY (report_id, edition),
    CHECK ((kind = 'signed') = (edition = 1))
) STRICT;
CREATE TABLE open_locks (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1)) STRICT;
CREATE TRIGGER signed_reports_are_not_edited
    BEFORE UPDATE OF id, number, analysis_id, conclusion, content, author, created_at, version, ended_by ON reports
    WHEN EXISTS (SELECT 1 FROM report_editions WHERE report_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'signed reports are not edited'); END;
CREATE TRIGGER reports_go_forward_only BEFORE UPDATE OF state ON reports
    WHEN (OLD.state, NEW.state) NOT IN (VALUES ('draft', 'draft'), ('draft', 'discarded'), ('signed', 'withdrawn'))
      AND NOT (OLD.state = 'draft' AND NEW.state = 'signed'
               AND EXISTS (SELECT 1 FROM report_editions WHERE report_id = OLD.id))
    BEGIN SELECT RAISE(ABORT, 'reports go forward only'); END;
CREATE TRIGGER signed_reports_stay BEFORE DELETE ON reports
    WHEN OLD.state IN ('signed', 'withdrawn') AND NOT EXISTS (SELECT 1 FROM open_locks)
    BEGIN SELECT RAISE(ABORT, 'signed reports stay'); END;
CREATE TRIGGER report_editions_are_not_edited
    BEFORE UPDATE OF report_id, edition, kind, text, meaning, signer, signer_name, signed_at, statement, key_id,
        signature, file_id, version ON report_editions
    BEGIN SELECT RAISE(ABORT, 'editions of reports are not edited'); END;
CREATE TRIGGER report_editions_stay BEFORE DELETE ON report_editions
    WHEN NOT EXISTS (SELECT 1 FROM open_locks)
    BEGIN SELECT RAISE(ABORT, 'editions of reports stay'); END;
CREATE TRIGGER nothing_follows_a_withdrawal BEFORE INSERT ON report_editions
    WHEN (SELECT state FROM reports WHERE id = NEW.report_id) IN ('withdrawn', 'discarded')
    BEGIN SELECT RAISE(ABORT, 'nothing follows a withdrawal'); END;
";

/// A report stays on the paper it was signed on.
pub(crate) const PAPER: &str = "
ALTER TABLE report_editions ADD COLUMN paper TEXT NOT NULL DEFAULT 'a4' CHECK (paper IN ('a4', 'letter'));
CREATE TRIGGER papers_of_editions_stay BEFORE UPDATE OF paper ON report_editions
    BEGIN SELECT RAISE(ABORT, 'editions of reports are not edited'); END;
";

/// Columns of a report with its editions counted.
const COLUMNS: &str = "reports.*,
    (SELECT count(*) FROM report_editions WHERE report_id = reports.id) AS editions,
    (SELECT signed_at FROM report_editions WHERE report_id = reports.id AND edition = 1) AS signed_at";

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

/// Changes a draft.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when it was changed meanwhile or is no draft any more.
pub fn update(
    tx: &Writing<'_>,
    id: ReportId,
    version: u32,
    conclusion: &str,
    content: &Value,
) -> Result<ReportRecord, RecordsError> {
    let draft = draft_at(tx, id, version)?;
    tx.connection()
        .prepare_cached(
            "UPDATE reports SET conclusion = ?2, content = ?3, version = version + 1 WHERE id = ?1",
        )?
        .execute(params![id_text(&id), conclusion, content.to_string()])?;
    let entry = AuditEntry::new(AuditAction::ReportUpdated).on(id).of_patient(draft.record.patient_id);
    audit::record(tx, entry.with(json!({ "number": draft.record.number, "version": version + 1 })))?;
    Ok(get(tx, id)?.record)
}

/// Gives a draft up; its number is not used again.
///
/// # Errors
/// As [`update`].
pub fn discard(tx: &Writing<'_>, id: ReportId, version: u32) -> Result<ReportRecord, RecordsError> {
    let draft = draft_at(tx, id, version)?;
    tx.connection()
        .prepare_cached("UPDATE reports SET ended_by = ?3, state = ?2, version = version + 1 WHERE id = ?1")?
        .execute(params![id_text(&id), word(&ReportState::Discarded), id_text(&tx.actor().user)])?;
    let entry = AuditEntry::new(AuditAction::ReportDiscarded).on(id).of_patient(draft.record.patient_id);
    audit::record(tx, entry.with(json!({ "number": draft.record.number })))?;
    Ok(get(tx, id)?.record)
}

/// The draft as somebody read it.
fn draft_at(tx: &Reading<'_>, id: ReportId, version: u32) -> Result<StoredReport, RecordsError> {
    let found = get(tx, id)?;
    if found.record.state != ReportState::Draft || found.record.version != version {
        return Err(RecordsError::Conflict);
    }
    Ok(found)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ReportId) -> Result<StoredReport, RecordsError> {
    let mut query =
        tx.connection().prepare_cached(&format!("SELECT {COLUMNS} FROM reports WHERE id = ?1"))?;
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
    let mut query =
        tx.connection().prepare_cached(&format!("SELECT {COLUMNS} FROM reports WHERE number = ?1"))?;
    Ok(query.query_row([number], from_row)?.record)
}

/// The patient's reports without discarded drafts, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<ReportRecord>, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!(
        "SELECT {COLUMNS} FROM reports WHERE patient_id = ?1 AND state <> 'discarded'
         ORDER BY created_at DESC, number DESC"
    ))?;
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
            state: row.word("state")?,
            version: row.get("version")?,
            editions: row.get("editions")?,
            signed_at: row.time_or_none("signed_at")?,
        },
        content: row.json("content")?,
        author: row.parsed("author")?,
    })
}
