//! Reading first: while the clinic asks for it, a reading is withheld from clinicians until an impression of
//! the lesion is committed. The result does not leave this floor before.
//!
//! An emergency look is no clinician's first impression and is not held up.

use std::collections::HashSet;

use domain::impression::{self, Confidence, ImpressionAgreement};
use domain::{AnalysisId, PatientId, Role};
use records::{Reading, RecordsError, analyses, impressions};
use serde_json::json;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::names::Names;
use crate::session::Session;
use crate::views::{
    AgreementCount, AnalysisReadRequest, AnalysisView, ConfidenceAgreement, ImpressionCommitRequest,
    ImpressionStatistics, ImpressionView, ReadFirstSettings,
};

/// What hides readings in one answer to one person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Curtain {
    drawn: bool,
}

impl Curtain {
    /// # Errors
    /// Those of reading the setting.
    pub fn of(session: &Session, tx: &Reading<'_>) -> std::result::Result<Self, RecordsError> {
        Self::before(session.actor().role, tx)
    }

    /// # Errors
    /// Those of reading the setting.
    pub fn before(role: Role, tx: &Reading<'_>) -> std::result::Result<Self, RecordsError> {
        Ok(Self { drawn: role.opens_photographs() && impressions::read_first(tx)? })
    }

    pub const fn is_drawn(self) -> bool {
        self.drawn
    }

    pub fn hides(self, tx: &Reading<'_>, id: AnalysisId) -> std::result::Result<bool, RecordsError> {
        Ok(self.drawn && impressions::is_unseen(tx, id)?)
    }

    /// The hidden readings of a patient.
    pub fn hidden_of(
        self,
        tx: &Reading<'_>,
        patient: PatientId,
    ) -> std::result::Result<HashSet<AnalysisId>, RecordsError> {
        if self.drawn { impressions::unseen_of(tx, patient) } else { Ok(HashSet::new()) }
    }
}

/// The door of everything that shows a reading.
///
/// # Errors
/// `impression_required`, `not_found`.
pub(crate) fn admit(session: &Session, id: AnalysisId) -> Result<()> {
    let hidden = session.store().read(|tx| Curtain::of(session, tx)?.hides(tx, id))?;
    if hidden {
        return Err(Error::with(ErrorCode::ImpressionRequired, json!({ "analysis_id": id })));
    }
    Ok(())
}

/// # Errors
/// `not_permitted`.
pub fn settings(session: &Session) -> Result<ReadFirstSettings> {
    session.authorise(Command::ReadFirstRead)?;
    Ok(ReadFirstSettings { on: session.store().read(impressions::read_first)? })
}

/// # Errors
/// `not_permitted`.
pub fn change_settings(session: &Session, request: &ReadFirstSettings) -> Result<ReadFirstSettings> {
    let actor = session.authorise(Command::ReadFirstUpdate)?;
    session.store().write(&actor, |tx| impressions::set_read_first(tx, request.on))?;
    Ok(*request)
}

/// Commits an impression and gives the reading.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`; `conflict` when the reading was seen already.
pub fn commit(session: &Session, request: ImpressionCommitRequest) -> Result<AnalysisView> {
    let actor = session.authorise(Command::ImpressionCommit)?;
    let entry = request.entry.settle()?;
    let committed =
        session.store().write(&actor, |tx| impressions::commit(tx, request.analysis_id, &entry))?;
    let view = crate::analysis::read(session, &AnalysisReadRequest { id: request.analysis_id })?;
    session.workstation().events().changed(Subject::Lesion, committed.lesion_id);
    Ok(view)
}

/// The impression of a reading beside what the reading says.
pub(crate) fn view(
    tx: &Reading<'_>,
    names: &Names,
    id: AnalysisId,
) -> std::result::Result<Option<ImpressionView>, RecordsError> {
    let Some(found) = impressions::of_analysis(tx, id)? else { return Ok(None) };
    let agreement = impression::agreement(&found.entry.impression, &analyses::get(tx, id)?.assessment);
    Ok(Some(ImpressionView {
        id: found.id,
        entry: found.entry,
        author_name: names.name(found.author),
        committed_at: found.committed_at,
        agreement,
    }))
}

/// How impressions stood to readings over the whole clinic. It names no patient.
///
/// # Errors
/// `not_permitted`, `record_damaged`.
pub fn statistics(session: &Session) -> Result<ImpressionStatistics> {
    session.authorise(Command::ImpressionStatistics)?;
    let compared: Vec<(Confidence, ImpressionAgreement)> = session.store().read(|tx| {
        impressions::all(tx)?
            .into_iter()
            .map(|found| {
                let assessment = analyses::get(tx, found.analysis_id)?.assessment;
                let agreement = impression::agreement(&found.entry.impression, &assessment);
                Ok((found.entry.confidence, agreement))
            })
            .collect()
    })?;
    let group = |wanted: Option<Confidence>| {
        let chosen = compared.iter().filter(|(confidence, _)| wanted.is_none_or(|w| w == *confidence));
        counted(chosen.map(|(_, agreement)| agreement.malignancy))
    };
    Ok(ImpressionStatistics {
        committed: u32::try_from(compared.len()).unwrap_or(u32::MAX),
        malignancy: group(None),
        class: counted(compared.iter().map(|(_, agreement)| agreement.class)),
        by_confidence: Confidence::ALL
            .into_iter()
            .map(|confidence| ConfidenceAgreement { confidence, malignancy: group(Some(confidence)) })
            .collect(),
    })
}

fn counted(found: impl Iterator<Item = Option<bool>>) -> AgreementCount {
    found.fold(AgreementCount::default(), |mut count, same| {
        match same {
            Some(true) => count.agree += 1,
            Some(false) => count.disagree += 1,
            None => count.open += 1,
        }
        count
    })
}
