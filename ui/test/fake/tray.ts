import type { Doubt, DoubtView, OfferedFile, TrayAdded, TrayAddRequest, TrayPhoto, WatchView } from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { GOOD, image, NOW, POOR } from "./samples";

/** What the fake core keeps of photographs coming in; tests reach in and change it. */
export class FakeTray {
  photos: TrayPhoto[] = [];
  /** The folder that the dialog will answer with. */
  folder: { name: string; files: (OfferedFile & { content: number[] })[] } | null = null;
  watched: WatchView = { folder: null, reachable: true, files: [] };
  /** Bytes of watched files by key. */
  readonly contents = new Map<number, number[]>();
  /** Contents, by their first byte, of which a person is asked first. */
  readonly doubts = new Map<number, DoubtView>();
}

type Names =
  | "tray_add"
  | "photo_preview"
  | "tray_list"
  | "tray_assign"
  | "tray_kind_change"
  | "tray_discard"
  | "image_move"
  | "image_kind_change"
  | "folder_pick"
  | "offer_take"
  | "watch_read"
  | "watch_choose"
  | "watch_end"
  | "watch_dismiss";

/** Photographs coming in, with the answers of the real core. */
export function trayHandlers(
  clinic: FakeClinic,
  open: () => { role: string },
  told: (what: string, id: string) => void,
  bytes: Uint8Array,
): Pick<Handlers, Names> {
  const state = clinic.tray;
  const clinical = (): void => {
    if (!["administrator", "clinician"].includes(open().role)) throw fail("not_permitted");
  };
  const hash = (content: ArrayLike<number>): string =>
    [...Array.from(content).slice(0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("").padEnd(64, "0");

  function judged(content: ArrayLike<number>): void {
    if (content.length === 0) throw fail("image_empty");
    if (content[0] === 0x48) throw fail("image_heic");
    if (content.length < 4) throw fail("image_too_small", { min_side: 224, width: 96, height: 80 });
  }

  function take(about: TrayAddRequest, content: ArrayLike<number>): TrayAdded {
    clinical();
    const patient = clinic.patients.find((entry) => entry.id === about.patient_id);
    if (!patient) throw fail("not_found");
    if (!patient.photo_consent) throw fail("consent_missing", { consent: "photo" });
    judged(content);
    const sha256 = hash(content);
    const known = clinic.images.find((entry) => entry.sha256 === sha256 && entry.patient_id === patient.id);
    if (known) return { outcome: "taken", photos: [{ already: true, tray_id: null, image: known, quality: null }] };
    const waiting = state.photos.find((entry) => entry.sha256 === sha256 && entry.patient_id === patient.id);
    if (waiting) return { outcome: "taken", photos: [{ already: true, tray_id: waiting.id, image: null, quality: null }] };
    const doubt = state.doubts.get(content[0] ?? 0);
    if (doubt && !about.accepted.includes(doubt.doubt as Doubt)) return { outcome: "doubted", doubts: [doubt] };
    const quality = content[0] === 7 ? POOR : GOOD;
    const kind = about.kind ?? (content[0] === 5 ? "clinical" : "dermoscopic");
    if (about.lesion_id !== null) {
      const stored = image(clinic.id("image"), about.lesion_id, patient.id, { kind, sha256, quality });
      clinic.images.push(stored);
      told("image", stored.id);
      return { outcome: "taken", photos: [{ already: false, tray_id: null, image: stored, quality }] };
    }
    const photo = addWaiting(clinic, patient.id, { kind, kind_chosen: about.kind !== null, sha256, quality });
    told("tray", patient.id);
    return { outcome: "taken", photos: [{ already: false, tray_id: photo.id, image: null, quality }] };
  }

  const one = (id: string): TrayPhoto => {
    clinical();
    const photo = state.photos.find((entry) => entry.id === id);
    if (!photo) throw fail("not_found");
    return photo;
  };
  const stored = (id: string) => {
    clinical();
    const found = clinic.images.find((entry) => entry.id === id);
    if (!found) throw fail("not_found");
    return found;
  };

  return {
    tray_add: (about) => take(about, bytes),
    photo_preview: () => {
      clinical();
      judged(bytes);
      return new ArrayBuffer(0);
    },
    tray_list: ({ patient_id }) => {
      clinical();
      const visits = clinic.today.visits.filter((visit) => visit.patient_id === patient_id);
      return {
        photos: state.photos.filter((photo) => photo.patient_id === patient_id),
        visits: visits.map(({ id, day, state: at }) => ({ id, day, state: at })),
        today: NOW.slice(0, 10),
      };
    },
    tray_assign: ({ ids, lesion_id }) => {
      const images = ids.map(one).map((photo) => {
        const { kind, sha256, quality } = photo;
        return image(clinic.id("image"), lesion_id, photo.patient_id, { kind, sha256, quality });
      });
      clinic.images.push(...images);
      state.photos = state.photos.filter((photo) => !ids.includes(photo.id));
      images.forEach((entry) => told("image", entry.id));
      return images;
    },
    tray_kind_change: ({ ids, kind }) => ids.map(one).map((photo) => Object.assign(photo, { kind, kind_chosen: true })),
    tray_discard: ({ ids, reason }) => {
      if (reason.trim() === "") throw fail("invalid_input", { problems: [{ field: "reason", code: "required" }] });
      ids.forEach(one);
      state.photos = state.photos.filter((photo) => !ids.includes(photo.id));
      return null;
    },
    image_move: ({ id, lesion_id, reason }) => {
      const found = stored(id);
      const used = clinic.analyses.some((analysis) => analysis.image_ids.includes(id));
      if (used && reason === "") throw fail("invalid_input", { problems: [{ field: "reason", code: "required" }] });
      found.lesion_id = lesion_id;
      told("image", id);
      return found;
    },
    image_kind_change: ({ id, kind }) => Object.assign(stored(id), { kind }),
    folder_pick: () => {
      clinical();
      if (state.folder === null) return null;
      const files = state.folder.files.map(({ key, name, bytes: size }) => ({ key, name, bytes: size }));
      return { name: state.folder.name, files, left_out: 2, closed: 0, more: false };
    },
    offer_take: async ({ key, watched, about }) => {
      // As between real answers, the window gets its turn.
      await new Promise((done) => setTimeout(done));
      const content = watched ? state.contents.get(key) : state.folder?.files.find((file) => file.key === key)?.content;
      if (!content) throw fail("file_gone");
      const added = take(about, content);
      if (watched) state.watched.files = state.watched.files.filter((file) => file.key !== key);
      return added;
    },
    watch_read: () => (clinical(), state.watched),
    watch_choose: () => {
      clinical();
      state.watched = { ...state.watched, folder: "/media/dermatoscope" };
      return true;
    },
    watch_end: () => {
      state.watched = { folder: null, reachable: true, files: [] };
      return null;
    },
    watch_dismiss: ({ keys }) => {
      state.watched.files = state.watched.files.filter((file) => !keys.includes(file.key));
      return null;
    },
  };
}

/** A photograph that waits for a lesion. */
export function addWaiting(clinic: FakeClinic, patientId: string, change: Partial<TrayPhoto> = {}): TrayPhoto {
  const id = clinic.id("tray");
  const photo: TrayPhoto = {
    id,
    patient_id: patientId,
    kind: "dermoscopic",
    kind_chosen: false,
    format: "jpeg",
    width: 4032,
    height: 3024,
    sha256: hashOf(id),
    bytes: 3_402_118,
    quality: GOOD,
    origin: { source: "file", taken_on: NOW.slice(0, 10), proposed: { kind: "dermoscopic", certainty: 0.97 }, dicom: null },
    added_at: NOW,
    ...change,
  };
  clinic.tray.photos.push(photo);
  return photo;
}

const hashOf = (id: string): string => [...id].map((letter) => letter.charCodeAt(0).toString(16)).join("").padEnd(64, "f").slice(0, 64);

/** Photographs of a visit that wait, for looking at the screen. */
export function furnishTray(clinic: FakeClinic, patientId: string): void {
  for (let count = 0; count < 11; count++) {
    const clinical = count % 4 === 3;
    addWaiting(clinic, patientId, {
      kind: clinical ? "clinical" : "dermoscopic",
      kind_chosen: count === 2,
      quality: count === 5 ? POOR : GOOD,
      origin: {
        source: count === 7 ? "folder" : "file",
        taken_on: count > 8 ? null : "2026-10-21",
        proposed: { kind: clinical ? "clinical" : "dermoscopic", certainty: 0.8 + count / 60 },
        dicom: count === 7 ? { sop_instance_uid: "2.25.1", frame: 0, modality: "XC", pixel_spacing_mm: [0.02, 0.02] } : null,
      },
    });
  }
  clinic.tray.watched = {
    folder: "/media/dermatoscope/DCIM",
    reachable: true,
    files: [
      { key: 1, name: "DSC_0412.JPG", bytes: 4_211_020, seen_at: NOW, before_this_patient: true },
      { key: 2, name: "DSC_0413.JPG", bytes: 4_398_112, seen_at: NOW, before_this_patient: false },
      { key: 3, name: "DSC_0414.JPG", bytes: 4_102_733, seen_at: NOW, before_this_patient: false },
    ],
  };
}
