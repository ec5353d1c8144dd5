import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/ipc/generated";
import { fieldProblems, PROBLEM_CODES, toAppError } from "../../src/ipc/errors";
import { errorText, problemText } from "../../src/i18n/errors";

const generated = readFileSync("src/ipc/generated.ts", "utf8");
const union = /export type ErrorCode = ([^;]+);/.exec(generated)?.[1] ?? "";
const codes = [...union.matchAll(/"(\w+)"/g)].map((match) => match[1] as ErrorCode);
const internal = errorText({ code: "internal", details: {} });

describe("wording", () => {
  it("reads the codes from the border", () => {
    expect(codes.length).toBeGreaterThanOrEqual(25);
    expect(codes).toContain("image_too_small");
  });

  it.each(codes.filter((code) => code !== "internal"))("has words of its own for %s", (code) => {
    const text = errorText({ code, details: {} });
    expect(text).not.toBe(internal);
    expect(text).not.toContain("_");
    expect(text).not.toMatch(/undefined|NaN|\{/);
  });

  it("says the numbers that come with an error", () => {
    expect(errorText({ code: "image_too_large", details: { limit_bytes: 32_000_000 } })).toContain("32 MB");
    expect(errorText({ code: "image_too_small", details: { min_side: 224, width: 96, height: 80 } })).toMatch(/96.*80.*224/);
    expect(errorText({ code: "consent_missing", details: { consent: "ai" } })).toContain("AI");
    expect(errorText({ code: "consent_missing", details: { consent: "photo" } })).toContain("photographs");
  });

  it("tells a clock that is wrong from a code that is wrong", () => {
    const said = (details: Record<string, unknown>) => errorText({ code: "second_factor_wrong", details });
    expect(said({})).toContain("Wait for the next one");
    expect(said({ drift_steps: 2 })).toContain("a minute from now");
    expect(said({ drift_steps: -20 })).toContain("10 minutes ago");
  });

  it("treats a code of a newer core as an internal fault", () => {
    expect(errorText({ code: "from_the_future" as ErrorCode, details: {} })).toBe(internal);
    expect(errorText({ code: "toString" as ErrorCode, details: {} })).toBe(internal);
  });

  it.each(PROBLEM_CODES)("has words for the problem %s", (code) => {
    expect(problemText({ field: "label", code })).toMatch(/\.$/);
  });

  it("says the limit that was crossed", () => {
    expect(problemText({ field: "label", code: "too_long", limit: 4000 })).toContain("4,000");
  });
});

describe("a rejection", () => {
  it("is kept when it has the shape of the border", () => {
    const error = { code: "conflict", message: "x", details: { a: 1 } };
    expect(toAppError(error)).toEqual(error);
  });

  it.each([undefined, null, "boom", new Error("boom"), { code: 3 }, []])("becomes internal when it is %j", (reason) => {
    expect(toAppError(reason)).toEqual({ code: "internal", message: "", details: {} });
  });

  it("lists the fields of an invalid input and nothing malformed", () => {
    const problems = [{ field: "details.email", code: "bad_format" }, { field: "note", code: "too_long", limit: 5 }, 7, {}];
    expect(fieldProblems({ code: "invalid_input", message: "", details: { problems } })).toEqual([
      { field: "email", code: "bad_format" },
      { field: "note", code: "too_long", limit: 5 },
    ]);
    expect(fieldProblems({ code: "conflict", message: "", details: { problems } })).toEqual([]);
  });
});
