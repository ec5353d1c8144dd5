"""The pipeline's stages; each imports what it needs, so that evaluating asks for no trainer."""
import collections
import json

import numpy as np

from data import LABELS, MALIGNANT, labels_of, make_views, preprocess, open_rgb, read_files, read_records, split_of

SIZES = (144, 160, 176)


def audit(args):
    """Counts, and the two promises the figures rest on: no shared group, every file present."""
    records, files = read_records(args.data), read_files(args.data)
    groups = {split: {r.group for r in records if r.split == split} for split in ("train", "val")}
    shared = groups["train"] & groups["val"]
    missing = [path for r in records for path in (r.file, r.mask, r.crop) if path and path not in files]
    if shared or missing:
        raise SystemExit(f"{len(shared)} groups are in both splits, {len(missing)} files are missing")
    counts = collections.Counter((r.split, r.source, LABELS[r.label]) for r in records)
    for (split, source, label), count in sorted(counts.items()):
        print(json.dumps({"split": split, "source": source, "label": label, "images": count}))


def train(args):
    from train import Plan, Trainer, going_on

    plan = going_on(args.minutes) if args.start else Plan(minutes=args.minutes)
    Trainer(plan, read_records(args.data), read_files(args.data), args.work, args.start).run()


def choose_size(net, records, files):
    """The input size with the best mean of the two AUCs on val, and its logits."""
    from metrics import auc
    from train import predict

    labels, table, logits = labels_of(records), {}, {}
    malignant = [LABELS.index(c) for c in MALIGNANT]
    for size in SIZES:
        logits[size] = predict(net, make_views(records, files, size)).numpy()
        p = np.exp(logits[size]) / np.exp(logits[size]).sum(1, keepdims=True)
        table[size] = (auc(p[:, 1], labels == 1) + auc(p[:, malignant].sum(1), np.isin(labels, malignant))) / 2
    best = max(table, key=table.get)
    print(json.dumps({"mean_auc_by_size": {s: round(v, 4) for s, v in table.items()}, "chosen": best}))
    return best, logits[best]


def sampler_bias(records):
    """The bias that undoes sampling by the square root of the inverse class frequency."""
    start = 0.5 * np.log(np.bincount(labels_of(split_of(records, "train")), minlength=len(LABELS)))
    return start - start.mean()


def fit_calibration(logits, val, start):
    import calibrate as c

    labels, groups = labels_of(val), [r.group for r in val]
    tilt, table = c.choose_tilt(logits, labels, groups, start)
    bias, temperature = c.fit(logits, labels, tilt, start)
    bias, temperature = np.round(bias, 6), round(temperature, 6)
    # Thresholds and the quantile come from calibrations that did not see the picture's group.
    p = c.held_out(logits, labels, groups, tilt, start)
    total, positive = c.malignant_sum(p), np.isin(labels, c.MALIGNANT_INDEX)
    print(json.dumps({"tilt": tilt, "table": table}))
    return {
        "temperature": temperature, "bias": bias.tolist(), "tilt": tilt,
        "thresholds": {"inconclusive_below": 0.6, "strong_at": 0.8,
                       "suspicious_sum_at": round(c.threshold_for_sensitivity(total, positive, 0.96) - 5e-5, 4),
                       "malignant_sum_at": round(c.threshold_for_specificity(total, positive, 0.95) + 5e-5, 4)},
        "conformal": {"method": "lac", "alpha": 0.1, "quantile": round(c.conformal_quantile(c.lac_scores(p, labels), 0.1), 6)},
    }


def fit_ood(net, records, files, size, out):
    """Fitted on training lesions as the product sees them.

    Every fourth picture is plenty for 256 dimensions, but all of the few photographs are taken, or they would look
    foreign. The threshold keeps 97 % of the val lesions, and 97 % of the training photographs since val has none.
    """
    import ood

    train = split_of(records, "train")
    train = [r for i, r in enumerate(train) if i % 4 == 0 or r.source == "pad_ufes20"]
    photographs = np.array([r.source == "pad_ufes20" for r in train])
    features = ood.pooled_features(net, make_views(train, files, size))
    model = ood.fit(features)
    kept = {"val": ood.scores(model, ood.pooled_features(net, make_views(split_of(records, "val"), files, size))),
            "training_photographs": ood.scores(model, features[photographs])}
    threshold = round(max(float(np.quantile(scores, ood.KEPT)) for scores in kept.values()), 4)
    figures = {"lesions_flagged": {name: round(float((scores > threshold).mean()), 4) for name, scores in kept.items()},
               "made_up_pictures_flagged": ood.detection(model, net, size, threshold)}
    ood.write(model, threshold, figures, out / "lesion.ood.json")
    print(json.dumps({"ood_threshold": threshold, **figures}))
    unseen = figures["made_up_pictures_flagged"]["unseen_kinds"].values()
    return ({"method": "mahalanobis", "layer": "pooled_features", "threshold": threshold, "file": "lesion.ood.json"},
            {"lesions_flagged": figures["lesions_flagged"], "unseen_kinds_flagged": round(sum(unseen) / len(unseen), 4)})


def calibrate(args):
    from export import load_fused

    records, files = read_records(args.data), read_files(args.data)
    net, val = load_fused(args.work / "lesion.pt"), split_of(records, "val")
    size, logits = choose_size(net, val, files)
    ood, ood_figures = fit_ood(net, records, files, size, args.out)
    result = {"size": size, **fit_calibration(logits, val, sampler_bias(records)), "ood": ood, "ood_figures": ood_figures}
    (args.work / "calibration.json").write_text(json.dumps(result), encoding="utf-8")


