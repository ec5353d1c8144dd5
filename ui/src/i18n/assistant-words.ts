import type { AssistantScreen, TemplateState } from "../ipc/generated";
import { m } from "./generated/messages";

/** Articles of the library that answers lead to, by their slugs. */
const ARTICLES: Record<string, () => string> = {
  acne: m.assistant_article_acne,
  "actinic-keratosis": m.assistant_article_actinic_keratosis,
  "basal-cell-carcinoma": m.assistant_article_basal_cell_carcinoma,
  "benign-keratosis": m.assistant_article_benign_keratosis,
  dermatofibroma: m.assistant_article_dermatofibroma,
  eczema: m.assistant_article_eczema,
  "fungal-infection": m.assistant_article_fungal_infection,
  "melanocytic-naevus": m.assistant_article_melanocytic_naevus,
  melanoma: m.assistant_article_melanoma,
  psoriasis: m.assistant_article_psoriasis,
  rosacea: m.assistant_article_rosacea,
  "squamous-cell-carcinoma": m.assistant_article_squamous_cell_carcinoma,
  "vascular-lesion": m.assistant_article_vascular_lesion,
  vitiligo: m.assistant_article_vitiligo,
  warts: m.assistant_article_warts,
};

export const assistantArticleName = (slug: string): string =>
  Object.hasOwn(ARTICLES, slug) ? (ARTICLES[slug]?.() ?? slug) : slug;

/** Screens are called as the window calls them. */
export const assistantScreenWords: Record<AssistantScreen, () => string> = {
  today: m.nav_today,
  patients: m.nav_patients,
  patient_new: m.assistant_patient_new,
  reports: m.nav_reports,
  history: m.nav_history,
  model: m.nav_model,
  library: m.assistant_library,
  profile: m.profile_title,
  audit: m.nav_audit,
  users: m.admin_tab_users,
  letterhead: m.admin_tab_letterhead,
  templates: m.admin_tab_templates,
  assistant_rules: m.admin_tab_assistant,
  language_model: m.admin_tab_language_model,
  mail: m.admin_tab_mail,
  pacs: m.admin_tab_pacs,
  export: m.admin_tab_export,
  import: m.admin_tab_import,
  security: m.admin_tab_security,
  backup: m.admin_tab_backup,
  settings: m.admin_tab_settings,
  selftest: m.admin_tab_selftest,
  logs: m.admin_tab_logs,
};

const PROGRAM_SHEETS: Record<string, () => string> = {
  talk: m.rules_sheet_talk,
  conditions: m.rules_sheet_conditions,
  readings: m.rules_sheet_readings,
  program: m.rules_sheet_program,
};

/** A sheet of rules that the clinic has not changed is called as the window calls it. */
export const sheetName = ({ key, name, state }: { key: string; name: string; state: TemplateState }): string =>
  state === "built_in" && Object.hasOwn(PROGRAM_SHEETS, key) ? (PROGRAM_SHEETS[key]?.() ?? name) : name;
