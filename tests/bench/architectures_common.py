"""What the networks of every trainer share: the picture, the card, and what ONNX Runtime reads and how long it takes."""

import hashlib
import json
import statistics
import sys
import time

import numpy as np
import onnxruntime

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
