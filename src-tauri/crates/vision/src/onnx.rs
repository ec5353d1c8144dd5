//! What an ONNX file holds, looked at before anything of it is run.

use std::collections::{BTreeSet, HashSet};

use domain::model_version::{ModelRefusal, ModelRefusalReason as Reason, OnnxOutline, OnnxTensor};
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Side;
use tract_onnx::pb::{GraphProto, ModelProto, TensorProto, ValueInfoProto, type_proto};
use tract_onnx::prelude::*;

use crate::classifier::MAX_MODEL_BYTES;

/// First words of a pointer that git LFS leaves in the place of a file.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";
/// More names than these are not told.
const MOST_NAMES: usize = 8;
const ELEMENT: u64 = 4;

/// Reads the outline of a file and refuses what can be seen from it.
///
/// # Errors
/// The refusal, for a person to act on.
pub fn outline(onnx: &[u8]) -> Result<OnnxOutline, ModelRefusal> {
    if onnx.is_empty() {
        return Err(ModelRefusal::new(Reason::Empty));
    }
    if onnx.starts_with(LFS) {
        return Err(ModelRefusal::new(Reason::LfsPointer));
    }
    if onnx.len() as u64 > MAX_MODEL_BYTES {
        return Err(ModelRefusal::new(Reason::TooLarge).but(MAX_MODEL_BYTES, onnx.len()));
    }
    let unreadable = || ModelRefusal::new(Reason::Unreadable);
    let model =
        tract_onnx::onnx().proto_model_for_read(&mut std::io::Cursor::new(onnx)).map_err(|_| unreadable())?;
    let graph = model.graph.as_ref().ok_or_else(unreadable)?;
    let found = Found::of(graph);
    if !found.external.is_empty() {
        return Err(ModelRefusal::new(Reason::ExternalTensors).naming(few(found.external)));
    }
    if found.constant_bytes > MAX_MODEL_BYTES {
        let refusal = ModelRefusal::new(Reason::ConstantsTooLarge);
        return Err(refusal.but(MAX_MODEL_BYTES, found.constant_bytes));
    }
    if found.cut_off || !is_whole(graph) {
        return Err(unreadable());
    }
    refuse_operators(&found.operators)?;
    Ok(described(&model, graph, found))
}

/// What is gathered over a graph and the graphs within it.
#[derive(Default)]
struct Found {
    operators: BTreeSet<String>,
    external: BTreeSet<String>,
    constant_bytes: u64,
    /// A constant has fewer bytes than its shape asks for.
    cut_off: bool,
}

impl Found {
    fn of(graph: &GraphProto) -> Self {
        let mut found = Self::default();
        found.walk(graph);
        found
    }

    fn walk(&mut self, graph: &GraphProto) {
        for tensor in &graph.initializer {
            self.constant(tensor);
        }
        for node in &graph.node {
            self.operators.insert(node.op_type.clone());
            if node.op_type == "ConstantOfShape" {
                self.filled(graph, node.input.first());
            }
            for attribute in &node.attribute {
                attribute.t.iter().chain(&attribute.tensors).for_each(|tensor| self.constant(tensor));
                attribute.g.iter().chain(&attribute.graphs).for_each(|inner| self.walk(inner));
            }
        }
    }

    fn constant(&mut self, tensor: &TensorProto) {
        if tensor.data_location == Some(DataLocation::External as i32) || !tensor.external_data.is_empty() {
            self.external.insert(tensor.name.clone());
        }
        let bytes = volume(&tensor.dims).saturating_mul(width(tensor.data_type));
        self.constant_bytes = self.constant_bytes.saturating_add(bytes);
        if !tensor.raw_data.is_empty() && (tensor.raw_data.len() as u64) < bytes {
            self.cut_off = true;
        }
    }

    /// A constant that is made when the model is loaded, of a shape that the file holds.
    fn filled(&mut self, graph: &GraphProto, shape: Option<&String>) {
        let constant = graph.initializer.iter().find(|tensor| Some(&tensor.name) == shape);
        let Some(tensor) = constant else { return };
        let mut sides = tensor.int64_data.clone();
        let raw = tensor.raw_data.chunks_exact(8);
        sides.extend(raw.filter_map(|bytes| bytes.try_into().ok()).map(i64::from_le_bytes));
        let bytes = volume(&sides).saturating_mul(ELEMENT);
        self.constant_bytes = self.constant_bytes.saturating_add(bytes);
    }
}

