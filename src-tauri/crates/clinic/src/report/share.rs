//! Share packs: signed reports in one file under a passphrase, with a day on which Lentigo stops opening it.
//!
//! The file is an age file (age-encryption.org/v1) with a ZIP inside. The day is a courtesy between honest people:
//! other programs open age files, too, and whoever opened a report may keep it.

use std::io::{Cursor, Read, Write};
use std::iter::once;
use std::path::Path;

use age::scrypt::{Identity, Recipient};
use age::secrecy::SecretString;
use age::{Decryptor, Encryptor};
use documents::{Archive, Packing};
use domain::SessionId;
use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode};
use domain::report::{ReportRecord, ReportState};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use records::audit::{self, AuditEntry};
use records::{patients, reports};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::export::write_through;
use crate::read_first;
use crate::rights::settled_passphrase;
use crate::session::Session;
use crate::views::{
    ReportShareRequest, SharePackOpenRequest, SharePackPdfRequest, SharePackView, SharedReport,
};

use super::handing_out::{file_name, handout};

const SCHEMA: &str = "lentigo.share-pack/1";
const MANIFEST: &str = "manifest.json";
const MOST_REPORTS: usize = 50;
const MOST_DAYS: u32 = 90;
/// Base 2 logarithm of the cost of scrypt, and the most that is paid to open a file.
const WORK: u8 = 17;
const MOST_WORK: u8 = 20;
/// Largest pack that is opened, in bytes.
const LARGEST: u64 = 256 << 20;
/// A clock this far before the making of a pack was set back.
const SET_BACK: SignedDuration = SignedDuration::from_hours(24);

