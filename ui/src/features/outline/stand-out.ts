import type { LesionOutline } from "$ipc";
import { isMeasured } from "./outline";

/** What of a lesion's measures is worth a second look, over all its photographs. */
export type StandOut =
  | { kind: "asymmetry" }
  | { kind: "border"; eighths: number }
  | { kind: "colours"; count: number }
  | { kind: "diameter"; millimetres: number };

/** Both axes; half of the eighths; more than half of the six colours; the D of ABCDE. */
const AXES = 2;
const EIGHTHS = 4;
const COLOURS = 4;
const MILLIMETRES = 6;

/** The largest of each over the photographs. */
export function standOut(outlines: readonly LesionOutline[]): StandOut[] {
  const all = outlines.flatMap(({ lesion }) => (isMeasured(lesion) ? [lesion.measures] : []));
  const largest = (values: (number | null | undefined)[]): number => Math.max(0, ...values.map((value) => value ?? 0));
  const eighths = largest(all.map((measures) => measures.border?.score));
  const count = largest(all.map((measures) => measures.colours?.present.length));
  const millimetres = largest(all.map((measures) => measures.size.feret_mm));
  const found: StandOut[] = [];
  if (largest(all.map((measures) => measures.asymmetry?.score)) >= AXES) found.push({ kind: "asymmetry" });
  if (eighths >= EIGHTHS) found.push({ kind: "border", eighths });
  if (count >= COLOURS) found.push({ kind: "colours", count });
  if (millimetres > MILLIMETRES) found.push({ kind: "diameter", millimetres });
  return found;
}
