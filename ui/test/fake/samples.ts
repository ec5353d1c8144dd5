import type {
  Analysis,
  AnalysisSummary,
  Assessment,
  Band,
  ClassProbability,
  Gate,
  ImageRecord,
  Label,
  ModelIdentity,
  ModelView,
  PatientDetails,
  QualityReport,
  SessionView,
} from "../../src/ipc/generated";

import { OUTLINE_MODEL } from "./outlines";

export const NOW = "2026-11-20T10:30:00Z";

export const MODEL: ModelIdentity = {
  name: "lentigo-lesion",
  version: "1.0.0",
  sha256: "3f7a9c0d5e1b2a48c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
};

export const LABELS: Label[] = [
  { code: "akiec", name: "Actinic keratosis or Bowen's disease", malignancy: "premalignant" },
  { code: "bcc", name: "Basal cell carcinoma", malignancy: "malignant" },
  { code: "bkl", name: "Benign keratosis", malignancy: "benign" },
  { code: "df", name: "Dermatofibroma", malignancy: "benign" },
  { code: "mel", name: "Melanoma", malignancy: "malignant" },
  { code: "nv", name: "Melanocytic naevus", malignancy: "benign" },
  { code: "scc", name: "Squamous cell carcinoma", malignancy: "malignant" },
  { code: "vasc", name: "Vascular lesion", malignancy: "benign" },
];

export const MODEL_VIEW: ModelView = {
  identity: MODEL,
  labels: LABELS,
  not_named: [],
  trained_on: "2026-10-02",
  licence: "CC BY-NC 4.0 (weights), from data under the same terms",
  metrics: {
    split: "test",
    n: 2013,
    balanced_accuracy: 0.7121,
    malignancy: { auc: 0.9134, sensitivity: 0.88, specificity: 0.792 },
    ece: 0.0312,
    per_class: { mel: { auc: 0.891, recall: 0.71 }, bcc: { auc: 0.962, recall: 0.8 }, nv: { auc: 0.943, recall: 0.83 } },
    by_class: {
      mel: { images: 222, recall: 0.387, recall_ci95: [0.326, 0.453], auc: { value: 0.84, ci95: [0.814, 0.862] } },
      nv: { images: 1164, recall: 0.9, recall_ci95: [0.881, 0.916], auc: { value: 0.908, ci95: [0.893, 0.921] } },
    },
    by_group: {
      sex: {
        female: { images: 808, malignant: 125, malignancy_auc: { value: 0.8746, ci95: [0.8455, 0.9037] } },
        male: { images: 879, malignant: 201, malignancy_auc: { value: 0.8654, ci95: [0.838, 0.8889] } },
      },
      age: {
        "0-29": { images: 152, malignant: 3, malignancy_auc: { value: 0.9284, ci95: [0.7873, 1] } },
        "75+": { images: 210, malignant: 80, malignancy_auc: { value: 0.811, ci95: [0.752, 0.86] } },
      },
      site: {
        back: { images: 300, malignant: 40, malignancy_auc: { value: 0.87, ci95: [0.82, 0.91] } },
        face: { images: 180, malignant: 60, malignancy_auc: { value: 0.84, ci95: [0.78, 0.89] } },
      },
    },
    reliability: {
      "0-20": { images: 900, malignant: 27, share: { value: 0.03, ci95: [0.0206, 0.0433] } },
      "20-80": { images: 24, malignant: 12, share: { value: 0.5, ci95: [0.3143, 0.6857] } },
      "80-100": { images: 116, malignant: 104, share: { value: 0.8966, ci95: [0.8279, 0.9398] } },
    },
    calibrated: true,
  },
  sources: [
    { name: "HAM10000", use: "dermoscopy", licence: "CC BY-NC-SA 4.0", cite: "Tschandl P, Rosendahl C, Kittler H. Sci Data 2018;5:180161" },
    { name: "PAD-UFES-20", use: "smartphone photographs", licence: "CC BY 4.0", cite: "Pacheco AGC et al. Data in Brief 2020;32:106221" },
  ],
  images: {
    train: { ham10000: { nv: 5759, mel: 945, bcc: 431 }, pad_ufes20: { nv: 83, mel: 14, bcc: 95 } },
    val: { ham10000: { nv: 945, mel: 168, bcc: 83 } },
  },
  outline: {
    identity: OUTLINE_MODEL,
    trained_on: "2026-10-02",
    licence: "CC BY-NC-SA 4.0 (weights)",
    metrics: { split: "val", all: { images: 1724, mean_jaccard: { value: 0.8578, ci95: [0.8505, 0.8649] } } },
    limits: ["Hair, gel bubbles and dark corners can be taken for lesion."],
  },
  outline_problem: null,
  limits: [
    "Few photographs of dark skin (Fitzpatrick V and VI): figures there are less certain.",
    "Not made for mucosa, nails or lesions covered by hair.",
    "Scale bars and ink marks in the picture lower the specificity.",
  ],
};

