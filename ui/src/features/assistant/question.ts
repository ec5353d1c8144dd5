import { m, problemText } from "$i18n";
import { type AppError, fieldProblems } from "$ipc";

/** In characters; the core refuses more. */
export const LONGEST_QUESTION = 2000;

/** What a refusal says of the question. */
export function fieldProblem(error: AppError): string | undefined {
  const problems = fieldProblems(error);
  if (problems.some(({ field }) => field === "conversation_id")) return m.assistant_full();
  const problem = problems.find(({ field }) => field === "question");
  return problem && problemText(problem);
}

/** What a first question may be. */
export const EXAMPLES = [
  m.assistant_example_accuracy,
  m.assistant_example_melanoma,
  m.assistant_example_psoriasis,
  m.assistant_example_upload,
  m.assistant_example_heatmap,
  m.assistant_example_privacy,
] as const;
