//! A set of cases without identities, for whoever trains a model elsewhere. Nothing is trained here.
//!
//! In it are photographs, what the model said and what clinicians and pathologists said, of patients who
//! consented to it. Every identity in it is drawn anew for the one set; there is no key back.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::Path;

use documents::{Archive, Packing};
use domain::clock::age_in_years;
use domain::image::ImageKind;
use domain::impression::Impression;
use domain::morphology;
use domain::similar::AgeBand;
use domain::{PatientId, SessionId};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use records::case_sets::{self, Case};
use records::images::{self, Rendition};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::session::Session;
use crate::views::{CaseSetCount, CaseSetCountRequest, CaseSetExportRequest};
use crate::{export, picture};

/// Raised when a reader of `cases.jsonl` would have to know.
const VERSION: u32 = 1;
const SCHEMA: &str = "lentigo.case-set";

/// A set that was asked for with the password and has no place yet.
pub struct CaseSetPermit {
    pub file_name: String,
    incorrect_only: bool,
    /// Whoever typed the password; the dialog may outlive the session.
    session: SessionId,
}

/// What a set would hold.
///
/// # Errors
/// `not_permitted`, `record_damaged`.
pub fn count(session: &Session, request: &CaseSetCountRequest) -> Result<CaseSetCount> {
    session.authorise(Command::CaseSetCount)?;
    let found = session.store().read(|tx| case_sets::candidates(tx, request.incorrect_only))?;
    let patients: BTreeSet<PatientId> = found.cases.iter().map(|case| case.patient_id).collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(CaseSetCount {
        cases: number(found.cases.len()),
        patients: number(patients.len()),
        photographs: number(found.cases.iter().map(|case| case.images.len()).sum()),
        without_consent: found.without_consent,
    })
}

/// Checks who asks, before a place is chosen.
///
/// # Errors
/// `not_permitted`, `invalid_credentials`.
pub fn prepare(session: &Session, request: &CaseSetExportRequest) -> Result<CaseSetPermit> {
    session.authorise(Command::CaseSetExport)?;
    session.sealed()?;
    session.check_password(&request.password)?;
    Ok(CaseSetPermit {
        file_name: "case-set.zip".to_owned(),
        incorrect_only: request.incorrect_only,
        session: session.id(),
    })
}

/// Writes the set; the trail of every patient in it tells of it before the first byte.
///
/// # Errors
/// `session_locked` in another session than the one that asked; `not_found` when there is no case; `storage_full`,
/// `storage_failed`, `record_damaged`; nothing is left at the place then.
pub fn write(session: &Session, permit: &CaseSetPermit, path: &Path) -> Result<()> {
    let actor = session.authorise(Command::CaseSetExport)?;
    if permit.session != session.id() {
        return Err(ErrorCode::SessionLocked.into());
    }
    let cases = session.store().write(&actor, |tx| {
        let cases = case_sets::candidates(tx, permit.incorrect_only)?.cases;
        if !cases.is_empty() {
            case_sets::note_export(tx, &cases, permit.incorrect_only)?;
        }
        Ok(cases)
    })?;
    if cases.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    export::write_through(path, |file| {
        // Not even the entries of the archive say when it was made.
        let mut archive = Archive::new(file, None, DateTime::constant(1980, 1, 1, 0, 0, 0, 0));
        archive.add("README.txt", README.as_bytes(), Packing::Deflated)?;
        let lines = add_cases(session, &mut archive, &cases)?;
        archive.add("cases.jsonl", lines.as_bytes(), Packing::Deflated)?;
        archive.finish()?;
        Ok(())
    })
}

/// Adds the photographs under drawn names, and gives the lines that speak of them in the order of those names,
/// which says nothing of the order of the readings.
fn add_cases(session: &Session, archive: &mut Archive<&mut File>, cases: &[Case]) -> Result<String> {
    let mut people = HashMap::new();
    let mut lesions = HashMap::new();
    let mut lines: Vec<(String, Value)> = Vec::with_capacity(cases.len());
    let mut photographs = Vec::new();
    for case in cases {
        let person = people.entry(case.patient_id).or_insert_with(drawn).clone();
        let lesion = lesions.entry(case.lesion_id).or_insert_with(drawn).clone();
        let mut pictures = Vec::new();
        for (image, kind) in &case.images {
            let name = format!("images/{}.jpg", drawn());
            pictures.push(json!({ "file": name, "kind": kind_word(*kind) }));
            photographs.push((name, *image));
        }
        let id = drawn();
        lines.push((id.clone(), line(&id, &person, &lesion, case, &pictures)));
    }
    photographs.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, image) in photographs {
        let file = session.store().read(|tx| images::file(tx, image, Rendition::Display))?;
        // Made by this program when the photograph was imported: pixels alone, without what the file carried.
        let bytes = picture::open(session, &file, Rendition::Display.purpose())?;
        archive.add(&name, &bytes, Packing::Stored)?;
    }
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(lines.into_iter().map(|(_, line)| format!("{line}\n")).collect())
}

