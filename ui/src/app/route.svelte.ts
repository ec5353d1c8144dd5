import type { AnalysisId, LesionId, PatientId } from "$ipc";

export type Route =
  | { name: "today" }
  | { name: "patients" }
  | { name: "patient-new" }
  | { name: "patient"; patientId: PatientId; tab?: "follow-up" | undefined }
  | { name: "patient-edit"; patientId: PatientId }
  | { name: "patient-merge"; patientId: PatientId; otherId: PatientId | null }
  | { name: "lesion"; patientId: PatientId; lesionId: LesionId; analysisId?: AnalysisId | undefined }
  | { name: "history" }
  | { name: "model" }
  | { name: "profile" }
  | { name: "administration" }
  | { name: "audit" };

const PLAIN = ["today", "patients", "patient-new", "history", "model", "profile", "administration", "audit"] as const;

/** A route that came back from outside the window, or null where it is none. */
export function readRoute(value: unknown): Route | null {
  if (typeof value !== "object" || value === null || !("name" in value)) return null;
  const plain = PLAIN.find((name) => name === value.name);
  if (plain) return { name: plain };
  if (!("patientId" in value) || typeof value.patientId !== "string") return null;
  const { patientId } = value;
  if (value.name === "patient" || value.name === "patient-edit") return { name: value.name, patientId };
  if (value.name === "patient-merge") return { name: "patient", patientId };
  const lesion = value.name === "lesion" && "lesionId" in value && typeof value.lesionId === "string";
  return lesion ? { name: "lesion", patientId, lesionId: value.lesionId as LesionId } : null;
}

/** Where the window is. It lives in memory only: an address bar or history would keep record ids. */
class Navigation {
  route = $state.raw<Route>({ name: "patients" });

  go(route: Route): void {
    this.route = route;
  }

  reset(): void {
    this.route = { name: "patients" };
  }
}

export const navigation = new Navigation();
