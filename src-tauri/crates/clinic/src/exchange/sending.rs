//! A patient's objects on their way to the PACS (C-STORE; PS3.4, annex B).

use std::collections::BTreeSet;

use documents::dicom::Travelling;
use domain::audit::AuditAction;
use records::audit::{self, AuditEntry};
use serde_json::json;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{
    DicomObjectKind, DicomSendProgress, DicomSendState, DicomSendView, DicomSentObject, PacsSettings,
    PatientDicomSendRequest,
};

use super::association::{Failure, Line, block_on};
use super::objects::{Content, Plan, Planned};
use super::pacs::{failed, node};
use super::render::{Coding, Renderer};

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const JPEG: [&str; 2] = ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"];
const PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
const STRUCTURED_REPORT: &str = "1.2.840.10008.5.1.4.1.1.88.34";

/// Sends what was chosen; the trail of the patient tells of it before the first connection, and afterwards of
/// what became of it. `progress` hears of every object.
///
/// # Errors
/// `pacs_failed` with the reason where no object could be sent; `not_found` also where nothing is there to be
/// sent, `patient_merged`, `consent_missing`. A connection that ends in the middle is told in the answer.
pub fn send(
    session: &Session,
    request: &PatientDicomSendRequest,
    progress: impl Fn(&DicomSendProgress),
) -> Result<DicomSendView> {
    let actor = session.authorise(Command::PatientDicomSend)?;
    session.sealed()?;
    let selection = &request.selection;
    let node = session.store().read(node)?;
    if !node.enabled {
        return Err(failed(Failure::Off));
    }
    let transfer = session.workstation().transfers().begin().ok_or_else(|| failed(Failure::Busy))?;
    let plan = session.store().write(&actor, |tx| {
        let plan = Plan::read(session, tx, selection)?;
        if plan.refusal.is_none() {
            let mut told = plan.told(selection);
            told["title"] = json!(node.called_title);
            told["host"] = json!(node.host);
            let entry = AuditEntry::new(AuditAction::DicomSendStarted).on(selection.patient_id);
            audit::record(tx, entry.with(told))?;
        }
        Ok(plan)
    })?;
    plan.may_leave()?;
    let mut sending = Sending::new(session, &plan, &transfer.cancel);
    let ended = block_on(sending.run(&node, &progress));
    let fault = sending.fault.take();
    let view = sending.view(fault.or_else(|| ended.err().map(failed)));
    let entry = AuditEntry::new(AuditAction::DicomSent).on(selection.patient_id);
    let reason = view.error.as_ref().map(|error| error.details["reason"].clone());
    let details = json!({ "stored": view.stored, "of": view.objects.len(), "reason": reason });
    session.store().write(&actor, |tx| audit::record(tx, entry.with(details)))?;
    match (&view.error, sending.connected) {
        (Some(error), false) => Err(error.clone()),
        _ => Ok(view),
    }
}

/// Stops the sending that is under way; what the PACS has it keeps.
///
/// # Errors
/// `not_permitted`.
pub fn cancel(session: &Session) -> Result<()> {
    session.authorise(Command::PatientDicomSendCancel)?;
    session.workstation().transfers().cancel();
    Ok(())
}

struct Sending<'a> {
    plan: &'a Plan,
    renderer: Renderer<'a>,
    cancel: &'a Cancel,
    connected: bool,
    outcomes: Vec<(DicomSendState, Option<u16>)>,
    /// What went wrong on this side.
    fault: Option<Error>,
}

impl<'a> Sending<'a> {
    fn new(session: &'a Session, plan: &'a Plan, cancel: &'a Cancel) -> Self {
        let renderer = Renderer::new(session, plan.patient.clone());
        Self { plan, renderer, cancel, connected: false, outcomes: Vec::new(), fault: None }
    }

    async fn run(
        &mut self,
        node: &PacsSettings,
        progress: &impl Fn(&DicomSendProgress),
    ) -> std::result::Result<(), Failure> {
        let mut line = Line::open(node, &contexts(self.plan), self.cancel).await?;
        self.connected = true;
        let of = u32::try_from(self.plan.objects.len()).unwrap_or(u32::MAX);
        for object in &self.plan.objects {
            let outcome = self.one(&mut line, object).await?;
            self.outcomes.push(outcome);
            progress(&DicomSendProgress { done: u32::try_from(self.outcomes.len()).unwrap_or(of), of });
        }
        line.release().await;
        Ok(())
    }

    async fn one(
        &mut self,
        line: &mut Line,
        object: &Planned,
    ) -> std::result::Result<(DicomSendState, Option<u16>), Failure> {
        for coding in [Coding::AsStored, Coding::Uncompressed] {
            let file = match self.renderer.file(object, coding) {
                Ok((file, _)) => file,
                Err(error) if error.code == ErrorCode::RecordDamaged => {
                    return Ok((DicomSendState::Damaged, None));
                }
                Err(error) => {
                    self.fault = Some(error);
                    return Err(Failure::Cancelled);
                }
            };
            let Ok(travelling) = Travelling::of(&file) else {
                return Ok((DicomSendState::Damaged, None));
            };
            let class = &travelling.sop_class_uid;
            if let Some(context) = line.context(class, &travelling.transfer_syntax_uid) {
                let status = line.store(context, &travelling, self.cancel).await?;
                return Ok((judged(status), Some(status)));
            }
            if object.kind != DicomObjectKind::Photograph || line.context(class, EXPLICIT).is_none() {
                break;
            }
        }
        Ok((DicomSendState::NotAccepted, None))
    }

    fn view(&self, error: Option<Error>) -> DicomSendView {
        let missing = std::iter::repeat((DicomSendState::NotSent, None));
        let outcomes = self.outcomes.iter().copied().chain(missing);
        let objects: Vec<DicomSentObject> = self
            .plan
            .objects
            .iter()
            .zip(outcomes)
            .map(|(object, (state, status))| DicomSentObject {
                kind: object.kind,
                label: object.label.clone(),
                state,
                status,
            })
            .collect();
        let has = |state| matches!(state, DicomSendState::Stored | DicomSendState::StoredWithWarning);
        let stored = objects.iter().filter(|object| has(object.state)).count();
        DicomSendView {
            stored: u32::try_from(stored).unwrap_or(u32::MAX),
            withheld: self.plan.withheld,
            error,
            objects,
        }
    }
}

/// A status of C-STORE (PS3.4, B.2.3).
const fn judged(status: u16) -> DicomSendState {
    match status {
        0 => DicomSendState::Stored,
        0xB000..=0xBFFF => DicomSendState::StoredWithWarning,
        _ => DicomSendState::Refused,
    }
}

/// One context for each class and coding: of several codings in one, the PACS would choose.
fn contexts(plan: &Plan) -> Vec<(String, Vec<&'static str>)> {
    let mut classes: BTreeSet<(&str, &'static str)> = BTreeSet::new();
    for object in &plan.objects {
        match &object.content {
            Content::Photograph(shown) => {
                let class = shown.reference.sop_class_uid.as_str();
                classes.extend(JPEG.into_iter().chain([EXPLICIT]).map(|syntax| (class, syntax)));
            }
            Content::Reading(_) => _ = classes.insert((STRUCTURED_REPORT, EXPLICIT)),
            Content::Report(_) => _ = classes.insert((PDF, EXPLICIT)),
        }
    }
    classes.into_iter().map(|(class, syntax)| (class.to_owned(), vec![syntax])).collect()
}
