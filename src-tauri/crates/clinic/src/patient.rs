//! Registering, finding and reading patients.

use domain::clock::age_in_years;
use domain::patient::Patient;
use records::{lesions, patients, reports};

use crate::break_glass;
use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::lesion;
use crate::session::Session;
use crate::views::{
    PatientCreateRequest, PatientPageView, PatientReadRequest, PatientRow, PatientSearchRequest,
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
/// `invalid_input`, `not_found`; `conflict` when somebody else changed the patient since `version`.
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
    let (patient, lesions, reports) = session.store().write(&actor, |tx| {
        let patient = patients::read(tx, request.id)?;
        let lesions = if clinical {
            let all = lesions::of_patient(tx, request.id)?;
            all.into_iter().map(|l| lesion::view(session, tx, l)).collect::<std::result::Result<_, _>>()?
        } else {
            vec![]
        };
        let reports = if clinical { reports::of_patient(tx, request.id)? } else { vec![] };
        Ok((patient, lesions, reports))
    })?;
    Ok(PatientPageView { patient: view(session, patient), lesions, reports, clinical })
}

/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn search(session: &Session, request: &PatientSearchRequest) -> Result<PatientSearchResult> {
    let actor = session.authorise(Command::PatientSearch)?;
    let text: String = request.text.chars().take(MAX_QUERY).collect();
    let limit = request.limit.clamp(1, MAX_ROWS);
    let page = session.store().write(&actor, |tx| patients::search(tx, &text, limit, request.offset))?;
    let today = session.workstation().clock().today();
    let rows = page
        .patients
        .into_iter()
        .map(|p| PatientRow {
            id: p.id,
            number: p.number,
            family_name: p.family_name,
            given_names: p.given_names,
            date_of_birth: p.date_of_birth,
            age: age_in_years(p.date_of_birth, today),
            sex: p.sex,
            phone: p.phone,
        })
        .collect();
    Ok(PatientSearchResult { total: u32::try_from(page.total).unwrap_or(u32::MAX), rows })
}

fn view(session: &Session, patient: Patient) -> PatientView {
    let today = session.workstation().clock().today();
    PatientView { age: age_in_years(patient.details.date_of_birth, today), patient }
}