export const SESSION: SessionView = {
  user_id: "user-1",
  duty: null,
  second_factor: false,
  waiting: 0,
  user_name: "Dr. Ines Halloran",
  email: "ines@clinic.example",
  role: "administrator",
  language: null,
  paper: "a4",
  clinic_name: "Harbour Street Skin Clinic",
  signed_in_at: NOW,
  idle_lock_seconds: 600,
  model: { identity: MODEL, problem: null },
};

export const RECOVERY_GROUPS = ["K7QM2", "9TXRD", "4HVCW", "PJ8NA", "M3ZEF", "6YBKT", "WQ5GH", "2DCRX"];

export function details(change: Partial<PatientDetails> = {}): PatientDetails {
  return {
    family_name: "Okonkwo",
    given_names: "Adaeze",
    date_of_birth: "1971-03-09",
    sex: "female",
    phone: "+44 20 7946 0018",
    email: "adaeze@mail.example",
    address: "4 Quay Lane\nPorthaven",
    fitzpatrick: "V",
    alert: "",
    medical_history: "Type 2 diabetes. Excision of a dermatofibroma on the left shin in 2014.",
    risk_factors: ["family_melanoma", "many_naevi"],
    photo_consent: true,
    ai_consent: true,
    training_consent: false,
    ...change,
  };
}

const PEOPLE: [string, string, string, PatientDetails["sex"]][] = [
  ["Abara", "Tobias", "1984-07-22", "male"],
  ["Bergström", "Linnéa", "1996-02-11", "female"],
  ["Castellanos", "María José", "1949-10-30", "female"],
  ["Dvořák", "Jiří", "1958-04-05", "male"],
  ["Eberhardt", "Konrad", "1937-12-19", "male"],
  ["Fitzgerald", "Orla", "2009-08-27", "female"],
  ["Gunawardena", "Nimal", "1975-01-14", "male"],
  ["Hernández", "Lucía", "1990-05-03", "female"],
  ["Iwasaki", "Haru", "1988-09-09", "other"],
  ["Jankowska", "Zofia", "1963-06-16", "female"],
];

/** A page of patients whose names need accents. */
export const CROWD: PatientDetails[] = PEOPLE.map(([family_name, given_names, date_of_birth, sex], index) =>
  details({ family_name, given_names, date_of_birth, sex, phone: `020 7946 0${100 + index * 7}`, photo_consent: index % 4 !== 3 }),
);

const check = (code: QualityReport["checks"][number]["code"], value: number, limit: number, passed: boolean) => ({
  code,
  value,
  limit,
  passed,
  scale: "grey, short side 224 px",
});

export const GOOD: QualityReport = {
  checks: [check("blurred", 412.3, 100, true), check("too_dark", 142, 30, true), check("too_bright", 142, 225, true)],
  score: 0.97,
};
export const POOR: QualityReport = {
  checks: [
    check("blurred", 61.42, 100, false),
    check("too_dark", 88, 30, true),
    { code: "ruler", value: 0.31, limit: 0.2, passed: false, scale: "evenly spaced ticks in a row, short side 448 px" },
  ],
  score: 0.58,
};

