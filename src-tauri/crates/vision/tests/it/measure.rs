//! Measures against phantoms whose outline, size, symmetry and colours are known.

use domain::image::ImageFormat;
use std::f64::consts::{PI, TAU};
use vision::Photograph;
use vision::mask::Mask;
use vision::measure::{
    DermoscopicColour as Colour, MeasureError, Measures, StructureSource, TdsRange, measure,
};
use vision::phantom::{Bite, Phantom, PhantomSpec};

/// Uniform numbers in 0..1 (SplitMix64).
pub struct Draw(pub u64);

impl Draw {
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f64) as usize
    }
}

pub fn mask_of(phantom: &Phantom) -> Mask {
    Mask::from_bytes(phantom.width, phantom.height, &phantom.mask).unwrap()
}

/// A plain lesion of 480 × 360 pixels.
fn small() -> PhantomSpec {
    PhantomSpec { width: 480, height: 360, ..PhantomSpec::default() }
}

fn measured(spec: &PhantomSpec) -> Measures {
    let phantom = Phantom::render(spec);
    measure(&phantom.photograph(), &mask_of(&phantom), None).unwrap()
}

/// Any lesion on fair to olive skin under a lamp of any slight tint.
pub fn any_lesion(seed: u64) -> PhantomSpec {
    const SKINS: [[u8; 3]; 4] = [[222, 178, 152], [198, 146, 112], [228, 182, 164], [210, 160, 130]];
    let mut draw = Draw(seed.wrapping_mul(0x51_7C_C1_B7_27_22_0A_95));
    let mut colours = Colour::ALL.to_vec();
    for last in (1..colours.len()).rev() {
        colours.swap(last, draw.below(last + 1));
    }
    colours.truncate(1 + draw.below(6));
    let long = draw.within(0.2, 0.36);
    PhantomSpec {
        width: 400,
        height: 300,
        skin: SKINS[draw.below(SKINS.len())],
        centre: (draw.within(-0.06, 0.06), draw.within(-0.06, 0.06)),
        semi_axes: (long, long * draw.within(0.65, 1.0)),
        rotation: draw.within(0.0, TAU),
        irregularity: draw.within(0.0, 0.6),
        asymmetry: draw.within(0.0, 0.4),
        softness: draw.within(0.04, 0.15),
        colours,
        tint: [draw.within(0.96, 1.04), draw.within(0.97, 1.03), draw.within(0.96, 1.04)],
        seed,
        ..PhantomSpec::default()
    }
}

#[test]
fn areas_and_diameters_of_ellipses_are_those_of_geometry() {
    let (mut worst_area, mut worst_diameter) = (0.0f64, 0.0f64);
    for seed in 0..40 {
        let mut draw = Draw(seed);
        let (a, ratio) = (draw.within(0.08, 0.4), draw.within(0.45, 1.0));
        let spec = PhantomSpec {
            semi_axes: (a, a * ratio),
            rotation: draw.within(0.0, TAU),
            irregularity: 0.0,
            seed,
            ..small()
        };
        let size = measured(&spec).size;
        let (a, b) = (spec.semi_axes.0 * 360.0, spec.semi_axes.1 * 360.0);
        worst_area = worst_area.max((size.area_px as f64 / (PI * a * b) - 1.0).abs());
        worst_diameter = worst_diameter.max((size.feret_px / (2.0 * a) - 1.0).abs());
    }
    eprintln!("40 ellipses: largest error of area {worst_area:.4}, of diameter {worst_diameter:.4}");
    assert!(worst_area <= 0.02 && worst_diameter <= 0.02);
}

#[test]
fn areas_and_diameters_of_ragged_lesions_are_the_painted_ones() {
    let (mut worst_area, mut worst_diameter) = (0.0f64, 0.0f64);
    for seed in 0..40 {
        let phantom = Phantom::render(&any_lesion(seed));
        let size = measure(&phantom.photograph(), &mask_of(&phantom), Some(0.02)).unwrap().size;
        let (area, diameter) = (phantom.truth.area_px as f64, phantom.truth.diameter_px);
        worst_area = worst_area.max((size.area_mm2.unwrap() / (area * 0.02 * 0.02) - 1.0).abs());
        worst_diameter = worst_diameter.max((size.feret_mm.unwrap() / (diameter * 0.02) - 1.0).abs());
    }
    eprintln!("40 ragged lesions: largest error of area {worst_area:.4}, of diameter {worst_diameter:.4}");
    assert!(worst_area <= 0.02 && worst_diameter <= 0.02);
}

