//! Like cases of the clinic's own archive, by the classifier's features.
//!
//! This is the clinic's own care: the photographs stay in the clinic, nothing is trained, and whoever signs in
//! may see every record anyway. It therefore asks for no consent to training. A patient who withdrew the consent
//! to readings by the AI is neither compared nor shown. A case of another patient shows no name, number, date or
//! free text; opening it goes through the ordinary read of the patient.

pub(crate) mod archive;

use std::collections::HashSet;

use domain::analysis::Analysis;
use domain::clock::age_in_years;
use domain::similar::AgeBand;
use domain::{ImageId, LesionId, PatientId, morphology};
use jiff::tz::TimeZone;
use records::embeddings::{self, Case, ImageDirection};
use records::{Reading, RecordsError, Writing, analyses, biopsies, lesions, patients};
use serde_json::json;
use vision::{Classifier, Embedding};

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::models::stored;
use crate::read_first::{self, Curtain};
use crate::session::Session;
use crate::views::{
    AnalysisReadRequest, SimilarCase, SimilarHistology, SimilarOpenRequest, SimilarOpened, SimilarView,
};

/// Most cases of one answer.
const SHOWN: usize = 8;
/// Photographs looked at, farther each time while cases are lacking: many may be of one lesion.
const REACH: [usize; 3] = [96, 2_048, usize::MAX];

/// Up to eight cases of other lesions, nearest first; one for each lesion.
///
/// # Errors
/// `not_found`, `consent_missing`, `model_unavailable`, `record_damaged`.
pub fn read(session: &Session, request: &AnalysisReadRequest) -> Result<SimilarView> {
    let actor = session.authorise(Command::SimilarRead)?;
    read_first::admit(session, request.id)?;
    let classifier = stored::in_use(session.office())?;
    let analysis = session.store().read(|tx| embeddings::question(tx, request.id))?;
    if !session.store().read(|tx| consented(tx, analysis.patient_id))? {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "ai" })));
    }
    let questions = questions(session, &classifier, &analysis)?;
    let model = classifier.identity().sha256.as_str();
    let mut view = SimilarView { cases: Vec::new(), compared: 0, filling: session.archive().is_filling() };
    for reach in REACH {
        let found = session.archive().nearest(session.office(), model, &questions, reach)?;
        view.compared = u32::try_from(found.compared).unwrap_or(u32::MAX);
        let all = found.near.len() < reach;
        let chosen =
            session.store().read(|tx| choose(tx, Curtain::of(session, tx)?, &analysis, &found.near))?;
        if chosen.len() < SHOWN && !all {
            continue;
        }
        let bounds = classifier.card().similarity;
        view.cases = session.store().write(&actor, |tx| {
            let shown: Vec<Case> = chosen.iter().map(|(case, _)| *case).collect();
            embeddings::searched(tx, analysis.id, analysis.patient_id, &shown)?;
            let told = chosen.iter().map(|(case, distance)| {
                let distance = f64::from(*distance);
                let nearness = bounds.map(|bounds| bounds.judge(distance));
                Ok(SimilarCase { distance, nearness, ..told(tx, case, analysis.patient_id)? })
            });
            told.collect::<std::result::Result<_, RecordsError>>()
        })?;
        break;
    }
    Ok(view)
}

/// Says whose a case is that was shown, so that the window can go there.
///
/// # Errors
/// `not_found` when it does not stand any more.
pub fn open(session: &Session, request: &SimilarOpenRequest) -> Result<SimilarOpened> {
    let actor = session.authorise(Command::SimilarOpen)?;
    let case =
        session.store().write(&actor, |tx| embeddings::opened(tx, request.analysis_id, request.image_id))?;
    Ok(SimilarOpened {
        patient_id: case.patient_id,
        lesion_id: case.lesion_id,
        analysis_id: case.analysis_id,
    })
}

/// The directions of the reading's photographs; those that are not kept yet are worked out now.
fn questions(session: &Session, classifier: &Classifier, analysis: &Analysis) -> Result<Vec<Embedding>> {
    let model = classifier.identity().sha256.as_str();
    let mut questions = Vec::with_capacity(analysis.image_ids.len());
    for image in &analysis.image_ids {
        let kept = session.store().read(|tx| embeddings::of_image(tx, model, *image))?;
        let bytes = match kept {
            Some(bytes) => Some(bytes),
            None => made_now(session, classifier, *image)?.map(|direction| direction.bytes),
        };
        questions.extend(bytes.as_deref().and_then(Embedding::from_bytes));
    }
    Ok(questions)
}

fn made_now(session: &Session, classifier: &Classifier, image: ImageId) -> Result<Option<ImageDirection>> {
    let made = archive::direction(session.office(), classifier, image)?;
    if let Some(direction) = &made {
        let model = classifier.identity().sha256.as_str();
        let one = std::slice::from_ref(direction);
        session.store().write(&session.actor(), |tx| embeddings::fill(tx, model, one))?;
    }
    Ok(made)
}

/// The nearest standing photograph of each other lesion.
fn choose(
    tx: &Reading<'_>,
    curtain: Curtain,
    analysis: &Analysis,
    near: &[(ImageId, f32)],
) -> std::result::Result<Vec<(Case, f32)>, RecordsError> {
    let mut seen: HashSet<LesionId> = HashSet::from([analysis.lesion_id]);
    let mut chosen = Vec::with_capacity(SHOWN);
    for (image, distance) in near {
        // A photograph that was moved to another lesion is still the one that was asked about.
        if analysis.image_ids.contains(image) {
            continue;
        }
        let Some(case) = embeddings::case(tx, *image)? else { continue };
        if curtain.hides(tx, case.analysis_id)?
            || !seen.insert(case.lesion_id)
            || !consented(tx, case.patient_id)?
        {
            continue;
        }
        chosen.push((case, *distance));
        if chosen.len() == SHOWN {
            break;
        }
    }
    Ok(chosen)
}

fn consented(tx: &Reading<'_>, patient: PatientId) -> std::result::Result<bool, RecordsError> {
    Ok(patients::get(tx, patient)?.details.ai_consent)
}

/// What may be shown of a case before it is opened.
fn told(tx: &Writing<'_>, case: &Case, asking: PatientId) -> std::result::Result<SimilarCase, RecordsError> {
    let analysis = analyses::get(tx, case.analysis_id)?;
    let born = patients::get(tx, case.patient_id)?.details.date_of_birth;
    let on = analysis.analysed_at.to_zoned(TimeZone::system()).date();
    Ok(SimilarCase {
        image_id: case.image_id,
        same_patient: case.patient_id == asking,
        distance: 0.0,
        nearness: None,
        gate: analysis.assessment.gate,
        band: analysis.assessment.band,
        label: analysis.assessment.label,
        histology: histology(tx, case)?,
        age: AgeBand::of(age_in_years(born, on)),
        site: lesions::get(tx, case.lesion_id)?.details.site,
    })
}

/// The finding on the lesion. The pathologist's words may name somebody; code and behaviour do not.
fn histology(tx: &Reading<'_>, case: &Case) -> std::result::Result<Option<SimilarHistology>, RecordsError> {
    let finding = biopsies::finding_of_lesion(tx, case.lesion_id)?;
    Ok(finding.map(|finding| SimilarHistology {
        behaviour: finding.behaviour,
        name: finding.morphology.as_deref().and_then(morphology::known).map(|known| known.name.to_owned()),
    }))
}
