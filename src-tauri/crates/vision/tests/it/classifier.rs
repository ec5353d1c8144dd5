//! The classifier on a small network: loading, reading, explaining, refusing.

use domain::analysis::{Gate, HeatmapState};
use domain::job::AnalysisStep;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use vision::classifier::{Classifier, Explain, ModelError, VisionError};
use vision::decode::{DecodeLimits, Photograph};
use vision::examine::{ExamineError, examine};
use vision::phantom::{Phantom, PhantomSpec};

fn card(onnx: &[u8]) -> Value {
    let hash: String = Sha256::digest(onnx).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "schema": 1, "name": "tiny", "version": "1", "task": "lesion_classification",
        "file": "lesion.onnx", "sha256": hash,
        "input": {"name": "image", "width": 32, "height": 32, "layout": "nchw", "channels": "rgb",
                  "crop": "centre_square", "resample": "bilinear_antialias", "scale": 1.0 / 255.0,
                  "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
        "output": {"name": "logits", "kind": "logits"},
        "labels": [
            {"code": "nv", "name": "Naevus", "malignancy": "benign"},
            {"code": "bkl", "name": "Benign keratosis", "malignancy": "benign"},
            {"code": "ak", "name": "Actinic keratosis", "malignancy": "premalignant"},
            {"code": "bcc", "name": "Basal cell carcinoma", "malignancy": "malignant"},
            {"code": "mel", "name": "Melanoma", "malignancy": "malignant"}],
        "calibration": {"method": "bias_temperature", "temperature": 1.0},
        "thresholds": {"inconclusive_below": 0.6, "strong_at": 0.8,
                       "suspicious_sum_at": 0.2, "malignant_sum_at": 0.5},
        "conformal": {"method": "lac", "alpha": 0.1, "quantile": 0.9}
    })
}

fn network() -> Vec<u8> {
    std::fs::read(crate::fixture("cam/gemm.onnx")).unwrap()
}

fn install(dir: &Path, edit: impl FnOnce(&mut Value)) {
    let onnx = network();
    let mut card = card(&onnx);
    edit(&mut card);
    std::fs::write(dir.join("lesion.onnx"), onnx).unwrap();
    std::fs::write(dir.join("lesion.card.json"), card.to_string()).unwrap();
}

fn classifier(edit: impl FnOnce(&mut Value)) -> Result<Classifier, ModelError> {
    let dir = tempfile::tempdir().unwrap();
    install(dir.path(), edit);
    Classifier::load(dir.path())
}

fn photo(seed: u64) -> Photograph {
    Phantom::render(&PhantomSpec { width: 300, height: 240, seed, ..PhantomSpec::default() }).photograph()
}

#[test]
fn a_reading_holds_calibrated_numbers_a_set_and_a_heatmap() {
    let classifier = classifier(|_| {}).unwrap();
    let photo = photo(1);
    let mut steps = Vec::new();
    let reading =
        classifier.classify(&[&photo], Explain::Leading, &mut |step| steps.push(step), &|| false).unwrap();
    let total: f64 = reading.assessment.probabilities.iter().map(|c| c.probability).sum();
    assert!((total - 1.0).abs() < 1e-9);
    assert!(reading.assessment.probabilities.iter().all(|class| class.spread == 0.0));
    let set = reading.assessment.prediction_set.as_ref().unwrap();
    assert!((set.coverage - 0.9).abs() < 1e-12 && !set.codes.is_empty());
    let [heatmap] = reading.heatmaps[0].as_slice() else { panic!("one heatmap") };
    assert_eq!(heatmap.class, reading.assessment.leading().unwrap().label.code);
    assert_eq!((heatmap.width, heatmap.height, heatmap.photo), (8, 8, (300, 240)));
    assert_eq!((heatmap.area.left, heatmap.area.width), (30, 240));
    assert!(heatmap.values.iter().all(|v| (0.0..=1.0).contains(v)));
    assert_eq!(steps, [AnalysisStep::Classifying, AnalysisStep::Explaining]);
    assert_eq!(classifier.identity().sha256.len(), 64);
    let other = classifier.explain(&photo, "ak").unwrap().unwrap();
    assert_eq!(other.class, "ak");
    assert_eq!(classifier.explain(&photo, "xyz"), Err(VisionError::UnknownClass));
}

