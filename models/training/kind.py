"""Fits the proposal of a photograph's kind (dermoscopic or clinical) and writes its Rust constants.

    python models/training/kind.py LESIONS > src-tauri/crates/vision/src/kind/weights.rs

LESIONS is the folder with labels.csv and the unpacked photographs. Features are those of
src-tauri/crates/vision/src/kind/features.rs, in the same order. The fit is a network of one layer; every source
counts so that both kinds weigh the same. The figures on standard error come from five folds by group.
"""

import csv
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

SIDE, HIDDEN, DECAY = 96, 8, 8e-3
RATIOS, TEXTURES = [0, 1, 2, 3], [12, 13, 14]


def box(plane: np.ndarray, radius: int) -> np.ndarray:
    padded = np.pad(plane, radius, mode="edge")
    sums = np.cumsum(np.cumsum(np.pad(padded, ((1, 0), (1, 0))), 0), 1)
    side = 2 * radius + 1
    return (sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]) / side**2


def features(path: Path) -> np.ndarray:
    picture = Image.open(path).convert("RGB")
    scale = SIDE / max(picture.size)
    picture = picture.resize([max(1, round(side * scale)) for side in picture.size], Image.BOX)
    rgb = np.asarray(picture, dtype=np.float64) / 255
    height, width, _ = rgb.shape
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    high, low = rgb.max(2), rgb.min(2)
    saturation = np.where(high > 0, (high - low) / np.maximum(high, 1e-6), 0)
    y, x = np.mgrid[0:height, 0:width]
    radius = np.hypot((x + 0.5 - width / 2) / (width / 2), (y + 0.5 - height / 2) / (height / 2))
    ring, corner = (radius > 0.75) & (radius <= 1.0), radius > 1.15
    leg = max(2, round(min(height, width) * 0.08))
    corners = [light[rows, columns].mean() for rows in (np.s_[:leg], np.s_[-leg:]) for columns in (np.s_[:leg], np.s_[-leg:])]
    middle = np.median(light)
    warm, cool = red[ring].mean() - green[ring].mean(), green[ring].mean() - blue[ring].mean()
    edge = np.abs(4 * light[1:-1, 1:-1] - light[:-2, 1:-1] - light[2:, 1:-1] - light[1:-1, :-2] - light[1:-1, 2:])
    fine = np.abs(light - box(light, 1))
    coarse = np.abs(box(light, 1) - box(light, 4))
    ground, bright = max(middle, 0.05), max(middle, 1e-3)
    found = np.array([
        np.mean(corners) / bright, min(corners) / bright, max(corners) / bright, light[corner].mean() / bright,
        (light < 0.12)[corner].mean(), middle, light.std(), light[ring].std(), saturation[ring].mean(),
        saturation.std(), warm, cool, np.median(edge[ring[1:-1, 1:-1]]) / ground, fine[ring].mean() / ground,
        coarse[ring].mean() / ground, (light > 0.92).mean(), high[ring].mean(), blue[ring].mean(),
        warm / max(red[ring].mean(), 0.05), cool / max(red[ring].mean(), 0.05),
    ])
    found[RATIOS] = np.clip(found[RATIOS], 0, 2)
    found[TEXTURES] = np.log(found[TEXTURES] + 1e-3)
    return found


def fit(rows: np.ndarray, dermoscopic: np.ndarray, sources: np.ndarray) -> list[np.ndarray]:
    torch.manual_seed(0)
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    inputs, wanted = torch.tensor((rows - mean) / spread), torch.tensor(dermoscopic)
    shares = {name: 0.5 / len(set(sources[dermoscopic == kind])) for name in set(sources)
              for kind in set(dermoscopic[sources == name])}
    weights = torch.tensor([shares[name] / (sources == name).sum() for name in sources])
    make = lambda *shape: (torch.randn(*shape, dtype=torch.float64) * 0.3).requires_grad_()
    layer, bias, out, start = make(rows.shape[1], HIDDEN), make(HIDDEN), make(HIDDEN), make(1)
    optimiser = torch.optim.LBFGS([layer, bias, out, start], max_iter=300)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        logits = torch.tanh(inputs @ layer + bias) @ out + start
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
        loss = (loss * weights).sum() + DECAY / 10 * ((layer**2).sum() + (out**2).sum())
        loss.backward()
        return loss

    optimiser.step(closure)
    return [mean, spread, *(part.detach().numpy() for part in (layer, bias, out, start))]


def judge(parts: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
    mean, spread, layer, bias, out, start = parts
    return np.tanh((rows - mean) / spread @ layer + bias) @ out + start


def rust(name: str, values: np.ndarray) -> str:
    number = lambda value: f"{value:.6}" if "." in f"{value:.6}" or "e" in f"{value:.6}" else f"{value:.6}.0"
    if values.ndim == 2:
        rows = "".join("    [" + ", ".join(map(number, row)) + "],\n" for row in values)
        return f"pub const {name}: [[f64; {values.shape[1]}]; {values.shape[0]}] = [\n{rows}];\n"
    return f"pub const {name}: [f64; {len(values)}] = [{', '.join(map(number, values))}];\n"


def main() -> None:
    folder = Path(sys.argv[1])
    entries = [row for row in csv.DictReader((folder / "labels.csv").open())]
    # A third of the whole frames is enough beside the crops.
    entries = [row for row in entries if row["source"] != "ham10000" or zlib.crc32(row["group_id"].encode()) % 3 == 0]
    rows = np.array([features(folder / row["file"]) for row in entries])
    sources = np.array([row["source"] for row in entries])
    dermoscopic = (sources != "pad_ufes20").astype(float)
    fold = np.array([zlib.crc32(row["group_id"].encode()) // 3 % 5 for row in entries])
    logits = np.zeros(len(rows))
    for part in range(5):
        held = fold == part
        logits[held] = judge(fit(rows[~held], dermoscopic[~held], sources[~held]), rows[held])
    right = (logits > 0) == (dermoscopic > 0)
    for name in sorted(set(sources)):
        print(name, (sources == name).sum(), round(right[sources == name].mean(), 4), file=sys.stderr)
    sure = np.abs(logits) > np.log(9)
    print("certainty over 0.9:", round(sure.mean(), 3), "right of these:", round(right[sure].mean(), 4), file=sys.stderr)
    names = ["MEAN", "SPREAD", "LAYER", "BIAS", "OUT", "START"]
    print("//! Made by `models/training/kind.py`; do not edit.\n")
    print("\n".join(rust(name, part) for name, part in zip(names, fit(rows, dermoscopic, sources))), end="")


main()
