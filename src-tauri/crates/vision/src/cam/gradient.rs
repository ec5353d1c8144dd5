//! Vector-Jacobian products of the operators found in classifier heads.
//!
//! Each rule maps the gradient of the loss with respect to an operator's output to the gradient with
//! respect to one of its inputs. All tensors are 32-bit floats.

use super::contract::{Axis, contract};
use super::head::{HeadError, Operand};
use super::pointwise::{Binary, Unary, binary, unary};
use super::pool::{Pool, PoolKind, pool};
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::array::{Gather, MultiBroadcastTo};
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cast::Cast;
use tract_onnx::tract_core::ops::cnn::{MaxPool, SumPool};
use tract_onnx::tract_core::ops::einsum::EinSum;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::identity::Identity;
use tract_onnx::tract_core::ops::nn::{Reduce, Reducer, RmsNorm, Softmax};

#[derive(Clone, Debug)]
pub enum Rule {
    Identity,
    Axis(Box<AxisOp>),
    Broadcast,
    Reduce(Reducer),
    Binary(Binary),
    Unary(Unary),
    Product(Box<AxesMapping>),
    Pool(Pool),
    /// Picks positions along an axis by constant indices.
    Gather {
        axis: usize,
    },
    RmsNorm {
        axis: usize,
        epsilon: f32,
    },
}

/// Finds the rule of an operator.
pub fn rule(op: &dyn TypedOp, operands: &[Operand]) -> Result<Rule, HeadError> {
    let unknown = || Err(HeadError::Operator(op.name().into_owned()));
    let on_tape = operands.iter().filter(|operand| matches!(operand, Operand::Slot(_))).count();
    if op.is::<Softmax>() {
        return Err(HeadError::Attention);
    }
    if let Some(op) = op.downcast_ref::<EinSum>() {
        if on_tape > 1 {
            return Err(HeadError::Attention);
        }
        let plain = op.q_params.is_none()
            && operands.len() == 2
            && op
                .axes
                .iter_all_axes()
                .all(|axis| axis.inputs.iter().chain(&axis.outputs).all(|positions| positions.len() <= 1));
        return if plain { Ok(Rule::Product(Box::new(op.axes.clone()))) } else { unknown() };
    }
    if op.is::<Identity>() {
        return Ok(Rule::Identity);
    }
    if let Some(op) = op.downcast_ref::<Cast>() {
        return if op.to == f32::datum_type() { Ok(Rule::Identity) } else { unknown() };
    }
    if let Some(op) = op.downcast_ref::<AxisOp>() {
        return Ok(Rule::Axis(Box::new(op.clone())));
    }
    if op.is::<MultiBroadcastTo>() {
        return Ok(Rule::Broadcast);
    }
    if let Some(op) = op.downcast_ref::<Reduce>() {
        return match op.reducer {
            Reducer::Sum | Reducer::Max | Reducer::Min | Reducer::MeanOfSquares => {
                Ok(Rule::Reduce(op.reducer))
            }
            _ => unknown(),
        };
    }
    if let Some(op) = op.downcast_ref::<Gather>() {
        let constant = matches!(operands, [Operand::Slot(_), Operand::Constant(_)]);
        return if constant { Ok(Rule::Gather { axis: op.axis }) } else { unknown() };
    }
    if let Some(op) = op.downcast_ref::<SumPool>() {
        let kind = if op.normalize { PoolKind::Mean } else { PoolKind::Sum };
        return pool(&op.pool_spec, kind).map_or_else(unknown, |pool| Ok(Rule::Pool(pool)));
    }
    if let Some(op) = op.downcast_ref::<MaxPool>().filter(|op| op.with_index_outputs.is_none()) {
        return pool(&op.pool_spec, PoolKind::Max).map_or_else(unknown, |p| Ok(Rule::Pool(p)));
    }
    if let Some(op) = op.downcast_ref::<RmsNorm>() {
        return match op.eps.cast_to_scalar::<f32>() {
            Ok(epsilon) => Ok(Rule::RmsNorm { axis: op.axis, epsilon }),
            Err(_) => unknown(),
        };
    }
    if let Some(op) = op.downcast_ref::<TypedBinOp>() {
        return binary(op).map_or_else(unknown, |binary| Ok(Rule::Binary(binary)));
    }
    if let Some(op) = op.downcast_ref::<ElementWiseOp>() {
        return unary(op).map_or_else(unknown, |unary| Ok(Rule::Unary(unary)));
    }
    unknown()
}

