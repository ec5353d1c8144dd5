import { m } from "$i18n";
import type { AppError, FaultKind, ReportTemplateView, TemplateFault, TextLanguage } from "$ipc";

/** A fault in one language of a template. */
export type Fault = TemplateFault & { language: TextLanguage };

/** What the editor begins with for a new template. */
export const NEW_TEMPLATE: ReportTemplateView = { key: "", version: 0, name: "", state: "own", texts: { en: "", de: "", es: "" }, of_program: false };

const FAULTS: Record<FaultKind, (word: string) => string> = {
  bad_head: (word) => m.template_fault_head({ word }),
  unknown_condition: (word) => m.template_fault_condition({ word }),
  unknown_word: (word) => m.template_fault_word({ word }),
  unknown_placeholder: (word) => m.template_fault_placeholder({ word }),
  bad_brace: (word) => m.template_fault_brace({ word }),
  bad_sign: () => m.template_fault_sign(),
  may_be_empty: () => m.template_fault_empty(),
  too_long: () => m.template_fault_long(),
};

export const faultText = ({ kind, word }: TemplateFault): string => FAULTS[kind](word);

/** The faults that a refusal names. */
export function faultsOf({ details }: AppError): Fault[] {
  return Array.isArray(details.faults) ? (details.faults as Fault[]) : [];
}

/** Where a line begins and ends in a text; the first is 1. */
export function placeOfLine(text: string, line: number): [number, number] {
  const lines = text.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [from, from + (lines[line - 1]?.length ?? 0)];
}
