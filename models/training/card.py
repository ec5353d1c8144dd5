"""The model card that travels with the classifier; the application reads it."""
import datetime
import json

from calibrate import MALIGNANT_INDEX
from data import LABELS
from net import MEAN, STD

NAMES = {
    "nv": ("Melanocytic naevus", "benign", None, "D22"),
    "mel": ("Melanoma", "malignant", "372244006", "C43"),
    "bcc": ("Basal cell carcinoma", "malignant", "254701007", "C44"),
    "scc": ("Squamous cell carcinoma or Bowen's disease", "malignant", None, "C44"),
    "ak": ("Actinic keratosis", "premalignant", "201101007", "L57.0"),
    "bkl": ("Benign keratosis (seborrhoeic keratosis, solar lentigo, lichen-planus-like keratosis)", "benign", None, None),
    "df": ("Dermatofibroma", "benign", None, "D23"),
    "vasc": ("Vascular lesion (angioma, angiokeratoma, pyogenic granuloma, haemorrhage)", "benign", None, None),
}
LICENCE = ("Weights: CC BY-NC-SA 4.0, non-commercial research and teaching only, since HAM10000 is under a non-commercial licence. "
           "Not a medical device.")
SOURCES = [
    {"name": "HAM10000", "use": "dermoscopy, whole frames at 200x150 and centre crops at 224x224", "licence": "CC BY-NC-SA 4.0",
     "cite": "Tschandl P, Rosendahl C, Kittler H. The HAM10000 dataset. Sci Data 2018;5:180161"},
    {"name": "ISIC 2017 training part", "use": "dermoscopy, squashed to 256x256", "licence": "CC0 1.0",
     "cite": "Codella N et al. Skin lesion analysis toward melanoma detection. ISBI 2017, arXiv:1710.05006"},
    {"name": "PAD-UFES-20", "use": "smartphone photographs, 300x300, training part only", "licence": "CC BY 4.0",
     "cite": "Pacheco AGC et al. PAD-UFES-20. Data in Brief 2020;32:106221"},
]
LIMITS = [
    "It does not diagnose; a clinician decides, and histology settles a suspicion.",
    "All metrics are on the validation pictures that also chose the model and its calibration; they are not test results.",
    "The validation pictures are dermoscopy of two collections; on smartphone photographs, of which 318 were trained on, nothing has been measured here.",
    "Most pictures show fair skin and none is labelled with its tone; for dark skin nothing is known.",
    "It knows eight classes; Merkel cell carcinoma, lymphoma, infection, inflammation and other diseases are forced into one of them or flagged as unknown.",
    "Lesions of nails, mucosa, scalp and special sites are too few to be judged.",
    "Squamous cell carcinoma, actinic keratosis, dermatofibroma and vascular lesions have few pictures; their intervals are wide.",
    "It sees the centre square alone: a lesion near the long ends of a frame is cut off.",
    "Amelanotic melanoma, small early lesions and thick or rare subtypes have not been judged apart.",
    "The warning about pictures that show no lesion is tuned on made-up pictures and does not catch everything.",
]

FORMULAS = {
    "calibration": "p = softmax((logits + bias) / temperature)",
    "malignant_sum": "p(mel) + p(bcc) + p(scc); suspicious where sum >= suspicious_sum_at, malignant where sum >= malignant_sum_at",
    "conformal": "the set holds every class with p >= 1 - quantile, and always the likeliest class",
    "ood": ("f = mean of the last spatial map over its cells (what GlobalAveragePool yields); "
            "z[j] = sum_i (f[i] - mean[i]) * whitening[i][j]; score = sqrt(sum_j z[j]^2); flagged where score > threshold"),
}


def labels():
    return [{"code": c, "name": n, "malignancy": m, "snomed": s, "icd10": i} for c in LABELS for n, m, s, i in (NAMES[c],)]


def counts(records):
    out = {}
    for r in records:
        part = out.setdefault(r.split, {}).setdefault(r.source, {})
        part[LABELS[r.label]] = part.get(LABELS[r.label], 0) + 1
    return out


def build(version, size, sha, feature_layer, calibration, records, training):
    """`training` is every run that the weights have gone through, the last one last."""
    return {
        "schema": 1, "name": "lentigo-lesion", "version": version, "task": "lesion_classification", "file": "lesion.onnx",
        "sha256": sha, "trained_on": datetime.date.today().isoformat(),
        "input": {"name": "image", "width": size, "height": size, "layout": "nchw", "channels": "rgb", "crop": "centre_square",
                  "resample": "bilinear_antialias", "scale": 1 / 255, "mean": list(MEAN), "std": list(STD)},
        "output": {"name": "logits", "kind": "logits"},
        "labels": labels(),
        "calibration": {"method": "bias_temperature", "temperature": calibration["temperature"], "bias": calibration["bias"]},
        "thresholds": calibration["thresholds"],
        "conformal": calibration["conformal"],
        "ood": calibration["ood"],
        "feature_layer": feature_layer,
        "licence": LICENCE,
        "data": {"sources": SOURCES, "images": counts(records), "malignant_sum": [LABELS[i] for i in MALIGNANT_INDEX],
                 "split": "by lesion, patient and near-duplicate; train and val share no group", "formulas": FORMULAS},
        "training": training,
        "metrics": {},
        "limits": LIMITS,
    }


def write(card, path):
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))
