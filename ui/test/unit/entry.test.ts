import { describe, expect, it } from "vitest";
import { readRoute } from "../../src/app/route.svelte";
import { spread } from "../../src/components/grouped-code";
import { emptyAccount, judgeAccount } from "../../src/features/account/details";
import { QUIET_ZONE, qrPath } from "../../src/features/account/qr";
import { readTyped } from "../../src/features/lesion/typed";
import { emptyDraft, readTyped as readPatient } from "../../src/features/patient/form";

describe("a code in groups", () => {
  const blank = ["", "", "", ""];

  it("moves on when a group is full", () => {
    expect(spread(blank, 0, "abcd")).toEqual({ groups: ["ABCD", "", "", ""], focus: 0 });
    expect(spread(blank, 0, "abcde")).toEqual({ groups: ["ABCDE", "", "", ""], focus: 1 });
    expect(spread(["A", "B", "C", ""], 3, "12345").focus).toBe(3);
  });

  it("lets what is too long flow on", () => {
    expect(spread(blank, 1, "ABCDEFG")).toEqual({ groups: ["", "ABCDE", "FG", ""], focus: 2 });
    expect(spread(blank, 2, "ABCDEFGHIJ").groups).toEqual(["", "", "ABCDE", "FGHIJ"]);
  });

  it("fills from the start with a whole code, wherever it was put, and cuts nothing off but what is over", () => {
    const whole = "k7qx2-md4rt 9zbwa\n3hnvc";
    expect(spread(blank, 2, whole)).toEqual({ groups: ["K7QX2", "MD4RT", "9ZBWA", "3HNVC"], focus: 3 });
    expect(spread(blank, 0, `${whole}ZZZ`).groups).toEqual(["K7QX2", "MD4RT", "9ZBWA", "3HNVC"]);
  });

  it("takes nothing but letters and digits", () => {
    expect(spread(blank, 0, "a-b c")).toEqual({ groups: ["ABC", "", "", ""], focus: 0 });
  });
});

describe("a QR code", () => {
  it("becomes runs of dark modules inside the quiet zone", () => {
    expect(QUIET_ZONE).toBe(4);
    expect(qrPath("110" + "000" + "101", 3)).toBe("M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z");
  });
});

describe("an account", () => {
  const today = new Date(2026, 10, 21);
  const judge = (change: object) => judgeAccount({ ...emptyAccount(), full_name: "A", email: "a@b.example", ...change }, null, today);

  it("needs a name and an address, and leaves the rest open", () => {
    expect(judge({ full_name: " ", email: "" }).problems.map((p) => p.field)).toEqual(["full_name", "email"]);
    expect(judge({ email: "a@b" }).problems).toEqual([{ field: "email", code: "bad_format" }]);
    expect(judge({}).details).toEqual({
      full_name: "A",
      email: "a@b.example",
      phone: null,
      date_of_birth: null,
      gender: null,
      licence_number: null,
    });
  });

  it("judges the date of birth where there is one", () => {
    const codes = (date_of_birth: string) => judge({ date_of_birth }).problems.map((p) => p.code);
    expect(codes("2026-11-22")).toEqual(["in_the_future"]);
    expect(codes("1890-01-01")).toEqual(["too_long_ago"]);
    expect(codes("soon")).toEqual(["bad_format"]);
    expect(codes("1980-01-31")).toEqual([]);
  });
});

describe("kept text", () => {
  it("leads only to places of the window", () => {
    expect(readRoute({ name: "patient-new", more: 1 })).toEqual({ name: "patient-new" });
    expect(readRoute({ name: "lesion", patientId: "p", lesionId: "l" })).toEqual({ name: "lesion", patientId: "p", lesionId: "l" });
    expect(readRoute({ name: "administration", part: "letterhead" })).toEqual({ name: "administration", part: "letterhead" });
    expect(readRoute({ name: "library", slug: "melanoma" })).toEqual({ name: "library", slug: "melanoma" });
    for (const wrong of [null, 7, {}, { name: "elsewhere" }, { name: "patient" }, { name: "lesion", patientId: "p" }]) {
      expect(readRoute(wrong)).toBeNull();
    }
  });

  it("is left out when it does not fit the form", () => {
    const draft = { ...emptyDraft(), family_name: "Q" };
    const base = emptyDraft();
    expect(readPatient({ draft, version: 3, base }, emptyDraft())).toEqual({ draft, version: 3, base });
    expect(readPatient({ draft, version: 3, base: { ...base, sex: 7 } }, emptyDraft())).toEqual({ draft, version: 3, base: null });
    expect(readPatient({ draft: { ...draft, risk_factors: {} }, version: 3 }, emptyDraft())).toBeNull();
    expect(readPatient({ draft }, emptyDraft())).toBeNull();
    expect(readTyped({ label: "L1", site: "moon", laterality: "left", note: "" })).toMatchObject({ site: "", laterality: "left" });
    expect(readTyped({ label: 1 })).toBeNull();
  });
});
