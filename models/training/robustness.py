"""What painted artefacts do to the specificity, and whether the evidence lies on the lesion; on val."""
import numpy as np
import torch
from PIL import Image, ImageDraw

import artefacts
from augment import tensor_of
from calibrate import MALIGNANT_INDEX, malignant_sum, probabilities
from data import centre_square, make_views, open_mask
from metrics import bootstrap, wilson

# Every third benign lesion is enough for an interval of three points.
BENIGN_STEP, SEED = 3, 77


def painted(views, kind):
    """Each view under one artefact, drawn anew for it."""
    rng, out = np.random.default_rng(SEED), []
    for view in views:
        size = view.shape[0]
        layer = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        artefacts.NAMED[kind](ImageDraw.Draw(layer), rng, size)
        out.append(np.asarray(Image.alpha_composite(Image.fromarray(view).convert("RGBA"), layer).convert("RGB")))
    return np.stack(out)


@torch.no_grad()
def run(net, views, batch=32):
    """Logits and last spatial maps of some views at a time."""
    for start in range(0, len(views), batch):
        maps = net.features(tensor_of(views[start:start + batch]))
        yield net.head(net.pooled(maps)), maps


def called(net, card, views):
    """Which views reach the suspicious band."""
    bias, temperature = np.array(card["calibration"]["bias"]), card["calibration"]["temperature"]
    logits = np.concatenate([logits.numpy() for logits, _ in run(net, views)])
    return malignant_sum(probabilities(logits, bias, temperature)) >= card["thresholds"]["suspicious_sum_at"]


def specificity_fall(net, card, records, files):
    """Of benign lesions, the share left unflagged, clean and painted, and the fall in points with its interval."""
    benign = [r for r in records if r.label not in MALIGNANT_INDEX][::BENIGN_STEP]
    views = make_views(benign, files, card["input"]["width"])
    clean = ~called(net, card, views)
    out = {"images": len(benign), "clean": {"value": float(clean.mean()), "ci95": wilson(int(clean.sum()), len(clean))}, "kinds": {}}
    for kind in artefacts.NAMED:
        left = ~called(net, card, painted(views, kind))
        fall = clean.astype(float) - left
        out["kinds"][kind] = {"specificity": {"value": float(left.mean()), "ci95": wilson(int(left.sum()), len(left))},
                              "fall": {"value": float(fall.mean()), "ci95": bootstrap(lambda i: float(fall[i].mean()), len(fall), 500)}}
    return out


@torch.no_grad()
def heat_inside(net, card, records, files):
    """The share of positive heat of the likeliest class inside the lesion's mask, over the mask's share of the view.

    With average pooling and one linear layer Grad-CAM's weight of a channel is the class's own weight.
    """
    size = card["input"]["width"]
    some = [r for r in records if r.mask][::BENIGN_STEP]
    views, place, ratios, inside = make_views(some, files, size), 0, [], []
    for logits, maps in run(net, views):
        weights = net.head.weight[logits.argmax(1)]
        heat = torch.relu((weights[:, :, None, None] * maps).sum(1)).numpy()
        for cells in heat:
            mask = centre_square(open_mask(files[some[place].mask])).resize(heat.shape[1:][::-1], Image.BOX)
            share, place = np.asarray(mask, float) / 255, place + 1
            if cells.sum() > 0 and 0 < share.mean() < 1:
                inside.append(float((cells * share).sum() / cells.sum()))
                ratios.append(inside[-1] / float(share.mean()))
    ratios = np.array(ratios)
    return {"images": len(ratios), "share_of_heat_inside": float(np.mean(inside)),
            "over_share_of_area": {"value": float(ratios.mean()), "ci95": bootstrap(lambda i: float(ratios[i].mean()), len(ratios), 500)}}
