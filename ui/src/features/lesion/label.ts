import type { LesionView } from "$ipc";

/** The next free short label: L1, L2, … */
export function nextLabel(lesions: LesionView[]): string {
  const taken = new Set(lesions.map((view) => view.lesion.label));
  let number = lesions.length + 1;
  while (taken.has(`L${number}`)) number++;
  return `L${number}`;
}
