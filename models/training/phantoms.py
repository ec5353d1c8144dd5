"""Small made-up lesion pictures for the parity tests; the same bytes on every run."""
import numpy as np
from PIL import Image

SIZES = ((160, 160), (200, 150), (150, 200), (256, 256), (180, 131), (97, 144), (224, 224), (145, 145), (211, 160), (64, 64), (250, 140), (144, 144))
SKINS = ((222, 178, 160), (198, 150, 130), (235, 205, 190), (160, 115, 95))
SPOTS = ((92, 58, 44), (60, 38, 36), (140, 80, 60), (170, 60, 70), (110, 90, 100))


def ellipse(width, height, centre, radii, angle, softness):
    """Coverage 0..1 of a turned ellipse with a soft border."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = (x - centre[0]) / radii[0], (y - centre[1]) / radii[1]
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    return 1 / (1 + np.exp((np.hypot(u, v) - 1) / softness))


def phantom(index):
    rng = np.random.default_rng(1000 + index)
    width, height = SIZES[index % len(SIZES)]
    side = min(width, height)
    picture = np.broadcast_to(np.array(SKINS[index % len(SKINS)], np.float64), (height, width, 3)).copy()
    picture += np.linspace(-12, 12, width)[None, :, None]
    for part in range(1 + index % 4):
        centre = np.array([width, height]) / 2 + rng.normal(0, side * 0.07, 2)
        cover = ellipse(width, height, centre, side * rng.uniform(0.1, 0.32, 2), rng.random() * 3.14, rng.uniform(0.03, 0.15))
        colour = np.array(SPOTS[(index + part) % len(SPOTS)])
        picture += cover[..., None] * (colour - picture) * rng.uniform(0.5, 1)
    # Grain in blocks of four keeps the files small.
    grain = rng.normal(0, 5, (height // 4 + 1, width // 4 + 1, 1)).repeat(4, 0).repeat(4, 1)[:height, :width]
    return Image.fromarray(np.clip(picture + grain, 0, 255).round().astype(np.uint8))


def all_phantoms():
    return {f"phantom_{index + 1:02d}.png": phantom(index) for index in range(len(SIZES))}
