//! ONNX files for tests, written field by field: small networks that read a picture, and the ways to get one wrong.

use serde_json::{Value, json};

/// Side of the pictures that the small networks read.
pub const SIDE: i64 = 32;
const CHANNELS: i64 = 4;
const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// What is at the end of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Logits,
    Softmax,
    /// One value for two classes.
    Sigmoid,
}

/// A small network; change a field to get another one.
#[derive(Clone, Debug)]
pub struct Tiny {
    pub classes: i64,
    pub closing: Closing,
    /// Rows, columns and channels in this order.
    pub channels_last: bool,
    pub opset: u64,
    pub input: &'static str,
    /// Null for a batch that the file leaves open.
    pub batch: Option<i64>,
    /// Draws the weights.
    pub seed: u32,
    /// Added to the scores.
    pub bias: Vec<f32>,
    /// Factor of the last weights.
    pub strength: f32,
    /// Values of each of two hidden layers: most of the file's size.
    pub hidden: Option<i64>,
    /// Operators between the scores and the output, each with one input.
    pub extra: Vec<&'static str>,
}

impl Default for Tiny {
    fn default() -> Self {
        Self {
            classes: 3,
            closing: Closing::Logits,
            channels_last: false,
            opset: 13,
            input: "image",
            batch: None,
            seed: 1,
            bias: vec![],
            strength: 1.0,
            hidden: None,
            extra: vec![],
        }
    }
}

impl Tiny {
    #[must_use]
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::of_opset(self.opset);
        let mut random = Random(self.seed);
        let shape = if self.channels_last { [SIDE, SIDE, 3] } else { [3, SIDE, SIDE] };
        graph.input(self.input, self.batch, &shape);
        let picture = if self.channels_last {
            graph.node("Transpose", &[self.input], "channels_first", &[ints("perm", &[0, 3, 1, 2])]);
            "channels_first"
        } else {
            self.input
        };
        graph.floats("kernel", &[CHANNELS, 3, 3, 3], &random.values(CHANNELS * 27, 0.5));
        graph.node("Conv", &[picture, "kernel"], "convolved", &[ints("pads", &[1, 1, 1, 1])]);
        graph.between("convolved", self.batch, &[CHANNELS, SIDE, SIDE]);
        graph.node("Relu", &["convolved"], "map", &[]);
        graph.node("GlobalAveragePool", &["map"], "pooled", &[]);
        graph.node("Flatten", &["pooled"], "features", &[]);
        let (mut last, mut width) = ("features", CHANNELS);
        if let Some(hidden) = self.hidden {
            for (weights, values, size) in [("first", "wide", width), ("second", "wider", hidden)] {
                graph.floats(weights, &[size, hidden], &random.values(size * hidden, 0.02));
                graph.node("MatMul", &[last, weights], values, &[]);
                (last, width) = (values, hidden);
            }
        }
        let outputs = if self.closing == Closing::Sigmoid { 1 } else { self.classes };
        let weights = random.values(width * outputs, 4.0).into_iter().map(|weight| weight * self.strength);
        graph.floats("weights", &[width, outputs], &weights.collect::<Vec<_>>());
        let mut bias = self.bias.clone();
        bias.resize(usize::try_from(outputs).unwrap_or(0), 0.0);
        graph.floats("bias", &[outputs], &bias);
        graph.node("Gemm", &[last, "weights", "bias"], "scores", &[]);
        let closing = match self.closing {
            Closing::Logits => None,
            Closing::Softmax => Some("Softmax"),
            Closing::Sigmoid => Some("Sigmoid"),
        };
        let steps: Vec<&str> = self.extra.iter().copied().chain(closing).collect();
        let mut from = "scores".to_owned();
        for (place, step) in steps.iter().enumerate() {
            let to = format!("step_{place}");
            graph.node(step, &[&from], &to, &[]);
            from = to;
        }
        graph.node("Identity", &[&from], "output", &[]);
        graph.output("output", self.batch, &[outputs]);
        graph
    }

    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.graph().bytes()
    }

    /// The card of the network, whose file has this content.
    #[must_use]
    pub fn card(&self, file: &[u8]) -> Value {
        let hash = crate::doing::hash(file);
        let classes = [
            ("nv", "Naevus", "benign"),
            ("mel", "Melanoma", "malignant"),
            ("ak", "Actinic keratosis", "premalignant"),
            ("bcc", "Basal cell carcinoma", "malignant"),
        ];
        let labels = classes.iter().take(usize::try_from(self.classes).unwrap_or(0));
        let kind = if self.closing == Closing::Logits { "logits" } else { "probabilities" };
        json!({
            "schema": 1, "name": "tiny", "version": self.seed.to_string(), "task": "lesion_classification",
            "file": "tiny.onnx", "sha256": hash,
            "input": {
                "name": self.input, "width": SIDE, "height": SIDE,
                "layout": if self.channels_last { "nhwc" } else { "nchw" }, "channels": "rgb",
                "crop": "centre_square", "resample": "bilinear_antialias", "scale": 1.0 / 255.0,
                "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25],
            },
            "output": { "name": "output", "kind": kind },
            "labels": labels.map(|(code, name, malignancy)| json!({
                "code": code, "name": name, "malignancy": malignancy,
            })).collect::<Vec<_>>(),
            "calibration": { "method": "bias_temperature", "temperature": 1.0 },
            "thresholds": {
                "inconclusive_below": 0.5, "strong_at": 0.8, "suspicious_sum_at": 0.2, "malignant_sum_at": 0.5,
            },
        })
    }
}

