/** The worker of the PDF library as a module; the library ships no types for it. */
declare module "pdfjs-dist/legacy/build/pdf.worker.min.mjs";
