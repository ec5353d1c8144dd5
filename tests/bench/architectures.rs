//! Networks of other trainers: added to a clinic and tried out as an administrator does, and read beside ONNX Runtime.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use clinic::models;
use clinic::views::*;
use domain::analysis::HeatmapState;
use domain::model_version::ModelTrial;
use serde_json::Value;
use support::World;
use vision::{Classifier, DecodeLimits, Explain};

use crate::figure::{Figure, Target, median};

const RUNS: usize = 5;
/// Of a probability: two runtimes add in another order.
const APART: f64 = 1e-3;

/// `LENTIGO_ARCHITECTURES` names a folder that `architectures.py` has filled before.
pub fn run() -> Vec<Figure> {
    let made = tempfile::tempdir().expect("a temporary folder");
    let given = std::env::var_os("LENTIGO_ARCHITECTURES").map(std::path::PathBuf::from);
    let folder = given.as_deref().unwrap_or(made.path());
    if given.is_none() && !exported(folder) {
        eprintln!("bench: the architectures bench needs Python with PyTorch, torchvision and ONNX Runtime");
        return vec![];
    }
    let list = std::fs::read(folder.join("networks.json")).expect("a list of networks");
    let list: Vec<Value> = serde_json::from_slice(&list).expect("a list of networks");
    let world = World::founded();
    let mut figures = vec![];
    for entry in &list {
        figures.extend(beside(&world, folder, entry));
    }
    figures
}

fn exported(folder: &Path) -> bool {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = support::root().join("tests/bench/architectures.py");
    let run = |keras: Option<&str>| {
        let status = Command::new(&python).arg(&script).arg(folder).args(keras).status();
        status.is_ok_and(|status| status.success())
    };
    // Those of Keras where it is installed.
    run(None) && run(Some("--keras"))
}

fn beside(world: &World, folder: &Path, entry: &Value) -> [Figure; 3] {
    let name = entry["name"].as_str().expect("a name");
    let trial = tried_out(world, folder, entry);
    let (heatmap, why) = match &trial {
        Ok(trial) => (u8::from(trial.heatmap == HeatmapState::Available), trial.note.clone()),
        Err(refusal) => (0, refusal.clone()),
    };
    eprintln!("{name}: {} {why}", if heatmap == 1 { "with a heatmap" } else { "no heatmap" });
    let (apart, ms) = if trial.is_ok() { read(folder, entry) } else { (f64::INFINITY, f64::NAN) };
    let called =
        |what: &str| -> &'static str { Box::leak(format!("architectures_{name}_{what}").into_boxed_str()) };
    let figure = |name, value, unit, peer, target| Figure { name, value, unit, peer, target };
    let peer = entry["peer_ms"].as_f64().map(|ms| ("ONNX Runtime, one thread", ms));
    [
        figure(called("apart"), apart, "", None, Some(Target::AtMost(APART))),
        figure(called("reading"), ms, "ms", peer, None),
        figure(called("heatmap"), f64::from(heatmap), "", None, None),
    ]
}

/// What the process in which it ran for the first time says; or why it was refused.
fn tried_out(world: &World, folder: &Path, entry: &Value) -> Result<ModelTrial, String> {
    let file = |key: &str| folder.join(entry[key].as_str().expect("a file"));
    let picked = models::pick(&world.session, &[file("file"), file("card")])
        .map_err(|error| format!("{:?}", error.code))?;
    if let Some(refusal) = picked.refusal {
        return Err(format!("{refusal:?}"));
    }
    let version = models::upload(&world.session, &ModelUploadRequest { form: None })
        .map_err(|error| format!("{:?}", error.code))?;
    let Some(id) = version.id else { return Err(format!("{:?}", version.refusal)) };
    let view = models::try_out(&world.session, &ModelVersionRequest { id })
        .map_err(|error| format!("{:?}", error.code))?;
    view.trial.ok_or_else(|| format!("{:?}", view.refusal))
}

/// The largest difference of a probability from ONNX Runtime's, and milliseconds of a reading.
fn read(folder: &Path, entry: &Value) -> (f64, f64) {
    let card = folder.join(entry["card"].as_str().expect("a card"));
    let classifier = Classifier::load_card(&card).expect("a classifier that was tried out");
    let bytes = std::fs::read(folder.join("picture.png")).expect("a picture");
    let photo = vision::decode(&bytes, &DecodeLimits::default()).expect("a picture");
    let mut times = vec![];
    let mut ours = vec![];
    for run in 0..=RUNS {
        let begun = Instant::now();
        let reading =
            classifier.classify(&[&photo], Explain::Nothing, &mut |_| {}, &|| false).expect("a reading");
        if run > 0 {
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        ours = reading.assessment.probabilities;
    }
    let theirs = entry["probabilities"].as_array().expect("probabilities");
    let apart = ours
        .iter()
        .zip(theirs)
        .map(|(ours, theirs)| (ours.probability - theirs.as_f64().unwrap_or(f64::NAN)).abs());
    (apart.fold(0.0, f64::max), median(times))
}
