//! Outlines of phantoms, and a survey of real ones.

use crate::archive;
use crate::measure::{any_lesion, mask_of};
use domain::outline::OutlineGap;
use std::path::Path;
use std::time::Instant;
use vision::ModelError;
use vision::measure::{DermoscopicColour, measure};
use vision::outline::{OUTLINE_CARD, OutlineCard, OutlineMethod, Outliner};
use vision::phantom::{Artefacts, Phantom, PhantomSpec};

/// Lesions whose ground is darker than skin: the classical way does not see white ones.
fn pigmented() -> impl Iterator<Item = Phantom> {
    (0..80)
        .map(any_lesion)
        .filter(|spec| spec.colours[0] != DermoscopicColour::White)
        .map(|spec| Phantom::render(&spec))
}

/// Mean Jaccard index over phantoms, and the share below 0.5.
fn agreement(outliner: &Outliner, phantoms: impl Iterator<Item = Phantom>) -> (f64, f64) {
    let scores: Vec<f64> = phantoms
        .map(|phantom| {
            let outline = outliner.outline(&phantom.photograph());
            outline.map_or(0.0, |outline| outline.mask.jaccard(&mask_of(&phantom)))
        })
        .collect();
    let count = scores.len() as f64;
    let low = scores.iter().filter(|&&score| score < 0.5).count() as f64;
    (scores.iter().sum::<f64>() / count, low / count)
}

#[test]
fn the_classical_way_finds_phantoms() {
    let (mean, low) = agreement(&Outliner::classical(), pigmented());
    eprintln!("classical outline of phantoms: mean Jaccard {mean:.3}, below 0.5 {:.1} %", low * 100.0);
    assert!(mean >= 0.85 && low <= 0.05);
}

#[test]
fn the_shipped_model_outlines_phantoms() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models");
    let outliner = Outliner::load(&models).unwrap();
    assert_eq!(outliner.method(), OutlineMethod::Learned);
    assert_eq!(outliner.identity().unwrap().sha256.len(), 64);
    // Motley phantoms are unlike anything it was trained on; brown ones are not.
    let brown = (0..30).map(|seed| {
        let colours = vec![DermoscopicColour::LightBrown, DermoscopicColour::DarkBrown];
        Phantom::render(&PhantomSpec { colours, ..any_lesion(seed) })
    });
    for (name, (mean, low)) in
        [("brown", agreement(&outliner, brown)), ("motley", agreement(&outliner, pigmented()))]
    {
        eprintln!("learned outline of {name} phantoms: mean {mean:.3}, below 0.5 {:.1} %", low * 100.0);
        assert!(mean >= if name == "brown" { 0.8 } else { 0.6 });
    }
}

#[test]
fn a_model_that_is_missing_or_altered_is_no_model() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models");
    assert_eq!(Outliner::load(Path::new("nowhere")).unwrap_err(), ModelError::Missing);
    let json = std::fs::read(models.join(OUTLINE_CARD)).unwrap();
    let card = OutlineCard::parse(&json).unwrap();
    let mut onnx = std::fs::read(models.join(&card.file)).unwrap();
    let mut wrong = card.clone();
    wrong.output.name = "nothing".to_owned();
    assert!(matches!(Outliner::assemble(wrong, &onnx), Err(ModelError::Broken(_))));
    *onnx.last_mut().unwrap() ^= 1;
    assert_eq!(Outliner::assemble(card, &onnx).unwrap_err(), ModelError::HashMismatch);
}

#[test]
fn hair_ruler_and_dark_corners_leave_the_outline_where_it_is() {
    let artefacts =
        Artefacts { hairs: 12, ruler: true, dark_corners: true, bubbles: 5, ..Artefacts::default() };
    for seed in 1..=8 {
        let plain = PhantomSpec { seed, ..PhantomSpec::default() };
        let truth = mask_of(&Phantom::render(&plain));
        let marked = Phantom::render(&PhantomSpec { artefacts, ..plain }).photograph();
        let marked = Outliner::classical().outline(&marked).unwrap().mask;
        assert!(marked.jaccard(&truth) > 0.8, "{seed}: {}", marked.jaccard(&truth));
    }
}

