import type { Change, ComparedOutline, ComparisonView, ImageRecord } from "../../src/ipc/generated";
import type { FakeClinic } from "./clinic";
import { fail } from "./clinic";
import { NOW } from "./samples";
import type { Commands } from "./types";

type Request = Commands["comparison_read"]["request"];

/** A lopsided ring in the middle of a photograph, such as the preview paints. */
function ring(image: ImageRecord, size: number): ComparedOutline {
  const polygon = Array.from({ length: 60 }, (_, step): [number, number] => {
    const angle = (step / 60) * 2 * Math.PI;
    const edge = size * (0.26 + 0.05 * Math.sin(3 * angle)) * image.height;
    return [image.width / 2 + edge * Math.cos(angle), image.height / 2 + edge * Math.sin(angle)];
  });
  return { state: "found", polygon };
}

export const CHANGE: Change = {
  size: {
    basis: "skin",
    area: { value: 1.42, low: 1.05, high: 1.92 },
    diameter: { value: 1.09, low: 0.93, high: 1.28 },
    diameters_mm: null,
    areas_mm2: null,
    scale_error: null,
  },
  gained: 0.44,
  lost: 0.02,
  colour: { lightness: -4.2, red_green: 1.1, yellow_blue: -2.3, difference: 4.9, noise: 10 },
  colours: [
    { colour: "dark_brown", earlier: 0.58, later: 0.61 },
    { colour: "blue_grey", earlier: 0, later: 0.06 },
  ],
  asymmetry: { earlier: 0.82, later: 1.31 },
  border: { earlier: 2, later: 3 },
  compactness: { earlier: 1.31, later: 1.49 },
  touches_frame: false,
  scale_conflict: null,
};

export function comparison(earlier: ImageRecord, later: ImageRecord, change: Partial<ComparisonView> = {}): ComparisonView {
  const photograph = (image: ImageRecord, size: number) => ({
    image,
    day: image.imported_at.slice(0, 10),
    outline: ring(image, size),
    mm_per_px: null,
    spread: null,
  });
  const days = Math.round((Date.parse(later.imported_at) - Date.parse(earlier.imported_at)) / 86_400_000);
  const months = days / 30.4369;
  return {
    id: `comparison-${earlier.id}-${later.id}`,
    earlier: photograph(earlier, 1),
    later: photograph(later, 1.16),
    days,
    monitoring: months < 2.5 ? "too_early" : months <= 4.5 ? "short_term" : "long_term",
    alignment: {
      state: "registered",
      registration: {
        transform: { a: 0.98, b: 0.17, c: -0.17, d: 0.98, e: 90, f: -120 },
        scale: 0.995,
        turn_degrees: 9.8,
        residual_px: 0.8,
        correlation: 0.74,
        overlap: 0.93,
        agreement: 0.82,
        anchor: "skin",
      },
    },
    change: CHANGE,
    outline_method: "learned",
    compared_by_name: "Dr. Ines Halloran",
    compared_at: NOW,
    ...change,
  };
}

export function comparisonHandlers(clinic: FakeClinic, open: () => void) {
  const pair = ({ earlier_id, later_id }: Request): [ImageRecord, ImageRecord] => {
    open();
    const found = [earlier_id, later_id].map((id) => clinic.images.find((image) => image.id === id));
    const [earlier, later] = found;
    if (!earlier || !later) throw fail("not_found");
    if (earlier.id === later.id || earlier.lesion_id !== later.lesion_id) throw fail("invalid_input");
    return [earlier, later];
  };
  const key = ({ earlier_id, later_id }: Request): string => `${earlier_id} ${later_id}`;
  return {
    comparison_read: (request: Request): ComparisonView | null => (pair(request), clinic.comparisons.get(key(request)) ?? null),
    comparison_start: (request: Request): ComparisonView => {
      const made = comparison(...pair(request));
      clinic.comparisons.set(key(request), made);
      return made;
    },
  };
}
