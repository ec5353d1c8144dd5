import { formatBytes, formatCount, m } from "$i18n";
import type { SettingKey, SettingPlace, SettingValue, SettingView } from "$ipc";
import type { FormPart } from "./desk";

export const settingWords: Record<SettingKey, { name: () => string; help: () => string }> = {
  analyses: { name: m.setting_analyses, help: m.setting_analyses_help },
  impression_first: { name: m.setting_impression_first, help: m.setting_impression_first_help },
  analyses_at_once: { name: m.setting_analyses_at_once, help: m.setting_analyses_at_once_help },
  idle_lock_minutes: { name: m.setting_idle_lock_minutes, help: m.setting_idle_lock_minutes_help },
  retention_days: { name: m.setting_retention_days, help: m.setting_retention_days_help },
  follow_up_months: { name: m.setting_follow_up_months, help: m.setting_follow_up_months_help },
  counts_searches: { name: m.setting_counts_searches, help: m.setting_counts_searches_help },
  number_pattern: { name: m.setting_number_pattern, help: m.setting_number_pattern_help },
  letterhead: { name: m.setting_letterhead, help: m.setting_letterhead_help },
  mail: { name: m.setting_mail, help: m.setting_mail_help },
  pacs: { name: m.setting_pacs, help: m.setting_pacs_help },
  language_model: { name: m.setting_language_model, help: m.setting_language_model_help },
  backup: { name: m.setting_backup, help: m.setting_backup_help },
  session_hours: { name: m.setting_session_hours, help: m.setting_session_hours_help },
  password_length: { name: m.setting_password_length, help: m.setting_password_length_help },
  photograph_bytes: { name: m.setting_photograph_bytes, help: m.setting_photograph_bytes_help },
  photograph_pixels: { name: m.setting_photograph_pixels, help: m.setting_photograph_pixels_help },
};

/** The parts of the administration with a form, as the navigation names them. */
export const partWords: Record<FormPart, () => string> = {
  security: m.admin_tab_security,
  letterhead: m.admin_tab_letterhead,
  mail: m.admin_tab_mail,
  pacs: m.admin_tab_pacs,
  language_model: m.admin_tab_language_model,
  backup: m.admin_tab_backup,
};

/** The part with the form of a setting, where there is one. */
export const formPart = (place: SettingPlace): FormPart | null => (place === "nowhere" || place === "settings" ? null : place);

export function valueText(key: SettingKey, value: SettingValue): string {
  if (typeof value === "boolean") return value ? m.settings_on() : m.settings_off();
  if (typeof value === "string") return value === "" ? m.settings_empty() : value;
  return key === "photograph_bytes" ? formatBytes(value) : formatCount(value);
}

export function limitsText({ kind, least, most }: SettingView): string {
  if (kind === "fixed") return m.settings_fixed();
  if (least === null || most === null) return m.settings_limits_none();
  const range = { least: formatCount(least), most: formatCount(most) };
  return kind === "form" ? m.settings_limits_letters(range) : m.settings_limits_range(range);
}
