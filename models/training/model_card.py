"""MODEL_CARD.md, written from the two cards so that its figures cannot drift from them."""
import card as cards
from data import LABELS


def number(value):
    return "–" if value is None else f"{value:.3f}"


def measured(figure):
    """A value with its 95 % interval."""
    if figure is None or figure.get("value") is None:
        return "–"
    low, high = figure.get("ci95") or (None, None)
    return f"{number(figure['value'])} ({number(low)}–{number(high)})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def sources_table(metrics):
    crops = metrics["centre_crops"]
    named = {"all val pictures": metrics["all"], **metrics["by_source"], "HAM10000 centre crops, one a lesion": crops["as_shipped"],
             "the same, mean with the mirrored picture (not shipped)": crops["mean_with_mirrored"]}
    rows = [(name, m["images"], *(measured(m[k]) for k in ("melanoma_auc", "malignancy_auc", "balanced_accuracy_7", "balanced_accuracy_8", "ece_15")))
            for name, m in named.items()]
    return table(("val pictures", "n", "melanoma AUC", "malignancy AUC", "balanced accuracy, 7", "balanced accuracy, 8", "ECE"), rows)


def class_table(metrics):
    rows = []
    for code, m in metrics["by_class"].items():
        low, high = m["recall_ci95"]
        rows.append((code, cards.NAMES[code][0], m["images"], measured(m["auc"]), f"{number(m['recall'])} ({number(low)}–{number(high)})"))
    return table(("code", "class", "n", "AUC", "recall of the likeliest class"), rows)


def band_table(metrics):
    named = {"all val pictures": metrics["bands"], **{k: v["bands"] for k, v in metrics["by_source"].items()}}
    rows = []
    for name, bands in named.items():
        for band, m in bands.items():
            cells = [f"{number(m[k])} ({number(m[k + '_ci95'][0])}–{number(m[k + '_ci95'][1])})" for k in ("sensitivity", "specificity")]
            rows.append((name, f"{band} ≥ {m['at']}", *cells))
    return table(("val pictures", "sum of melanoma, basal and squamous cell carcinoma", "sensitivity", "specificity"), rows)


def group_table(metrics):
    rows = [(kind, value, m["images"], m["malignant"], measured(m["malignancy_auc"]), measured(m["sensitivity_suspicious"]))
            for kind, values in metrics["by_group"].items() for value, m in values.items()]
    return table(("by", "group", "n", "malignant", "malignancy AUC", "sensitivity, suspicious band"), rows)


def conformal_table(metrics):
    named = {"all val pictures": metrics["conformal"], **{k: v["conformal"] for k, v in metrics["by_source"].items()}}
    rows = [(name, f"{number(m['coverage'])} ({number(m['coverage_ci95'][0])}–{number(m['coverage_ci95'][1])})", number(m["mean_size"]),
             number(m["single"])) for name, m in named.items()]
    return table(("val pictures", "coverage", "mean size of the set", "share with one class"), rows)


def reliability_table(metrics):
    rows = [(f"{span.replace('-', '–')} %", m["images"], m["malignant"], measured(m["share"])) for span, m in metrics["reliability"].items()]
    return table(("malignant sum", "n", "malignant", "share"), rows)


def artefact_table(metrics):
    found = metrics["painted_artefacts"]
    rows = [("none", measured(found["clean"]), "–")]
    rows += [(kind.replace("_", " "), measured(m["specificity"]), measured(m["fall"])) for kind, m in found["kinds"].items()]
    return table(("painted on", "specificity, suspicious band", "fall"), rows)


def similarity_words(metrics):
    s = metrics["similarity"]
    return (f"near up to {s['near']}, far from {s['far']}, from {s['pairs_of_one_lesion']} pairs of photographs of one lesion on val: half of them "
            f"are nearer than the first, nine in ten nearer than the second. Among the 8 nearest lesions of val {number(s['same_class_among_8'])} "
            f"are of the same class ({number(s['same_class_by_chance'])} by chance), {number(s['same_class_among_8_by_class_mean'])} as the mean over "
            f"classes. One byte a feature keeps {number(s['bytes_recall_at_10'])} of the 10 nearest that the full numbers find")


def count_table(counts):
    rows = [(split, source, *(classes.get(c, 0) for c in LABELS), sum(classes.values()))
            for split, sources in counts.items() for source, classes in sources.items()]
    return table(("part", "source", *LABELS, "sum"), rows)


def outline_table(metrics):
    named = {"all val pictures": metrics["all"], **metrics["by_source"]}
    rows = [(name, m["images"], measured(m["mean_jaccard"]), number(m["median_jaccard"]), measured(m["share_under_half"])) for name, m in named.items()]
    return table(("val pictures", "n", "mean Jaccard", "median", "share under 0.5"), rows)


def training_table(runs):
    rows = [(number, "random weights" if run["start"] is None else f"`{run['start'][:12]}`", run["minutes"], run["threads"], run["steps"],
             run["batch"], ", ".join(map(str, run["sizes"])), run["mixup"]) for number, run in enumerate(runs, 1)]
    return table(("run", "begins with", "minutes", "threads", "steps", "pictures a step", "sizes", "share of steps with mixup"), rows)


def bullets(sentences):
    return "\n".join(f"- {s}" for s in sentences)


def source_list():
    return "\n".join(f"- {s['name']}: {s['use']}. Licence {s['licence']}. {s['cite']}." for s in cards.SOURCES)


def fill(template, lesion, outline):
    m = lesion["metrics"]
    parts = {
        "counts": count_table(lesion["data"]["images"]), "sources": source_list(), "overall": sources_table(m), "classes": class_table(m),
        "bands": band_table(m), "groups": group_table(m), "conformal": conformal_table(m), "limits": bullets(lesion["limits"]),
        "licence": lesion["licence"], "size": lesion["input"]["width"], "mean": lesion["input"]["mean"], "std": lesion["input"]["std"],
        "temperature": lesion["calibration"]["temperature"], "bias": lesion["calibration"]["bias"], "quantile": lesion["conformal"]["quantile"],
        "ood_threshold": lesion["ood"]["threshold"], "ood_formula": cards.FORMULAS["ood"], "ood_unseen": number(m["ood"]["unseen_kinds_flagged"]),
        "outline_metrics": outline_table(outline["metrics"]) if outline else "", "outline_limits": bullets(outline["limits"]) if outline else "",
        "outline_size": outline["input"]["width"] if outline else "", "map": lesion["input"]["width"] // 16,
        "layer": lesion["feature_layer"], "reliability": reliability_table(m), "artefacts": artefact_table(m),
        "artefact_images": m["painted_artefacts"]["images"], "heat_images": m["heat"]["images"],
        "heat_inside": number(m["heat"]["share_of_heat_inside"]), "heat_ratio": measured(m["heat"]["over_share_of_area"]),
        "similarity": similarity_words(m), "training": training_table(lesion["training"]),
    }
    for name, value in parts.items():
        template = template.replace("{{" + name + "}}", str(value))
    return template
