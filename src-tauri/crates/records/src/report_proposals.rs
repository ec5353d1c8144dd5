//! Texts that were proposed for reports, word for word. A row is never edited; it can be refused once.

use domain::audit::AuditAction;
use domain::report_text::{ReportProposal, TextSource};
use domain::{AnalysisId, ReportProposalId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json as text_of, micros};
use crate::store::{Reading, Writing};
use crate::{analyses, deletions};

pub(crate) const SCHEMA: &str = "
CREATE TABLE report_proposals (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    analysis_id TEXT NOT NULL,
    source      TEXT NOT NULL CHECK (json_valid(source)),
    text        TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    author      TEXT NOT NULL REFERENCES users (id),
    proposed_at INTEGER NOT NULL,
    refused_at  INTEGER,
    FOREIGN KEY (analysis_id, patient_id) REFERENCES analyses (id, patient_id)
) STRICT;
CREATE INDEX report_proposals_by_patient ON report_proposals (patient_id);
CREATE INDEX report_proposals_by_analysis ON report_proposals (analysis_id);
CREATE TRIGGER report_proposals_are_not_edited
    BEFORE UPDATE OF analysis_id, source, text, author, proposed_at ON report_proposals
    BEGIN SELECT RAISE(ABORT, 'proposals are not edited'); END;
";

/// Keeps a proposal in the actor's name. Its words stand in the audit row, too.
///
/// # Errors
/// [`RecordsError::NotFound`] for a reading that is unknown or was deleted.
pub fn add(
    tx: &Writing<'_>,
    analysis: AnalysisId,
    source: &TextSource,
    text: &str,
) -> Result<ReportProposal, RecordsError> {
    deletions::reading_stands(tx, analysis)?;
    let patient = analyses::get(tx, analysis)?.patient_id;
    let id = ReportProposalId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO report_proposals (id, patient_id, analysis_id, source, text, author, proposed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id_text(&id),
            id_text(&patient),
            id_text(&analysis),
            text_of(source),
            text,
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    let entry = AuditEntry::new(AuditAction::ReportTextProposed).on(analysis).of_patient(patient);
    audit::record(tx, entry.with(json!({ "proposal": id, "source": source, "text": text })))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ReportProposalId) -> Result<ReportProposal, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM report_proposals WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// Turns a proposal down: no report takes it any more. A second time changes nothing.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn refuse(tx: &Writing<'_>, id: ReportProposalId) -> Result<(), RecordsError> {
    let proposal = get(tx, id)?;
    if proposal.refused {
        return Ok(());
    }
    tx.connection()
        .prepare_cached("UPDATE report_proposals SET refused_at = ?2 WHERE id = ?1")?
        .execute(params![id_text(&id), micros(tx.now())])?;
    let entry = AuditEntry::new(AuditAction::ReportTextRefused).on(proposal.analysis_id);
    let details = json!({ "proposal": id, "source": proposal.source });
    audit::record(tx, entry.of_patient(proposal.patient_id).with(details))?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ReportProposal> {
    Ok(ReportProposal {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        analysis_id: row.parsed("analysis_id")?,
        source: row.json("source")?,
        text: row.text("text")?,
        refused: row.time_or_none("refused_at")?.is_some(),
    })
}
