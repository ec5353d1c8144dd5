//! Signed editions: the report, its addenda, its withdrawal. What was handed out stays as a sealed file that also
//! opens for roles without the key to photographs.

use domain::audit::AuditAction;
use domain::report::{EditionKind, PaperSize, ReportEdition, ReportState, SignatureMeaning};
use domain::{FileId, ReportId};
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Row, params};
use serde_json::json;
use vault::{VaultError, WrappedKey};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::SealedFile;
use crate::row::{Columns, id_text, micros, unreadable, word};
use crate::store::{Reading, Writing};

/// An edition about to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEdition {
    pub report: ReportId,
    /// One more than there are.
    pub edition: u32,
    pub kind: EditionKind,
    pub text: String,
    pub meaning: SignatureMeaning,
    pub signer_name: String,
    pub signed_at: jiff::Timestamp,
    /// Of the first edition; the others follow it.
    pub paper: PaperSize,
    /// What was signed, to the byte.
    pub statement: String,
    pub key_id: String,
    pub signature: [u8; 64],
    /// The PDF as it is handed out.
    pub handout: SealedFile,
}

/// An edition with its proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    pub edition: ReportEdition,
    pub paper: PaperSize,
    pub statement: String,
    pub signature: [u8; 64],
}

/// Keeps an edition. The first one locks the report.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when somebody else was faster, or nothing may follow.
pub fn sign(tx: &Writing<'_>, new: &NewEdition) -> Result<(), RecordsError> {
    let report = super::get(tx, new.report)?.record;
    let first = new.kind == EditionKind::Signed;
    let state = if first { ReportState::Draft } else { ReportState::Signed };
    if report.editions + 1 != new.edition || report.state != state {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO report_editions (report_id, edition, kind, text, meaning, signer, signer_name, signed_at,
                 statement, key_id, signature, file_id, version, handout_key, paper)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            id_text(&new.report),
            new.edition,
            word(&new.kind),
            new.text,
            word(&new.meaning),
            id_text(&tx.actor().user),
            new.signer_name,
            micros(new.signed_at),
            new.statement,
            new.key_id,
            new.signature,
            id_text(&new.handout.id),
            new.handout.version,
            new.handout.key.as_bytes(),
            word(&new.paper),
        ])?;
    let (action, after) = match new.kind {
        EditionKind::Signed => (AuditAction::ReportSigned, Some(ReportState::Signed)),
        EditionKind::Addendum => (AuditAction::ReportAmended, None),
        EditionKind::Withdrawn => (AuditAction::ReportWithdrawn, Some(ReportState::Withdrawn)),
    };
    if let Some(after) = after {
        tx.connection()
            .prepare_cached("UPDATE reports SET state = ?2 WHERE id = ?1")?
            .execute(params![id_text(&new.report), word(&after)])?;
    }
    let entry = AuditEntry::new(action).on(new.report).of_patient(report.patient_id);
    let details = json!({
        "number": report.number, "edition": new.edition, "meaning": new.meaning, "key": new.key_id,
    });
    audit::record(tx, entry.with(details))?;
    Ok(())
}

/// The editions of a report, in order.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn editions(tx: &Reading<'_>, report: ReportId) -> Result<Vec<Edition>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM report_editions WHERE report_id = ?1 ORDER BY edition")?;
    Ok(query.query_map([id_text(&report)], from_row)?.collect::<Result<_, _>>()?)
}

/// When a report was signed last; nothing before the first signature.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn last_signed_at(tx: &Reading<'_>) -> Result<Option<Timestamp>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT max(signed_at) AS signed_at FROM report_editions")?;
    Ok(query.query_row([], |row| row.time_or_none("signed_at"))?)
}

/// The PDF of the last edition.
///
/// # Errors
/// [`RecordsError::NotFound`] for a draft.
pub fn handout(tx: &Reading<'_>, report: ReportId) -> Result<SealedFile, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, version, handout_key FROM report_editions WHERE report_id = ?1
         ORDER BY edition DESC LIMIT 1",
    )?;
    Ok(query.query_row([id_text(&report)], file_from)?)
}

/// Moves the key of every handout under another key.
///
/// # Errors
/// Whatever `rewrap` returns.
pub fn rewrap_all(
    tx: &Writing<'_>,
    mut rewrap: impl FnMut(&WrappedKey) -> Result<WrappedKey, VaultError>,
) -> Result<(), RecordsError> {
    let mut query = tx.connection().prepare("SELECT file_id, version, handout_key FROM report_editions")?;
    let files: Vec<SealedFile> = query.query_map([], file_from)?.collect::<Result<_, _>>()?;
    for file in &files {
        tx.connection()
            .prepare_cached("UPDATE report_editions SET handout_key = ?2 WHERE file_id = ?1")?
            .execute(params![id_text(&file.id), rewrap(&file.key)?.as_bytes()])?;
    }
    let entry = AuditEntry::new(AuditAction::HandoutsRewrapped);
    audit::record(tx, entry.with(json!({ "files": files.len() })))?;
    Ok(())
}

fn file_from(row: &Row<'_>) -> rusqlite::Result<SealedFile> {
    let key: Vec<u8> = row.get("handout_key")?;
    Ok(SealedFile {
        id: row.parsed::<FileId>("file_id")?,
        version: row.get("version")?,
        key: WrappedKey::try_from(key.as_slice()).map_err(|_| unreadable(Type::Blob))?,
    })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Edition> {
    Ok(Edition {
        edition: ReportEdition {
            edition: row.get("edition")?,
            kind: row.word("kind")?,
            text: row.text("text")?,
            meaning: row.word("meaning")?,
            signer_name: row.text("signer_name")?,
            signed_at: row.time("signed_at")?,
            key_id: row.text("key_id")?,
        },
        paper: row.word("paper")?,
        statement: row.text("statement")?,
        signature: row.get("signature")?,
    })
}
