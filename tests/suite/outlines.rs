//! The lesion's outline through the whole clinic: measured, stored, drawn apart, never in clear.

use clinic::views::*;
use clinic::{ErrorCode, analysis, model, picture};
use domain::artefact::Artefact;
use domain::job::{AnalysisStep, JobState};
use domain::outline::{LesionOutline, OutlineGap, OutlineMethod};
use domain::{AnalysisId, ImageId};
use support::{World, install_sharp_outline, naevus_jpeg, root};
use vision::phantom::{Artefacts, DermoscopicColour, Phantom, PhantomSpec};
use vision::{DecodeLimits, decode};

/// A smooth, sharp ellipse of 360 × 240 pixels whose diameter is known.
fn ellipse() -> Phantom {
    Phantom::render(&PhantomSpec {
        width: 1000,
        height: 800,
        semi_axes: (0.225, 0.15),
        rotation: 0.4,
        irregularity: 0.0,
        softness: 0.04,
        colours: vec![DermoscopicColour::DarkBrown],
        ..PhantomSpec::default()
    })
}

fn analysed(world: &World, photograph: &[u8]) -> (AnalysisId, ImageId) {
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, photograph).unwrap().image.id;
    let seen = world.analyses(&[image]).unwrap();
    let last = seen.last().unwrap();
    assert_eq!(last.state, JobState::Completed, "{:?}", last.error);
    let steps: Vec<_> = seen.iter().map(|job| job.step).collect();
    let place = |step| steps.iter().position(|seen| *seen == step).unwrap();
    assert!(place(AnalysisStep::Classifying) < place(AnalysisStep::Outlining), "{steps:?}");
    assert!(place(AnalysisStep::Outlining) < place(AnalysisStep::Saving), "{steps:?}");
    (last.analysis_id.unwrap(), image)
}

fn outline_of(world: &World, id: AnalysisId) -> LesionOutline {
    let view = analysis::read(&world.session, &AnalysisReadRequest { id }).unwrap();
    assert_eq!(view.outlines.len(), view.images.len());
    view.outlines[0].clone()
}

fn png(world: &World, analysis: AnalysisId, image: ImageId) -> clinic::Result<Vec<u8>> {
    let address = format!("/analysis/{analysis}/{image}/outline").parse().unwrap();
    Ok(picture::read(&world.session, &address)?.bytes.to_vec())
}

