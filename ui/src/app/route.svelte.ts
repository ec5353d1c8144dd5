import type { LesionId, PatientId } from "$ipc";

export type Route =
  | { name: "patients" }
  | { name: "patient-new" }
  | { name: "patient"; patientId: PatientId }
  | { name: "patient-edit"; patientId: PatientId }
  | { name: "lesion"; patientId: PatientId; lesionId: LesionId }
  | { name: "model" };

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
