"""Networks of other trainers, with drawn weights, for the architectures bench. Usage: architectures.py OUT

Writes for each network its ONNX file and its card, one picture, and `networks.json` with what ONNX Runtime reads in the
picture and how long it takes on one thread. Keras networks are written where TensorFlow and tf2onnx are installed."""

import hashlib
import json
import statistics
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torchvision
from PIL import Image
from torch import nn

SIDE = 224
CODES = [("akiec", "premalignant"), ("bcc", "malignant"), ("bkl", "benign"), ("df", "benign"), ("mel", "malignant"),
         ("nv", "benign"), ("scc", "malignant"), ("vasc", "benign")]
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
# Scores that differ from picture to picture as those of a trained network do.
SPREAD = 2.0
RUNS = 5


def picture(seed, side=SIDE):
    """Skin with a dark disc and some grain."""
    draw = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    middle, radius = draw.uniform(-0.1, 0.1, 2), draw.uniform(0.15, 0.35)
    inside = (np.hypot(x - middle[0], y - middle[1]) < radius)[..., None]
    skin, mole = draw.uniform((170, 120, 100), (235, 190, 170)), draw.uniform((40, 20, 10), (150, 100, 80))
    return np.clip(np.where(inside, mole, skin) + draw.normal(0, 8, (side, side, 3)), 0, 255).astype(np.uint8)


def tensor(rgb, channels_last=False):
    scaled = ((rgb / 255.0 - MEAN) / STD).astype(np.float32)
    return (scaled if channels_last else scaled.transpose(2, 0, 1))[None]


def settled(net, last):
    """With statistics of pictures in its normalisations, and scores that spread over the classes."""
    pictures = torch.from_numpy(np.concatenate([tensor(picture(seed)) for seed in range(8)]))
    with torch.no_grad():
        net.train()
        for part in net.modules():
            if isinstance(part, nn.Dropout):
                part.eval()
        for _ in range(12):
            net(pictures)
        net.eval()
        scores = net(pictures)
        factor = SPREAD / scores.std(0).mean().clamp_min(1e-6)
        last.weight *= factor
        last.bias.copy_(-(scores.mean(0) - last.bias) * factor)
    return net


def networks():
    """Name to a function that makes the network, and the layer that scores."""
    models = torchvision.models
    made = lambda name, last, **options: lambda: (lambda net: (net, last(net)))(getattr(models, name)(**options))
    return {
        "resnet18": made("resnet18", lambda net: net.fc, num_classes=8),
        "resnet50": made("resnet50", lambda net: net.fc, num_classes=8),
        "mobilenet_v2": made("mobilenet_v2", lambda net: net.classifier[-1], num_classes=8),
        "mobilenet_v3_large": made("mobilenet_v3_large", lambda net: net.classifier[-1], num_classes=8),
        "efficientnet_b0": made("efficientnet_b0", lambda net: net.classifier[-1], num_classes=8),
        "densenet121": made("densenet121", lambda net: net.classifier, num_classes=8),
        "convnext_tiny": made("convnext_tiny", lambda net: net.classifier[-1], num_classes=8),
        "vit_b_16": made("vit_b_16", lambda net: net.heads.head, num_classes=8),
        "resnet18_sigmoid": made("resnet18", lambda net: net.fc, num_classes=1),
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


def card(name, path, layout, kind, classes):
    """Two classes where one value stands for both."""
    kept = [("nv", "benign"), ("mel", "malignant")] if classes == 1 else CODES[:classes]
    return {
        "schema": 1, "name": name, "version": "1", "task": "lesion_classification", "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "input": {"name": "image", "width": SIDE, "height": SIDE, "layout": layout, "channels": "rgb", "crop": "centre_square",
                  "resample": "bilinear_antialias", "scale": 1 / 255, "mean": MEAN, "std": STD},
        "output": {"name": "scores", "kind": kind},
        "labels": [{"code": code, "name": code, "malignancy": malignancy} for code, malignancy in kept],
        "calibration": {"method": "bias_temperature", "temperature": 1.0},
        "thresholds": {"inconclusive_below": 0.5, "strong_at": 0.8, "suspicious_sum_at": 0.2, "malignant_sum_at": 0.5},
    }


