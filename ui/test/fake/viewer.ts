import type { Handlers } from "../fake-host";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { outline } from "./outlines";
import { NOW } from "./samples";
import type {
  ImageMarkView,
  ImageMeasuringView,
  ImageScaleView,
  ImagingDeviceView,
  MarkEntry,
  MarkFigures,
  Shortcut,
  ViewerAction,
} from "./types";

export const USUAL_KEYS: Shortcut[] = (
  [
    ["heatmap", "h"],
    ["outline", "o"],
    ["less_opacity", "["],
    ["more_opacity", "]"],
    ["measure", "m"],
    ["scale", "s"],
    ["fit", "f"],
    ["zoom_full", "1"],
    ["zoom_double", "2"],
    ["zoom_in", "+"],
    ["zoom_out", "-"],
    ["previous_photo", "ArrowLeft"],
    ["next_photo", "ArrowRight"],
    ["help", "?"],
  ] as [ViewerAction, string][]
).map(([action, key]) => ({ action, key }));

type Mark = Omit<ImageMarkView, "figures"> & { image: string; gone: boolean };

/** What the core keeps of measuring: one for a fake clinic. */
export class FakeMeasuring {
  marks: Mark[] = [];
  readonly scales = new Map<string, ImageScaleView>();
  devices: ImagingDeviceView[] = [];
  keys: Shortcut[] = USUAL_KEYS;
  camera = { make: "", model: "" };
}

const measuring = new WeakMap<FakeClinic, FakeMeasuring>();

export function measuringOf(clinic: FakeClinic): FakeMeasuring {
  const known = measuring.get(clinic) ?? new FakeMeasuring();
  measuring.set(clinic, known);
  return known;
}

/** As the core measures: scaled first, then measured. */
function figures({ kind, points }: MarkEntry, scale: ImageScaleView | undefined): MarkFigures {
  const measured = (sx: number, sy: number) => {
    const at = points.map(({ x, y }) => ({ x: x * sx, y: y * sy }));
    const [a, b, c] = at;
    if (!a || !b) return { length: 0, width: null, area: null };
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (kind === "ellipse" && c) {
      const width = (2 * Math.abs((c.x - a.x) * (b.y - a.y) - (c.y - a.y) * (b.x - a.x))) / length;
      return { length: Math.max(length, width), width: Math.min(length, width), area: (Math.PI * length * width) / 4 };
    }
    if (kind === "line") return { length, width: null, area: null };
    const twice = at.reduce((sum, p, index) => {
      const q = at[(index + 1) % at.length] ?? p;
      return sum + p.x * q.y - q.x * p.y;
    }, 0);
    const longest = Math.max(...at.flatMap((p) => at.map((q) => Math.hypot(p.x - q.x, p.y - q.y))));
    return { length: longest, width: null, area: Math.abs(twice) / 2 };
  };
  const px = measured(1, 1);
  const error = scale?.error ?? null;
  const spread = error === null ? null : { length: 2 * error, area: 4 * error };
  const mm = scale ? measured(scale.um_per_px_x / 1000, scale.um_per_px_y / 1000) : { length: null, width: null, area: null };
  return { length_px: px.length, length_mm: mm.length, width_px: px.width, width_mm: mm.width, area_px: px.area, area_mm2: mm.area, spread };
}

/** The core derives the millimetres of an outline anew with every reading of it. */
function rescale(clinic: FakeClinic, image: string, mm: number | null, error: number | null = null): void {
  const found = clinic.outlines.has(image) ? clinic.outlines.get(image) : outline(image);
  if (!found || !("measures" in found.lesion)) return;
  const { measures } = found.lesion;
  const { size } = measures;
  const spread = error === null ? null : { length: 2 * error, area: 4 * error };
  const length = (px: number) => (mm === null ? null : px * mm);
  const scaled = {
    ...size,
    area_mm2: mm === null ? null : size.area_px * mm * mm,
    equivalent_diameter_mm: length(size.equivalent_diameter_px),
    feret_mm: length(size.feret_px),
    min_feret_mm: length(size.min_feret_px),
    perimeter_mm: length(size.perimeter_px),
  };
  const lesion = { ...found.lesion, measures: { ...measures, mm_per_px: mm, spread, size: scaled } };
  clinic.outlines.set(image, { ...found, lesion });
}

type Names =
  | "image_measuring_read"
  | "scale_options_read"
  | "scale_by_ruler"
  | "scale_by_device"
  | "scale_remove"
  | "image_mark_add"
  | "image_mark_label"
  | "image_mark_delete"
  | "image_mark_restore"
  | "imaging_device_list"
  | "imaging_device_save"
  | "imaging_device_remove"
  | "shortcuts_read"
  | "shortcuts_save";

