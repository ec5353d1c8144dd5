"""Is this a skin lesion at all? A Mahalanobis distance in the pooled features, fitted on training lesions."""
import json

import numpy as np
import torch

from augment import tensor_of
from card import FORMULAS
from negatives import HELD, SHOWN

KEPT = 0.97


@torch.no_grad()
def pooled_features(net, views, batch=64):
    """float64 N x d: the mean of the last spatial map."""
    parts = [net.pooled(net.features(tensor_of(views[i:i + batch]).contiguous(memory_format=torch.channels_last)))
             for i in range(0, len(views), batch)]
    return torch.cat(parts).double().numpy()


def shrunk_covariance(x):
    """Ledoit and Wolf: the sample covariance pulled towards a multiple of the identity, and by how much."""
    n, d = x.shape
    x = x - x.mean(0)
    sample = x.T @ x / n
    target = np.trace(sample) / d * np.eye(d)
    spread = ((sample - target) ** 2).sum()
    error = ((x ** 2).T @ (x ** 2) / n - sample ** 2).sum() / n
    share = min(error / spread, 1.0)
    return share * target + (1 - share) * sample, share


def fit(features):
    """Mean and whitening with precision = whitening @ whitening.T, both to six significant digits."""
    covariance, share = shrunk_covariance(features)
    six = np.vectorize(lambda v: float(f"{v:.6g}"))
    return {"mean": six(features.mean(0)), "whitening": six(np.linalg.cholesky(np.linalg.inv(covariance))), "shrinkage": share}


def scores(model, features):
    return np.sqrt((((features - model["mean"]) @ model["whitening"]) ** 2).sum(1))


def negative_views(kind, size, count, seed):
    rng = np.random.default_rng(seed)
    return np.stack([np.array(kind(rng, size), np.uint8) for _ in range(count)])


def detection(model, net, size, threshold, count=60):
    """Share of made-up pictures flagged, kind by kind; none of these pictures was trained on."""
    out = {}
    for group, kinds in (("kinds_seen_in_training", SHOWN), ("unseen_kinds", HELD)):
        for number, kind in enumerate(kinds):
            views = negative_views(kind, size, count, 9000 + number)
            out.setdefault(group, {})[kind.__name__] = float((scores(model, pooled_features(net, views)) > threshold).mean())
    return out


def write(model, threshold, figures, path):
    """One row of the whitening a line."""
    rows = ",\n".join(json.dumps([v if v else 0 for v in row.tolist()]) for row in model["whitening"])
    head = {"schema": 1, "method": "mahalanobis", "layer": "pooled_features", "formula": FORMULAS["ood"], "dimension": len(model["mean"]),
            "components": model["whitening"].shape[1], "threshold": threshold,
            "shrinkage": model["shrinkage"], "measured": figures, "mean": model["mean"].tolist()}
    text = json.dumps(head, indent=1)[:-2] + ',\n "whitening": [\n' + rows + "\n]\n}\n"
    json.loads(text)
    path.write_text(text, encoding="utf-8")
