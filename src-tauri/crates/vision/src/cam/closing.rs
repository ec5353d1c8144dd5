//! The function at the end of a network that makes probabilities of scores.

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::nn::{Sigmoid, Softmax, SoftmaxKind};

/// Where the scores are, and whether a closing function was taken off.
pub struct Closing {
    pub scores: OutletId,
    pub taken: bool,
}

/// Walks back over a closing softmax, or the sigmoid of a single value, and the reshapes around it.
pub fn before_closing(model: &TypedModel, output: OutletId) -> TractResult<Closing> {
    let single = model.outlet_fact(output)?.shape.volume().to_usize().is_ok_and(|values| values == 1);
    let mut at = output;
    loop {
        let node = model.node(at.node);
        let softmax = node.op_as::<Softmax>();
        let plain =
            softmax.is_some_and(|found| matches!(found.kind, SoftmaxKind::Softmax | SoftmaxKind::LogSoftmax));
        let sigmoid = node.op_as::<ElementWiseOp>().is_some_and(|found| found.0.is::<Sigmoid>());
        // The softmax of one value is 1, whatever it is.
        if (plain && !single) || (sigmoid && single) {
            return Ok(Closing { scores: node.inputs[0], taken: true });
        }
        if softmax.is_some() || sigmoid || !node.op_is::<AxisOp>() {
            return Ok(Closing { scores: output, taken: false });
        }
        at = node.inputs[0];
    }
}
