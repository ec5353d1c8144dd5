import { PdfFile } from "./file";

/** Dots per inch on paper: letters are crisp from here on, and a page of A4 has four million pixels. */
const DOTS_PER_INCH = 200;
const CSS_PER_INCH = 96;
/** The system may still draw for a while after its dialog is closed. */
const KEPT_MS = 60_000;

let present: (() => void) | null = null;
let turn = 0;

/** Takes the pages of the last print out of the window; one that is still being made is given up. */
export function forgetPrint(): void {
  turn++;
  present?.();
  present = null;
}

function picture(canvas: HTMLCanvasElement): Promise<Blob | null> {
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

async function pageOf(file: PdfFile, number: number): Promise<HTMLElement> {
  const size = file.pages[number - 1];
  const canvas = document.createElement("canvas");
  await file.draw(number, canvas, 1, DOTS_PER_INCH / CSS_PER_INCH, undefined, true);
  const page = document.createElement("div");
  page.className = "print-page";
  if (size) Object.assign(page.style, { width: `${size.width}pt`, height: `${size.height}pt` });
  const blob = await picture(canvas).catch(() => null);
  // A canvas of this size is held in memory four bytes a pixel; its picture needs a fraction.
  canvas.width = canvas.height = 0;
  if (blob) {
    const img = document.createElement("img");
    img.alt = "";
    img.src = URL.createObjectURL(blob);
    await img.decode().catch(() => undefined);
    page.append(img);
  }
  return page;
}

/** Prints a PDF through the dialog of the system: the pages alone, each on a sheet of its own size. */
export async function printPdf(bytes: ArrayBuffer): Promise<void> {
  forgetPrint();
  const mine = turn;
  const file = await PdfFile.open(bytes);
  const sheets = document.createElement("div");
  sheets.className = "print-pages";
  sheets.setAttribute("aria-hidden", "true");
  const style = document.createElement("style");
  const remove = (): void => {
    for (const img of sheets.querySelectorAll("img")) URL.revokeObjectURL(img.src);
    sheets.remove();
    style.remove();
  };
  try {
    for (let number = 1; number <= file.pages.length && turn === mine; number++) sheets.append(await pageOf(file, number));
    const [first] = file.pages;
    if (first) style.textContent = `@page { size: ${first.width}pt ${first.height}pt; margin: 0; }`;
  } catch (reason) {
    remove();
    throw reason;
  } finally {
    file.close();
  }
  // Whoever asked has left, or the session is locked: nothing goes to the printer any more.
  if (turn !== mine) {
    remove();
    return;
  }
  document.head.append(style);
  document.body.append(sheets);
  present = remove;
  window.addEventListener("afterprint", () => setTimeout(() => present === remove && forgetPrint(), KEPT_MS), { once: true });
  window.print();
}
