//! Where the classifier's time goes: milliseconds by kind of operator in tract's optimised plan.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{EvalContext, OpState};
use vision::Classifier;
use vision::preprocess::Prepared;

use super::named;
use crate::figure::{Figure, median};

const RUNS: usize = 15;
/// The costliest kinds, each beside the time of all.
const SHOWN: usize = 3;

pub fn figures(models: &Path, classifier: &Classifier) -> Vec<Figure> {
    let times = profile(models, classifier).expect("the shipped model runs");
    let mut kinds: Vec<(String, f64)> =
        times.into_iter().map(|(kind, times)| (kind, median(times))).collect();
    kinds.sort_by(|a, b| b.1.total_cmp(&a.1));
    let all = kinds.iter().map(|(_, time)| time).sum();
    kinds
        .into_iter()
        .take(SHOWN)
        .map(|(kind, value)| Figure {
            name: named("operator", &kind),
            value,
            unit: "ms",
            peer: Some(("all operators", all)),
            target: None,
        })
        .collect()
}

/// For each kind of operator its milliseconds in every run.
fn profile(models: &Path, classifier: &Classifier) -> TractResult<HashMap<String, Vec<f64>>> {
    let card = classifier.card();
    let shape = Prepared::shape(&card.input);
    let plan = tract_onnx::onnx()
        .model_for_path(models.join(&card.file))?
        .with_input_fact(0, f32::fact(shape).into())?
        .into_optimized()?
        .into_runnable()?;
    let input = Tensor::zero::<f32>(&shape)?;
    let mut state = plan.spawn()?;
    let mut times: HashMap<String, Vec<f64>> = HashMap::new();
    for _ in 0..RUNS {
        let mut run: HashMap<String, f64> = HashMap::new();
        state.run_plan_with_eval(
            tvec!(input.clone().into_tvalue()),
            |context: &EvalContext<'_>, state: Option<&mut dyn OpState>, node: &TypedNode, inputs| {
                let start = Instant::now();
                let outputs = match state {
                    Some(state) => state.eval(context, node.op(), inputs),
                    None => node.op().eval(context, inputs),
                };
                *run.entry(node.op().name().into_owned()).or_default() += start.elapsed().as_secs_f64() * 1e3;
                outputs
            },
        )?;
        for (kind, time) in run {
            times.entry(kind).or_default().push(time);
        }
    }
    Ok(times)
}
