//! A patient's objects on their way to the PACS (C-STORE; PS3.4, annex B; or STOW-RS; PS3.18, 10.5).

use domain::audit::AuditAction;
use records::audit::{self, AuditEntry};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{
    DicomObjectKind, DicomSendProgress, DicomSendState, DicomSendView, DicomSentObject,
    PatientDicomSendRequest,
};

use super::failure::{Failure, block_on};
use super::objects::{Plan, Planned};
use super::pacs::Pacs;
use super::render::{Coding, Renderer};
use super::route::{Outcome, Route, Taken};

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
    let pacs = session.store().read(Pacs::read)?;
    if !pacs.node.enabled {
        return Err(Failure::Off.into());
    }
    let transfer = session.workstation().transfers().begin().ok_or(Failure::Busy)?;
    // A lock before this moment has cancelled nothing; one from now on cancels this.
    session.check_live()?;
    let plan = session.store().write(&actor, |tx| {
        let plan = Plan::read(session, tx, selection)?;
        if plan.refusal.is_none() {
            let entry = AuditEntry::new(AuditAction::DicomSendStarted).on(selection.patient_id);
            audit::record(tx, entry.with(together(plan.told(selection), pacs.told())))?;
        }
        Ok(plan)
    })?;
    plan.may_leave()?;
    let mut sending = Sending::new(session, &plan, &transfer.cancel);
    let ended = block_on(sending.run(&pacs, &progress));
    let fault = sending.fault.take();
    let view = sending.view(fault.or_else(|| ended.err().map(Error::from)));
    let entry = AuditEntry::new(AuditAction::DicomSent).on(selection.patient_id);
    let reason = view.error.as_ref().map(|error| error.details["reason"].clone());
    let details = json!({ "stored": view.stored, "of": view.objects.len(), "reason": reason });
    session.store().write(&actor, |tx| audit::record(tx, entry.with(details)))?;
    match (&view.error, sending.connected) {
        (Some(error), false) => Err(error.clone()),
        _ => Ok(view),
    }
}

fn together(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
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
    outcomes: Vec<Outcome>,
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
        pacs: &Pacs,
        progress: &impl Fn(&DicomSendProgress),
    ) -> std::result::Result<(), Failure> {
        let mut route = Route::open(pacs, self.plan, self.cancel).await?;
        self.connected = route.is_connected();
        let of = u32::try_from(self.plan.objects.len()).unwrap_or(u32::MAX);
        for object in &self.plan.objects {
            let outcome = self.one(&mut route, object).await?;
            self.connected = true;
            self.outcomes.push(outcome);
            progress(&DicomSendProgress { done: u32::try_from(self.outcomes.len()).unwrap_or(of), of });
        }
        route.end().await;
        Ok(())
    }

    async fn one(
        &mut self,
        route: &mut Route<'_>,
        object: &Planned,
    ) -> std::result::Result<Outcome, Failure> {
        for coding in [Coding::AsStored, Coding::Uncompressed] {
            let Some(file) = self.rendered(object, coding)? else {
                return Ok((DicomSendState::Damaged, None));
            };
            match route.take(file, self.cancel).await? {
                Taken::Done(outcome) => return Ok(outcome),
                Taken::OtherCoding if object.kind == DicomObjectKind::Photograph => {}
                Taken::OtherCoding | Taken::Never => break,
            }
        }
        Ok((DicomSendState::NotAccepted, None))
    }

    /// Nothing for a damaged file.
    fn rendered(
        &mut self,
        object: &Planned,
        coding: Coding,
    ) -> std::result::Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        match self.renderer.file(object, coding) {
            Ok((file, _)) => Ok(Some(file)),
            Err(error) if error.code == ErrorCode::RecordDamaged => Ok(None),
            Err(error) => {
                self.fault = Some(error);
                Err(Failure::Cancelled)
            }
        }
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
