import { describe, expect, it } from "vitest";
import { differences, valueText } from "../../src/features/patient/compared";
import { clashes, combined } from "../../src/features/patient/conflict";
import { draftOf } from "../../src/features/patient/form";
import { asChoices, proposed } from "../../src/features/patient/merge";
import { duplicateWords } from "../../src/i18n";
import { details } from "../fake/samples";

describe("two records compared", () => {
  it("differ only where they mean something else", () => {
    const one = details();
    expect(differences(one, { ...one, phone: ` ${one.phone} `, risk_factors: [...one.risk_factors].reverse() })).toEqual([]);
    expect(differences(draftOf({ ...one, fitzpatrick: null }), { ...one, fitzpatrick: null, date_of_birth: draftOf(one).date_of_birth })).toEqual([]);
    expect(differences(one, { ...one, phone: "1", ai_consent: false })).toEqual(["phone", "ai_consent"]);
  });

  it("say nothing where there is nothing", () => {
    const bare = details({ phone: "  ", fitzpatrick: null, risk_factors: [], alert: "" });
    for (const field of ["phone", "fitzpatrick", "risk_factors", "alert"] as const) expect(valueText(bare, field)).toBeNull();
    expect(valueText(bare, "ai_consent")).toBe("Given");
    expect(valueText({ ...bare, date_of_birth: "9 mar" }, "date_of_birth")).toBe("9 mar");
  });
});

describe("a form and a record that changed under it", () => {
  const base = draftOf(details());
  const mine = { ...base, phone: "1", address: "Quay 9" };
  const theirs = { ...base, phone: "2", email: "new@mail.example" };

  it("propose whoever changed a field, and nobody where both did", () => {
    expect(clashes(mine, theirs, base)).toEqual([
      { field: "phone", proposed: null },
      { field: "email", proposed: "theirs" },
      { field: "address", proposed: "mine" },
    ]);
    expect(clashes(mine, theirs, null).every(({ proposed: side }) => side === null)).toBe(true);
    expect(clashes(mine, mine, base)).toEqual([]);
  });

  it("are put together as chosen", () => {
    const both = combined(mine, theirs, { phone: "mine", email: "theirs", address: "mine" });
    expect(both).toEqual({ ...base, phone: "1", address: "Quay 9", email: "new@mail.example" });
  });
});

describe("a merge", () => {
  it("proposes to lose nothing, and a consent only where both gave it", () => {
    const kept = details({ phone: "", alert: "Latex", medical_history: "", training_consent: false });
    const other = details({ phone: "1", alert: "Lidocaine", medical_history: "Asthma", email: "", ai_consent: false, training_consent: true });
    const choice = proposed(kept, other);
    expect(choice).toEqual({
      phone: "other",
      alert: "both",
      medical_history: "other",
      email: "kept",
      ai_consent: "other",
      training_consent: "kept",
    });
    expect(asChoices({ phone: "other" })).toEqual([{ field: "phone", take: "other" }]);
  });
});

describe("words of a comparison", () => {
  it("are there for every finding, each another", () => {
    const words = Object.values(duplicateWords).map((word) => word());
    expect(new Set(words).size).toBe(words.length);
    expect(words).not.toContain("");
  });
});
