"""The outline model: a small U-Net over the whole picture squashed to a square."""
import copy
import json
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from augment import Augmenter, tensor_of
from data import open_mask, open_rgb, split_of
from metrics import bootstrap, wilson
from net import ConvNorm
from train import learning_rate, make_optimizer, update_average

SIZE = 128
CANVAS = 144
THRESHOLD = 0.5


@dataclass(frozen=True)
class OutlinePlan:
    minutes: float
    seed: int = 20261122
    batch: int = 48
    optimizer: str = "sgd"
    rate: float = 0.05
    decay: float = 2e-4
    warmup: float = 0.05
    ema: float = 0.995
    round_steps: int = 200


class Pair(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first, self.second = ConvNorm(inputs, outputs, 3, stride), ConvNorm(outputs, outputs)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))))


class OutlineNet(nn.Module):
    """Logits at half the input's size; they are scaled up bilinearly by whoever draws the outline."""

    def __init__(self, widths=(16, 32, 64, 96, 128)):
        super().__init__()
        self.down = nn.ModuleList(Pair(i, o, 2) for i, o in zip((3, *widths), widths))
        pairs = list(zip(widths[::-1], widths[-2::-1]))
        self.lift = nn.ModuleList(nn.ConvTranspose2d(i, o, 2, 2) for i, o in pairs)
        self.join = nn.ModuleList(Pair(2 * o, o) for _, o in pairs)
        self.out = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x):
        kept = []
        for layer in self.down:
            x = layer(x)
            kept.append(x)
        for lift, join, side in zip(self.lift, self.join, kept[-2::-1]):
            x = join(torch.cat([lift(x), side], 1))
        return self.out(x)


def squashed(record, files, size):
    """Whole picture and whole outline as a square, uint8 4 x size x size."""
    rgb = np.asarray(open_rgb(files[record.file]).resize((size, size), Image.BILINEAR))
    mask = np.asarray(open_mask(files[record.mask]).resize((size, size), Image.BILINEAR))
    return np.dstack([rgb, mask]).transpose(2, 0, 1)


def loss_of(net, pictures, outlines):
    with torch.autocast("cpu", torch.bfloat16):
        logits = net(pictures.contiguous(memory_format=torch.channels_last))
    logits, wanted = logits.float(), F.avg_pool2d(outlines, 2)
    p = logits.sigmoid()
    overlap = 1 - (2 * (p * wanted).sum((1, 2, 3)) + 1) / ((p + wanted).sum((1, 2, 3)) + 1)
    return F.binary_cross_entropy_with_logits(logits, wanted) + overlap.mean()


class OutlineTrainer:
    """Resumed from its checkpoint; its schedule follows the processor time it was given, since it runs as a low-priority job."""

    def __init__(self, plan, records, files, work):
        chosen = split_of(records, "train")
        self.plan, self.work = plan, work
        self.canvases = torch.from_numpy(np.stack([squashed(r, files, CANVAS) for r in chosen]))
        self.weights = torch.tensor([3.0 if r.source == "pad_ufes20" else 1.0 for r in chosen])
        torch.manual_seed(plan.seed)
        self.net = OutlineNet().to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net)
        self.optimizer = make_optimizer(self.net, plan)
        self.steps, self.spent = 0, 0.0

    @property
    def parts(self):
        return {"net": self.net, "average": self.average, "optimizer": self.optimizer}

    @property
    def checkpoint(self):
        return self.work / "outline-checkpoint.pt"

    def save(self):
        torch.save({**{k: v.state_dict() for k, v in self.parts.items()}, "step": self.steps, "spent": self.spent}, self.checkpoint)

    def resume(self):
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            for name, part in self.parts.items():
                part.load_state_dict(state[name])
            self.steps, self.spent = state["step"], state["spent"]

    def step(self, augmenter, share):
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.plan, share)
        batch = torch.multinomial(self.weights, self.plan.batch, replacement=True, generator=augmenter.torch_rng)
        loss = loss_of(self.net, *augmenter(self.canvases[batch], SIZE))
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.steps += 1
        update_average(self.average, self.net, min(self.plan.ema, self.steps / (self.steps + 20)))
        return loss.item()

    def run_round(self, started, before, budget):
        """As many steps as lie between two checkpoints."""
        augmenter, losses = Augmenter(self.plan.seed + self.steps), []
        augmenter.new_bank(SIZE)
        for _ in range(self.plan.round_steps):
            self.spent = before + time.process_time() - started
            if self.spent >= budget:
                break
            losses.append(self.step(augmenter, self.spent / budget))
        return losses

    def run(self):
        self.resume()
        budget, before, started = self.plan.minutes * 60, self.spent, time.process_time()
        while self.spent < budget:
            losses = self.run_round(started, before, budget)
            self.save()
            print(json.dumps({"steps": self.steps, "spent_s": round(self.spent),
                              "loss": round(float(np.mean(losses)), 4) if losses else None}), flush=True)
        torch.save(self.average.state_dict(), self.work / "outline.pt")


def jaccard(logits, mask):
    """Of one picture, at the resolution of its mask; logits are scaled up bilinearly, half-pixel centres."""
    up = F.interpolate(torch.from_numpy(logits)[None], mask.shape, mode="bilinear", align_corners=False)[0, 0].sigmoid().numpy()
    found, wanted = up >= THRESHOLD, mask >= 128
    return (found & wanted).sum() / max((found | wanted).sum(), 1)


def outline_scores(run, records, files):
    """Jaccard of every picture; `run` maps one input tensor to logits."""
    out = []
    for record in records:
        view = np.asarray(open_rgb(files[record.file]).resize((SIZE, SIZE), Image.BILINEAR))
        out.append(jaccard(run(tensor_of(view[None])), np.asarray(open_mask(files[record.mask]))))
    return np.array(out)


def outline_figures(scores):
    low = int((scores < 0.5).sum())
    return {"images": len(scores), "mean_jaccard": {"value": float(scores.mean()), "ci95": bootstrap(lambda i: scores[i].mean(), len(scores))},
            "median_jaccard": float(np.median(scores)), "share_under_half": {"value": low / len(scores), "ci95": wilson(low, len(scores))}}
