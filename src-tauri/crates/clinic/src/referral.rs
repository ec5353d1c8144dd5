//! Letters of referral: written on a decision to refer, printed on one page.

use documents::{LetterContent, render_letter};
use domain::clock::age_in_years;
use domain::decision::{Plan, Referral};
use domain::problem::{FieldProblem, ProblemCode};
use domain::report::Letterhead;
use records::{decisions, lesions, logos, patients, referrals, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::events::Subject;
use crate::export::Document;
use crate::letterhead;
use crate::names::Names;
use crate::report::site;
use crate::session::Session;
use crate::views::{ReferralExportRequest, ReferralView, ReferralWriteRequest};

/// What was true when the letter was written and is printed unchanged ever after.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    letterhead: Letterhead,
    /// SHA-256 of the logo; none in letters from before they had one.
    #[serde(default)]
    logo: Option<String>,
    patient_number: String,
    patient_name: String,
    date_of_birth: jiff::civil::Date,
    age: i16,
    sex: domain::patient::Sex,
    lesion_label: String,
    body_site: String,
    impression: String,
    author: String,
}

/// # Errors
/// `invalid_input` with the fields, also when the decision is not to refer; `not_found`; `conflict` when
/// another decision stands in its place.
pub fn write(session: &Session, request: ReferralWriteRequest) -> Result<ReferralView> {
    let actor = session.authorise(Command::ReferralWrite)?;
    let entry = request.entry.settle()?;
    let decision = session.store().read(|tx| decisions::get(tx, request.decision_id))?;
    if decision.superseded_by.is_some() {
        return Err(ErrorCode::Conflict.into());
    }
    if decision.entry.plan != Plan::Refer {
        return Err(vec![FieldProblem::new("plan", ProblemCode::NotAllowed)].into());
    }
    let today = session.workstation().clock().today();
    let letter = session.store().write(&actor, |tx| {
        let patient = patients::get(tx, decision.patient_id)?;
        let lesion = lesions::get(tx, decision.lesion_id)?;
        let (letterhead, logo) = letterhead::current(session, tx)?;
        let snapshot = Snapshot {
            letterhead,
            logo,
            patient_number: patient.number.clone(),
            patient_name: patient.details.full_name(),
            date_of_birth: patient.details.date_of_birth,
            age: age_in_years(patient.details.date_of_birth, today),
            sex: patient.details.sex,
            lesion_label: lesion.details.label.clone(),
            body_site: site(&lesion),
            impression: decision.entry.impression.name().to_owned(),
            author: users::get(tx, actor.user)?.details.full_name,
        };
        let letter = referrals::write(tx, decision.id, &entry, &json!(snapshot))?;
        Ok(view(&Names::read(tx)?, letter))
    })?;
    session.workstation().events().changed(Subject::Lesion, decision.lesion_id);
    Ok(letter)
}

/// The letter as a PDF; the trail tells of it before it is handed out.
///
/// # Errors
/// `not_found`, `record_damaged`.
pub fn export(session: &Session, request: &ReferralExportRequest) -> Result<Document> {
    let actor = session.authorise(Command::ReferralExport)?;
    let (letter, content) = session.store().write(&actor, |tx| referrals::export(tx, request.id))?;
    let snapshot: Snapshot = serde_json::from_value(content).map_err(|_| ErrorCode::RecordDamaged)?;
    let logo = snapshot.logo.as_ref();
    let logo = logo.map(|logo| session.store().read(|tx| logos::get(tx, logo))).transpose()?;
    let written_at = letter.written_at;
    let file_name = format!("{}-referral.pdf", snapshot.patient_number);
    let content = LetterContent {
        letterhead: snapshot.letterhead,
        written_at,
        recipient: letter.entry.recipient,
        urgent: letter.entry.urgent,
        patient_number: snapshot.patient_number,
        patient_name: snapshot.patient_name,
        date_of_birth: snapshot.date_of_birth,
        age: snapshot.age,
        sex: snapshot.sex,
        lesion: format!("{} ({})", snapshot.lesion_label, snapshot.body_site),
        impression: snapshot.impression,
        findings: letter.entry.findings,
        question: letter.entry.question,
        author: snapshot.author,
        logo,
    };
    Ok(Document {
        file_name,
        pdf: render_letter(&content, request.paper.into(), &jiff::tz::TimeZone::system())?,
    })
}

pub(crate) fn view(names: &Names, letter: Referral) -> ReferralView {
    ReferralView {
        id: letter.id,
        author_name: names.name(letter.author),
        written_at: letter.written_at,
        entry: letter.entry,
    }
}
