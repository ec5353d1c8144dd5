"""The peer of the report bench: the same pages by ReportLab, with pictures brought to 300 dots an inch by Pillow.
Usage: report.py FOLDER RUNS; prints the median of the runs in milliseconds."""

import io
import statistics
import sys
import time
from pathlib import Path

from PIL import Image as Picture
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

COLUMN = 235.0
RESOLUTION = 300
ROWS = [
    ["Class", "Nature", "Probability"],
    ["Melanoma (mel)", "Malignant", "83.0 %"],
    ["Melanocytic nevus (nv)", "Benign", "12.0 %"],
    ["Basal cell carcinoma (bcc)", "Malignant", "5.0 %"],
]


def printed(path):
    picture = Picture.open(path).convert("RGB")
    wanted = round(COLUMN / 72 * RESOLUTION)
    if picture.width > wanted:
        picture = picture.resize((wanted, round(wanted * picture.height / picture.width)), Picture.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=84)
    encoded.seek(0)
    return Image(encoded, COLUMN, COLUMN * picture.height / picture.width)


def foot(canvas, document):
    canvas.setFont("Helvetica", 8)
    canvas.drawString(54, 36, "P-000123 · born 9 Mar 1971 · Adaeze Okonkwo")
    canvas.drawRightString(A4[0] - 54, 36, f"Page {document.page}")


def report(folder):
    styles = getSampleStyleSheet()
    body, heading = styles["BodyText"], styles["Heading2"]
    story = [
        Paragraph("Harbour Street Dermatology", styles["Title"]),
        Paragraph("Skin lesion report R-2026-00012", heading),
        Table([["Patient", "Adaeze Okonkwo"], ["Number", "P-000123"], ["Lesion", "L2, mole left calf"]]),
    ]
    for photograph in sorted(folder.glob("*-photograph.jpg")):
        overlay = photograph.with_name(photograph.name.replace("photograph", "overlay"))
        story.append(Table([[printed(photograph), printed(overlay)]]))
        story.append(Paragraph("Dermoscopic, 1600 × 1200 pixels", body))
    story += [
        Paragraph("Class probabilities", heading),
        Table(ROWS),
        Paragraph("Clinician's conclusion", heading),
        Paragraph((folder / "conclusion.txt").read_text(encoding="utf-8"), body),
        Spacer(1, 12),
    ]
    code = QrCodeWidget("A2" * 100)
    left, bottom, right, top = code.getBounds()
    square = Drawing(96, 96, transform=[96 / (right - left), 0, 0, 96 / (top - bottom), 0, 0])
    square.add(code)
    story.append(square)
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def main():
    folder, runs = Path(sys.argv[1]), int(sys.argv[2])
    times = []
    for run in range(runs + 1):
        start = time.perf_counter()
        made = report(folder)
        if run > 0:
            times.append((time.perf_counter() - start) * 1e3)
    assert made.startswith(b"%PDF")
    print(statistics.median(times))


if __name__ == "__main__":
    main()
