import { m } from "$i18n";
import type { AppError, AssistantSheetView, RuleFault, RuleFaultKind } from "$ipc";

/** What the editor begins with for a new sheet. */
export const NEW_SHEET: AssistantSheetView = {
  key: "",
  version: 0,
  name: "",
  state: "own",
  source: '[[rule]]\nname = "my-rule"\nwords.en = ["word", "two words"]\nanswer.en = """\nOne sentence.\nAnother one."""\n',
  of_program: false,
  unread: false,
};

const FAULTS: Record<RuleFaultKind, (word: string) => string> = {
  bad_syntax: (word) => m.rules_fault_syntax({ word }),
  bad_name: (word) => m.rules_fault_name({ word }),
  duplicate_name: (word) => m.rules_fault_twice({ word }),
  no_words: (word) => m.rules_fault_no_words({ word }),
  bad_word: (word) => m.rules_fault_word({ word }),
  no_answer: (word) => m.rules_fault_no_answer({ word }),
  may_be_empty: () => m.rules_fault_empty(),
  bad_brace: (word) => m.template_fault_brace({ word }),
  unknown_figure: (word) => m.rules_fault_figure({ word }),
  unknown_article: (word) => m.rules_fault_article({ word }),
  unknown_screen: (word) => m.rules_fault_screen({ word }),
  bad_priority: (word) => m.rules_fault_priority({ word }),
  bad_sign: () => m.template_fault_sign(),
  too_long: () => m.rules_fault_long(),
  no_otherwise: () => m.rules_fault_no_otherwise(),
  otherwise_misplaced: (word) => m.rules_fault_otherwise({ word }),
};

export const faultText = ({ kind, word }: RuleFault): string => FAULTS[kind](word);

/** The faults that a refusal names. */
export function faultsOf({ details }: AppError): RuleFault[] {
  return Array.isArray(details.faults) ? (details.faults as RuleFault[]) : [];
}

/** Where a line begins and ends in a text; the first is 1. */
export function placeOfLine(text: string, line: number): [number, number] {
  const lines = text.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [from, from + (lines[line - 1]?.length ?? 0)];
}
