"""The figures of the shipped model on the validation pictures, whole and by group."""
import numpy as np

from calibrate import MALIGNANT_INDEX, bands, conformal_sets, malignant_sum
from data import LABELS
from metrics import auc, balanced_accuracy, bootstrap, calibration_error, wilson

MEL = LABELS.index("mel")
SEVEN = np.array([0, 1, 2, 3, 3, 4, 5, 6])
SUM_EDGES = (0, 2, 5, 10, 20, 35, 50, 65, 80, 100)
AGE_BANDS = ((0, 30), (30, 45), (45, 60), (60, 75), (75, 200))


def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value


def as_seven(p):
    """Probabilities with actinic keratosis and squamous-cell carcinoma as one class, as in ISIC 2018."""
    return np.stack([p[:, SEVEN == k].sum(1) for k in range(7)], 1)


def is_malignant(labels):
    return np.isin(labels, MALIGNANT_INDEX)


STATISTICS = {
    "melanoma_auc": lambda p, y: auc(p[:, MEL], y == MEL),
    "malignancy_auc": lambda p, y: auc(malignant_sum(p), is_malignant(y)),
    "balanced_accuracy_7": lambda p, y: balanced_accuracy(as_seven(p).argmax(1), SEVEN[y]),
    "balanced_accuracy_8": lambda p, y: balanced_accuracy(p.argmax(1), y),
    "accuracy": lambda p, y: float((p.argmax(1) == y).mean()),
    "ece_15": calibration_error,
}


def with_interval(statistic, p, labels, rounds=500):
    return {"value": statistic(p, labels), "ci95": bootstrap(lambda i: statistic(p[i], labels[i]), len(labels), rounds)}


def overall(p, labels, rounds=500):
    return {"images": len(labels), **{name: with_interval(s, p, labels, rounds) for name, s in STATISTICS.items()}}


def by_class(p, labels):
    out = {}
    for index, code in enumerate(LABELS):
        mine = labels == index
        hits = int((p[mine].argmax(1) == index).sum())
        out[code] = {"images": int(mine.sum()), "recall": hits / max(mine.sum(), 1), "recall_ci95": wilson(hits, int(mine.sum())),
                     "auc": with_interval(lambda q, y: auc(q[:, index], y == index), p, labels)}
    return out


def at_bands(p, labels, thresholds):
    positive = is_malignant(labels)
    out = bands(p, labels, thresholds["suspicious_sum_at"], thresholds["malignant_sum_at"])
    for figures in out.values():
        for name, n in (("sensitivity", int(positive.sum())), ("specificity", int((~positive).sum()))):
            figures[name + "_ci95"] = wilson(round(figures[name] * n), n) if n else None
    return out


def conformal(p, labels, quantile):
    sets = conformal_sets(p, quantile)
    covered = sets[np.arange(len(labels)), labels]
    return {"coverage": float(covered.mean()), "coverage_ci95": wilson(int(covered.sum()), len(labels)),
            "mean_size": float(sets.sum(1).mean()), "single": float((sets.sum(1) == 1).mean()),
            "coverage_by_class": {c: float(covered[labels == i].mean()) for i, c in enumerate(LABELS) if (labels == i).any()}}


def reliability(p, labels):
    """How many pictures were malignant among those with a malignant sum within each range of per cent."""
    total, positive, out = malignant_sum(p) * 100, is_malignant(labels), {}
    for low, high in zip(SUM_EDGES, SUM_EDGES[1:]):
        mine = (total >= low) & ((total < high) | (high == 100))
        found = int(positive[mine].sum())
        out[f"{low}-{high}"] = {"images": int(mine.sum()), "malignant": found,
                                "share": {"value": found / max(mine.sum(), 1), "ci95": wilson(found, int(mine.sum()))}}
    return out


def age_band(text):
    if not text:
        return "unknown"
    low, high = next(b for b in AGE_BANDS if b[0] <= float(text) < b[1])
    return f"{low}-{high - 1}" if high < 200 else f"{low}+"


def subgroups(p, labels, records, thresholds, least=30):
    """AUCs and the suspicious band by sex, age band and site; small groups are left out."""
    keys = {"sex": [r.sex or "unknown" for r in records], "age": [age_band(r.age) for r in records],
            "site": [r.site or "unknown" for r in records]}
    out = {}
    for name, values in keys.items():
        values = np.array(values)
        for value in sorted(set(values)):
            mine = values == value
            if mine.sum() >= least:
                out.setdefault(name, {})[value] = group(p[mine], labels[mine], thresholds)
    return out


def group(p, labels, thresholds):
    positive = is_malignant(labels)
    found = int((malignant_sum(p)[positive] >= thresholds["suspicious_sum_at"]).sum())
    return {"images": len(labels), "malignant": int(positive.sum()),
            "malignancy_auc": with_interval(STATISTICS["malignancy_auc"], p, labels, 300),
            "sensitivity_suspicious": {"value": found / positive.sum() if positive.any() else None,
                                       "ci95": wilson(found, int(positive.sum())) if positive.any() else None}}


def full_report(p, labels, records, card):
    thresholds, sources = card["thresholds"], np.array([r.source for r in records])
    report = {"all": overall(p, labels), "by_source": {}, "by_class": by_class(p, labels),
              "bands": at_bands(p, labels, thresholds), "conformal": conformal(p, labels, card["conformal"]["quantile"]),
              "by_group": subgroups(p, labels, records, thresholds), "reliability": reliability(p, labels)}
    for source in sorted(set(sources)):
        mine = sources == source
        report["by_source"][source] = {**overall(p[mine], labels[mine], 300), "bands": at_bands(p[mine], labels[mine], thresholds),
                                       "conformal": conformal(p[mine], labels[mine], card["conformal"]["quantile"])}
    return rounded(report)
