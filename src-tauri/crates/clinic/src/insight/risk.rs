//! What speaks of one patient's risk, gathered: readings, checklists and findings of every lesion over time.

use domain::PatientId;
use domain::audit::AuditAction;
use domain::insight::ShownBand;
use domain::lesion::{CloseReason, Lesion};
use records::audit::{self, AuditEntry};
use records::{Reading, RecordsError, analyses, biopsies, checklists, lesions, patients};
use serde_json::json;

use crate::commands::Command;
use crate::error::Result;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    PatientRiskRequest, PatientRiskView, RiskChecklist, RiskFinding, RiskLesion, RiskReading,
};

type Found<T> = std::result::Result<Vec<T>, RecordsError>;

/// # Errors
/// `not_found`.
pub fn of_patient(session: &Session, request: &PatientRiskRequest) -> Result<PatientRiskView> {
    let actor = session.authorise(Command::PatientRiskRead)?;
    let patient = request.patient_id;
    Ok(session.store().write(&actor, |tx| {
        patients::get(tx, patient)?;
        let hidden = Curtain::of(session, tx)?.hidden_of(tx, patient)?;
        let lesions = followed(tx, patient)?;
        let shown = |id: domain::LesionId| lesions.iter().any(|lesion| lesion.id == id);
        let all = readings(tx, patient)?;
        let counted = all.len();
        let readings: Vec<RiskReading> =
            all.into_iter().filter(|reading| !hidden.contains(&reading.id)).collect();
        let view = PatientRiskView {
            withheld: u32::try_from(counted - readings.len()).unwrap_or(u32::MAX),
            readings: readings.into_iter().filter(|reading| shown(reading.lesion_id)).collect(),
            checklists: filled(tx, &lesions)?,
            findings: findings(tx, patient)?.into_iter().filter(|found| shown(found.lesion_id)).collect(),
            lesions: lesions.into_iter().map(lesion_view).collect(),
        };
        let entry = AuditEntry::new(AuditAction::PatientRead).on(patient);
        audit::record(tx, entry.with(json!({ "part": "risk", "readings": view.readings.len() })))?;
        Ok(view)
    })?)
}

fn followed(tx: &Reading<'_>, patient: PatientId) -> Found<Lesion> {
    let mistaken = |lesion: &Lesion| {
        lesion.closure.as_ref().is_some_and(|closure| closure.reason == CloseReason::EnteredInError)
    };
    Ok(lesions::of_patient(tx, patient)?.into_iter().filter(|lesion| !mistaken(lesion)).collect())
}

fn readings(tx: &Reading<'_>, patient: PatientId) -> Found<RiskReading> {
    let view = |analysis: domain::analysis::Analysis| RiskReading {
        id: analysis.id,
        lesion_id: analysis.lesion_id,
        at: analysis.analysed_at,
        band: ShownBand::of(analysis.assessment.band, analysis.assessment.gate),
        gate: analysis.assessment.gate,
        malignant_sum: analysis.assessment.malignant_sum,
        class_name: analysis.assessment.label.map(|label| label.name),
        model_name: analysis.model.name,
        model_version: analysis.model.version,
    };
    Ok(analyses::of_patient(tx, patient)?.into_iter().rev().map(view).collect())
}

fn filled(tx: &Reading<'_>, lesions: &[Lesion]) -> Found<RiskChecklist> {
    let mut found = Vec::new();
    for lesion in lesions {
        found.extend(checklists::of_lesion(tx, lesion.id)?.into_iter().map(|list| RiskChecklist {
            id: list.id,
            lesion_id: list.lesion_id,
            analysis_id: list.analysis_id,
            at: list.filled_at,
            kind: list.kind,
            score: list.result.score,
            max: list.result.max,
            verdict: list.result.verdict,
        }));
    }
    found.sort_by_key(|list| (list.at, list.id.to_string()));
    Ok(found)
}

fn findings(tx: &Reading<'_>, patient: PatientId) -> Found<RiskFinding> {
    let mut found = Vec::new();
    for biopsy in biopsies::of_patient(tx, patient)?.into_iter().rev() {
        if biopsy.withdrawn_at.is_some() {
            continue;
        }
        let Some(last) = biopsies::editions(tx, biopsy.id)?.pop() else { continue };
        found.push(RiskFinding {
            id: biopsy.id,
            lesion_id: biopsy.lesion_id,
            taken_on: biopsy.details.taken_on,
            behaviour: last.finding.behaviour,
            morphology: last.finding.morphology,
        });
    }
    Ok(found)
}

fn lesion_view(lesion: Lesion) -> RiskLesion {
    RiskLesion {
        id: lesion.id,
        closed: lesion.closure.is_some(),
        label: lesion.details.label,
        site: lesion.details.site,
        laterality: lesion.details.laterality,
    }
}
