import { describe, expect, it } from "vitest";
import { dayAfter, parseTime, waitText } from "../../src/features/today/clock";

describe("times of a visit", () => {
  it("reads a time as people type it", () => {
    for (const [typed, read] of [
      ["9", "09:00"],
      ["930", "09:30"],
      ["0930", "09:30"],
      ["9:30", "09:30"],
      ["9.30", "09:30"],
      [" 14h15 ", "14:15"],
      ["00:00", "00:00"],
      ["23:59", "23:59"],
    ] as const) {
      expect(parseTime(typed), typed).toBe(read);
    }
    for (const typed of ["", "24", "12:60", "soon", "9:3", "12345", "-1"]) expect(parseTime(typed), typed).toBeNull();
  });

  it("steps over months, leap days and changes of the clocks", () => {
    expect(dayAfter("2026-03-28", 1)).toBe("2026-03-29");
    expect(dayAfter("2026-03-29", 1)).toBe("2026-03-30");
    expect(dayAfter("2026-10-26", -1)).toBe("2026-10-25");
    expect(dayAfter("2028-02-28", 1)).toBe("2028-02-29");
    expect(dayAfter("2026-01-01", -1)).toBe("2025-12-31");
  });

  it("says long waits in hours", () => {
    expect(waitText(0)).toBe("0 min");
    expect(waitText(59)).toBe("59 min");
    expect(waitText(125)).toBe("2 h 05 min");
  });
});
