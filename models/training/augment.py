"""Batched augmentation: one affine sampling, one colour matrix, then blur, JPEG, noise and artefacts on some."""
import io
import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from artefacts import overlay_bank
from net import MEAN, STD

LUMA = torch.tensor([0.299, 0.587, 0.114])


class Augmenter:
    """All randomness comes from one seeded torch generator and one seeded numpy generator."""

    def __init__(self, seed):
        self.torch_rng = torch.Generator().manual_seed(seed)
        self.numpy_rng = np.random.default_rng(seed)
        self.bank = None

    def new_bank(self, size, count=192):
        self.bank = torch.from_numpy(overlay_bank(self.numpy_rng, count, size))

    def uniform(self, n, low, high):
        return torch.rand(n, generator=self.torch_rng) * (high - low) + low

    def normal(self, n, sigma):
        return torch.randn(n, generator=self.torch_rng) * sigma

    def some(self, n, chance):
        return (torch.rand(n, generator=self.torch_rng) < chance).nonzero().flatten()

    def sample(self, canvases, size):
        """uint8 N x 4 x H x W canvases to float N x 4 x size x size by a random affine map."""
        n, _, height, width = canvases.shape
        angle, scale = self.uniform(n, 0, 2 * math.pi), self.uniform(n, 0.6, 1.15)
        ratio = torch.exp(self.uniform(n, math.log(0.75), math.log(1.33)) * (self.uniform(n, 0, 1) < 0.6) / 2)
        mirror = (self.uniform(n, 0, 1) < 0.5) * 2.0 - 1
        cos, sin = torch.cos(angle), torch.sin(angle)
        sx, sy = scale * ratio * height / width, scale / ratio
        shift_x, shift_y = self.uniform(n, -0.16, 0.16) * height / width, self.uniform(n, -0.16, 0.16)
        theta = torch.stack([
            torch.stack([sx * cos * mirror, -sx * sin, shift_x], 1),
            torch.stack([sy * sin * mirror, sy * cos, shift_y], 1),
        ], 1)
        grid = F.affine_grid(theta, (n, 4, size, size), align_corners=False)
        return F.grid_sample(canvases.float().div_(255), grid, padding_mode="reflection", align_corners=False)

    def colour(self, rgb):
        """Illuminant, brightness, contrast, saturation and hue as one affine colour map, then gamma on some."""
        n = len(rgb)
        means = rgb.mean((2, 3))
        grey_world = (torch.tensor(MEAN) / means.clamp(min=0.05)) ** (self.uniform(n, 0, 1) * (self.uniform(n, 0, 1) < 0.3))[:, None]
        gains = grey_world * torch.exp(self.normal((n, 3), 0.07) + self.uniform(n, -0.18, 0.18)[:, None])
        keep = self.uniform(n, 0.7, 1.35)[:, None, None]
        saturate = keep * torch.eye(3) + (1 - keep) * LUMA.expand(3, 3)
        matrix = hue_rotation(self.normal(n, 0.09)) @ saturate @ torch.diag_embed(gains)
        contrast = self.uniform(n, 0.8, 1.25)
        centre = torch.einsum("nij,nj->ni", matrix, means)
        bias = centre * (1 - contrast)[:, None]
        matrix = matrix * contrast[:, None, None]
        out = torch.baddbmm(bias[:, :, None], matrix, rgb.flatten(2)).view_as(rgb).clamp_(0, 1)
        picked = self.some(n, 0.3)
        out[picked] = out[picked].clamp(min=1e-3) ** torch.exp(self.uniform(len(picked), -0.3, 0.3))[:, None, None, None]
        return out

    def degrade(self, rgb):
        """Blur, JPEG blocks and sensor noise, each on a share of the batch, in place."""
        n, size = len(rgb), rgb.shape[-1]
        picked = self.some(n, 0.2)
        if len(picked):
            small = int(size * float(self.uniform(1, 0.4, 0.8)))
            less = F.interpolate(rgb[picked], (small, small), mode="bilinear", antialias=True, align_corners=False)
            rgb[picked] = F.interpolate(less, (size, size), mode="bilinear", align_corners=False)
        for i in self.some(n, 0.12).tolist():
            rgb[i] = through_jpeg(rgb[i], int(self.numpy_rng.integers(25, 85)))
        picked = self.some(n, 0.2)
        rgb[picked] += self.normal((len(picked), *rgb.shape[1:]), 0.03) * self.uniform(len(picked), 0.2, 1)[:, None, None, None]

    def paint(self, rgb, chance=0.35):
        picked = self.some(len(rgb), chance)
        chosen = self.bank[torch.randint(len(self.bank), (len(picked),), generator=self.torch_rng)]
        if self.uniform(1, 0, 1) < 0.5:
            chosen = chosen.transpose(2, 3)
        alpha = chosen[:, 3:]
        rgb[picked] = rgb[picked] * (1 - alpha) + chosen[:, :3] * alpha

    def __call__(self, canvases, size):
        """Normalised pictures N x 3 x size x size and their outlines N x 1 x size x size."""
        sampled = self.sample(canvases, size)
        rgb = self.colour(sampled[:, :3])
        self.paint(rgb)
        self.degrade(rgb)
        return normalise(rgb.clamp_(0, 1)), sampled[:, 3:]


def hue_rotation(angles):
    """Rotation about the grey axis, N x 3 x 3."""
    cos, sin = torch.cos(angles)[:, None, None], torch.sin(angles)[:, None, None]
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    return cos * torch.eye(3) + sin * cross + (1 - cos) * torch.full((3, 3), 1 / 3)


def through_jpeg(rgb, quality):
    buffer = io.BytesIO()
    Image.fromarray((rgb * 255).round().byte().permute(1, 2, 0).numpy()).save(buffer, "JPEG", quality=quality)
    return torch.from_numpy(np.array(Image.open(buffer))).permute(2, 0, 1).float() / 255


def normalise(rgb):
    return (rgb - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)


def tensor_of(views):
    """uint8 N x H x W x 3 views to the network's input."""
    return normalise(torch.tensor(views).permute(0, 3, 1, 2).float() / 255)