fn volume(sides: &[i64]) -> u64 {
    sides.iter().fold(1, |product: u64, side| product.saturating_mul(u64::try_from(*side).unwrap_or(0)))
}

/// Bytes of a value; those of less than a byte count as none, so that they are not taken for cut off.
fn width(data_type: i32) -> u64 {
    const TYPES: [(DataType, u64); 13] = [
        (DataType::Float, 4),
        (DataType::Uint8, 1),
        (DataType::Int8, 1),
        (DataType::Uint16, 2),
        (DataType::Int16, 2),
        (DataType::Int32, 4),
        (DataType::Int64, 8),
        (DataType::Bool, 1),
        (DataType::Float16, 2),
        (DataType::Bfloat16, 2),
        (DataType::Double, 8),
        (DataType::Uint32, 4),
        (DataType::Uint64, 8),
    ];
    TYPES.iter().find(|(kind, _)| *kind as i32 == data_type).map_or(0, |(_, bytes)| *bytes)
}

/// Whether everything that comes out is made by something in the file. A file that is cut off between two of its
/// parts still reads.
fn is_whole(graph: &GraphProto) -> bool {
    let mut made: HashSet<&str> =
        graph.node.iter().flat_map(|node| &node.output).map(String::as_str).collect();
    made.extend(graph.initializer.iter().map(|tensor| tensor.name.as_str()));
    made.extend(graph.input.iter().map(|input| input.name.as_str()));
    !graph.output.is_empty() && graph.output.iter().all(|output| made.contains(output.name.as_str()))
}

fn refuse_operators(operators: &BTreeSet<String>) -> Result<(), ModelRefusal> {
    let loops = ["Loop", "Scan"].into_iter().filter(|name| operators.contains(*name));
    let loops: Vec<String> = loops.map(str::to_owned).collect();
    if !loops.is_empty() {
        return Err(ModelRefusal::new(Reason::Loop).naming(loops));
    }
    let known = tract_onnx::onnx().op_register.0;
    let unknown: BTreeSet<String> =
        operators.iter().filter(|name| !known.contains_key(*name)).cloned().collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(ModelRefusal::new(Reason::Operators).naming(few(unknown)))
}

fn few(names: BTreeSet<String>) -> impl Iterator<Item = String> {
    names.into_iter().take(MOST_NAMES)
}

fn described(model: &ModelProto, graph: &GraphProto, found: Found) -> OnnxOutline {
    let constants: HashSet<&str> = graph.initializer.iter().map(|tensor| tensor.name.as_str()).collect();
    // Older files list their constants among the inputs.
    let inputs = graph.input.iter().filter(|input| !constants.contains(input.name.as_str()));
    let opset = model.opset_import.iter().find(|set| set.domain.is_empty() || set.domain == "ai.onnx");
    OnnxOutline {
        producer: format!("{} {}", model.producer_name, model.producer_version).trim().to_owned(),
        opset: opset.and_then(|set| u32::try_from(set.version).ok()),
        inputs: inputs.map(tensor).collect(),
        outputs: graph.output.iter().map(tensor).collect(),
        operators: found.operators.into_iter().collect(),
        constant_bytes: found.constant_bytes,
    }
}

fn tensor(info: &ValueInfoProto) -> OnnxTensor {
    let value = info.r#type.as_ref().and_then(|kind| kind.value.as_ref());
    let shape = value.and_then(|type_proto::Value::TensorType(tensor)| tensor.shape.as_ref());
    let side = |side: &Option<Side>| match side {
        Some(Side::DimValue(value)) => u32::try_from(*value).ok().filter(|value| *value > 0),
        _ => None,
    };
    let sides = shape.map(|shape| shape.dim.iter().map(|dim| side(&dim.value)).collect());
    OnnxTensor { name: info.name.clone(), shape: sides.unwrap_or_default() }
}
