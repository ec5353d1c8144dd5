"""Reference maps for the Grad-CAM tests, made by PyTorch and the grad-cam package.

    python grad_cam.py small OUT    writes the fixtures kept in tests/fixtures/cam
    python grad_cam.py large OUT    writes full-size torchvision networks for LENTIGO_CAM_FIXTURES

Weights are random with fixed seeds; nothing is downloaded. Made with torch 2.15.0, torchvision
0.29.2, grad-cam 1.5.7, onnx 1.23.2, numpy 2.4.6.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import nn

CLASSES = 5


def picture(side):
    """The input of every fixture: whole numbers scaled by a power of two, so exact anywhere."""
    count = 3 * side * side
    wave = (np.arange(count, dtype=np.int64) * 7919 + np.arange(count, dtype=np.int64) // side * 104729) % 1021
    return torch.from_numpy(((wave - 510) / 256).astype(np.float32).reshape(1, 3, side, side))


def shake(net, seed):
    """Random weights and batch-norm statistics, so that no part of a network is trivial."""
    torch.manual_seed(seed)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.7, 1.3)
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.3 / module.in_features**0.5 * 3)
            nn.init.normal_(module.bias, 0, 0.3)
    return net.eval()


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Tail(nn.Module):
    """A trunk whose output is the last spatial map, and a head."""

    def __init__(self, trunk, head):
        super().__init__()
        self.trunk, self.head = trunk, head

    def forward(self, x):
        return self.head(self.trunk(x))


def stem(width, activation=nn.ReLU):
    return nn.Sequential(nn.Conv2d(3, 12, 3, 2, 1), nn.BatchNorm2d(12), activation(),
                         nn.Conv2d(12, width, 3, 2, 1), nn.BatchNorm2d(width), activation())


def pooled(*layers):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), *layers)


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.grow = stem(16), nn.Conv2d(16, 8, 3, 1, 1)
        self.norm = nn.BatchNorm2d(24)

    def forward(self, x):
        x = self.stem(x)
        return F.relu(self.norm(torch.cat([x, self.grow(x)], 1)))


class Squeeze(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.down, self.up = stem(16, nn.SiLU), nn.Conv2d(16, 4, 1), nn.Conv2d(4, 16, 1)

    def forward(self, x):
        x = self.stem(x)
        return x * torch.sigmoid(self.up(F.silu(self.down(x.mean((2, 3), keepdim=True)))))


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class NextBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.depth = nn.Conv2d(width, width, 3, 1, 1, groups=width)
        self.norm, self.up, self.down = nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        y = self.norm(self.depth(x).permute(0, 2, 3, 1))
        return x + self.down(F.gelu(self.up(y))).permute(0, 3, 1, 2)


class Transformer(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.patch, self.norm = nn.Conv2d(3, width, 8, 8), nn.LayerNorm(width)
        self.qkv, self.out, self.head = nn.Linear(width, 3 * width), nn.Linear(width, width), nn.Linear(width, CLASSES)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        q, k, v = self.qkv(self.norm(x)).chunk(3, -1)
        x = x + self.out(torch.softmax(q @ k.transpose(1, 2) / q.shape[-1]**0.5, -1) @ v)
        return self.head(x.mean(1))


def small_networks():
    """Name to network; those with a `trunk` are explained at its output."""
    return {
        "gemm": Tail(stem(16), pooled(nn.Linear(16, CLASSES))),
        "hard_swish": Tail(stem(16, nn.Hardswish), pooled(nn.Linear(16, 24), nn.Hardswish(), nn.Linear(24, CLASSES))),
        "dense": Tail(Dense(), pooled(nn.Linear(24, CLASSES))),
        "squeeze": Tail(Squeeze(), pooled(nn.Linear(16, CLASSES))),
        "next": Tail(nn.Sequential(nn.Conv2d(3, 16, 4, 4), LayerNorm2d(16), NextBlock(16)),
                     nn.Sequential(nn.AdaptiveAvgPool2d(1), LayerNorm2d(16), nn.Flatten(), nn.Linear(16, CLASSES))),
        "max_pool": Tail(stem(16), nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(16, CLASSES))),
        "mixed": Tail(stem(16), pooled(nn.Linear(16, 20), nn.Tanh(), nn.Linear(20, 20), nn.SiLU(), nn.Linear(20, 20),
                                       nn.Sigmoid(), nn.Linear(20, 20), nn.GELU(), nn.Linear(20, 20), nn.LeakyReLU(0.1),
                                       nn.Linear(20, CLASSES))),
        "gate": Tail(stem(16), pooled(Lambda(lambda x: x * torch.sigmoid(2 * x) - x / (1 + x * x)),
                                      nn.Linear(16, CLASSES))),
        "window_pool": Tail(stem(16), nn.Sequential(nn.AvgPool2d(8), nn.Flatten(), nn.Linear(16, CLASSES))),
        "softmax": Tail(stem(16), pooled(nn.Linear(16, CLASSES))),
        "transformer": Transformer(),
        "sine": Tail(stem(16), pooled(Lambda(torch.sin), nn.Linear(16, CLASSES))),
    }


class DenseTail(nn.Module):
    """torchvision's DenseNet with its closing ReLU as a module, the last spatial map."""

    def __init__(self, net):
        super().__init__()
        self.trunk, self.head = nn.Sequential(net.features, nn.ReLU()), pooled(net.classifier)

    def forward(self, x):
        return self.head(self.trunk(x))


