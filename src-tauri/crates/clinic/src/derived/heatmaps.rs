//! The heatmaps and overlays of readings.

use std::collections::{HashMap, HashSet};

use domain::analysis::{Analysis, HeatmapState};
use domain::derived::{DerivedKind, DerivedPurpose};
use domain::{AnalysisId, ImageId};
use records::analyses::{self, ExplanationKind};
use records::derived::{self, DerivedRun, Made};
use records::{RecordsError, deletions, patients};
use vision::{Classifier, Explain, Photograph};

use super::pass::Site;
use crate::error::Result;
use crate::examination::seal_maps;

const CHUNK: u32 = 32;

/// True when no reading is left.
pub(super) fn step(site: &Site<'_>, run: &mut DerivedRun, made: &mut Made) -> Result<bool> {
    let chunk = site.office.store.read(|tx| derived::readings(tx, &run.after, CHUNK))?;
    for reading in &chunk {
        site.go_on()?;
        one(site, run, *reading, made)?;
        run.after = reading.to_string();
        if site.is_due() {
            return Ok(false);
        }
    }
    Ok(chunk.len() < CHUNK as usize)
}

/// Pictures of one photograph that a reading should have and does not.
struct Lacking {
    image: ImageId,
    /// The class whose overlay is kept.
    leading: String,
    pictures: HashSet<(ExplanationKind, String)>,
}

fn one(site: &Site<'_>, run: &mut DerivedRun, id: AnalysisId, made: &mut Made) -> Result<()> {
    let counts = run.tally.of(DerivedKind::Heatmaps);
    counts.looked += 1;
    let analysis = match site.office.store.read(|tx| analyses::get(tx, id)) {
        Ok(analysis) => analysis,
        // It was destroyed since the chunk was read.
        Err(RecordsError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if analysis.heatmap != HeatmapState::Available {
        return Ok(());
    }
    let lacking = lacking(site, &analysis)?;
    if lacking.is_empty() {
        return Ok(());
    }
    // What another version saw in the photograph would not explain this reading.
    let Some(model) = site.model.filter(|model| model.identity().sha256 == analysis.model.sha256) else {
        counts.without_model += 1;
        return Ok(());
    };
    let patient = site.office.store.read(|tx| patients::get(tx, analysis.patient_id))?;
    if !patient.details.ai_consent {
        counts.without_consent += 1;
        return Ok(());
    }
    let mut photos = Vec::with_capacity(lacking.len());
    for lacks in &lacking {
        let Some(photo) = site.photograph(lacks.image)? else {
            counts.failed += 1;
            return Ok(());
        };
        photos.push(photo);
    }
    counts.stale += 1;
    if run.purpose == DerivedPurpose::Look {
        return Ok(());
    }
    for (lacks, photo) in lacking.iter().zip(&photos) {
        draw(site, model, id, lacks, photo, made)?;
    }
    counts.made += 1;
    Ok(())
}

fn lacking(site: &Site<'_>, analysis: &Analysis) -> Result<Vec<Lacking>> {
    let (kept, standing) = site.office.store.read(|tx| {
        let mut standing = Vec::with_capacity(analysis.image_ids.len());
        for image in &analysis.image_ids {
            match deletions::image_stands(tx, *image) {
                Ok(()) => standing.push(*image),
                Err(RecordsError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((analyses::explanations(tx, analysis.id)?, standing))
    })?;
    let mut whole: HashMap<ImageId, HashSet<(ExplanationKind, String)>> = HashMap::new();
    let mut overlays: HashMap<ImageId, String> = HashMap::new();
    for picture in kept {
        if picture.kind == ExplanationKind::Overlay {
            overlays.insert(picture.image_id, picture.class_code.clone());
        }
        if site.opens(&picture.file, picture.kind.purpose())? {
            whole.entry(picture.image_id).or_default().insert((picture.kind, picture.class_code));
        }
    }
    let lacks = standing.into_iter().filter_map(|image| {
        let leading = overlays.remove(&image).or_else(|| leading(analysis))?;
        let whole = whole.remove(&image).unwrap_or_default();
        let classes = analysis.assessment.probabilities.iter();
        let pictures: HashSet<_> = classes
            .map(|class| (ExplanationKind::Heatmap, class.label.code.clone()))
            .chain([(ExplanationKind::Overlay, leading.clone())])
            .filter(|picture| !whole.contains(picture))
            .collect();
        (!pictures.is_empty()).then_some(Lacking { image, leading, pictures })
    });
    Ok(lacks.collect())
}

/// The class that the reading found most probable.
fn leading(analysis: &Analysis) -> Option<String> {
    let classes = analysis.assessment.probabilities.iter();
    let found = classes.reduce(|best, class| if class.probability > best.probability { class } else { best });
    found.map(|class| class.label.code.clone())
}

/// The figures of this run are thrown away: those of the reading stand as they were stored.
fn draw(
    site: &Site<'_>,
    model: &Classifier,
    id: AnalysisId,
    lacks: &Lacking,
    photo: &Photograph,
    made: &mut Made,
) -> Result<()> {
    let reading = model.classify(&[photo], Explain::Every, &mut |_| (), &|| site.is_closed())?;
    let mut maps = reading.heatmaps.into_iter().next().unwrap_or_default();
    // The overlay is drawn of the first.
    maps.sort_by_key(|map| map.class != lacks.leading);
    let wanted = |kind: ExplanationKind, class: &str| lacks.pictures.contains(&(kind, class.to_owned()));
    let files = seal_maps(site.office, lacks.image, photo, &maps, &wanted)?;
    made.explanations.extend(files.into_iter().map(|file| (id, file)));
    Ok(())
}
