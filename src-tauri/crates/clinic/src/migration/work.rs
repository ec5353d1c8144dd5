//! The import itself, row by row.

use domain::tray::PhotoSource;
use domain::{Actor, LesionId, PatientId};
use records::transfer::{self, Parcel, Standing};
use records::{Reading, RecordsError, clinicians, lesions, patients, portraits};
use vision::DecodeLimits;

use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::offers::files::read_whole;
use crate::session::Session;
use crate::views::{
    Doubt, ImportDecision, ImportOutcome, ImportProgress, ImportRemark, ImportResult, ImportWord,
    TrayAddRequest, TrayAdded,
};
use crate::{directory, portrait, taking};

use super::archive::Packed;
use super::clinic_export::ClinicExport;
use super::old_record::{OldPhotograph, OldRecord, same_label};
use super::photographs::{Sealed, refused};
use super::row::{Brought, Item, Row};
use super::settled;
use super::source::Source;
use super::state::{Migration, Turn, number};

/// What the consents of older records are noted with.
const ON_FILE: &str = "From older records";

/// Imports every row that is to go, until the end or until it is called off.
///
/// # Errors
/// What concerns every row, such as a full disk; the rows from there on are told as not reached.
pub(super) fn through(
    session: &Session,
    turn: &mut Turn<'_>,
    progress: &impl Fn(ImportProgress),
) -> Result<()> {
    let actor = session.actor();
    let of = turn.migration().rows.len();
    let mut ended = names(session, &actor, turn.migration());
    for index in 0..of {
        if ended.is_err() || turn.is_called_off(session) {
            turn.migration().rows[index].result = Some(ImportResult::NotReached);
            continue;
        }
        let Migration { source, rows, .. } = turn.migration();
        ended = one(session, &actor, source, &mut rows[index]);
        let step = ImportProgress { done: number(index + 1), of: number(of) };
        turn.note(step);
        progress(step);
    }
    turn.migration().ended = true;
    session.workstation().events().changed(Subject::Patient, "");
    ended
}

/// Those whom the rows name come before them, with the pictures of their signatures.
fn names(session: &Session, actor: &Actor, migration: &mut Migration) -> Result<()> {
    let Source::Clinic(export) = &mut migration.source else { return Ok(()) };
    let (arrivals, archive) = export.parts();
    session.store().write(actor, |tx| transfer::admit_staff(tx, &arrivals.staff))?;
    for (clinician, path) in arrivals.staff.signatures() {
        let read = |tx: &Reading<'_>| match clinicians::get(tx, clinician) {
            Ok(entry) => Ok(!entry.has_signature),
            Err(RecordsError::NotFound) => Ok(false),
            Err(error) => Err(error),
        };
        // One that stands here is never written over.
        if !session.store().read(read)? {
            continue;
        }
        let found = ClinicExport::file(archive, &path)
            .and_then(|found| found.map(|bytes| directory::as_plain_png(&bytes)).transpose());
        match found {
            Ok(Some(png)) => {
                session.store().write(actor, |tx| clinicians::set_signature(tx, clinician, &png))?;
            }
            Ok(None) => {}
            Err(error) if concerns_all(error.code) => return Err(error),
            // Whoever it belongs to can add it anew; nobody's record hangs on it.
            Err(error) => tracing::warn!(%error, "the picture of a signature was not imported"),
        }
    }
    Ok(())
}

fn one(session: &Session, actor: &Actor, source: &mut Source, row: &mut Row) -> Result<()> {
    let Some(how) = settled(row) else {
        row.result = Some(match row.outcome {
            ImportOutcome::Refused => ImportResult::Refused,
            _ => ImportResult::Skipped,
        });
        if row.outcome == ImportOutcome::Doubtful && row.decision != Some(ImportDecision::Skip) {
            row.remark(ImportWord::Undecided, None);
        }
        return Ok(());
    };
    let item = std::mem::replace(&mut row.item, Item::Nothing);
    let done = match (&item, &mut *source) {
        (Item::Parcel(place), Source::Clinic(export)) => parcel(session, actor, export, *place, row),
        (Item::Old(record), source) => old(session, actor, source, record, how, row),
        _ => Err(ErrorCode::Internal.into()),
    };
    row.item = item;
    match done {
        Ok(result) => {
            row.result = Some(result);
            Ok(())
        }
        Err(error) => {
            row.result = Some(ImportResult::Failed);
            let code = refused(&error).detail;
            row.remark(ImportWord::Failure, code);
            if concerns_all(error.code) { Err(error) } else { Ok(()) }
        }
    }
}

/// Every row after this one would end like it.
const fn concerns_all(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::StorageFull
            | ErrorCode::StorageFailed
            | ErrorCode::SessionLocked
            | ErrorCode::PassphraseWrong
    )
}

