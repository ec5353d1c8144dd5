//! The work of an analysis: open, decode, read, explain, outline, seal the pictures of it.

use std::time::Instant;

use domain::analysis::{Analysis, Timings};
use domain::job::AnalysisStep;
use domain::{AnalysisId, ImageId};
use records::analyses::{ExplanationFile, ExplanationKind};
use records::embeddings::ImageDirection;
use records::images::{self, Rendition};
use records::outlines::DrawnOutline;
use vision::{DecodeLimits, Explain, Heatmap, Photograph, Reading, VisionError, overlay};

use crate::error::{Error, ErrorCode, Result};
use crate::image::seal_all;
use crate::jobs::Cancel;
use crate::models::stored;
use crate::outlining;
use crate::session::Office;

/// Long side of a stored heatmap; it is smooth, and the viewer enlarges it.
const HEATMAP_SIDE: u32 = 256;
/// Opacity of the heat in the stored overlay.
const OVERLAY_STRENGTH: f32 = 0.6;

/// An analysis whose pictures are sealed but which is not recorded yet.
pub(crate) struct Finding {
    pub analysis: Analysis,
    pub explanations: Vec<ExplanationFile>,
    pub outlines: Vec<DrawnOutline>,
    pub directions: Vec<ImageDirection>,
}

/// # Errors
/// `model_unavailable`, `record_damaged`, `analysis_cancelled`, `storage_full`. No file is left then.
pub(crate) fn examine(
    office: &Office,
    image_ids: &[ImageId],
    progress: &mut dyn FnMut(AnalysisStep),
    cancel: &Cancel,
) -> Result<Finding> {
    let classifier = stored::in_use(office)?;
    let start = Instant::now();
    let mut decode_ms = 0.0;
    let mut photos = Vec::with_capacity(image_ids.len());
    for id in image_ids {
        let bytes = open_original(office, *id)?;
        progress(AnalysisStep::Decoding);
        let began = Instant::now();
        photos.push(vision::decode(&bytes, &DecodeLimits::default())?);
        decode_ms += milliseconds(began);
        if cancel.is_requested() {
            return Err(ErrorCode::AnalysisCancelled.into());
        }
    }
    let views: Vec<&Photograph> = photos.iter().collect();
    let reading = classifier.classify(&views, Explain::Every, progress, &|| cancel.is_requested())?;
    let outlined = outlining::outline(office, image_ids, &photos, progress, cancel)?;
    let image = office.store.read(|tx| images::get(tx, image_ids[0]))?;
    let mut analysis = Analysis {
        id: AnalysisId::fresh(),
        patient_id: image.patient_id,
        lesion_id: image.lesion_id,
        image_ids: image_ids.to_vec(),
        assessment: reading.assessment.clone(),
        model: classifier.identity().clone(),
        heatmap: reading.heatmap_state,
        timings: Timings { decode_ms, ..reading.timings },
        analysed_at: office.workstation.clock().now(),
    };
    let explanations = seal_explanations(office, image_ids, &photos, &reading)?;
    let outlines =
        outlining::seal_all(office, outlined).inspect_err(|_| discard_files(office, &explanations))?;
    analysis.timings.total_ms = milliseconds(start);
    let directions = image_ids
        .iter()
        .zip(&reading.embeddings)
        .filter_map(|(image_id, embedding)| {
            Some(ImageDirection { image_id: *image_id, bytes: embedding.as_ref()?.to_bytes() })
        })
        .collect();
    Ok(Finding { analysis, explanations, outlines, directions })
}

/// Takes back the pictures of a finding that could not be recorded.
pub(crate) fn discard(office: &Office, finding: &Finding) {
    discard_files(office, &finding.explanations);
    outlining::discard(office, &finding.outlines);
}

fn discard_files(office: &Office, files: &[ExplanationFile]) {
    if let Ok(sealed) = office.sealed() {
        for explanation in files {
            let _ = sealed.discard(explanation.file.id);
        }
    }
}

pub(crate) fn open_original(office: &Office, id: ImageId) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    let file = office.store.read(|tx| images::file(tx, id, Rendition::Original))?;
    Ok(office.sealed()?.open_file(file.id, file.version, Rendition::Original.purpose(), &file.key)?)
}

fn seal_explanations(
    office: &Office,
    image_ids: &[ImageId],
    photos: &[Photograph],
    reading: &Reading,
) -> Result<Vec<ExplanationFile>> {
    let mut files = Vec::new();
    for ((image_id, photo), maps) in image_ids.iter().zip(photos).zip(&reading.heatmaps) {
        let sealed = seal_maps(office, *image_id, photo, maps, &|_, _| true);
        files.extend(sealed.inspect_err(|_| discard_files(office, &files))?);
    }
    Ok(files)
}

/// A heatmap for every class, and an overlay for the leading one, which comes first; only those that are wanted.
/// No file is left when one fails.
pub(crate) fn seal_maps(
    office: &Office,
    image_id: ImageId,
    photo: &Photograph,
    maps: &[Heatmap],
    wanted: &dyn Fn(ExplanationKind, &str) -> bool,
) -> Result<Vec<ExplanationFile>> {
    let mut pictures: Vec<(ExplanationKind, &str, Vec<u8>)> = Vec::new();
    let (width, height) = fitted(photo, HEATMAP_SIDE);
    for map in maps.iter().filter(|map| wanted(ExplanationKind::Heatmap, &map.class)) {
        let png = overlay::heatmap_layer_png(map, width, height).map_err(|_| ErrorCode::Internal)?;
        pictures.push((ExplanationKind::Heatmap, &map.class, png));
    }
    let overlaid = maps.first().filter(|map| wanted(ExplanationKind::Overlay, &map.class));
    if let Some(leading) = overlaid {
        let png = overlay::overlay_png(photo, leading, OVERLAY_STRENGTH).map_err(|_| ErrorCode::Internal)?;
        pictures.push((ExplanationKind::Overlay, &leading.class, png));
    }
    let contents: Vec<_> = pictures.iter().map(|(kind, _, png)| (kind.purpose(), png.as_slice())).collect();
    let sealed = seal_all(office.sealed()?, &contents)?;
    let named = pictures.iter().zip(sealed);
    Ok(named
        .map(|((kind, class, _), file)| {
            let class_code = (*class).to_owned();
            ExplanationFile { image_id, kind: *kind, class_code, file }
        })
        .collect())
}

fn fitted(photo: &Photograph, long: u32) -> (u32, u32) {
    let side = photo.width.max(photo.height).max(1);
    let scale = f64::from(long.min(side)) / f64::from(side);
    let fit = |value: u32| (f64::from(value) * scale).round().max(1.0) as u32;
    (fit(photo.width), fit(photo.height))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

impl From<VisionError> for Error {
    fn from(error: VisionError) -> Self {
        match error {
            VisionError::Cancelled => ErrorCode::AnalysisCancelled.into(),
            VisionError::PhotographCount(_) | VisionError::UnknownClass => ErrorCode::InvalidInput.into(),
            VisionError::Inference(reason) => {
                tracing::error!(reason, "inference");
                ErrorCode::ModelUnavailable.into()
            }
        }
    }
}
