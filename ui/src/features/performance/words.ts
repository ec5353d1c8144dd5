import { formatFixed, formatPercent, kindWords, m, sexWords, siteWords, skinTypeWords } from "$i18n";
import type { BodySite, CaseChoice, FitzpatrickType, Grouping, ImageKind, Interval, ModelUseView, PerformanceList, Proportion, Sex } from "$ipc";

const CLASSES: Record<string, () => string> = {
  nv: m.class_nv,
  mel: m.class_mel,
  bcc: m.class_bcc,
  scc: m.class_scc,
  ak: m.class_ak,
  bkl: m.class_bkl,
  df: m.class_df,
  vasc: m.class_vasc,
  other_malignant: m.perf_other_malignant,
  other_benign: m.perf_other_benign,
  other_uncertain: m.perf_other_uncertain,
  followed: m.perf_followed_benign,
  no_class: m.perf_no_class,
  not_assessed: m.perf_not_assessed,
};

/** A class, or what stands beside classes; another model may bring codes that have no words here. */
export const classText = (code: string): string => CLASSES[code]?.() ?? code;

export const groupingWords: Record<Grouping, () => string> = {
  class: m.perf_by_class,
  sex: m.patient_sex,
  age: m.perf_by_age,
  skin_type: m.patient_skin_type,
  site: m.lesion_site,
  model: m.perf_model,
  kind: m.perf_kind,
};

function ageText(key: string): string {
  const from = Number(key);
  if (key === "") return m.perf_unknown();
  return from >= 90 ? m.perf_age_over({ from: key }) : m.perf_age_range({ from: key, to: String(from + 9) });
}

export function keyText(grouping: Grouping, key: string, models: readonly ModelUseView[]): string {
  switch (grouping) {
    case "class":
      return classText(key);
    case "sex":
      return sexWords[key as Sex]();
    case "age":
      return ageText(key);
    case "skin_type":
      return key === "unknown" ? m.perf_unknown() : skinTypeWords[key as FitzpatrickType]();
    case "site":
      return siteWords[key as BodySite]();
    case "model":
      return modelText(key, models);
    case "kind":
      return kindWords[key as ImageKind]();
  }
}

/** Name and version with the start of the hash, which alone tells two models of one name apart. */
export function modelText(sha256: string, models: readonly ModelUseView[]): string {
  const hash = sha256.slice(0, 12);
  const found = models.find(({ identity }) => identity.sha256 === sha256);
  return found ? m.perf_model_named({ name: found.identity.name, version: found.identity.version, hash }) : hash;
}

export const intervalText = ({ low, high }: Interval): string =>
  m.perf_interval({ low: formatPercent(low), high: formatPercent(high) });

export const shareText = (share: Proportion): string => (share.value === null ? m.perf_few() : formatPercent(share.value));

/** A figure between 0 and 1 that is no share, with its interval. */
export function figureText(value: number | null, interval: Interval | null): string {
  if (value === null) return m.perf_few();
  if (interval === null) return m.perf_without_interval({ value: formatFixed(value, 3) });
  const [low, high] = [formatFixed(interval.low, 3), formatFixed(interval.high, 3)];
  return `${formatFixed(value, 3)} ${m.perf_interval({ low, high })}`;
}

export function pText(p: number | null): string {
  if (p === null) return m.perf_no_difference();
  return p < 0.001 ? m.perf_p_below() : m.perf_p({ p: formatFixed(p, 3) });
}

const ANY: CaseChoice = {
  basis: null,
  malignant: null,
  found: null,
  said: null,
  from: null,
  below: null,
  bin: null,
  grouping: null,
  key: null,
  uncertain: false,
  not_assessed: false,
  read_first: null,
};

/** The lesions with a truth that fit. */
export const known = (choice: Partial<CaseChoice> = {}): PerformanceList => ({ of: "known", choice: { ...ANY, ...choice } });

/** Opens the list behind a figure. */
export type Show = (list: PerformanceList, title: string) => void;
