import type { Component } from "svelte";
import type { AdministrationDesk } from "$features/administration/desk";
import DevicesTab from "$features/administration/DevicesTab.svelte";
import DirectoryTab from "$features/administration/DirectoryTab.svelte";
import EmergencyTab from "$features/administration/EmergencyTab.svelte";
import LanguageModelTab from "$features/administration/LanguageModelTab.svelte";
import LetterheadTab from "$features/administration/LetterheadTab.svelte";
import MailTab from "$features/administration/MailTab.svelte";
import PacsTab from "$features/administration/PacsTab.svelte";
import SecurityTab from "$features/administration/SecurityTab.svelte";
import TemplatesTab from "$features/administration/TemplatesTab.svelte";
import UsersTab from "$features/administration/UsersTab.svelte";
import SettingsTab from "$features/administration/SettingsTab.svelte";
import RulesTab from "$features/assistant/RulesTab.svelte";
import BackupTab from "$features/backup/BackupTab.svelte";
import DerivedTab from "$features/derived/DerivedTab.svelte";
import DataExportTab from "$features/exchange/DataExportTab.svelte";
import LogTab from "$features/health/LogTab.svelte";
import SelfTestTab from "$features/health/SelfTestTab.svelte";
import ImportTab from "$features/migration/ImportTab.svelte";
import { m } from "$i18n";
import ModelsPart from "./ModelsPart.svelte";

type Part = {
  name: string;
  label: () => string;
  /** Without props: what it shares with other parts it takes from the desk. */
  component: Component;
  waiting?: (desk: AdministrationDesk) => number;
};
type Group = { name: string; label: () => string; parts: readonly Part[] };

/** Every part of the administration, in the order of its navigation. */
export const GROUPS = [
  {
    name: "people",
    label: m.admin_group_people,
    parts: [
      { name: "users", label: m.admin_tab_users, component: UsersTab, waiting: (desk) => desk.usersWaiting },
      { name: "directory", label: m.admin_tab_directory, component: DirectoryTab },
      { name: "emergency", label: m.admin_tab_emergency, component: EmergencyTab, waiting: (desk) => desk.looksWaiting },
    ],
  },
  {
    name: "clinic",
    label: m.admin_group_clinic,
    parts: [
      { name: "letterhead", label: m.admin_tab_letterhead, component: LetterheadTab },
      { name: "templates", label: m.admin_tab_templates, component: TemplatesTab },
      { name: "assistant", label: m.admin_tab_assistant, component: RulesTab },
      { name: "devices", label: m.admin_tab_devices, component: DevicesTab },
    ],
  },
  {
    name: "exchange",
    label: m.admin_group_exchange,
    parts: [
      { name: "mail", label: m.admin_tab_mail, component: MailTab },
      { name: "language_model", label: m.admin_tab_language_model, component: LanguageModelTab },
      { name: "pacs", label: m.admin_tab_pacs, component: PacsTab },
      { name: "export", label: m.admin_tab_export, component: DataExportTab },
      { name: "import", label: m.admin_tab_import, component: ImportTab },
    ],
  },
  {
    name: "system",
    label: m.admin_group_system,
    parts: [
      { name: "security", label: m.admin_tab_security, component: SecurityTab },
      { name: "models", label: m.admin_tab_models, component: ModelsPart },
      { name: "backup", label: m.admin_tab_backup, component: BackupTab },
      { name: "settings", label: m.admin_tab_settings, component: SettingsTab },
      { name: "selftest", label: m.admin_tab_selftest, component: SelfTestTab },
      { name: "derived", label: m.admin_tab_derived, component: DerivedTab },
      { name: "logs", label: m.admin_tab_logs, component: LogTab },
    ],
  },
] as const satisfies readonly Group[];

export type PartName = (typeof GROUPS)[number]["parts"][number]["name"];

/** The same parts without their groups. */
export const PARTS: readonly Part[] = GROUPS.flatMap((group): readonly Part[] => group.parts);
