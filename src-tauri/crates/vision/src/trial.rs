//! A model that runs for the first time. It is called in a process of its own, which may be ended.

use std::sync::LazyLock;
use std::time::Instant;

use domain::analysis::HeatmapState;
use domain::model_version::{
    FeatureMap, ModelRefusal, ModelRefusalReason as Reason, ModelTrial, OnnxOutline, TrialReading,
};

use crate::card::{InputSpec, ModelCard};
use crate::classifier::{Classifier, Explain, ModelError, VisionError, milliseconds};
use crate::decode::Photograph;
use crate::golden::{Compared, equal};
use crate::novelty::NoveltyModel;
use crate::onnx;
use crate::phantom::{Phantom, PhantomSpec, Sample, samples};
use crate::preprocess::{Prepared, prepare};

/// Side of the built-in pictures in a trial; their content does not grow with it.
const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;
/// Scores that differ by less over very different pictures do not depend on them.
const SAME: f32 = 1e-6;
/// How far the sum of probabilities may lie from 1.
const SUM_TOLERANCE: f32 = 1e-2;
const LONGEST_WORDS: usize = 300;

/// The built-in pictures with their names; painted once, since that takes longer than a small model reads them.
pub fn pictures() -> &'static [(&'static str, Photograph)] {
    static PICTURES: LazyLock<Vec<(&'static str, Photograph)>> = LazyLock::new(|| {
        let painted = |sample: Sample| {
            let spec = PhantomSpec { width: WIDTH, height: HEIGHT, ..sample.spec };
            (sample.name, Phantom::render(&spec).photograph())
        };
        samples().into_iter().map(painted).collect()
    });
    &PICTURES
}

/// Loads a model, lets it read the built-in pictures, and says what was found.
///
/// # Errors
/// The refusal, for a person to act on.
pub fn run(card: &[u8], file: &[u8], novelty: Option<&[u8]>) -> Result<ModelTrial, ModelRefusal> {
    let outline = onnx::outline(file)?;
    let card = ModelCard::parse(card)
        .map_err(|error| ModelRefusal::new(Reason::Card).naming([short(&error.to_string())]))?;
    fits(&card, &outline)?;
    let novelty = match (&card.ood, novelty) {
        (None, _) => None,
        (Some(spec), None) => {
            return Err(ModelRefusal::new(Reason::NoveltyMissing).naming([spec.file.clone()]));
        }
        (Some(_), Some(json)) => {
            Some(NoveltyModel::parse(json).map_err(|_| ModelRefusal::new(Reason::Novelty))?)
        }
    };
    let classifier = Classifier::assemble(card, file, novelty).map_err(|error| refusal(&error))?;
    let (readings, reading_ms) = readings(&classifier)?;
    let network = classifier.network();
    Ok(ModelTrial {
        outline,
        map: feature_map(&classifier)?,
        heatmap: network.heatmap_state(),
        note: network.note().to_owned(),
        readings,
        reading_ms,
    })
}

/// Reads the built-in pictures once more and holds the readings against those of the trial.
///
/// # Errors
/// [`VisionError`].
pub fn compare(classifier: &Classifier, earlier: &[TrialReading]) -> Result<Compared, VisionError> {
    let mut compared = Compared { pictures: 0, different: 0 };
    for (name, photo) in pictures() {
        let Some(reference) = earlier.iter().find(|reading| reading.picture == *name) else { continue };
        let reading = classifier.classify(&[photo], Explain::Nothing, &mut |_| {}, &|| false)?;
        let read: Vec<f64> = reading.assessment.probabilities.iter().map(|class| class.probability).collect();
        compared.pictures += 1;
        compared.different += usize::from(!equal(&read, &reference.probabilities));
    }
    Ok(compared)
}

