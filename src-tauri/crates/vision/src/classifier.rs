//! The classifier: card, network and novelty together, from photographs to an assessment.

use crate::cam::{Forward, Heatmap, Network};
use crate::card::{ModelCard, OutputKind};
use crate::decode::Photograph;
pub use crate::failure::{ModelError, VisionError};
use crate::gate;
use crate::novelty::NoveltyModel;
use crate::preprocess::Prepared;
use crate::preprocess::{CropArea, prepare};
use crate::similar::Embedding;
use domain::advice::advise;
use domain::analysis::{Assessment, ClassProbability, Gate, HeatmapState, Novelty, Timings};
use domain::job::AnalysisStep;
use domain::model::{Label, ModelIdentity};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::Instant;

/// Name of the card the product ships.
pub const LESION_CARD: &str = "lesion.card.json";
/// Most photographs of one reading.
pub const MAX_PHOTOGRAPHS: usize = 3;
/// Largest model or parameter file that is read: 256 MiB.
pub const MAX_MODEL_BYTES: u64 = 256 << 20;

/// For which classes an analysis draws heatmaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explain {
    Nothing,
    /// The leading class.
    Leading,
    /// Every class, the leading one first.
    Every,
}

/// The reading of a lesion from its photographs.
#[derive(Clone, Debug)]
pub struct Reading {
    pub assessment: Assessment,
    /// For each photograph, in order, the heatmaps asked for; empty where the model gives none.
    pub heatmaps: Vec<Vec<Heatmap>>,
    pub heatmap_state: HeatmapState,
    /// For each photograph, in order, the direction of its features; `None` where the network has none.
    pub embeddings: Vec<Option<Embedding>>,
    /// `classify_ms` and `explain_ms` are set; the other steps lie outside.
    pub timings: Timings,
}

/// A loaded model. It is immutable and can be shared between threads.
pub struct Classifier {
    card: ModelCard,
    labels: Vec<Label>,
    identity: ModelIdentity,
    network: Network,
    novelty: Option<NoveltyModel>,
    not_named: Vec<String>,
}

impl std::fmt::Debug for Classifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classifier").field("identity", &self.identity).finish_non_exhaustive()
    }
}

struct Pass {
    forward: Forward,
    probabilities: Vec<f64>,
    embedding: Option<Embedding>,
    novelty: Option<Novelty>,
    area: CropArea,
    photo: (u32, u32),
}

impl Classifier {
    /// Loads the shipped model from a folder: `lesion.card.json` and the files it names.
    ///
    /// # Errors
    /// [`ModelError`]; there is then no model, and nothing may be predicted.
    pub fn load(dir: &Path) -> Result<Self, ModelError> {
        Self::load_card(&dir.join(LESION_CARD))
    }

    /// Loads a model by the path of its card.
    ///
    /// # Errors
    /// [`ModelError`], as for [`Self::load`].
    pub fn load_card(path: &Path) -> Result<Self, ModelError> {
        let dir = path.parent().ok_or(ModelError::Missing)?;
        let card = ModelCard::parse(&read(path)?)?;
        let onnx = read(&dir.join(&card.file))?;
        let novelty = card
            .ood
            .as_ref()
            .map(|spec| {
                let json = read(&dir.join(&spec.file))?;
                if spec.sha256.as_ref().is_some_and(|hash| !hash.eq_ignore_ascii_case(&sha256(&json))) {
                    return Err(ModelError::HashMismatch);
                }
                NoveltyModel::parse(&json).map_err(|e| ModelError::Broken(e.to_string()))
            })
            .transpose()?;
        Self::assemble(card, &onnx, novelty)
    }

