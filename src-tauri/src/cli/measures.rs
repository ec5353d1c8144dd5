//! What `lentigo analyze` says of a lesion's outline: measures, the ABCD proposal, artefacts.

use std::path::Path;

use clinic::{ErrorCode, Result};
use serde_json::{Value, json};
use vision::Photograph;
use vision::artefact::{self, ArtefactScores};
use vision::mask::Mask;
use vision::measure::{Measures, measure};
use vision::outline::{OUTLINE_CARD, Outliner};

/// The lesion as it was outlined and measured in one photograph.
pub struct Measured {
    /// The stable code of the reason where there is no outline.
    pub lesion: std::result::Result<(Mask, Measures), &'static str>,
    pub artefacts: ArtefactScores,
}

/// The outline model of a folder; the classical way where the folder has none.
///
/// # Errors
/// `model_unavailable` for a model that is there and unfit.
pub fn outliner(models: &Path) -> Result<Outliner> {
    if !models.join(OUTLINE_CARD).is_file() {
        return Ok(Outliner::classical());
    }
    Outliner::load(models).map_err(|error| {
        tracing::error!(%error, "outline model");
        ErrorCode::ModelUnavailable.into()
    })
}

pub fn look(outliner: &Outliner, photo: &Photograph) -> Measured {
    let lesion = outliner.outline(photo).map_err(|error| error.code()).and_then(|outline| {
        let measures = measure(photo, &outline.mask, None).map_err(|error| error.code())?;
        Ok((outline.mask, measures))
    });
    Measured { lesion, artefacts: artefact::detect(photo) }
}

/// Lengths are in pixels: a photograph by itself has no scale. The total dermoscopy score is a proposal
/// whose structures are guessed from texture; only a clinician counts them.
pub fn as_json(found: &Measured, outliner: &Outliner) -> Value {
    let lesion = match &found.lesion {
        Ok((_, measures)) => json!({
            "measures": measures,
            "tds_proposal": measures.tds(None).ok().flatten(),
        }),
        Err(code) => json!({ "missing": code }),
    };
    json!({
        "method": outliner.method(),
        "model": outliner.identity(),
        "lesion": lesion,
        "artefacts": found.artefacts,
    })
}
