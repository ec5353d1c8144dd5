//! The golden set: built-in pictures and photographs with histology, read by the version in use and by another one.

use std::sync::Arc;

use domain::analysis::Assessment;
use domain::model_version::{
    ComparedPicture, GoldenPicture, ModelComparison, ModelRefusalReason as Reason, Opinion,
};
use domain::problem::{FieldProblem, ProblemCode};
use records::golden_images::{self, GoldenImage};
use records::models;
use vision::{Classifier, DecodeLimits, Explain, Photograph, trial};

use super::{one, refused_for, stored};
use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::examination::open_original;
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{
    GoldenImageMarkRequest, GoldenImageRequest, GoldenImageView, GoldenSetView, ModelCompareProgress,
    ModelCompareRequest, ModelVersionView,
};

/// Reads the golden set with both versions and keeps what was found. When it is stopped, nothing is kept.
///
/// # Errors
/// `invalid_input` (`recall_floor`); `busy` while another one is under way; `model_refused` for a version that was not
/// tried out; `conflict` for one in use or retired; `model_unavailable` when it cannot be loaded.
pub fn compare(
    session: &Session,
    request: &ModelCompareRequest,
    progress: impl Fn(&ModelCompareProgress),
) -> Result<ModelVersionView> {
    let actor = session.authorise(Command::ModelCompare)?;
    if !(0.0..=1.0).contains(&request.recall_floor) {
        return Err(vec![FieldProblem::new("recall_floor", ProblemCode::NotAllowed)].into());
    }
    let underway = session.workstation().comparing().begin().ok_or(ErrorCode::Busy)?;
    let (version, golden) =
        session.store().read(|tx| Ok((models::get(tx, request.id)?, golden_images::list(tx)?)))?;
    if version.trial.is_none() {
        return Err(refused_for(Reason::NotChecked));
    }
    let new = stored::load(session.office(), request.id)?;
    // Where nothing can be read with, the new version stands alone.
    let old = stored::in_use(session.office()).ok();
    let reader = Reader { session, old, new: &new, cancel: &underway.cancel, progress: &progress };
    let Some((pictures, left_out)) = reader.all(&golden)? else { return one(session, request.id) };
    let against = reader.old.as_ref().map(|model| model.identity().clone());
    let comparison = ModelComparison::of(against, request.recall_floor, pictures, left_out);
    session.store().write(&actor, |tx| {
        golden_images::read_by_machine(tx, &golden)?;
        models::set_comparison(tx, request.id, &comparison)
    })?;
    drop(underway);
    one(session, request.id)
}

/// Stops the comparison that is under way.
///
/// # Errors
/// `not_permitted`.
pub fn cancel(session: &Session) -> Result<()> {
    session.authorise(Command::ModelCompareCancel)?;
    session.workstation().comparing().cancel();
    Ok(())
}

/// Photographs of lesions with histology, and which of them are in the golden set.
///
/// # Errors
/// `not_permitted`, `record_damaged`.
pub fn set(session: &Session) -> Result<GoldenSetView> {
    session.authorise(Command::GoldenSetRead)?;
    shown(session)
}

/// Takes a photograph into the golden set with the class that histology found.
///
/// # Errors
/// `not_found` without histology; `invalid_input` (`true_class`) for a class that the version in use does not know;
/// `conflict` when the set is full.
pub fn mark(session: &Session, request: &GoldenImageMarkRequest) -> Result<GoldenSetView> {
    let actor = session.authorise(Command::GoldenImageMark)?;
    let model = stored::in_use(session.office())?;
    if !model.labels().iter().any(|label| label.code == request.true_class) {
        return Err(vec![FieldProblem::new("true_class", ProblemCode::NotAllowed)].into());
    }
    session.store().write(&actor, |tx| golden_images::mark(tx, request.image_id, &request.true_class))?;
    shown(session)
}

/// Takes a photograph out of the golden set.
///
/// # Errors
/// `not_found`.
pub fn unmark(session: &Session, request: &GoldenImageRequest) -> Result<GoldenSetView> {
    let actor = session.authorise(Command::GoldenImageUnmark)?;
    session.store().write(&actor, |tx| golden_images::unmark(tx, request.image_id))?;
    shown(session)
}

fn shown(session: &Session) -> Result<GoldenSetView> {
    let found = session.store().write(&session.actor(), golden_images::candidates)?;
    let labels = stored::in_use(session.office()).map(|model| model.labels().to_vec());
    let images = found.into_iter().map(|candidate| GoldenImageView {
        image_id: candidate.image_id,
        imported_at: candidate.imported_at,
        morphology: candidate.morphology,
        behaviour: candidate.behaviour,
        true_class: candidate.true_class,
    });
    Ok(GoldenSetView {
        images: images.collect(),
        classes: labels.unwrap_or_default(),
        most: u32::try_from(golden_images::MOST).unwrap_or(u32::MAX),
    })
}

struct Reader<'a> {
    session: &'a Session,
    old: Option<Arc<Classifier>>,
    new: &'a Classifier,
    cancel: &'a Cancel,
    progress: &'a dyn Fn(&ModelCompareProgress),
}

impl Reader<'_> {
    /// Every picture that can be read, and how many could not; nothing when it was stopped.
    fn all(&self, golden: &[GoldenImage]) -> Result<Option<(Vec<ComparedPicture>, u32)>> {
        let phantoms = trial::pictures();
        let of = u32::try_from(phantoms.len() + golden.len()).unwrap_or(u32::MAX);
        let (mut pictures, mut done, mut left_out) = (Vec::new(), 0, 0);
        let mut told = || {
            done += 1;
            (self.progress)(&ModelCompareProgress { done, of });
        };
        for (name, photo) in phantoms {
            if self.cancel.is_requested() {
                return Ok(None);
            }
            let picture = GoldenPicture::Phantom { name: (*name).to_owned() };
            pictures.push(self.compared(picture, None, photo)?);
            told();
        }
        for (number, image) in (1..).zip(golden) {
            if self.cancel.is_requested() || self.session.has_ended() {
                return Ok(None);
            }
            let photo = if image.consent { self.opened(image).ok() } else { None };
            match photo {
                Some(photo) => {
                    let picture = GoldenPicture::Photograph { number };
                    pictures.push(self.compared(picture, Some(image.true_class.clone()), &photo)?);
                }
                None => left_out += 1,
            }
            told();
        }
        Ok(Some((pictures, left_out)))
    }

    fn opened(&self, image: &GoldenImage) -> Result<Photograph> {
        let bytes = open_original(self.session.office(), image.image_id)?;
        Ok(vision::decode(&bytes, &DecodeLimits::default())?)
    }

    fn compared(
        &self,
        picture: GoldenPicture,
        truth: Option<String>,
        photo: &Photograph,
    ) -> Result<ComparedPicture> {
        let said = |model: &Classifier| -> Result<Opinion> {
            let reading =
                model.classify(&[photo], Explain::Nothing, &mut |_| {}, &|| false).map_err(Error::from)?;
            opinion(&reading.assessment)
        };
        let old = self.old.as_deref().map(said).transpose()?;
        Ok(ComparedPicture { picture, truth, old, new: said(self.new)? })
    }
}

fn opinion(assessment: &Assessment) -> Result<Opinion> {
    let leading = assessment.leading().ok_or(ErrorCode::Internal)?;
    Ok(Opinion {
        top: leading.label.code.clone(),
        probability: leading.probability,
        malignant_sum: assessment.malignant_sum,
        gate: assessment.gate,
        band: assessment.band,
    })
}
