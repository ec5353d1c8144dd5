//! `lentigo evaluate`: how good the model is on labelled photographs.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clinic::model::ModelSlot;
use clinic::{Error, ErrorCode, Result};
use domain::analysis::{Assessment, Band};
use domain::model::{Label, Malignancy};
use serde_json::{Value, json};
use vision::{Classifier, DecodeLimits, Explain, decode, metrics};

use super::analyze::read;
use super::output;
use super::parallel::each_in_order;
use crate::places;

struct Case {
    file: PathBuf,
    label: String,
}

/// One photograph that could be read, beside its true label.
struct Read {
    truth: usize,
    assessment: Assessment,
}

pub fn run(labels: &Path, images: &Path, as_json: bool, threads: usize) -> Result<()> {
    let classifier = ModelSlot::new(places::models()).classifier()?;
    let known = classifier.labels();
    let cases = cases(labels, images)?;
    let (mut reads, mut failed, mut unknown) = (Vec::new(), 0_usize, 0_usize);
    each_in_order(
        &cases,
        threads,
        &AtomicBool::new(false),
        |case| assess(&case.file, &classifier),
        |case, answer| match (answer, known.iter().position(|label| label.code == case.label)) {
            (Ok(assessment), Some(truth)) => reads.push(Read { truth, assessment }),
            (Ok(_), None) => unknown += 1,
            (Err(_), _) => failed += 1,
        },
    );
    let mut lines = vec![json!({
        "metric": "photographs",
        "read": reads.len(),
        "failed": failed,
        "label_unknown": unknown,
        "model": classifier.identity(),
    })];
    lines.extend(class_aucs(&reads, known));
    lines.extend(overall(&reads, known));
    lines.extend(bands(&reads, known));
    for line in lines {
        if as_json { output::line(&line) } else { output::text(&plain(&line)) }
    }
    Ok(())
}

/// The model is judged here and not the photograph: the checks of quality do not stand in the way.
fn assess(file: &Path, classifier: &Classifier) -> Result<Assessment> {
    let photo = decode(&read(file)?, &DecodeLimits::default())?;
    let reading = classifier.classify(&[&photo], Explain::Nothing, &mut |_| {}, &|| false)?;
    Ok(reading.assessment)
}

fn cases(labels: &Path, images: &Path) -> Result<Vec<Case>> {
    let unreadable = |_| {
        Error::with(ErrorCode::InvalidInput, json!({ "reason": "not a CSV with the columns file and label" }))
    };
    let mut reader = csv::Reader::from_path(labels).map_err(unreadable)?;
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|h| h == name)
            .ok_or_else(|| Error::with(ErrorCode::InvalidInput, json!({ "missing_column": name })))
    };
    let (file, label) = (column("file")?, column("label")?);
    let rows = reader.records().map(|row| {
        let row = row.map_err(unreadable)?;
        let field = |i: usize| row.get(i).unwrap_or_default();
        Ok(Case { file: images.join(field(file)), label: field(label).to_owned() })
    });
    rows.collect()
}

/// Area under the ROC curve of each class against the rest, and of the malignant sum.
fn class_aucs(reads: &[Read], labels: &[Label]) -> Vec<Value> {
    let mut lines: Vec<Value> = labels
        .iter()
        .enumerate()
        .map(|(class, label)| {
            let scores: Vec<_> =
                reads.iter().map(|r| r.assessment.probabilities[class].probability).collect();
            let positive: Vec<_> = reads.iter().map(|r| r.truth == class).collect();
            let auc = metrics::auc(&scores, &positive);
            let count = positive.iter().filter(|p| **p).count();
            json!({ "metric": "auc", "class": label.code, "value": auc, "positives": count })
        })
        .collect();
    let scores: Vec<_> = reads.iter().map(|r| r.assessment.malignant_sum).collect();
    let positive = malignant(reads, labels);
    lines.push(json!({
        "metric": "auc",
        "class": "malignancy",
        "value": metrics::auc(&scores, &positive),
        "positives": positive.iter().filter(|p| **p).count(),
    }));
    lines
}

