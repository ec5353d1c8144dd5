import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { World } from "../world";

const LONG = "seven quiet herons wait";

describe("one's own account", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  async function atProfile(): Promise<void> {
    await world.open();
    await world.click("profile-open");
    await world.at("profile-save");
  }

  it("changes details, and asks for the password with a new sign-in name", async () => {
    await atProfile();
    await world.accessible();
    await world.type("full-name", "Dr. Ines Halloran-Boyd");
    await world.click("profile-save");
    await world.until(() => expect(document.querySelector("[data-testid=profile-open]")?.textContent).toContain("Boyd"));
    expect(world.host.calledWith("profile_update")[0]).toMatchObject({ password: null, details: { licence_number: "GMC 7012345" } });
    await world.type("email", "boyd@clinic.example");
    await world.click("profile-save");
    expect(document.activeElement?.id).not.toBe("email");
    await world.type("profile-password", world.clinic.password);
    await world.click("profile-save");
    await world.until(() => expect(world.clinic.account.details.email).toBe("boyd@clinic.example"));
  });

  it("changes the password", async () => {
    await atProfile();
    await world.click("password-change");
    await world.type("current", "not it");
    await world.type("password", LONG);
    await world.type("password-repeat", LONG);
    await world.at("password-acceptable");
    await world.accessible();
    await world.click("password-change-submit");
    await world.until(() => expect(document.activeElement?.id).toBe("current"));
    await world.type("current", world.clinic.password);
    await world.click("password-change-submit");
    await world.at("password-change");
    expect(world.clinic.password).toBe(LONG);
  });

  it("sets up a second factor that counts once a code was confirmed", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    await atProfile();
    await world.click("totp-set-up");
    await world.type("totp-again-password", "wrong");
    await world.click("totp-again-submit");
    expect(await world.text("totp-again-password-error")).toBe("This is not your password.");
    expect(document.activeElement?.id).toBe("totp-again-password");
    await world.type("totp-again-password", world.clinic.password);
    await world.click("totp-again-submit");
    await world.at("totp-qr");
    expect(await world.text("totp-manual-key")).toMatch(/^([A-Z2-7]{4} ?)+$/);
    await world.accessible();
    await world.type("totp-code", "000000");
    expect(await world.text("failure")).toContain("wrong");
    expect(world.clinic.account.secondFactor).toBe(false);
    await world.type("totp-code", world.clinic.account.digits);
    await world.at("recovery-codes");
    expect(world.all("recovery-code")).toHaveLength(10);
    await world.accessible();
    await world.click("recovery-codes-print");
    expect(print).toHaveBeenCalledOnce();
    await world.click("recovery-codes-save");
    await world.until(() => expect(document.body.textContent).toContain("recovery-codes.pdf"));
    expect((await world.at<HTMLButtonElement>("recovery-codes-done")).disabled).toBe(true);
    await world.click("codes-kept");
    await world.click("recovery-codes-done");
    expect(await world.text("codes-left")).toContain("10 of 10");
    expect(world.all("recovery-code")).toHaveLength(0);
  });

  it("removes it, makes fresh codes and warns when few are left", async () => {
    Object.assign(world.clinic.account, { secondFactor: true, codesLeft: ["3KQ7-M2XD-9PTA"] });
    if (world.clinic.session) world.clinic.session.second_factor = true;
    await atProfile();
    expect(await world.text("codes-few")).toContain("1 of 10 recovery codes is left");
    await world.click("codes-issue");
    await world.type("codes-issue-password", world.clinic.password);
    await world.click("codes-issue-submit");
    await world.click("codes-kept");
    await world.click("recovery-codes-done");
    await world.at("codes-left");
    await world.click("totp-remove");
    await world.click("totp-remove-cancel");
    await world.click("totp-remove");
    await world.type("totp-remove-password", world.clinic.password);
    await world.click("totp-remove-submit");
    await world.at("totp-set-up");
    expect(world.clinic.account.secondFactor).toBe(false);
  });

  it("says why a short password cannot stand alone", async () => {
    Object.assign(world.clinic, { password: "otter moss 7" });
    world.clinic.account.secondFactor = true;
    await atProfile();
    await world.click("totp-remove");
    await world.type("totp-remove-password", "otter moss 7");
    await world.click("totp-remove-submit");
    expect(await world.text("totp-remove-short")).toContain("too short to stand alone");
    expect(world.clinic.account.secondFactor).toBe(true);
  });

  it("shows nothing but the new password while that is due", async () => {
    if (world.clinic.session) world.clinic.session.duty = "choose_password";
    await world.open();
    await world.at("choose-password");
    expect(world.all("nav-patients")).toHaveLength(0);
    await world.accessible();
    await world.type("current", world.clinic.password);
    await world.type("password", LONG);
    await world.type("password-repeat", LONG);
    await world.at("password-acceptable");
    await world.click("password-change-submit");
    await world.at("patient-search");
  });

  it("shows the entries of a role and no others", async () => {
    world.clinic.setRole("auditor");
    await world.open();
    await world.at("nav-audit");
    expect(world.all("nav-administration")).toHaveLength(0);
  });

  it("counts what waits for an administrator", async () => {
    if (world.clinic.session) world.clinic.session.waiting = 3;
    await world.open();
    expect(await world.text("nav-administration")).toContain("3 matters wait");
    await world.accessible();
  });
});
