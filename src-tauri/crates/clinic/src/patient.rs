//! Registering, finding and reading patients.

use domain::clock::age_in_years;
use domain::patient::Patient;
use records::patients::PatientSummary;
use records::{holds, lesions, patients, portraits, reports};

use crate::break_glass;
use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::insight;
use crate::lesion;
use crate::merging;
use crate::session::Session;
use crate::views::{
    BannerHold, PatientCreateRequest, PatientPageView, PatientReadRequest, PatientRow, PatientSearchRequest,
    PatientSearchResult, PatientUpdateRequest, PatientView,
};

const MAX_ROWS: u32 = 200;
const MAX_QUERY: usize = 200;

/// # Errors
/// `invalid_input` with every field that breaks its rule.
pub fn create(session: &Session, request: PatientCreateRequest) -> Result<PatientView> {
    let actor = session.authorise(Command::PatientCreate)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    let patient = session.store().write(&actor, |tx| patients::register(tx, &details))?;
    session.workstation().events().changed(Subject::Patient, patient.id);
    Ok(view(session, patient))
}

/// # Errors
/// `invalid_input`, `not_found`, `patient_merged`; `conflict` when somebody else changed the patient since
/// `version`.
pub fn update(session: &Session, request: PatientUpdateRequest) -> Result<PatientView> {
    let actor = session.authorise(Command::PatientUpdate)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    let patient =
        session.store().write(&actor, |tx| patients::update(tx, request.id, request.version, &details))?;
    session.workstation().events().changed(Subject::Patient, patient.id);
    Ok(view(session, patient))
}

/// The patient page. Roles that may not see photographs and results get the person alone,
/// unless they opened an emergency look.
///
/// # Errors
/// `not_found`.
pub fn read(session: &Session, request: &PatientReadRequest) -> Result<PatientPageView> {
    let actor = session.authorise(Command::PatientRead)?;
    let clinical = break_glass::admit(session, Command::AnalysisRead, || Ok(request.id)).is_ok();
    Ok(session.store().write(&actor, |tx| {
        let patient = patients::read(tx, request.id)?;
        let portrait = if patient.details.photo_consent { portraits::edition(tx, request.id)? } else { None };
        let hold = holds::in_force(tx, request.id, tx.today())?;
        let lesions = if clinical {
            let all = lesions::of_patient(tx, request.id)?;
            all.into_iter().map(|l| lesion::view(session, tx, l)).collect::<std::result::Result<_, _>>()?
        } else {
            vec![]
        };
        let reports = if clinical { reports::of_patient(tx, request.id)? } else { vec![] };
        let look_until = if clinical { records::break_glass::open_until(tx, request.id)? } else { None };
        let merges = if clinical { merging::of_patient(tx, request.id)? } else { vec![] };
        Ok(PatientPageView {
            patient: view(session, patient),
            lesions,
            reports,
            clinical,
            look_until,
            merges,
            portrait,
            hold: hold.map(|hold| BannerHold { until: hold.details.until }),
        })
    })?)
}

/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn search(session: &Session, request: &PatientSearchRequest) -> Result<PatientSearchResult> {
    let actor = session.authorise(Command::PatientSearch)?;
    let text: String = request.text.chars().take(MAX_QUERY).collect();
    let limit = request.limit.clamp(1, MAX_ROWS);
    let page = session.store().write(&actor, |tx| {
        insight::of_patients(tx, request)?;
        patients::search(tx, &text, limit, request.offset)
    })?;
    let rows = page.patients.into_iter().map(|patient| row(session, patient)).collect();
    Ok(PatientSearchResult { total: u32::try_from(page.total).unwrap_or(u32::MAX), more: page.more, rows })
}

pub(crate) fn row(session: &Session, patient: PatientSummary) -> PatientRow {
    let today = session.workstation().clock().today();
    PatientRow {
        id: patient.id,
        number: patient.number,
        family_name: patient.family_name,
        given_names: patient.given_names,
        date_of_birth: patient.date_of_birth,
        age: age_in_years(patient.date_of_birth, today),
        sex: patient.sex,
        phone: patient.phone,
        approximate: patient.approximate,
    }
}

pub(crate) fn view(session: &Session, patient: Patient) -> PatientView {
    let today = session.workstation().clock().today();
    PatientView { age: age_in_years(patient.details.date_of_birth, today), patient }
}