    /// Puts a model together from its parts in memory, with the same checks.
    ///
    /// # Errors
    /// [`ModelError`], as for [`Self::load`].
    pub fn assemble(card: ModelCard, onnx: &[u8], novelty: Option<NoveltyModel>) -> Result<Self, ModelError> {
        let hash = sha256(onnx);
        if !card.sha256.eq_ignore_ascii_case(&hash) {
            return Err(ModelError::HashMismatch);
        }
        let shape = Prepared::shape(&card.input);
        let probabilities = card.output.kind == OutputKind::Probabilities;
        let layer = card.feature_layer.as_deref();
        let network = Network::load(onnx, shape, &card.output.name, probabilities, layer)
            .map_err(|e| ModelError::Broken(e.to_string()))?;
        if network.classes() != card.labels.len() {
            return Err(ModelError::Classes { card: card.labels.len(), network: network.classes() });
        }
        if let Some(novelty) = &novelty
            && network.features_size() != Some(novelty.size())
        {
            return Err(ModelError::Incompatible("number of features"));
        }
        let identity = ModelIdentity { name: card.name.clone(), version: card.version.clone(), sha256: hash };
        let labels = card.labels.iter().map(crate::card::CardLabel::to_label).collect();
        Ok(Self { card, labels, identity, network, novelty, not_named: vec![] })
    }

    /// The same model, which names none of these classes: a lesion that they lead is read as inconclusive.
    #[must_use]
    pub fn without_naming(self, not_named: Vec<String>) -> Self {
        Self { not_named, ..self }
    }

    /// Codes of the classes that it does not name.
    #[must_use]
    pub fn not_named(&self) -> &[String] {
        &self.not_named
    }

    /// Name, version and hash, to be stored with every result.
    #[must_use]
    pub const fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    #[must_use]
    pub const fn card(&self) -> &ModelCard {
        &self.card
    }

    /// The classes in the model's order.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Whether this model gives heatmaps, and if not, why.
    #[must_use]
    pub const fn heatmap_state(&self) -> HeatmapState {
        self.network.heatmap_state()
    }

    /// The network, for tests of parity and for measuring.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// Reads one to three photographs of one lesion.
    ///
    /// Calibrated probabilities are averaged over the photographs; `spread` is their range. The
    /// lesion counts as outside when every photograph does: one odd picture must not hide the
    /// others, and the novelty reported is that of the photograph nearest to the known lesions.
    /// Each photograph gets the heatmaps that `explain` asks for. `cancel` is asked between the steps.
    ///
    /// # Errors
    /// [`VisionError`]; an analysis that fails gives no numbers at all.
    pub fn classify(
        &self,
        photos: &[&Photograph],
        explain: Explain,
        progress: &mut dyn FnMut(AnalysisStep),
        cancel: &dyn Fn() -> bool,
    ) -> Result<Reading, VisionError> {
        if photos.is_empty() || photos.len() > MAX_PHOTOGRAPHS {
            return Err(VisionError::PhotographCount(photos.len()));
        }
        let go_on = || {
            if cancel() { Err(VisionError::Cancelled) } else { Ok(()) }
        };
        go_on()?;
        progress(AnalysisStep::Classifying);
        let start = Instant::now();
        let mut passes = Vec::with_capacity(photos.len());
        for photo in photos {
            passes.push(self.pass(photo)?);
            go_on()?;
        }
        let assessment = self.assess(&passes);
        let classify_ms = milliseconds(start);
        let start = Instant::now();
        let mut heatmaps = Vec::new();
        if explain != Explain::Nothing && self.heatmap_state() == HeatmapState::Available {
            progress(AnalysisStep::Explaining);
            let probabilities: Vec<f64> =
                assessment.probabilities.iter().map(|class| class.probability).collect();
            let leading = gate::leading(&probabilities);
            let mut classes = vec![leading];
            if explain == Explain::Every {
                classes.extend((0..self.labels.len()).filter(|&class| class != leading));
            }
            for pass in &passes {
                let mut maps = Vec::with_capacity(classes.len());
                for &class in &classes {
                    maps.extend(self.heatmap(pass, class)?);
                    go_on()?;
                }
                heatmaps.push(maps);
            }
        }
        let explain_ms = milliseconds(start);
        let timings =
            Timings { classify_ms, explain_ms, total_ms: classify_ms + explain_ms, ..Timings::default() };
        let heatmap_state = self.heatmap_state();
        let embeddings = passes.into_iter().map(|pass| pass.embedding).collect();
        Ok(Reading { assessment, heatmaps, heatmap_state, embeddings, timings })
    }

    /// The direction of a photograph's features, by which it is compared with others; `None` where the network
    /// has no spatial map.
    ///
    /// # Errors
    /// [`VisionError::Inference`].
    pub fn embed(&self, photo: &Photograph) -> Result<Option<Embedding>, VisionError> {
        let forward = self.network.run(&prepare(photo, &self.card.input).values)?;
        Ok(self.network.features(&forward).and_then(|features| Embedding::of(&features.pooled())))
    }

