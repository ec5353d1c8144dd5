import { IMPRESSIONS } from "$i18n";
import type { Confidence, DecisionEntry, FieldProblem, Impression } from "$ipc";

/** Code of the entry that is said in words. */
export const OTHER = "other";

/** What a lesion is taken for, as a form holds it. */
export type TypedImpression = { term: string; text: string; malignancy: string; confidence: Confidence | "" };

export const blankImpression = (from?: { impression: Impression; confidence?: Confidence }): TypedImpression => ({
  term: from?.impression.term ?? "",
  text: from?.impression.text ?? "",
  malignancy: from?.impression.malignancy ?? "",
  confidence: from?.confidence ?? "",
});

export const impressionOf = (typed: TypedImpression): Impression => ({
  term: typed.term,
  text: typed.term === OTHER ? typed.text.trim() : "",
  malignancy: typed.term === OTHER ? (IMPRESSIONS.find((known) => known === typed.malignancy) ?? null) : null,
});

/** What is missing in it. */
export function impressionProblems(typed: TypedImpression, withConfidence = true): FieldProblem[] {
  const found: FieldProblem[] = [];
  if (typed.term === "") found.push({ field: "term", code: "required" });
  if (typed.term === OTHER && typed.text.trim() === "") found.push({ field: "text", code: "required" });
  if (withConfidence && typed.confidence === "") found.push({ field: "confidence", code: "required" });
  return found;
}

export type PlanKind = DecisionEntry["plan"]["kind"];

const STRENGTH: Record<PlanKind, number> = { reassure: 0, monitor: 1, biopsy: 2, refer: 2 };
const LEAST = { benign: 0, suspicious: 1, malignant: 2 };

/** Whether the plan does less than the band recommends; the core judges again. */
export const doesLess = (plan: PlanKind | "", band: keyof typeof LEAST | null): boolean =>
  plan !== "" && band !== null && STRENGTH[plan] < LEAST[band];

type Held = { impression: TypedImpression; plan: PlanKind | ""; months: string; note: string; override_reason: string };

/** A decision that a lock interrupted. */
export function readHeld(taken: unknown): Held | null {
  if (typeof taken !== "object" || taken === null || !("impression" in taken) || !("plan" in taken)) return null;
  const held = taken as Partial<Record<keyof Held, unknown>>;
  const impression = readTyped(held.impression);
  const { months, note, override_reason } = held;
  if (!impression || typeof months !== "string" || typeof note !== "string" || typeof override_reason !== "string") return null;
  const plan = typeof held.plan === "string" && Object.hasOwn(STRENGTH, held.plan) ? (held.plan as PlanKind) : "";
  return { impression, plan, months, note, override_reason };
}

/** An impression that a lock interrupted. */
export function readTyped(taken: unknown): TypedImpression | null {
  if (typeof taken !== "object" || taken === null) return null;
  const { term, text, malignancy, confidence } = taken as Record<string, unknown>;
  if (typeof term !== "string" || typeof text !== "string" || typeof malignancy !== "string") return null;
  const sure = confidence === "low" || confidence === "moderate" || confidence === "high" ? confidence : "";
  return { term, text, malignancy, confidence: sure };
}
