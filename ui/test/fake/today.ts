import type { DeskPhotoView, ImageImported, PersonView, QueueRow, VisitEntry, VisitState, VisitStep, VisitView } from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { GOOD, image, NOW, POOR } from "./samples";

export const TODAY = NOW.slice(0, 10);

type Kept = Omit<VisitView, "from_earlier_day" | "waited_minutes">;

/** What the fake core knows of visits; tests reach in and change it. */
export class FakeToday {
  visits: Kept[] = [];
  photos: (DeskPhotoView & { state: "waiting" | "assigned" | "discarded" })[] = [];
  slips = 0;
  /** The moment by the core's clock. */
  now = NOW;
}

const NEXT: Record<VisitState, Partial<Record<VisitStep, VisitState>>> = {
  expected: { arrive: "arrived", enter_room: "in_room", did_not_attend: "did_not_attend", cancel: "cancelled" },
  arrived: { enter_room: "in_room", finish: "done", cancel: "cancelled", take_back: "expected" },
  in_room: { finish: "done", cancel: "cancelled", take_back: "arrived" },
  done: { take_back: "in_room" },
  cancelled: { take_back: "expected" },
  did_not_attend: { take_back: "expected" },
};
const ORDER: VisitState[] = ["in_room", "arrived", "expected", "done", "cancelled", "did_not_attend"];
const isOpen = (state: VisitState): boolean => ORDER.indexOf(state) < 3;

type Names =
  | "queue_read"
  | "visit_add"
  | "visit_change"
  | "visit_move"
  | "visit_slip_save"
  | "patient_scan"
  | "desk_photo_add"
  | "desk_photo_list"
  | "desk_photo_assign"
  | "desk_photo_discard";

