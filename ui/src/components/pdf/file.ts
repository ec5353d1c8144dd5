import type * as Pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

type Library = typeof Pdfjs;
/** What the library looks for before it starts a worker of its own. */
type Here = typeof globalThis & { pdfjsWorker?: unknown };

/** Points of a PDF (1/72 inch, ISO 32000-1, 8.3.2.3) to pixels of a style sheet (1/96 inch). */
const CSS_PER_POINT = 96 / 72;
/** Most pixels of one canvas; more would not fit into the memory of a small machine. */
const MOST_PIXELS = 16_000_000;
const WORKER_START_MS = 8_000;

export type PageSize = {
  /** In points. */
  width: number;
  height: number;
};

/** Somebody left before a page was drawn. */
export class Left extends Error {}

/** A worker that answers, or null where the window may not start one. */
async function startWorker(): Promise<Worker | null> {
  if (typeof Worker === "undefined") return null;
  try {
    const worker = new Worker(workerUrl, { type: "module" });
    return await new Promise((done) => {
      const end = (found: Worker | null): void => {
        clearTimeout(timer);
        if (found === null) worker.terminate();
        done(found);
      };
      const timer = setTimeout(() => end(null), WORKER_START_MS);
      worker.addEventListener("message", () => end(worker), { once: true });
      worker.addEventListener("error", () => end(null), { once: true });
    });
  } catch {
    return null;
  }
}

/** A PDF that was opened; `close` gives its memory back. */
export class PdfFile {
  private constructor(
    readonly pages: readonly PageSize[],
    private readonly library: Library,
    private readonly document: Pdfjs.PDFDocumentProxy,
    private readonly end: () => void,
  ) {}

  /** Opens the bytes, which belong to the file from then on. Rejects where they are no PDF. */
  static async open(bytes: ArrayBuffer): Promise<PdfFile> {
    const library = await import("pdfjs-dist/legacy/build/pdf.mjs");
    const port = await startWorker();
    const here: Here = globalThis;
    // Without a worker the library works beside the screen: slower, and all the same.
    if (port === null) here.pdfjsWorker ??= await import(/* @vite-ignore */ workerUrl);
    const worker = port === null ? library.PDFWorker.create({}) : library.PDFWorker.create({ port });
    const task = library.getDocument({
      data: new Uint8Array(bytes),
      worker,
      // Nothing is fetched and nothing is compiled: the window allows neither.
      isEvalSupported: false,
      useWasm: false,
      useWorkerFetch: false,
      useSystemFonts: false,
      enableXfa: false,
      stopAtErrors: false,
      verbosity: 0,
    });
    const end = (): void => {
      void task
        .destroy()
        .catch(() => undefined)
        .finally(() => {
          worker.destroy();
          port?.terminate();
        });
    };
    try {
      const document = await task.promise;
      const pages: PageSize[] = [];
      for (let number = 1; number <= document.numPages; number++) {
        const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
        pages.push({ width, height });
      }
      return new PdfFile(pages, library, document, end);
    } catch (reason) {
      end();
      throw reason;
    }
  }

  /**
   * Draws a page, counted from 1. `scale` is pixels of the style sheet per CSS pixel of the page, `density` pixels of
   * the screen per pixel of the style sheet. Rejects with `Left` when the signal ends it.
   */
  async draw(number: number, canvas: HTMLCanvasElement, scale: number, density: number, signal?: AbortSignal, forPrint = false): Promise<void> {
    const page = await this.document.getPage(number);
    if (signal?.aborted) throw new Left();
    const wanted = page.getViewport({ scale: scale * CSS_PER_POINT * density });
    const fits = Math.min(1, Math.sqrt(MOST_PIXELS / (wanted.width * wanted.height)));
    const viewport = page.getViewport({ scale: scale * CSS_PER_POINT * density * fits });
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    if (canvas.getContext("2d") === null) return;
    const task = page.render({ canvas, viewport, intent: forPrint ? "print" : "display" });
    const stop = (): void => task.cancel();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await task.promise;
    } catch (reason) {
      if (signal?.aborted) throw new Left();
      throw reason;
    } finally {
      signal?.removeEventListener("abort", stop);
      page.cleanup();
    }
  }

  /** Lays the words of a page over its picture, clear, where they can be chosen and read aloud. */
  async words(number: number, container: HTMLElement, scale: number, signal: AbortSignal): Promise<void> {
    const page = await this.document.getPage(number);
    if (signal.aborted) throw new Left();
    container.replaceChildren();
    const viewport = page.getViewport({ scale: scale * CSS_PER_POINT });
    container.style.setProperty("--total-scale-factor", String(scale * CSS_PER_POINT));
    if (document.createElement("canvas").getContext("2d") === null) {
      // Where nothing is drawn there is no place to lay the words over; they are still there to be read.
      const { items } = await page.getTextContent();
      container.textContent = items.map((item) => ("str" in item ? item.str : "")).join(" ");
      return;
    }
    const layer = new this.library.TextLayer({ textContentSource: page.streamTextContent(), container, viewport });
    const stop = (): void => layer.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      await layer.render();
    } catch (reason) {
      if (signal.aborted) throw new Left();
      throw reason;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  close(): void {
    this.end();
  }
}

export const cssPixels = (points: number): number => points * CSS_PER_POINT;