#[test]
fn photographs_are_averaged_and_their_range_is_told() {
    let classifier = classifier(|_| {}).unwrap();
    let photos = [photo(1), photo(2), photo(3)];
    let single = |photo: &Photograph| {
        let reading = classifier.classify(&[photo], Explain::Nothing, &mut |_| {}, &|| false).unwrap();
        assert!(reading.heatmaps.is_empty());
        reading.assessment.probabilities[4].probability
    };
    let alone: Vec<f64> = photos.iter().map(single).collect();
    let all: Vec<&Photograph> = photos.iter().collect();
    let together = classifier.classify(&all, Explain::Leading, &mut |_| {}, &|| false).unwrap();
    let class = &together.assessment.probabilities[4];
    assert!((class.probability - alone.iter().sum::<f64>() / 3.0).abs() < 1e-9);
    let range =
        alone.iter().copied().fold(f64::MIN, f64::max) - alone.iter().copied().fold(f64::MAX, f64::min);
    assert!((class.spread - range).abs() < 1e-9);
    assert_eq!(together.heatmaps.len(), 3);
    let every = classifier.classify(&all[..1], Explain::Every, &mut |_| {}, &|| false).unwrap();
    let codes: Vec<&str> = every.heatmaps[0].iter().map(|map| map.class.as_str()).collect();
    assert_eq!(codes.len(), 5);
    assert_eq!(codes[0], every.assessment.leading().unwrap().label.code);
    let four = [&photos[0]; 4];
    let error = classifier.classify(&four, Explain::Leading, &mut |_| {}, &|| false).unwrap_err();
    assert_eq!(error, VisionError::PhotographCount(4));
}

#[test]
fn without_an_intact_model_there_is_no_reading() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Classifier::load(dir.path()).unwrap_err(), ModelError::Missing);
    install(dir.path(), |_| {});
    assert!(Classifier::load(dir.path()).is_ok());
    let path = dir.path().join("lesion.onnx");
    let mut onnx = std::fs::read(&path).unwrap();
    let middle = onnx.len() / 2;
    onnx[middle] ^= 1;
    std::fs::write(&path, onnx).unwrap();
    let error = Classifier::load(dir.path()).unwrap_err();
    assert_eq!((error.clone(), error.code()), (ModelError::HashMismatch, "model_unavailable"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(Classifier::load(dir.path()).unwrap_err(), ModelError::Missing);
    std::fs::write(dir.path().join("lesion.card.json"), "{").unwrap();
    assert!(matches!(Classifier::load(dir.path()).unwrap_err(), ModelError::Card(_)));
}

#[test]
fn a_card_for_another_network_is_refused() {
    let error = classifier(|card| {
        card["labels"].as_array_mut().unwrap().pop();
    });
    assert_eq!(error.unwrap_err(), ModelError::Classes { card: 4, network: 5 });
    let error = classifier(|card| card["output"]["name"] = json!("elsewhere"));
    assert!(matches!(error.unwrap_err(), ModelError::Broken(_)));
    let error = classifier(|card| card["feature_layer"] = json!("elsewhere"));
    assert!(matches!(error.unwrap_err(), ModelError::Broken(_)));
}

#[test]
fn a_class_that_may_not_be_named_is_not() {
    let certain = |card: &mut Value| card["calibration"]["temperature"] = json!(0.01);
    let photo = photo(1);
    let read = |classifier: &Classifier| {
        classifier.classify(&[&photo], Explain::Nothing, &mut |_| {}, &|| false).unwrap().assessment
    };
    let before = read(&classifier(certain).unwrap());
    let leading = before.label.clone().unwrap().code;
    let after = read(&classifier(certain).unwrap().without_naming(vec![leading.clone()]));
    assert_eq!((after.label.is_none(), after.gate), (true, Gate::Inconclusive));
    assert_eq!((after.malignant_sum, after.band), (before.malignant_sum, before.band));
    assert!(before.prediction_set.unwrap().codes.contains(&leading) && after.prediction_set.is_none());
    assert_eq!(after.not_named, Some(vec![leading.clone()]));
    let other = before.probabilities.iter().find(|class| class.label.code != leading).unwrap();
    let named = read(&classifier(certain).unwrap().without_naming(vec![other.label.code.clone()]));
    assert_eq!(named.label.unwrap().code, leading);
}

#[test]
fn novelty_closes_the_gate() {
    let dir = tempfile::tempdir().unwrap();
    install(dir.path(), |card| {
        card["ood"] = json!({"method": "mahalanobis", "layer": "pooled_features",
                             "threshold": 0.0, "file": "lesion.ood.json"});
    });
    let rows: Vec<[f64; 1]> = vec![[1.0]; 16];
    let far = json!({"mean": vec![100.0; 16], "whitening": rows});
    std::fs::write(dir.path().join("lesion.ood.json"), far.to_string()).unwrap();
    let reading = Classifier::load(dir.path())
        .unwrap()
        .classify(&[&photo(1)], Explain::Nothing, &mut |_| {}, &|| false)
        .unwrap();
    assert_eq!(reading.assessment.gate, Gate::OutOfDistribution);
    assert!(reading.assessment.label.is_none());
    assert!(reading.assessment.novelty.unwrap().outside);
    let short = json!({"mean": [0.0], "whitening": [[1.0]]});
    std::fs::write(dir.path().join("lesion.ood.json"), short.to_string()).unwrap();
    let error = Classifier::load(dir.path()).unwrap_err();
    assert_eq!(error, ModelError::Incompatible("number of features"));
}

#[test]
fn cancelling_stops_between_steps() {
    let classifier = classifier(|_| {}).unwrap();
    let photo = photo(1);
    let error = classifier.classify(&[&photo], Explain::Leading, &mut |_| {}, &|| true).unwrap_err();
    assert_eq!(error, VisionError::Cancelled);
    let asked = std::cell::Cell::new(0);
    let later = || {
        asked.set(asked.get() + 1);
        asked.get() > 1
    };
    assert!(classifier.classify(&[&photo], Explain::Leading, &mut |_| {}, &later).is_err());
}

#[test]
fn threads_share_one_classifier() {
    let classifier = classifier(|_| {}).unwrap();
    let photo = photo(1);
    let read = || {
        classifier
            .classify(&[&photo], Explain::Leading, &mut |_| {}, &|| false)
            .unwrap()
            .assessment
            .malignant_sum
    };
    let expected = read();
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..4).map(|_| scope.spawn(read)).collect();
        for handle in handles {
            assert_eq!(handle.join().unwrap(), expected);
        }
    });
}

