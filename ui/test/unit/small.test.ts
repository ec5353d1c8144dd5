import { describe, expect, it } from "vitest";
import { defaultPaper } from "../../src/app/paper";
import { firstStepOf, groupToConfirm } from "../../src/features/clinic/draft";
import { countEntries, type ImportEntry } from "../../src/features/image/queue";
import { nextLabel } from "../../src/features/lesion/label";
import { groupMetrics, metricName } from "../../src/features/model/metrics";
import { emptyDraft, judge } from "../../src/features/patient/form";
import { formatDay, formatPercent } from "../../src/i18n/format";
import type { LesionView } from "../../src/ipc/generated";
import { heatmapUrl, imageUrl } from "../../src/ipc/pictures";
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
    const entries = states.map((state, key) => ({ key, state, name: "", error: null, warnings: 0 }));
    expect(countEntries(entries)).toEqual({ total: 6, done: 4, imported: 2, known: 1, rejected: 1 });
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
  it("become groups of figures at any depth", () => {
    const group = groupMetrics({ balanced_accuracy: 0.71, per_class: { mel: { auc: 0.9 } }, classes: ["mel", "nv"], gone: null });
    expect(group.rows).toEqual([["Balanced accuracy", 0.71], ["Classes", "mel, nv"]]);
    expect(group.groups[0]?.groups[0]).toMatchObject({ title: "Mel", rows: [["AUC", 0.9]] });
    expect(groupMetrics("nothing")).toEqual({ title: "", rows: [], groups: [] });
  });

  it("are named for people", () => {
    expect(metricName("ece")).toBe("ECE");
    expect(metricName("false_positive_rate")).toBe("False positive rate");
  });
});

describe("figures", () => {
  it("write days with a month in letters", () => {
    expect(formatDay("1971-03-09")).toMatch(/Mar/);
    expect(formatDay("1971-03-09", "long")).toMatch(/March/);
    expect(formatDay("no day")).toBe("no day");
  });

  it("write probabilities with one decimal", () => {
    expect(formatPercent(0.0834)).toBe("8.3%");
  });

  it("choose the paper of the country", () => {
    expect([defaultPaper("en-US"), defaultPaper("en-GB"), defaultPaper("de")]).toEqual(["letter", "a4", "a4"]);
  });
});

describe("addresses of pictures", () => {
  it("are of the vault and keep ids in their place", () => {
    const host = new FakeHost().install();
    expect(imageUrl("a/b", "display")).toBe("vault://localhost/image/a%2Fb/display");
    expect(heatmapUrl("x", "y", "mel")).toBe("vault://localhost/analysis/x/y/heatmap/mel");
    host.uninstall();
  });
});
