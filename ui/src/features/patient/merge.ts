import type { MergeChoice, MergeField, MergeTake, PatientDetails } from "$ipc";
import { differences, JOINED, valueText } from "./compared";

const CONSENTS: readonly MergeField[] = ["photo_consent", "ai_consent", "training_consent"];

/** What is proposed before somebody chooses: nothing known is lost, and a consent counts only where both records say so. */
export function proposed(kept: PatientDetails, other: PatientDetails): Partial<Record<MergeField, MergeTake>> {
  const choices: Partial<Record<MergeField, MergeTake>> = {};
  for (const field of differences(kept, other)) {
    const [mine, theirs] = [valueText(kept, field), valueText(other, field)];
    const consent = CONSENTS.includes(field) && kept[field] === true;
    if (consent || mine === null) choices[field] = "other";
    else if (JOINED.includes(field) && theirs !== null) choices[field] = "both";
    else choices[field] = "kept";
  }
  return choices;
}

export function asChoices(chosen: Partial<Record<MergeField, MergeTake>>): MergeChoice[] {
  return Object.entries(chosen).map(([field, take]) => ({ field: field as MergeField, take }));
}
