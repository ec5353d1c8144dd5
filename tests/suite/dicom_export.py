"""Reads an exported file-set with pydicom and highdicom: python dicom_export.py FOLDER.

Says nothing where all hangs together; else names what does not, and ends with 1.
"""
import json
import sys
from pathlib import Path

from highdicom.sr import srread
from pydicom import dcmread
from pydicom.fileset import FileSet

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
faults = []


def check(holds, text):
    if not holds:
        faults.append(text)


files = [Path(instance.path) for instance in FileSet(str(folder / "DICOMDIR"))]
objects = {ds.SOPInstanceUID: (path, ds) for path in files for ds in [dcmread(path)]}
modalities = sorted(ds.Modality for _, ds in objects.values())
check(modalities == ["DMS", "DOC", "SR", "XC"], f"modalities {modalities}")
check(len({ds.StudyInstanceUID for _, ds in objects.values()}) == 1, "one day is one study")
check(len({ds.SeriesInstanceUID for _, ds in objects.values()}) == 4, "a series for each kind")
for path, ds in objects.values():
    check(ds.PatientID == expected["number"], f"{path.name}: {ds.PatientID}")
    check(ds.PatientName.family_name == expected["family_name"], f"{path.name}: {ds.PatientName}")
    if ds.Modality in ("DMS", "XC"):
        check(ds.pixel_array.shape[2] == 3, f"{path.name}: {ds.pixel_array.shape}")
    if ds.Modality == "DMS":
        check(ds.TrackingUID == expected["lesion_uid"], f"{path.name}: {ds.TrackingUID}")
        check(ds.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50", f"{path.name}: not as it was stored")
    if ds.Modality == "DOC":
        check(ds.EncapsulatedDocument[:5] == b"%PDF-", f"{path.name}: no PDF")
    if ds.Modality == "SR":
        report = srread(path)
        groups = report.content.get_image_measurement_groups(tracking_uid=expected["lesion_uid"])
        check(len(groups) == 2, f"{path.name}: {len(groups)} groups")
        measured = [item for group in groups for item in group.get_measurements()]
        check(any(item.unit.value == "mm" for item in measured), f"{path.name}: nothing in millimetres")
        for study in ds.CurrentRequestedProcedureEvidenceSequence:
            for series in study.ReferencedSeriesSequence:
                for item in series.ReferencedSOPSequence:
                    found = objects.get(item.ReferencedSOPInstanceUID)
                    check(found is not None, f"{path.name}: rests on what is not there")
                    if found:
                        same = (found[1].StudyInstanceUID, found[1].SeriesInstanceUID, found[1].SOPClassUID)
                        told = (study.StudyInstanceUID, series.SeriesInstanceUID, item.ReferencedSOPClassUID)
                        check(same == told, f"{path.name}: {told} is {same}")
print("\n".join(faults))
sys.exit(1 if faults else 0)