impl Rule {
    /// The value, for the operators that are computed here rather than by tract.
    pub fn forward(&self, inputs: &[Arc<Tensor>]) -> TractResult<Option<Arc<Tensor>>> {
        let Self::Product(mapping) = self else {
            return Ok(None);
        };
        let (a, b) = (&inputs[0], &inputs[1]);
        let shape = product_shape(mapping, a.shape(), b.shape());
        let axes = product_axes(mapping, a.shape(), b.shape(), &shape);
        let mut out = vec![0.0; shape.iter().product()];
        contract(&axes, floats(a)?, floats(b)?, &mut out);
        Ok(Some(Tensor::from_shape(&shape, &out)?.into_arc_tensor()))
    }

    /// Gradient for the input at `position`; `above` is the gradient of the output.
    pub fn backward(
        &self,
        inputs: &[&Tensor],
        output: &Tensor,
        above: &[f32],
        position: usize,
    ) -> TractResult<Vec<f32>> {
        let input = inputs[position];
        match self {
            Self::Identity => Ok(above.to_vec()),
            Self::Axis(op) => {
                let mut tensor = Tensor::from_shape(output.shape(), above)?;
                op.recip().change_tensor(&mut tensor, false)?;
                Ok(floats(&tensor)?.to_vec())
            }
            Self::Broadcast => Ok(gather(input.shape(), output.shape(), |_, o| above[o])),
            Self::Reduce(reducer) => reduce(*reducer, input, output, above),
            Self::Binary(op) => {
                let (a, b) = (floats(inputs[0])?, floats(inputs[1])?);
                let derivative = |x: usize, y: usize| op.derivative(a[x], b[y], position);
                let (shape_a, shape_b) = (inputs[0].shape(), inputs[1].shape());
                let (map_a, map_b) = (offsets(shape_a, output.shape()), offsets(shape_b, output.shape()));
                let target = if position == 0 { &map_a } else { &map_b };
                let mut gradient = vec![0.0; input.len()];
                for (index, above) in above.iter().enumerate() {
                    gradient[target[index]] += above * derivative(map_a[index], map_b[index]);
                }
                Ok(gradient)
            }
            Self::Unary(op) => Ok(floats(input)?
                .iter()
                .zip(floats(output)?)
                .zip(above)
                .map(|((&x, &y), g)| g * op.derivative(x, y))
                .collect()),
            Self::Product(mapping) => {
                let (a, b) = (inputs[0], inputs[1]);
                let axes = product_axes(mapping, a.shape(), b.shape(), output.shape());
                let mut gradient = vec![0.0; input.len()];
                if position == 0 {
                    let axes: Vec<Axis> = axes.iter().map(|x| Axis { a: x.out, out: x.a, ..*x }).collect();
                    contract(&axes, above, floats(b)?, &mut gradient);
                } else {
                    let axes: Vec<Axis> = axes.iter().map(|x| Axis { b: x.out, out: x.b, ..*x }).collect();
                    contract(&axes, floats(a)?, above, &mut gradient);
                }
                Ok(gradient)
            }
            Self::Pool(pool) => Ok(pool.backward(floats(input)?, input.shape(), output.shape(), above)),
            Self::Gather { axis } => scatter(input.shape(), *axis, inputs[1], above),
            Self::RmsNorm { axis, epsilon } => rms_norm(input, above, *axis, *epsilon),
        }
    }
}

fn reduce(reducer: Reducer, input: &Tensor, output: &Tensor, above: &[f32]) -> TractResult<Vec<f32>> {
    let (x, y) = (floats(input)?, floats(output)?);
    let to_output = offsets(output.shape(), input.shape());
    let share = y.len() as f32 / x.len() as f32;
    // One winner a group takes the whole gradient of a maximum, as in autograd.
    let mut taken = vec![false; y.len()];
    let mut winner = |o: usize, x: f32, y: f32| {
        if x != y || taken[o] {
            return 0.0;
        }
        taken[o] = true;
        1.0
    };
    Ok(to_output
        .iter()
        .zip(x)
        .map(|(&o, &x)| {
            above[o]
                * match reducer {
                    Reducer::Sum => 1.0,
                    Reducer::MeanOfSquares => 2.0 * x * share,
                    _ => winner(o, x, y[o]),
                }
        })
        .collect())
}

