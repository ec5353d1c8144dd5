//! Letters of referral, with a snapshot of what they print. The table stands in [`crate::decisions`].

use domain::audit::AuditAction;
use domain::decision::{Referral, ReferralEntry};
use domain::{DecisionId, ReferralId};
use rusqlite::{Row, named_params};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

/// Keeps a letter in the actor's name. `content` is everything it prints besides its own words.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown decision.
pub fn write(
    tx: &Writing<'_>,
    decision: DecisionId,
    entry: &ReferralEntry,
    content: &Value,
) -> Result<Referral, RecordsError> {
    let patient = crate::decisions::get(tx, decision)?.patient_id;
    let id = ReferralId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO referrals (id, patient_id, decision_id, recipient, findings, question, urgent, content, author,
                 written_at)
             VALUES (:id, :patient, :decision, :recipient, :findings, :question, :urgent, :content, :author, :now)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":patient": id_text(&patient),
            ":decision": id_text(&decision),
            ":recipient": entry.recipient,
            ":findings": entry.findings,
            ":question": entry.question,
            ":urgent": entry.urgent,
            ":content": content.to_string(),
            ":author": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
        })?;
    let row = AuditEntry::new(AuditAction::ReferralWritten).on(id).of_patient(patient);
    audit::record(tx, row.with(json!({ "decision": decision, "urgent": entry.urgent })))?;
    Ok(get(tx, id)?.0)
}

/// A letter and its snapshot.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ReferralId) -> Result<(Referral, Value), RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM referrals WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], |row| Ok((from_row(row)?, row.json("content")?)))?)
}

/// The letter as it leaves the clinic; recorded as that.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn export(tx: &Writing<'_>, id: ReferralId) -> Result<(Referral, Value), RecordsError> {
    let found = get(tx, id)?;
    audit::record(tx, AuditEntry::new(AuditAction::ReferralExported).on(id).of_patient(found.0.patient_id))?;
    Ok(found)
}

/// The letters of a decision, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_decision(tx: &Reading<'_>, decision: DecisionId) -> Result<Vec<Referral>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM referrals WHERE decision_id = ?1 ORDER BY written_at DESC, id DESC")?;
    let found = query.query_map([id_text(&decision)], from_row)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Referral> {
    Ok(Referral {
        id: row.parsed("id")?,
        decision_id: row.parsed("decision_id")?,
        patient_id: row.parsed("patient_id")?,
        entry: ReferralEntry {
            recipient: row.text("recipient")?,
            findings: row.text("findings")?,
            question: row.text("question")?,
            urgent: row.get("urgent")?,
        },
        author: row.parsed("author")?,
        written_at: row.time("written_at")?,
    })
}
