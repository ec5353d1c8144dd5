"""Pillow's own results for the resize and CMYK tests: python pillow.py OUT. Made with Pillow 13.0.0."""
import sys
from pathlib import Path

import numpy as np
from PIL import Image

# Width, height, target side.
CASES = ((97, 144, 32), (200, 150, 48), (61, 40, 64), (640, 480, 56), (33, 33, 33))
INKS = ((0, 0, 0, 0), (255, 0, 0, 0), (0, 128, 255, 40), (30, 60, 90, 200))


def picture(width, height):
    """Whole-number arithmetic, so that any language gives the same bytes."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return Image.fromarray(((x * x * 3 + y * 7 + c * 50 + x * y) // (4 + c) % 256).astype(np.uint8))


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    for width, height, side in CASES:
        image, short = picture(width, height), min(width, height)
        left, top = (width - short) // 2, (height - short) // 2
        square = image.crop((left, top, left + short, top + short))
        square.resize((side, side), Image.BILINEAR).save(out / f"{width}x{height}_{side}.png", optimize=True)
    inks = Image.fromarray(np.repeat(np.repeat(np.array([INKS], np.uint8), 16, 0), 16, 1).reshape(16, 64, 4), mode="CMYK")
    inks.save(out / "cmyk.jpg", quality=98, subsampling=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
