//! Grad-CAM against the Python package, see `tests/reference/grad_cam.py`.

use domain::analysis::HeatmapState;
use serde::Deserialize;
use std::path::Path;
use std::time::Instant;
use vision::cam::Network;

#[derive(Deserialize)]
struct Reference {
    name: String,
    side: usize,
    logits: Vec<f32>,
    maps: Vec<Map>,
}

#[derive(Deserialize)]
struct Map {
    class: usize,
    width: usize,
    height: usize,
    cells: Vec<f32>,
    scaled: Option<Vec<f32>>,
}

/// The input the reference used: exact in 32-bit floats.
fn picture(side: usize) -> Vec<f32> {
    (0..3 * side * side)
        .map(|i| ((i * 7919 + i / side * 104_729) % 1021) as f32)
        .map(|wave| (wave - 510.0) / 256.0)
        .collect()
}

fn load(folder: &Path, name: &str) -> (Network, Reference) {
    let json = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
    let reference: Reference = serde_json::from_slice(&json).unwrap();
    let onnx = std::fs::read(folder.join(format!("{name}.onnx"))).unwrap();
    let shape = [1, 3, reference.side, reference.side];
    let network = Network::load(&onnx, shape, "logits", name == "softmax", None).unwrap();
    (network, reference)
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}

fn pearson(a: &[f32], b: &[f32]) -> f64 {
    let mean = |v: &[f32]| v.iter().map(|&x| f64::from(x)).sum::<f64>() / v.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&x, &y) in a.iter().zip(b) {
        let (x, y) = (f64::from(x) - mean_a, f64::from(y) - mean_b);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    ab / (aa * bb).sqrt()
}

/// Compares all maps; returns the worst correlation and the worst difference.
fn compare(network: &Network, reference: &Reference) -> (f64, f32) {
    let name = &reference.name;
    assert_eq!(network.heatmap_state(), HeatmapState::Available, "{name}: {}", network.note());
    let forward = network.run(&picture(reference.side)).unwrap();
    let scale = reference.logits.iter().fold(1.0f32, |m, v| m.max(v.abs()));
    let logits = largest_difference(&forward.logits, &reference.logits);
    assert!(logits < 1e-3 * scale, "{name}: logits differ by {logits}");
    let (mut correlation, mut difference) = (1.0f64, 0.0f32);
    for expected in &reference.maps {
        let map = network.explain(&forward, expected.class).unwrap().unwrap();
        assert_eq!((map.width, map.height), (expected.width, expected.height), "{name}");
        difference = difference.max(largest_difference(&map.values, &expected.cells));
        if expected.cells.iter().any(|&v| v > 0.0) {
            correlation = correlation.min(pearson(&map.values, &expected.cells));
        }
        if let Some(scaled) = &expected.scaled {
            let ours = map.upscaled(reference.side, reference.side);
            difference = difference.max(largest_difference(&ours, scaled));
        }
    }
    (correlation, difference)
}

#[test]
fn heads_of_every_kind_agree_with_the_package() {
    let heads = [
        "gemm",
        "hard_swish",
        "dense",
        "squeeze",
        "next",
        "max_pool",
        "mixed",
        "gate",
        "window_pool",
        "softmax",
    ];
    for name in heads {
        let (network, reference) = load(&crate::fixture("cam"), name);
        assert_eq!(reference.maps.len(), 5);
        let (correlation, difference) = compare(&network, &reference);
        assert!(correlation > 0.9999 && difference < 1e-3, "{name}: {correlation} {difference}");
    }
}

#[test]
fn a_transformer_has_no_map_and_an_odd_head_is_named() {
    let (network, reference) = load(&crate::fixture("cam"), "transformer");
    assert_eq!(network.heatmap_state(), HeatmapState::NoSpatialMap, "{}", network.note());
    let forward = network.run(&picture(reference.side)).unwrap();
    assert!(largest_difference(&forward.logits, &reference.logits) < 1e-3);
    assert!(network.explain(&forward, 0).unwrap().is_none());
    let (network, reference) = load(&crate::fixture("cam"), "sine");
    assert_eq!(network.heatmap_state(), HeatmapState::UnsupportedHead);
    assert!(network.note().contains("Sin"), "{}", network.note());
    let forward = network.run(&picture(reference.side)).unwrap();
    assert!(largest_difference(&forward.logits, &reference.logits) < 1e-3);
}

#[test]
fn a_file_that_is_no_network_is_an_error() {
    let onnx = std::fs::read(crate::fixture("cam/gemm.onnx")).unwrap();
    let shape = [1, 3, 32, 32];
    assert!(Network::load(&[], shape, "logits", false, None).is_err());
    assert!(Network::load(b"not an ONNX file", shape, "logits", false, None).is_err());
    assert!(Network::load(&onnx[..onnx.len() / 2], shape, "logits", false, None).is_err());
    assert!(Network::load(&onnx, shape, "no such tensor", false, None).is_err());
    assert!(Network::load(&onnx, [1, 4, 32, 32], "logits", false, None).is_err());
    let network = Network::load(&onnx, shape, "logits", false, None).unwrap();
    assert!(network.run(&[0.0; 10]).is_err());
    let forward = network.run(&picture(32)).unwrap();
    assert!(network.explain(&forward, 5).is_err());
}

/// Full-size networks made by `grad_cam.py large`, in the folder `LENTIGO_CAM_FIXTURES` names.
#[test]
#[ignore = "needs full-size networks that are made on demand"]
fn full_size_networks_agree_with_the_package() {
    let folder = std::env::var("LENTIGO_CAM_FIXTURES").expect("LENTIGO_CAM_FIXTURES names a folder");
    let folder = Path::new(&folder);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".onnx").map(str::to_owned))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for name in names {
        let (network, reference) = load(folder, &name);
        let input = picture(reference.side);
        let forward = network.run(&input).unwrap();
        let start = Instant::now();
        network.run(&input).unwrap();
        let run_ms = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        network.explain(&forward, 0).unwrap();
        let explain_ms = start.elapsed().as_secs_f64() * 1e3;
        let (correlation, difference) = compare(&network, &reference);
        eprintln!(
            "{name}: pearson {correlation:.7}, difference {difference:.1e}, run {run_ms:.1} ms, \
             explain {explain_ms:.2} ms, {}",
            network.note()
        );
        assert!(correlation >= 0.999 && difference <= 0.01, "{name}");
    }
}
