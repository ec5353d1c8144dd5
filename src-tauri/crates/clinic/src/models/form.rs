//! A card from a form, and a form to begin with.

use domain::model_version::{OnnxOutline, OnnxTensor};
use serde_json::{Value, json};

use crate::views::{ModelCardForm, ModelChannels, ModelCrop, ModelFormLabel, ModelLayout, ModelOutput};

/// Mean and deviation of the photographs that most networks were first trained on.
const MEAN: [f64; 3] = [0.485, 0.456, 0.406];
const STD: [f64; 3] = [0.229, 0.224, 0.225];
/// A side where the file leaves it open.
const USUAL_SIDE: u32 = 224;

/// The card that a form writes. What it is wrong about the card's own check says.
pub(super) fn card(form: &ModelCardForm, sha256: &str) -> Value {
    let kind = match form.output {
        ModelOutput::Logits => "logits",
        ModelOutput::Softmax | ModelOutput::Sigmoid => "probabilities",
    };
    json!({
        "schema": 1,
        "name": form.name.trim(),
        "version": form.version.trim(),
        "task": "lesion_classification",
        "file": "network.onnx",
        "sha256": sha256,
        "trained_on": form.trained_on.trim(),
        "licence": form.licence.trim(),
        "input": {
            "name": form.input_name, "width": form.width, "height": form.height,
            "layout": form.layout, "channels": form.channels, "crop": form.crop,
            "resample": "bilinear_antialias", "scale": form.scale, "mean": form.mean, "std": form.std,
        },
        "output": { "name": form.output_name, "kind": kind },
        "labels": form.labels.iter().map(|label| json!({
            "code": label.code.trim(), "name": label.name.trim(), "malignancy": label.malignancy,
        })).collect::<Vec<_>>(),
        "calibration": { "method": "bias_temperature", "temperature": form.temperature },
        "thresholds": {
            "inconclusive_below": form.inconclusive_below, "strong_at": form.strong_at,
            "suspicious_sum_at": form.suspicious_sum_at, "malignant_sum_at": form.malignant_sum_at,
        },
    })
}

/// What the file itself tells, for a person to go through.
pub(super) fn begun(outline: &OnnxOutline) -> ModelCardForm {
    let input = outline.inputs.first();
    let output = outline.outputs.first();
    let shape = input.map(|tensor| tensor.shape.as_slice()).unwrap_or_default();
    // Three channels stand first or last.
    let nhwc = matches!(shape, [_, _, _, Some(3)]) && !matches!(shape, [_, Some(3), _, _]);
    let side = |at: usize| shape.get(at).copied().flatten().unwrap_or(USUAL_SIDE);
    let (height, width) = if nhwc { (side(1), side(2)) } else { (side(2), side(3)) };
    let values = output.and_then(|tensor: &OnnxTensor| tensor.shape.last().copied().flatten());
    let classes = values.map_or(2, |values| values.max(2));
    let closed = |name: &str| outline.operators.iter().any(|operator| operator == name);
    let kind = match values {
        Some(1) if closed("Sigmoid") => ModelOutput::Sigmoid,
        _ if closed("Softmax") && values != Some(1) => ModelOutput::Softmax,
        _ => ModelOutput::Logits,
    };
    let label = |_| ModelFormLabel {
        code: String::new(),
        name: String::new(),
        malignancy: domain::model::Malignancy::Benign,
    };
    ModelCardForm {
        name: String::new(),
        version: "1".into(),
        trained_on: String::new(),
        licence: String::new(),
        input_name: input.map_or_else(String::new, |tensor| tensor.name.clone()),
        width,
        height,
        layout: if nhwc { ModelLayout::Nhwc } else { ModelLayout::Nchw },
        channels: ModelChannels::Rgb,
        crop: if width == height { ModelCrop::CentreSquare } else { ModelCrop::Whole },
        scale: 1.0 / 255.0,
        mean: MEAN,
        std: STD,
        output_name: output.map_or_else(String::new, |tensor| tensor.name.clone()),
        output: kind,
        labels: (0..classes.min(200)).map(label).collect(),
        temperature: 1.0,
        inconclusive_below: 0.6,
        strong_at: 0.8,
        suspicious_sum_at: 0.2,
        malignant_sum_at: 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vision::card::ModelCard;

    fn outline(input: Vec<Option<u32>>, output: Vec<Option<u32>>, operators: &[&str]) -> OnnxOutline {
        OnnxOutline {
            producer: String::new(),
            opset: Some(17),
            inputs: vec![OnnxTensor { name: "x".into(), shape: input }],
            outputs: vec![OnnxTensor { name: "y".into(), shape: output }],
            operators: operators.iter().map(|name| (*name).to_owned()).collect(),
            constant_bytes: 0,
        }
    }

    #[test]
    fn the_form_begins_with_what_the_file_tells() {
        let form =
            begun(&outline(vec![None, Some(96), Some(96), Some(3)], vec![None, Some(1)], &["Sigmoid"]));
        assert_eq!((form.width, form.layout, form.output), (96, ModelLayout::Nhwc, ModelOutput::Sigmoid));
        assert_eq!(form.labels.len(), 2, "one value speaks of two classes");
        let form = begun(&outline(vec![None, Some(3), None, None], vec![None, Some(7)], &["Gemm"]));
        assert_eq!((form.width, form.layout, form.output), (224, ModelLayout::Nchw, ModelOutput::Logits));
        assert_eq!(form.labels.len(), 7);
    }

    #[test]
    fn a_filled_form_makes_a_card_that_reads() {
        let mut form = begun(&outline(vec![None, Some(3), None, None], vec![None, Some(2)], &[]));
        form.name = "tiny".into();
        assert!(
            ModelCard::parse(card(&form, &"0".repeat(64)).to_string().as_bytes()).is_err(),
            "codes are empty"
        );
        form.labels[0].code = "nv".into();
        form.labels[1].code = "mel".into();
        let card = ModelCard::parse(card(&form, &"0".repeat(64)).to_string().as_bytes()).unwrap();
        assert_eq!((card.input.width, card.labels.len()), (224, 2));
        assert!(card.ood.is_none() && card.conformal.is_none());
    }
}
