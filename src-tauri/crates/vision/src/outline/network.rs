//! An outline network in tract.

use super::refine::Field;
use super::{OutlineCard, OutlineError};
use crate::cam::upscale;
use crate::card::{InputSpec, OutputKind};
use crate::classifier::ModelError;
use crate::decode::Photograph;
use crate::preprocess::{Prepared, prepare};
use crate::resize::with_long_side;
use std::sync::Arc;
use tract_onnx::prelude::*;

/// Longest side at which a learned outline is refined.
const SIDE: u32 = 512;
/// A probability is kept this far from 0 and 1 before its logit is taken.
const EDGE: f32 = 1e-6;

pub struct OutlineNetwork {
    plan: Arc<TypedRunnableModel>,
    shape: [usize; 4],
    /// Columns and rows of the output.
    map: (usize, usize),
    kind: OutputKind,
}

impl OutlineNetwork {
    /// The output has one value a cell: `[1, 1, h, w]`, with or without its axes of length 1.
    pub fn load(onnx: &[u8], card: &OutlineCard) -> Result<Self, ModelError> {
        let shape = Prepared::shape(&card.input);
        let (plan, sides) =
            plan(onnx, shape, &card.output.name).map_err(|e| ModelError::Broken(format!("{e:#}")))?;
        match sides[..] {
            [height, width] => Ok(Self { plan, shape, map: (width, height), kind: card.output.kind }),
            _ => Err(ModelError::Incompatible("the output must be one map")),
        }
    }

    /// Logits over the photograph at working size; what the input does not show is no lesion.
    pub fn field(&self, photo: &Photograph, input: &InputSpec) -> Result<Field, OutlineError> {
        let prepared = prepare(photo, input);
        let cells = self.run(&prepared.values).map_err(|e| OutlineError::Inference(format!("{e:#}")))?;
        if cells.len() != self.map.0 * self.map.1 || cells.iter().any(|v| !v.is_finite()) {
            return Err(OutlineError::Inference("the map is not finite".to_owned()));
        }
        let (width, height) = with_long_side(photo.width, photo.height, SIDE);
        let scaled = |length: u32, to: u32, from: u32| {
            (f64::from(length) * f64::from(to) / f64::from(from)).round() as usize
        };
        let area = prepared.area;
        let (left, top) = (scaled(area.left, width, photo.width), scaled(area.top, height, photo.height));
        let right = scaled(area.left + area.width, width, photo.width).max(left + 1);
        let bottom = scaled(area.top + area.height, height, photo.height).max(top + 1);
        let part = upscale(&cells, self.map, (right - left, bottom - top));
        let mut field = Field::new(width as usize, height as usize, f32::NEG_INFINITY);
        for (y, row) in part.chunks_exact(right - left).enumerate() {
            let start = (top + y) * field.width + left;
            field.values[start..start + row.len()].copy_from_slice(row);
        }
        Ok(field)
    }

    fn run(&self, input: &[f32]) -> TractResult<Vec<f32>> {
        let input = Tensor::from_shape(&self.shape, input)?;
        let outputs = self.plan.run(tvec!(input.into_tvalue()))?;
        let mut cells = outputs[0].try_as_plain_ram()?.as_slice::<f32>()?.to_vec();
        if self.kind == OutputKind::Probabilities {
            for p in &mut cells {
                let inner = p.clamp(EDGE, 1.0 - EDGE);
                *p = (inner / (1.0 - inner)).ln();
            }
        }
        Ok(cells)
    }
}

/// The runnable model and the sides of its output that are longer than 1.
fn plan(onnx: &[u8], shape: [usize; 4], output: &str) -> TractResult<(Arc<TypedRunnableModel>, Vec<usize>)> {
    // As with the classifier's network.
    let model = tract_onnx::onnx()
        .with_ignore_value_info(true)
        .model_for_read(&mut std::io::Cursor::new(onnx))?
        .with_outputs_by_name([output])?
        .with_input_fact(0, f32::fact(shape).into())?
        .into_optimized()?;
    let fact = model.output_fact(0)?;
    let sides =
        fact.shape.as_concrete().unwrap_or_default().iter().copied().filter(|&side| side > 1).collect();
    Ok((model.into_runnable()?, sides))
}
