//! A network split at its last spatial map.

use super::closing::{Closing, before_closing};
use super::head::{Head, HeadError, Tape};
use super::{EvidenceMap, evidence};
use domain::analysis::HeatmapState;
use std::sync::Arc;
use thiserror::Error;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::nn::Reduce;

/// The network cannot be loaded or did not run. The text is for the log.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct NetworkError(String);

impl From<TractError> for NetworkError {
    fn from(error: TractError) -> Self {
        Self(format!("{error:#}"))
    }
}

/// The last spatial map of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    pub channels: usize,
    pub width: usize,
    pub height: usize,
    /// `[height, width, channels]` instead of `[channels, height, width]`.
    pub channels_last: bool,
    pub values: Vec<f32>,
}

impl Features {
    /// Index of a channel at a cell, cells counted row by row.
    pub(super) const fn at(&self, channel: usize, cell: usize) -> usize {
        if self.channels_last {
            cell * self.channels + channel
        } else {
            channel * self.width * self.height + cell
        }
    }

    /// Spatial mean of each channel.
    #[must_use]
    pub fn pooled(&self) -> Vec<f32> {
        let cells = self.width * self.height;
        (0..self.channels)
            .map(|k| (0..cells).map(|cell| self.values[self.at(k, cell)]).sum::<f32>() / cells as f32)
            .collect()
    }
}

/// What one run leaves behind.
#[derive(Clone, Debug)]
pub struct Forward {
    /// Class scores before any softmax, in label order.
    pub logits: Vec<f32>,
    tape: Option<Tape>,
}

