//! Gradients of pooling windows.

use tract_onnx::prelude::TVec;
use tract_onnx::tract_core::ops::cnn::{PaddingSpec, PoolSpec};

/// Sum, mean or maximum over windows without padding.
#[derive(Clone, Debug)]
pub struct Pool {
    kernel: [usize; 2],
    stride: [usize; 2],
    kind: PoolKind,
    channels_last: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolKind {
    Sum,
    Mean,
    Max,
}

/// Reads a pooling operator; `None` for padding or dilation.
pub fn pool(spec: &PoolSpec, kind: PoolKind) -> Option<Pool> {
    let none = |pads: &TVec<usize>| pads.iter().all(|&pad| pad == 0);
    let unpadded = match &spec.padding {
        PaddingSpec::Valid => true,
        PaddingSpec::Explicit(before, after) => none(before) && none(after),
        PaddingSpec::ExplicitOnnxPool(before, after, ceil) => none(before) && none(after) && !*ceil,
        _ => false,
    };
    let dense = spec.dilations.as_ref().is_none_or(|steps| steps.iter().all(|&step| step == 1));
    if !unpadded || !dense {
        return None;
    }
    Some(Pool {
        kernel: spec.kernel_shape.as_slice().try_into().ok()?,
        stride: spec.strides().as_ref().try_into().ok()?,
        kind,
        channels_last: spec.data_format.c_is_last(),
    })
}

impl Pool {
    /// The gradient of a window goes to all of its positions, to each its share of a mean, or to the
    /// first largest of them.
    pub fn backward(&self, input: &[f32], from: &[usize], to: &[usize], above: &[f32]) -> Vec<f32> {
        let (channel, row, column) = if self.channels_last { (2, 0, 1) } else { (0, 1, 2) };
        // A batch of one needs no axis.
        let (from, to) = (&from[from.len() - 3..], &to[to.len() - 3..]);
        let strides = |shape: &[usize]| [shape[1] * shape[2], shape[2], 1];
        let (step, out) = (strides(from), strides(to));
        let cells = (self.kernel[0] * self.kernel[1]) as f32;
        let mut gradient = vec![0.0; input.len()];
        for k in 0..from[channel] {
            for y in 0..to[row] {
                for x in 0..to[column] {
                    let g = above[k * out[channel] + y * out[row] + x * out[column]];
                    let (top, left) = (y * self.stride[0], x * self.stride[1]);
                    let window = (top..top + self.kernel[0]).flat_map(|y| {
                        (left..left + self.kernel[1])
                            .map(move |x| k * step[channel] + y * step[row] + x * step[column])
                    });
                    match self.kind {
                        PoolKind::Sum => window.for_each(|at| gradient[at] += g),
                        PoolKind::Mean => window.for_each(|at| gradient[at] += g / cells),
                        PoolKind::Max => {
                            let first = window.reduce(|a, b| if input[b] > input[a] { b } else { a });
                            first.into_iter().for_each(|at| gradient[at] += g);
                        }
                    }
                }
            }
        }
        gradient
    }
}
