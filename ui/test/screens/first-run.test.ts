import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RECOVERY_GROUPS } from "../fake/samples";
import { World } from "../world";

const PASSPHRASE = "seven quiet herons wait";

describe("first run", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    world.clinic.stage = "first_run";
    world.clinic.session = null;
    await world.open();
  });
  afterEach(() => world.close());

  async function toPassword(): Promise<void> {
    await world.click("next");
    await world.type("clinic-name", "Harbour Street");
    await world.click("next");
    await world.type("full-name", "Ines Halloran");
    await world.type("email", "ines@clinic.example");
    await world.click("next");
  }

  async function toSheet(): Promise<void> {
    await toPassword();
    await world.type("password", PASSPHRASE);
    await world.type("password-repeat", PASSPHRASE);
    await world.at("password-acceptable");
    await world.click("next");
    await world.at("recovery-confirm");
  }

  it("founds a clinic and opens it after the sheet was typed back", async () => {
    await world.accessible();
    await toSheet();
    expect(world.host.calledWith("clinic_create")).toEqual([
      {
        clinic_name: "Harbour Street",
        full_name: "Ines Halloran",
        email: "ines@clinic.example",
        password: PASSPHRASE,
        password_repeat: PASSPHRASE,
      },
    ]);
    expect(world.all("recovery-group").map((group) => group.textContent)).toEqual(RECOVERY_GROUPS);
    await world.accessible();

    const group = Number((await world.at("recovery-confirm")).dataset.group);
    await world.type("recovery-text", "wrong");
    await world.click("finish");
    expect((await world.at("recovery-text")).getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement?.id).toBe("recovery-text");
    await world.type("recovery-text", RECOVERY_GROUPS[group - 1] ?? "");
    await world.click("finish");
    await world.at("totp-qr");
    expect(document.body.textContent).not.toContain(RECOVERY_GROUPS[0]);
    expect(world.host.calledWith("second_factor_propose")).toEqual([{ password: PASSPHRASE }]);
    await world.accessible();
    await world.type("totp-code", world.clinic.account.digits);
    await world.at("recovery-codes");
    await world.accessible();
    await world.click("codes-kept");
    await world.click("recovery-codes-done");
    await world.at("patient-search");
    expect(world.clinic.account.secondFactor).toBe(true);
  });

  it("goes on without a second factor and says what that means", async () => {
    await toSheet();
    const group = Number((await world.at("recovery-confirm")).dataset.group);
    await world.type("recovery-text", RECOVERY_GROUPS[group - 1] ?? "");
    await world.click("finish");
    await world.at("totp-qr");
    expect(document.body.textContent).toContain("the password alone opens the records");
    await world.click("totp-skip");
    await world.at("patient-search");
    expect(world.clinic.account.secondFactor).toBe(false);
  });

  it("prints and saves the sheet", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    await toSheet();
    await world.click("print-recovery");
    expect(print).toHaveBeenCalledOnce();
    await world.click("save-recovery");
    await world.until(() => expect(document.body.textContent).toContain("Saved to Documents/recovery-sheet.pdf"));
  });

  it("stays at a field that is missing", async () => {
    await world.click("next");
    await world.click("next");
    expect(document.activeElement?.id).toBe("clinic-name");
    expect((await world.at("clinic-name")).getAttribute("aria-describedby")).toContain("clinic-name-error");
    await world.accessible();
  });

  it("says in words what is wrong with a password and does not go on", async () => {
    await toPassword();
    await world.type("password", "ines@clinic.example");
    await world.until(() => expect(document.body.textContent).toContain("Built from the name"));
    await world.type("password-repeat", "other");
    await world.click("next");
    expect(document.body.textContent).toContain("The two entries differ.");
    expect(world.host.calledWith("clinic_create")).toHaveLength(0);
    await world.accessible();
  });

  it("goes back to the step that the core refused", async () => {
    world.host.answers.clinic_create = () =>
      Promise.reject({ code: "invalid_input", message: "", details: { problems: [{ field: "email", code: "already_used" }] } });
    await toPassword();
    await world.type("password", PASSPHRASE);
    await world.type("password-repeat", PASSPHRASE);
    await world.click("next");
    await world.until(() => expect(document.body.textContent).toContain("This is already in use."));
    expect(document.getElementById("email")).not.toBeNull();
  });

  it("says when the disk is full", async () => {
    world.host.answers.clinic_create = () => Promise.reject({ code: "storage_full", message: "", details: {} });
    await toPassword();
    await world.type("password", PASSPHRASE);
    await world.type("password-repeat", PASSPHRASE);
    await world.click("next");
    await world.until(() => expect(document.body.textContent).toContain("The disk is full."));
  });
});
