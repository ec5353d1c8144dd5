import type { LesionOutline, Measures, ModelIdentity, OutlineGap } from "../../src/ipc/generated";

export const OUTLINE_MODEL: ModelIdentity = {
  name: "lentigo-outline",
  version: "1.0.0",
  sha256: "c04d7c11a2b98fe5d6347f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829304",
};

const fold = (contour: number, colour: number) => ({ angle: 0.4, contour, colour });

export function measures(change: Partial<Measures> = {}): Measures {
  return {
    mm_per_px: null,
    spread: null,
    touches_frame: false,
    size: {
      area_px: 512_340,
      area_mm2: null,
      equivalent_diameter_px: 807.7,
      equivalent_diameter_mm: null,
      feret_px: 942.6,
      feret_mm: null,
      min_feret_px: 701.2,
      min_feret_mm: null,
      perimeter_px: 3102.4,
      perimeter_mm: null,
    },
    shape: { compactness: 1.49, solidity: 0.94, convexity: 0.91, roundness: 0.74 },
    asymmetry: { score: 1, index: 0.92, axes: [fold(0.08, 0.11), fold(0.16, 0.09)], principal: [fold(0.08, 0.11), fold(0.16, 0.09)] },
    border: {
      score: 3,
      eighths: [true, true, true, false, false, false, false, null].map((abrupt) =>
        abrupt === null ? null : { contrast: 22, steepness: abrupt ? 0.7 : 0.3, abrupt },
      ) as NonNullable<Measures["border"]>["eighths"],
    },
    colours: {
      present: [
        { colour: "dark_brown", share: 0.58 },
        { colour: "light_brown", share: 0.22 },
        { colour: "black", share: 0.09 },
        { colour: "blue_grey", share: 0.05 },
      ],
    },
    texture: { contrast: 1.84, entropy: 5.31, homogeneity: 0.68, energy: 0.06 },
    ...change,
  };
}

/** An outline as the core stores it; the proposal goes with the measures given by default. */
export function outline(image_id: string, change: Partial<LesionOutline> = {}): LesionOutline {
  return {
    image_id,
    method: "learned",
    model: OUTLINE_MODEL,
    lesion: {
      measures: measures(),
      tds_proposal: {
        asymmetry: 1,
        border: 3,
        colours: 4,
        structures: { count: 3, source: "proposal" },
        score: 5.1,
        range: "suspicious",
        confidence: 0.97,
      },
    },
    artefacts: { ruler: 0.1, ink: 0, dark_corners: 0.2, hair: 0.3, bubbles: 0 },
    ...change,
  };
}

export function missingOutline(image_id: string, missing: OutlineGap): LesionOutline {
  return outline(image_id, { lesion: { missing } });
}
