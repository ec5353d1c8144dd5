import type { FieldProblem, PacsSettings } from "$ipc";

/** The form as typed: numbers are still text. */
export type PacsDraft = Omit<PacsSettings, "port" | "patience_seconds"> & { port: string; patience: string };

export const pacsDraft = ({ port, patience_seconds, ...rest }: PacsSettings): PacsDraft => ({ ...rest, port: String(port), patience: String(patience_seconds) });

export const LONGEST_PATIENCE = 120;
const number = (typed: string): number => (/^\d{1,5}$/.test(typed.trim()) ? Number(typed) : 0);

export type JudgedPacs = { request: PacsSettings; problems: [] } | { request: null; problems: FieldProblem[] };

/** What the form can judge by itself; the core judges everything again. */
export function judgePacs({ port: typedPort, patience, ...typed }: PacsDraft): JudgedPacs {
  const request: PacsSettings = {
    ...typed,
    host: typed.host.trim(),
    called_title: typed.called_title.trim(),
    calling_title: typed.calling_title.trim(),
    port: number(typedPort),
    patience_seconds: number(patience),
  };
  const problems: FieldProblem[] = [];
  if (request.enabled && request.host === "") problems.push({ field: "host", code: "required" });
  if (request.port < 1 || request.port > 65_535) problems.push({ field: "port", code: "not_allowed" });
  if (request.enabled && request.called_title === "") problems.push({ field: "called_title", code: "required" });
  if (request.calling_title === "") problems.push({ field: "calling_title", code: "required" });
  if (request.patience_seconds < 1 || request.patience_seconds > LONGEST_PATIENCE) problems.push({ field: "patience_seconds", code: "not_allowed" });
  return problems.length > 0 ? { request: null, problems } : { request, problems: [] };
}
