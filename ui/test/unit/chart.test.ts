import { describe, expect, it } from "vitest";
import { bins, labelled, sums, thinned, ticks } from "../../src/components/chart/scale";
import { beginOf } from "../../src/features/insight/trend-range";
import { together } from "../../src/features/insight/risk";

describe("the scale of a chart", () => {
  it("has few round lines that reach over the largest value", () => {
    expect(ticks(0)).toEqual([0, 1]);
    expect(ticks(Number.NaN)).toEqual([0, 1]);
    expect(ticks(3)).toEqual([0, 1, 2, 3]);
    expect(ticks(7)).toEqual([0, 2, 4, 6, 8]);
    expect(ticks(1_999_999).at(-1)).toBe(2_000_000);
    for (const most of [1, 2, 9, 11, 99, 101, 12_345, 1_000_000]) {
      const lines = ticks(most);
      expect(lines.at(-1)).toBeGreaterThanOrEqual(most);
      expect(lines.length).toBeLessThanOrEqual(7);
    }
  });

  it("draws neighbours together where there is no room for all, and loses none", () => {
    expect(bins(0, 100)).toEqual([]);
    expect(bins(3, 100)).toEqual([{ first: 0, last: 0 }, { first: 1, last: 1 }, { first: 2, last: 2 }]);
    expect(bins(5, 2)).toEqual([{ first: 0, last: 2 }, { first: 3, last: 4 }]);
    const many = Array.from({ length: 1_000_000 }, (_, at) => at % 7);
    const groups = bins(many.length, 190);
    expect(groups.length).toBeLessThanOrEqual(190);
    const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
    expect(total(sums(many, groups))).toBe(total(many));
    expect(bins(4, 0)).toEqual([{ first: 0, last: 3 }]);
  });

  it("keeps every peak of a line with a million points", () => {
    const points = Array.from({ length: 1_000_000 }, (_, x) => ({ x, y: x === 654_321 ? 1 : 0.1 }));
    const drawn = thinned(points, 800);
    expect(drawn.length).toBeLessThanOrEqual(1_600);
    expect(Math.max(...drawn.map(({ y }) => y))).toBe(1);
    expect(drawn.map(({ x }) => x)).toEqual([...drawn.map(({ x }) => x)].sort((a, b) => a - b));
    expect(thinned([], 800)).toEqual([]);
    expect(thinned([{ x: 1, y: 2 }], 800)).toEqual([{ x: 1, y: 2 }]);
  });

  it("writes as many labels as there is room for, the first one always", () => {
    expect(labelled(0, 5)).toEqual([]);
    expect(labelled(3, 5)).toEqual([0, 1, 2]);
    expect(labelled(26, 6)).toEqual([0, 5, 10, 15, 20, 25]);
    expect(labelled(2, 0)).toEqual([0]);
  });
});

describe("the ranges of a trend", () => {
  it("begin on the first of a month, also across a year", () => {
    const today = new Date(2026, 0, 31);
    expect(beginOf("quarter", today)).toBe("2025-11-01");
    expect(beginOf("year", today)).toBe("2025-02-01");
    expect(beginOf("five_years", today)).toBe("2021-02-01");
    expect(beginOf("all", today)).toBeNull();
    expect(beginOf("own", today)).toBeNull();
  });
});

describe("what speaks of a risk", () => {
  it("stands together, the newest first", () => {
    const lesion_id = "lesion-1";
    const reading = { lesion_id, band: "benign", gate: "confident", malignant_sum: 0.1, class_name: null, model_name: "net", model_version: "1" } as const;
    const events = together({
      lesions: [],
      withheld: 0,
      readings: [
        { ...reading, id: "r1", at: "2026-01-05T10:00:00Z" },
        { ...reading, id: "r2", at: "2026-03-05T10:00:00Z" },
      ],
      checklists: [{ id: "c1", lesion_id, analysis_id: "r1", at: "2026-02-01T08:00:00Z", kind: "abcd", score: 5, max: 8.9, verdict: null }],
      findings: [{ id: "b1", lesion_id, taken_on: "2026-02-20", behaviour: "benign", morphology: null }],
    });
    expect(events.map(({ key }) => key)).toEqual(["r2", "b1", "c1", "r1"]);
  });
});
