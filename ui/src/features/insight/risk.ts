import type { AnalysisId, LesionId, PatientRiskView, RiskChecklist, RiskFinding, RiskReading } from "$ipc";

/** One thing that speaks of the risk, on the day it was said. */
export type RiskEvent = { key: string; at: number; lesionId: LesionId; analysisId: AnalysisId | null } & (
  | { kind: "reading"; of: RiskReading }
  | { kind: "checklist"; of: RiskChecklist }
  | { kind: "finding"; of: RiskFinding }
);

/** Readings, checklists and findings together, the newest first. */
export function together({ readings, checklists, findings }: PatientRiskView): RiskEvent[] {
  const events: RiskEvent[] = [
    ...readings.map((of) => ({ kind: "reading" as const, of, key: of.id, at: Date.parse(of.at), lesionId: of.lesion_id, analysisId: of.id })),
    ...checklists.map((of) => ({ kind: "checklist" as const, of, key: of.id, at: Date.parse(of.at), lesionId: of.lesion_id, analysisId: of.analysis_id })),
    // Findings have a day and no hour: they stand at its end.
    ...findings.map((of) => ({ kind: "finding" as const, of, key: of.id, at: Date.parse(`${of.taken_on}T23:59:59`), lesionId: of.lesion_id, analysisId: null })),
  ];
  return events.sort((a, b) => b.at - a.at || a.key.localeCompare(b.key));
}
