"""Makes tests/fixtures/dicom: one picture in the transfer syntaxes and layouts that photographs come in.

The encoders are those of others, so that the reader is held to an outside truth: pydicom 3 with pylibjpeg-openjpeg
writes the files and JPEG 2000, DCMTK 3.6 (dcmconv, dcmcrle, dcmcjpeg, dcmcjpls) everything else.

    python -m venv venv && venv/bin/pip install pydicom pylibjpeg-openjpeg numpy pillow
    venv/bin/python specimens.py ../fixtures/dicom
"""
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000, JPEG2000Lossless

WIDTH, HEIGHT = 48, 36
PHOTOGRAPH = "1.2.840.10008.5.1.4.1.1.77.1.4"
DERMOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.7"
TRUE_COLOUR = "1.2.840.10008.5.1.4.1.1.7.4"
GREY_WORDS = "1.2.840.10008.5.1.4.1.1.7.3"
CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def skin(turn=0):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    spot = np.clip(1.4 - np.hypot(x - 20 + turn, y - 14) / 8, 0, 1)[..., None]
    base = np.stack([214 - x // 4, 168 - y // 3, 140 + x // 8], axis=-1)
    return np.round(base * (1 - spot) + np.array([92, 58, 40]) * spot).astype(np.uint8)


def differences(rgb):
    r, g, b = (rgb[..., channel].astype(float) for channel in range(3))
    y = 0.299 * r + 0.587 * g + 0.114 * b
    cb, cr = (b - y) / 1.772 + 128, (r - y) / 1.402 + 128
    return np.clip(np.round(np.stack([y, cb, cr], axis=-1)), 0, 255).astype(np.uint8)


def dataset(sop_class, photometric, samples, bits=8, stored=None):
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = "2.25.329800735698586629295641978511506172918"
    ds.StudyInstanceUID = "2.25.1"
    ds.SeriesInstanceUID = "2.25.2"
    ds.StudyDate = "20260304"
    ds.Modality = "XC"
    ds.PatientName = "Lindqvist^Åsa"
    ds.PatientID = "Å-0042"
    ds.Rows, ds.Columns = HEIGHT, WIDTH
    ds.SamplesPerPixel = samples
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated = bits
    ds.BitsStored = stored or bits
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = 0
    if samples == 3:
        ds.PlanarConfiguration = 0
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = sop_class
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    return ds


def coded(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def main(out):
    out.mkdir(parents=True, exist_ok=True)

    def save(ds, name):
        ds.save_as(out / f"{name}.dcm", enforce_file_format=True)

    def run(tool, *options, name, of="explicit"):
        subprocess.run([tool, *options, out / f"{of}.dcm", out / f"{name}.dcm"], check=True)

    rgb = skin()
    (out / "skin.rgb").write_bytes(rgb.tobytes())
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "Kanari Optics", "Inger Brekke"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.fromarray(rgb)
    picture.save(out / "skin.jpg", quality=95, exif=exif, icc_profile=profile, comment=b"Haugesund")

    ds = dataset(DERMOSCOPIC, "RGB", 3)
    ds.Modality = "DMS"
    ds.PixelSpacing = ["0.05", "0.06"]
    region = coded("77568009", "SCT", "Back")
    region.AnatomicRegionModifierSequence = [coded("7771000", "SCT", "Left")]
    ds.AnatomicRegionSequence = [region]
    ds.PixelData = rgb.tobytes()
    save(ds, "explicit")
    for name, option in [("implicit", "+ti"), ("big_endian", "+tb"), ("deflated", "+td")]:
        run("dcmconv", option, name=name)
    run("dcmcrle", name="rle")
    for name, options in [
        ("jpeg_baseline", ["+eb", "+q", "95"]),
        ("jpeg_extended", ["+ee", "+q", "95"]),
        ("jpeg_rgb", ["+eb", "+cr", "+q", "95"]),
        ("jpeg_lossless", ["+el"]),
        ("jpeg_lossless_sv1", ["+e1"]),
    ]:
        run("dcmcjpeg", *options, name=name)
    run("dcmcjpls", name="jpeg_ls")
    for name, syntax, options in [("jpeg2000_lossless", JPEG2000Lossless, {}), ("jpeg2000", JPEG2000, {"j2k_cr": [4]})]:
        ds.PixelData = rgb.tobytes()
        ds.PhotometricInterpretation = "RGB"
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.compress(syntax, generate_instance_uid=False, encoding_plugin="pylibjpeg", **options)
        save(ds, name)

    ds = dataset(PHOTOGRAPH, "RGB", 3)
    ds.ICCProfile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ds.PlanarConfiguration = 1
    ds.PixelData = np.moveaxis(rgb, -1, 0).tobytes()
    save(ds, "planar")
    run("dcmcrle", name="planar_rle", of="planar")

    ybr = differences(rgb)
    ds = dataset(PHOTOGRAPH, "YBR_FULL", 3)
    ds.PixelData = ybr.tobytes()
    save(ds, "ybr_full")
    ds = dataset(PHOTOGRAPH, "YBR_FULL_422", 3)
    pairs = ybr.reshape(-1, 2, 3).astype(int)
    shared = (pairs[:, 0, 1:] + pairs[:, 1, 1:] + 1) // 2
    ds.PixelData = np.concatenate([pairs[:, :, 0], shared], axis=1).astype(np.uint8).tobytes()
    save(ds, "ybr_full_422")

    grey = ((np.mgrid[0:HEIGHT, 0:WIDTH][1]) * 80).astype(np.uint16)
    ds = dataset(GREY_WORDS, "MONOCHROME2", 1, 16, 12)
    ds.NumberOfFrames = 1
    ds.WindowCenter, ds.WindowWidth = "2000", "2000"
    ds.PixelData = grey.tobytes()
    save(ds, "monochrome2")
    ds = dataset(CAPTURE, "MONOCHROME1", 1)
    ds.PixelData = (grey // 16).astype(np.uint8).tobytes()
    save(ds, "monochrome1")

    ds = dataset(CAPTURE, "PALETTE COLOR", 1)
    reds = np.arange(256, dtype=np.uint16)
    for colour, table in [("Red", reds), ("Green", 255 - reds), ("Blue", reds // 2)]:
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{colour}PaletteColorLookupTableData", (table * 257).astype("<u2").tobytes())
    ds.PixelData = (grey // 16).astype(np.uint8).tobytes()
    save(ds, "palette")

    frames = np.stack([skin(turn) for turn in (0, 3, 6)])
    ds = dataset(TRUE_COLOUR, "RGB", 3)
    ds.NumberOfFrames = 3
    shared = Dataset()
    measures = Dataset()
    measures.PixelSpacing = ["0.02", "0.02"]
    shared.PixelMeasuresSequence = [measures]
    ds.SharedFunctionalGroupsSequence = [shared]
    ds.PixelData = frames.tobytes()
    save(ds, "frames")
    run("dcmcjpeg", "+e1", name="frames_jpeg", of="frames")
    # Several fragments a frame, found by the table of offsets.
    run("dcmcjpeg", "+e1", "+ff", "+fs", "1", name="frames_fragments", of="frames")


main(Path(sys.argv[1]))
