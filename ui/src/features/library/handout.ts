/** Lays an article alone on paper, for the patient to take along. Its copy stands in the window only while it prints. */
export function printHandout(article: Element): void {
  const sheets = document.createElement("div");
  sheets.className = "print-pages handout";
  sheets.setAttribute("aria-hidden", "true");
  sheets.append(article.cloneNode(true));
  const style = document.createElement("style");
  style.textContent = "@page { margin: 18mm; } @media print { .handout { color-scheme: light; --text-quiet: #333333; font-size: 11pt; } }";
  window.addEventListener("afterprint", () => (sheets.remove(), style.remove()), { once: true });
  document.head.append(style);
  document.body.append(sheets);
  window.print();
}
