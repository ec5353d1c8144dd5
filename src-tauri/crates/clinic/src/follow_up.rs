//! The follow-up page of a patient: recalls, biopsies and notes on one screen.

use domain::Role;
use domain::user::UserState;
use records::audit::{self, AuditEntry};
use records::{biopsies, case_notes, patients, recalls, users};
use serde_json::json;

use crate::commands::Command;
use crate::error::Result;
use crate::names::Names;
use crate::session::Session;
use crate::views::{Colleague, FollowUpRequest, FollowUpView};
use crate::{biopsy, break_glass, case_note, recall};

/// Roles that see no results get the recalls without their reasons and the notes that are for them, unless
/// they opened an emergency look.
///
/// # Errors
/// `not_found`.
pub fn read(session: &Session, request: &FollowUpRequest) -> Result<FollowUpView> {
    let actor = session.authorise(Command::FollowUpRead)?;
    let clinical = break_glass::admit(session, Command::AnalysisRead, || Ok(request.patient_id)).is_ok();
    let plans = session.authorise(Command::RecallPlan).is_ok();
    let patient = request.patient_id;
    Ok(session.store().write(&actor, |tx| {
        patients::get(tx, patient)?;
        let today = tx.today();
        let everybody = users::all(tx)?;
        let names = Names::of(&everybody);
        let recalls = recalls::of_patient(tx, patient)?
            .into_iter()
            .map(|found| recall::view(tx, &names, found, clinical))
            .collect::<std::result::Result<_, _>>()?;
        let biopsies = if clinical {
            let all = biopsies::of_patient(tx, patient)?;
            all.into_iter()
                .map(|found| biopsy::view(tx, &names, found))
                .collect::<std::result::Result<_, _>>()?
        } else {
            vec![]
        };
        let notes = case_notes::of_patient(tx, patient)?
            .into_iter()
            .filter(|note| clinical || note.is_for_desk(actor.user))
            .map(|note| case_note::view(&names, note, &actor))
            .collect();
        let entry = AuditEntry::new(domain::audit::AuditAction::FollowUpRead).on(patient);
        audit::record(tx, entry.with(json!({ "clinical": clinical })))?;
        let colleagues = everybody
            .into_iter()
            .filter(|user| plans && user.state == UserState::Active)
            .filter(|user| matches!(user.role, Role::Administrator | Role::Clinician))
            .map(|user| Colleague { id: user.id, name: user.details.full_name })
            .collect();
        Ok(FollowUpView { clinical, recalls, biopsies, notes, colleagues, today })
    })?)
}
