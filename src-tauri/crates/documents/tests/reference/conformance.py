"""Reads what the writer wrote with pydicom and highdicom: python conformance.py FOLDER.

The folder is a file-set of one patient with a photograph, a dermoscopic photograph, a PDF and a measurement report.
Says nothing where all is as the standard asks; else names what is not, and ends with 1.
"""
import json
import sys
from pathlib import Path

import highdicom
import numpy as np
from highdicom.sr import srread
from pydicom import dcmread
from pydicom.fileset import FileSet

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
standard = Path(highdicom.__file__).parent / "_standard"
iods = json.loads((standard / "iod_module_map.json").read_text())
classes = json.loads((standard / "sop_class_iod_map.json").read_text())
modules = json.loads((standard / "module_attribute_map.json").read_text())
faults = []


def check(holds, text):
    if not holds:
        faults.append(text)


def required(ds, path):
    """Attributes of type 1 and 2 at the top of every mandatory module."""
    for module in iods[classes[ds.SOPClassUID]]:
        # The table lists the content macro of reports as if all value types were there at once.
        if module["usage"] != "M" or module["key"] == "sr-document-content":
            continue
        for attribute in modules[module["key"]]:
            if attribute["path"] or attribute["type"] not in "12":
                continue
            keyword = attribute["keyword"]
            check(keyword in ds, f"{path}: {module['key']} lacks {keyword}")
            if attribute["type"] == "1" and keyword in ds:
                value = ds[keyword].value
                empty = value is None or (hasattr(value, "__len__") and len(value) == 0)
                check(not empty, f"{path}: {keyword} is empty")


fileset = FileSet(str(folder / "DICOMDIR"))
check(len(fileset) == expected["files"], f"DICOMDIR lists {len(fileset)} files")
kinds = set()
for instance in fileset:
    path = Path(instance.path)
    ds = dcmread(path)
    kinds.add(ds.Modality)
    required(ds, path.name)
    check(ds.SpecificCharacterSet == "ISO_IR 192", f"{path.name}: character set")
    check(ds.PatientName.family_name == expected["family_name"], f"{path.name}: family name {ds.PatientName}")
    check(ds.PatientName.given_name == expected["given_names"], f"{path.name}: given names {ds.PatientName}")
    check(ds.PatientID == expected["number"], f"{path.name}: {ds.PatientID}")
    for element in ds.iterall():
        check(not element.tag.is_private, f"{path.name}: private {element.tag}")
    if ds.Modality in ("XC", "DMS"):
        pixels = ds.pixel_array
        truth = np.fromfile(folder / "skin.rgb", np.uint8).reshape(36, 48, 3)
        far = np.abs(pixels.astype(int) - truth).mean()
        check(far < 2.5, f"{path.name}: pixels differ by {far}")
    if ds.Modality == "DMS":
        check(ds.TrackingUID == expected["lesion_uid"], f"{path.name}: {ds.TrackingUID}")
        check([float(step) for step in ds.PixelSpacing] == [0.05, 0.05], f"{path.name}: {ds.PixelSpacing}")
    if ds.Modality == "DOC":
        pdf = ds.EncapsulatedDocument[: ds.EncapsulatedDocumentLength]
        check(pdf == (folder / "report.pdf").read_bytes(), f"{path.name}: the PDF has changed")
    if ds.Modality == "SR":
        codes = [element.value for element in ds.iterall() if element.keyword == "LongCodeValue"]
        check(expected["long_code"] in codes, f"{path.name}: long codes {codes}")
        report = srread(path)
        groups = report.content.get_image_measurement_groups(tracking_uid=expected["lesion_uid"])
        check(len(groups) == 2, f"{path.name}: {len(groups)} groups")
        for group in groups:
            check(group.tracking_identifier == expected["lesion_label"], f"{path.name}: {group.tracking_identifier}")
            sites = [site.value.value for site in group.finding_sites]
            check(sites == [expected["site"]], f"{path.name}: sites {sites}")
        measured = {item.name.value: float(item.value) for group in groups for item in group.get_measurements()}
        for code, value in expected["measurements"].items():
            check(abs(measured.get(code, -1) - value) < 1e-3, f"{path.name}: {code} is {measured.get(code)}")
told = {"ENCAP DOC": ("ContentDate", "ContentTime", "DocumentTitle"), "SR DOCUMENT": ("ContentDate", "ContentTime")}
for record in dcmread(folder / "DICOMDIR").DirectoryRecordSequence:
    for keyword in told.get(record.DirectoryRecordType, ()):
        of_file = dcmread(folder.joinpath(*record.ReferencedFileID)).get(keyword)
        check(of_file and record.get(keyword) == of_file, f"DICOMDIR: {keyword} is {record.get(keyword)}, not {of_file}")
check(kinds == {"XC", "DMS", "DOC", "SR"}, f"modalities {kinds}")
print("\n".join(faults))
sys.exit(1 if faults else 0)