def large_networks():
    """Name to network and the module whose output is its last spatial map."""
    models = torchvision.models
    plain = {name: getattr(models, name)(num_classes=8) for name in
             ("resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_b0",
              "convnext_tiny")}
    networks = {name: (net, net.layer4[-1] if name.startswith("resnet") else net.features[-1])
                for name, net in plain.items()}
    dense = DenseTail(models.densenet121(num_classes=8))
    networks["densenet121"] = (dense, dense.trunk)
    return networks


def explain(net, layer, x, label):
    """The package's map at input size, and the same map at the resolution of the features."""
    with GradCAM(model=net, target_layers=[layer]) as cam:
        scaled = cam(input_tensor=x, targets=[ClassifierOutputTarget(label)])[0]
        activations = cam.activations_and_grads.activations[0].numpy()
        gradients = cam.activations_and_grads.gradients[0].numpy()
    weights = gradients.mean((2, 3))[:, :, None, None]
    cells = scale_cam_image(np.maximum((weights * activations).sum(1), 0))[0]
    return cells, scaled


def rounded(values):
    return [float(np.float32(f"{v:.6g}")) for v in np.ravel(values)]


def export(net, x, path, dynamo):
    options = {"dynamo": True, "external_data": False} if dynamo else {"dynamo": False, "opset_version": 17}
    torch.onnx.export(net, (x,), str(path), input_names=["image"], output_names=["logits"], **options)


def write(name, net, layer, x, out, labels, dynamo=False):
    path = out / f"{name}.onnx"
    kept = nn.Sequential(net, nn.Softmax(1)).eval() if name == "softmax" else net
    export(kept, x, path, dynamo)
    with torch.no_grad():
        logits = net(x)[0].numpy()
    entry = {"name": name, "side": x.shape[-1], "logits": rounded(logits), "maps": []}
    for label in labels if layer is not None else ():
        cells, scaled = explain(net, layer, x, label)
        entry["maps"].append({"class": label, "width": cells.shape[1], "height": cells.shape[0], "cells": rounded(cells)})
        if label == labels[0]:
            entry["maps"][0]["scaled"] = rounded(scaled)
    (out / f"{name}.json").write_text(json.dumps(entry) + "\n", encoding="utf-8")
    print(name, path.stat().st_size)


def main(kind, out):
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    if kind == "small":
        for seed, (name, net) in enumerate(small_networks().items()):
            shake(net, seed)
            layer = getattr(net, "trunk", None) if name != "sine" else None
            write(name, net, layer, picture(32), out, range(CLASSES))
        return
    for seed, (name, (net, layer)) in enumerate(large_networks().items()):
        shake(net, seed)
        for dynamo in (False, True):
            write(name + ("_dynamo" if dynamo else ""), net, layer, picture(224), out, (0, 5), dynamo)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
