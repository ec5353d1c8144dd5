//! The head of a network as a tape: what comes after the last spatial map, forward and backward.

use super::gradient::{self, Rule};
use std::sync::Arc;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

/// Where an operand comes from.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A value on the tape; slot 0 is the spatial map.
    Slot(usize),
    Constant(Arc<Tensor>),
}

#[derive(Clone, Debug)]
struct Step {
    op: Box<dyn TypedOp>,
    rule: Rule,
    operands: Vec<Operand>,
}

/// The operators between the spatial map and the scores, in order.
#[derive(Clone, Debug)]
pub struct Head {
    steps: Vec<Step>,
}

/// Why a head cannot be followed backwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// Positions attend to each other: there is no map that the score depends on place by place.
    Attention,
    /// An operator whose gradient is not known here.
    Operator(String),
}

/// Values of one forward run; `values[0]` is the map and the last one holds the scores.
#[derive(Clone, Debug)]
pub struct Tape {
    values: Vec<Arc<Tensor>>,
}

impl Head {
    /// Takes the operators between `map` and `scores` out of a decluttered model. `order` is the
    /// evaluation order of the model's nodes.
    pub fn extract(
        model: &TypedModel,
        order: &[usize],
        map: OutletId,
        scores: OutletId,
    ) -> Result<Self, HeadError> {
        let mut slots: HashMap<OutletId, usize> = HashMap::from([(map, 0)]);
        let mut steps = Vec::new();
        for &id in order {
            let node = model.node(id);
            if !node.inputs.iter().any(|input| slots.contains_key(input)) {
                continue;
            }
            let facts =
                model.node_input_facts(id).map_err(|_| HeadError::Operator(node.op.name().into_owned()))?;
            let mut operands = Vec::new();
            for (input, fact) in node.inputs.iter().zip(facts) {
                operands.push(match (slots.get(input), &fact.konst) {
                    (Some(slot), _) => Operand::Slot(*slot),
                    (None, Some(constant)) => Operand::Constant(constant.clone()),
                    (None, None) => {
                        return Err(HeadError::Operator(format!("input of {}", node.op.name())));
                    }
                });
            }
            let rule = gradient::rule(node.op.as_ref(), &operands)?;
            slots.insert(OutletId::new(id, 0), steps.len() + 1);
            steps.push(Step { op: node.op.clone(), rule, operands });
            if id == scores.node {
                break;
            }
        }
        Ok(Self { steps })
    }

    /// Runs the head on a map and keeps every value.
    pub fn run(&self, map: Arc<Tensor>) -> TractResult<Tape> {
        let mut tape = Tape { values: vec![map] };
        for step in &self.steps {
            let inputs: TVec<Arc<Tensor>> =
                step.operands.iter().map(|operand| tape.operand(operand).clone()).collect();
            let value = match step.rule.forward(&inputs)? {
                Some(value) => value,
                None => step
                    .op
                    .eval_out_of_plan(inputs.into_iter().map(IntoTValue::into_tvalue).collect())?
                    .and_then(|mut outputs| outputs.pop())
                    .map(IntoArcTensor::into_arc_tensor)
                    .with_context(|| format!("{} gave no value", step.op.name()))?,
            };
            tape.values.push(value);
        }
        Ok(tape)
    }

    /// Gradient of one score with respect to the map, in the map's layout.
    pub fn gradient(&self, tape: &Tape, class: usize) -> TractResult<Vec<f32>> {
        let mut gradients: Vec<Option<Vec<f32>>> = vec![None; tape.values.len()];
        let last = tape.values.len() - 1;
        let mut seed = vec![0.0; tape.values[last].len()];
        *seed.get_mut(class).context("no such class")? = 1.0;
        gradients[last] = Some(seed);
        for (index, step) in self.steps.iter().enumerate().rev() {
            let Some(above) = gradients[index + 1].take() else {
                continue;
            };
            let inputs: Vec<&Tensor> =
                step.operands.iter().map(|operand| tape.operand(operand).as_ref()).collect();
            for (position, operand) in step.operands.iter().enumerate() {
                let Operand::Slot(slot) = operand else {
                    continue;
                };
                let part = step.rule.backward(&inputs, &tape.values[index + 1], &above, position)?;
                match &mut gradients[*slot] {
                    Some(sum) => sum.iter_mut().zip(&part).for_each(|(s, p)| *s += p),
                    empty => *empty = Some(part),
                }
            }
        }
        Ok(gradients[0].take().unwrap_or_else(|| vec![0.0; tape.values[0].len()]))
    }
}

impl Tape {
    /// The raw scores, one for each class.
    pub fn scores(&self) -> TractResult<Vec<f32>> {
        let last = &self.values[self.values.len() - 1];
        Ok(last.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
    }

    pub fn map(&self) -> &Arc<Tensor> {
        &self.values[0]
    }

    fn operand<'a>(&'a self, operand: &'a Operand) -> &'a Arc<Tensor> {
        match operand {
            Operand::Slot(slot) => &self.values[*slot],
            Operand::Constant(constant) => constant,
        }
    }
}
