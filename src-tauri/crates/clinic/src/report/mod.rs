//! Reports: a snapshot of a result with the clinician's words. A draft may be changed; a signed one is locked.

mod content;
mod facts;
mod handing_out;
mod listing;
mod proof;
mod share;
mod signing;
mod text;
mod verify;

use domain::analysis::Analysis;
use domain::problem::Problems;
use domain::report::{LONGEST_TEXT, ReportRecord, ReportState};
use domain::{AnalysisId, LesionId, ReportId};
use records::reports::{NewReport, StoredReport};
use records::{Reading, RecordsError, analyses, report_proposals, reports};
use serde_json::json;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::events::Subject;
use crate::names::Names;
use crate::read_first;
use crate::session::Session;
use crate::views::{
    ReportCreateRequest, ReportDiscardRequest, ReportRequest, ReportUpdateRequest, ReportView,
};

use content::Snapshot;

pub(crate) use content::site;
pub use handing_out::{export, shown};
pub(crate) use handing_out::{pdf, signed_handouts};
pub use listing::list;
pub(crate) use share::OpenPack;
pub use share::{SharePermit, open_pack, pack_pdf, prepare_share, write_share};
pub(crate) use signing::Fresh as FreshSigningKey;
pub use signing::{amend, key, key_text, sign};
pub use text::{ask_for_text, cancel_asking, propose_text, refuse_text, text_options};
pub(crate) use verify::publish;
pub use verify::{KnownKeys, verify, verify_code, verify_with};

/// Writes a draft.
///
/// # Errors
/// `invalid_input`, `impression_required`; `not_found`, also for a proposed text of another reading or one that was
/// refused.
pub fn create(session: &Session, request: ReportCreateRequest) -> Result<ReportRecord> {
    let actor = session.authorise(Command::ReportCreate)?;
    let conclusion = conclusion(&request.conclusion)?;
    read_first::admit(session, request.analysis_id)?;
    let record = session.store().write(&actor, |tx| {
        let origin = text::origin(tx, request.analysis_id, request.proposal, &conclusion)?;
        let snapshot = Snapshot::take(session, tx, &actor, request.analysis_id)?.with_text_of(origin);
        let report = NewReport {
            id: ReportId::fresh(),
            patient_id: snapshot.analysis.patient_id,
            analysis_id: request.analysis_id,
            conclusion: conclusion.clone(),
            content: json!(snapshot),
        };
        reports::create(tx, &report)
    })?;
    session.workstation().events().changed(Subject::Report, record.id);
    Ok(record)
}

/// Changes the words of a draft; it takes up what the records say by now.
///
/// # Errors
/// `invalid_input`; `not_found` as for [`create`]; `conflict` when it was changed meanwhile; `report_locked` when it is no draft.
pub fn update(session: &Session, request: &ReportUpdateRequest) -> Result<ReportRecord> {
    let actor = session.authorise(Command::ReportUpdate)?;
    let conclusion = conclusion(&request.conclusion)?;
    let stored = draft(session, request.id)?;
    let analysis = stored.record.analysis_id;
    read_first::admit(session, analysis)?;
    let before = Snapshot::of(&stored)?;
    let record = session.store().write(&actor, |tx| {
        let origin = text::origin(tx, analysis, request.proposal, &conclusion)?;
        let snapshot =
            Snapshot::take(session, tx, &actor, analysis)?.with_lists_of(before).with_text_of(origin);
        reports::update(tx, request.id, request.version, &conclusion, &json!(snapshot))
    })?;
    session.workstation().events().changed(Subject::Report, record.id);
    Ok(record)
}

/// Gives a draft up.
///
/// # Errors
/// As [`update`].
pub fn discard(session: &Session, request: &ReportDiscardRequest) -> Result<()> {
    let actor = session.authorise(Command::ReportDiscard)?;
    draft(session, request.id)?;
    session.store().write(&actor, |tx| reports::discard(tx, request.id, request.version))?;
    session.workstation().events().changed(Subject::Report, request.id);
    Ok(())
}

/// The report with its signatures; whether it still is what was signed is found out each time.
///
/// # Errors
/// `not_found`, `impression_required`.
pub fn read(session: &Session, request: &ReportRequest) -> Result<ReportView> {
    let actor = session.authorise(Command::ReportRead)?;
    let stored = session.store().read(|tx| reports::get(tx, request.id))?;
    read_first::admit(session, stored.record.analysis_id)?;
    Ok(session.store().write(&actor, |tx| {
        let stored = reports::read(tx, request.id)?;
        view(tx, &stored)
    })?)
}

fn view(tx: &Reading<'_>, stored: &StoredReport) -> std::result::Result<ReportView, RecordsError> {
    let editions = reports::editions(tx, stored.record.id)?;
    let intact = proof::is_intact(tx, stored, &editions)?;
    // A snapshot that does not read back is told by `intact`.
    let text_origin = Snapshot::of(stored).ok().and_then(|snapshot| snapshot.text_origin);
    let proposed = text_origin.as_ref().map(|origin| report_proposals::get(tx, origin.proposal_id));
    Ok(ReportView {
        report: stored.record.clone(),
        author_name: Names::read(tx)?.name(stored.author),
        lesion_id: lesion_of(tx, stored.record.analysis_id)?,
        editions: editions.into_iter().map(|edition| edition.edition).collect(),
        intact,
        text_origin,
        proposed_text: proposed.transpose()?.map(|proposal| proposal.text),
    })
}

fn lesion_of(tx: &Reading<'_>, id: AnalysisId) -> std::result::Result<LesionId, RecordsError> {
    let Analysis { lesion_id, .. } = analyses::get(tx, id)?;
    Ok(lesion_id)
}

/// A report that may still be changed.
fn draft(session: &Session, id: ReportId) -> Result<StoredReport> {
    let stored = session.store().read(|tx| reports::get(tx, id))?;
    if stored.record.state == ReportState::Draft { Ok(stored) } else { Err(ErrorCode::ReportLocked.into()) }
}

fn conclusion(typed: &str) -> Result<String> {
    let conclusion = typed.trim().to_owned();
    let mut problems = Problems::default();
    problems.text("conclusion", &conclusion, LONGEST_TEXT);
    problems.into_result()?;
    Ok(conclusion)
}
