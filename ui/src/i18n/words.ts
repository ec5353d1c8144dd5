import type {
  AnalysisStep,
  Band,
  BodySite,
  BodyView,
  CloseReason,
  FitzpatrickType,
  ImageKind,
  JobState,
  Laterality,
  Malignancy,
  Nearness,
  PaperSize,
  QualityCode,
  RiskFactor,
  Role,
  Sex,
  ShownBand,
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
  forehead: m.site_forehead,
  temple: m.site_temple,
  eye_region: m.site_eye_region,
  ear: m.site_ear,
  nose: m.site_nose,
  cheek: m.site_cheek,
  lip: m.site_lip,
  chin: m.site_chin,
  face: m.site_face,
  neck: m.site_neck,
  chest: m.site_chest,
  breast: m.site_breast,
  axilla: m.site_axilla,
  abdomen: m.site_abdomen,
  groin: m.site_groin,
  genital_region: m.site_genital_region,
  upper_back: m.site_upper_back,
  back: m.site_back,
  lower_back: m.site_lower_back,
  buttock: m.site_buttock,
  perianal_region: m.site_perianal_region,
  shoulder: m.site_shoulder,
  upper_arm: m.site_upper_arm,
  elbow: m.site_elbow,
  forearm: m.site_forearm,
  wrist: m.site_wrist,
  hand: m.site_hand,
  palm: m.site_palm,
  finger: m.site_finger,
  finger_nail: m.site_finger_nail,
  thigh: m.site_thigh,
  knee: m.site_knee,
  lower_leg: m.site_lower_leg,
  ankle: m.site_ankle,
  foot: m.site_foot,
  heel: m.site_heel,
  sole: m.site_sole,
  toe: m.site_toe,
  toe_nail: m.site_toe_nail,
  other: m.site_other,
};

export const sideWords: Words<Laterality> = {
  left: m.side_left,
  right: m.side_right,
  midline: m.side_midline,
  not_applicable: m.side_not_applicable,
};

export const viewWords: Words<BodyView> = {
  front: m.view_front,
  back: m.view_back,
  head_front: m.view_head_front,
  head_back: m.view_head_back,
  head_left: m.view_head_left,
  head_right: m.view_head_right,
  head_top: m.view_head_top,
  hand_right_palmar: m.view_hand_right_palmar,
  hand_left_palmar: m.view_hand_left_palmar,
  hand_right_dorsal: m.view_hand_right_dorsal,
  hand_left_dorsal: m.view_hand_left_dorsal,
  foot_right_dorsal: m.view_foot_right_dorsal,
  foot_left_dorsal: m.view_foot_left_dorsal,
  foot_right_plantar: m.view_foot_right_plantar,
  foot_left_plantar: m.view_foot_left_plantar,
};

export const closeReasonWords: Words<CloseReason> = {
  excised: m.close_reason_excised,
  treated: m.close_reason_treated,
  resolved: m.close_reason_resolved,
  duplicate: m.close_reason_duplicate,
  entered_in_error: m.close_reason_entered_in_error,
  other: m.close_reason_other,
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
  outlining: m.step_outlining,
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

/** Bands as they may be shown. */
export const shownBandWords: Words<ShownBand> = {
  ...bandWords,
  inconclusive: m.band_inconclusive,
  unassessed: m.band_unassessed,
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

export const nearnessWords: Words<Nearness> = {
  near: m.nearness_near,
  fair: m.nearness_fair,
  far: m.nearness_far,
};