#[test]
fn asymmetry_grows_from_circle_over_offset_colour_to_a_bitten_shape() {
    let mut scores = Vec::new();
    for seed in 1..=30 {
        let mut draw = Draw(seed);
        let (rotation, side) = (draw.within(0.0, TAU), draw.within(0.0, TAU));
        let plain = PhantomSpec { irregularity: 0.0, rotation, seed, ..small() };
        let circle = PhantomSpec { semi_axes: (0.25, 0.25), ..plain.clone() };
        let offset = PhantomSpec {
            semi_axes: (0.3, 0.22),
            colours: vec![Colour::LightBrown, Colour::Black],
            patch_angle: Some(0.0),
            ..plain.clone()
        };
        let bite = Some(Bite { angle: 0.6 + PI * f64::from(side > PI), radius: 0.75 });
        let bitten = PhantomSpec { semi_axes: (0.34, 0.2), bite, ..plain };
        let [circle, offset, bitten] =
            [circle, offset, bitten].map(|spec| measured(&spec).asymmetry.unwrap());
        assert!(
            circle.index < offset.index && offset.index < bitten.index,
            "{seed}: {} {} {}",
            circle.index,
            offset.index,
            bitten.index
        );
        scores.push([circle.score, offset.score, bitten.score]);
        if seed == 1 {
            eprintln!("indices {:.3} < {:.3} < {:.3}", circle.index, offset.index, bitten.index);
        }
    }
    let right = scores.iter().filter(|score| **score == [0, 1, 2]).count();
    eprintln!("ABCD asymmetry 0, 1, 2 in {right} of {}", scores.len());
    assert_eq!(right, scores.len(), "{scores:?}");
}

#[test]
fn colours_are_counted_exactly() {
    let (mut right, mut wrong) = (0, Vec::new());
    for seed in 0..200 {
        let phantom = Phantom::render(&any_lesion(seed));
        let found = measure(&phantom.photograph(), &mask_of(&phantom), None).unwrap().colours.unwrap();
        let named = |colour| found.present.iter().any(|present| present.colour == colour);
        let same = Colour::ALL.into_iter().all(|c| named(c) == phantom.truth.colours.contains(&c));
        if usize::from(found.count()) == phantom.truth.colours.len() && same {
            right += 1;
        } else {
            wrong.push(format!("{seed}: {:?} as {:?}", phantom.truth.colours, found.present));
        }
    }
    eprintln!("colours named and counted exactly: {right} of 200; {wrong:#?}");
    assert!(right >= 190);
}

#[test]
fn sharp_borders_end_abruptly_and_soft_ones_do_not() {
    let (mut sharp_points, mut soft_points) = (0, 0);
    for seed in 0..20 {
        let mut draw = Draw(seed);
        let spec = PhantomSpec {
            semi_axes: (0.3, draw.within(0.2, 0.3)),
            irregularity: draw.within(0.0, 0.3),
            rotation: draw.within(0.0, TAU),
            colours: vec![Colour::DarkBrown],
            seed,
            ..small()
        };
        let border = |softness| measured(&PhantomSpec { softness, ..spec.clone() }).border.unwrap();
        sharp_points += u32::from(border(0.03).score);
        soft_points += u32::from(border(0.6).score);
    }
    eprintln!("abrupt eighths of 160: {sharp_points} with sharp borders, {soft_points} with soft ones");
    assert!(sharp_points >= 152 && soft_points <= 8);
}

#[test]
fn ragged_outlines_are_less_compact_solid_and_convex() {
    for seed in 1..=10 {
        let shape = |irregularity| measured(&PhantomSpec { irregularity, seed, ..small() }).shape;
        let (smooth, ragged) = (shape(0.0), shape(0.9));
        assert!(ragged.compactness > smooth.compactness + 0.05, "{seed}: {smooth:?} {ragged:?}");
        assert!(ragged.solidity < smooth.solidity && ragged.convexity < smooth.convexity);
    }
}

#[test]
fn a_lesion_means_the_same_at_every_resolution() {
    for seed in [3, 5, 8] {
        let spec = any_lesion(seed);
        let small = measured(&spec);
        let large = measured(&PhantomSpec { width: 1200, height: 900, ..spec });
        let (a, b) = (small.asymmetry.unwrap(), large.asymmetry.unwrap());
        assert!((a.index - b.index).abs() < 0.2, "{} {}", a.index, b.index);
        assert_eq!(small.colours.unwrap().count(), large.colours.unwrap().count());
        assert!((small.shape.compactness / large.shape.compactness - 1.0).abs() < 0.05);
        assert!((3.0 * small.size.feret_px / large.size.feret_px - 1.0).abs() < 0.02);
    }
}