fn malignant(reads: &[Read], labels: &[Label]) -> Vec<bool> {
    reads.iter().map(|r| labels[r.truth].malignancy == Malignancy::Malignant).collect()
}

fn overall(reads: &[Read], labels: &[Label]) -> Vec<Value> {
    let predicted: Vec<usize> = reads.iter().map(|r| leading(&r.assessment)).collect();
    let truth: Vec<usize> = reads.iter().map(|r| r.truth).collect();
    let top: Vec<f64> = reads
        .iter()
        .zip(&predicted)
        .map(|(r, &class)| r.assessment.probabilities[class].probability)
        .collect();
    let correct: Vec<bool> = predicted.iter().zip(&truth).map(|(a, b)| a == b).collect();
    let seven = |classes: &[usize]| classes.iter().map(|&c| merged(c, labels)).collect::<Vec<_>>();
    vec![
        json!({
            "metric": "balanced_accuracy",
            "classes": labels.len(),
            "value": metrics::balanced_accuracy(&predicted, &truth),
        }),
        json!({
            "metric": "balanced_accuracy_merged",
            "note": "actinic keratosis and squamous cell carcinoma counted as one class",
            "value": metrics::balanced_accuracy(&seven(&predicted), &seven(&truth)),
        }),
        json!({
            "metric": "expected_calibration_error",
            "bins": 15,
            "value": metrics::calibration_error(&top, &correct),
        }),
        coverage(reads, labels),
        outside(reads),
    ]
}

/// The ISIC 2018 classes: `akiec` holds actinic keratosis and squamous cell carcinoma.
fn merged(class: usize, labels: &[Label]) -> usize {
    let place = |code: &str| labels.iter().position(|label| label.code == code);
    match (place("ak"), place("scc")) {
        (Some(ak), Some(scc)) if class == scc => ak,
        _ => class,
    }
}

fn leading(assessment: &Assessment) -> usize {
    let best = assessment
        .probabilities
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.probability.total_cmp(&b.1.probability));
    best.map_or(0, |(class, _)| class)
}

fn coverage(reads: &[Read], labels: &[Label]) -> Value {
    let sets: Vec<_> =
        reads.iter().filter_map(|r| Some((r.truth, r.assessment.prediction_set.as_ref()?))).collect();
    let covered = sets.iter().filter(|(truth, set)| set.codes.contains(&labels[*truth].code)).count();
    let size: usize = sets.iter().map(|(_, set)| set.codes.len()).sum();
    json!({
        "metric": "prediction_set",
        "coverage": metrics::Proportion::of(covered, sets.len()),
        "mean_size": (!sets.is_empty()).then(|| size as f64 / sets.len() as f64),
    })
}

fn outside(reads: &[Read]) -> Value {
    let judged: Vec<_> = reads.iter().filter_map(|r| r.assessment.novelty).collect();
    let flagged = judged.iter().filter(|novelty| novelty.outside).count();
    json!({ "metric": "out_of_distribution", "flagged": metrics::Proportion::of(flagged, judged.len()) })
}

/// Sensitivity and specificity for malignant lesions when the call is "this band or worse".
fn bands(reads: &[Read], labels: &[Label]) -> Vec<Value> {
    let positive = malignant(reads, labels);
    [Band::Suspicious, Band::Malignant]
        .into_iter()
        .map(|band| {
            let called: Vec<_> = reads.iter().map(|r| r.assessment.band >= band).collect();
            let (sensitivity, specificity) = metrics::sensitivity_specificity(&called, &positive);
            json!({
                "metric": "band",
                "at_least": band,
                "sensitivity": sensitivity,
                "specificity": specificity,
            })
        })
        .collect()
}

fn plain(line: &Value) -> String {
    let Value::Object(fields) = line else { return line.to_string() };
    let words: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    words.join("  ")
}