export function viewerHandlers(clinic: FakeClinic, open: () => { role: string; user_name: string }): Pick<Handlers, Names> {
  const kept = measuringOf(clinic);
  const clinical = () => {
    const session = open();
    if (!["administrator", "clinician"].includes(session.role)) throw fail("not_permitted");
    return session;
  };
  const image = (id: string) => {
    clinical();
    const found = clinic.images.find((candidate) => candidate.id === id);
    if (!found) throw fail("not_found");
    return found;
  };
  const view = (id: string): ImageMeasuringView => {
    const scale = kept.scales.get(image(id).id);
    const marks = kept.marks
      .filter((mark) => mark.image === id && !mark.gone)
      .map(({ id: known, kind, points, label, author_name, made_at }) => {
        const entry = { kind, points, label };
        return { id: known, ...entry, figures: figures(entry, scale), author_name, made_at };
      });
    return { image_id: id, scale: scale ?? null, marks };
  };
  const mark = (id: string, gone = false): Mark => {
    clinical();
    const found = kept.marks.find((candidate) => candidate.id === id && candidate.gone === gone);
    if (!found) throw fail("not_found");
    return found;
  };
  const set = (id: string, um: number, change: Pick<ImageScaleView, "source" | "device_name" | "error">) => {
    const by = { set_by_name: clinical().user_name, set_at: NOW };
    kept.scales.set(id, { um_per_px_x: um, um_per_px_y: um, ...change, ...by });
    rescale(clinic, id, um / 1000, change.error);
    return view(id);
  };
  return {
    image_measuring_read: ({ image_id }) => view(image_id),
    scale_options_read: ({ image_id }) => {
      const { width } = image(image_id);
      const { make, model } = kept.camera;
      const devices = kept.devices.map((device) => ({
        device_id: device.id,
        name: device.name,
        um_per_px: (device.um_per_px * device.image_width) / width,
        matches: device.model !== "" && device.model === model,
      }));
      devices.sort((a, b) => Number(b.matches) - Number(a.matches));
      return { camera_make: make, camera_model: model, devices };
    },
    scale_by_ruler: ({ image_id, reading: { from, to, distance_mm, pointing_px } }) => {
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      const problem = (field: string, code: string) => fail("invalid_input", { problems: [{ field, code }] });
      if (distance_mm < 0.5 || distance_mm > 1000) throw problem("distance_mm", "not_allowed");
      if (length < 20) throw problem("points", "too_short");
      const error = Math.hypot((Math.SQRT2 * Math.max(1, pointing_px)) / length, (Math.SQRT2 * 0.05) / distance_mm);
      return set(image_id, (distance_mm * 1000) / length, { source: "ruler", device_name: null, error });
    },
    scale_by_device: ({ image_id, device_id }) => {
      const device = kept.devices.find((candidate) => candidate.id === device_id);
      if (!device) throw fail("not_found");
      const um = (device.um_per_px * device.image_width) / image(image_id).width;
      return set(image_id, um, { source: "device", device_name: device.name, error: null });
    },
    scale_remove: ({ image_id }) => {
      if (!kept.scales.delete(image(image_id).id)) throw fail("not_found");
      rescale(clinic, image_id, null);
      return view(image_id);
    },
    image_mark_add: ({ image_id, entry }) => {
      image(image_id);
      const made = { id: clinic.id("mark"), ...entry, author_name: clinical().user_name, made_at: NOW, image: image_id, gone: false };
      kept.marks.push(made);
      return view(image_id);
    },
    image_mark_label: ({ id, label }) => view(Object.assign(mark(id), { label }).image),
    image_mark_delete: ({ id }) => view(Object.assign(mark(id), { gone: true }).image),
    image_mark_restore: ({ id }) => view(Object.assign(mark(id, true), { gone: false }).image),
    imaging_device_list: () => (clinical(), kept.devices),
    imaging_device_save: ({ id, profile }) => {
      if (open().role !== "administrator") throw fail("not_permitted");
      const taken = kept.devices.some((other) => other.name === profile.name && other.id !== id);
      if (taken) throw fail("invalid_input", { problems: [{ field: "name", code: "already_used" }] });
      const saved = { id: id ?? clinic.id("device"), ...profile };
      kept.devices = [...kept.devices.filter((device) => device.id !== saved.id), saved];
      return saved;
    },
    imaging_device_remove: ({ id }) => {
      if (!kept.devices.some((device) => device.id === id)) throw fail("not_found");
      kept.devices = kept.devices.filter((device) => device.id !== id);
      return null;
    },
    shortcuts_read: () => (clinical(), { keys: kept.keys, usual: USUAL_KEYS }),
    shortcuts_save: ({ keys }) => {
      const problems = keys
        .filter((one) => keys.some((other) => other.action !== one.action && other.key === one.key))
        .map(({ action }) => ({ field: action, code: "already_used" }));
      if (problems.length > 0) throw fail("invalid_input", { problems });
      kept.keys = keys;
      return { keys, usual: USUAL_KEYS };
    },
  };
}
