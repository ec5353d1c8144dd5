"""The outline model as an ONNX file with its card."""
import datetime
import json

import numpy as np
import torch

import card as cards
import export as ex
from data import split_of
from net import MEAN, STD, fused
from outline import SIZE, THRESHOLD, OutlineNet, outline_figures, outline_scores
from report import rounded

LIMITS = [
    "The outlines it learnt from were drawn or checked by people of varying care; borders of faint lesions are a matter of opinion.",
    "All metrics are on validation pictures of dermoscopy; on smartphone photographs nothing has been measured here.",
    "It expects one lesion; with several in the picture it may join them or follow the largest.",
    "Hair, gel bubbles and dark corners can be taken for lesion.",
    "The outline has the resolution of a 64 x 64 map; measured areas and diameters need the clinician's eye.",
]
MASK_FORMULA = ("the output is 1 x 1 x 64 x 64; scale the logits up to the picture bilinearly with half-pixel centres, "
                "then sigmoid(logit) >= threshold is lesion")


def build(version, sha, records, metrics):
    return {
        "schema": 1, "name": "lentigo-outline", "version": version, "task": "lesion_outline", "file": "outline.onnx", "sha256": sha,
        "trained_on": datetime.date.today().isoformat(),
        "input": {"name": "image", "width": SIZE, "height": SIZE, "layout": "nchw", "channels": "rgb", "crop": "whole",
                  "resample": "bilinear_antialias", "scale": 1 / 255, "mean": list(MEAN), "std": list(STD)},
        "output": {"name": "mask_logits", "kind": "logits", "threshold": THRESHOLD},
        "licence": cards.LICENCE,
        "data": {"sources": cards.SOURCES, "images": {s: len(split_of(records, s)) for s in ("train", "val")},
                 "split": "by lesion, patient and near-duplicate; train and val share no group",
                 "formulas": {"mask": MASK_FORMULA}},
        "metrics": metrics, "limits": LIMITS,
    }


def export(version, weights, out, records, files):
    net = OutlineNet()
    net.load_state_dict(torch.load(weights, weights_only=True))
    net, path, val = fused(net), out / "outline.onnx", split_of(records, "val")
    ex.to_onnx(net, SIZE, path, "mask_logits")
    print(json.dumps({"onnx_difference": ex.largest_difference(net, path, SIZE)}))
    model, sources = ex.session(path), np.array([r.source for r in val])
    scores = outline_scores(lambda x: ex.run(model, x)[0], val, files)
    metrics = {"split": "val", "all": outline_figures(scores),
               "by_source": {s: outline_figures(scores[sources == s]) for s in sorted(set(sources.tolist()))}}
    cards.write(build(version, ex.sha256(path), records, rounded(metrics)), out / "outline.card.json")
    print(json.dumps(rounded(metrics)))
