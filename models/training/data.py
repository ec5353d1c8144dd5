"""Records, tar access and image canvases."""
import csv
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

LABELS = ("nv", "mel", "bcc", "scc", "ak", "bkl", "df", "vasc")
MALIGNANT = ("mel", "bcc", "scc")
TARS = ("ham10000.tar", "isic2017.tar", "pad_ufes20.tar")
CANVAS_ASPECT = 1.3


@dataclass(frozen=True)
class Record:
    file: str
    source: str
    image_id: str
    group: str
    label: int
    sex: str
    age: str
    site: str
    split: str
    mask: str
    crop: str


def read_records(data_dir):
    """One record per image; a HAM10000 centre crop is attached to its frame, never counted apart."""
    with open(Path(data_dir) / "labels.csv", newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    crops = {r["image_id"]: r["file"] for r in rows if r["source"] == "ham10000_crop"}
    return [
        Record(r["file"], r["source"], r["image_id"], r["group_id"], LABELS.index(r["label"]), r["sex"], r["age"],
               r["site"], r["split"], r["mask"], crops.get(r["image_id"], "") if r["source"] == "ham10000" else "")
        for r in rows if r["source"] != "ham10000_crop"
    ]


def read_files(data_dir):
    """All files of the three tars as bytes, keyed by their path inside the tar."""
    files = {}
    for name in TARS:
        with tarfile.open(Path(data_dir) / name) as tar:
            files.update((m.name, tar.extractfile(m).read()) for m in tar if m.isfile())
    return files


def open_rgb(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def open_mask(data):
    return Image.open(io.BytesIO(data)).convert("L")


def centre_square(image):
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def preprocess(image, size):
    """The product's own view: centre square, antialiased bilinear resize; uint8 H x W x 3."""
    return np.asarray(centre_square(image).resize((size, size), Image.BILINEAR))


def canvas_width(height):
    return 2 * round(height * CANVAS_ASPECT / 2)


def _fit_width(array, width):
    """Centre an H x W x C array in `width` columns: cut what is over, mirror what is missing."""
    have = array.shape[1]
    if have >= width:
        left = (have - width) // 2
        return array[:, left:left + width]
    left = (width - have) // 2
    return np.pad(array, ((0, 0), (left, width - have - left), (0, 0)), mode="reflect")


def make_canvas(record, files, height):
    """RGB and mask, `height` tall; the middle square is the product's view, the sides are real context.

    ISIC 2017 images come squashed to a square from mostly 4:3, so they are stretched back first.
    """
    image, mask = open_rgb(files[record.file]), open_mask(files[record.mask])
    wide = height if record.source == "pad_ufes20" else round(height * 4 / 3)
    rgb = np.array(image.resize((wide, height), Image.BILINEAR))
    if record.crop:
        left = (wide - height) // 2
        rgb[:, left:left + height] = open_rgb(files[record.crop]).resize((height, height), Image.BILINEAR)
    outline = np.asarray(mask.resize((wide, height), Image.BILINEAR))
    return _fit_width(np.dstack([rgb, outline]), canvas_width(height))


def make_canvases(records, files, height):
    """uint8 N x 4 x H x W (RGB and mask)."""
    out = np.empty((len(records), 4, height, canvas_width(height)), np.uint8)
    for i, record in enumerate(records):
        out[i] = make_canvas(record, files, height).transpose(2, 0, 1)
    return out


def make_views(records, files, size):
    """The product's views, uint8 N x size x size x 3."""
    return np.stack([preprocess(open_rgb(files[r.file]), size) for r in records])


def labels_of(records):
    return np.array([r.label for r in records])


def split_of(records, name):
    return [r for r in records if r.split == name]
