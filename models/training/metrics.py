"""Figures and their intervals; plain numpy, so that they can be read and checked."""
import numpy as np


def auc(scores, positive):
    """Area under the ROC curve by ranks, ties counted half."""
    scores, positive = np.asarray(scores, np.float64), np.asarray(positive, bool)
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def balanced_accuracy(predicted, labels):
    return float(np.mean([(predicted[labels == c] == c).mean() for c in np.unique(labels)]))


def calibration_error(probabilities, labels, bins=15):
    """Expected calibration error of the top probability, equal-width bins."""
    top, right = probabilities.max(1), probabilities.argmax(1) == labels
    which = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [abs(top[which == b].mean() - right[which == b].mean()) * (which == b).mean() for b in np.unique(which)]
    return float(sum(gaps))


def wilson(hits, n, z=1.959963984540054):
    if n == 0:
        return [float("nan")] * 2
    p, half = hits / n, z * np.sqrt(hits / n * (1 - hits / n) / n + z * z / (4 * n * n))
    centre, scale = p + z * z / (2 * n), 1 + z * z / n
    return [float((centre - half) / scale), float((centre + half) / scale)]


def bootstrap(statistic, n, rounds=1000, seed=7):
    """95 % percentile interval of `statistic(indices)` over resampled pictures."""
    rng = np.random.default_rng(seed)
    values = [statistic(rng.integers(0, n, n)) for _ in range(rounds)]
    return [float(v) for v in np.nanpercentile(values, [2.5, 97.5])]