#[derive(Serialize, Deserialize)]
struct Manifest {
    schema: String,
    clinic: String,
    made_at: Timestamp,
    expires_at: Timestamp,
    reports: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
struct Listed {
    file: String,
    #[serde(flatten)]
    report: SharedReport,
}

/// A pack that was asked for and has no place yet.
pub struct SharePermit {
    /// A suggestion; it carries the patient's number and no name.
    pub file_name: String,
    session: SessionId,
    records: Vec<ReportRecord>,
    passphrase: Zeroizing<String>,
    expires_at: Timestamp,
}

/// # Errors
/// `invalid_input` for the passphrase, the days (1 to 90), or reports that are not 1 to 50 signed ones of one patient;
/// `not_found`, `impression_required`.
pub fn prepare_share(session: &Session, request: &ReportShareRequest) -> Result<SharePermit> {
    session.authorise(Command::ReportShare)?;
    let passphrase = settled_passphrase(&request.passphrase, Some(&request.passphrase_repeat))?;
    if !(1..=MOST_DAYS).contains(&request.days) {
        return Err(vec![FieldProblem::with_limit("days", ProblemCode::NotAllowed, MOST_DAYS)].into());
    }
    let records: Vec<ReportRecord> = session
        .store()
        .read(|tx| request.ids.iter().map(|id| Ok(reports::get(tx, *id)?.record)).collect())?;
    let patient = records.first().map(|record| record.patient_id);
    let fits =
        |record: &ReportRecord| record.state == ReportState::Signed && Some(record.patient_id) == patient;
    if records.is_empty() || records.len() > MOST_REPORTS || !records.iter().all(fits) {
        let limit = u32::try_from(MOST_REPORTS).unwrap_or(u32::MAX);
        return Err(vec![FieldProblem::with_limit("ids", ProblemCode::NotAllowed, limit)].into());
    }
    for record in &records {
        read_first::admit(session, record.analysis_id)?;
    }
    let patient = patient.ok_or(ErrorCode::NotFound)?;
    let number = session.store().read(|tx| patients::get(tx, patient))?.number;
    let valid = SignedDuration::from_hours(24 * i64::from(request.days));
    let expires_at =
        session.workstation().clock().now().checked_add(valid).map_err(|_| ErrorCode::Internal)?;
    let file_name = format!("{number}-reports.age");
    Ok(SharePermit { file_name, session: session.id(), records, passphrase, expires_at })
}

/// Writes the pack; the trail tells of it before the first byte.
///
/// # Errors
/// `session_locked` in another session than the one that asked; `storage_full`, `storage_failed`, `record_damaged`.
pub fn write_share(session: &Session, permit: &SharePermit, path: &Path) -> Result<()> {
    let actor = session.authorise(Command::ReportShare)?;
    if permit.session != session.id() {
        return Err(ErrorCode::SessionLocked.into());
    }
    session.store().write(&actor, |tx| {
        for record in &permit.records {
            let entry =
                AuditEntry::new(AuditAction::ReportShared).on(record.id).of_patient(record.patient_id);
            let details = json!({ "number": record.number, "expires_at": permit.expires_at });
            audit::record(tx, entry.with(details))?;
        }
        Ok(())
    })?;
    let pack = pack(session, permit)?;
    write_through(path, |file| {
        let mut recipient = Recipient::new(SecretString::from(permit.passphrase.as_str()));
        recipient.set_work_factor(WORK);
        let encryptor = Encryptor::with_recipients(once(&recipient as &dyn age::Recipient))
            .map_err(|_| ErrorCode::Internal)?;
        let mut out = encryptor.wrap_output(file)?;
        out.write_all(&pack)?;
        out.finish()?;
        Ok(())
    })
}

fn pack(session: &Session, permit: &SharePermit) -> Result<Zeroizing<Vec<u8>>> {
    let made_at = session.workstation().clock().now();
    let mut bytes = Cursor::new(Vec::new());
    let mut archive = Archive::new(&mut bytes, None, made_at.to_zoned(TimeZone::system()).datetime());
    let mut listed = Vec::new();
    for record in &permit.records {
        let file = file_name(record, None);
        let handout = handout(session, record.clone())?;
        archive.add(&file, &handout.pdf, Packing::Stored)?;
        let report = SharedReport {
            number: handout.record.number,
            edition: handout.edition.edition,
            signed_at: handout.edition.signed_at,
            signer_name: handout.edition.signer_name,
        };
        listed.push(Listed { file, report });
    }
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        clinic: session.office().clinic.name.clone(),
        made_at,
        expires_at: permit.expires_at,
        reports: listed,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|_| ErrorCode::Internal)?;
    archive.add(MANIFEST, &text, Packing::Deflated)?;
    archive.finish()?;
    Ok(Zeroizing::new(bytes.into_inner()))
}

/// A pack in memory; wiped when dropped.
pub(crate) struct OpenPack {
    view: SharePackView,
    pdfs: Vec<Zeroizing<Vec<u8>>>,
}

