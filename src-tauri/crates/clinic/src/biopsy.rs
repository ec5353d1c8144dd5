//! Biopsies: taken, sent, reported, read.

use domain::BiopsyId;
use domain::biopsy::{self, Biopsy, BiopsyState, Histology};
use domain::morphology::{self, Behaviour, SKIN};
use domain::problem::{FieldProblem, ProblemCode, Problems};
use records::{Reading, RecordsError, Writing, analyses, biopsies};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    BiopsyChangeRequest, BiopsyRequest, BiopsySendRequest, BiopsyTakeRequest, BiopsyView,
    BiopsyWithdrawRequest, HistologyEnterRequest, HistologyView, MorphologyView,
};

/// # Errors
/// `invalid_input` with the fields, also for a specimen number in use; `not_found` when lesion, person or
/// photograph is unknown or the photograph is not one of the lesion.
pub fn take(session: &Session, request: BiopsyTakeRequest) -> Result<BiopsyView> {
    let actor = session.authorise(Command::BiopsyTake)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    number_is_free(session, &details.specimen_number, None)?;
    told(
        session,
        session.store().write(&actor, |tx| {
            let taken = biopsies::take(tx, request.lesion_id, &details)?;
            shown(tx, taken)
        }),
    )
}

/// Corrects a specimen that has no result yet.
///
/// # Errors
/// Those of [`take`]; `conflict` when it was changed meanwhile, withdrawn or has a result.
pub fn change(session: &Session, request: BiopsyChangeRequest) -> Result<BiopsyView> {
    let actor = session.authorise(Command::BiopsyChange)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    number_is_free(session, &details.specimen_number, Some(request.id))?;
    told(
        session,
        session.store().write(&actor, |tx| {
            let changed = biopsies::change(tx, request.id, request.version, &details)?;
            shown(tx, changed)
        }),
    )
}

/// # Errors
/// `invalid_input` with the fields, `not_found`, `conflict`.
pub fn send(session: &Session, request: &BiopsySendRequest) -> Result<BiopsyView> {
    let actor = session.authorise(Command::BiopsySend)?;
    let sent_to = request.sent_to.trim();
    let biopsy = session.store().read(|tx| biopsies::get(tx, request.id))?;
    let mut problems = Problems::default();
    problems.required_text("sent_to", sent_to, 120);
    if request.sent_on > session.workstation().clock().today() {
        problems.add("sent_on", ProblemCode::InTheFuture);
    } else if request.sent_on < biopsy.details.taken_on {
        problems.add("sent_on", ProblemCode::TooLongAgo);
    }
    problems.into_result()?;
    told(
        session,
        session.store().write(&actor, |tx| {
            let sent = biopsies::send(tx, request.id, request.version, sent_to, request.sent_on)?;
            shown(tx, sent)
        }),
    )
}

/// Enters the finding, or corrects it; it waits to be acknowledged from then on.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`, `conflict`.
pub fn enter_histology(session: &Session, request: HistologyEnterRequest) -> Result<BiopsyView> {
    let actor = session.authorise(Command::HistologyEnter)?;
    let biopsy = session.store().read(|tx| biopsies::get(tx, request.id))?;
    let clock = session.workstation().clock();
    let finding = request.details.settle(biopsy.details.taken_on, clock.today())?;
    told(
        session,
        session.store().write(&actor, |tx| {
            let entered =
                biopsies::enter_histology(tx, request.id, request.version, &finding, &clock.zone())?;
            shown(tx, entered)
        }),
    )
}

/// # Errors
/// `not_found`; `conflict` when it was changed meanwhile or has nothing unread.
pub fn acknowledge(session: &Session, request: &BiopsyRequest) -> Result<BiopsyView> {
    let actor = session.authorise(Command::HistologyAcknowledge)?;
    told(
        session,
        session.store().write(&actor, |tx| {
            let read = biopsies::acknowledge(tx, request.id, request.version)?;
            shown(tx, read)
        }),
    )
}

/// Takes back what was entered by mistake.
///
/// # Errors
/// `invalid_input` (`reason`), `not_found`; `conflict` when it was changed meanwhile or has a result.
pub fn withdraw(session: &Session, request: &BiopsyWithdrawRequest) -> Result<BiopsyView> {
    let actor = session.authorise(Command::BiopsyWithdraw)?;
    let reason = request.reason.trim();
    let mut problems = Problems::default();
    problems.required_text("reason", reason, 500);
    problems.into_result()?;
    told(
        session,
        session.store().write(&actor, |tx| {
            let withdrawn = biopsies::withdraw(tx, request.id, request.version, reason)?;
            shown(tx, withdrawn)
        }),
    )
}

