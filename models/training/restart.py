"""Training goes on from a shipped file, in which every batch norm is folded into its convolution."""
import hashlib
import json
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from net import ConvNorm


def past_of(path):
    """The runs that the weights of a shipped file have gone through, as its card has them."""
    return json.loads(Path(path).with_suffix(".card.json").read_text(encoding="utf-8"))["training"]


def hash_of(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@torch.no_grad()
def unfold(net, path, pictures):
    """Gives `net` the function of the ONNX file, with batch norms again.

    Statistics come from normalised N x 3 x S x S `pictures`. Each kernel's scale is the norm's affair, so that it is set
    to the square root of its outputs, as far from zero as a fresh one and equally quick to learn.
    """
    weights = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in onnx.load(path).graph.initializer}
    layers = {name: module for name, module in net.named_modules() if isinstance(module, ConvNorm)}
    hooks = []
    for name, layer in layers.items():
        layer.conv.weight.copy_(weights[f"{name}.conv.weight"])
        hooks.append(layer.conv.register_forward_hook(_fitting(layer.norm, weights[f"{name}.conv.bias"])))
    net.head.weight.copy_(weights["head.weight"])
    net.head.bias.copy_(weights["head.bias"])
    net.eval()
    net(pictures)
    for hook in hooks:
        hook.remove()
    for layer in layers.values():
        _rescale(layer)
    net.train()


def _fitting(norm, bias):
    """A hook that has the norm pass its input on, plus the folded bias: gamma x (x - mean) / sigma + beta = x + bias."""
    def fit(_, __, output):
        mean, variance = output.mean((0, 2, 3)), output.var((0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(mean + bias)
    return fit


def _rescale(layer):
    kernel = layer.conv.weight
    factor = len(kernel) ** 0.5 / kernel.norm()
    kernel.mul_(factor)
    layer.norm.running_mean.mul_(factor)
    layer.norm.running_var.mul_(factor * factor)
