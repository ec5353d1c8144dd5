import type { PaperSize } from "./types";

/** Points (ISO 216, ANSI/ASME Y14.1). */
const SIZES: Record<PaperSize, [width: number, height: number]> = { a4: [595.28, 841.89], letter: [612, 792] };
const MARGIN = 56;

const escaped = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?").replaceAll(/[\\()]/g, String.raw`\$&`);

/** A page: the first line large, a rule under it, a box for a picture, then the rest. */
function content(lines: string[], [width, height]: [number, number], mark: string): string {
  const [title = "", ...rest] = lines;
  const text = rest.map((line) => `(${escaped(line)}) Tj T*`).join("\n");
  const watermark = mark === "" ? "" : `q 0.85 g BT /F1 90 Tf 0.7 0.7 -0.7 0.7 140 240 Tm (${mark}) Tj ET Q`;
  return `${watermark}
BT /F1 18 Tf ${MARGIN} ${height - 80} Td (${escaped(title)}) Tj ET
q 0.6 G 0.8 w ${MARGIN} ${height - 92} m ${width - MARGIN} ${height - 92} l S Q
q 0.83 0.66 0.57 rg ${MARGIN} ${height - 300} 180 180 re f 0.42 0.26 0.19 rg ${MARGIN + 55} ${height - 245} 70 70 re f Q
BT /F1 11 Tf 15 TL ${MARGIN} ${height - 330} Td ${text} ET`;
}

/** A small PDF (ISO 32000-1) with real text, made of the lines of each page. */
export function pdf(pages: string[][], { paper = "a4", mark = "" }: { paper?: PaperSize; mark?: string } = {}): ArrayBuffer {
  const size = SIZES[paper];
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...pages.flatMap((lines, index) => {
      const stream = content(lines, size, mark);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size.join(" ")}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ];
    }),
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = text.length;
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
}
