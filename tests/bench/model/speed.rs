//! Classify and heatmap of one prepared input on one core, in turns with the Python packages.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use domain::image::ImageFormat;
use vision::cam::EvidenceMap;
use vision::phantom::{Phantom, PhantomSpec};
use vision::preprocess::prepare;
use vision::{Classifier, Explain, Photograph};

use super::read;
use crate::figure::{Figure, Target, median};

const RUNS: usize = 41;
/// Rounds before counting: caches warm up, the Python packages settle on their kernels.
const WARM_UP: usize = 3;

pub fn figures(models: &Path, classifier: &Classifier) -> Vec<Figure> {
    let photo = input_sized(classifier);
    let mut peer = Peer::start(models, classifier, &photo);
    let (mut whole, mut classify, mut eager, mut onnxruntime) = (vec![], vec![], vec![], vec![]);
    for round in 0..WARM_UP + RUNS {
        let (ours_whole, ours_classify) = (timed(classifier, &photo, true), timed(classifier, &photo, false));
        // In turns, so that a busy moment of the machine falls on all.
        let theirs = peer.as_mut().and_then(Peer::round);
        if round < WARM_UP {
            continue;
        }
        whole.push(ours_whole);
        classify.push(ours_classify);
        if let Some((one, other)) = theirs {
            eager.push(one);
            onnxruntime.push(other);
        }
    }
    if eager.is_empty() {
        eprintln!("the Python peers did not run");
    }
    let (whole, classify) = (median(whole), median(classify));
    let alone = Figure {
        name: "model_classify_and_heatmap",
        value: whole,
        unit: "ms",
        peer: None,
        target: Some(Target::AtMost(40.0)),
    };
    let mut figures = vec![alone];
    figures.extend(beside("model_classify_and_heatmap_peer", whole, "PyTorch+grad-cam", eager, 0.8));
    figures.extend(beside("model_classify", classify, "onnxruntime", onnxruntime, 2.0));
    figures
}

/// Nothing where the peer was not measured.
fn beside(name: &'static str, value: f64, peer: &'static str, times: Vec<f64>, most: f64) -> Option<Figure> {
    (!times.is_empty()).then(|| Figure {
        name,
        value,
        unit: "ms",
        peer: Some((peer, median(times))),
        target: Some(Target::AtMost(most)),
    })
}

/// A lesion of just the size of the input, so that nothing is left to prepare but the tensor.
fn input_sized(classifier: &Classifier) -> Photograph {
    let input = &classifier.card().input;
    let spec = PhantomSpec { width: input.width, height: input.height, ..PhantomSpec::default() };
    let phantom = Phantom::render(&spec);
    Photograph::new(phantom.width, phantom.height, phantom.rgb, ImageFormat::Png).expect("a phantom")
}

/// Milliseconds, the heatmap at the size of the input as the peer gives it.
fn timed(classifier: &Classifier, photo: &Photograph, with_heatmap: bool) -> f64 {
    let explain = if with_heatmap { Explain::Leading } else { Explain::Nothing };
    let start = Instant::now();
    let reading = read(classifier, photo, explain);
    for map in reading.heatmaps.into_iter().flatten() {
        let cells = EvidenceMap { width: map.width, height: map.height, values: map.values };
        std::hint::black_box(cells.upscaled(photo.width as usize, photo.height as usize));
    }
    start.elapsed().as_secs_f64() * 1e3
}

/// The child process; it waits while we measure ourselves.
struct Peer {
    child: Child,
    answers: BufReader<ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Peer {
    /// Nothing, with Python's own words on standard error, where it or its packages are missing.
    fn start(models: &Path, classifier: &Classifier, photo: &Photograph) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let file = folder.path().join("input.f32");
        let prepared = prepare(photo, &classifier.card().input);
        let bytes: Vec<u8> = prepared.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(&file, bytes).ok()?;
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
        let mut child = Command::new(python)
            .arg(support::root().join("tests/bench/model.py"))
            .args([models, file.as_path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let answers = BufReader::new(child.stdout.take()?);
        Some(Self { child, answers, _folder: folder })
    }

    /// Milliseconds of PyTorch eager with the grad-cam package, and of onnxruntime.
    fn round(&mut self) -> Option<(f64, f64)> {
        self.child.stdin.as_mut()?.write_all(b"\n").ok()?;
        let mut line = String::new();
        self.answers.read_line(&mut line).ok()?;
        let answer: serde_json::Value = serde_json::from_str(&line).ok()?;
        Some((answer["eager"].as_f64()?, answer["onnxruntime"].as_f64()?))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
