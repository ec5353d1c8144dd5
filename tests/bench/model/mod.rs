//! What the shipped models are worth: the table of targets, measured again from the files in
//! `models/` through the product's own code.
//!
//! The lesions are those of the `val` split, which also chose the models and their thresholds; it is
//! no test set.

mod foreign;
mod judged;
mod lesions;
mod operators;
mod outlines;
mod painted;
mod speed;

use std::path::Path;

use vision::outline::Outliner;
use vision::{Classifier, Explain, Photograph, Reading};

use crate::figure::{Figure, Target};
use lesions::Lesions;

pub fn run() -> Vec<Figure> {
    let models = support::root().join("models");
    let classifier = Classifier::load(&models).expect("the shipped classifier");
    let outliner = Outliner::load(&models).expect("the shipped outline model");
    // First, while no other thread of this program is at work.
    let mut figures = speed::figures(&models, &classifier);
    figures.extend(operators::figures(&models, &classifier));
    figures.push(size(&models));
    if let Some(lesions) = Lesions::of_val() {
        figures.extend(judged::figures(&classifier, &lesions));
        figures.extend(painted::figures(&classifier, &lesions));
        figures.extend(outlines::figures(&outliner, &lesions));
    }
    figures.extend(foreign::figures(&classifier));
    figures
}

/// Everything the product loads, in MB of 10⁶ bytes: networks, cards, parameters.
fn size(models: &Path) -> Figure {
    let files = std::fs::read_dir(models).expect("the folder of models").filter_map(Result::ok);
    let loaded = files.filter(|file| {
        file.path().extension().is_some_and(|extension| extension == "onnx" || extension == "json")
    });
    let bytes: u64 = loaded.map(|file| file.metadata().map_or(0, |data| data.len())).sum();
    Figure {
        name: "model_files",
        value: bytes as f64 / 1e6,
        unit: "MB",
        peer: None,
        target: Some(Target::AtMost(30.0)),
    }
}

/// The model is judged and not the photograph: the checks of quality do not stand in the way.
fn read(classifier: &Classifier, photo: &Photograph, explain: Explain) -> Reading {
    classifier.classify(&[photo], explain, &mut |_| {}, &|| false).expect("the shipped model runs")
}

/// A figure without a unit: a share, an area under a curve, a mean.
fn plain(figure: &str, set: &str, value: f64, target: Option<Target>) -> Figure {
    Figure { name: named(figure, set), value, unit: "", peer: None, target }
}

/// Such a name lives as long as the program, like those that are written out.
fn named(figure: &str, set: &str) -> &'static str {
    format!("model_{figure}_{set}").leak()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// The share of the things of which it is true.
fn share<T>(things: &[T], is_true: impl Fn(&T) -> bool) -> f64 {
    things.iter().filter(|thing| is_true(thing)).count() as f64 / things.len() as f64
}

/// The answers in order, worked out on at most two threads.
fn each<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(2);
    let part = things.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = things
            .chunks(part)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("a part")).collect()
    })
}

/// Numbers that are the same in every run (SplitMix64, Steele 2014).
struct Draw(u64);

impl Draw {
    /// From 0 to below 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.unit() * f64::from(end)) as u32
    }

    /// Half of them any, half of them like skin.
    fn colour(&mut self) -> [u8; 3] {
        if self.unit() < 0.5 {
            return std::array::from_fn(|_| self.below(256) as u8);
        }
        let red = self.within(150.0, 245.0);
        [red, red * self.within(0.62, 0.85), red * self.within(0.5, 0.8)].map(|level| level as u8)
    }
}
