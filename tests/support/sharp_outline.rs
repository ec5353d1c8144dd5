//! An outline model that is right by construction: what is darker than a level is lesion.

use std::fs;
use std::path::Path;

use serde_json::json;

/// Side of its input and of its map.
const SIDE: u32 = 512;
/// Logits by one level of green from 0 to 1.
const STEEPNESS: f32 = 60.0;

/// Puts the model and its card into a folder of models, in place of what is there. Pixels whose green is
/// below `level`, 0 to 1, are lesion.
///
/// # Panics
/// When the folder cannot be written.
pub fn install_sharp_outline(folder: &Path, level: f32) {
    let onnx = network(level);
    let sha256 = crate::doing::hash(&onnx);
    let card = json!({
        "schema": 1, "name": "sharp-outline", "version": "1", "task": "lesion_outline",
        "file": "outline.onnx", "sha256": sha256,
        "input": {"name": "image", "width": SIDE, "height": SIDE, "layout": "nchw", "channels": "rgb",
                  "crop": "whole", "resample": "bilinear_antialias", "scale": 1.0 / 255.0,
                  "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0]},
        "output": {"name": "mask", "kind": "logits", "threshold": 0.5},
    });
    fs::write(folder.join("outline.onnx"), onnx).unwrap();
    fs::write(folder.join("outline.card.json"), card.to_string()).unwrap();
}

/// `mask = STEEPNESS · (level − green)` as one convolution of 1 × 1, in the wire format of ONNX.
fn network(level: f32) -> Vec<u8> {
    let conv =
        [text(1, "image"), text(1, "weight"), text(1, "bias"), text(2, "mask"), text(4, "Conv")].concat();
    let graph = [
        part(1, &conv),
        text(2, "sharp"),
        part(5, &tensor("weight", &[1, 3, 1, 1], &[0.0, -STEEPNESS, 0.0])),
        part(5, &tensor("bias", &[1], &[STEEPNESS * level])),
        part(11, &value("image", 3)),
        part(12, &value("mask", 1)),
    ]
    .concat();
    [number(1, 8), part(7, &graph), part(8, &number(2, 13))].concat()
}

fn tensor(name: &str, dims: &[u64], values: &[f32]) -> Vec<u8> {
    let dims: Vec<u8> = dims.iter().flat_map(|&dim| number(1, dim)).collect();
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [dims, number(2, 1), text(8, name), part(9, &raw)].concat()
}

fn value(name: &str, channels: u64) -> Vec<u8> {
    let dims = [1, channels, u64::from(SIDE), u64::from(SIDE)];
    let shape: Vec<u8> = dims.iter().flat_map(|&dim| part(1, &number(1, dim))).collect();
    let tensor = [number(1, 1), part(2, &shape)].concat();
    [text(1, name), part(2, &part(1, &tensor))].concat()
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn text(field: u64, text: &str) -> Vec<u8> {
    part(field, text.as_bytes())
}

fn part(field: u64, bytes: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