enum Body {
    /// Trunk and head, where the head can be followed backwards.
    Split {
        trunk: Arc<TypedRunnableModel>,
        head: Head,
        layout: MapLayout,
    },
    Whole {
        plan: Arc<TypedRunnableModel>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MapLayout {
    channels: usize,
    width: usize,
    height: usize,
    channels_last: bool,
}

/// A classifier network ready to run from several threads.
pub struct Network {
    body: Body,
    state: HeatmapState,
    note: String,
    /// Values that the network gives: one speaks for the second of two classes.
    outputs: usize,
    /// The values are probabilities without a closing function that could be taken off.
    logarithm: bool,
    shape: [usize; 4],
}

impl Network {
    /// Loads an ONNX file for inputs of `shape`.
    ///
    /// `output` names the tensor of class scores; a softmax at its end, or the sigmoid of a single value, is
    /// taken off, because Grad-CAM and calibration speak of the scores before it. A single value is the score
    /// of the second of two classes. `probabilities` says that the output holds probabilities however they
    /// were made. `layer` names the tensor to explain where it is not the
    /// last spatial map.
    ///
    /// # Errors
    /// [`NetworkError`] when the file is no network of this shape or names are not in it.
    pub fn load(
        onnx: &[u8],
        shape: [usize; 4],
        output: &str,
        probabilities: bool,
        layer: Option<&str>,
    ) -> Result<Self, NetworkError> {
        // What the file says of values in between is left unread: PyTorch's newer exporter names an open batch there,
        // which is not the one picture that is asked for here.
        let model = tract_onnx::onnx()
            .with_ignore_value_info(true)
            .model_for_read(&mut std::io::Cursor::new(onnx))?;
        let names: Vec<&str> = std::iter::once(output).chain(layer).collect();
        let model = model
            .with_outputs_by_name(names)?
            .with_input_fact(0, f32::fact(shape).into())?
            .into_typed()?
            .into_decluttered()?;
        let Closing { scores, taken } = before_closing(&model, model.output_outlets()?[0])?;
        let outputs = model.outlet_fact(scores)?.shape.volume().to_usize().map_err(TractError::from)?;
        let wanted = layer.map(|_| model.output_outlets().map(|o| o[1])).transpose()?;
        let logarithm = probabilities && !taken;
        // The gradient of a probability is not that of a score: such a network gets no heatmap.
        let split = if logarithm {
            Err((HeatmapState::UnsupportedHead, "probabilities without a softmax".to_owned()))
        } else {
            split(&model, scores, wanted)?
        };
        let (body, state, note) = match split {
            Ok((trunk, head, layout, note)) => {
                (Body::Split { trunk, head, layout }, HeatmapState::Available, note)
            }
            Err((state, note)) => {
                let plan = plan(&model, scores)?;
                (Body::Whole { plan }, state, note)
            }
        };
        Ok(Self { body, state, note, outputs, logarithm, shape })
    }

    /// Number of classes.
    #[must_use]
    pub const fn classes(&self) -> usize {
        if self.outputs == 1 { 2 } else { self.outputs }
    }

    /// Whether the values are taken for probabilities only because the card says so.
    #[must_use]
    pub const fn trusts_probabilities(&self) -> bool {
        self.logarithm
    }

    /// Whether heatmaps can be made, and if not, why.
    #[must_use]
    pub const fn heatmap_state(&self) -> HeatmapState {
        self.state
    }

    /// Where the network was split, or the operator that stood in the way. For the log.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Number of channels of the last spatial map; `None` where the network has none.
    #[must_use]
    pub const fn features_size(&self) -> Option<usize> {
        match &self.body {
            Body::Split { layout, .. } => Some(layout.channels),
            Body::Whole { .. } => None,
        }
    }

    /// Runs the network on one input of the shape it was loaded for.
    ///
    /// # Errors
    /// [`NetworkError`] when an operator fails or the input has another length.
    pub fn run(&self, input: &[f32]) -> Result<Forward, NetworkError> {
        let input = Tensor::from_shape(&self.shape, input)?;
        match &self.body {
            Body::Split { trunk, head, .. } => {
                let map = first(trunk.run(tvec!(input.into_tvalue()))?)?;
                let tape = head.run(map)?;
                Ok(Forward { logits: self.logits(tape.scores()?), tape: Some(tape) })
            }
            Body::Whole { plan } => {
                let scores = first(plan.run(tvec!(input.into_tvalue()))?)?;
                let scores = scores.try_as_plain_ram()?.as_slice::<f32>()?.to_vec();
                Ok(Forward { logits: self.logits(scores), tape: None })
            }
        }
    }

    /// One score a class. The first of two classes that share a value stands at 0: the softmax of both is
    /// then the sigmoid of the value.
    fn logits(&self, scores: Vec<f32>) -> Vec<f32> {
        let logarithm = |p: f32| if p.is_nan() { p } else { p.max(1e-12).ln() };
        match (scores.as_slice(), self.logarithm) {
            ([p], true) => vec![logarithm(1.0 - p), logarithm(*p)],
            ([score], false) => vec![0.0, *score],
            (_, true) => scores.into_iter().map(logarithm).collect(),
            (_, false) => scores,
        }
    }

    /// The last spatial map of a run; `None` where the network has none.
    #[must_use]
    pub fn features(&self, forward: &Forward) -> Option<Features> {
        let (Body::Split { layout, .. }, Some(tape)) = (&self.body, &forward.tape) else {
            return None;
        };
        let values = tape.map().try_as_plain_ram().ok()?.as_slice::<f32>().ok()?.to_vec();
        let MapLayout { channels, width, height, channels_last } = *layout;
        Some(Features { channels, width, height, channels_last, values })
    }

    /// Grad-CAM for any class of a run; `Ok(None)` where the network gives no heatmap.
    ///
    /// # Errors
    /// [`NetworkError`] when `class` is not below [`Self::classes`].
    pub fn explain(&self, forward: &Forward, class: usize) -> Result<Option<EvidenceMap>, NetworkError> {
        let (Body::Split { head, .. }, Some(tape)) = (&self.body, &forward.tape) else {
            return Ok(None);
        };
        let mut gradient = match (self.outputs, class) {
            (1, 0 | 1) => head.gradient(tape, 0)?,
            _ => head.gradient(tape, class)?,
        };
        // What speaks against the one of two classes speaks for the other.
        if self.outputs == 1 && class == 0 {
            gradient.iter_mut().for_each(|value| *value = -*value);
        }
        Ok(self.features(forward).map(|features| evidence(&features, &gradient)))
    }
}

fn first(mut outputs: TVec<TValue>) -> Result<Arc<Tensor>, NetworkError> {
    if outputs.is_empty() {
        return Err(NetworkError("the network gave no output".to_owned()));
    }
    Ok(outputs.remove(0).into_arc_tensor())
}

fn plan(model: &TypedModel, output: OutletId) -> TractResult<Arc<TypedRunnableModel>> {
    let mut part = model.clone();
    part.select_output_outlets(&[output])?;
    part.into_optimized()?.into_runnable()
}

type Parts = (Arc<TypedRunnableModel>, Head, MapLayout, String);

/// Splits the model at the wanted tensor or at its last spatial map.
fn split(
    model: &TypedModel,
    scores: OutletId,
    wanted: Option<OutletId>,
) -> Result<Result<Parts, (HeatmapState, String)>, NetworkError> {
    let mut pruned = model.clone();
    pruned.select_output_outlets(&[scores])?;
    let order = pruned.eval_order()?;
    let cuts = cuts(&pruned, &order, scores)?;
    let map = match wanted {
        Some(layer) => Some(on_the_way(model, layer, &cuts).ok_or_else(|| {
            NetworkError("the scores do not depend on the feature layer of the card alone".to_owned())
        })?),
        None => cuts
            .into_iter()
            .rev()
            .find(|outlet| model.outlet_fact(*outlet).is_ok_and(|fact| map_shape(fact).is_some())),
    };
    let Some(map) = map else {
        return Ok(Err((HeatmapState::NoSpatialMap, "no spatial map".to_owned())));
    };
    let Some(layout) = layout(model, map)? else {
        return Ok(Err((HeatmapState::NoSpatialMap, "the feature layer is no map".to_owned())));
    };
    match Head::extract(model, &order, map, scores) {
        Ok(head) => {
            let note = format!("split at {}", model.node(map.node).name);
            Ok(Ok((plan(model, map)?, head, layout, note)))
        }
        Err(HeadError::Attention) => {
            Ok(Err((HeatmapState::NoSpatialMap, "attention behind the last map".to_owned())))
        }
        Err(HeadError::Operator(name)) => {
            Ok(Err((HeatmapState::UnsupportedHead, format!("operator {name}"))))
        }
    }
}

/// A named layer is kept as an output of its own, perhaps behind a change of axes; what the scores
/// depend on is then the tensor before it.
fn on_the_way(model: &TypedModel, layer: OutletId, cuts: &[OutletId]) -> Option<OutletId> {
    let mut at = layer;
    while !cuts.contains(&at) {
        let node = model.node(at.node);
        if !node.op_is::<AxisOp>() {
            return None;
        }
        at = node.inputs[0];
    }
    Some(at)
}

/// Outlets that everything from the input to the scores passes through, in evaluation order.
fn cuts(model: &TypedModel, order: &[usize], scores: OutletId) -> TractResult<Vec<OutletId>> {
    let mut varies = vec![false; model.nodes().len()];
    let mut last_use: HashMap<OutletId, usize> = HashMap::new();
    for input in model.input_outlets()? {
        varies[input.node] = true;
    }
    for (place, &id) in order.iter().enumerate() {
        for input in &model.node(id).inputs {
            varies[id] |= varies[input.node];
            last_use.insert(*input, place);
        }
    }
    last_use.insert(scores, order.len());
    let mut open_until = 0;
    let mut found = Vec::new();
    for (place, &id) in order.iter().enumerate() {
        if !varies[id] {
            continue;
        }
        if open_until <= place && model.node(id).outputs.len() == 1 {
            found.push(OutletId::new(id, 0));
        }
        for slot in 0..model.node(id).outputs.len() {
            let until = last_use.get(&OutletId::new(id, slot)).copied().unwrap_or(0);
            open_until = open_until.max(until);
        }
    }
    Ok(found)
}

/// A map has one batch at most, and three axes longer than 1: channels, rows, columns. The optimiser
/// may have taken the batch axis away.
fn map_shape(fact: &TypedFact) -> Option<[usize; 3]> {
    let shape = match fact.shape.as_concrete()? {
        &[1, a, b, c] | &[a, b, c] => [a, b, c],
        _ => return None,
    };
    let is_map = fact.datum_type == f32::datum_type() && shape.iter().all(|&dim| dim > 1);
    is_map.then_some(shape)
}

/// Which axes of the map are space: those the head averages, or else those of the usual layouts.
fn layout(model: &TypedModel, map: OutletId) -> TractResult<Option<MapLayout>> {
    let fact = model.outlet_fact(map)?;
    let Some([a, b, c]) = map_shape(fact) else {
        return Ok(None);
    };
    let batch = fact.rank() - 3;
    let averaged: Option<bool> = model.node(map.node).outputs[map.slot]
        .successors
        .iter()
        .filter_map(|inlet| model.node(inlet.node).op_as::<Reduce>())
        .find_map(|reduce| match reduce.axes.as_slice() {
            [rows, columns] if (*rows, *columns) == (batch, batch + 1) => Some(true),
            [rows, columns] if (*rows, *columns) == (batch + 1, batch + 2) => Some(false),
            _ => None,
        });
    let channels_last = averaged.unwrap_or(a == b && b != c);
    let (height, width, channels) = if channels_last { (a, b, c) } else { (b, c, a) };
    Ok(Some(MapLayout { channels, width, height, channels_last }))
}