/// Whether the file is of the size that the card says.
fn fits(card: &ModelCard, outline: &OnnxOutline) -> Result<(), ModelRefusal> {
    let [input] = outline.inputs.as_slice() else {
        let names = outline.inputs.iter().map(|input| input.name.clone());
        return Err(ModelRefusal::new(Reason::Inputs).naming(names));
    };
    let wanted = Prepared::shape(&card.input);
    // A batch of another size is not a picture of another size.
    let same = |side: &Option<u32>, wanted: usize| side.is_none_or(|side| side as usize == wanted);
    let fits = input.shape.iter().zip(wanted).skip(1).all(|(side, wanted)| same(side, wanted));
    if !input.shape.is_empty() && (input.shape.len() != wanted.len() || !fits) {
        let told = |side: &Option<u32>| side.map_or_else(|| "?".to_owned(), |side| side.to_string());
        let found: Vec<String> = input.shape.iter().map(told).collect();
        let expected = wanted.map(|side| side.to_string()).join(" × ");
        return Err(ModelRefusal::new(Reason::InputShape).but(expected, found.join(" × ")));
    }
    if !outline.outputs.iter().any(|output| output.name == card.output.name) {
        let names = outline.outputs.iter().map(|output| output.name.clone());
        return Err(ModelRefusal::new(Reason::OutputMissing).naming(names).but(&card.output.name, ""));
    }
    Ok(())
}

/// Readings of the built-in pictures, and the milliseconds that one took.
fn readings(classifier: &Classifier) -> Result<(Vec<TrialReading>, f64), ModelRefusal> {
    let network = classifier.network();
    let spec: &InputSpec = &classifier.card().input;
    let (mut scores, mut readings, mut spent): (Vec<Vec<f32>>, Vec<TrialReading>, f64) = Default::default();
    for (name, photo) in pictures() {
        let forward = network.run(&prepare(photo, spec).values).map_err(|error| cannot(&error))?;
        if forward.logits.iter().any(|value| !value.is_finite()) {
            return Err(ModelRefusal::new(Reason::NotFinite));
        }
        let sum: f32 = forward.logits.iter().map(|value| value.exp()).sum();
        if network.trusts_probabilities() && (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(ModelRefusal::new(Reason::NotProbabilities).but(1, format!("{sum:.3}")));
        }
        scores.push(forward.logits);
        let start = Instant::now();
        let reading = classifier.classify(&[photo], Explain::Nothing, &mut |_| {}, &|| false);
        let reading = reading.map_err(|error| match error {
            VisionError::Inference(_) => ModelRefusal::new(Reason::NotFinite),
            other => cannot(&other),
        })?;
        spent += milliseconds(start);
        let probabilities = reading.assessment.probabilities.iter().map(|class| class.probability).collect();
        readings.push(TrialReading { picture: (*name).to_owned(), probabilities });
    }
    let still = |other: &Vec<f32>| other.iter().zip(&scores[0]).all(|(a, b)| (a - b).abs() <= SAME);
    if scores.iter().all(still) {
        return Err(ModelRefusal::new(Reason::ConstantOutput));
    }
    let count = readings.len() as f64;
    Ok((readings, spent / count))
}

/// The last spatial map, measured on a picture.
fn feature_map(classifier: &Classifier) -> Result<Option<FeatureMap>, ModelRefusal> {
    let network = classifier.network();
    if network.heatmap_state() != HeatmapState::Available {
        return Ok(None);
    }
    let Some((_, photo)) = pictures().first() else { return Ok(None) };
    let forward =
        network.run(&prepare(photo, &classifier.card().input).values).map_err(|error| cannot(&error))?;
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Ok(network.features(&forward).map(|map| FeatureMap {
        channels: side(map.channels),
        width: side(map.width),
        height: side(map.height),
    }))
}

fn refusal(error: &ModelError) -> ModelRefusal {
    match error {
        ModelError::Missing => ModelRefusal::new(Reason::Unreadable),
        ModelError::HashMismatch => ModelRefusal::new(Reason::HashMismatch),
        ModelError::Card(error) => ModelRefusal::new(Reason::Card).naming([short(&error.to_string())]),
        ModelError::Classes { card, network } => ModelRefusal::new(Reason::Classes).but(card, network),
        ModelError::Incompatible(_) => ModelRefusal::new(Reason::Novelty),
        ModelError::Broken(text) => cannot(text),
    }
}

fn cannot(error: &impl ToString) -> ModelRefusal {
    ModelRefusal::new(Reason::CannotRun).naming([short(&error.to_string())])
}

fn short(words: &str) -> String {
    words.chars().take(LONGEST_WORDS).collect()
}
