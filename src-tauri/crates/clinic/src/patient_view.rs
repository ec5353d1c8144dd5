//! The patient's own look at their record.
//!
//! A clinician seals a copy of one patient's data, photographs and signed reports under the passcode of
//! a slip. What the patient opens is that copy: neither the database nor a key of the clinic is near it.

use std::sync::{Arc, Mutex, PoisonError};

use domain::PatientId;
use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode};
use jiff::SignedDuration;
use records::audit::{self, AuditEntry};
use records::images::{self, Rendition};
use records::{lesions, patients};
use serde_json::json;
use vault::{Parcel, VaultError};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::intake::{self, Note};
use crate::picture::{self, Picture};
use crate::report::signed_handouts;
use crate::session::Session;
use crate::sign_in::prove;
use crate::since::Since;
use crate::views::{
    OwnLesion, OwnPicture, OwnReport, PatientOwnRecord, PatientSlipView, PatientViewIssueRequest,
    PatientViewOpenRequest, PatientViewing,
};
use crate::workstation::Workstation;

const LONGEST: SignedDuration = SignedDuration::from_mins(15);
const IDLE: SignedDuration = SignedDuration::from_mins(3);
const MAX_HOURS: u32 = 72;
/// Failed passcodes are counted under this name; no account can have it, it is no e-mail address.
const DOOR: &str = "patient view";
const MAGIC: &[u8; 4] = b"LOR1";

/// Seals the copy and gives the passcode, shown once.
///
/// # Errors
/// `not_found`, `consent_missing` without photo consent, `invalid_input` outside 1 to 72 hours,
/// `storage_full`.
pub fn issue(session: &Session, request: &PatientViewIssueRequest) -> Result<PatientSlipView> {
    let actor = session.authorise(Command::PatientViewIssue)?;
    if !(1..=MAX_HOURS).contains(&request.hours) {
        return Err(vec![FieldProblem::with_limit("hours", ProblemCode::NotAllowed, MAX_HOURS)].into());
    }
    let (mut record, mut pictures) = gather(session, request)?;
    let shown = pictures.len();
    record.reports = signed_reports(session, request.patient_id, &mut pictures)?;
    let workstation = session.workstation();
    let valid = SignedDuration::from_hours(i64::from(request.hours));
    let expires_at = workstation.clock().now().checked_add(valid).map_err(|_| ErrorCode::Internal)?;
    let bytes = pack(&record, &pictures);
    let (parcel, code) = Parcel::write(workstation.folder(), &bytes, expires_at, workstation.kdf())?;
    let details = json!({ "parcel": parcel.to_string(), "expires_at": expires_at, "pictures": shown, "reports": record.reports.len() });
    let entry = AuditEntry::new(AuditAction::PatientViewIssued).on(request.patient_id).with(details);
    session.store().write(&actor, |tx| audit::record(tx, entry))?;
    Ok(PatientSlipView {
        patient_number: record.number,
        code: code.text().to_owned(),
        expires_at,
        pictures: u32::try_from(shown).unwrap_or(u32::MAX),
        reports: u32::try_from(record.reports.len()).unwrap_or(u32::MAX),
    })
}

type Pictures = Vec<Zeroizing<Vec<u8>>>;

fn gather(session: &Session, request: &PatientViewIssueRequest) -> Result<(PatientOwnRecord, Pictures)> {
    let actor = session.actor();
    let (patient, found) = session.store().write(&actor, |tx| {
        let patient = patients::read(tx, request.patient_id)?;
        let mut found = Vec::new();
        // What was entered in error may be somebody else's: it is no part of this patient's own record.
        let own = lesions::of_patient(tx, request.patient_id)?;
        for lesion in own.into_iter().filter(|lesion| !lesion.is_an_error()) {
            let mut photographs = Vec::new();
            for image in images::of_lesion(tx, lesion.id)? {
                photographs.push((image.imported_at, images::read_file(tx, image.id, Rendition::Display)?));
            }
            found.push((lesion, photographs));
        }
        Ok((patient, found))
    })?;
    if !patient.details.photo_consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" })));
    }
    let mut pictures = Pictures::new();
    let mut own = Vec::new();
    for (lesion, photographs) in found {
        let mut shown = Vec::new();
        for (taken_at, file) in photographs {
            let place = u32::try_from(pictures.len()).unwrap_or(u32::MAX);
            pictures.push(picture::open(session, &file, Rendition::Display.purpose())?);
            shown.push(OwnPicture { place, taken_at });
        }
        own.push(OwnLesion {
            id: lesion.id,
            label: lesion.details.label,
            body_site: lesion.details.site.name().to_owned(),
            site: Some(lesion.details.site),
            pictures: shown,
        });
    }
    let some = |text: String| if text.is_empty() { None } else { Some(text) };
    let record = PatientOwnRecord {
        clinic_name: session.office().clinic.name.clone(),
        number: patient.number,
        family_name: patient.details.family_name,
        given_names: patient.details.given_names,
        date_of_birth: patient.details.date_of_birth,
        sex: patient.details.sex,
        phone: some(patient.details.phone),
        email: some(patient.details.email),
        address: some(patient.details.address),
        lesions: own,
        reports: Vec::new(),
        as_of: session.workstation().clock().now(),
    };
    Ok((record, pictures))
}

