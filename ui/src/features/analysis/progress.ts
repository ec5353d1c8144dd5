import type { AnalysisStep, JobView } from "$ipc";

export const STEPS: readonly AnalysisStep[] = [
  "queued",
  "opening",
  "decoding",
  "checking",
  "classifying",
  "explaining",
  "outlining",
  "saving",
  "done",
];

const ended = (job: JobView): boolean =>
  job.state === "COMPLETED" || job.state === "FAILED" || job.state === "CANCELLED";

export { ended as hasEnded };

/**
 * The newer of two views of one job. Reports come over a channel, by event and as answers, in any
 * order: an end is final, and work never goes backwards.
 */
export function advance(known: JobView | null, report: JobView): JobView {
  if (known === null || known.id !== report.id) return report;
  if (ended(known)) return known;
  if (ended(report)) return report;
  const behind =
    STEPS.indexOf(report.step) < STEPS.indexOf(known.step) ||
    (report.step === known.step && report.fraction < known.fraction) ||
    (known.state === "PROCESSING" && report.state === "PENDING");
  return behind ? known : report;
}
