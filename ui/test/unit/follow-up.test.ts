import { describe, expect, it } from "vitest";
import { dayOf, decimal, readAsk, readStrings, slotOf, tooLong, wholeNumber } from "../../src/features/follow-up/typed";

describe("typed follow-up", () => {
  it("takes back only what it wrote itself", () => {
    const ask = { form: "recall", id: null };
    expect(readAsk({ ask, typed: 1 })).toEqual({ ask, typed: 1 });
    for (const bad of [null, "x", {}, { ask: null, typed: 1 }, { ask: { form: "other", id: null }, typed: 1 }, { ask: { form: "send", id: 3 }, typed: 1 }]) {
      expect(readAsk(bad)).toBeNull();
    }
    expect(readStrings({ a: "1", b: "2", c: 3 }, ["a", "b"])).toEqual({ a: "1", b: "2" });
    expect(readStrings({ a: "1", b: 2 }, ["a", "b"])).toBeNull();
    expect(readStrings(null, ["a"])).toBeNull();
  });

  it("gives a form only its own text", () => {
    const kept: unknown[] = [];
    const slot = { at: 0, taken: { ask: { form: "send", id: "b1" }, typed: "x" }, keep: (typed: unknown) => kept.push(typed), drop: () => kept.push("gone") };
    expect(slotOf(slot, { form: "send", id: "b1" }).taken).toBe("x");
    const other = slotOf(slot, { form: "send", id: "b2" });
    expect(other.taken).toBeNull();
    other.keep("y");
    other.drop();
    expect(kept).toEqual([{ ask: { form: "send", id: "b2" }, typed: "y" }, "gone"]);
  });

  it("reads days and numbers as people type them", () => {
    expect(dayOf("due_on", " ")).toEqual({ day: null, problems: [{ field: "due_on", code: "required" }] });
    expect(dayOf("due_on", "31.31.2026").problems).toEqual([{ field: "due_on", code: "bad_format" }]);
    expect(dayOf("due_on", "2026-12-01")).toEqual({ day: "2026-12-01", problems: [] });
    expect([wholeNumber("6", 1, 120), wholeNumber("0", 1, 120), wholeNumber("6.5", 1, 120), wholeNumber("", 1, 120)]).toEqual([6, null, null, null]);
    expect([decimal("0,8"), decimal(" 1.25 "), decimal("thick"), decimal("-1")]).toEqual([0.8, 1.25, null, null]);
    expect(tooLong("text", " 👍👍 ", 2)).toEqual([]);
    expect(tooLong("text", "abc", 2)).toEqual([{ field: "text", code: "too_long", limit: 2 }]);
  });
});
