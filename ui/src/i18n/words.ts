import type {
  AnalysisStep,
  Band,
  BodySite,
  FitzpatrickType,
  ImageKind,
  JobState,
  Laterality,
  Malignancy,
  PaperSize,
  QualityCode,
  RiskFactor,
  Role,
  Sex,
  Urgency,
} from "../ipc/generated";
import { m } from "./generated/messages";

/** One word for each value of a closed set: a missing value does not compile. */
type Words<T extends string> = Record<T, () => string>;

export const sexWords: Words<Sex> = {
  female: m.sex_female,
  male: m.sex_male,
  other: m.sex_other,
  unknown: m.sex_unknown,
};

export const skinTypeWords: Words<FitzpatrickType> = {
  I: m.skin_I,
  II: m.skin_II,
  III: m.skin_III,
  IV: m.skin_IV,
  V: m.skin_V,
  VI: m.skin_VI,
};

export const riskFactorWords: Words<RiskFactor> = {
  personal_melanoma: m.risk_personal_melanoma,
  family_melanoma: m.risk_family_melanoma,
  personal_skin_cancer: m.risk_personal_skin_cancer,
  many_naevi: m.risk_many_naevi,
  atypical_naevi: m.risk_atypical_naevi,
  severe_sunburns: m.risk_severe_sunburns,
  immunosuppression: m.risk_immunosuppression,
  sunbed_use: m.risk_sunbed_use,
};

export const siteWords: Words<BodySite> = {
  scalp: m.site_scalp,
  face: m.site_face,
  ear: m.site_ear,
  neck: m.site_neck,
  chest: m.site_chest,
  abdomen: m.site_abdomen,
  back: m.site_back,
  buttock: m.site_buttock,
  genital_region: m.site_genital_region,
  shoulder: m.site_shoulder,
  upper_arm: m.site_upper_arm,
  forearm: m.site_forearm,
  hand: m.site_hand,
  thigh: m.site_thigh,
  lower_leg: m.site_lower_leg,
  foot: m.site_foot,
  other: m.site_other,
};

export const sideWords: Words<Laterality> = {
  left: m.side_left,
  right: m.side_right,
  midline: m.side_midline,
  not_applicable: m.side_not_applicable,
};

export const kindWords: Words<ImageKind> = {
  dermoscopic: m.kind_dermoscopic,
  clinical: m.kind_clinical,
  overview: m.kind_overview,
};

export const qualityWords: Words<QualityCode> = {
  blurred: m.quality_blurred,
  too_dark: m.quality_too_dark,
  too_bright: m.quality_too_bright,
  low_contrast: m.quality_low_contrast,
  dark_corners: m.quality_dark_corners,
  ruler: m.quality_ruler,
  ink_marks: m.quality_ink_marks,
  hair: m.quality_hair,
};

export const stepWords: Words<AnalysisStep> = {
  queued: m.step_queued,
  opening: m.step_opening,
  decoding: m.step_decoding,
  checking: m.step_checking,
  classifying: m.step_classifying,
  explaining: m.step_explaining,
  saving: m.step_saving,
  done: m.step_done,
};

export const jobStateWords: Words<JobState> = {
  PENDING: m.job_state_PENDING,
  PROCESSING: m.job_state_PROCESSING,
  COMPLETED: m.job_state_COMPLETED,
  FAILED: m.job_state_FAILED,
  CANCELLED: m.job_state_CANCELLED,
};

export const bandWords: Words<Band> = {
  benign: m.band_benign,
  suspicious: m.band_suspicious,
  malignant: m.band_malignant,
};

export const urgencyWords: Words<Urgency> = {
  routine: m.urgency_routine,
  appointment: m.urgency_appointment,
  immediate: m.urgency_immediate,
};

export const natureWords: Words<Malignancy> = {
  benign: m.nature_benign,
  premalignant: m.nature_premalignant,
  malignant: m.nature_malignant,
};

export const roleWords: Words<Role> = {
  administrator: m.role_administrator,
  clinician: m.role_clinician,
  front_desk: m.role_front_desk,
  auditor: m.role_auditor,
  patient_view: m.role_patient_view,
};

export const paperWords: Words<PaperSize> = { a4: m.paper_a4, letter: m.paper_letter };

export function keysOf<T extends string>(words: Words<T>): T[] {
  return Object.keys(words) as T[];
}
