"""Classifier training on a fixed wall-clock budget; the schedule anneals to zero when the time is up."""
import copy
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from augment import Augmenter, tensor_of
from data import LABELS, MALIGNANT, canvas_width, labels_of, make_canvases, make_views, split_of
from metrics import auc
from negatives import SHOWN, make
from net import LesionNet
from restart import hash_of, past_of, unfold


@dataclass(frozen=True)
class Plan:
    minutes: float
    seed: int = 20261121
    lesions: int = 60
    foreign: int = 4
    foreign_bank: int = 800
    epoch_images: int = 9600
    optimizer: str = "sgd"
    rate: float = 0.08
    decay: float = 5e-4
    warmup: float = 0.04
    smoothing: float = 0.05
    outline_weight: float = 0.3
    foreign_weight: float = 0.2
    mixup_chance: float = 0.4
    ema: float = 0.998
    # (share of the time at which the stage begins, training size, canvas height)
    stages: tuple = ((0.0, 96, 112), (0.30, 112, 130), (0.44, 128, 150), (0.66, 160, 188))
    eval_size: int = 176
    eval_every: int = 4


def going_on(minutes):
    """For a network that has learnt already: less is asked of it at once, and small pictures teach it little."""
    return Plan(minutes, rate=0.04, warmup=0.02, mixup_chance=0.0, stages=((0.0, 128, 150), (0.4, 160, 188)))


SOURCE_WEIGHT = {"ham10000": 1.0, "isic2017": 1.4, "pad_ufes20": 5.0}


def sampling_weights(records):
    """Square root of the inverse class frequency, times the source's weight."""
    labels = labels_of(records)
    counts = np.bincount(labels, minlength=len(LABELS))
    source = np.array([SOURCE_WEIGHT[r.source] for r in records])
    return torch.from_numpy(source / np.sqrt(counts[labels]))


def learning_rate(plan, share):
    if share < plan.warmup:
        return plan.rate * max(share / plan.warmup, 0.02)
    return plan.rate * 0.5 * (1 + math.cos(math.pi * min((share - plan.warmup) / (1 - plan.warmup), 1)))


def stage_of(plan, share):
    return max(index for index, stage in enumerate(plan.stages) if share >= stage[0])


def make_optimizer(net, plan):
    groups = [
        {"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": plan.decay},
        {"params": [p for p in net.parameters() if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if plan.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=plan.rate, momentum=0.9, nesterov=True)
    return torch.optim.AdamW(groups, lr=plan.rate)


def update_average(average, net, decay):
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), net.state_dict().values()):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, 1 - decay)


def foreign_canvases(seed, count, height):
    """Made-up pictures as canvases with an empty outline."""
    rng, width = np.random.default_rng(seed), canvas_width(height)
    out = np.zeros((count, 4, height, width), np.uint8)
    for canvas in out:
        canvas[:3] = make(SHOWN, rng, width)[:height].transpose(2, 0, 1)
    return out


def mix(pictures, outlines, targets, generator):
    share = float(np.random.default_rng(int(torch.randint(1 << 30, (1,), generator=generator))).beta(0.3, 0.3))
    order = torch.randperm(len(pictures), generator=generator)
    return tuple(share * t + (1 - share) * t[order] for t in (pictures, outlines, targets))


def loss_of(net, pictures, outlines, targets, plan):
    with torch.autocast("cpu", torch.bfloat16):
        features = net.features(pictures.contiguous(memory_format=torch.channels_last))
        outline, pooled = net.outline(features), net.pooled(features)
        logits, foreign = net.head(pooled), net.foreign(pooled)
    classes = F.cross_entropy(logits.float(), targets[:, :-1], label_smoothing=plan.smoothing)
    wanted = F.adaptive_avg_pool2d(outlines, outline.shape[-2:])
    return (classes + plan.outline_weight * F.binary_cross_entropy_with_logits(outline.float(), wanted)
            + plan.foreign_weight * F.binary_cross_entropy_with_logits(foreign.float(), targets[:, -1:]))


def target_rows(labels, foreign):
    """Class probabilities and, last, whether the picture is foreign; a foreign picture is of no class."""
    rows = torch.zeros(len(labels) + foreign, len(LABELS) + 1)
    rows[:len(labels), :-1] = F.one_hot(labels, len(LABELS)).float()
    rows[len(labels):, :-1], rows[len(labels):, -1] = 1 / len(LABELS), 1
    return rows


@torch.no_grad()
def predict(net, views, batch=64):
    """Logits for uint8 views."""
    net.eval()
    parts = [net(tensor_of(views[i:i + batch]).contiguous(memory_format=torch.channels_last)) for i in range(0, len(views), batch)]
    net.train()
    return torch.cat(parts)


