//! Quality checks on phantoms with and without the fault.

use domain::image::ImageFormat;
use domain::quality::{QualityCode, QualityReport};
use vision::decode::Photograph;
use vision::phantom::{Artefacts, DermoscopicColour, Phantom, PhantomSpec, samples};
use vision::quality::{HardCheckError, check};

fn spec(seed: u64) -> PhantomSpec {
    PhantomSpec {
        irregularity: 0.4,
        asymmetry: 0.3,
        colours: vec![DermoscopicColour::DarkBrown, DermoscopicColour::LightBrown],
        seed,
        ..PhantomSpec::default()
    }
}

fn report(spec: &PhantomSpec) -> QualityReport {
    check(&Phantom::render(spec).photograph()).unwrap()
}

fn flagged(report: &QualityReport, code: QualityCode) -> bool {
    report.checks.iter().any(|check| check.code == code && !check.passed)
}

fn even(width: u32, height: u32, colour: [u8; 3]) -> Photograph {
    let rgb = colour.repeat((width * height) as usize);
    Photograph::new(width, height, rgb, ImageFormat::Png).unwrap()
}

#[test]
fn a_side_of_223_pixels_is_too_small_and_224_is_not() {
    for (width, height) in [(223, 400), (400, 223), (100, 100)] {
        let error = check(&even(width, height, [200, 150, 120])).unwrap_err();
        assert_eq!(error, HardCheckError::TooSmall { width, height });
    }
    assert!(check(&even(224, 224, [200, 150, 120])).is_ok());
}

#[test]
fn black_beyond_95_percent_is_rejected() {
    let mut photo = even(400, 400, [15, 15, 15]);
    assert!(matches!(check(&photo), Err(HardCheckError::TooBlack { share }) if share > 0.99));
    // Light in 6 % of the rows.
    photo.rgb[..24 * 400 * 3].fill(180);
    assert!(check(&photo).is_ok());
    photo.rgb[16 * 400 * 3..24 * 400 * 3].fill(0);
    assert!(check(&photo).is_err());
}

#[test]
fn light_is_judged_at_its_limits() {
    for (level, code) in
        [(29, Some(QualityCode::TooDark)), (30, None), (225, None), (226, Some(QualityCode::TooBright))]
    {
        let report = check(&even(300, 300, [level; 3])).unwrap();
        for other in [QualityCode::TooDark, QualityCode::TooBright] {
            assert_eq!(flagged(&report, other), code == Some(other), "{level}");
        }
        // An even picture has neither contrast nor edges.
        assert!(flagged(&report, QualityCode::LowContrast));
        assert!(flagged(&report, QualityCode::Blurred));
    }
}

#[test]
fn a_clean_phantom_passes_every_check() {
    for seed in 1..=6 {
        let report = report(&spec(seed));
        let warnings: Vec<_> = report.warnings().collect();
        assert!(warnings.is_empty(), "{seed}: {warnings:?}");
        assert!((report.score - 1.0).abs() < 1e-9);
    }
}

#[test]
fn each_painted_artefact_is_found_and_no_other() {
    let cases = [
        (QualityCode::Hair, Artefacts { hairs: 12, ..Artefacts::default() }),
        (QualityCode::Ruler, Artefacts { ruler: true, ..Artefacts::default() }),
        (QualityCode::InkMarks, Artefacts { ink: true, ..Artefacts::default() }),
        (QualityCode::DarkCorners, Artefacts { dark_corners: true, ..Artefacts::default() }),
    ];
    let artefact_codes: Vec<QualityCode> = cases.iter().map(|case| case.0).collect();
    for (code, artefacts) in cases {
        for (seed, width, height) in [(3, 800, 600), (4, 1600, 1200), (5, 600, 800), (6, 450, 450)] {
            let report = report(&PhantomSpec { artefacts, width, height, ..spec(seed) });
            for &other in &artefact_codes {
                assert_eq!(
                    flagged(&report, other),
                    other == code,
                    "{code:?} at {width}x{height}: {other:?} {:?}",
                    report.checks
                );
            }
            assert!(report.score < 1.0);
        }
    }
}

#[test]
fn blur_is_found() {
    let sharp = Phantom::render(&spec(2)).photograph();
    let small = vision::overlay::shrink_to(&sharp, 40);
    let back = image::imageops::resize(
        &image::RgbImage::from_raw(small.width, small.height, small.rgb).unwrap(),
        800,
        600,
        image::imageops::FilterType::Triangle,
    );
    let blurred = Photograph::new(800, 600, back.into_raw(), ImageFormat::Png).unwrap();
    assert!(flagged(&check(&blurred).unwrap(), QualityCode::Blurred));
}

#[test]
fn the_marked_sample_warns_of_all_its_marks() {
    let marked = samples().into_iter().find(|sample| sample.name == "marked_naevus").unwrap();
    let report = check(&marked.render().photograph()).unwrap();
    for code in [QualityCode::Hair, QualityCode::Ruler, QualityCode::InkMarks] {
        assert!(flagged(&report, code), "{:?}", report.checks);
    }
}

/// How often each check warns on the pictures of the folder `LENTIGO_PHOTOGRAPHS` names.
#[test]
#[ignore = "needs a folder of photographs"]
fn survey_of_a_folder() {
    let folder = std::env::var("LENTIGO_PHOTOGRAPHS").expect("LENTIGO_PHOTOGRAPHS names a folder");
    let mut warned: Vec<(QualityCode, Vec<String>)> = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let photo = vision::decode(&bytes, &vision::DecodeLimits::default()).unwrap();
        // The rule's scale is 224 pixels; smaller archive copies are brought to it.
        let Ok(report) = check(&enlarged(photo)) else { continue };
        count += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for check in report.warnings() {
            let line = format!("{name} {:.4}", check.value);
            match warned.iter_mut().find(|(code, _)| *code == check.code) {
                Some((_, lines)) => lines.push(line),
                None => warned.push((check.code, vec![line])),
            }
        }
    }
    for (code, mut lines) in warned {
        lines.sort();
        eprintln!("{code:?}: {} of {count}: {:?}", lines.len(), &lines[..lines.len().min(12)]);
    }
}

fn enlarged(photo: Photograph) -> Photograph {
    if photo.short_side() >= 224 {
        return photo;
    }
    let factor = 224.0 / f64::from(photo.short_side());
    let (width, height) =
        ((f64::from(photo.width) * factor) as u32, (f64::from(photo.height) * factor) as u32);
    let source = image::RgbImage::from_raw(photo.width, photo.height, photo.rgb).unwrap();
    let large = image::imageops::resize(&source, width, height, image::imageops::FilterType::Triangle);
    Photograph::new(width, height, large.into_raw(), photo.format).unwrap()
}