def probabilities(scores, kind):
    if len(scores) == 1:
        one = float(scores[0]) if kind == "probabilities" else 1 / (1 + np.exp(-float(scores[0])))
        return [1 - one, one]
    if kind == "probabilities":
        return scores.tolist()
    powers = np.exp(scores.astype(np.float64) - scores.max())
    return (powers / powers.sum()).tolist()


def read(path, layout, kind):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: tensor(picture(0), layout == "nhwc")}
    times = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        scores = session.run(None, feed)[0][0]
        times.append((time.perf_counter() - begun) * 1e3)
    return probabilities(np.ravel(scores), kind), statistics.median(times[1:])


def note(out, entry, layout, kind, classes):
    path = out / f"{entry['name']}.onnx"
    entry["probabilities"], entry["peer_ms"] = read(path, layout, kind)
    entry |= {"layout": layout, "file": path.name, "card": f"{entry['name']}.card.json"}
    (out / entry["card"]).write_text(json.dumps(card(entry["name"], path, layout, kind, classes)), encoding="utf-8")
    print(entry["name"], path.stat().st_size, file=sys.stderr)
    return entry


def of_pytorch(out):
    for name, exporter, opset, batch in plan():
        torch.manual_seed(1)
        net, last = networks()[name]()
        net = settled(net, last)
        # One of each pair closes inside the file.
        inside = exporter == "dynamo"
        closing = nn.Sigmoid() if last.out_features == 1 else nn.Softmax(1)
        kept = Head(net, closing).eval() if inside else net
        entry = {"name": f"{name}_{exporter}_{opset}_{batch}", "family": name, "trainer": "PyTorch",
                 "exporter": exporter, "opset": opset, "batch": batch}
        export(kept, exporter, opset, batch, out / f"{entry['name']}.onnx")
        yield note(out, entry, "nchw", "probabilities" if inside else "logits", last.out_features)


def of_keras(out):
    try:
        import tensorflow as tf
        import tf2onnx
    except ImportError as why:
        print(f"no Keras networks: {why}", file=sys.stderr)
        return
    tf.keras.utils.set_random_seed(1)
    makers = {"keras_mobilenet_v2": tf.keras.applications.MobileNetV2, "keras_efficientnet_b0": tf.keras.applications.EfficientNetB0}
    for name, maker in makers.items():
        trunk = maker(weights=None, include_top=False, input_shape=(SIDE, SIDE, 3), pooling="avg")
        features = trunk.output
        scores = tf.keras.layers.Dense(len(CODES), name="scores")(features)
        net = tf.keras.Model(trunk.input, scores)
        pictures = np.concatenate([tensor(picture(seed), True) for seed in range(8)])
        for _ in range(12):
            net(pictures, training=True)
        found = net(pictures, training=False).numpy()
        weights, bias = net.layers[-1].get_weights()
        factor = SPREAD / max(found.std(0).mean(), 1e-6)
        net.layers[-1].set_weights([weights * factor, bias - found.mean(0) * factor])
        spec = (tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="image"),)
        path = out / f"{name}_tf2onnx_17_open.onnx"
        tf2onnx.convert.from_function(tf.function(lambda image: {"scores": net(image, training=False)}), spec, opset=17, output_path=str(path))
        entry = {"name": path.stem, "family": name.removeprefix("keras_"), "trainer": "Keras", "exporter": "tf2onnx", "opset": 17,
                 "batch": "open"}
        yield note(out, entry, "nhwc", "logits", len(CODES))


def main(out):
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(0)).save(out / "picture.png")
    known = out / "networks.json"
    entries = json.loads(known.read_text(encoding="utf-8")) if known.exists() else []
    # The two trainers need not be installed side by side: each run adds its own.
    made = list(of_keras(out)) if "--keras" in sys.argv else [*of_pytorch(out), *of_keras(out)]
    names = {entry["name"] for entry in made}
    known.write_text(json.dumps([e for e in entries if e["name"] not in names] + made), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
