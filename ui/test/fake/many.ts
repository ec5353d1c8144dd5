import type { FakeClinic } from "./clinic";
import { recall } from "./follow-up";
import { entry } from "./history";
import { details } from "./samples";
import { event, reading } from "./timeline";

const FAMILIES = ["Adeyemi", "Lindqvist", "Okonkwo", "Ferreira", "Novak", "Halloran", "Yilmaz", "Tanaka"];
const at = (n: number): string => new Date(Date.parse("2026-11-20T10:30:00Z") - n * 3_600_000).toISOString();

/** So many patients, and as much of everything else on one of them. */
export function furnishMany(clinic: FakeClinic, count: number): void {
  for (let n = 0; n < count; n++) {
    clinic.addPatient(details({ family_name: `${FAMILIES[n % FAMILIES.length]} ${Math.floor(n / FAMILIES.length)}`, given_names: "Noor" }));
  }
  const one = clinic.patients[0];
  if (!one) return;
  for (let n = 0; n < count; n++) {
    clinic.history.entries.push(entry(`many-${n}`, at(n), { patient_id: one.id }));
    clinic.timeline.push(event(at(n), reading(`many-${n}`, "benign", 0.1)));
    clinic.followUp.recalls.push(recall(clinic.id("recall"), clinic.patients[n]?.id ?? one.id, { due_on: "2026-11-24" }));
  }
}