#[test]
fn a_plain_naevus_scores_benign_and_a_motley_ragged_one_does_not() {
    let plain = measured(&PhantomSpec { softness: 0.5, ..PhantomSpec::default() });
    let proposal = plain.tds(None).unwrap().unwrap();
    assert_eq!(proposal.structures.source(), StructureSource::Proposal);
    assert_eq!(proposal.range, TdsRange::Benign, "{proposal:?}");
    let melanoma = vision::phantom::samples().into_iter().find(|s| s.name == "melanoma").unwrap();
    let motley = measured(&melanoma.spec).tds(Some(4)).unwrap().unwrap();
    assert!(!motley.is_proposal());
    assert_eq!(motley.range, TdsRange::HighlySuspicious, "{motley:?}");
    assert!(plain.tds(Some(0)).is_err());
}

#[test]
fn no_picture_and_no_outline_stops_the_measures() {
    let mut draw = Draw(7);
    for _ in 0..400 {
        let (width, height) = (1 + draw.below(40) as u32, 1 + draw.below(40) as u32);
        let pixels = (width * height) as usize;
        let rgb = (0..pixels * 3).map(|_| draw.below(256) as u8).collect();
        let photo = Photograph::new(width, height, rgb, ImageFormat::Png).unwrap();
        let share = draw.unit();
        let mask = Mask::new(width, height, (0..pixels).map(|_| draw.unit() < share).collect()).unwrap();
        match measure(&photo, &mask, Some(draw.within(1e-6, 10.0))) {
            Ok(found) => {
                assert_eq!(found.size.area_px, mask.area() as u64);
                let json = serde_json::to_value(&found).unwrap();
                assert!(json["shape"]["compactness"].as_f64().is_some(), "{json}");
                assert!(found.tds(None).is_ok());
            }
            Err(error) => assert_eq!((error, mask.area()), (MeasureError::EmptyOutline, 0)),
        }
        if let Ok(outline) = vision::outline::Outliner::classical().outline(&photo) {
            assert!(outline.mask.area() > 0);
        }
        let scores = vision::artefact::detect(&photo);
        assert!(vision::artefact::Artefact::ALL.iter().all(|&a| (0.0..=1.0).contains(&scores.score(a))));
    }
}

/// What the measures say of melanomas and naevi of the archive (see [`crate::archive::rows`]), from the
/// outlines people drew.
#[test]
#[ignore = "needs the archive of lesions"]
fn survey_of_measures() {
    let mut found: Vec<(bool, [f64; 11])> = Vec::new();
    let start = std::time::Instant::now();
    for row in crate::archive::rows().iter().filter(|row| ["mel", "nv"].contains(&row.label.as_str())) {
        let measures = measure(&row.photograph(), &row.outline(), None).unwrap();
        let Some(tds) = measures.tds(None).unwrap() else { continue };
        let asymmetry = measures.asymmetry.unwrap();
        let figures = [
            tds.asymmetry.into(),
            tds.border.into(),
            tds.colours.into(),
            tds.structures.count().into(),
            tds.score,
            asymmetry.index,
            asymmetry.axes[0].contour.max(asymmetry.axes[1].contour),
            asymmetry.axes[0].colour.max(asymmetry.axes[1].colour),
            measures.shape.compactness,
            measures.shape.solidity,
            measures.texture.unwrap().entropy,
        ];
        found.push((row.label == "mel", figures));
    }
    eprintln!(
        "{} lesions, {:.1} ms each with decoding",
        found.len(),
        start.elapsed().as_secs_f64() * 1e3 / found.len() as f64
    );
    let names = [
        "A",
        "B",
        "C",
        "D proposed",
        "TDS",
        "asymmetry index",
        "contour",
        "colour",
        "compactness",
        "solidity",
        "entropy",
    ];
    for (k, name) in names.into_iter().enumerate() {
        let values = |melanoma: bool| {
            let mut values: Vec<f64> = found.iter().filter(|f| f.0 == melanoma).map(|f| f.1[k]).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (naevi, melanomas) = (values(false), values(true));
        let above: f64 = melanomas
            .iter()
            .map(|m| {
                let (lower, same) = (naevi.partition_point(|n| n < m), naevi.partition_point(|n| n <= m));
                (lower + same) as f64 / 2.0
            })
            .sum();
        let auc = above / (naevi.len() * melanomas.len()) as f64;
        let deciles = |values: &[f64]| [1, 3, 5, 7, 9].map(|d| values[values.len() * d / 10]);
        eprintln!(
            "  {name}: AUC {auc:.3}, 10/30/50/70/90 % of naevi {:.2?}, of melanomas {:.2?}",
            deciles(&naevi),
            deciles(&melanomas)
        );
    }
}
