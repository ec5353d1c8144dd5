//! What is decided about a lesion, and what clinicians say of a reading.

use domain::analysis::Band;
use domain::audit::AuditAction;
use domain::decision::{Decision, Plan};
use domain::impression::TERMS;
use domain::recall::{IntervalUnit, RecallInterval, RecallPlan};
use domain::{Actor, AnalysisId, LesionId};
use records::audit::{self, AuditEntry};
use records::checklists::About;
use records::decisions::{self, NewDecision};
use records::{Reading, RecordsError, analyses, checklists, feedback, lesions, recalls, referrals};
use serde_json::json;

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::names::Names;
use crate::read_first::{self, Curtain};
use crate::referral;
use crate::session::Session;
use crate::views::{
    DecisionPageView, DecisionSaveRequest, DecisionView, DiagnosisTermView, ExaminationRequest,
    FeedbackGiveRequest, FeedbackView,
};

/// What was taken for what, what is planned, what came before.
///
/// # Errors
/// `not_found`.
pub fn page(session: &Session, request: &ExaminationRequest) -> Result<DecisionPageView> {
    let actor = session.authorise(Command::DecisionPage)?;
    let about = About { lesion: request.lesion_id, analysis: request.analysis_id };
    Ok(session.store().write(&actor, |tx| {
        let names = Names::read(tx)?;
        let patient = checklists::patient_of(tx, about)?;
        let curtain = Curtain::of(session, tx)?;
        let withheld = about.analysis.map_or(Ok(false), |id| curtain.hides(tx, id))?;
        let shown = about.analysis.filter(|_| !withheld);
        let current = decisions::current(tx, about)?;
        let of_lesion = decisions::of_lesion(tx, about.lesion)?;
        let letters =
            current.as_ref().map_or_else(|| Ok(Vec::new()), |d| referrals::of_decision(tx, d.id))?;
        let earlier = of_lesion.into_iter().filter(|d| current.as_ref().is_none_or(|now| now.id != d.id));
        let said = shown.map_or(Ok(None), |id| feedback::of_analysis(tx, id))?;
        let page = DecisionPageView {
            terms: terms(),
            withheld,
            band: band(tx, shown)?,
            impression: shown.map_or(Ok(None), |id| read_first::view(tx, &names, id))?,
            earlier: earlier.map(|d| view(tx, &names, d)).collect::<std::result::Result<_, _>>()?,
            decision: current.map(|d| view(tx, &names, d)).transpose()?,
            feedback: said.map(|said| FeedbackView {
                author_name: names.name(said.author),
                given_at: said.given_at,
                entry: said.entry,
            }),
            letters: letters.into_iter().map(|letter| referral::view(&names, letter)).collect(),
        };
        let entry = AuditEntry::new(AuditAction::PatientRead).on(patient);
        audit::record(tx, entry.with(json!({ "part": "decision", "lesion": about.lesion })))?;
        Ok(page)
    })?)
}

/// Decides; monitoring plans the recall in the actor's name.
///
/// # Errors
/// `invalid_input` with the fields, also without a reason for doing less than the reading recommends;
/// `impression_required`, `not_found`; `conflict` when somebody else decided meanwhile.
pub fn save(session: &Session, request: DecisionSaveRequest) -> Result<DecisionView> {
    let actor = session.authorise(Command::DecisionSave)?;
    if let Some(analysis) = request.analysis_id {
        read_first::admit(session, analysis)?;
    }
    let about = About { lesion: request.lesion_id, analysis: request.analysis_id };
    let band = session.store().read(|tx| band(tx, about.analysis))?;
    let entry = request.entry.settle(band)?;
    let today = session.workstation().clock().today();
    let recall = match entry.plan {
        Plan::Monitor { months } => {
            let lesion = session.store().read(|tx| lesions::get(tx, about.lesion))?;
            Some(monitoring(&actor, about.lesion, &lesion.details.label, months).settle(today, today)?)
        }
        _ => None,
    };
    let new = NewDecision { about, previous: request.previous, entry, band, recall };
    let (decision, patient) = session.store().write(&actor, |tx| {
        let decision = decisions::decide(tx, &new)?;
        let patient = decision.patient_id;
        Ok((view(tx, &Names::read(tx)?, decision)?, patient))
    })?;
    session.workstation().events().changed(Subject::Lesion, request.lesion_id);
    session.workstation().events().changed(Subject::FollowUp, patient);
    Ok(decision)
}

fn monitoring(actor: &Actor, lesion: LesionId, label: &str, months: u32) -> RecallPlan {
    RecallPlan {
        lesion_id: Some(lesion),
        due_on: None,
        interval: Some(RecallInterval { count: months, unit: IntervalUnit::Months }),
        reason: format!("Monitoring of lesion {label}"),
        desk_text: String::new(),
        responsible: actor.user,
    }
}

/// Says that a reading was wrong, or takes that back.
///
/// # Errors
/// `invalid_input`, `impression_required`, `not_found`; `conflict` for taking back what nobody said.
pub fn give_feedback(session: &Session, request: FeedbackGiveRequest) -> Result<FeedbackView> {
    let actor = session.authorise(Command::FeedbackGive)?;
    read_first::admit(session, request.analysis_id)?;
    let entry = request.entry.settle()?;
    let (view, lesion) = session.store().write(&actor, |tx| {
        let said = feedback::give(tx, request.analysis_id, &entry)?;
        let lesion = analyses::get(tx, request.analysis_id)?.lesion_id;
        let author_name = Names::read(tx)?.name(said.author);
        Ok((FeedbackView { author_name, given_at: said.given_at, entry: said.entry }, lesion))
    })?;
    session.workstation().events().changed(Subject::Lesion, lesion);
    Ok(view)
}

fn band(tx: &Reading<'_>, analysis: Option<AnalysisId>) -> std::result::Result<Option<Band>, RecordsError> {
    analysis.map(|id| Ok(analyses::get(tx, id)?.assessment.band)).transpose()
}

fn view(
    tx: &Reading<'_>,
    names: &Names,
    decision: Decision,
) -> std::result::Result<DecisionView, RecordsError> {
    let recall = decision.recall_id.map(|id| recalls::get(tx, id)).transpose()?;
    Ok(DecisionView {
        id: decision.id,
        analysis_id: decision.analysis_id,
        entry: decision.entry,
        recall_id: decision.recall_id,
        recall_on: recall.map(|recall| recall.next_on()),
        edition: decision.edition,
        author_name: names.name(decision.author),
        decided_at: decision.decided_at,
        superseded: decision.superseded_by.is_some(),
    })
}

fn terms() -> Vec<DiagnosisTermView> {
    TERMS
        .iter()
        .map(|term| DiagnosisTermView {
            code: term.code.to_owned(),
            name: term.name.to_owned(),
            snomed: term.snomed.map(str::to_owned),
            malignancy: term.malignancy,
            is_class: term.class == Some(term.code),
        })
        .collect()
}