/// The entities that the form proposes.
///
/// # Errors
/// `not_permitted`.
pub fn morphologies(session: &Session) -> Result<Vec<MorphologyView>> {
    session.authorise(Command::MorphologyList)?;
    Ok(SKIN
        .iter()
        .map(|entity| MorphologyView {
            code: entity.code.to_owned(),
            name: entity.name.to_owned(),
            behaviour: morphology::behaviour_of(entity.code).unwrap_or(Behaviour::Uncertain),
        })
        .collect())
}

pub(crate) fn view(
    tx: &Writing<'_>,
    names: &Names,
    found: Biopsy,
) -> std::result::Result<BiopsyView, RecordsError> {
    let curtain = Curtain::before(tx.actor().role, tx)?;
    let editions = biopsies::editions(tx, found.id)?
        .into_iter()
        .rev()
        .map(|edition| histology(tx, curtain, names, &found, edition))
        .collect::<std::result::Result<_, _>>()?;
    let waits = matches!(found.state, BiopsyState::Taken | BiopsyState::Sent) && found.withdrawn_at.is_none();
    let days = (tx.today() - found.details.taken_on).get_days();
    Ok(BiopsyView {
        id: found.id,
        patient_id: found.patient_id,
        lesion_id: found.lesion_id,
        taken_by_name: names.name(found.details.taken_by),
        details: found.details,
        state: found.state,
        sent_to: found.sent_to,
        sent_on: found.sent_on,
        waiting_days: waits.then(|| u32::try_from(days).unwrap_or(0)),
        editions,
        read_by_name: names.name_or_none(found.read_by),
        read_at: found.read_at,
        withdrawn_by_name: names.name_or_none(found.withdrawn_by),
        withdrawn_at: found.withdrawn_at,
        withdrawn_reason: found.withdrawn_reason,
        version: found.version,
    })
}

fn histology(
    tx: &Reading<'_>,
    curtain: Curtain,
    names: &Names,
    found: &Biopsy,
    edition: Histology,
) -> std::result::Result<HistologyView, RecordsError> {
    let hidden = edition.analysis_id.map_or(Ok(false), |id| curtain.hides(tx, id))?;
    let shown = edition.analysis_id.filter(|_| !hidden);
    let reading = shown.map(|id| analyses::get(tx, id)).transpose()?;
    let opinion = reading.as_ref().and_then(|analysis| biopsy::opinion(&analysis.assessment));
    let finding = edition.finding;
    let known = finding.morphology.as_deref().and_then(morphology::known);
    Ok(HistologyView {
        edition: edition.edition,
        morphology_name: known.map(|entity| entity.name.to_owned()),
        morphology: finding.morphology,
        behaviour: finding.behaviour,
        text: finding.text,
        breslow_mm: finding.breslow_mm,
        margins: finding.margins,
        reported_on: finding.reported_on,
        entered_by_name: names.name(edition.entered_by),
        entered_at: edition.entered_at,
        analysis_id: edition.analysis_id,
        reading: opinion,
        reading_name: reading.and_then(|analysis| analysis.assessment.label).map(|label| label.name),
        reading_agreement: morphology::agreement(opinion, finding.behaviour),
        impression_agreement: morphology::agreement(found.details.impression, finding.behaviour),
    })
}

fn shown(tx: &Writing<'_>, found: Biopsy) -> std::result::Result<BiopsyView, RecordsError> {
    view(tx, &Names::read(tx)?, found)
}

fn number_is_free(session: &Session, number: &str, own: Option<BiopsyId>) -> Result<()> {
    match session.store().read(|tx| biopsies::numbered(tx, number))? {
        Some(other) if Some(other) != own => {
            Err(vec![FieldProblem::new("specimen_number", ProblemCode::AlreadyUsed)].into())
        }
        _ => Ok(()),
    }
}

fn told(session: &Session, written: std::result::Result<BiopsyView, RecordsError>) -> Result<BiopsyView> {
    let biopsy = written?;
    session.workstation().events().changed(Subject::FollowUp, biopsy.patient_id);
    Ok(biopsy)
}