#[test]
fn an_outline_has_the_size_of_the_photograph_and_can_be_measured() {
    let phantom = Phantom::render(&PhantomSpec { width: 1600, height: 1200, ..PhantomSpec::default() });
    let start = Instant::now();
    let outline = Outliner::classical().outline(&phantom.photograph()).unwrap();
    let outline_ms = start.elapsed().as_secs_f64() * 1e3;
    assert_eq!((outline.mask.width(), outline.mask.height()), (1600, 1200));
    assert_eq!(outline.method, OutlineMethod::Classical);
    let start = Instant::now();
    let size = measure(&phantom.photograph(), &outline.mask, None).unwrap().size;
    let measure_ms = start.elapsed().as_secs_f64() * 1e3;
    let start = Instant::now();
    let clean = vision::artefact::detect(&phantom.photograph()).present().count() == 0;
    let detect_ms = start.elapsed().as_secs_f64() * 1e3;
    eprintln!(
        "1600 x 1200: outline {outline_ms:.0} ms, measures {measure_ms:.0} ms, artefacts {detect_ms:.0} ms"
    );
    assert!(clean);
    assert!((size.feret_px / phantom.truth.diameter_px - 1.0).abs() < 0.1, "{size:?}");
    assert_eq!(Outliner::classical().outline(&phantom.photograph()).unwrap(), outline);
}

#[test]
fn an_even_picture_has_no_outline() {
    let rgb = [200u8, 150, 120].repeat(300 * 300);
    let photo = vision::Photograph::new(300, 300, rgb, domain::image::ImageFormat::Png).unwrap();
    assert_eq!(Outliner::classical().outline(&photo).unwrap_err().gap(), OutlineGap::OutlineNotFound);
}

/// Agreement of one outline with the one a person drew; zeros where none was found.
#[derive(Default)]
struct Agreement {
    jaccard: f64,
    /// Area and largest diameter over those of the drawn outline.
    area: f64,
    diameter: f64,
}

fn compare(outliner: &Outliner, row: &archive::Row) -> Agreement {
    let (photo, drawn) = (row.photograph(), row.outline());
    let Ok(outline) = outliner.outline(&photo) else { return Agreement::default() };
    let size = |mask| measure(&photo, mask, None).unwrap().size;
    let (found, truth) = (size(&outline.mask), size(&drawn));
    Agreement {
        jaccard: outline.mask.jaccard(&drawn),
        area: found.area_px as f64 / truth.area_px as f64,
        diameter: found.feret_px / truth.feret_px,
    }
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[values.len() * quarter / 4])
}

/// Agreement with the outlines of the unpacked archive (see [`archive::rows`]), of the classical way
/// and, where `LENTIGO_MODELS` names a folder with one, the model.
#[test]
#[ignore = "needs the archive of lesions"]
fn survey_of_outlines() {
    let rows = archive::rows();
    let mut outliners = vec![Outliner::classical()];
    if let Ok(models) = std::env::var("LENTIGO_MODELS") {
        outliners.push(Outliner::load(Path::new(&models)).unwrap());
    }
    for outliner in &outliners {
        let all: Vec<Agreement> = rows.iter().map(|row| compare(outliner, row)).collect();
        for source in ["", "ham10000", "isic2017", "pad_ufes20"] {
            let chosen: Vec<&Agreement> = rows
                .iter()
                .zip(&all)
                .filter(|(row, _)| row.source.starts_with(source))
                .map(|(_, a)| a)
                .collect();
            if chosen.is_empty() {
                continue;
            }
            let count = chosen.len() as f64;
            let mean = chosen.iter().map(|a| a.jaccard).sum::<f64>() / count;
            let low = chosen.iter().filter(|a| a.jaccard < 0.5).count() as f64 / count;
            let none = chosen.iter().filter(|a| a.area == 0.0).count();
            eprintln!(
                "{:?} {source} {count}: mean Jaccard {mean:.4}, below 0.5 {:.2} %, nothing found {none}, \
                 quartiles of area {:.2?} and diameter {:.2?} over the drawn",
                outliner.method(),
                low * 100.0,
                quartiles(chosen.iter().map(|a| a.area).collect()),
                quartiles(chosen.iter().map(|a| a.diameter).collect()),
            );
        }
    }
}