/// A report of the pack that is open.
///
/// # Errors
/// `not_found` where there is none at this place, or no pack is open.
pub fn pack_pdf(session: &Session, request: &SharePackPdfRequest) -> Result<Vec<u8>> {
    session.authorise(Command::SharePackPdf)?;
    let place = usize::try_from(request.place).unwrap_or(usize::MAX);
    let found = session.with_pack(|pack| Some(pack.as_ref()?.pdfs.get(place)?.to_vec()));
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Opens a pack of any clinic, in memory, until another one is opened or the session ends.
///
/// # Errors
/// `passphrase_wrong`, also for what is no share pack; `share_expired`, also with a clock that was set back;
/// `image_too_large` over 256 MB.
pub fn open_pack(session: &Session, request: &SharePackOpenRequest, path: &Path) -> Result<SharePackView> {
    let actor = session.authorise(Command::SharePackOpen)?;
    if std::fs::metadata(path)?.len() > LARGEST {
        return Err(Error::with(ErrorCode::ImageTooLarge, json!({ "limit_bytes": LARGEST })));
    }
    let sealed = std::fs::read(path)?;
    let clear = decrypted(&sealed, request.passphrase.expose()).ok_or(ErrorCode::PassphraseWrong)?;
    let pack = unpacked(&clear, session.workstation().clock().now(), LARGEST)?;
    let view = pack.view.clone();
    let numbers: Vec<&str> = view.reports.iter().map(|report| report.number.as_str()).collect();
    let entry = AuditEntry::new(AuditAction::SharePackOpened).with(json!({ "reports": numbers }));
    session.store().write(&actor, |tx| audit::record(tx, entry))?;
    session.with_pack(|open| *open = Some(pack));
    Ok(view)
}

fn decrypted(sealed: &[u8], passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut identity = Identity::new(SecretString::from(passphrase));
    identity.set_max_work_factor(MOST_WORK);
    let decryptor = Decryptor::new(sealed).ok()?;
    let reader = decryptor.decrypt(once(&identity as &dyn age::Identity)).ok()?;
    let mut clear = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.take(LARGEST).read_to_end(&mut clear).ok()?;
    Some(clear)
}

/// `room` is for all parts together: a stranger's pack of some kilobytes could unpack to any size.
fn unpacked(clear: &[u8], now: Timestamp, room: u64) -> Result<OpenPack> {
    let no_pack = || Error::from(ErrorCode::PassphraseWrong);
    let mut archive = zip::ZipArchive::new(Cursor::new(clear)).map_err(|_| no_pack())?;
    let mut left = room;
    let mut part = |name: &str| -> Option<Zeroizing<Vec<u8>>> {
        let file = archive.by_name(name).ok()?;
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(left + 1).read_to_end(&mut bytes).ok()?;
        left = left.checked_sub(bytes.len() as u64)?;
        Some(bytes)
    };
    let manifest = part(MANIFEST).ok_or_else(no_pack)?;
    let manifest: Manifest = serde_json::from_slice(&manifest).map_err(|_| no_pack())?;
    if manifest.schema != SCHEMA {
        return Err(no_pack());
    }
    let set_back = manifest.made_at.duration_since(now) > SET_BACK;
    if now >= manifest.expires_at || set_back {
        return Err(Error::with(ErrorCode::ShareExpired, json!({ "expired_at": manifest.expires_at })));
    }
    let mut reports = Vec::new();
    let mut pdfs = Vec::new();
    for Listed { file, report } in manifest.reports.into_iter().take(MOST_REPORTS) {
        pdfs.push(part(&file).ok_or_else(no_pack)?);
        reports.push(report);
    }
    let expires_at = Some(manifest.expires_at);
    let view = SharePackView { opened: true, clinic_name: manifest.clinic, expires_at, reports };
    Ok(OpenPack { view, pdfs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pack_opens_nothing() {
        assert!(decrypted(b"age-encryption.org/v1\n-> scrypt", "a long passphrase").is_none());
        assert!(decrypted(b"", "a long passphrase").is_none());
        let refused = unpacked(b"not a zip", Timestamp::UNIX_EPOCH, 1).err().unwrap();
        assert_eq!(refused.code, ErrorCode::PassphraseWrong);
    }

    #[test]
    fn a_pack_that_names_one_report_over_and_over_is_none() {
        let report = json!({
            "file": "a.pdf", "number": "R-1", "edition": 1, "signed_at": "1970-01-01T00:00:00Z", "signer_name": "A",
        });
        let pack = |times: usize| {
            let manifest = json!({
                "schema": SCHEMA, "clinic": "C", "made_at": "1970-01-01T00:00:00Z",
                "expires_at": "1970-01-02T00:00:00Z", "reports": vec![report.clone(); times],
            });
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(MANIFEST, options).unwrap();
            zip.write_all(manifest.to_string().as_bytes()).unwrap();
            zip.start_file("a.pdf", options).unwrap();
            zip.write_all(&[0; 10_000]).unwrap();
            zip.finish().unwrap().into_inner()
        };
        assert_eq!(unpacked(&pack(2), Timestamp::UNIX_EPOCH, 30_000).unwrap().pdfs.len(), 2);
        let refused = unpacked(&pack(3), Timestamp::UNIX_EPOCH, 30_000).err().unwrap();
        assert_eq!(refused.code, ErrorCode::PassphraseWrong);
    }
}
