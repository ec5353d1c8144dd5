import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { changesOf, factsOf } from "../../src/features/audit/details";
import { faultWords } from "../../src/features/audit/faults";
import { actionsOf, auditKindWords } from "../../src/features/audit/kinds";
import { wholeNumber } from "../../src/features/patient-access/whole-number";
import { auditActionWords, subjectWord } from "../../src/i18n";

describe("words of the trail", () => {
  const bindings = readFileSync("src/ipc/generated.ts", "utf8");
  const actions = [.../export type AuditAction = ([^;]+);/.exec(bindings)?.[1]?.matchAll(/"(\w+)"/g) ?? []].map((match) => match[1] ?? "");

  it("has one for every action, each another", () => {
    expect(actions.length).toBeGreaterThan(50);
    const words = actions.map((action) => auditActionWords[action as keyof typeof auditActionWords]?.() ?? "");
    expect(words.filter((word) => word.trim() === "" || word.includes("_"))).toEqual([]);
    expect(new Set(words).size).toBe(actions.length);
  });

  it("puts every action into one kind of event", () => {
    const kinds = Object.keys(auditKindWords) as (keyof typeof auditKindWords)[];
    expect(actionsOf(kinds).sort()).toEqual([...actions].sort());
    expect(kinds.flatMap((kind) => actionsOf([kind]))).toHaveLength(actions.length);
  });

  it("knows every fault of the chain", () => {
    for (const word of ["row_altered", "row_missing", "tail_missing", "anchor_missing", "anchor_unreadable", "gap_recorded", "rolled_back"]) {
      expect(faultWords(word).meaning).not.toBe(faultWords(null).meaning);
    }
    expect(faultWords("toString").meaning).toContain("toString");
  });

  it("reads details of any shape", () => {
    expect(changesOf({ changed: { phone: [null, "020 7946 0018"], date_of_birth: ["1971-03-09", null] } })).toEqual([
      { field: "Telephone", before: "empty", after: "020 7946 0018" },
      { field: "Date of birth", before: expect.stringContaining("1971") as string, after: "empty" },
    ]);
    expect(changesOf({ changed: { details: [{ a: 1, b: { c: "x" } }, { a: 1, b: { c: "y" } }] } })).toEqual([
      { field: "Details: b: c", before: "x", after: "y" },
    ]);
    expect(changesOf({ changed: { state: ["unverified", "deleted"] } })).toEqual([
      { field: "State", before: "Waiting for approval", after: "Removed" },
    ]);
    expect(changesOf({ changed: { language: [null, "de"] } })).toEqual([{ field: "Language", before: "empty", after: "Deutsch" }]);
    expect(changesOf({ changed: "nonsense" })).toEqual([]);
    expect(factsOf({ changed: "nonsense", reason: null, actions: [], count: 3, role: "front_desk" })).toEqual([
      { field: "changed", value: "nonsense" },
      { field: "Count", value: "3" },
      { field: "Role", value: "Front desk" },
    ]);
    expect(subjectWord("constructor")).toBe("constructor");
  });
});

describe("a whole number", () => {
  it("is read with care", () => {
    expect([" 24 ", "072", "1"].map((text) => wholeNumber(text, 1, 72))).toEqual([24, 72, 1]);
    expect(["", "0", "73", "-1", "1.0", "1e1", "２", "9".repeat(400)].map((text) => wholeNumber(text, 1, 72))).toEqual(
      Array.from({ length: 8 }, () => null),
    );
  });
});
