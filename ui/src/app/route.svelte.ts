import type { HistoryFilter } from "$features/history/uploads.svelte";
import type { ReportFilter } from "$features/report/found.svelte";
import type { AnalysisId, LesionId, PatientId, ReportId, Role } from "$ipc";
import type { PartName } from "./administration";
import type { InsightPart } from "./insights";

export type Route =
  | { name: "today"; tab?: "calls" | "net" | undefined }
  | { name: "patients" }
  | { name: "patient-new" }
  | { name: "patient"; patientId: PatientId; tab?: "follow-up" | undefined }
  | { name: "patient-edit"; patientId: PatientId }
  | { name: "patient-merge"; patientId: PatientId; otherId: PatientId | null }
  | { name: "lesion"; patientId: PatientId; lesionId: LesionId; analysisId?: AnalysisId | undefined }
  | { name: "report"; patientId: PatientId; reportId: ReportId; /** The page it was opened from. */ opener?: Route | undefined }
  | { name: "reports"; filter?: ReportFilter | undefined }
  | { name: "history"; filter?: HistoryFilter | undefined }
  | { name: "insights"; part?: InsightPart | undefined }
  | { name: "model" }
  | { name: "assistant" }
  | { name: "library"; slug?: string | undefined; /** The page whose link was followed. */ opener?: Route | undefined }
  | { name: "profile" }
  | { name: "administration"; part?: PartName | undefined }
  | { name: "audit" };

const PLAIN = [
  "today", "patients", "patient-new", "reports", "history", "insights", "model", "assistant", "library", "profile", "administration", "audit",
] as const;

/** A route that came back from outside the window, or null where it is none. */
export function readRoute(value: unknown): Route | null {
  if (typeof value !== "object" || value === null || !("name" in value)) return null;
  const plain = PLAIN.find((name) => name === value.name);
  if (plain === "administration" && "part" in value && typeof value.part === "string") return { name: plain, part: value.part as PartName };
  if (plain === "library" && "slug" in value && typeof value.slug === "string") return { name: plain, slug: value.slug };
  if (plain) return { name: plain };
  if (!("patientId" in value) || typeof value.patientId !== "string") return null;
  const { patientId } = value;
  if (value.name === "patient" || value.name === "patient-edit") return { name: value.name, patientId };
  if (value.name === "patient-merge") return { name: "patient", patientId };
  if (value.name === "report") {
    const report = "reportId" in value && typeof value.reportId === "string";
    return report ? { name: "report", patientId, reportId: value.reportId as ReportId } : null;
  }
  const lesion = value.name === "lesion" && "lesionId" in value && typeof value.lesionId === "string";
  if (!lesion) return null;
  const analysisId = "analysisId" in value && typeof value.analysisId === "string" ? (value.analysisId as AnalysisId) : undefined;
  return { name: "lesion", patientId, lesionId: value.lesionId as LesionId, analysisId };
}

/** Where the work of a role begins. */
const HOME: Record<Role, Route> = {
  front_desk: { name: "today" },
  clinician: { name: "today" },
  administrator: { name: "patients" },
  auditor: { name: "audit" },
  patient_view: { name: "patients" },
};

/** Pages that one comes to from a list and leaves for it again. */
const BELOW: readonly Route["name"][] = ["patient-new", "patient", "patient-edit", "patient-merge", "lesion", "report"];
/** Lists that lead to patients. */
const LISTS: readonly Route["name"][] = ["today", "patients", "reports", "history", "administration"];

/** Where the window is. It lives in memory only: an address bar or history would keep record ids. */
class Navigation {
  route = $state.raw<Route>({ name: "patients" });
  /** The list that the page below it was opened from. */
  from = $state.raw<Route>({ name: "patients" });

  /** The section of the window that this page belongs to. */
  get section(): Route["name"] {
    return BELOW.includes(this.route.name) ? this.from.name : this.route.name;
  }

  go(route: Route): void {
    if (BELOW.includes(route.name) && LISTS.includes(this.route.name)) this.from = this.route;
    this.route = route;
  }

  /** The same list, seen otherwise: another tab or filter. */
  turn(route: Route): void {
    this.route = route;
  }

  /** To the list that the page was opened from. */
  back(): void {
    this.route = this.from;
  }

  /** To where the work of a role begins; to a page that was interrupted instead, if there is one. */
  start(role: Role, interrupted: Route | null): void {
    const home = HOME[role];
    this.from = LISTS.includes(home.name) ? home : { name: "patients" };
    this.route = interrupted ?? home;
  }

  reset(): void {
    this.route = this.from = { name: "patients" };
  }
}

export const navigation = new Navigation();
