import type { AssistantScreen } from "$ipc";
import type { PartName } from "./administration";
import type { Route } from "./route.svelte";

const PARTS: Partial<Record<AssistantScreen, PartName>> = {
  users: "users",
  letterhead: "letterhead",
  templates: "templates",
  assistant_rules: "assistant",
  language_model: "language_model",
  mail: "mail",
  pacs: "pacs",
  export: "export",
  import: "import",
  security: "security",
  backup: "backup",
  settings: "settings",
  selftest: "selftest",
  logs: "logs",
};

/** Where a link of an answer leads. */
export function routeOf(desk: AssistantScreen): Route {
  const part = PARTS[desk];
  if (part) return { name: "administration", part };
  switch (desk) {
    case "patient_new":
      return { name: "patient-new" };
    case "patients":
    case "reports":
    case "history":
    case "model":
    case "library":
    case "profile":
    case "audit":
      return { name: desk };
    default:
      return { name: "today" };
  }
}
