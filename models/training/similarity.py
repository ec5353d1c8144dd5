"""How alike two photographs are to the classifier: the cosine distance of its pooled features, and what is near.

The bounds of the words are taken from pairs of different photographs of one lesion on val: half of them are
`near`, and from the distance that nine in ten of them stay under, a case is `far`.
"""
import csv
from pathlib import Path

import numpy as np

NEAR, FAR = 0.5, 0.9
NEIGHBOURS = 10
SHOWN = 8


def directions(features):
    return features / np.linalg.norm(features, axis=1, keepdims=True)


def as_bytes(features):
    """The direction as the application keeps it: one signed byte a feature, the largest scaled to 127."""
    return np.round(features / np.abs(features).max(1, keepdims=True) * 127)


def lesion_names(records, data_dir):
    """The lesion of each record; a picture whose lesion has no name is one of its own."""
    with open(Path(data_dir) / "labels.csv", newline="", encoding="utf-8") as handle:
        names = {r["image_id"]: r["lesion_id"] for r in csv.DictReader(handle)}
    return np.array([names.get(r.image_id) or r.image_id for r in records])


def nearest(unit, groups, count):
    """Positions of the nearest pictures of other groups (lesion, patient and near-duplicates joined)."""
    likeness = unit @ unit.T
    likeness[groups[:, None] == groups[None]] = -np.inf
    return np.argsort(-likeness, 1)[:, :count]


def measure(features, labels, groups, lesions):
    """The bounds, and how good the neighbours are on val."""
    unit = directions(features)
    pairs = np.triu(lesions[:, None] == lesions[None], 1)
    same = 1 - (unit @ unit.T)[pairs]
    exact, kept = nearest(unit, groups, NEIGHBOURS), nearest(directions(as_bytes(features)), groups, NEIGHBOURS)
    agree = labels[exact[:, :SHOWN]] == labels[:, None]
    recall = np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(exact, kept)])
    chance = float(np.mean(np.bincount(labels)[labels] / len(labels)))
    bounds = {"near": round(float(np.quantile(same, NEAR)), 4), "far": round(float(np.quantile(same, FAR)), 4)}
    return bounds, {"images": len(labels), "pairs_of_one_lesion": int(pairs.sum()), **bounds,
                    "bytes_recall_at_10": round(float(recall), 4),
                    "same_class_among_8": round(float(agree.mean()), 4), "same_class_by_chance": round(chance, 4),
                    "same_class_among_8_by_class_mean": round(float(np.mean([agree[labels == k].mean() for k in np.unique(labels)])), 4)}
