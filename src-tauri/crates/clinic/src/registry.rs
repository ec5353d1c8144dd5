//! The registry beside the form: numbers by a pattern, consents as dated records, likely duplicates.

use domain::consent::validate_note;
use domain::numbering::{MAX_PATTERN, NumberPattern, PatternError};
use domain::problem::{FieldProblem, ProblemCode};
use records::patients::{self, NUMBER_PATTERN, Probe};
use records::settings::{self, Shown};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::names::Names;
use crate::patient;
use crate::session::Session;
use crate::views::{
    ConsentEntryView, ConsentListRequest, ConsentRecordRequest, DuplicateView, NumberPatternRequest,
    NumberPatternView, PatientDuplicatesRequest, PatientView,
};

/// # Errors
/// `not_permitted`.
pub fn pattern(session: &Session) -> Result<NumberPatternView> {
    session.authorise(Command::NumberPatternRead)?;
    let pattern = session.store().read(patients::number_pattern)?;
    shown(session, &pattern)
}

/// The example of a pattern that is not in force yet.
///
/// # Errors
/// `invalid_input` for the field `pattern`: `required` without the running number, `too_long`, `not_allowed`.
pub fn preview_pattern(session: &Session, request: &NumberPatternRequest) -> Result<NumberPatternView> {
    session.authorise(Command::NumberPatternPreview)?;
    shown(session, &parsed(&request.pattern)?)
}

/// Numbers from now on follow the pattern; those that were given stay.
///
/// # Errors
/// As [`preview_pattern`].
pub fn change_pattern(session: &Session, request: &NumberPatternRequest) -> Result<NumberPatternView> {
    let actor = session.authorise(Command::NumberPatternUpdate)?;
    let pattern = parsed(&request.pattern)?;
    session.store().write(&actor, |tx| settings::set(tx, NUMBER_PATTERN, &pattern, Shown::Value))?;
    shown(session, &pattern)
}

fn shown(session: &Session, pattern: &NumberPattern) -> Result<NumberPatternView> {
    let year = session.workstation().clock().today().year();
    let example = session.store().read(|tx| patients::number_example(tx, pattern, year))?;
    Ok(NumberPatternView { pattern: pattern.to_string(), example })
}

fn parsed(text: &str) -> Result<NumberPattern> {
    let problem = match text.trim().parse() {
        Ok(pattern) => return Ok(pattern),
        Err(PatternError::TooLong) => {
            let limit = u32::try_from(MAX_PATTERN).unwrap_or(u32::MAX);
            FieldProblem::with_limit("pattern", ProblemCode::TooLong, limit)
        }
        Err(PatternError::NeedsOneSequence) => FieldProblem::new("pattern", ProblemCode::Required),
        Err(PatternError::NotAllowed) => FieldProblem::new("pattern", ProblemCode::NotAllowed),
    };
    Err(vec![problem].into())
}

/// Records that a consent was given or withdrawn now.
///
/// # Errors
/// `not_found`, `patient_merged`, `invalid_input` for the note.
pub fn record_consent(session: &Session, request: &ConsentRecordRequest) -> Result<PatientView> {
    let actor = session.authorise(Command::ConsentRecord)?;
    let note = request.note.trim();
    validate_note(note)?;
    let patient = session.store().write(&actor, |tx| {
        patients::record_consent(tx, request.patient_id, request.kind, request.given, note)
    })?;
    session.workstation().events().changed(Subject::Patient, patient.id);
    Ok(patient::view(session, patient))
}

/// Every giving and withdrawing, newest first.
///
/// # Errors
/// `not_found`.
pub fn consents(session: &Session, request: &ConsentListRequest) -> Result<Vec<ConsentEntryView>> {
    let actor = session.authorise(Command::ConsentList)?;
    let (entries, names) = session
        .store()
        .write(&actor, |tx| Ok((patients::read_consents(tx, request.patient_id)?, Names::read(tx)?)))?;
    let view = |entry: domain::consent::ConsentEntry| {
        let by_name = names.name(entry.by);
        ConsentEntryView { entry, by_name }
    };
    Ok(entries.into_iter().map(view).collect())
}

/// Patients who may be the person in the form, likeliest first, at most five. Texts are compared up to
/// the length their fields have.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn duplicates(session: &Session, request: &PatientDuplicatesRequest) -> Result<Vec<DuplicateView>> {
    let actor = session.authorise(Command::PatientDuplicates)?;
    let cut = |text: &str, length: usize| text.trim().chars().take(length).collect::<String>();
    let probe = Probe {
        family_name: cut(&request.family_name, 100),
        given_names: cut(&request.given_names, 100),
        date_of_birth: request.date_of_birth,
        sex: request.sex,
        phone: cut(&request.phone, 40),
        email: cut(&request.email, 254),
        except: request.except,
    };
    let suspects = session.store().write(&actor, |tx| patients::duplicates(tx, &probe))?;
    let view = |suspect: patients::Suspect| DuplicateView {
        patient: patient::row(session, suspect.patient),
        percent: suspect.percent,
        reasons: suspect.reasons,
    };
    Ok(suspects.into_iter().map(view).collect())
}
