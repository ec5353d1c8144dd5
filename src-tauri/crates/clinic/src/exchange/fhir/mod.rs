//! A patient's record for another system: a bundle of FHIR R4 with its files, in one ZIP.
//!
//! What does not count does not travel: lesions entered in error with all that hangs on them, specimens entered by
//! mistake, photographs and readings that were deleted, and readings that wait for an impression. Photographs
//! leave under the consent to photographs alone, readings under that to the classifier.

mod gather;

use std::fs::File;
use std::path::Path;

use documents::fhir::{FhirFile, FhirPhotograph, FhirReport, render_fhir};
use documents::{Archive, Packing, Paper};
use domain::image::ImageFormat;
use domain::{PatientId, SessionId};
use jiff::tz::TimeZone;
use records::images::Rendition;
use records::patients;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::FhirExportRequest;
use crate::{export, picture, report, rights};

use gather::{Gathered, Taken};

/// An export that was asked for with password and all, and has no place yet.
pub struct FhirPermit {
    /// A suggestion; it carries the patient's number and no name.
    pub file_name: String,
    patient: PatientId,
    /// Whoever typed the password; the dialog may outlive the session.
    session: SessionId,
    paper: Paper,
    passphrase: Option<Zeroizing<String>>,
}

/// Checks who asks, before a place is chosen.
///
/// # Errors
/// `invalid_input` for a passphrase that is too short or was not typed twice alike; `invalid_credentials`;
/// `not_found`, `patient_merged`.
pub fn prepare(session: &Session, request: &FhirExportRequest) -> Result<FhirPermit> {
    session.authorise(Command::PatientFhirExport)?;
    session.sealed()?;
    let passphrase = rights::passphrase(request.passphrase.as_ref(), request.passphrase_repeat.as_ref())?;
    let patient = session.store().read(|tx| patients::get(tx, request.patient_id))?;
    if patient.merged_into.is_some() {
        return Err(ErrorCode::PatientMerged.into());
    }
    session.check_password(&request.password)?;
    Ok(FhirPermit {
        file_name: format!("{}-fhir.zip", patient.number),
        patient: patient.id,
        session: session.id(),
        paper: request.paper.into(),
        passphrase,
    })
}

/// Writes the archive; the audit trail tells of it before the first byte.
///
/// # Errors
/// `not_permitted`, `session_locked` also in another session than the one that asked, `not_found`,
/// `patient_merged`, `storage_full`, `storage_failed`; nothing is left at the place then, and what was there is
/// untouched.
pub fn write(session: &Session, permit: FhirPermit, path: &Path) -> Result<()> {
    let actor = session.authorise(Command::PatientFhirExport)?;
    if permit.session != session.id() {
        return Err(ErrorCode::SessionLocked.into());
    }
    let protected = permit.passphrase.is_some();
    let gathered =
        session.store().write(&actor, |tx| gather::gather(session, tx, permit.patient, protected))?;
    let made_at = session.workstation().clock().now();
    export::write_through(path, |file| {
        let local = made_at.to_zoned(TimeZone::system()).datetime();
        let mut archive = Archive::new(file, permit.passphrase, local);
        archive.add("README.txt", readme(&gathered).as_bytes(), Packing::Deflated)?;
        let photographs = gathered
            .photographs
            .iter()
            .map(|taken| add_photograph(session, &mut archive, taken))
            .collect::<Result<Vec<_>>>()?;
        let reports = gathered
            .reports
            .iter()
            .map(|stored| {
                let file = gathered
                    .reports_leave
                    .then(|| add_report(session, &mut archive, &stored.record, permit.paper))
                    .transpose()?
                    .flatten();
                Ok(FhirReport { record: stored.record.clone(), author: stored.author, file })
            })
            .collect::<Result<Vec<_>>>()?;
        let record = gathered.told(session, made_at, &photographs, &reports);
        let bundle = Zeroizing::new(render_fhir(&record)?);
        archive.add("bundle.json", &bundle, Packing::Deflated)?;
        archive.finish()?;
        Ok(())
    })
}

fn add_photograph(
    session: &Session,
    archive: &mut Archive<&mut File>,
    taken: &Taken,
) -> Result<FhirPhotograph> {
    let record = &taken.record;
    let ending = match record.format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Png => "png",
        ImageFormat::Tiff => "tif",
        ImageFormat::WebP => "webp",
        ImageFormat::Bmp => "bmp",
    };
    let path = format!("photographs/{}.{ending}", record.id);
    let opened = undamaged(picture::open(session, &taken.file, Rendition::Original.purpose()))?;
    let file = opened.map(|bytes| add(archive, path, record.format.media_type(), &bytes)).transpose()?;
    Ok(FhirPhotograph { record: record.clone(), taken_on: taken.taken_on, file })
}

fn add_report(
    session: &Session,
    archive: &mut Archive<&mut File>,
    record: &domain::report::ReportRecord,
    paper: Paper,
) -> Result<Option<FhirFile>> {
    let pdf = undamaged(report::pdf(session, record.id, paper).map(Zeroizing::new))?;
    pdf.map(|pdf| add(archive, format!("reports/{}.pdf", record.number), "application/pdf", &pdf)).transpose()
}

/// Nothing for what is damaged, or was destroyed after its time: the bundle says so instead.
fn undamaged<T>(opened: Result<T>) -> Result<Option<T>> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(Error { code: ErrorCode::RecordDamaged | ErrorCode::NotFound, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn add(
    archive: &mut Archive<&mut File>,
    path: String,
    media_type: &'static str,
    bytes: &[u8],
) -> Result<FhirFile> {
    archive.add(&path, bytes, Packing::Stored)?;
    Ok(FhirFile::of(path, media_type, bytes))
}

fn readme(gathered: &Gathered) -> String {
    let mut text = HEAD.to_owned();
    let left_out = gathered.left_out();
    if !left_out.is_empty() {
        text.push_str("\nLeft out of this archive\n\n");
        for line in left_out {
            text.push_str(&format!("- {line}\n"));
        }
    }
    text
}

const HEAD: &str = "\
A patient's record in FHIR R4 (4.0.1)

bundle.json     A Bundle of type collection. References stay inside it (urn:uuid).
photographs/    Photographs of lesions as they were taken in; the Media resources name them.
reports/        Reports as PDF; the DiagnosticReport resources name them.

Patient, Organization, Practitioner   Who it is about, and who had to do with it.
Flag            What everybody must know before touching the patient.
BodyStructure   A lesion. Its identifier urn:dicom:uid is the same in objects of DICOM.
Media           A photograph, with size and SHA-1 of its file.
Observation     Readings by a classifier with the calibrated probability of each class (decision support, not a
                diagnosis; status preliminary), checklists, impressions and decisions of clinicians, histology,
                skin phototype, risk factors and history.
Device          The model of a reading with version and SHA-256, and the program that wrote the archive.
Specimen        A biopsy.
DiagnosticReport   Reports of the clinic and of the pathologist.
Consent         Each giving (policy rule OPTIN) and withdrawing (OPTOUT); what is active counts.
Provenance      Who made the archive, when, and with what.
CodeSystem      Terms that no published coding system was found for.

Lesions entered in error, specimens entered by mistake, and photographs and readings that were deleted are not in
the archive.
";