fn parcel(
    session: &Session,
    actor: &Actor,
    export: &mut ClinicExport,
    place: usize,
    row: &mut Row,
) -> Result<ImportResult> {
    let (arrivals, archive) = export.parts();
    let parcel = arrivals.parcels.get(place).ok_or(ErrorCode::Internal)?;
    let standing = session.store().read(|tx| transfer::standing(tx, parcel))?;
    if let Standing::Here { bare } = standing {
        let sealed = Sealed::of(session.sealed()?, archive, parcel, |photo| bare.contains(&photo.id), false)?;
        if sealed.count() > 0 {
            session.store().write(actor, |tx| transfer::complete(tx, &sealed.photographed()))?;
        }
        row.brought.photographs = number(sealed.count());
        tell(row, &sealed.remarks);
        let any = sealed.count() > 0;
        sealed.keep();
        return Ok(if any { ImportResult::Added } else { ImportResult::Unchanged });
    }
    let sealed = Sealed::of(session.sealed()?, archive, parcel, |_| true, true)?;
    let face = face(archive, parcel);
    let admitted = session.store().write(actor, |tx| {
        let admitted = transfer::admit(tx, parcel, &sealed.photographed(), sealed.drawn())?;
        if let Some((patient, jpeg)) = &face {
            portraits::set(tx, *patient, jpeg)?;
        }
        Ok(admitted)
    });
    let admitted = match admitted {
        // What no export writes is the row's own fault, and no other row's.
        Err(RecordsError::Damaged | RecordsError::Conflict | RecordsError::NotFound) => {
            row.remark(ImportWord::Damaged, None);
            return Ok(ImportResult::Refused);
        }
        other => other?,
    };
    row.brought = Brought { lesions: row.holds.lesions, photographs: number(sealed.count()) };
    tell(row, &sealed.remarks);
    sealed.keep();
    for (_, now) in admitted.renumbered {
        row.remark(ImportWord::NumberChanged, Some(now));
    }
    Ok(ImportResult::Created)
}

/// The portrait of the record that stands; one that cannot be read is left out.
fn face(archive: &mut Option<Packed>, parcel: &Parcel) -> Option<(PatientId, Vec<u8>)> {
    let patient = *parcel.patients().first()?;
    let file = ClinicExport::file(archive, &format!("portraits/{patient}.jpg")).ok()??;
    let photo = vision::decode(&file, &DecodeLimits::default()).ok()?;
    Some((patient, portrait::small_square(&photo).ok()?))
}

fn old(
    session: &Session,
    actor: &Actor,
    source: &mut Source,
    record: &OldRecord,
    how: ImportOutcome,
    row: &mut Row,
) -> Result<ImportResult> {
    let found = row.found.as_ref().map(|found| found.patient_id);
    let known = if how == ImportOutcome::New { None } else { Some(found.ok_or(ErrorCode::NotFound)?) };
    // Person and lesions in one: half of them would pass for all.
    let (patient, number_here, lesions, added) = session.store().write(actor, |tx| {
        let patient = match known {
            Some(id) => patients::get(tx, patients::standing(tx, id)?)?,
            None => {
                let number = record.number.as_deref();
                patients::register_from_elsewhere(tx, &record.details, number, ON_FILE)?
            }
        };
        let here = lesions::of_patient(tx, patient.id)?;
        let mut ids = Vec::new();
        let mut added = 0;
        for lesion in &record.lesions {
            match here.iter().find(|one| same_label(&one.details.label, &lesion.details.label)) {
                Some(known) => ids.push(known.id),
                None => {
                    ids.push(lesions::add(tx, patient.id, &lesion.details)?.id);
                    added += 1;
                }
            }
        }
        if known.is_some() && added == 0 {
            // Nothing else is written here, and looking somebody up is told.
            patients::read(tx, patient.id)?;
        }
        Ok((patient.id, patient.number, ids, added))
    })?;
    row.brought.lesions = added;
    if known.is_none() && record.number.as_deref().is_some_and(|number| number != number_here) {
        row.remark(ImportWord::NumberChanged, Some(number_here));
    }
    for (lesion, id) in record.lesions.iter().zip(lesions) {
        for photograph in &lesion.photographs {
            bring(session, source, patient, Some(id), photograph, row)?;
        }
    }
    for photograph in &record.photographs {
        bring(session, source, patient, None, photograph, row)?;
    }
    Ok(match (known.is_some(), row.brought == Brought::default()) {
        (false, _) => ImportResult::Created,
        (true, false) => ImportResult::Added,
        (true, true) => ImportResult::Unchanged,
    })
}

/// A photograph goes the way of all photographs; what keeps it away is told.
fn bring(
    session: &Session,
    source: &mut Source,
    patient_id: PatientId,
    lesion_id: Option<LesionId>,
    photograph: &OldPhotograph,
    row: &mut Row,
) -> Result<()> {
    let request = TrayAddRequest {
        patient_id,
        lesion_id,
        kind: None,
        source: PhotoSource::Folder,
        accepted: Vec::new(),
    };
    let bytes = match read(source, photograph) {
        Ok(bytes) => bytes,
        Err(error) => {
            tell(row, &[refused(&error)]);
            return Ok(());
        }
    };
    match taking::add(session, &request, &bytes) {
        Ok(TrayAdded::Taken { photos }) => {
            row.brought.photographs += number(photos.iter().filter(|photo| !photo.already).count());
        }
        Ok(TrayAdded::Doubted { doubts }) => {
            let another = doubts.iter().any(|doubt| doubt.doubt == Doubt::StoredForAnother);
            let word = if another { ImportWord::PhotographOfAnother } else { ImportWord::PhotographRefused };
            row.remark(word, doubts.into_iter().find_map(|doubt| doubt.detail));
        }
        Err(error) if error.code == ErrorCode::ConsentMissing => row.remark(ImportWord::ConsentMissing, None),
        Err(error) if concerns_all(error.code) => return Err(error),
        Err(error) => tell(row, &[refused(&error)]),
    }
    Ok(())
}

fn read(source: &mut Source, photograph: &OldPhotograph) -> Result<Vec<u8>> {
    match (photograph, source) {
        (OldPhotograph::File(found), Source::Folder(folder)) => {
            folder.still_holds(&found.path)?;
            read_whole(found)
        }
        (OldPhotograph::Inline(data), _) => super::fhir::decoded(data),
        (OldPhotograph::Entry(name), Source::Fhir(bundle)) => bundle.entry(name),
        _ => Err(Error::new(ErrorCode::FileGone)),
    }
}

fn tell(row: &mut Row, remarks: &[ImportRemark]) {
    for remark in remarks {
        row.remark(remark.word, remark.detail.clone());
    }
}
