//! Figures against values worked out elsewhere: Python 3.11 with statsmodels 0.14 (`proportion_confint`,
//! `cohens_kappa`, `mcnemar`), scikit-learn 1.9 (`roc_auc_score`, `brier_score_loss`), and for the variance of
//! DeLong, the calibration error and the stability index their definitions in numpy, pair by pair.

use jiff::civil::date;

use super::*;
use crate::analysis::{Band, Gate};
use crate::id::{AnalysisId, LesionId, PatientId};
use crate::image::ImageKind;
use crate::lesion::BodySite;
use crate::model::{Malignancy, ModelIdentity};
use crate::morphology::Behaviour;
use crate::patient::{FitzpatrickType, Sex};
use crate::quality::QualityReport;

const MALIGNANT: [f64; 12] = [0.9, 0.8, 0.7, 0.6, 0.55, 0.54, 0.53, 0.52, 0.51, 0.4, 0.3, 0.85];
const BENIGN: [f64; 14] = [0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.15, 0.05, 0.6, 0.25, 0.02, 0.31, 0.52, 0.7];

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

fn scores() -> Vec<(f64, bool)> {
    MALIGNANT.iter().map(|s| (*s, true)).chain(BENIGN.iter().map(|s| (*s, false))).collect()
}

#[test]
fn wilson_agrees_with_statsmodels() {
    for (hits, of, low, high) in [
        (0, 10, 0.0, 0.277_532_799_862_889_26),
        (8, 10, 0.490_162_471_536_641_83, 0.943_317_848_545_624_7),
        (45, 50, 0.786_397_685_625_203_4, 0.956_524_235_068_109_5),
        (263, 300, 0.834_626_275_971_176_7, 0.909_182_685_706_332_1),
        (10, 10, 0.722_467_200_137_110_6, 1.0),
    ] {
        let interval = wilson(hits, of).unwrap();
        near(interval.low, low);
        near(interval.high, high);
    }
    assert_eq!(wilson(0, 0), None);
    assert_eq!(Proportion::judged(9, 9).value, None, "nine are too few to say");
    assert_eq!(Proportion::judged(9, 10).value, Some(0.9));
}

#[test]
fn the_area_under_the_curve_agrees_with_scikit_learn_and_delong() {
    let curve = roc(&scores()).unwrap();
    near(curve.auc, 0.848_214_285_714_285_7);
    let interval = curve.interval.unwrap();
    near(interval.low, 0.697_221_818_848_807_1);
    near(interval.high, 0.999_206_752_579_764_3);
    let last = curve.points.last().unwrap();
    assert_eq!((last.sensitivity, last.false_positives), (1.0, 1.0));
    assert_eq!((curve.points[0].sensitivity, curve.points[0].false_positives), (0.0, 0.0));
    // The area by trapezia is the same: no corner was lost.
    let area: f64 = curve
        .points
        .windows(2)
        .map(|p| (p[1].false_positives - p[0].false_positives) * (p[0].sensitivity + p[1].sensitivity) / 2.0)
        .sum();
    near(area, curve.auc);
}

#[test]
fn a_curve_needs_ten_of_both_and_one_without_overlap_has_no_interval() {
    let nine = scores().into_iter().filter(|(score, truth)| !truth || *score < 0.85 && *score != 0.8);
    assert!(roc(&nine.clone().collect::<Vec<_>>()).is_none());
    assert!(calibration(&nine.collect::<Vec<_>>()).is_none());
    let parted: Vec<(f64, bool)> = (0..30).map(|n| (f64::from(n) / 30.0, n >= 15)).collect();
    let curve = roc(&parted).unwrap();
    assert_eq!((curve.auc, curve.interval), (1.0, None));
    let many: Vec<(f64, bool)> = (0..20_000).map(|n| (f64::from(n) / 20_000.0, n % 3 == 0)).collect();
    assert!(roc(&many).unwrap().points.len() <= 400, "a long curve is thinned");
}

