import * as worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs";

/** jsdom has no workers: the library reads PDFs beside the screen, as in a window that may start none. */
Object.assign(globalThis, { pdfjsWorker: worker });
// There is nothing to paint on, and so no picture of it.
HTMLCanvasElement.prototype.toBlob = (done) => done(null);