/// The reports that are signed and stand, each a PDF behind the photographs.
fn signed_reports(session: &Session, patient: PatientId, parts: &mut Pictures) -> Result<Vec<OwnReport>> {
    let mut own = Vec::new();
    for handout in signed_handouts(session, patient)? {
        let place = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        parts.push(handout.pdf);
        own.push(OwnReport {
            number: handout.record.number,
            signed_at: handout.edition.signed_at,
            signed_by: handout.edition.signer_name,
            place,
        });
    }
    Ok(own)
}

/// A patient at the workstation. Everything is wiped when it is dropped.
pub struct PatientVisit {
    workstation: Arc<Workstation>,
    record: PatientOwnRecord,
    pictures: Pictures,
    opened: Since,
    touched: Mutex<Since>,
}

/// Opens the record with the passcode of a slip; the passcode is used up.
///
/// # Errors
/// `code_invalid` for a wrong, used or old passcode alike, and after five failures for an hour.
pub fn open(workstation: &Arc<Workstation>, request: &PatientViewOpenRequest) -> Result<PatientVisit> {
    let now = workstation.clock().now();
    let folder = workstation.folder();
    Parcel::sweep(folder, now)?;
    let opened = prove(workstation, DOOR, || match Parcel::open(folder, request.code.expose(), now) {
        Err(VaultError::CodeExpired) => Err(VaultError::InvalidCredentials),
        other => other,
    });
    let (parcel, bytes) = opened.map_err(|error| match error.code {
        ErrorCode::InvalidCredentials => Error::from(ErrorCode::CodeInvalid),
        _ => error,
    })?;
    let (record, pictures) = unpack(&bytes).ok_or(ErrorCode::RecordDamaged)?;
    intake::leave(workstation, &Note::PatientViewOpened { parcel: parcel.to_string(), at: now })?;
    let opened = Since::now(&**workstation.clock());
    let touched = Mutex::new(opened);
    Ok(PatientVisit { workstation: Arc::clone(workstation), record, pictures, opened, touched })
}

impl PatientVisit {
    #[must_use]
    pub fn viewing(&self) -> PatientViewing {
        let left = LONGEST.saturating_sub(self.workstation.clock().now().duration_since(self.opened.clock));
        PatientViewing {
            record: self.record.clone(),
            ends_in_seconds: u32::try_from(left.as_secs()).unwrap_or(0),
            idle_seconds: u32::try_from(IDLE.as_secs()).unwrap_or(0),
        }
    }

    #[must_use]
    pub fn picture(&self, place: u32) -> Option<Picture> {
        let bytes = self.pictures.get(usize::try_from(place).ok()?)?.clone();
        let report = self.record.reports.iter().any(|report| report.place == place);
        let media_type = if report { "application/pdf" } else { "image/jpeg" };
        Some(Picture { media_type, bytes })
    }

    pub fn touch(&self) {
        let now = Since::now(&**self.workstation.clock());
        *self.touched.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// After a quarter of an hour, or three minutes without a touch.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let clock = &**self.workstation.clock();
        let touched = *self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        self.opened.is_past(clock, LONGEST) || touched.is_past(clock, IDLE)
    }
}

/// The record as JSON behind its length, then each picture behind its own.
fn pack(record: &PatientOwnRecord, pictures: &Pictures) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(MAGIC.to_vec());
    let clear = Zeroizing::new(serde_json::to_vec(record).unwrap_or_default());
    for part in std::iter::once(&clear).chain(pictures) {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

fn unpack(bytes: &[u8]) -> Option<(PatientOwnRecord, Pictures)> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let mut parts = Pictures::new();
    while !rest.is_empty() {
        let (length, more) = rest.split_first_chunk()?;
        let (part, more) = more.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        parts.push(Zeroizing::new(part.to_vec()));
        rest = more;
    }
    let mut parts = parts.into_iter();
    let record = serde_json::from_slice(&parts.next()?).ok()?;
    Some((record, parts.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::patient::Sex;

    fn record() -> PatientOwnRecord {
        PatientOwnRecord {
            clinic_name: "Seeblick".into(),
            number: "P-000001".into(),
            family_name: "Lindenhoff".into(),
            given_names: "Brigitte".into(),
            date_of_birth: jiff::civil::date(1961, 4, 23),
            sex: Sex::Female,
            phone: None,
            email: None,
            address: None,
            lesions: vec![],
            reports: vec![],
            as_of: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let pictures = vec![Zeroizing::new(vec![1, 2, 3]), Zeroizing::new(vec![])];
        let packed = pack(&record(), &pictures);
        let (back, same) = unpack(&packed).unwrap();
        assert_eq!((back.number.as_str(), same), ("P-000001", pictures));
    }

    #[test]
    fn cut_or_foreign_bytes_are_refused_without_panic() {
        let packed = pack(&record(), &vec![Zeroizing::new(vec![7; 40])]);
        for length in 0..packed.len() {
            let cut = unpack(&packed[..length]);
            assert!(cut.is_none_or(|(_, pictures)| pictures.is_empty()), "{length}");
        }
        assert!(unpack(b"LOR1\xff\xff\xff\xff").is_none());
        assert!(unpack(b"nothing").is_none());
    }
}
