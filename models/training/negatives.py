"""Made-up pictures that show no skin lesion.

The kinds in SHOWN are seen in training; those in HELD only measure whether unseen kinds are flagged too.
"""
import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def colour(rng):
    return tuple(int(v) for v in rng.integers(0, 256, 3))


def cloud(rng, size, slope=None):
    """A random field with a power-law spectrum, scaled to 0..1."""
    fy, fx = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]
    radius = np.maximum(np.hypot(fy, fx), 1 / size)
    slope = rng.uniform(0.6, 2.0) if slope is None else slope
    spectrum = rng.normal(size=radius.shape) + 1j * rng.normal(size=radius.shape)
    field = np.fft.irfft2(spectrum * radius ** -slope, (size, size))
    low, high = np.percentile(field, [1, 99])
    return np.clip((field - low) / (high - low + 1e-9), 0, 1)


def blend(field, first, second):
    return (field[..., None] * np.array(first) + (1 - field[..., None]) * np.array(second)).astype(np.uint8)


def noise(rng, size):
    grain = int(rng.integers(1, 9))
    small = rng.integers(0, 256, (size // grain + 1, size // grain + 1, 3 if rng.random() < 0.7 else 1)).astype(np.uint8)
    return np.broadcast_to(small.repeat(grain, 0).repeat(grain, 1)[:size, :size], (size, size, 3))


def gradient(rng, size):
    y, x = np.mgrid[0:size, 0:size] / size
    angle = rng.random() * 6.28
    field = np.clip(np.hypot(x - rng.random(), y - rng.random()) if rng.random() < 0.4
                    else 0.5 + (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle), 0, 1)
    return blend(field, colour(rng), colour(rng))


def plain(rng, size):
    return np.clip(np.array(colour(rng)) + rng.normal(0, rng.uniform(0, 6), (size, size, 3)), 0, 255).astype(np.uint8)


def checker(rng, size):
    y, x = np.mgrid[0:size, 0:size]
    a, b = rng.integers(4, size // 3, 2)
    field = ((x // a + y // b) % 2 if rng.random() < 0.6 else (x // a) % 2).astype(float)
    return turned(blend(field, colour(rng), colour(rng)), rng)


def turned(array, rng):
    return np.asarray(Image.fromarray(array).rotate(rng.choice([0, 0, 90, rng.random() * 360]), Image.BILINEAR))


def shapes(rng, size):
    image = Image.new("RGB", (size, size), colour(rng))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(2, 14)):
        (x, y), (w, h) = rng.integers(0, size, 2).tolist(), rng.integers(5, size // 2, 2).tolist()
        [draw.rectangle, draw.ellipse][rng.integers(2)]([x, y, x + w, y + h], fill=colour(rng))
        draw.line([tuple(p) for p in rng.integers(0, size, (2, 2)).tolist()], fill=colour(rng), width=int(rng.integers(1, 6)))
    return np.asarray(image)


def texture(rng, size):
    return blend(cloud(rng, size), colour(rng), colour(rng))


def colour_cloud(rng, size):
    return (np.dstack([cloud(rng, size, rng.uniform(0.8, 1.8)) for _ in range(3)]) * 255).astype(np.uint8)


def scene(rng, size):
    """Regions with their own colour and texture, as in a landscape or a room."""
    fields = np.stack([cloud(rng, size, rng.uniform(1.2, 2.2)) for _ in range(rng.integers(2, 6))])
    fields += np.linspace(0, 1, size)[None, :, None] * rng.normal(0, 1, (len(fields), 1, 1))
    region, out = fields.argmax(0), np.zeros((size, size, 3), np.uint8)
    for index in range(len(fields)):
        out[region == index] = blend(cloud(rng, size), colour(rng), colour(rng))[region == index]
    return out


def window(rng, size):
    """Panels and bars as on a computer screen."""
    light = rng.random() < 0.6
    image = Image.new("RGB", (size, size), (240, 240, 240) if light else (30, 32, 38))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 9)):
        (x, y), (w, h) = rng.integers(0, size, 2).tolist(), rng.integers(8, size // 2, 2).tolist()
        draw.rectangle([x, y, x + w, y + h], fill=colour(rng), outline=(90, 90, 90))
        for line in range(y + 4, min(y + h, size), 7):
            draw.rectangle([x + 3, line, x + 3 + int(rng.integers(3, max(4, w))), line + 2], fill=(60, 60, 60) if light else (200, 200, 200))
    return np.asarray(image)


def bricks(rng, size):
    image = Image.new("RGB", (size, size), colour(rng))
    draw, (w, h), base = ImageDraw.Draw(image), rng.integers(10, 50, 2).tolist(), np.array(colour(rng))
    for row in range(0, size, h):
        for x in range(-(row // h % 2) * w // 2, size, w):
            draw.rectangle([x + 1, row + 1, x + w - 2, row + h - 2], fill=tuple(int(v) for v in np.clip(base + rng.normal(0, 15), 0, 255)))
    return turned(np.asarray(image), rng)


def text(rng, size):
    """A page of writing: dark words of broken strokes on paper."""
    image = Image.new("RGB", (size, size), tuple(int(v) for v in rng.integers(215, 256, 3)))
    draw, height, ink = ImageDraw.Draw(image), int(rng.integers(4, 14)), int(rng.integers(0, 90))
    for y in range(int(size * 0.05), size, int(height * 1.7)):
        x = size * 0.05
        while x < size * rng.uniform(0.6, 1):
            if rng.random() < 0.82:
                left, top, right, bottom = x, y + height * rng.choice([0, 0.3]), x + height * 0.45, y + height
                draw.line([(left, top), (left, bottom), (right, rng.choice([top, bottom]))], fill=(ink,) * 3)
            x += height * 0.65
    return np.asarray(image)


def radiograph(rng, size):
    """Soft grey bodies on black."""
    y, x = np.mgrid[0:size, 0:size] / size
    field = 0.25 * cloud(rng, size, 1.8) * (np.hypot(x - 0.5, y - 0.5) < 0.48)
    for _ in range(rng.integers(2, 8)):
        a, b = rng.uniform(0.05, 0.3, 2)
        field = field + rng.uniform(-0.2, 0.5) * np.exp(-((x - rng.random()) / a) ** 2 - ((y - rng.random()) / b) ** 2)
    return np.repeat((np.clip(field, 0, 1) * 255).astype(np.uint8)[..., None], 3, 2)


def foliage(rng, size):
    """Overlapping green and brown leaves."""
    image = Image.new("RGB", (size, size), (40, 60, 30))
    draw = ImageDraw.Draw(image)
    for _ in range(250):
        x, y = rng.random(2) * size
        w, h = rng.uniform(2, 22, 2)
        green = int(rng.integers(60, 200))
        draw.ellipse([x - w, y - h, x + w, y + h], fill=(int(green * rng.uniform(0.3, 0.9)), green, int(green * rng.uniform(0.1, 0.6))))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.2))))


def chart(rng, size):
    image = Image.new("RGB", (size, size), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.line([(size * 0.1, size * 0.05), (size * 0.1, size * 0.9), (size * 0.95, size * 0.9)], fill=(0, 0, 0), width=2)
    for _ in range(rng.integers(1, 5)):
        values = np.cumsum(rng.normal(0, 1, 30))
        values = (values - values.min()) / (np.ptp(values) + 1e-9)
        points = [(size * (0.1 + 0.85 * i / 29), size * (0.9 - 0.8 * v)) for i, v in enumerate(values)]
        draw.line(points, fill=colour(rng), width=int(rng.integers(1, 4)))
    return np.asarray(image)


SHOWN = (noise, gradient, plain, checker, shapes, texture, colour_cloud, scene, window)
HELD = (bricks, text, radiograph, foliage, chart)


def make(kinds, rng, size):
    """One picture of a random kind, uint8 size x size x 3."""
    return np.array(kinds[rng.integers(len(kinds))](rng, size), np.uint8)
