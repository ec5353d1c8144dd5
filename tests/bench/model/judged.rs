//! How right the classifier is on labelled lesions, and where its heatmaps look.

use domain::analysis::{Assessment, Band};
use domain::model::{Label, Malignancy};
use vision::cam::EvidenceMap;
use vision::mask::Mask;
use vision::{Classifier, Explain, Heatmap, metrics};

use super::lesions::{CROPS, IN_DOMAIN, Lesions, OTHER_SOURCE, Row};
use super::{each, mean, named, plain, read, share};
use crate::figure::{Figure, Target};

/// What was said of one lesion.
struct Judged {
    truth: usize,
    assessment: Assessment,
    heat: Option<Heat>,
}

/// Shares of the square that the model saw.
struct Heat {
    /// Of the positive heat, inside the outline.
    inside: f64,
    /// Of the area, inside the outline.
    area: f64,
}

pub fn figures(classifier: &Classifier, lesions: &Lesions) -> Vec<Figure> {
    let labels = classifier.labels();
    let mut figures = Vec::new();
    let mut heats = Vec::new();
    for set in [IN_DOMAIN, CROPS, OTHER_SOURCE] {
        let judged = each(&lesions.of(set), |row| judge(classifier, row));
        figures.extend(figures_of(set, &judged, labels));
        heats.extend(judged.into_iter().filter_map(|one| one.heat));
    }
    figures.push(heat_figure(&heats));
    figures
}

fn judge(classifier: &Classifier, row: &Row) -> Judged {
    let truth = classifier.labels().iter().position(|label| label.code == row.label).expect("a known class");
    let photo = row.photograph();
    let reading = read(classifier, &photo, Explain::Leading);
    let map = reading.heatmaps.first().and_then(|maps| maps.first());
    let heat = map.zip(row.outline()).and_then(|(map, outline)| heat(map, &outline));
    Judged { truth, assessment: reading.assessment, heat }
}

fn figures_of(set: &str, judged: &[Judged], labels: &[Label]) -> Vec<Figure> {
    let in_domain = |target| (set != OTHER_SOURCE).then_some(target);
    let melanoma_target = if set == OTHER_SOURCE { 0.75 } else { 0.9 };
    let is_malignant = |one: &Judged| labels[one.truth].malignancy == Malignancy::Malignant;
    let malignant: Vec<bool> = judged.iter().map(is_malignant).collect();
    let sums: Vec<f64> = judged.iter().map(|one| one.assessment.malignant_sum).collect();
    let called: Vec<bool> = judged.iter().map(|one| one.assessment.band >= Band::Suspicious).collect();
    let (sensitivity, specificity) = metrics::sensitivity_specificity(&called, &malignant);
    let rate = |rate: Option<metrics::Proportion>| rate.map_or(f64::NAN, |rate| rate.value);
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let outside = |one: &Judged| one.assessment.novelty.is_some_and(|novelty| novelty.outside);
    let at_least = |least| Some(Target::AtLeast(least));
    let figure = |name, value, target| plain(name, set, value, target);
    vec![
        figure("melanoma_auc", number(melanoma_auc(judged, labels)), at_least(melanoma_target)),
        figure("malignancy_auc", number(metrics::auc(&sums, &malignant)), in_domain(Target::AtLeast(0.92))),
        figure("balanced_accuracy_7", seven(judged, labels), in_domain(Target::AtLeast(0.72))),
        figure("calibration_error_15", number(calibration_error(judged)), in_domain(Target::AtMost(0.04))),
        figure("set_coverage", covered(judged, labels), in_domain(Target::Within(0.88, 0.92))),
        figure("set_mean_size", mean(judged.iter().map(|one| set_codes(one).len() as f64)), None),
        figure("sensitivity_suspicious", rate(sensitivity), in_domain(Target::AtLeast(0.95))),
        figure("specificity_suspicious", rate(specificity), None),
        figure("lesions_flagged", share(judged, outside), Some(Target::AtMost(0.05))),
    ]
}

fn melanoma_auc(judged: &[Judged], labels: &[Label]) -> Option<f64> {
    let melanoma = place(labels, "mel");
    let scores: Vec<f64> =
        judged.iter().map(|one| one.assessment.probabilities[melanoma].probability).collect();
    let positive: Vec<bool> = judged.iter().map(|one| one.truth == melanoma).collect();
    metrics::auc(&scores, &positive)
}

fn place(labels: &[Label], code: &str) -> usize {
    labels.iter().position(|label| label.code == code).expect("a class of the shipped model")
}

/// Balanced accuracy with actinic keratosis and squamous cell carcinoma as one class, as ISIC 2018 had
/// it: their probabilities are added up before the largest is taken.
fn seven(judged: &[Judged], labels: &[Label]) -> f64 {
    let (ak, scc) = (place(labels, "ak"), place(labels, "scc"));
    let merged = |class: usize| if class == scc { ak } else { class };
    let truth: Vec<usize> = judged.iter().map(|one| merged(one.truth)).collect();
    let predicted: Vec<usize> = judged
        .iter()
        .map(|one| {
            let mut sums = vec![0.0; labels.len()];
            for (class, told) in one.assessment.probabilities.iter().enumerate() {
                sums[merged(class)] += told.probability;
            }
            vision::gate::leading(&sums)
        })
        .collect();
    metrics::balanced_accuracy(&predicted, &truth).unwrap_or(f64::NAN)
}

fn calibration_error(judged: &[Judged]) -> Option<f64> {
    let (top, right): (Vec<f64>, Vec<bool>) = judged
        .iter()
        .map(|one| {
            let told: Vec<f64> = one.assessment.probabilities.iter().map(|p| p.probability).collect();
            let leading = vision::gate::leading(&told);
            (told[leading], leading == one.truth)
        })
        .unzip();
    metrics::calibration_error(&top, &right)
}

fn set_codes(one: &Judged) -> &[String] {
    one.assessment.prediction_set.as_ref().map_or(&[], |set| &set.codes)
}

fn covered(judged: &[Judged], labels: &[Label]) -> f64 {
    share(judged, |one| set_codes(one).contains(&labels[one.truth].code))
}

/// Nothing for a map without any heat and for an outline outside the square.
fn heat(map: &Heatmap, outline: &Mask) -> Option<Heat> {
    let area = map.area;
    let (width, height) = (area.width as usize, area.height as usize);
    let cells = EvidenceMap { width: map.width, height: map.height, values: map.values.clone() };
    let (mut inside, mut whole, mut pixels) = (0.0, 0.0, 0_usize);
    for (index, heat) in cells.upscaled(width, height).into_iter().enumerate() {
        let (x, y) = (index % width + area.left as usize, index / width + area.top as usize);
        whole += f64::from(heat);
        if outline.contains(x as i64, y as i64) {
            inside += f64::from(heat);
            pixels += 1;
        }
    }
    let area = pixels as f64 / (width * height) as f64;
    (whole > 0.0 && pixels > 0).then(|| Heat { inside: inside / whole, area })
}

fn heat_figure(heats: &[Heat]) -> Figure {
    Figure {
        name: named("heat_inside_outline", "val"),
        value: mean(heats.iter().map(|heat| heat.inside)),
        unit: "",
        peer: Some(("share of the area", mean(heats.iter().map(|heat| heat.area)))),
        target: Some(Target::AtLeast(1.5)),
    }
}
