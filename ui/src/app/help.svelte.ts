import type { PartName } from "./administration";
import type { Route } from "./route.svelte";

/** The chapter of the guide for every screen. */
const OF_ROUTE: Record<Route["name"], string> = {
  today: "user/front-desk",
  patients: "user/patients",
  "patient-new": "user/patients",
  patient: "user/patients",
  "patient-edit": "user/patients",
  "patient-merge": "user/patients",
  lesion: "user/viewer",
  report: "user/reports",
  reports: "user/reports",
  history: "user/readings",
  insights: "user/insights",
  library: "user/library-and-assistant",
  assistant: "user/library-and-assistant",
  model: "administrator/model",
  profile: "user/first-steps",
  administration: "administrator/first-run",
  audit: "user/privacy",
};

const OF_PART: Partial<Record<PartName, string>> = {
  users: "administrator/accounts",
  directory: "administrator/documents",
  emergency: "administrator/accounts",
  letterhead: "administrator/documents",
  templates: "administrator/documents",
  devices: "administrator/documents",
  mail: "administrator/network",
  language_model: "administrator/network",
  pacs: "administrator/network",
  export: "administrator/export",
  import: "administrator/import",
  assistant: "user/library-and-assistant",
  security: "administrator/security",
  models: "administrator/model",
  derived: "administrator/model",
  backup: "administrator/backup",
  settings: "administrator/settings",
  selftest: "administrator/health",
  logs: "administrator/health",
};

/** Where somebody is who asks for help: on a screen of the session, at set-up, or before the sign-in. */
export type Standpoint = Route | "first_run" | "entry";

export function topicOf(standpoint: Standpoint): string {
  if (standpoint === "first_run") return "administrator/first-run";
  if (standpoint === "entry") return "user/first-steps";
  if (standpoint.name === "today" && standpoint.tab) return "user/follow-up";
  if (standpoint.name === "patient" && standpoint.tab === "follow-up") return "user/follow-up";
  if (standpoint.name === "administration") return OF_PART[standpoint.part ?? "users"] ?? OF_ROUTE.administration;
  return OF_ROUTE[standpoint.name];
}

/** Every chapter that a screen can ask for. */
export const TOPICS: readonly string[] = [...Object.values(OF_ROUTE), ...Object.values(OF_PART), "user/follow-up"];

/** The guide over the window: open at a chapter, or shut. */
class Help {
  topic = $state<string | null>(null);

  open(standpoint: Standpoint): void {
    this.topic = topicOf(standpoint);
  }

  close(): void {
    this.topic = null;
  }
}

export const help = new Help();