#[test]
fn calibration_agrees_with_scikit_learn_and_numpy() {
    let figures = calibration(&scores()).unwrap();
    near(figures.brier, 0.161_823_076_923_076_9);
    near(figures.expected_error, 0.16);
    let filled: Vec<u32> = figures.bins.iter().map(|bin| bin.malignant.of).collect();
    assert_eq!(filled, [2, 2, 2, 4, 3, 6, 2, 2, 2, 1]);
    assert_eq!(figures.bins[5].malignant.hits, 5);
}

#[test]
fn kappa_agrees_with_statsmodels() {
    let of = |cells: &[&[u32]]| -> Vec<(usize, usize)> {
        let mut pairs = vec![];
        for (a, row) in cells.iter().enumerate() {
            for (b, number) in row.iter().enumerate() {
                pairs.extend((0..*number).map(|_| (a, b)));
            }
        }
        pairs
    };
    for (cells, value, low, high) in [
        (
            [[25, 3, 2].as_slice(), &[4, 18, 5], &[1, 2, 20]].as_slice(),
            0.680_601_221_230_624_6,
            0.546_778_862_256_840_9,
            0.814_423_580_204_409_3,
        ),
        (
            [[12, 5].as_slice(), &[3, 10]].as_slice(),
            0.466_666_666_666_666_56,
            0.153_007_910_214_047_64,
            0.780_325_423_119_288_5,
        ),
    ] {
        let figures = kappa(&of(cells));
        near(figures.kappa.unwrap(), value);
        let interval = figures.interval.unwrap();
        assert!((interval.low - low).abs() < 1e-7 && (interval.high - high).abs() < 1e-7, "{interval:?}");
    }
    let alike = kappa(&of(&[&[20]]));
    assert_eq!((alike.agree.value, alike.kappa), (Some(1.0), None), "chance alone explains it");
    assert_eq!(kappa(&of(&[&[9]])).agree.value, None);
}

#[test]
fn mcnemar_agrees_with_statsmodels() {
    for (first, second, p) in [
        (3, 9, 0.145_996_093_75),
        (0, 6, 0.031_25),
        (5, 5, 1.0),
        (1, 14, 0.000_976_562_5),
        (700, 800, 0.010_559_255_466_711_506),
    ] {
        near(mcnemar(first, second).p.unwrap(), p);
    }
    assert_eq!(mcnemar(0, 0).p, None);
}

#[test]
fn the_stability_index_agrees_with_its_definition_and_is_silent_about_few() {
    near(stability_index(&[400, 300, 200, 100], &[300, 300, 250, 150]).unwrap(), 0.059_929_244_288_143_67);
    near(stability_index(&[800, 150, 50], &[400, 400, 200]).unwrap(), 0.727_431_765_872_201_2);
    near(stability_index(&[500, 500, 0], &[300, 300, 100]).unwrap(), 0.829_960_354_848_711_3);
    assert_eq!(stability_index(&[20, 15, 10, 5], &[5, 10, 15, 20]), None, "chance alone brings 0.12 at 50");
    assert_eq!(stability_index(&[], &[]), None);
    assert!(stability_index(&[1_000], &[900]).unwrap().abs() < 1e-12);
}

struct Told {
    band: Band,
    sum: f64,
    class: Option<&'static str>,
    code: &'static str,
    behaviour: Behaviour,
}

fn case(told: &Told) -> StudyCase {
    StudyCase {
        patient_id: PatientId::fresh(),
        lesion_id: LesionId::fresh(),
        analysis_id: AnalysisId::fresh(),
        read_on: date(2026, 3, 5),
        gate: Gate::Confident,
        band: told.band,
        reading: Opinion {
            malignancy: told.class.map(|_| Malignancy::Benign),
            class: told.class.map(str::to_owned),
        },
        malignant_sum: told.sum,
        model: ModelIdentity { name: "m".into(), version: "1".into(), sha256: "a".repeat(64) },
        kind: ImageKind::Dermoscopic,
        sex: Sex::Female,
        age: 64,
        skin_type: Some(FitzpatrickType::II),
        site: BodySite::Back,
        truth: Truth::of_finding(Some(told.code), told.behaviour),
        before: None,
        after: None,
    }
}

