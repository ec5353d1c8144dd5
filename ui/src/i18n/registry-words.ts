import type { ConsentKind, DuplicateFinding, MergeField } from "../ipc/generated";
import { m } from "./generated/messages";

export const consentWords: Record<ConsentKind, () => string> = {
  photo: m.consent_photo,
  ai: m.consent_ai,
  training: m.consent_training,
};

/** What comparing two records showed. */
export const duplicateWords: Record<DuplicateFinding, () => string> = {
  same_family_name: m.duplicate_same_family_name,
  family_name_one_letter_off: m.duplicate_family_name_one_letter_off,
  family_name_sounds_alike: m.duplicate_family_name_sounds_alike,
  family_name_in_part: m.duplicate_family_name_in_part,
  different_family_name: m.duplicate_different_family_name,
  same_given_names: m.duplicate_same_given_names,
  given_name_one_letter_off: m.duplicate_given_name_one_letter_off,
  given_name_sounds_alike: m.duplicate_given_name_sounds_alike,
  given_name_in_part: m.duplicate_given_name_in_part,
  different_given_names: m.duplicate_different_given_names,
  names_swapped: m.duplicate_names_swapped,
  same_date_of_birth: m.duplicate_same_date_of_birth,
  date_of_birth_mistyped: m.duplicate_date_of_birth_mistyped,
  different_date_of_birth: m.duplicate_different_date_of_birth,
  same_sex: m.duplicate_same_sex,
  different_sex: m.duplicate_different_sex,
  same_phone: m.duplicate_same_phone,
  different_phone: m.duplicate_different_phone,
  same_email: m.duplicate_same_email,
  different_email: m.duplicate_different_email,
};

/** Fields of a patient, as they are compared. */
export const patientFieldWords: Record<MergeField, () => string> = {
  family_name: m.patient_family_name,
  given_names: m.patient_given_names,
  date_of_birth: m.patient_date_of_birth,
  sex: m.patient_sex,
  phone: m.patient_phone,
  email: m.patient_email,
  address: m.patient_address,
  fitzpatrick: m.patient_skin_type,
  alert: m.patient_alert,
  medical_history: m.patient_history,
  risk_factors: m.patient_risk_factors,
  photo_consent: m.patient_photo_consent,
  ai_consent: m.patient_ai_consent,
  training_consent: m.patient_training_consent,
};
