"""The peer of the photo bench: Pillow, numpy checks, PyTorch eager on the weights of the ONNX file,
and the grad-cam package. Usage: photo.py JPEG MODELS RUNS; prints median milliseconds as JSON."""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from PIL import Image
from pytorch_grad_cam import GradCAM
from torch import nn


class Conv(nn.Module):
    def __init__(self, weight, bias, attributes):
        super().__init__()
        out, per_group, height, width = weight.shape
        group = attributes.get("group", 1)
        pads = attributes.get("pads", [0, 0, 0, 0])
        self.conv = nn.Conv2d(per_group * group, out, (height, width),
                              stride=attributes.get("strides", [1, 1]), padding=pads[:2],
                              dilation=attributes.get("dilations", [1, 1]), groups=group,
                              bias=bias is not None)
        self.conv.weight.data.copy_(weight)
        if bias is not None:
            self.conv.bias.data.copy_(bias)

    def forward(self, x):
        return self.conv(x)


class Gemm(nn.Module):
    def __init__(self, weight, bias, transposed):
        super().__init__()
        weight = weight if transposed else weight.T
        self.linear = nn.Linear(weight.shape[1], weight.shape[0])
        self.linear.weight.data.copy_(weight)
        self.linear.bias.data.copy_(bias)

    def forward(self, x):
        return self.linear(x)


class Call(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


FUNCTIONS = {
    "Relu": torch.relu,
    "Add": torch.add,
    "Mul": torch.mul,
    "Sigmoid": torch.sigmoid,
    "HardSwish": nn.functional.hardswish,
    "Flatten": lambda x, *_: torch.flatten(x, 1),
    "Reshape": lambda x, *_: torch.flatten(x, 1),
    "Squeeze": lambda x, *_: torch.flatten(x, 1),
    "Identity": lambda x: x,
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    "ReduceMean": lambda x, *_: x.mean((2, 3)),
    "AveragePool": lambda x: nn.functional.avg_pool2d(x, 2),
    "MaxPool": lambda x: nn.functional.max_pool2d(x, 3, 2, 1),
}


class Network(nn.Module):
    """The ONNX graph as eager modules, so that hooks reach every layer."""

    def __init__(self, graph):
        super().__init__()
        self.constants = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
        self.steps = []
        self.layers = nn.ModuleList()
        for node in graph.node:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = torch.from_numpy(numpy_helper.to_array(node.attribute[0].t).copy())
                continue
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            names = list(node.input)
            layer, inputs = self.layer(node.op_type, names, attributes)
            self.layers.append(layer)
            self.steps.append((layer, inputs, node.output[0], node.op_type))
        self.input, self.output = graph.input[0].name, graph.output[0].name

    def layer(self, kind, names, attributes):
        known = [self.constants.get(n) for n in names]
        if kind == "Conv":
            return Conv(known[1], known[2] if len(known) > 2 else None, attributes), names[:1]
        if kind == "Gemm":
            return Gemm(known[1], known[2], attributes.get("transB", 0)), names[:1]
        return Call(FUNCTIONS[kind]), names

    def forward(self, x):
        values = dict(self.constants)
        values[self.input] = x
        for layer, inputs, output, _ in self.steps:
            values[output] = layer(*[values[n] for n in inputs])
        return values[self.output]

    def last_map(self):
        pool = next(i for i, s in enumerate(self.steps) if s[3] in ("GlobalAveragePool", "ReduceMean"))
        return self.layers[pool - 1]


def checks(image):
    width, height = image.size
    scale = 224 / min(width, height)
    small = image.resize((round(width * scale), round(height * scale)), Image.BILINEAR)
    rgb = np.asarray(small, dtype=np.float32)
    grey = rgb @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    laplacian = (-4 * grey[1:-1, 1:-1] + grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:])
    return (rgb.max(axis=2) < 16).mean(), laplacian.var(), grey.mean(), grey.std()


def prepare(image, spec):
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    small = square.resize((spec["width"], spec["height"]), Image.BILINEAR)
    values = (np.asarray(small, dtype=np.float32) * spec["scale"] - spec["mean"]) / spec["std"]
    return torch.from_numpy(values.astype(np.float32).transpose(2, 0, 1)[None])


def main():
    photo, models, runs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    # One thread, as ours: more of them would wait for each other on a busy machine.
    torch.set_num_threads(1)
    card = json.loads((models / "lesion.card.json").read_text())
    network = Network(onnx.load(models / card["file"]).graph).eval()
    cam = GradCAM(model=network, target_layers=[network.last_map()])
    times = {"decode": [], "checks": [], "read": [], "total": []}
    for run in range(runs + 1):
        start = time.perf_counter()
        image = Image.open(photo).convert("RGB")
        decoded = time.perf_counter()
        checks(image)
        checked = time.perf_counter()
        cam(input_tensor=prepare(image, card["input"]), targets=None)
        end = time.perf_counter()
        if run == 0:
            continue
        for name, value in (("decode", decoded - start), ("checks", checked - decoded),
                            ("read", end - checked), ("total", end - start)):
            times[name].append(value * 1e3)
    print(json.dumps({name: statistics.median(values) for name, values in times.items()}))


main()