fn line(id: &str, person: &str, lesion: &str, case: &Case, pictures: &[Value]) -> Value {
    let assessment = &case.analysis.assessment;
    let read_on = case.analysis.analysed_at.to_zoned(TimeZone::system()).date();
    let age = AgeBand::of(age_in_years(case.date_of_birth, read_on));
    let probabilities: serde_json::Map<String, Value> = assessment
        .probabilities
        .iter()
        .map(|class| (class.label.code.clone(), json!(class.probability)))
        .collect();
    json!({
        "schema": SCHEMA,
        "version": VERSION,
        "case": id,
        "person": person,
        "lesion": lesion,
        "images": pictures,
        "label": label(case),
        "histology": case.histology.as_ref().map(|(code, behaviour)| json!({
            "morphology": code, "behaviour": behaviour,
        })),
        "clinician": case.impression.as_ref().map(coded),
        "overridden": case.overridden,
        "reading": {
            "reported_incorrect": case.feedback.is_some(),
            "correct": case.feedback.as_ref().and_then(|said| said.correct.as_ref()).map(coded),
            "class": assessment.label.as_ref().map(|label| &label.code),
            "band": assessment.band,
            "gate": assessment.gate,
            "probabilities": probabilities,
            "model": case.analysis.model,
        },
        "age_band": age,
        "sex": case.sex,
        "site": case.site,
        "laterality": case.laterality,
    })
}

/// The best there is: the pathologist, then the clinician, then the model.
fn label(case: &Case) -> Value {
    if let Some((code, behaviour)) = &case.histology {
        let name = code.as_deref().and_then(morphology::known).map(|entity| entity.name);
        return json!({ "by": "histology", "code": code, "name": name, "behaviour": behaviour });
    }
    let corrected = case.feedback.as_ref().and_then(|said| said.correct.as_ref());
    if let Some(impression) = corrected.or(case.impression.as_ref()) {
        let mut said = coded(impression);
        said["by"] = json!("clinician");
        return said;
    }
    let leading = case.analysis.assessment.leading().map(|class| class.label.code.clone());
    json!({ "by": "model", "code": leading })
}

/// Without the words of "another one": whoever typed them may have named somebody.
fn coded(impression: &Impression) -> Value {
    json!({ "code": impression.term, "class": impression.class(), "malignancy": impression.malignancy })
}

/// A random identity. The identities of the records are not used: they tell when something was made.
fn drawn() -> String {
    Uuid::new_v4().simple().to_string()
}

const fn kind_word(kind: ImageKind) -> &'static str {
    match kind {
        ImageKind::Dermoscopic => "dermoscopic",
        ImageKind::Clinical => "clinical",
        ImageKind::Overview => "overview",
    }
}

const README: &str = "\
A set of cases without identities

cases.jsonl   One case on a line, as JSON: the photographs of one reading with what is known of the lesion.
images/       The photographs, as JPEG with at most 2048 pixels on the long side.

What a line says

schema, version   Name and edition of this format.
case              Identity of the line; person and lesion are the same for cases of one person or lesion.
images            Files with their kind: dermoscopic or clinical.
label             The best label there is, and by whom: histology, clinician or model.
histology         Code of ICD-O-3 and behaviour, where a pathologist looked at the lesion.
clinician         What the clinician took the lesion for.
overridden        Whether the clinician planned less than the band asks for; null where nobody decided.
reading           What the model said, and whether a clinician reported it as wrong.
age_band          Age at the time of the reading, in bands of ten years.
sex, site, laterality   As they are on record; site and side are coded.

What was removed

Names, dates of birth, addresses, telephone numbers, e-mail addresses and numbers of patients; the names of the
clinic and of its staff; every date and time; the identities under which the clinic stores its records; all free
text; what the files of the photographs carried beside their pixels, such as place, time, camera and names;
overview photographs, for faces may be on them; cases of patients who did not consent to training, or withdrew it.

What a person must still look at

The pixels themselves were not searched: writing in a picture, a tattoo or jewellery may tell who somebody is.
Look through the photographs before they are passed on. A patient who withdraws the consent is left out of later
sets and cannot be taken out of this one.
";
