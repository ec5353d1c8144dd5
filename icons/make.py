"""Makes every icon from icon.png (512 x 512): the sizes that desktops ask for, and the containers of Windows and macOS.

Run by hand when the drawing changes: python3 icons/make.py (needs Pillow).
"""

import struct
from pathlib import Path

from PIL import Image

SIZES = (16, 24, 32, 48, 64, 128, 256)
# Pillow's own writer draws a 1024 that the drawing does not have.
APPLE = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}

here = Path(__file__).parent
drawing = Image.open(here / "icon.png").convert("RGBA")
assert drawing.size == (512, 512), drawing.size

for side in SIZES:
    drawing.resize((side, side), Image.Resampling.LANCZOS).save(here / f"{side}x{side}.png", optimize=True)
drawing.save(here / "icon.ico", sizes=[(side, side) for side in SIZES])

pieces = b""
for side, kind in APPLE.items():
    png = (here / ("icon.png" if side == 512 else f"{side}x{side}.png")).read_bytes()
    pieces += kind + struct.pack(">I", len(png) + 8) + png
(here / "icon.icns").write_bytes(b"icns" + struct.pack(">I", len(pieces) + 8) + pieces)
