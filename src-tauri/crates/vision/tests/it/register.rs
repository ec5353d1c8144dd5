//! Registration of painted pairs of known truth, and a survey of real ones.

use crate::archive;
use crate::measure::mask_of;
use domain::comparison::{Anchor, Bounded, CannotRegister, Registration};
use domain::image::ImageFormat;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;
use vision::Photograph;
use vision::change::{AREA_NOISE, DIAMETER_NOISE, Seen, change};
use vision::mask::Mask;
use vision::measure::{Measures, measure};
use vision::outline::Outliner;
use vision::phantom::{Phantom, PhantomPair};
use vision::register::{accepted, evidence, register};

/// Pairs of the tests: growth from a tenth lost to a half gained.
fn pairs() -> impl Iterator<Item = PhantomPair> {
    (0..12).map(|seed| PhantomPair::painted(seed, 0.9 + 0.05 * seed as f64))
}

fn registered(
    earlier: &Phantom,
    later: &Phantom,
) -> Result<domain::comparison::Registration, CannotRegister> {
    let (a, b) = (mask_of(earlier), mask_of(later));
    register((&earlier.photograph(), Some(&a)), (&later.photograph(), Some(&b)))
}

#[test]
fn painted_pairs_are_laid_over_each_other_and_their_growth_is_told() {
    let (mut worst, mut slowest, mut accepted, mut all) = ([0.0f64; 4], 0.0f64, 0, 0);
    for (seed, pair) in pairs().enumerate() {
        all += 1;
        let begun = Instant::now();
        let found = registered(&pair.earlier, &pair.later);
        slowest = slowest.max(begun.elapsed().as_secs_f64());
        let found = match found {
            Ok(found) => found,
            Err(reason) => {
                eprintln!("{seed}: {reason:?}");
                continue;
            }
        };
        accepted += 1;
        assert_eq!(found.anchor, Anchor::Skin, "{seed}");
        let (before, after) = (pair.earlier.photograph(), pair.later.photograph());
        let (a, b) = (mask_of(&pair.earlier), mask_of(&pair.later));
        let (old, new) = (measure(&before, &a, None).unwrap(), measure(&after, &b, None).unwrap());
        let told = change(
            Seen { photo: &before, mask: &a, measures: &old },
            Seen { photo: &after, mask: &b, measures: &new },
            &found,
            None,
        );
        let Some(size) = told.size else {
            assert!(told.touches_frame, "{seed}");
            continue;
        };
        let errors = [
            pair.error_of(&found.transform),
            (size.area.value / pair.area_ratio - 1.0).abs(),
            (size.diameter.value / pair.area_ratio.sqrt() - 1.0).abs(),
            (told.gained.unwrap() - told.lost.unwrap() - (pair.area_ratio - 1.0)).abs(),
        ];
        eprintln!(
            "{seed}: place, area, diameter, regions off by {errors:.4?}, residual {:.2}",
            found.residual_px
        );
        for (worst, error) in worst.iter_mut().zip(errors) {
            *worst = worst.max(error);
        }
    }
    eprintln!("{accepted} of {all} accepted, largest errors {worst:.4?}, slowest {slowest:.2} s");
    // Fine pores over hardly any furrows are harder than skin; what is accepted has to be right.
    assert!(accepted * 3 >= all * 2, "{accepted} of {all}");
    assert!(worst[0] <= 1.0 && worst[1] <= 0.03 && worst[2] <= 0.03 && worst[3] <= 0.03, "{worst:?}");
}

fn seen<'a>(photo: &'a Photograph, mask: &'a Mask, measures: &'a Measures) -> Seen<'a> {
    Seen { photo, mask, measures }
}

#[test]
fn another_light_on_one_lesion_is_no_change_of_colour() {
    let pair = PhantomPair::painted(4, 1.0);
    let (before, after) = (pair.earlier.photograph(), pair.later.photograph());
    let (a, b) = (mask_of(&pair.earlier), mask_of(&pair.later));
    let (old, new) = (measure(&before, &a, Some(0.02)).unwrap(), measure(&after, &b, None).unwrap());
    let found = registered(&pair.earlier, &pair.later).unwrap();
    let told = change(seen(&before, &a, &old), seen(&after, &b, &new), &found, None);
    assert!(told.colour.unwrap().difference < 3.0, "{:?}", told.colour);
    // One scale alone gives no millimetres, and the skin stands in.
    assert!(told.size.unwrap().diameters_mm.is_none() && told.scale_conflict.is_none());
    // The second scale fits the registration or is told to conflict with it.
    let fitting = 0.02 * found.scale;
    for (scale, conflicts) in [(fitting, false), (1.2 * fitting, true)] {
        let new = measure(&after, &b, Some(scale)).unwrap();
        let told = change(seen(&before, &a, &old), seen(&after, &b, &new), &found, None);
        assert_eq!(told.scale_conflict.is_some(), conflicts);
        assert!(told.size.unwrap().diameters_mm.is_some());
        // By the lesion alone its growth is in the scale of the map, which then says nothing of the two scales.
        let by_lesion = Registration { anchor: Anchor::Lesion, ..found };
        let told = change(seen(&before, &a, &old), seen(&after, &b, &new), &by_lesion, None);
        assert!(told.scale_conflict.is_none());
    }
}