@torch.no_grad()
def quick_scores(net, views, labels, prior):
    """AUCs and recall on val; the sampler's tilt is taken out by the prior for plain accuracy."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = predict(net, views).float()
    p = logits.softmax(1).double().numpy()
    malignant = [LABELS.index(c) for c in MALIGNANT]
    hits = p.argmax(1) == labels
    tilted = (logits + prior).argmax(1).numpy()
    return {
        "melanoma_auc": round(auc(p[:, 1], labels == 1), 4),
        "malignant_auc": round(auc(p[:, malignant].sum(1), np.isin(labels, malignant)), 4),
        "balanced": round(float(np.mean([hits[labels == c].mean() for c in range(len(LABELS)) if (labels == c).any()])), 4),
        "accuracy": round(float((tilted == labels).mean()), 4),
        "loss": round(float(F.cross_entropy(logits, torch.from_numpy(labels))), 4),
    }


class Trainer:
    def __init__(self, plan, records, files, work, start=None):
        """From nothing, or from the shipped file `start`."""
        self.plan, self.files, self.work, self.start = plan, files, Path(work), start
        self.records = split_of(records, "train")
        labels = torch.from_numpy(labels_of(self.records))
        self.targets = target_rows(labels, plan.foreign_bank)
        self.weights = sampling_weights(self.records)
        val = split_of(records, "val")
        self.val_views, self.val_labels = make_views(val, files, plan.eval_size), labels_of(val)
        self.prior = 0.5 * torch.from_numpy(np.log(np.bincount(labels, minlength=len(LABELS)))).float()
        torch.manual_seed(plan.seed)
        self.net = LesionNet().to(memory_format=torch.channels_last)
        if start:
            unfold(self.net, start, tensor_of(self.val_views[::8]))
        self.average = copy.deepcopy(self.net)
        self.optimizer = make_optimizer(self.net, plan)
        self.epoch, self.steps, self.spent, self.stage = 0, 0, 0.0, None

    @property
    def checkpoint(self):
        return self.work / "checkpoint.pt"

    def save(self):
        state = {"net": self.net.state_dict(), "average": self.average.state_dict(), "optimizer": self.optimizer.state_dict(),
                 "epoch": self.epoch, "steps": self.steps, "spent": self.spent, "start": self.start and hash_of(self.start)}
        partial = self.checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def resume(self):
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            if state["start"] != (self.start and hash_of(self.start)):
                raise SystemExit(f"{self.checkpoint} is of a run with another start; name another --work")
            for name in ("net", "average", "optimizer"):
                getattr(self, name).load_state_dict(state[name])
            self.epoch, self.steps, self.spent = state["epoch"], state["steps"], state["spent"]

    def enter_stage(self, stage, augmenter):
        _, size, height = self.plan.stages[stage]
        if stage != self.stage:
            self.canvases = torch.from_numpy(np.concatenate([
                make_canvases(self.records, self.files, height),
                foreign_canvases(self.plan.seed, self.plan.foreign_bank, height)]))
            self.stage = stage
        augmenter.new_bank(size)
        return size

    def step(self, chosen, size, augmenter, share):
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.plan, share)
        pictures, outlines = augmenter(self.canvases[chosen], size)
        targets = self.targets[chosen]
        # The last tenth sees plain pictures, as the product does.
        if share < 0.9 and float(augmenter.uniform(1, 0, 1)) < self.plan.mixup_chance:
            pictures, outlines, targets = mix(pictures, outlines, targets, augmenter.torch_rng)
        loss = loss_of(self.net, pictures, outlines, targets, self.plan)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.steps += 1
        update_average(self.average, self.net, min(self.plan.ema, self.steps / (self.steps + 20)))
        return loss.item()

    def run_epoch(self, started, before, budget):
        augmenter = Augmenter(self.plan.seed + self.epoch)
        size = self.enter_stage(stage_of(self.plan, self.spent / budget), augmenter)
        order = torch.multinomial(self.weights, self.plan.epoch_images, replacement=True, generator=augmenter.torch_rng)
        losses = []
        for lesions in order.split(self.plan.lesions):
            self.spent = before + time.monotonic() - started
            if self.spent >= budget:
                break
            foreign = torch.randint(len(self.records), len(self.targets), (self.plan.foreign,), generator=augmenter.torch_rng)
            losses.append(self.step(torch.cat([lesions, foreign]), size, augmenter, self.spent / budget))
        self.epoch += 1
        return size, losses

    def log(self, entry):
        with open(self.work / "train.jsonl", "a", encoding="utf-8") as handle:
            handle.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)

    def run(self):
        self.resume()
        budget, before, started = self.plan.minutes * 60, self.spent, time.monotonic()
        while self.spent < budget:
            size, losses = self.run_epoch(started, before, budget)
            entry = {"epoch": self.epoch, "size": size, "steps": self.steps, "spent_s": round(self.spent),
                     "loss": round(float(np.mean(losses)), 4) if losses else None}
            if self.epoch % self.plan.eval_every == 0 or self.spent >= budget:
                entry["val"] = quick_scores(self.average, self.val_views, self.val_labels, self.prior)
            self.log(entry)
            self.save()
        torch.save(self.average.state_dict(), self.work / "lesion.pt")
        runs = [*(past_of(self.start) if self.start else []), self.described()]
        (self.work / "training.json").write_text(json.dumps(runs), encoding="utf-8")

    def described(self):
        """This run, for the card."""
        return {"start": self.start and hash_of(self.start), "minutes": self.plan.minutes, "threads": torch.get_num_threads(),
                "steps": self.steps, "batch": self.plan.lesions + self.plan.foreign, "sizes": [size for _, size, _ in self.plan.stages],
                "mixup": self.plan.mixup_chance}