/// Another folder of models, made from the shipped one.
fn models(change: impl Fn(&std::path::Path)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(root().join("models")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    change(folder.path());
    folder
}

#[test]
fn a_lesion_of_known_size_is_stored_with_its_size_and_drawn_apart() {
    // Green of this skin is 178 and of this lesion 58: the border lies half-way.
    let sharp = models(|folder| install_sharp_outline(folder, 118.0 / 255.0));
    let world = World::founded().reopened_with(sharp.path());
    let phantom = ellipse();
    let (id, image) = analysed(&world, &phantom.to_jpeg(95));
    let outline = outline_of(&world, id);
    assert_eq!((outline.image_id, outline.finding.method), (image, OutlineMethod::Learned));
    assert_eq!(outline.finding.model.as_ref().unwrap().name, "sharp-outline");

    let lesion = outline.finding.measured().unwrap();
    let size = lesion.measures.size;
    let off = size.feret_px / phantom.truth.diameter_px - 1.0;
    assert!(off.abs() <= 0.02, "diameter {} instead of {}", size.feret_px, phantom.truth.diameter_px);
    let off = size.area_px as f64 / phantom.truth.area_px as f64 - 1.0;
    assert!(off.abs() <= 0.02, "area {} instead of {}", size.area_px, phantom.truth.area_px);
    assert!(lesion.measures.mm_per_px.is_none() && size.feret_mm.is_none(), "nothing was calibrated");
    assert!(lesion.tds_proposal.unwrap().tds.is_proposal());

    let layer = decode(&png(&world, id, image).unwrap(), &DecodeLimits::default()).unwrap();
    assert_eq!((layer.width, layer.height), (1000, 800));
    let display = format!("/image/{image}/display").parse().unwrap();
    let photograph = picture::read(&world.session, &display).unwrap();
    let photograph = decode(&photograph.bytes, &DecodeLimits::default()).unwrap();
    let paper = [255u8, 255, 255];
    let painted = photograph.rgb.chunks_exact(3).filter(|pixel| **pixel == paper).count();
    assert_eq!(painted, 0, "the photograph itself stays clean");

    let world = world.reopened_with(sharp.path());
    assert_eq!(outline_of(&world, id), outline, "it reads back the same");
}

#[test]
fn without_an_outline_model_colour_alone_must_do_and_is_trusted_less() {
    let classical = models(|folder| std::fs::remove_file(folder.join("outline.card.json")).unwrap());
    let world = World::founded().reopened_with(classical.path());
    let phantom = ellipse();
    let (id, _) = analysed(&world, &phantom.to_png());
    let outline = outline_of(&world, id);
    assert!(outline.finding.method == OutlineMethod::Classical && outline.finding.model.is_none());
    let lesion = outline.finding.measured().unwrap();
    // It grows on purpose, as people draw around the whole of a fading border.
    let ratio = lesion.measures.size.feret_px / phantom.truth.diameter_px;
    assert!((0.95..1.12).contains(&ratio), "{ratio}");
    assert!(lesion.tds_proposal.unwrap().confidence <= 0.5);
    let card = model::read(&world.session).unwrap();
    assert!(card.outline.is_none() && card.outline_problem.is_none());
}

#[test]
fn the_shipped_model_outlines_and_its_identity_is_kept() {
    let world = World::founded();
    let (id, image) = analysed(&world, &ellipse().to_jpeg(95));
    let outline = outline_of(&world, id);
    let outliner = world.workstation.model().outliner().unwrap();
    assert_eq!(outline.finding.method, OutlineMethod::Learned);
    assert_eq!(outline.finding.model.as_ref(), outliner.identity());
    let lesion = outline.finding.measured().unwrap();
    let ratio = lesion.measures.size.feret_px / ellipse().truth.diameter_px;
    assert!((0.8..1.25).contains(&ratio), "{ratio}");

    let before = world.trail(&world.session, "analysis_read").len();
    assert!(png(&world, id, image).unwrap().starts_with(b"\x89PNG"));
    let trail = world.trail(&world.session, "analysis_read");
    assert_eq!(trail.len(), before + 1, "a look at the outline is a look at the patient");
    assert_eq!(trail[0]["picture"], "outline");
    let completed = world.trail(&world.session, "analysis_completed");
    assert_eq!(completed[0]["outline_model"], outline.finding.model.unwrap().sha256);
    let stranger = png(&world, id, ImageId::fresh()).unwrap_err();
    assert_eq!(stranger.code, ErrorCode::NotFound);
}

#[test]
fn nothing_of_an_outline_lies_in_clear_on_the_disk() {
    let world = World::founded();
    let before = world.files().len();
    let (id, image) = analysed(&world, &naevus_jpeg());
    let layer = png(&world, id, image).unwrap();
    assert!(world.files().len() > before);
    // Any 24 bytes of the picture's own data would give it away.
    let probe = &layer[layer.len() / 2..layer.len() / 2 + 24];
    for path in world.files() {
        let bytes = std::fs::read(&path).unwrap();
        for word in [probe, b"\x89PNG".as_slice(), b"equivalent_diameter"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{}", path.display());
        }
    }
}

#[test]
fn an_outline_model_that_was_altered_costs_the_measures_and_not_the_reading() {
    let altered = models(|folder| {
        let file = folder.join("outline.onnx");
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(file, bytes).unwrap();
    });
    let world = World::founded().reopened_with(altered.path());
    let (id, image) = analysed(&world, &naevus_jpeg());
    let outline = outline_of(&world, id);
    assert_eq!(outline.finding.missing(), Some(OutlineGap::ModelUnavailable));
    assert_eq!(png(&world, id, image).unwrap_err().code, ErrorCode::NotFound);
    let card = model::read(&world.session).unwrap();
    assert!(card.outline.is_none() && card.outline_problem == Some(ErrorCode::ModelUnavailable));
}

#[test]
fn what_lies_on_the_skin_is_found_with_the_measures() {
    let world = World::founded();
    let artefacts = Artefacts { ruler: true, hairs: 12, ..Artefacts::default() };
    let marked =
        Phantom::render(&PhantomSpec { width: 1200, height: 900, artefacts, ..PhantomSpec::default() });
    let (id, _) = analysed(&world, &marked.to_jpeg(95));
    let scores = outline_of(&world, id).finding.artefacts;
    let present: Vec<_> = scores.present().collect();
    assert!(present.contains(&Artefact::Ruler) && present.contains(&Artefact::Hair), "{scores:?}");
}

#[test]
fn an_analysis_stopped_while_it_outlines_leaves_nothing() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &naevus_jpeg()).unwrap().image.id;
    let before = world.files().len();
    let (sender, updates) = std::sync::mpsc::channel();
    let request = AnalysisStartRequest { image_ids: vec![image] };
    let job = analysis::start(&world.session, &request, move |job| {
        let _ = sender.send(job.clone());
        if job.step == AnalysisStep::Outlining {
            // Long enough for the cancel to arrive while the work is under way.
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
    })
    .unwrap();
    while updates.recv().unwrap().step != AnalysisStep::Outlining {}
    analysis::cancel(&world.session, &JobRequest { id: job.id }).unwrap();
    let last = updates.iter().find(|job| job.state.is_finished()).unwrap();
    assert_eq!((last.state, last.analysis_id), (JobState::Cancelled, None));
    assert_eq!(world.files().len(), before);
}

#[test]
fn the_card_names_data_licences_figures_and_the_outline_model() {
    let world = World::founded();
    let card = model::read(&world.session).unwrap();
    assert!(!card.limits.is_empty() && !card.licence.is_empty() && card.images.is_object());
    assert!(card.sources.iter().all(|source| !source.name.is_empty() && !source.licence.is_empty()));
    assert!(card.sources.len() >= 2, "{:?}", card.sources);
    for path in ["/by_class", "/by_group/sex", "/by_group/age", "/by_group/site"] {
        assert!(card.metrics.pointer(path).is_some_and(|group| group.is_object()), "{path}");
    }
    let outline = card.outline.unwrap();
    assert!(!outline.limits.is_empty() && outline.metrics.is_object());
}
