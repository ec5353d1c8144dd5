import { look, userRow } from "./administration";
import type { FakeClinic } from "./clinic";
import { biopsy, day, note, recall } from "./follow-up";
import { NOW, POOR } from "./samples";
import { addWaiting } from "./tray";
import type { SafetyNetItem, SafetyNetKind, UserRow } from "./types";
import { measuringOf } from "./viewer";

const STATES = ["COMPLETED", "COMPLETED", "FAILED", "PROCESSING", "PENDING"] as const;
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** So many entries on every list of work that is left, for looking at the screens. */
export function furnishWork(clinic: FakeClinic, count: number): void {
  const one = clinic.patients.at(-1);
  if (!one || count === 0) return;
  const lesion = clinic.lesions.find(({ patient_id }) => patient_id === one.id);
  const image = clinic.images.find(({ patient_id }) => patient_id === one.id);
  const waits = (kind: SafetyNetKind, at: number): SafetyNetItem => {
    const { id, number: patient_number, family_name, given_names } = clinic.patients[at % clinic.patients.length] ?? one;
    const reading = kind === "unread_reading" || kind === "undecided_reading";
    return {
      id: `${kind}-${at}`,
      patient_id: id,
      patient_number,
      family_name,
      given_names,
      lesion_id: lesion?.id ?? null,
      responsible_name: at % 3 === 0 ? null : "Dr. Ines Halloran",
      since: day(-at),
      age_days: at,
      label: reading ? "" : `R-2026-${String(at).padStart(5, "0")}`,
      band: reading ? (["benign", "suspicious", "malignant"] as const)[at % 3] ?? null : null,
      gate: reading ? "confident" : null,
    };
  };
  for (const kind of ["unsigned_report", "unread_reading", "undecided_reading"] as const) clinic.followUp.net[kind] = times(count, (at) => waits(kind, at));

  for (let at = 0; at < count; at++) {
    const change = { due_on: day(at * 3 - 6), lesion_id: at % 2 === 0 ? (lesion?.id ?? null) : null, overdue: at < 2 };
    clinic.followUp.recalls.push(recall(clinic.id("recall"), one.id, change));
    clinic.followUp.notes.push(note(clinic.id("note"), one.id, at % 3 === 1 ? { done_at: NOW, done_by_name: "Tamsin Reyes" } : {}));
    if (image) clinic.followUp.biopsies.push(biopsy(clinic.id("biopsy"), { ...image }, at % 2 === 0 ? {} : { state: "sent", sent_to: "Harbour pathology", sent_on: day(-8) }));
    addWaiting(clinic, one.id, at % 5 === 0 ? { quality: POOR } : {});
    clinic.tray.watched.files.push({ key: 100 + at, name: `DSC_${String(1000 + at)}.JPG`, bytes: 4_102_733, seen_at: NOW, before_this_patient: at % 4 === 0 });
    measuringOf(clinic).devices.push({
      id: `device-${at}`,
      name: at % 2 === 0 ? `Dermatoscope ${at + 1}` : `Camera with macro lens and ring flash of the second examination room ${at + 1}`,
      make: at % 2 === 0 ? "DermLite" : "",
      model: at % 2 === 0 ? "DL5" : "",
      image_width: 4032,
      um_per_px: 6.25 + at / 100,
    });
    clinic.administration.users.push(userRow(`more-${at}`, `Dr. Noor Adeyemi ${at + 1}`, at % 9 === 0 ? ({ state: "unverified" } satisfies Partial<UserRow>) : {}));
    clinic.administration.looks.push(look(`more-${at}`, at % 2 === 0 ? {} : { reviewed_by: "Dr. Ines Halloran", reviewed_at: NOW, review_note: "Justified." }));
    clinic.administration.clinicians.push({ id: `clinician-more-${at}`, full_name: `Dr. Noor Adeyemi ${at + 1}`, licence_number: `GMC 70${at}`, user_id: null, has_signature: at % 4 === 0 });
  }

  clinic.batches.add("batch-1", times(count, (at) => STATES[at % STATES.length] ?? "PENDING"));
  if (count > 1) {
    clinic.batches.add("batch-2", times(count, () => "PENDING" as const), { scope: "queue", state: "paused", pause_reason: "model_unavailable" });
    clinic.batches.add("batch-3", times(count, () => "COMPLETED" as const), { scope: "selection", state: "finished", finished_at: NOW });
  }
  // The folder has one file of every outcome.
  const contents = [[1, 2, 3, 4], [9, 2, 3, 4], [8, 2, 3, 4], [0x48, 1, 2, 3], [], [7, 1, 1, 1, 1], ...times(count, (at) => [20 + (at % 200), at % 251, at >> 8, 4, 5])];
  clinic.tray.doubts.set(9, { doubt: "patient_number", detail: "P-000777" });
  clinic.tray.doubts.set(8, { doubt: "stored_for_another", detail: null });
  clinic.tray.folder = { name: "DCIM", files: contents.map((content, key) => ({ key, name: `IMG_${String(1000 + key)}.JPG`, bytes: 3_402_118, content })) };
}
