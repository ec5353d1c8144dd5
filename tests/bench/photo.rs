//! One 12-megapixel JPEG, warm: decode, checks, classify, heatmap; beside the same steps in Python.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use vision::phantom::{Artefacts, Phantom, PhantomSpec};
use vision::{Classifier, DecodeLimits, Explain, examine};

use crate::figure::{Figure, Target, median};

const RUNS: usize = 9;

pub fn run() -> Vec<Figure> {
    let models = support::root().join("models");
    let classifier = Classifier::load(&models).expect("the shipped model");
    let jpeg = photograph();
    let steps = ours(&classifier, &jpeg);
    let peer = python(&models, &jpeg);
    let beside = |step: &str| peer.as_ref().and_then(|p| p[step].as_f64()).map(|v| ("Pillow+PyTorch", v));
    let figure =
        |name, value, step: &str, target| Figure { name, value, unit: "ms", peer: beside(step), target };
    vec![
        figure("photo_12mp_total", steps.total, "total", Some(Target::AtMost(0.6))),
        figure("photo_12mp_decode", steps.decode, "decode", None),
        figure("photo_12mp_checks", steps.check, "checks", None),
        figure("photo_12mp_classify_and_heatmap", steps.read, "read", None),
    ]
}

struct Steps {
    total: f64,
    decode: f64,
    check: f64,
    read: f64,
}

fn photograph() -> Vec<u8> {
    let spec = PhantomSpec {
        width: 4000,
        height: 3000,
        irregularity: 0.5,
        artefacts: Artefacts { hairs: 6, ..Artefacts::default() },
        ..PhantomSpec::default()
    };
    Phantom::render(&spec).to_jpeg(92)
}

fn ours(classifier: &Classifier, jpeg: &[u8]) -> Steps {
    let (mut total, mut decode, mut check, mut read) = (vec![], vec![], vec![], vec![]);
    for run in 0..=RUNS {
        let start = Instant::now();
        let limits = DecodeLimits::default();
        let done = examine(jpeg, &limits, classifier, Explain::Leading, &mut |_| {}, &|| false);
        let elapsed = start.elapsed().as_secs_f64() * 1e3;
        let timings = done.expect("a good photograph").reading.timings;
        // The first run warms caches and is not counted.
        if run > 0 {
            total.push(elapsed);
            decode.push(timings.decode_ms);
            check.push(timings.check_ms);
            read.push(timings.classify_ms + timings.explain_ms);
        }
    }
    Steps { total: median(total), decode: median(decode), check: median(check), read: median(read) }
}

/// Nothing, with a word on standard error, where Python or its packages are missing.
fn python(models: &Path, jpeg: &[u8]) -> Option<serde_json::Value> {
    let folder = tempfile::tempdir().ok()?;
    let file = folder.path().join("photo.jpg");
    std::fs::write(&file, jpeg).ok()?;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let out = Command::new(python)
        .arg(support::root().join("tests/bench/photo.py"))
        .arg(&file)
        .arg(models)
        .arg(RUNS.to_string())
        .output()
        .ok()?;
    if !out.status.success() {
        eprintln!("the Python peer did not run: {}", String::from_utf8_lossy(&out.stderr));
        return None;
    }
    serde_json::from_slice(&out.stdout).ok()
}