/** Visits and the photographs that wait with them, with the answers of the real core. */
export function todayHandlers(
  clinic: FakeClinic,
  open: () => { role: string },
  told: (what: string, id: string) => void,
  bytes: Uint8Array,
): Pick<Handlers, Names> {
  const state = clinic.today;
  const desk = (): void => {
    if (open().role === "auditor") throw fail("not_permitted");
  };
  const clinical = (): void => {
    if (!["administrator", "clinician"].includes(open().role)) throw fail("not_permitted");
  };
  const person = (id: string): PersonView => {
    const patient = clinic.patients.find((entry) => entry.id === id);
    if (!patient) throw fail("not_found");
    const { number, family_name, given_names, date_of_birth, age } = patient;
    return { id, number, family_name, given_names, date_of_birth, age };
  };
  const view = (visit: Kept): VisitView => {
    const until = visit.in_room_at ?? visit.closed_at ?? state.now;
    const waited = visit.arrived_at === null ? null : Math.max(0, Math.floor((Date.parse(until) - Date.parse(visit.arrived_at)) / 60_000));
    return { ...visit, from_earlier_day: isOpen(visit.state) && visit.day < state.now.slice(0, 10), waited_minutes: waited };
  };
  const row = (visit: Kept): QueueRow => ({
    visit: view(visit),
    person: person(visit.patient_id),
    clinician_name: clinic.administration.clinicians.find((entry) => entry.id === visit.clinician_id)?.full_name ?? null,
    photographs: state.photos.filter((photo) => photo.visit_id === visit.id && photo.state === "waiting").length,
  });
  const one = (id: string, version: number): Kept => {
    const visit = state.visits.find((entry) => entry.id === id);
    if (!visit) throw fail("not_found");
    if (visit.version !== version) throw fail("conflict");
    return visit;
  };
  const entered = (entry: VisitEntry) => {
    const problems = [
      ...(entry.note.length > 2000 ? [{ field: "note", code: "too_long", limit: 2000 }] : []),
      ...(entry.room.length > 40 ? [{ field: "room", code: "too_long", limit: 40 }] : []),
    ];
    if (problems.length > 0) throw fail("invalid_input", { problems });
    const day = entry.day ?? state.now.slice(0, 10);
    const planned_at = entry.planned === null ? null : new Date(`${day}T${entry.planned}:00`).toISOString();
    return { day, planned_at, clinician_id: entry.clinician_id, room: entry.room, note: entry.note };
  };
  const openOf = (patientId: string) => state.visits.filter((visit) => visit.patient_id === patientId && isOpen(visit.state));
  const place = ({ visit }: QueueRow): string => {
    const at = { in_room: visit.in_room_at, arrived: visit.arrived_at, expected: visit.planned_at ?? "9" }[visit.state as "in_room"] ?? "";
    return `${ORDER.indexOf(visit.state)} ${at}`;
  };
  const waiting = (id: string) => {
    const photo = state.photos.find((entry) => entry.id === id && entry.state === "waiting");
    if (!photo) throw fail("not_found");
    return photo;
  };
  return {
    queue_read: ({ day }) => {
      open();
      const today = state.now.slice(0, 10);
      const shown = day ?? today;
      const rows = state.visits
        .filter((visit) => visit.day === shown || (shown === today && visit.day < today && isOpen(visit.state) && visit.state !== "expected"))
        .map(row)
        .sort((a, b) => place(a).localeCompare(place(b)));
      const unclosed = state.visits.filter((visit) => visit.day < today && visit.state === "expected").map((visit) => visit.day).sort();
      return { day: shown, today, rows, unclosed: unclosed.length, unclosed_since: unclosed[0] ?? null };
    },
    visit_add: ({ patient_id, arrived, entry }) => {
      desk();
      person(patient_id);
      const details = entered(entry);
      const known = openOf(patient_id).find((visit) => arrived || visit.planned_at === details.planned_at);
      if (known) return { visit: view(known), already: true };
      const visit: Kept = {
        id: clinic.id("visit"),
        patient_id,
        ...details,
        state: arrived ? "arrived" : "expected",
        arrived_at: arrived ? state.now : null,
        in_room_at: null,
        closed_at: null,
        version: 1,
      };
      state.visits.push(visit);
      told("visit", visit.id);
      return { visit: view(visit), already: false };
    },
    visit_change: ({ id, version, entry }) => {
      desk();
      const visit = one(id, version);
      Object.assign(visit, entered(entry), { version: version + 1 });
      told("visit", id);
      return view(visit);
    },
    visit_move: ({ id, version, step }) => {
      desk();
      const visit = one(id, version);
      const next = NEXT[visit.state][step];
      if (next === undefined) throw fail("conflict");
      Object.assign(visit, {
        state: next,
        arrived_at: next === "expected" ? null : (visit.arrived_at ?? (isOpen(next) ? state.now : null)),
        in_room_at: next === "in_room" ? state.now : next === "arrived" ? null : visit.in_room_at,
        closed_at: isOpen(next) ? null : state.now,
        version: version + 1,
      });
      told("visit", id);
      return view(visit);
    },
    visit_slip_save: () => (desk(), state.slips++, { saved: true, path: "Documents/visit-slip.pdf" }),
    patient_scan: ({ number }) => {
      open();
      const patient = clinic.patients.find((entry) => entry.number === number);
      if (!patient) throw fail("not_found");
      const visit = openOf(patient.id)[0];
      return { person: person(patient.id), visit: visit ? view(visit) : null };
    },
    desk_photo_add: ({ visit_id }) => {
      desk();
      const visit = state.visits.find((entry) => entry.id === visit_id);
      if (!visit) throw fail("not_found");
      if (!clinic.patients.find((entry) => entry.id === visit.patient_id)?.photo_consent) throw fail("consent_missing", { consent: "photo" });
      if (bytes.length < 4) throw fail("image_too_small", { min_side: 224, width: 96, height: 80 });
      const sha256 = [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("").padEnd(64, "0");
      const quality = bytes[0] === 7 ? POOR : GOOD;
      const known = state.photos.some((photo) => photo.visit_id === visit_id && photo.sha256 === sha256 && photo.state !== "discarded");
      if (!known) {
        const { width, height, format, bytes: size } = image("", "", "", {});
        const about = { width, height, format, bytes: size, sha256, quality, added_at: state.now };
        state.photos.push({ id: clinic.id("desk-photo"), visit_id, patient_id: visit.patient_id, ...about, opens: true, state: "waiting" });
        told("visit", visit_id);
      }
      const left = state.photos.filter((photo) => photo.visit_id === visit_id && photo.state === "waiting").length;
      return { already: known, quality, photographs: left };
    },
    desk_photo_list: ({ patient_id }) => {
      clinical();
      return state.photos.filter((photo) => photo.patient_id === patient_id && photo.state === "waiting");
    },
    desk_photo_assign: ({ id, lesion_id, kind }): ImageImported => {
      clinical();
      const photo = waiting(id);
      const made = image(clinic.id("image"), lesion_id, photo.patient_id, { kind, sha256: photo.sha256, quality: photo.quality });
      clinic.images.push(made);
      photo.state = "assigned";
      told("image", made.id);
      return { image: made, already_stored: false };
    },
    desk_photo_discard: ({ id }) => {
      clinical();
      waiting(id).state = "discarded";
      return null;
    },
  };
}

/** A day under way, for looking at the screen with as many visits as wished. */
export function furnishQueue(clinic: FakeClinic, count: number): void {
  const states: VisitState[] = ["in_room", "arrived", "arrived", "expected", "done", "expected", "cancelled", "expected", "did_not_attend"];
  const minutesAgo = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
  for (let at = 0; at < count; at++) {
    const patient = clinic.patients[at % clinic.patients.length];
    const state = states[at % states.length] ?? "expected";
    if (!patient) return;
    const came = state !== "expected" && state !== "did_not_attend";
    const id = clinic.id("visit");
    clinic.today.visits.push({
      id,
      patient_id: patient.id,
      day: at === 2 ? "2026-11-19" : TODAY,
      planned_at: at % 3 === 0 ? null : minutesAgo(60 - at * 7),
      clinician_id: at % 4 === 0 ? "clinician-1" : null,
      room: state === "in_room" ? "2" : "",
      note: at % 3 === 1 ? "Mole between the shoulder blades bleeds since last week, afraid of needles." : "",
      state,
      arrived_at: came ? minutesAgo(at === 2 ? 700 : 12 + at * 4) : null,
      in_room_at: state === "in_room" || state === "done" ? minutesAgo(6 + at) : null,
      closed_at: isOpen(state) ? null : minutesAgo(3 + at),
      version: 1,
    });
    const quality = at % 2 === 0 ? GOOD : POOR;
    const { width, height, format, bytes } = image("", "", "");
    const about = { width, height, format, bytes, quality, added_at: NOW, opens: true, state: "waiting" as const };
    if (at % 5 === 1) clinic.today.photos.push({ id: clinic.id("desk-photo"), visit_id: id, patient_id: patient.id, sha256: `${at}`.padEnd(64, "0"), ...about });
  }
}
