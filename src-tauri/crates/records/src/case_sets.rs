//! Readings with what clinicians and pathologists say of them, for a set without identities.

use std::collections::BTreeMap;

use domain::analysis::Analysis;
use domain::audit::AuditAction;
use domain::decision::FeedbackEntry;
use domain::image::ImageKind;
use domain::impression::Impression;
use domain::lesion::{BodySite, Laterality};
use domain::morphology::Behaviour;
use domain::patient::Sex;
use domain::{ImageId, LesionId, PatientId};
use jiff::civil::Date;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::Columns;
use crate::store::{Reading, Writing};
use crate::{analyses, biopsies, feedback, images, lesions, patients};

/// A reading that somebody decided on or said something of.
#[derive(Clone, Debug)]
pub struct Case {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub analysis: Analysis,
    /// Overview pictures are left out: faces may be on them.
    pub images: Vec<(ImageId, ImageKind)>,
    pub date_of_birth: Date,
    pub sex: Sex,
    pub site: BodySite,
    pub laterality: Laterality,
    /// Code of ICD-O-3 where it has one, and the behaviour, of the finding on the lesion that counts.
    pub histology: Option<(Option<String>, Behaviour)>,
    /// Of the decision, otherwise the one that was committed before the reading.
    pub impression: Option<Impression>,
    /// Whether the clinician planned less than the band asks for; nothing where nobody decided.
    pub overridden: Option<bool>,
    /// Where the reading stands as wrong.
    pub feedback: Option<FeedbackEntry>,
}

/// What can be exported, and what cannot.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Oldest first.
    pub cases: Vec<Case>,
    /// Readings of patients without the consent.
    pub without_consent: u32,
}

/// Every case, or those alone in which the reading was reported wrong.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn candidates(tx: &Reading<'_>, incorrect_only: bool) -> Result<Candidates, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT analyses.id FROM analyses JOIN patients ON patients.id = patient_id
         WHERE deletion IS NULL AND merged_into IS NULL AND opened_at IS NOT NULL AND (
             (SELECT incorrect FROM reading_feedback WHERE analysis_id = analyses.id ORDER BY row DESC LIMIT 1) = 1
             OR (NOT ?1 AND EXISTS (SELECT 1 FROM decisions WHERE analysis_id = analyses.id)))
         ORDER BY analysed_at, analyses.id",
    )?;
    let ids = query
        .query_map([incorrect_only], |row| row.parsed("id"))?
        .collect::<Result<Vec<domain::AnalysisId>, _>>()?;
    let mut found = Candidates::default();
    for id in ids {
        let analysis = analyses::get(tx, id)?;
        let patient = patients::get(tx, analysis.patient_id)?;
        if !patient.details.training_consent {
            found.without_consent += 1;
            continue;
        }
        let lesion = lesions::get(tx, analysis.lesion_id)?;
        let mut pictures = Vec::new();
        for image in &analysis.image_ids {
            let record = images::get(tx, *image)?;
            if record.kind != ImageKind::Overview {
                pictures.push((record.id, record.kind));
            }
        }
        let decided = crate::decisions::of_lesion(tx, analysis.lesion_id)?
            .into_iter()
            .find(|decision| decision.analysis_id == Some(id) && decision.superseded_by.is_none())
            .map(|decision| decision.entry);
        let overridden = decided.as_ref().map(|entry| !entry.override_reason.is_empty());
        let impression = match decided {
            Some(entry) => Some(entry.impression),
            None => crate::impressions::of_analysis(tx, id)?.map(|found| found.entry.impression),
        };
        let said = feedback::of_analysis(tx, id)?.map(|said| said.entry).filter(|said| said.incorrect);
        found.cases.push(Case {
            patient_id: patient.id,
            lesion_id: lesion.id,
            images: pictures,
            date_of_birth: patient.details.date_of_birth,
            sex: patient.details.sex,
            site: lesion.details.site,
            laterality: lesion.details.laterality,
            histology: biopsies::finding_of_lesion(tx, lesion.id)?
                .map(|found| (found.morphology, found.behaviour)),
            impression,
            overridden,
            feedback: said,
            analysis,
        });
    }
    Ok(found)
}

/// Records that a set with these cases leaves, for each patient in it.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn note_export(tx: &Writing<'_>, cases: &[Case], incorrect_only: bool) -> Result<(), RecordsError> {
    let mut by_patient: BTreeMap<PatientId, u32> = BTreeMap::new();
    for case in cases {
        *by_patient.entry(case.patient_id).or_default() += 1;
    }
    for (patient, count) in &by_patient {
        let row = AuditEntry::new(AuditAction::CaseSetExported).on(*patient);
        audit::record(tx, row.with(json!({ "cases": count })))?;
    }
    let total =
        json!({ "cases": cases.len(), "patients": by_patient.len(), "incorrect_only": incorrect_only });
    audit::record(tx, AuditEntry::new(AuditAction::CaseSetExported).with(total))?;
    Ok(())
}
