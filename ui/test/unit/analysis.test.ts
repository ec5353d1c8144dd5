import { describe, expect, it } from "vitest";
import { advance, STEPS } from "../../src/features/analysis/progress";
import { byProbability, hasHeatmap, leadingCode } from "../../src/features/analysis/reading";
import { clampOpacity } from "../../src/features/viewer/opacity";
import type { JobView } from "../../src/ipc/generated";
import { analysis } from "../fake/samples";

const job = (change: Partial<JobView> = {}): JobView => ({
  id: "j",
  lesion_id: "l",
  image_ids: ["i"],
  state: "PROCESSING",
  step: "decoding",
  fraction: 0.3,
  analysis_id: null,
  error: null,
  created_at: "2026-01-01T00:00:00Z",
  ...change,
});

describe("progress", () => {
  it("starts with whatever comes first", () => {
    expect(advance(null, job()).step).toBe("decoding");
  });

  it("ignores late reports", () => {
    const known = job({ step: "classifying", fraction: 0.6 });
    expect(advance(known, job({ step: "checking", fraction: 0.9 }))).toBe(known);
    expect(advance(known, job({ step: "classifying", fraction: 0.5 }))).toBe(known);
    expect(advance(known, job({ state: "PENDING", step: "queued", fraction: 0 }))).toBe(known);
  });

  it("goes forward step by step", () => {
    let known: JobView | null = null;
    for (const [index, step] of STEPS.entries()) {
      known = advance(known, job({ step, fraction: index / 7 }));
      expect(known.step).toBe(step);
    }
  });

  it.each(["COMPLETED", "FAILED", "CANCELLED"] as const)("takes %s as final", (state) => {
    const end = advance(job({ step: "saving", fraction: 0.95 }), job({ state, step: "checking", fraction: 0 }));
    expect(end.state).toBe(state);
    expect(advance(end, job({ step: "saving", fraction: 1 }))).toBe(end);
  });

  it("keeps jobs apart", () => {
    expect(advance(job({ state: "COMPLETED" }), job({ id: "k", step: "queued" })).id).toBe("k");
  });
});

describe("a reading", () => {
  const made = analysis("a", "l", "p", ["one", "two"], { band: "malignant", gate: "inconclusive" });

  it("is sorted without touching the stored order", () => {
    const before = made.assessment.probabilities.map((entry) => entry.code);
    const sorted = byProbability(made.assessment.probabilities).map((entry) => entry.probability);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
    expect(made.assessment.probabilities.map((entry) => entry.code)).toEqual(before);
  });

  it("shows the heatmap of the leading class even when none may be named", () => {
    expect(made.assessment.label).toBeNull();
    expect(leadingCode(made)).toBe("mel");
  });

  it("has heatmaps for its own photographs only", () => {
    expect(hasHeatmap(made, "one")).toBe(true);
    expect(hasHeatmap(made, "three")).toBe(false);
    expect(hasHeatmap({ ...made, heatmap: "no_spatial_map" }, "one")).toBe(false);
    expect(hasHeatmap(null, "one")).toBe(false);
  });

  it("keeps the opacity within its scale", () => {
    expect([-5, 0, 49.6, 100, 260, Number.NaN].map(clampOpacity)).toEqual([0, 0, 50, 100, 100, 0]);
  });
});
