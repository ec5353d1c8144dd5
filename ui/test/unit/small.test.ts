import { afterEach, describe, expect, it, vi } from "vitest";
import { firstStepOf, groupToConfirm } from "../../src/features/clinic/draft";
import { blank, countEntries, type ImportEntry } from "../../src/features/image/queue";
import { nextLabel } from "../../src/features/lesion/label";
import { groupMetrics, metricName, sourceNames } from "../../src/features/model/metrics";
import { emptyDraft, judge } from "../../src/features/patient/form";
import { formatDay, formatMoment, formatPercent, formatTime } from "../../src/i18n/format";
import type { LesionView } from "../../src/ipc/generated";
import { heatmapUrl, imageUrl, outlineUrl } from "../../src/ipc/pictures";
import { FakeHost } from "../fake-host";

describe("the patient form", () => {
  const today = new Date(2026, 10, 20);
  const fields = (change: object) => judge({ ...emptyDraft(), ...change }, today).problems.map((p) => `${p.field}:${p.code}`);

  it("asks for names and date of birth", () => {
    expect(fields({})).toEqual(["family_name:required", "given_names:required", "date_of_birth:required"]);
  });

  it("judges the date of birth", () => {
    const named = { family_name: "A", given_names: "B" };
    expect(fields({ ...named, date_of_birth: "2026-11-21" })).toEqual(["date_of_birth:in_the_future"]);
    expect(fields({ ...named, date_of_birth: "1890-01-01" })).toEqual(["date_of_birth:too_long_ago"]);
    expect(fields({ ...named, date_of_birth: "1.1" })).toEqual(["date_of_birth:bad_format"]);
    expect(judge({ ...emptyDraft(), ...named, date_of_birth: "2026-11-20" }, today).details).toMatchObject({
      date_of_birth: "2026-11-20",
      fitzpatrick: null,
    });
  });
});

describe("first run", () => {
  it("goes back to the earliest refused step", () => {
    expect(firstStepOf([{ field: "password", code: "too_weak" }, { field: "email", code: "bad_format" }])).toBe("administrator");
    expect(firstStepOf([{ field: "clinic_name", code: "required" }])).toBe("clinic");
    expect(firstStepOf([])).toBe("password");
  });

  it("asks for any group but the first", () => {
    expect([0, 0.5, 0.999].map((at) => groupToConfirm(12, () => at))).toEqual([2, 7, 12]);
    expect(groupToConfirm(1, () => 0.5)).toBe(1);
  });
});

describe("imports", () => {
  it("are counted without losing any", () => {
    const states: ImportEntry["state"][] = ["imported", "known", "rejected", "waiting", "reading", "imported"];
    const entries = states.map((state, key) => ({ ...blank(key, ""), state }));
    expect(countEntries(entries)).toEqual({ total: 6, done: 4, imported: 2, known: 1, rejected: 1, asked: 0, left: 0 });
  });
});

describe("labels", () => {
  it("propose the next free one", () => {
    const lesions = (labels: string[]) => labels.map((label) => ({ lesion: { label } }) as LesionView);
    expect(nextLabel([])).toBe("L1");
    expect(nextLabel(lesions(["L1", "left calf"]))).toBe("L3");
    expect(nextLabel(lesions(["L2"]))).toBe("L3");
  });
});

describe("metrics", () => {
  const plain = (value: unknown) => ({ value, interval: null });

  it("become groups of figures at any depth", () => {
    const group = groupMetrics({ balanced_accuracy: 0.71, per_class: { mel: { auc: 0.9 } }, classes: ["mel", "nv"], gone: null });
    expect(group.rows).toEqual([["Balanced accuracy", plain(0.71)], ["Classes", plain("mel, nv")]]);
    expect(group.groups[0]?.groups[0]).toMatchObject({ title: "Mel", rows: [["AUC", plain(0.9)]] });
    expect(groupMetrics("nothing")).toEqual({ title: "", rows: [], grid: null, groups: [] });
  });

  it("keep the interval beside each figure, however the card writes it", () => {
    const group = groupMetrics({ auc: { value: 0.84, ci95: [0.81, 0.86] }, recall: 0.4, recall_ci95: [0.3, 0.5] });
    expect(group.rows).toEqual([
      ["AUC", { value: 0.84, interval: [0.81, 0.86] }],
      ["Recall", { value: 0.4, interval: [0.3, 0.5] }],
    ]);
    expect(group.groups).toEqual([]);
  });

  it("put entries of the same figures into one grid, named for people", () => {
    const { grid } = groupMetrics({ mel: { images: 2, auc: 0.8 }, nv: { images: 9 } }, { mel: "Melanoma" });
    expect(grid).toEqual({
      columns: ["Images", "AUC"],
      rows: [
        { name: "Melanoma", cells: [plain(2), plain(0.8)] },
        { name: "Nv", cells: [plain(9), null] },
      ],
    });
    const wide = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 };
    const turned = groupMetrics({ here: wide, there: wide }).grid;
    expect([turned?.columns, turned?.rows.length]).toEqual([["Here", "There"], 6]);
  });

  it("know the collections by their names", () => {
    const sources = [{ name: "HAM10000" }, { name: "ISIC 2017 training part" }];
    const images = { train: { ham10000: { nv: 1 }, isic2017: { nv: 1 }, other: { nv: 1 } } };
    expect(sourceNames(images, sources)).toEqual({ ham10000: "HAM10000", isic2017: "ISIC 2017 training part" });
    expect(sourceNames(null, sources)).toEqual({});
  });

  it("are named for people", () => {
    expect(metricName("ece")).toBe("ECE");
    expect(metricName("malignancy_auc")).toBe("Malignancy AUC");
    expect(metricName("0-29")).toBe("0-29");
    expect(metricName("false_positive_rate")).toBe("False positive rate");
  });
});

describe("figures", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("write days with a month in letters", () => {
    expect(formatDay("1971-03-09")).toMatch(/Mar/);
    expect(formatDay("1971-03-09", "long")).toMatch(/March/);
    expect(formatDay("no day")).toBe("no day");
  });

  it.each([
    ["en-US", "2:01 AM", "Nov 23, 2026, 2:01:05 AM"],
    ["en-GB", "02:01", "23 Nov 2026, 02:01:05"],
    ["de-DE", "02:01", "23 Nov 2026, 02:01:05"],
  ])("write the time of day as in the system's country: %s", (system, time, moment) => {
    vi.stubGlobal("navigator", { languages: [system] });
    expect(formatTime("2026-11-23T02:01:05").replaceAll(/\s/g, " ")).toBe(time);
    expect(formatMoment("2026-11-23T02:01:05").replaceAll(/\s/g, " ")).toBe(moment);
  });

  it("write probabilities with one decimal", () => {
    expect(formatPercent(0.0834)).toBe("8.3%");
  });
});

describe("addresses of pictures", () => {
  it("are of the vault and keep ids in their place", () => {
    const host = new FakeHost().install();
    expect(imageUrl("a/b", "display")).toBe("vault://localhost/image/a%2Fb/display");
    expect(heatmapUrl("x", "y", "mel")).toBe("vault://localhost/analysis/x/y/heatmap/mel");
    expect(outlineUrl("x", "y")).toBe("vault://localhost/analysis/x/y/outline");
    host.uninstall();
  });
});
