"""The trained network as an ONNX file, checked against PyTorch."""
import hashlib
import io
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from net import LesionNet, fused

OPSET = 17


def load_fused(weights):
    net = LesionNet()
    net.load_state_dict(torch.load(weights, weights_only=True))
    return fused(net)


def to_onnx(module, size, path, output):
    """Fixed batch of one; TorchScript's exporter gives the plainest graph."""
    buffer = io.BytesIO()
    torch.onnx.export(module, torch.zeros(1, 3, size, size), buffer, input_names=["image"], output_names=[output],
                      opset_version=OPSET, dynamo=False)
    model = onnx.load_from_string(buffer.getvalue())
    model.producer_name, model.producer_version, model.doc_string = "lentigo-training", "0.1.0", ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
    return model


def last_spatial(model):
    """Name of the tensor that global average pooling reads."""
    return next(node.input[0] for node in model.graph.node if node.op_type == "GlobalAveragePool")


def session(path, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(model, inputs):
    """Outputs of an ONNX session for an N x 3 x S x S tensor, one picture at a time."""
    return np.concatenate([model.run(None, {"image": x[None]})[0] for x in inputs.numpy()])


def largest_difference(module, path, size, count=8):
    """Between PyTorch and onnxruntime on random pictures."""
    x = torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        wanted = module(x).numpy()
    return float(np.abs(run(session(path), x) - wanted).max())


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
