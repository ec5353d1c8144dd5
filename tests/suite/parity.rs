//! The program reads photographs as the training code did: same tensor, same probabilities, same heat.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use support::{SharedLesions, root};
use vision::{Classifier, DecodeLimits, Explain, decode, metrics};

/// Largest difference of a calibrated probability that decoders and arithmetic may make.
const TOLERANCE: f64 = 0.002;

fn reference(name: &str) -> Value {
    let path = root().join("models/parity").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn classifier(reference: &Value) -> Classifier {
    let classifier = Classifier::load(&root().join("models")).unwrap();
    assert_eq!(reference["model_sha256"], classifier.identity().sha256, "the reference is of another model");
    classifier
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn probabilities(classifier: &Classifier, bytes: &[u8]) -> Vec<f64> {
    let photo = decode(bytes, &DecodeLimits::default()).unwrap();
    let reading = classifier.classify(&[&photo], Explain::Nothing, &mut |_| {}, &|| false).unwrap();
    reading.assessment.probabilities.iter().map(|p| p.probability).collect()
}

fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn painted_pictures_read_as_pytorch_reads_them() {
    let reference = reference("phantoms.json");
    let classifier = classifier(&reference);
    let images = reference["images"].as_array().unwrap();
    assert!(images.len() >= 10);
    for image in images {
        let name = image["file"].as_str().unwrap();
        let bytes = fs::read(root().join("models/parity").join(name)).unwrap();
        let worst =
            largest_difference(&probabilities(&classifier, &bytes), &numbers(&image["probabilities"]));
        // PNG decodes to the same bytes everywhere, so only arithmetic is left.
        assert!(worst < 1e-4, "{name}: {worst}");
    }
}

/// Else the demonstration would show a program that refuses everything.
#[test]
fn the_built_in_samples_pass_for_lesions_and_the_motley_one_stands_out() {
    let classifier = Classifier::load(&root().join("models")).unwrap();
    let mut sums = BTreeMap::new();
    for sample in vision::phantom::samples() {
        let photo = sample.render().photograph();
        let reading = classifier.classify(&[&photo], Explain::Nothing, &mut |_| {}, &|| false).unwrap();
        let novelty = reading.assessment.novelty.as_ref().unwrap();
        assert!(!novelty.outside, "{}: {novelty:?}", sample.name);
        sums.insert(sample.name, reading.assessment.malignant_sum);
    }
    let (name, _) = sums.iter().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    assert_eq!(*name, "melanoma", "{sums:?}");
}

#[test]
fn heat_lies_where_the_reference_implementation_puts_it() {
    let reference = reference("phantoms.json");
    let classifier = classifier(&reference);
    let mut compared = 0;
    for image in reference["images"].as_array().unwrap() {
        let heat = &image["grad_cam"];
        if heat.is_null() {
            continue;
        }
        let bytes = fs::read(root().join("models/parity").join(image["file"].as_str().unwrap())).unwrap();
        let photo = decode(&bytes, &DecodeLimits::default()).unwrap();
        let map = classifier.explain(&photo, heat["class"].as_str().unwrap()).unwrap().unwrap();
        let ours: Vec<f64> = map.values.iter().map(|&v| f64::from(v)).collect();
        let worst = largest_difference(&ours, &numbers(&heat["map"]));
        assert!(worst < 0.01, "{}: {worst}", image["file"]);
        compared += 1;
    }
    assert!(compared >= 4);
}

#[test]
fn real_photographs_read_as_pytorch_reads_them() {
    let Some(lesions) = SharedLesions::at_hand() else { return };
    let reference = reference("val_reference.json");
    let classifier = classifier(&reference);
    let images = reference["images"].as_array().unwrap();
    let files: Vec<_> = images.iter().map(|i| i["file"].as_str().unwrap()).collect();
    let folder = lesions.unpack(&files);
    let labels = labels();
    let melanoma = melanoma(&classifier);
    let (mut worst, mut ours, mut theirs, mut positive) = ((0.0, ""), vec![], vec![], vec![]);
    for (file, image) in files.iter().zip(images) {
        let bytes = fs::read(folder.join(file)).unwrap();
        let (read, expected) = (probabilities(&classifier, &bytes), numbers(&image["probabilities"]));
        let difference = largest_difference(&read, &expected);
        ours.push(read[melanoma]);
        theirs.push(expected[melanoma]);
        positive.push(labels[*file] == "mel");
        if difference > worst.0 {
            worst = (difference, file);
        }
    }
    eprintln!("largest difference {:.6} over {} photographs", worst.0, files.len());
    assert!(worst.0 <= TOLERANCE, "{worst:?}");
    let [ours, theirs] = [ours, theirs].map(|scores| metrics::auc(&scores, &positive).unwrap());
    eprintln!("melanoma AUC on these {ours:.4} here, {theirs:.4} in PyTorch");
    assert!((ours - theirs).abs() < 5e-4 && ours >= 0.80, "{ours} against {theirs}");
}

fn melanoma(classifier: &Classifier) -> usize {
    classifier.labels().iter().position(|label| label.code == "mel").unwrap()
}

/// What histology or follow-up said of each photograph of the validation part.
fn labels() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("models/parity/val_labels.csv")).unwrap();
    let lines = text.lines().skip(1).filter_map(|line| line.split_once(','));
    lines.map(|(file, label)| (file.to_owned(), label.to_owned())).collect()
}

#[test]
#[ignore = "reads 1,724 photographs; ./dev bench model prints the same figure"]
fn the_validation_figure_of_the_card_is_what_the_program_measures() {
    let Some(lesions) = SharedLesions::at_hand() else { return };
    let reference = reference("val_reference.json");
    let classifier = classifier(&reference);
    let labels = labels();
    let files: Vec<_> = labels.keys().map(String::as_str).collect();
    let folder = lesions.unpack(&files);
    let melanoma = melanoma(&classifier);
    let scores: Vec<_> = files
        .iter()
        .map(|file| probabilities(&classifier, &fs::read(folder.join(file)).unwrap())[melanoma])
        .collect();
    let positive: Vec<_> = labels.values().map(|label| label == "mel").collect();
    let measured = metrics::auc(&scores, &positive).unwrap();
    let printed = classifier.card().metrics["all"]["melanoma_auc"]["value"].as_f64().unwrap();
    eprintln!("melanoma AUC {measured:.4} here, {printed:.4} in the card, {} photographs", files.len());
    assert!((measured - printed).abs() < 5e-4, "{measured} against {printed}");
    assert!(measured >= 0.80);
}
