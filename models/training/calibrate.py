"""Calibration, decision thresholds and conformal sets; fitted on the validation pictures alone."""
import math

import numpy as np
import torch
import torch.nn.functional as F

from data import LABELS, MALIGNANT
from metrics import balanced_accuracy, calibration_error

MALIGNANT_INDEX = [LABELS.index(c) for c in MALIGNANT]
TILTS = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.5, 2.5, 4.0, 6.0, 10.0)
ECE_LIMIT = 0.03


def probabilities(logits, bias, temperature):
    """p = softmax((logits + bias) / temperature), in float64."""
    z = (np.asarray(logits, np.float64) + bias) / temperature
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def malignant_sum(p):
    return p[:, MALIGNANT_INDEX].sum(1)


def _minimise(parameters, loss):
    optimizer = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)


def fit(logits, labels, tilt, start):
    """Bias from plain plus `tilt` times class-balanced likelihood, then the temperature from the plain one.

    `start` is the bias that undoes the sampler; the fit is held near it, since some classes have few pictures.
    """
    z, y = torch.from_numpy(np.asarray(logits, np.float64)), torch.from_numpy(labels)
    counts = torch.bincount(y, minlength=len(LABELS)).double()
    weight = (1 + tilt * len(y) / (counts.clamp(min=1) * (counts > 0).sum()))[y] / (1 + tilt)
    start = torch.from_numpy(start)
    bias, log_t = start.clone().requires_grad_(), torch.zeros(1, dtype=torch.float64, requires_grad=True)
    _minimise([bias, log_t], lambda: (weight * F.cross_entropy((z + bias) / log_t.exp(), y, reduction="none")).mean()
              + 0.01 * (bias - start).square().sum())
    fixed = (bias - bias.mean()).detach()
    _minimise([log_t], lambda: F.cross_entropy((z + fixed) / log_t.exp(), y))
    return fixed.numpy(), math.exp(log_t.item())


def folds_of(groups, count=5, seed=3):
    """A fold number for each picture; a group is never torn."""
    names = sorted(set(groups))
    number = dict(zip(np.random.default_rng(seed).permutation(names), np.arange(len(names)) % count))
    return np.array([number[g] for g in groups])


def held_out(logits, labels, groups, tilt, start):
    """Probabilities of every picture from a calibration that did not see its group."""
    fold, out = folds_of(groups), np.empty(np.shape(logits))
    for k in range(fold.max() + 1):
        out[fold == k] = probabilities(logits[fold == k], *fit(logits[fold != k], labels[fold != k], tilt, start))
    return out


def choose_tilt(logits, labels, groups, start):
    """The largest tilt to rare classes whose held-out calibration error stays within the limit."""
    table = []
    for tilt in TILTS:
        p = held_out(logits, labels, groups, tilt, start)
        table.append({"tilt": tilt, "ece": calibration_error(p, labels), "balanced": balanced_accuracy(p.argmax(1), labels)})
    fitting = [row for row in table if row["ece"] <= ECE_LIMIT] or [min(table, key=lambda row: row["ece"])]
    return max(fitting, key=lambda row: row["tilt"])["tilt"], table


def threshold_for_sensitivity(scores, positive, wanted):
    """The highest threshold (score >= threshold is flagged) that still finds `wanted` of the positives."""
    ordered = np.sort(scores[positive])[::-1]
    return float(ordered[math.ceil(wanted * len(ordered)) - 1])


def threshold_for_specificity(scores, positive, wanted):
    """The lowest threshold that leaves at least `wanted` of the negatives unflagged."""
    ordered = np.sort(scores[~positive])
    return float(np.nextafter(ordered[min(math.ceil(wanted * len(ordered)), len(ordered)) - 1], 1))


def lac_scores(p, labels):
    """Nonconformity of the true class: one minus its probability."""
    return 1 - p[np.arange(len(labels)), labels]


def conformal_quantile(scores, alpha):
    """The split-conformal order statistic number ceil((n + 1)(1 - alpha))."""
    rank = min(math.ceil((len(scores) + 1) * (1 - alpha)), len(scores))
    return float(np.sort(scores)[rank - 1])


def conformal_sets(p, quantile):
    """Classes whose probability is at least 1 - quantile; the likeliest class always belongs."""
    sets = p >= 1 - quantile
    sets[np.arange(len(p)), p.argmax(1)] = True
    return sets


def bands(p, labels, suspicious, malignant):
    """Sensitivity and specificity for malignant lesions at the two bands."""
    total, positive = malignant_sum(p), np.isin(labels, MALIGNANT_INDEX)
    return {name: {"at": at, "sensitivity": float((total[positive] >= at).mean()), "specificity": float((total[~positive] < at).mean())}
            for name, at in (("suspicious", suspicious), ("malignant", malignant))}
