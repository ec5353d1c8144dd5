import { describe, expect, it } from "vitest";
import { completedYears, datePattern, parseDate, typedDate } from "../../src/i18n/dates";

describe("a typed date", () => {
  it.each([
    ["1971-03-09", "en-GB", "1971-03-09"],
    ["19710309", "en-US", "1971-03-09"],
    ["09/03/1971", "en-GB", "1971-03-09"],
    ["09/03/1971", "en-US", "1971-09-03"],
    ["9.3.1971", "de-DE", "1971-03-09"],
    [" 9 3 1971 ", "en-GB", "1971-03-09"],
    ["1971/03/09", "ja-JP", "1971-03-09"],
    ["29/02/2000", "en-GB", "2000-02-29"],
  ])("%s in %s is %s", (text, locale, day) => {
    expect(parseDate(text, locale)).toBe(day);
  });

  it.each([
    ["", "en-GB"],
    ["09/03/71", "en-GB"],
    ["31/02/1971", "en-GB"],
    ["29/02/1900", "en-GB"],
    ["13/13/1971", "en-GB"],
    ["13/25/1971", "en-US"],
    ["1971-3", "en-GB"],
    ["tomorrow", "en-GB"],
    ["0000-01-01", "en-GB"],
  ])("%j in %s is refused", (text, locale) => {
    expect(parseDate(text, locale)).toBeNull();
  });

  it.each(["en-GB", "en-US", "de-DE", "es-ES", "sv-SE"])("survives being written and read in %s", (locale) => {
    for (const day of ["1999-12-01", "2001-02-03", "1926-10-31"]) {
      expect(parseDate(typedDate(day, locale), locale)).toBe(day);
    }
  });

  it("is announced in the order of the locale", () => {
    expect(datePattern("en-GB")).toBe("DD/MM/YYYY");
    expect(datePattern("en-US")).toBe("MM/DD/YYYY");
    expect(datePattern("de-DE")).toBe("DD.MM.YYYY");
  });
});

describe("age", () => {
  it("counts completed years", () => {
    expect(completedYears("1971-03-09", new Date(2026, 2, 8))).toBe(54);
    expect(completedYears("1971-03-09", new Date(2026, 2, 9))).toBe(55);
    expect(completedYears("2000-02-29", new Date(2026, 1, 28))).toBe(25);
    expect(completedYears("2000-02-29", new Date(2026, 2, 1))).toBe(26);
  });
});