#[test]
fn the_error_of_the_scales_widens_growth_and_moves_nothing() {
    let pair = PhantomPair::painted(4, 1.0);
    let (before, after) = (pair.earlier.photograph(), pair.later.photograph());
    let (a, b) = (mask_of(&pair.earlier), mask_of(&pair.later));
    let found = registered(&pair.earlier, &pair.later).unwrap();
    let old = measure(&before, &a, Some(0.02)).unwrap();
    let (calibrated, bare) =
        (measure(&after, &b, Some(0.02 * found.scale)).unwrap(), measure(&after, &b, None).unwrap());
    let told = |new: &Measures, error| {
        change(seen(&before, &a, &old), seen(&after, &b, new), &found, error).size.unwrap()
    };
    let (plain, exact, unsure) =
        (told(&calibrated, None), told(&calibrated, Some(0.0)), told(&calibrated, Some(0.1)));
    assert_eq!((exact.area, exact.diameter), (plain.area, plain.diameter), "one profile cancels");
    assert_eq!((unsure.area.value, unsure.diameter.value), (plain.area.value, plain.diameter.value));
    let half = |figure: Bounded| (figure.high / figure.value).ln();
    assert!((half(unsure.area) - AREA_NOISE.hypot(0.4)).abs() < 1e-9, "twice the share, twice the coverage");
    assert!((half(unsure.diameter) - DIAMETER_NOISE.hypot(0.2)).abs() < 1e-9);
    // The growth that was painted lies within, and the skin as a scale knows no such error.
    assert!((unsure.area.low..=unsure.area.high).contains(&pair.area_ratio));
    let skin = told(&bare, Some(0.1));
    assert_eq!((skin.scale_error, half(skin.area) < half(unsure.area)), (None, true));
}

#[test]
fn different_lesions_and_pictures_without_detail_are_refused() {
    let painted: Vec<PhantomPair> = (20..28).map(|seed| PhantomPair::painted(seed, 1.0)).collect();
    for (one, other) in painted.iter().zip(painted.iter().skip(1)) {
        let refusal = registered(&one.earlier, &other.later).unwrap_err();
        assert!(CannotRegister::ALL.contains(&refusal));
    }
    let even = Photograph::new(320, 240, [200u8, 150, 120].repeat(320 * 240), ImageFormat::Png).unwrap();
    let photo = painted[0].earlier.photograph();
    assert_eq!(register((&even, None), (&photo, None)).unwrap_err(), CannotRegister::TooLittleDetail);
    let tiny = Photograph::new(9, 3, [200u8, 150, 120].repeat(27), ImageFormat::Png).unwrap();
    assert!(register((&photo, None), (&tiny, None)).is_err());
}

/// Figures of the pairs listed in `LENTIGO_PAIRS` (`kind,earlier,later` of files below
/// `LENTIGO_LESIONS`), as a table to `LENTIGO_FIGURES`: what the thresholds are set on.
#[test]
#[ignore = "needs the archive of lesions"]
fn survey_of_registrations() {
    let folder = PathBuf::from(std::env::var("LENTIGO_LESIONS").unwrap());
    let list = std::fs::read_to_string(std::env::var("LENTIGO_PAIRS").unwrap()).unwrap();
    let mut out = std::fs::File::create(std::env::var("LENTIGO_FIGURES").unwrap()).unwrap();
    let models = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../models");
    let outliner = Outliner::load(&models).unwrap();
    writeln!(
        out,
        "kind,earlier,later,ms,accepted,middle,agreement,tiles,skin,skin_share,overlap,residual,fine,start,scale,turn,anchor"
    )
    .unwrap();
    for line in list.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let photos = [1, 2].map(|k| archive::read(&folder.join(fields[k])));
        let masks = [0, 1].map(|k| outliner.outline(&photos[k]).ok().map(|outline| outline.mask));
        let start = Instant::now();
        let found = evidence((&photos[0], masks[0].as_ref()), (&photos[1], masks[1].as_ref()));
        let ms = start.elapsed().as_millis();
        match found {
            Err(reason) => writeln!(out, "{line},{ms},{reason:?}").unwrap(),
            Ok(found) => {
                let r = found.registration;
                writeln!(
                    out,
                    "{line},{ms},{},{:.4},{:.4},{},{:.4},{:.4},{:.4},{:.3},{:.4},{:.4},{:.4},{:.2},{:?}",
                    accepted(&found).is_ok(),
                    found.middle,
                    r.agreement,
                    found.tiles,
                    found.skin,
                    found.skin_share,
                    r.overlap,
                    r.residual_px,
                    r.correlation,
                    found.start,
                    r.scale,
                    r.turn_degrees,
                    r.anchor
                )
                .unwrap();
            }
        }
    }
}