/// `y = x r` with `r = (mean x² + ε)^-1/2` along an axis, so `dx = r g - x r³ mean(g x)`.
fn rms_norm(input: &Tensor, above: &[f32], axis: usize, epsilon: f32) -> TractResult<Vec<f32>> {
    let x = floats(input)?;
    let shape = input.shape();
    let length = shape[axis];
    let stride: usize = shape[axis + 1..].iter().product();
    let mut gradient = vec![0.0; x.len()];
    for start in (0..x.len()).filter(|i| (i / stride).is_multiple_of(length)) {
        let along = || (0..length).map(|k| start + k * stride);
        let squares: f32 = along().map(|i| x[i] * x[i]).sum();
        let r = (squares / length as f32 + epsilon).powf(-0.5);
        let mixed: f32 = along().map(|i| above[i] * x[i]).sum::<f32>() / length as f32;
        for i in along() {
            gradient[i] = r * above[i] - x[i] * r.powi(3) * mixed;
        }
    }
    Ok(gradient)
}

/// Adds what was picked back to where it came from; negative indices count from the end.
fn scatter(shape: &[usize], axis: usize, indices: &Tensor, above: &[f32]) -> TractResult<Vec<f32>> {
    let indices = indices.cast_to::<i64>()?;
    let indices = indices.try_as_plain_ram()?.as_slice::<i64>()?;
    let length = shape[axis];
    let block: usize = shape[axis + 1..].iter().product();
    let mut gradient = vec![0.0; shape.iter().product()];
    for (outer, part) in above.chunks_exact(indices.len() * block).enumerate() {
        for (&index, values) in indices.iter().zip(part.chunks_exact(block)) {
            let index = index.rem_euclid(length as i64) as usize;
            let start = (outer * length + index) * block;
            for (sum, value) in gradient[start..start + block].iter_mut().zip(values) {
                *sum += value;
            }
        }
    }
    Ok(gradient)
}

fn floats(tensor: &Tensor) -> TractResult<&[f32]> {
    tensor.try_as_plain_ram()?.as_slice::<f32>()
}

/// For every position of `whole` the offset in a tensor of `shape` that is broadcast to it.
fn offsets(shape: &[usize], whole: &[usize]) -> Vec<usize> {
    let mut out = vec![0];
    let mut stride: usize = shape.iter().product();
    for (&dim, &target) in shape.iter().zip(whole) {
        stride /= dim.max(1);
        let step = if dim == 1 { 0 } else { stride };
        out = out.iter().flat_map(|base| (0..target).map(move |i| base + i * step)).collect();
    }
    out
}

/// Sums `value(index in shape, index in whole)` into a tensor of `shape`.
fn gather(shape: &[usize], whole: &[usize], value: impl Fn(usize, usize) -> f32) -> Vec<f32> {
    // Broadcasting aligns the last axes.
    let padded: Vec<usize> =
        std::iter::repeat_n(1, whole.len() - shape.len()).chain(shape.iter().copied()).collect();
    let mut out = vec![0.0; shape.iter().product()];
    for (index, target) in offsets(&padded, whole).into_iter().enumerate() {
        out[target] += value(target, index);
    }
    out
}

fn product_shape(mapping: &AxesMapping, a: &[usize], b: &[usize]) -> Vec<usize> {
    let rank = mapping.iter_all_axes().map(|axis| axis.outputs[0].len()).sum();
    let mut shape = vec![1; rank];
    for axis in mapping.iter_all_axes() {
        if let Some(&position) = axis.outputs[0].first() {
            shape[position] = dimension(axis, a, b);
        }
    }
    shape
}

fn dimension(axis: &tract_onnx::tract_core::internal::Axis, a: &[usize], b: &[usize]) -> usize {
    let of = |positions: &TVec<usize>, shape: &[usize]| positions.first().map_or(1, |&p| shape[p]);
    of(&axis.inputs[0], a).max(of(&axis.inputs[1], b))
}

fn product_axes(mapping: &AxesMapping, a: &[usize], b: &[usize], out: &[usize]) -> Vec<Axis> {
    let stride = |positions: &TVec<usize>, shape: &[usize]| {
        positions.first().map_or(0, |&p| if shape[p] == 1 { 0 } else { shape[p + 1..].iter().product() })
    };
    mapping
        .iter_all_axes()
        .map(|axis| Axis {
            dim: dimension(axis, a, b),
            a: stride(&axis.inputs[0], a),
            b: stride(&axis.inputs[1], b),
            out: stride(&axis.outputs[0], out),
        })
        .collect()
}