fn melanoma(band: Band, sum: f64) -> StudyCase {
    let class = (band == Band::Malignant).then_some("mel");
    case(&Told { band, sum, class, code: "8743/3", behaviour: Behaviour::Malignant })
}

fn naevus(band: Band, sum: f64) -> StudyCase {
    let class = (band == Band::Benign).then_some("nv");
    case(&Told { band, sum, class, code: "8720/0", behaviour: Behaviour::Benign })
}

/// Twelve melanomas, of which nine are called malignant, two suspicious and one benign; twenty naevi, of which
/// fourteen are called benign, four suspicious and two malignant; a picture that was not assessed; an open finding.
fn clinic() -> Vec<StudyCase> {
    let mut cases = vec![];
    cases.extend((0..9).map(|_| melanoma(Band::Malignant, 0.8)));
    cases.extend((0..2).map(|_| melanoma(Band::Suspicious, 0.3)));
    cases.push(melanoma(Band::Benign, 0.05));
    cases.extend((0..14).map(|_| naevus(Band::Benign, 0.04)));
    cases.extend((0..4).map(|_| naevus(Band::Suspicious, 0.3)));
    cases.extend((0..2).map(|_| naevus(Band::Malignant, 0.7)));
    cases.push(StudyCase { gate: Gate::OutOfDistribution, ..melanoma(Band::Benign, 0.1) });
    let open = Truth::of_finding(Some("8830/1"), Behaviour::Uncertain);
    cases.push(StudyCase { truth: open, ..naevus(Band::Benign, 0.1) });
    cases
}

#[test]
fn the_figures_of_a_small_clinic_are_those_counted_by_hand() {
    let cases = clinic();
    let figures = performance(&cases.iter().collect::<Vec<_>>());
    let counts = figures.counts;
    assert_eq!((counts.lesions, counts.malignant, counts.benign), (34, 12, 20));
    assert_eq!((counts.uncertain, counts.not_assessed, counts.by_follow_up), (1, 1, 0));

    let [suspicious, malignant] = figures.thresholds.as_slice() else { panic!("two thresholds") };
    assert_eq!((suspicious.sensitivity.hits, suspicious.sensitivity.of), (11, 12));
    assert_eq!((suspicious.specificity.hits, suspicious.specificity.of), (14, 20));
    assert_eq!((suspicious.positive_predictive.hits, suspicious.positive_predictive.of), (11, 17));
    assert_eq!((malignant.sensitivity.hits, malignant.specificity.hits), (9, 18));
    near(malignant.sensitivity.value.unwrap(), 0.75);

    let matrix = figures.confusion;
    assert_eq!(matrix.columns, ["mel", "nv", "other_uncertain"]);
    assert_eq!(matrix.rows, ["mel", "nv", "no_class", "not_assessed"]);
    assert_eq!(matrix.cells, [[9, 0, 0], [0, 14, 1], [3, 6, 0], [1, 0, 0]]);

    // 9 of 12 above all but the two at 0.7; two at 0.3 tie with four; one above fourteen alone.
    let wins = 9.0 * 20.0 + 2.0 * (14.0 + 2.0) + 14.0;
    near(figures.roc.unwrap().auc, wins / 240.0);
    assert!(figures.calibration.is_some());

    let group = |grouping, key: &str| {
        figures.subgroups.iter().find(|g| g.grouping == grouping && g.key == key).unwrap().clone()
    };
    let melanomas = group(Grouping::Class, "mel");
    assert_eq!((melanomas.malignant, melanomas.benign, melanomas.auc), (12, 0, None));
    assert_eq!(group(Grouping::Age, "60").specificity.of, 20);
    assert!(group(Grouping::SkinType, "II").auc.is_some());
}

