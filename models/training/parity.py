"""Fixtures that hold the product's Rust path to PyTorch's figures."""
import csv
import json

import numpy as np
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from augment import tensor_of
from calibrate import probabilities
from data import LABELS, centre_square, preprocess
from phantoms import all_phantoms

SAMPLED = ((0, 0, 0), (0, 17, 31), (1, 40, 9), (2, 63, 63), (2, 100, 71))
CAM_PHANTOMS = 4
VAL_PICTURES = 200


def floats(values, digits=8):
    return [round(float(v), digits) for v in np.ravel(values)]


def grad_cam(net, x, label):
    """The package's map at feature resolution and the mean of the map it scales up to the input."""
    with GradCAM(model=net, target_layers=[net.blocks[-1]]) as cam:
        scaled = cam(input_tensor=x, targets=[ClassifierOutputTarget(label)])[0]
        activations = torch.from_numpy(cam.activations_and_grads.activations[0].numpy()[0])
        gradients = torch.from_numpy(cam.activations_and_grads.gradients[0].numpy()[0])
    small = torch.relu((gradients.mean((1, 2))[:, None, None] * activations).sum(0)).numpy()
    small = (small - small.min()) / (1e-7 + (small - small.min()).max())
    return {"class": LABELS[label], "width": small.shape[1], "height": small.shape[0], "map": floats(small, 6),
            "upscaled_mean": round(float(scaled.mean()), 6)}


def describe(net, image, size, card, with_cam):
    x = tensor_of(preprocess(image, size)[None])
    with torch.no_grad():
        logits = net(x).numpy()
    p = probabilities(logits, np.array(card["calibration"]["bias"]), card["calibration"]["temperature"])
    entry = {
        "size": list(image.size), "square": centre_square(image).size[0],
        "tensor": {"sum": round(float(x.double().sum()), 4), "mean": round(float(x.double().mean()), 8),
                   "samples": [{"at": list(at), "value": round(float(x[0][at]), 8)} for at in SAMPLED]},
        "logits": floats(logits), "probabilities": floats(p, 10),
    }
    if with_cam:
        entry["grad_cam"] = grad_cam(net, x, int(logits.argmax()))
    return entry


def write_phantoms(net, card, folder):
    folder.mkdir(parents=True, exist_ok=True)
    size, entries = card["input"]["width"], []
    for index, (name, image) in enumerate(all_phantoms().items()):
        image.save(folder / name, optimize=True)
        entries.append({"file": name, **describe(net, image, size, card, index < CAM_PHANTOMS)})
    text = json.dumps({"schema": 1, "model_sha256": card["sha256"], "labels": list(LABELS),
                       "sample_index": "channel, row, column of the input tensor", "images": entries}, indent=1)
    (folder / "phantoms.json").write_text(text + "\n", encoding="utf-8")


def spread(records, count):
    """Every k-th picture of the whole list, which is ordered by source and name."""
    return np.unique(np.linspace(0, len(records) - 1, count).round().astype(int))


def write_val_reference(p, records, card, folder):
    chosen = spread(records, VAL_PICTURES)
    entries = [{"file": records[i].file, "probabilities": floats(p[i], 10)} for i in chosen]
    text = json.dumps({"schema": 1, "model_sha256": card["sha256"], "labels": list(LABELS), "images": entries}, indent=None)
    (folder / "val_reference.json").write_text(text.replace("}, {", "},\n{") + "\n", encoding="utf-8")


def write_val_labels(records, folder):
    with open(folder / "val_labels.csv", "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("file", "label"))
        writer.writerows((r.file, LABELS[r.label]) for r in records)
