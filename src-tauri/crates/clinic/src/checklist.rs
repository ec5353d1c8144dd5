//! Checklists beside a reading, or of a lesion as it is seen today.

use domain::audit::AuditAction;
use domain::checklist::{Checklist, ChecklistKind, ChecklistResult, FilledChecklist, Proposal, proposals};
use records::audit::{self, AuditEntry};
use records::checklists::{self, About};
use records::{Reading, RecordsError, outlines};
use serde_json::json;

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::measuring;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    ChecklistItemView, ChecklistJudgeRequest, ChecklistPageView, ChecklistSaveRequest, ChecklistSourceView,
    ChecklistView, ExaminationRequest, FilledChecklistView,
};

/// The lists, what the picture suggests, what is filled in and what was.
///
/// # Errors
/// `not_found`.
pub fn page(session: &Session, request: &ExaminationRequest) -> Result<ChecklistPageView> {
    let actor = session.authorise(Command::ChecklistPage)?;
    let about = About { lesion: request.lesion_id, analysis: request.analysis_id };
    Ok(session.store().write(&actor, |tx| {
        let names = Names::read(tx)?;
        let patient = checklists::patient_of(tx, about)?;
        let filled = checklists::open_for(tx, about)?;
        let earlier = checklists::of_lesion(tx, about.lesion)?
            .into_iter()
            .filter(|list| filled.iter().all(|open| open.id != list.id))
            .map(|list| filled_view(&names, list))
            .collect();
        let page = ChecklistPageView {
            lists: ChecklistKind::ALL.into_iter().map(|kind| list_view(kind.list())).collect(),
            proposals: suggested(session, tx, about)?,
            filled: filled.into_iter().map(|list| filled_view(&names, list)).collect(),
            earlier,
        };
        let entry = AuditEntry::new(AuditAction::PatientRead).on(patient);
        audit::record(tx, entry.with(json!({ "part": "checklists", "lesion": about.lesion })))?;
        Ok(page)
    })?)
}

/// What the answers so far come to.
///
/// # Errors
/// `invalid_input` for an item or a value that the list does not have.
pub fn judge(session: &Session, request: &ChecklistJudgeRequest) -> Result<ChecklistResult> {
    session.authorise(Command::ChecklistJudge)?;
    Ok(request.kind.judge(&request.answers)?)
}

/// Keeps the answers; an earlier edition stays on record.
///
/// # Errors
/// `invalid_input`, `not_found`; `conflict` when somebody else saved it meanwhile or a report printed it.
pub fn save(session: &Session, request: &ChecklistSaveRequest) -> Result<FilledChecklistView> {
    let actor = session.authorise(Command::ChecklistSave)?;
    request.kind.judge(&request.answers)?;
    let about = About { lesion: request.lesion_id, analysis: request.analysis_id };
    let view = session.store().write(&actor, |tx| {
        let saved = checklists::save(tx, about, request.kind, &request.answers, request.previous)?;
        Ok(filled_view(&Names::read(tx)?, saved))
    })?;
    session.workstation().events().changed(Subject::Lesion, request.lesion_id);
    Ok(view)
}

/// From the first photograph of the reading whose outline could be measured.
fn suggested(
    session: &Session,
    tx: &Reading<'_>,
    about: About,
) -> std::result::Result<Vec<Proposal>, RecordsError> {
    let Some(analysis) = about.analysis else { return Ok(Vec::new()) };
    if Curtain::of(session, tx)?.hides(tx, analysis)? {
        return Ok(Vec::new());
    }
    let outlines = measuring::scaled(tx, outlines::of_analysis(tx, analysis)?)?;
    let measured = outlines.iter().find_map(|outline| outline.finding.measured());
    Ok(measured.map(|lesion| proposals(&lesion.measures)).unwrap_or_default())
}

fn list_view(list: &'static Checklist) -> ChecklistView {
    ChecklistView {
        kind: list.kind,
        version: list.version,
        items: list
            .items
            .iter()
            .map(|item| ChecklistItemView {
                code: item.code.to_owned(),
                group: item.group,
                weight: f64::from(item.weight_tenths) / 10.0,
                low: item.low,
                high: item.high,
            })
            .collect(),
        rule: list.rule.to_owned(),
        scope: list.scope.to_owned(),
        sources: list
            .sources
            .iter()
            .map(|source| ChecklistSourceView { citation: source.citation.to_owned(), year: source.year })
            .collect(),
    }
}

fn filled_view(names: &Names, list: FilledChecklist) -> FilledChecklistView {
    FilledChecklistView {
        id: list.id,
        kind: list.kind,
        analysis_id: list.analysis_id,
        answers: list.answers,
        result: list.result,
        edition: list.edition,
        author_name: names.name(list.author),
        filled_at: list.filled_at,
        printed: list.printed_in.is_some(),
    }
}