export function image(id: string, lesion_id: string, patient_id: string, change: Partial<ImageRecord> = {}): ImageRecord {
  return {
    id,
    patient_id,
    lesion_id,
    kind: "dermoscopic",
    format: "jpeg",
    width: 4000,
    height: 3000,
    sha256: "aa".repeat(32),
    bytes: 3_400_000,
    quality: GOOD,
    imported_at: NOW,
    ...change,
  };
}

const LEADS: Record<Band, [code: string, advice: string, text: string]> = {
  benign: ["nv", "Benign features", "Routine monitoring. Ask the patient to return if the lesion changes in size, shape or colour, itches or bleeds."],
  suspicious: ["bkl", "Suspicious features", "Arrange an appointment for dermoscopic examination and decide on treatment, biopsy or short-term follow-up."],
  malignant: ["mel", "Malignancy suspected", "Arrange an immediate specialist consultation. Plan excision or biopsy according to the local guideline."],
};

export type Flavour = { band: Band; gate: Gate; override?: boolean; images?: number; not_named?: string[] };

function probabilities({ band, gate, override, images = 1 }: Flavour): ClassProbability[] {
  const lead = override ? "nv" : LEADS[band][0];
  const top = { confident: 0.874, uncertain: 0.681, inconclusive: 0.412, out_of_distribution: 0.503 }[gate];
  const rest = [0.46, 0.27, 0.12, 0.07, 0.05, 0.02, 0.01];
  let next = 0;
  const order = override ? ["mel", ...LABELS.map((l) => l.code).filter((c) => c !== "mel" && c !== lead)] : LABELS.map((l) => l.code).filter((c) => c !== lead);
  return LABELS.map((label) => {
    const share = label.code === lead ? top : (1 - top) * (rest[order.indexOf(label.code)] ?? 0);
    next++;
    return { ...label, probability: share, spread: images > 1 ? share * 0.1 * (next % 3) : 0 };
  });
}

export function assess(flavour: Flavour): Assessment {
  const { band, gate, override = false } = flavour;
  const all = probabilities(flavour);
  const malignant_sum = all.filter((p) => p.malignancy === "malignant").reduce((sum, p) => sum + p.probability, 0);
  const [code, headline, text] = LEADS[band];
  const lead = LABELS.find((label) => label.code === (override ? "nv" : code)) ?? null;
  const outside = gate === "out_of_distribution";
  const named = gate === "confident" || gate === "uncertain";
  return {
    probabilities: all,
    malignant_sum,
    gate,
    label: named ? lead : null,
    band,
    urgency: { benign: "routine", suspicious: "appointment", malignant: "immediate" }[band] as Assessment["urgency"],
    malignancy_override: override,
    ...(flavour.not_named ? { not_named: flavour.not_named } : {}),
    prediction_set: { codes: named ? [lead?.code ?? "nv", "bkl"] : ["mel", "nv", "bkl"], coverage: 0.9 },
    novelty: { score: outside ? 41.7 : 12.3, threshold: 30.5, outside },
    advice: {
      code: `${gate}_${band}`,
      version: "2026-11b",
      headline: outside ? "Not assessed" : gate === "inconclusive" && band === "benign" ? "Inconclusive" : headline,
      text: outside
        ? "The picture is unlike the lesions the model knows. Check that it shows one lesion, sharp and centred, and photograph it again. Until then rely on the clinical examination alone."
        : text,
    },
  };
}

export function analysis(id: string, lesion_id: string, patient_id: string, image_ids: string[], flavour: Flavour): Analysis {
  return {
    id,
    patient_id,
    lesion_id,
    image_ids,
    assessment: assess({ ...flavour, images: image_ids.length }),
    model: MODEL,
    heatmap: "available",
    timings: { decode_ms: 92.1, check_ms: 8.3, classify_ms: 41.9, explain_ms: 2.4, total_ms: 149.2 },
    analysed_at: NOW,
  };
}

export function summary(of: Analysis): AnalysisSummary {
  const { assessment: a } = of;
  return {
    id: of.id,
    analysed_at: of.analysed_at,
    image_ids: of.image_ids,
    band: a.band,
    urgency: a.urgency,
    gate: a.gate,
    label: a.label,
    malignant_sum: a.malignant_sum,
    headline: a.advice.headline,
  };
}
