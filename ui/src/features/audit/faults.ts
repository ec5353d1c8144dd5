import { m } from "$i18n";

type Fault = { meaning: () => string; advice: () => string };

const FAULTS: Record<string, Fault> = {
  row_altered: { meaning: m.audit_fault_row_altered, advice: m.audit_fault_row_altered_do },
  row_missing: { meaning: m.audit_fault_row_missing, advice: m.audit_fault_row_missing_do },
  tail_missing: { meaning: m.audit_fault_tail_missing, advice: m.audit_fault_tail_missing_do },
  anchor_missing: { meaning: m.audit_fault_anchor_missing, advice: m.audit_fault_anchor_missing_do },
  anchor_unreadable: { meaning: m.audit_fault_anchor_unreadable, advice: m.audit_fault_anchor_unreadable_do },
  gap_recorded: { meaning: m.audit_fault_gap_recorded, advice: m.audit_fault_gap_recorded_do },
  rolled_back: { meaning: m.audit_fault_rolled_back, advice: m.audit_fault_rolled_back_do },
};

const RECORDED = ["gap_recorded", "rolled_back"];

/** The rows are sound; one of them tells what an earlier session found. */
export const isOnRecord = (word: string | null): boolean => word !== null && RECORDED.includes(word);

/** What a fault of the chain means and what to do about it. */
export function faultWords(word: string | null): { meaning: string; advice: string } {
  const known = word !== null && Object.hasOwn(FAULTS, word) ? FAULTS[word] : undefined;
  if (known) return { meaning: known.meaning(), advice: known.advice() };
  return { meaning: m.audit_fault_unknown({ word: word ?? m.audit_value_none() }), advice: m.audit_fault_unknown_do() };
}