#[test]
fn what_stands_behind_a_figure_is_as_many_as_it_says() {
    let cases = clinic();
    let behind = |choice: CaseChoice| cases.iter().filter(|case| choice.fits(case)).count();
    let missed = CaseChoice { malignant: Some(true), below: Some(Band::Suspicious), ..CaseChoice::default() };
    assert_eq!(behind(missed), 1);
    let called = CaseChoice { malignant: Some(false), from: Some(Band::Malignant), ..CaseChoice::default() };
    assert_eq!(behind(called), 2);
    let cell =
        CaseChoice { said: Some("no_class".into()), found: Some("nv".into()), ..CaseChoice::default() };
    assert_eq!(behind(cell), 6);
    assert_eq!(behind(CaseChoice { bin: Some(3), ..CaseChoice::default() }), 6);
    assert_eq!(behind(CaseChoice { uncertain: true, ..CaseChoice::default() }), 1);
    assert_eq!(behind(CaseChoice { not_assessed: true, ..CaseChoice::default() }), 1);
    assert_eq!(behind(CaseChoice::default()), 34);
}

#[test]
fn reading_first_tells_who_was_helped() {
    let opinion = |positive: bool| {
        let malignancy = if positive { Malignancy::Malignant } else { Malignancy::Benign };
        Some(Opinion { malignancy: Some(malignancy), class: None })
    };
    let mut cases = vec![];
    // Of ten melanomas the clinician alone sees six; the reading sees nine; three of four missed ones are put right
    // and one is given up.
    for n in 0..10 {
        let band = if n == 9 { Band::Benign } else { Band::Malignant };
        let (before, after) = (opinion(n < 6), opinion(n != 5 && n != 9));
        cases.push(StudyCase { before, after, ..melanoma(band, 0.8) });
    }
    for _ in 0..10 {
        cases.push(StudyCase { before: opinion(false), after: opinion(false), ..naevus(Band::Benign, 0.1) });
    }
    // Without a decision it is no such lesion.
    cases.push(StudyCase { before: opinion(true), ..melanoma(Band::Malignant, 0.9) });
    let figures = read_first(&cases.iter().collect::<Vec<_>>());
    assert_eq!((figures.lesions, figures.malignant), (20, 10));
    assert_eq!(figures.alone.sensitivity.hits, 6);
    assert_eq!(figures.reading.sensitivity.hits, 9);
    assert_eq!(figures.after.sensitivity.hits, 8);
    assert_eq!(figures.after.specificity.hits, 10);
    assert_eq!(figures.changes, Changes { to_malignant: 3, to_benign: 1, helped: 3, harmed: 1 });
    let [malignant, benign] = figures.alone_and_reading;
    assert_eq!((malignant.first_alone_right, malignant.second_alone_right), (0, 3));
    near(malignant.p.unwrap(), 0.25);
    assert_eq!(benign.p, None);
}

#[test]
fn a_month_that_differs_warns_and_a_new_model_is_marked() {
    let tally = |sum: f64, model: &str| {
        let mut tally = DriftTally::default();
        for n in 0..400 {
            let gate = if n < 4 { Gate::OutOfDistribution } else { Gate::Confident };
            tally.add(gate, Band::Benign, Some("nv"), sum, model);
        }
        tally
    };
    let mut pictures = QualityTally::default();
    pictures.add(&QualityReport { checks: vec![], score: 0.9 });
    let months = [
        ("2026-01".to_owned(), tally(0.05, "a"), pictures.clone()),
        ("2026-02".to_owned(), tally(0.05, "a"), pictures.clone()),
        ("2026-03".to_owned(), tally(0.95, "b"), QualityTally::default()),
        ("2026-04".to_owned(), DriftTally::default(), QualityTally::default()),
    ];
    let report = drift(&months, &["2026-01".to_owned()]);
    assert_eq!(report.reference_readings, 400);
    let [first, second, third, empty] = report.months.as_slice() else { panic!("four months") };
    assert!(first.in_reference && first.stability.malignant_sum.is_none());
    assert!(!second.warns && second.stability.malignant_sum.unwrap().abs() < 1e-9);
    assert!(third.warns && third.new_models == ["b"] && first.new_models.is_empty());
    assert_eq!((second.outside.hits, second.bands), (4, [396, 0, 0]));
    near(second.mean_malignant_sum.unwrap(), 0.05);
    assert_eq!(second.quality.score, Some(0.9));
    assert_eq!((empty.readings, empty.mean_malignant_sum, empty.warns), (0, None, false));
    assert_eq!(empty.quality.score, None);
}
