"""Painted artefacts: hair, rulers, ink, gel bubbles and dark corners.

They are put on benign and malignant pictures alike, so that they carry no information.
"""
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def _colour(rng, low, high):
    return tuple(int(v) for v in rng.integers(low, high, 3))


def _hair(draw, rng, size):
    dark = rng.random() < 0.8
    for _ in range(rng.integers(3, 22)):
        x, y = rng.random(2) * size
        angle, bend = rng.random() * 2 * math.pi, rng.normal(0, 0.12)
        points = [(x, y)]
        for _ in range(12):
            x, y = x + math.cos(angle) * size / 14, y + math.sin(angle) * size / 14
            angle += bend
            points.append((x, y))
        tone = rng.integers(10, 70) if dark else rng.integers(170, 235)
        colour = (int(tone), int(tone * 0.8), int(tone * 0.7), int(rng.integers(120, 250)))
        draw.line(points, fill=colour, width=int(rng.integers(1, 3)))


def _ruler(draw, rng, size):
    """Ticks along one edge, in a random direction; drawn in black or in white."""
    colour = (*((20, 20, 25) if rng.random() < 0.7 else (235, 235, 235)), 230)
    offset, step = rng.random() * size * 0.3, size * rng.uniform(0.02, 0.09)
    vertical = rng.random() < 0.5
    for index in range(int(size / step) + 1):
        length = size * (0.09 if index % 5 == 0 else 0.05)
        a, b, along = offset, offset + length, index * step
        draw.line([(a, along), (b, along)] if vertical else [(along, a), (along, b)], fill=colour, width=1)
    if rng.random() < 0.5:
        draw.line([(offset, 0), (offset, size)] if vertical else [(0, offset), (size, offset)], fill=colour, width=1)


def _ink(draw, rng, size):
    """Strokes of a surgical marker near the border."""
    colour = ((60, 40, 140), (40, 30, 90), (20, 70, 120), (110, 40, 120))[rng.integers(4)]
    for _ in range(rng.integers(1, 4)):
        angle = rng.random() * 2 * math.pi
        reach = size * rng.uniform(0.32, 0.55)
        x, y = size / 2 + reach * math.cos(angle), size / 2 + reach * math.sin(angle)
        box = [x - size * 0.2, y - size * 0.2, x + size * 0.2, y + size * 0.2]
        start = rng.integers(0, 360)
        draw.arc(box, start, start + rng.integers(40, 200), (*colour, int(rng.integers(90, 220))), int(rng.integers(2, 7)))


def _bubbles(draw, rng, size):
    for _ in range(rng.integers(2, 9)):
        x, y = rng.random(2) * size
        radius = size * rng.uniform(0.01, 0.07)
        box = [x - radius, y - radius, x + radius, y + radius]
        draw.ellipse(box, fill=(*_colour(rng, 200, 250), int(rng.integers(10, 50))), outline=(*_colour(rng, 190, 255), 170))


def _vignette(draw, rng, size):
    """The black surround of a dermatoscope's round field: a ring as wide as the picture."""
    radius = size * rng.uniform(0.5, 0.66)
    x, y = size / 2 + rng.normal(0, size * 0.03, 2)
    far = size * 1.5
    tone = int(rng.integers(0, 30))
    draw.ellipse([x - far, y - far, x + far, y + far], outline=(tone, tone, tone, 255), width=int(far - radius))


def _sticker(draw, rng, size):
    """A coloured patch or a blank label at the border."""
    angle = rng.random() * 2 * math.pi
    x, y = size / 2 + size * 0.55 * math.cos(angle), size / 2 + size * 0.55 * math.sin(angle)
    half = size * rng.uniform(0.08, 0.2)
    draw.ellipse([x - half, y - half, x + half, y + half], fill=(*_colour(rng, 20, 255), 255))


PAINTERS = ((_hair, 0.5), (_ruler, 0.22), (_ink, 0.14), (_bubbles, 0.2), (_vignette, 0.25), (_sticker, 0.08))

NAMED = {"ruler": _ruler, "ink": _ink, "dark_corners": _vignette, "hair": _hair, "bubbles": _bubbles}


def overlay(rng, size):
    """One RGBA overlay with one or more artefacts."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    chosen = [paint for paint, chance in PAINTERS if rng.random() < chance]
    for paint in chosen or [PAINTERS[rng.integers(len(PAINTERS))][0]]:
        paint(draw, rng, size)
    if rng.random() < 0.7:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    return image


def overlay_bank(rng, count, size):
    """float N x 4 x size x size in 0..1."""
    return np.stack([np.asarray(overlay(rng, size)) for _ in range(count)]).transpose(0, 3, 1, 2).astype(np.float32) / 255