def shipped_logits(args, card, paths, files, mirrored=False):
    """Logits of the shipped ONNX file, one picture at a time as in the product."""
    import export
    from augment import tensor_of

    model, size = export.session(args.out / card["file"]), card["input"]["width"]
    inputs = (tensor_of(preprocess(open_rgb(files[path]), size)[None]) for path in paths)
    return np.concatenate([export.run(model, x.flip(3) if mirrored else x) for x in inputs])


def shipped_probabilities(card, logits):
    from calibrate import probabilities

    return probabilities(logits, np.array(card["calibration"]["bias"]), card["calibration"]["temperature"])


def centre_crops(args, card, records, files):
    """HAM10000's sharper centre crops, one picture a lesion, alone; and with the mirrored picture averaged in."""
    from report import overall

    records = [r for r in records if r.crop]
    paths, labels = [r.crop for r in records], labels_of(records)
    plain, mirrored = (shipped_logits(args, card, paths, files, m) for m in (False, True))
    return {name: overall(shipped_probabilities(card, logits), labels)
            for name, logits in (("as_shipped", plain), ("mean_with_mirrored", (plain + mirrored) / 2))}


def val_metrics(args, card, records, files):
    """Every figure of the shipped file on val, and its probabilities."""
    from report import full_report, rounded

    p = shipped_probabilities(card, shipped_logits(args, card, [r.file for r in records], files))
    report = full_report(p, labels_of(records), records, card)
    return {**report, "centre_crops": rounded(centre_crops(args, card, records, files))}, p


def export(args):
    import card as cards
    import export as ex
    import parity

    records, files = read_records(args.data), read_files(args.data)
    calibration = json.loads((args.work / "calibration.json").read_text(encoding="utf-8"))
    net, path, val = ex.load_fused(args.work / "lesion.pt"), args.out / "lesion.onnx", split_of(records, "val")
    model = ex.to_onnx(net, calibration["size"], path, "logits")
    print(json.dumps({"onnx_difference": ex.largest_difference(net, path, calibration["size"])}))
    training = json.loads((args.work / "training.json").read_text(encoding="utf-8"))
    card = cards.build(args.version, calibration["size"], ex.sha256(path), ex.last_spatial(model), calibration, records, training)
    metrics, p = val_metrics(args, card, val, files)
    card["metrics"] = {"split": "val", **metrics, "ood": calibration["ood_figures"]}
    cards.write(card, args.out / "lesion.card.json")
    parity.write_phantoms(net, card, args.out / "parity")
    parity.write_val_reference(p, val, card, args.out / "parity")
    parity.write_val_labels(val, args.out / "parity")


def evaluate(args):
    """The shipped file on val, as JSON lines."""
    import card as cards

    card, records, files = cards.read(args.out / "lesion.card.json"), read_records(args.data), read_files(args.data)
    metrics, _ = val_metrics(args, card, split_of(records, "val"), files)
    for name, figures in metrics.items():
        print(json.dumps({"split": "val", "what": name, **figures}))


def similarity(args):
    """Adds to the card what near and far mean, from the features of the trained network on val."""
    import card as cards
    import ood
    import similarity as s
    from export import load_fused

    records, files, path = read_records(args.data), read_files(args.data), args.out / "lesion.card.json"
    card, val = cards.read(path), split_of(records, "val")
    net, size = load_fused(args.work / "lesion.pt"), card["input"]["width"]
    features = ood.pooled_features(net, make_views(val, files, size))
    groups, lesions = np.array([r.group for r in val]), s.lesion_names(val, args.data)
    card["similarity"], card["metrics"]["similarity"] = s.measure(features, labels_of(val), groups, lesions)
    cards.write(card, path)
    print(json.dumps(card["metrics"]["similarity"]))


def robustness(args):
    """Adds to the card what painted artefacts do, and where the heat lies."""
    import card as cards
    import robustness as r
    from export import load_fused
    from report import rounded

    records, files, path = split_of(read_records(args.data), "val"), read_files(args.data), args.out / "lesion.card.json"
    card, net = cards.read(path), load_fused(args.work / "lesion.pt")
    found = {"painted_artefacts": r.specificity_fall(net, card, records, files), "heat": r.heat_inside(net, card, records, files)}
    card = cards.read(path)
    card["metrics"].update(rounded(found))
    cards.write(card, path)
    print(json.dumps(rounded(found)))


def train_outline(args):
    from outline import OutlinePlan, OutlineTrainer

    OutlineTrainer(OutlinePlan(minutes=args.minutes), read_records(args.data), read_files(args.data), args.work).run()


def export_outline(args):
    import outline_card

    outline_card.export(args.version, args.work / "outline.pt", args.out, read_records(args.data), read_files(args.data))


def card(args):
    """MODEL_CARD.md from the cards of the shipped models."""
    from pathlib import Path

    import card as cards
    import model_card

    outline = args.out / "outline.card.json"
    template = (Path(__file__).parent / "MODEL_CARD.template.md").read_text(encoding="utf-8")
    text = model_card.fill(template, cards.read(args.out / "lesion.card.json"), cards.read(outline) if outline.exists() else None)
    (args.out / "MODEL_CARD.md").write_text(text, encoding="utf-8")
