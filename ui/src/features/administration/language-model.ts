import type { FieldProblem, LanguageModelSettingsRequest, LanguageModelSettingsView } from "$ipc";

/** The form as typed: the seconds are still text, and no stored key ever comes back. */
export type ModelDraft = { enabled: boolean; url: string; model: string; key: string; noKey: boolean; patience: string };

export const LONGEST_PATIENCE = 60;

export const modelDraft = ({ enabled, url, model, patience_seconds }: LanguageModelSettingsView): ModelDraft => ({
  enabled,
  url,
  model,
  key: "",
  noKey: false,
  patience: String(patience_seconds),
});

export type JudgedModel = { request: LanguageModelSettingsRequest; problems: [] } | { request: null; problems: FieldProblem[] };

/** What the form can judge by itself; the core judges everything again. */
export function judgeModel(draft: ModelDraft): JudgedModel {
  const [url, model] = [draft.url.trim(), draft.model.trim()];
  const seconds = /^\d{1,2}$/.test(draft.patience.trim()) ? Number(draft.patience) : 0;
  const problems: FieldProblem[] = [];
  if (draft.enabled && url === "") problems.push({ field: "url", code: "required" });
  if (draft.enabled && model === "") problems.push({ field: "model", code: "required" });
  if (seconds < 1 || seconds > LONGEST_PATIENCE) problems.push({ field: "patience_seconds", code: "not_allowed" });
  if (problems.length > 0) return { request: null, problems };
  const key = draft.noKey ? "" : draft.key === "" ? null : draft.key;
  return { request: { enabled: draft.enabled, url, model, key, patience_seconds: seconds }, problems: [] };
}
