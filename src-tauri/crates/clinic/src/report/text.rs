//! Text proposed for the conclusion of a report: from a template, or drafted by the clinic's language model. It stays
//! a draft until a clinician accepts or changes it, and can be refused.

use domain::audit::AuditAction;
use domain::report_text::{ReportProposal, TextOrigin, TextSource};
use domain::{Actor, AnalysisId};
use records::audit::{self, AuditEntry};
use records::{Reading, RecordsError, analyses, report_proposals};
use serde_json::json;

use crate::commands::Command;
use crate::error::Result;
use crate::language_model::{Endpoint, Failure, failed};
use crate::read_first;
use crate::report_template::{offered, template};
use crate::session::Session;
use crate::views::{
    ProposalUse, ReportProposalRequest, ReportProposalView, ReportTemplateOption, ReportTextAskRequest,
    ReportTextOptions, ReportTextProposeRequest,
};

use super::facts;

/// What a text can be proposed by.
///
/// # Errors
/// `not_permitted`.
pub fn text_options(session: &Session) -> Result<ReportTextOptions> {
    session.authorise(Command::ReportTextOptions)?;
    let (templates, endpoint) = session.store().read(|tx| Ok((offered(tx)?, Endpoint::read(tx)?)))?;
    Ok(ReportTextOptions {
        templates: templates
            .into_iter()
            .map(|edition| ReportTemplateOption {
                languages: edition.texts.languages().collect(),
                key: edition.key,
                name: edition.name,
                state: edition.state,
            })
            .collect(),
        language_model: endpoint.enabled.then_some(endpoint.model),
    })
}

/// Writes a text from a template. The same records give the same text.
///
/// # Errors
/// `not_found` also for a template that is not offered in the language; `impression_required`.
pub fn propose_text(session: &Session, request: &ReportTextProposeRequest) -> Result<ReportProposalView> {
    let actor = session.authorise(Command::ReportTextPropose)?;
    read_first::admit(session, request.analysis_id)?;
    let zone = session.workstation().clock().zone();
    let proposal = session.store().write(&actor, |tx| {
        let (edition, template) = template(tx, &request.template, request.language)?;
        let text = template.write(&facts::gather(tx, request.analysis_id, &zone)?, request.language);
        let source = TextSource::Template {
            key: edition.key,
            name: edition.name,
            version: edition.version,
            language: request.language,
        };
        report_proposals::add(tx, request.analysis_id, &source, &text)
    })?;
    Ok(view(proposal))
}

/// Asks the language model for a draft. What it answers is kept word for word.
///
/// # Errors
/// `language_model_failed` with the reason; `impression_required`, `not_found`.
pub fn ask_for_text(session: &Session, request: &ReportTextAskRequest) -> Result<ReportProposalView> {
    let actor = session.authorise(Command::ReportTextAsk)?;
    let analysis = request.analysis_id;
    read_first::admit(session, analysis)?;
    let endpoint = session.store().read(Endpoint::read)?;
    if !endpoint.enabled {
        return Err(failed(Failure::Off));
    }
    let turn = session.workstation().drafting().begin().ok_or_else(|| failed(Failure::Busy))?;
    // A lock before this moment has cancelled nothing; one from now on cancels this.
    session.check_live()?;
    let asked = json!({
        "model": endpoint.model, "host": endpoint.host(), "language": request.language,
    });
    let zone = session.workstation().clock().zone();
    let known = session.store().write(&actor, |tx| {
        told(tx, analysis, AuditAction::LanguageModelAsked, asked.clone())?;
        facts::gather(tx, analysis, &zone)
    })?;
    let text = endpoint.draft(&known, request.language, &turn.cancel);
    let text = text.map_err(|failure| lost(session, &actor, analysis, asked, failure))?;
    let source = TextSource::LanguageModel {
        host: endpoint.host(),
        model: endpoint.model,
        language: request.language,
    };
    Ok(view(session.store().write(&actor, |tx| report_proposals::add(tx, analysis, &source, &text))?))
}

/// Stops the question that is under way.
///
/// # Errors
/// `not_permitted`.
pub fn cancel_asking(session: &Session) -> Result<()> {
    session.authorise(Command::ReportTextAskCancel)?;
    session.workstation().drafting().cancel();
    Ok(())
}

/// Turns a proposed text down.
///
/// # Errors
/// `not_found`.
pub fn refuse_text(session: &Session, request: &ReportProposalRequest) -> Result<()> {
    let actor = session.authorise(Command::ReportTextRefuse)?;
    Ok(session.store().write(&actor, |tx| report_proposals::refuse(tx, request.id))?)
}

/// Where a conclusion came from, as somebody is about to save it.
pub(super) fn origin(
    tx: &Reading<'_>,
    analysis: AnalysisId,
    used: Option<ProposalUse>,
    conclusion: &str,
) -> std::result::Result<Option<TextOrigin>, RecordsError> {
    let Some(used) = used.filter(|_| !conclusion.is_empty()) else { return Ok(None) };
    let proposal = report_proposals::get(tx, used.id)?;
    if proposal.analysis_id != analysis || proposal.refused {
        return Err(RecordsError::NotFound);
    }
    Ok(Some(TextOrigin::of(&proposal, conclusion, used.accepted)))
}

/// A question that came to nothing; the trail tells of it.
fn lost(
    session: &Session,
    actor: &Actor,
    analysis: AnalysisId,
    mut asked: serde_json::Value,
    failure: Failure,
) -> crate::Error {
    asked["reason"] = json!(failure.reason());
    let written = session
        .store()
        .write(actor, |tx| told(tx, analysis, AuditAction::LanguageModelFailed, asked.clone()));
    written.map_or_else(Into::into, |()| failed(failure))
}

fn told(
    tx: &records::Writing<'_>,
    analysis: AnalysisId,
    action: AuditAction,
    details: serde_json::Value,
) -> std::result::Result<(), RecordsError> {
    let patient = analyses::get(tx, analysis)?.patient_id;
    audit::record(tx, AuditEntry::new(action).on(analysis).of_patient(patient).with(details))?;
    Ok(())
}

fn view(proposal: ReportProposal) -> ReportProposalView {
    ReportProposalView { id: proposal.id, source: proposal.source, text: proposal.text }
}