#[test]
fn a_network_without_a_map_reads_and_says_why_it_cannot_explain() {
    let dir = tempfile::tempdir().unwrap();
    let onnx = std::fs::read(crate::fixture("cam/transformer.onnx")).unwrap();
    std::fs::write(dir.path().join("lesion.card.json"), card(&onnx).to_string()).unwrap();
    std::fs::write(dir.path().join("lesion.onnx"), onnx).unwrap();
    let reading = Classifier::load(dir.path())
        .unwrap()
        .classify(&[&photo(1)], Explain::Leading, &mut |_| {}, &|| false)
        .unwrap();
    assert_eq!(reading.heatmap_state, HeatmapState::NoSpatialMap);
    assert!(reading.heatmaps.is_empty());
}

#[test]
fn one_call_walks_from_bytes_to_reading() {
    let classifier = classifier(|_| {}).unwrap();
    let jpeg = Phantom::render(&PhantomSpec::default()).to_jpeg(90);
    let limits = DecodeLimits::default();
    let mut steps = Vec::new();
    let done =
        examine(&jpeg, &limits, &classifier, Explain::Leading, &mut |s| steps.push(s), &|| false).unwrap();
    assert_eq!((done.photograph.width, done.photograph.height), (800, 600));
    let timings = done.reading.timings;
    let parts = timings.decode_ms + timings.check_ms + timings.classify_ms + timings.explain_ms;
    assert!(parts > 0.0 && parts <= timings.total_ms + 0.5);
    assert_eq!(steps.first(), Some(&AnalysisStep::Decoding));
    let text = examine(b"text", &limits, &classifier, Explain::Leading, &mut |_| {}, &|| false).unwrap_err();
    assert_eq!(text.code(), "image_unsupported_format");
    let cancelled = examine(&jpeg, &limits, &classifier, Explain::Leading, &mut |_| {}, &|| true);
    assert!(matches!(cancelled, Err(ExamineError::Vision(VisionError::Cancelled))));
}

/// Times of a 12-megapixel JPEG around the network, best of five. With `LENTIGO_MODELS` the model of
/// that folder is used.
#[test]
#[ignore = "measures; run it alone on an idle machine with optimisation"]
fn twelve_megapixels() {
    let classifier = match std::env::var("LENTIGO_MODELS") {
        Ok(folder) => Classifier::load(Path::new(&folder)).unwrap(),
        Err(_) => classifier(|_| {}).unwrap(),
    };
    let spec = PhantomSpec { width: 4000, height: 3000, ..PhantomSpec::default() };
    let jpeg = Phantom::render(&spec).to_jpeg(92);
    let limits = DecodeLimits::default();
    let mut runs: Vec<_> = (0..5)
        .map(|_| {
            examine(&jpeg, &limits, &classifier, Explain::Leading, &mut |_| {}, &|| false)
                .unwrap()
                .reading
                .timings
        })
        .collect();
    runs.sort_by(|a, b| a.total_ms.total_cmp(&b.total_ms));
    eprintln!("{} bytes: {:?}", jpeg.len(), runs[0]);
    if let Ok(path) = std::env::var("LENTIGO_KEEP_JPEG") {
        std::fs::write(path, jpeg).unwrap();
    }
}