    /// The heatmap of any class for one photograph; `None` where the model gives none.
    ///
    /// # Errors
    /// [`VisionError::UnknownClass`] for a code the card does not hold.
    pub fn explain(&self, photo: &Photograph, class: &str) -> Result<Option<Heatmap>, VisionError> {
        let index =
            self.labels.iter().position(|label| label.code == class).ok_or(VisionError::UnknownClass)?;
        self.heatmap(&self.pass(photo)?, index)
    }

    fn pass(&self, photo: &Photograph) -> Result<Pass, VisionError> {
        let input = prepare(photo, &self.card.input);
        let forward = self.network.run(&input.values)?;
        let logits: Vec<f64> = forward.logits.iter().map(|&v| f64::from(v)).collect();
        if logits.iter().any(|v| !v.is_finite()) {
            return Err(VisionError::Inference("a score is not finite".to_owned()));
        }
        let calibration = &self.card.calibration;
        let probabilities = gate::calibrate(&logits, calibration.bias.as_deref(), calibration.temperature);
        let features = self.network.features(&forward).map(|features| features.pooled());
        let novelty = match (&self.novelty, &self.card.ood, &features) {
            (Some(model), Some(spec), Some(features)) => Some(model.judge(features, spec.threshold)),
            _ => None,
        };
        let embedding = features.as_deref().and_then(Embedding::of);
        let photo = (photo.width, photo.height);
        Ok(Pass { forward, probabilities, embedding, novelty, area: input.area, photo })
    }

    fn assess(&self, passes: &[Pass]) -> Assessment {
        let count = passes.len() as f64;
        let probabilities: Vec<ClassProbability> = self
            .labels
            .iter()
            .enumerate()
            .map(|(index, label)| {
                let each = || passes.iter().map(|pass| pass.probabilities[index]);
                let (low, high) =
                    each().fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p), high.max(p)));
                ClassProbability {
                    label: label.clone(),
                    probability: each().sum::<f64>() / count,
                    spread: high - low,
                }
            })
            .collect();
        let values: Vec<f64> = probabilities.iter().map(|class| class.probability).collect();
        let novelty =
            passes.iter().filter_map(|pass| pass.novelty).min_by(|a, b| a.score.total_cmp(&b.score));
        let outside = novelty.is_some_and(|novelty| novelty.outside);
        let mut verdict = gate::judge(&values, &self.labels, &self.card.thresholds, outside);
        let withheld = |code: &String| self.not_named.contains(code);
        if withheld(&self.labels[verdict.leading].code) && verdict.gate != Gate::OutOfDistribution {
            verdict.gate = Gate::Inconclusive;
        }
        let named = matches!(verdict.gate, Gate::Uncertain | Gate::Confident);
        Assessment {
            malignant_sum: verdict.malignant_sum,
            gate: verdict.gate,
            label: named.then(|| self.labels[verdict.leading].clone()),
            band: verdict.band,
            urgency: verdict.band.urgency(),
            malignancy_override: verdict.malignancy_override,
            prediction_set: self
                .card
                .conformal
                .as_ref()
                .map(|conformal| gate::prediction_set(&values, &self.labels, conformal))
                // A set that names such a class must not be shown, and without it the coverage is not true.
                .filter(|set| !set.codes.iter().any(withheld)),
            novelty,
            advice: advise(verdict.gate, verdict.band),
            not_named: (!self.not_named.is_empty()).then(|| self.not_named.clone()),
            probabilities,
        }
    }

    fn heatmap(&self, pass: &Pass, class: usize) -> Result<Option<Heatmap>, VisionError> {
        let map = self.network.explain(&pass.forward, class)?;
        Ok(map.map(|map| Heatmap {
            width: map.width,
            height: map.height,
            values: map.values,
            class: self.labels[class].code.clone(),
            area: pass.area,
            photo: pass.photo,
        }))
    }
}

pub(crate) fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// SHA-256 as lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    let size = std::fs::metadata(path).map_err(|_| ModelError::Missing)?.len();
    if size > MAX_MODEL_BYTES {
        return Err(ModelError::Incompatible("file size"));
    }
    std::fs::read(path).map_err(|_| ModelError::Missing)
}
