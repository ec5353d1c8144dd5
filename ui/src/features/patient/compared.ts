import { formatDay, keysOf, m, patientFieldWords, riskFactorWords, sexWords, skinTypeWords } from "$i18n";
import type { FitzpatrickType, MergeField, PatientDetails } from "$ipc";

/** Details as stored or as typed: the date may still be text, a skin type that is not assessed an empty choice. */
export type Comparable = Omit<PatientDetails, "fitzpatrick"> & { fitzpatrick: FitzpatrickType | "" | null };

export const COMPARED: readonly MergeField[] = keysOf(patientFieldWords);

/** Fields whose values of two records can stand together. */
export const JOINED: readonly MergeField[] = ["alert", "medical_history", "risk_factors"];

/** A value that two records have in common whenever they mean the same. */
function plain(details: Comparable, field: MergeField): string {
  if (field === "risk_factors") return [...details.risk_factors].sort().join();
  if (field === "fitzpatrick") return details.fitzpatrick ?? "";
  return String(details[field]).trim();
}

export function sameValue(one: Comparable, other: Comparable, field: MergeField): boolean {
  return plain(one, field) === plain(other, field);
}

export function differences(one: Comparable, other: Comparable): MergeField[] {
  return COMPARED.filter((field) => !sameValue(one, other, field));
}

/** A value for people; null where the record says nothing. */
export function valueText(details: Comparable, field: MergeField): string | null {
  switch (field) {
    case "date_of_birth":
      return /^\d{4}-\d{2}-\d{2}$/.test(details.date_of_birth) ? formatDay(details.date_of_birth) : details.date_of_birth || null;
    case "sex":
      return sexWords[details.sex]();
    case "fitzpatrick":
      return details.fitzpatrick ? skinTypeWords[details.fitzpatrick]() : null;
    case "risk_factors":
      return details.risk_factors.map((factor) => riskFactorWords[factor]()).join(", ") || null;
    case "photo_consent":
    case "ai_consent":
    case "training_consent":
      return details[field] ? m.consent_is_given() : m.consent_is_not_given();
    default:
      return details[field].trim() || null;
  }
}