/// The same weights for the same seed.
struct Random(u32);

impl Random {
    fn values(&mut self, count: i64, spread: f32) -> Vec<f32> {
        (0..count)
            .map(|_| {
                self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ((self.0 >> 8) as f32 / (1_u32 << 24) as f32 - 0.5) * spread
            })
            .collect()
    }
}

/// A graph under way, every part of it encoded already.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    opset: u64,
    parts: Vec<u8>,
}

impl Graph {
    #[must_use]
    pub const fn of_opset(opset: u64) -> Self {
        Self { opset, parts: vec![] }
    }

    pub fn input(&mut self, name: &str, batch: Option<i64>, sides: &[i64]) {
        message(&mut self.parts, 11, &value_info(name, batch, sides));
    }

    pub fn output(&mut self, name: &str, batch: Option<i64>, sides: &[i64]) {
        message(&mut self.parts, 12, &value_info(name, batch, sides));
    }

    /// What newer exporters say of a value in between.
    pub fn between(&mut self, name: &str, batch: Option<i64>, sides: &[i64]) {
        message(&mut self.parts, 13, &value_info(name, batch, sides));
    }

    pub fn node(&mut self, operator: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) {
        let mut node = vec![];
        inputs.iter().for_each(|input| text(&mut node, 1, input));
        text(&mut node, 2, output);
        text(&mut node, 3, output);
        text(&mut node, 4, operator);
        attributes.iter().for_each(|attribute| message(&mut node, 5, attribute));
        message(&mut self.parts, 1, &node);
    }

    pub fn floats(&mut self, name: &str, dims: &[i64], values: &[f32]) {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, dims, FLOAT, &raw);
    }

    pub fn integers(&mut self, name: &str, values: &[i64]) {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, &[i64::try_from(values.len()).unwrap_or(0)], INT64, &raw);
    }

    fn constant(&mut self, name: &str, dims: &[i64], data_type: u64, raw: &[u8]) {
        let mut tensor = tensor(name, dims, data_type);
        message(&mut tensor, 9, raw);
        message(&mut self.parts, 5, &tensor);
    }

    /// A constant of this shape, of which nothing is in the file.
    pub fn absent(&mut self, name: &str, dims: &[i64]) {
        message(&mut self.parts, 5, &tensor(name, dims, FLOAT));
    }

    /// A constant that lies in a file of its own.
    pub fn external(&mut self, name: &str, dims: &[i64]) {
        let mut tensor = tensor(name, dims, FLOAT);
        let mut place = vec![];
        text(&mut place, 1, "location");
        text(&mut place, 2, "weights.bin");
        message(&mut tensor, 13, &place);
        number(&mut tensor, 14, 1);
        message(&mut self.parts, 5, &tensor);
    }

    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut graph = self.parts.clone();
        text(&mut graph, 2, "tiny");
        let mut set = vec![];
        number(&mut set, 2, self.opset);
        let mut model = vec![];
        number(&mut model, 1, 8);
        text(&mut model, 2, "lentigo tests");
        message(&mut model, 8, &set);
        message(&mut model, 7, &graph);
        model
    }
}

/// An attribute of whole numbers.
#[must_use]
pub fn ints(name: &str, values: &[i64]) -> Vec<u8> {
    const INTS: u64 = 7;
    let mut attribute = vec![];
    text(&mut attribute, 1, name);
    values.iter().for_each(|value| number(&mut attribute, 8, value.unsigned_abs()));
    number(&mut attribute, 20, INTS);
    attribute
}

fn tensor(name: &str, dims: &[i64], data_type: u64) -> Vec<u8> {
    let mut tensor = vec![];
    dims.iter().for_each(|side| number(&mut tensor, 1, side.unsigned_abs()));
    number(&mut tensor, 2, data_type);
    text(&mut tensor, 8, name);
    tensor
}

fn value_info(name: &str, batch: Option<i64>, sides: &[i64]) -> Vec<u8> {
    let mut shape = vec![];
    let mut first = vec![];
    match batch {
        Some(size) => number(&mut first, 1, size.unsigned_abs()),
        None => text(&mut first, 2, "batch"),
    }
    message(&mut shape, 1, &first);
    for side in sides {
        let mut dimension = vec![];
        number(&mut dimension, 1, side.unsigned_abs());
        message(&mut shape, 1, &dimension);
    }
    let mut tensor = vec![];
    number(&mut tensor, 1, FLOAT);
    message(&mut tensor, 2, &shape);
    let mut kind = vec![];
    message(&mut kind, 1, &tensor);
    let mut info = vec![];
    text(&mut info, 1, name);
    message(&mut info, 2, &kind);
    info
}

fn number(to: &mut Vec<u8>, tag: u64, value: u64) {
    varint(to, tag << 3);
    varint(to, value);
}

fn text(to: &mut Vec<u8>, tag: u64, value: &str) {
    message(to, tag, value.as_bytes());
}

fn message(to: &mut Vec<u8>, tag: u64, value: &[u8]) {
    varint(to, (tag << 3) | 2);
    varint(to, value.len() as u64);
    to.extend_from_slice(value);
}

fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}
