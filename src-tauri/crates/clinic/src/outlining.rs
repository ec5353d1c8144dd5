//! The outlines of an analysis: found and measured, then sealed as pictures of their own, so that the
//! photograph stays clean.

use domain::ImageId;
use domain::job::AnalysisStep;
use domain::outline::LesionOutline;
use records::images;
use records::outlines::{DrawnOutline, PURPOSE};
use vision::mask::Mask;
use vision::{Photograph, describe, outline_layer_png};

use crate::error::{ErrorCode, Result};
use crate::image::seal;
use crate::jobs::Cancel;
use crate::session::Office;

/// Long side of a stored outline; its line is soft, and the viewer enlarges it.
const OUTLINE_SIDE: u32 = 1024;

/// What was found in one photograph, not sealed yet.
pub(crate) struct Outlined {
    outline: LesionOutline,
    mask: Option<Mask>,
}

/// Outlines and measures the lesion in each photograph. What cannot be outlined is a finding with its
/// reason and never fails the analysis.
///
/// # Errors
/// `analysis_cancelled`.
pub(crate) fn outline(
    office: &Office,
    image_ids: &[ImageId],
    photos: &[Photograph],
    progress: &mut dyn FnMut(AnalysisStep),
    cancel: &Cancel,
) -> Result<Vec<Outlined>> {
    progress(AnalysisStep::Outlining);
    let outliner = office.workstation.model().outliner();
    let mut found = Vec::with_capacity(photos.len());
    for (image_id, photo) in image_ids.iter().zip(photos) {
        if cancel.is_requested() {
            return Err(ErrorCode::AnalysisCancelled.into());
        }
        let quality = office.store.read(|tx| images::get(tx, *image_id))?.quality.score;
        let description = match &outliner {
            // A photograph by itself has no scale: lengths are in pixels.
            Ok(outliner) => describe(outliner, photo, None, quality),
            Err(_) => vision::without_outline(photo),
        };
        let outline = LesionOutline { image_id: *image_id, finding: description.finding };
        found.push(Outlined { outline, mask: description.mask });
    }
    if cancel.is_requested() {
        return Err(ErrorCode::AnalysisCancelled.into());
    }
    Ok(found)
}

/// Seals the pictures of what was found. No file is left when one fails.
///
/// # Errors
/// `storage_full`, `storage_failed`.
pub(crate) fn seal_all(office: &Office, found: Vec<Outlined>) -> Result<Vec<DrawnOutline>> {
    let mut drawn = Vec::with_capacity(found.len());
    for Outlined { outline, mask } in found {
        let picture = mask.map(|mask| {
            let png = outline_layer_png(&mask, OUTLINE_SIDE).map_err(|_| ErrorCode::Internal)?;
            seal(office.sealed()?, PURPOSE, &png)
        });
        match picture.transpose() {
            Ok(picture) => drawn.push(DrawnOutline { outline, picture }),
            Err(error) => {
                discard(office, &drawn);
                return Err(error);
            }
        }
    }
    Ok(drawn)
}

/// Takes back the pictures of outlines that could not be recorded.
pub(crate) fn discard(office: &Office, drawn: &[DrawnOutline]) {
    if let Ok(sealed) = office.sealed() {
        for file in drawn.iter().filter_map(|drawn| drawn.picture.as_ref()) {
            let _ = sealed.discard(file.id);
        }
    }
}
