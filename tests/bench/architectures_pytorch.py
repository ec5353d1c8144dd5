"""Networks of torchvision with drawn weights, through both exporters of PyTorch."""

import numpy as np
import torch
import torchvision
from torch import nn

from architectures_common import CODES, SIDE, SPREAD, note, picture, tensor

CLASSES = len(CODES)
ONE_SCORE = "resnet18_sigmoid"


def settled(net, last):
    """With statistics of pictures in its normalisations, and scores that spread over the classes."""
    pictures = torch.from_numpy(np.concatenate([tensor(picture(seed)) for seed in range(8)]))
    with torch.no_grad():
        net.train()
        for part in net.modules():
            if isinstance(part, nn.Dropout):
                part.eval()
            elif isinstance(part, nn.BatchNorm2d):
                # Those of these pictures alone: a rest of the 1 that they begin with would quench every layer.
                part.momentum = 1.0
        net(pictures)
        net.eval()
        scores = net(pictures)
        factor = SPREAD / scores.std(0).mean()
        last.weight *= factor
        last.bias.copy_(-(scores.mean(0) - last.bias) * factor)
    return net


def vit_s_16():
    net = torchvision.models.VisionTransformer(SIDE, 16, 12, 6, 384, 1536, num_classes=CLASSES)
    # torchvision begins it with zeros, which read every picture alike.
    nn.init.normal_(net.heads.head.weight, std=0.02)
    return net, net.heads.head


def networks():
    """Name to a function that makes the network, and the layer that scores."""
    models = torchvision.models
    made = lambda name, last, **options: lambda: (lambda net: (net, last(net)))(getattr(models, name)(**options))
    return {
        "resnet18": made("resnet18", lambda net: net.fc, num_classes=CLASSES),
        "resnet50": made("resnet50", lambda net: net.fc, num_classes=CLASSES),
        "mobilenet_v2": made("mobilenet_v2", lambda net: net.classifier[-1], num_classes=CLASSES),
        "mobilenet_v3_large": made("mobilenet_v3_large", lambda net: net.classifier[-1], num_classes=CLASSES),
        "efficientnet_b0": made("efficientnet_b0", lambda net: net.classifier[-1], num_classes=CLASSES),
        "densenet121": made("densenet121", lambda net: net.classifier, num_classes=CLASSES),
        "convnext_tiny": made("convnext_tiny", lambda net: net.classifier[-1], num_classes=CLASSES),
        # The smallest of torchvision, ViT-B/16, is larger than what an upload may be.
        "vit_s_16": vit_s_16,
        ONE_SCORE: made("resnet18", lambda net: net.fc, num_classes=1),
    }


# Each once through either exporter; ResNet-18 through every operator set, with a batch that is open or fixed.
def plan():
    for name in networks():
        yield name, "torchscript", 17, "open"
        yield name, "dynamo", 18, "fixed"
    for opset in (11, 12, 13, 14, 15, 16):
        yield "resnet18", "torchscript", opset, "fixed"
    for opset in (19, 20):
        yield "resnet18", "dynamo", opset, "open"


class Head(nn.Module):
    """With the closing function inside the file."""

    def __init__(self, net, closing):
        super().__init__()
        self.net, self.closing = net, closing

    def forward(self, image):
        return self.closing(self.net(image))


def export(net, exporter, opset, batch, path):
    x = torch.from_numpy(tensor(picture(0)))
    if exporter == "dynamo":
        shapes = {"dynamic_shapes": ({0: torch.export.Dim("batch", min=1, max=64)},)} if batch == "open" else {}
        torch.onnx.export(net, (torch.cat([x, x]) if batch == "open" else x,), str(path), dynamo=True, opset_version=opset,
                          input_names=["image"], output_names=["scores"], external_data=False, verbose=False, **shapes)
    else:
        axes = {"image": {0: "batch"}, "scores": {0: "batch"}} if batch == "open" else None
        torch.onnx.export(net, (x,), str(path), dynamo=False, opset_version=opset, input_names=["image"],
                          output_names=["scores"], dynamic_axes=axes)


def of_pytorch(out):
    """One entry a network. A file that is there already is only read and timed."""
    torch.set_num_threads(1)
    for name, exporter, opset, batch in plan():
        # One of each pair closes inside the file.
        inside = exporter == "dynamo"
        classes = 1 if name == ONE_SCORE else CLASSES
        entry = {"name": f"{name}_{exporter}_{opset}_{batch}", "family": name, "trainer": "PyTorch",
                 "exporter": exporter, "opset": opset, "batch": batch}
        path = out / f"{entry['name']}.onnx"
        if not path.exists():
            torch.manual_seed(1)
            net = settled(*networks()[name]())
            closing = nn.Sigmoid() if classes == 1 else nn.Softmax(1)
            export(Head(net, closing).eval() if inside else net, exporter, opset, batch, path)
        yield note(out, entry, "nchw", "probabilities" if inside else "logits", classes)
