import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NEW_GROUPS } from "../fake/account";
import { RECOVERY_GROUPS } from "../fake/samples";
import { World } from "../world";

const LONG = "seven quiet herons wait";

describe("ways in", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    world.clinic.stage = "sign_in";
    world.clinic.session = null;
    await world.open();
  });
  afterEach(() => world.close());

  async function passwords(text = LONG): Promise<void> {
    await world.type("password", text);
    await world.type("password-repeat", text);
    await world.at("password-acceptable");
  }

  describe("the second factor", () => {
    beforeEach(() => {
      world.clinic.account.secondFactor = true;
    });

    async function toCode(): Promise<void> {
      await world.type("sign-in-email", "ines@clinic.example");
      await world.type("sign-in-password", world.clinic.password);
      await world.click("sign-in");
      await world.at("second-factor-code");
    }

    it("is passed with the keyboard alone, by itself at the sixth digit", async () => {
      const { user } = world;
      await world.at("sign-in-email");
      expect(document.activeElement?.id).toBe("sign-in-email");
      await user.keyboard(`ines@clinic.example{Tab}${world.clinic.password}{Enter}`);
      await world.at("second-factor-code");
      await world.until(() => expect(document.activeElement?.id).toBe("second-factor-code"));
      await world.accessible();
      await user.keyboard(world.clinic.account.digits);
      await world.at("patient-search");
      expect(world.host.calledWith("session_second_factor")).toEqual([{ code: world.clinic.account.digits }]);
    });

    it("refuses a wrong code, empties the field and stays", async () => {
      await toCode();
      await world.type("second-factor-code", "000000");
      expect(await world.text("failure")).toContain("wrong or was used before");
      expect((await world.at<HTMLInputElement>("second-factor-code")).value).toBe("");
      expect(document.activeElement?.id).toBe("second-factor-code");
      await world.type("second-factor-code", world.clinic.account.digits);
      await world.at("patient-search");
    });

    it("says whose clock is wrong, in minutes", async () => {
      await toCode();
      await world.type("second-factor-code", world.clinic.account.aheadDigits);
      expect(await world.text("failure")).toContain("3 minutes from now");
    });

    it("takes a pasted code with a gap and no letters", async () => {
      await toCode();
      await world.user.click(await world.at("second-factor-code"));
      await world.user.paste("492 817");
      await world.at("patient-search");
    });

    it("takes a recovery code instead, once", async () => {
      await toCode();
      await world.click("second-factor-switch");
      await world.accessible();
      const code = world.clinic.account.codesLeft[0] ?? "";
      await world.type("second-factor-code", code.toLowerCase());
      await world.click("second-factor-submit");
      await world.at("patient-search");
      expect(world.clinic.account.codesLeft).not.toContain(code);
    });

    it("asks for all six digits", async () => {
      await toCode();
      await world.type("second-factor-code", "123");
      await world.click("second-factor-submit");
      expect(document.getElementById("second-factor-code-error")?.textContent).toContain("six digits");
      expect(world.host.calledWith("session_second_factor")).toHaveLength(0);
    });

    it("starts again when asked, and when the time is over", async () => {
      await toCode();
      await world.click("second-factor-restart");
      await world.at("sign-in-password");
      expect(world.host.calledWith("session_abandon")).toHaveLength(1);
      await toCode();
      world.clinic.account.challenged = false;
      await world.type("second-factor-code", world.clinic.account.digits);
      await world.at("sign-in-password");
      expect(await world.text("failure")).toContain("Too much time passed");
    });
  });

  it("tells of the lock after a refusal, whoever was typed", async () => {
    await world.type("sign-in-email", "nobody@clinic.example");
    await world.type("sign-in-password", "wrong");
    await world.click("sign-in");
    expect(await world.text("lock-hint")).toContain("Five failed tries");
    expect(await world.text("failure")).toBe("E-mail or password is wrong.");
  });

  it.each(["register", "activate", "forgot", "sheet", "patient"])("leads to %s and back", async (name) => {
    await world.click(`link-${name}`);
    await world.at("back-to-sign-in");
    expect(document.activeElement).not.toBe(document.body);
    await world.accessible();
    await world.click("back-to-sign-in");
    await world.at("sign-in-email");
  });

  it("asks for an account and says who decides", async () => {
    await world.click("link-register");
    await world.click("register-submit");
    expect(document.activeElement?.id).toBe("full-name");
    await world.type("full-name", "Tomas Reyes");
    await world.type("email", "tomas@clinic.example");
    await world.type("phone", "020 7946 0199");
    await world.type("date-of-birth", "1990-02-30");
    await world.choose("gender", "male");
    await passwords();
    await world.click("register-submit");
    expect(document.getElementById("date-of-birth-error")?.textContent).toContain("YYYY-MM-DD");
    await world.type("date-of-birth", "1990-02-28");
    await world.accessible();
    await world.click("register-submit");
    expect(await world.text("register-sent")).toContain("tomas@clinic.example");
    expect(document.body.textContent).toContain("An administrator must approve");
    await world.accessible();
    expect(world.clinic.account.registered).toEqual([
      {
        full_name: "Tomas Reyes",
        email: "tomas@clinic.example",
        phone: "020 7946 0199",
        date_of_birth: "1990-02-28",
        gender: "male",
        licence_number: null,
      },
    ]);
    await world.click("back-to-sign-in");
    await world.at("sign-in-email");
  });

  it("says that too many wait already", async () => {
    world.host.answers.account_register = () => Promise.reject({ code: "too_many_waiting", message: "", details: {} });
    await world.click("link-register");
    await world.type("full-name", "Tomas Reyes");
    await world.type("email", "tomas@clinic.example");
    await passwords();
    await world.click("register-submit");
    expect(await world.text("failure")).toContain("Too many requests");
  });

  it("activates with a pasted code and signs in", async () => {
    await world.click("link-activate");
    await world.type("email", "tomas@clinic.example");
    await world.user.click(await world.at("code-2"));
    await world.user.paste("k7qx2-md4rt-9zbwa-3hnvc");
    expect(["code-1", "code-4"].map((id) => (document.getElementById(id) as HTMLInputElement).value)).toEqual(["K7QX2", "3HNVC"]);
    await passwords();
    await world.click("activate-submit");
    await world.at("patient-search");
  });

  it("says when an activation code is not good, and keeps the rest", async () => {
    await world.click("link-activate");
    await world.type("email", "tomas@clinic.example");
    await world.user.click(await world.at("code-1"));
    await world.user.keyboard("aaaaabbbbbcccccddddd");
    await passwords();
    await world.click("activate-submit");
    expect(await world.text("failure")).toContain("wrong, used up or too old");
    expect((await world.at<HTMLInputElement>("code-3")).value).toBe("CCCCC");
    await world.accessible();
  });

  it("sets a new password with the digits of an administrator", async () => {
    await world.type("sign-in-email", "ines@clinic.example");
    await world.click("link-forgot");
    await world.click("forgot-digits");
    expect((await world.at<HTMLInputElement>("email")).value).toBe("ines@clinic.example");
    await world.type("code", "999999");
    await world.click("reset-check");
    expect(await world.text("failure")).toContain("wrong, used up");
    await world.type("code", world.clinic.account.resetCode);
    await world.click("reset-check");
    await world.at("password");
    await world.accessible();
    await passwords();
    await world.click("reset-finish");
    expect(await world.text("password-set")).toContain("new password is set");
    expect(world.clinic.password).toBe(LONG);
    await world.type("sign-in-password", LONG);
    await world.click("sign-in");
    await world.at("patient-search");
  });

  it("sets a new password with a recovery code", async () => {
    await world.click("link-forgot");
    await world.click("forgot-recovery");
    await world.type("email", "ines@clinic.example");
    await world.type("code", world.clinic.account.codesLeft[3] ?? "");
    await passwords("otter moss 7");
    await world.accessible();
    await world.click("recover-submit");
    await world.at("password-set");
    expect(world.clinic.account.codesLeft).toHaveLength(9);
  });

  it("opens the clinic with the recovery sheet and hands out a new one", async () => {
    await world.click("link-sheet");
    await world.user.click(await world.at("sheet-1"));
    await world.user.keyboard("abc");
    await passwords();
    await world.click("sheet-submit");
    expect(document.getElementById("sheet-error")?.textContent).toContain("All eight groups");
    await world.user.click(await world.at("sheet-1"));
    await world.user.paste(RECOVERY_GROUPS.join(" "));
    await world.click("sheet-submit");
    await world.at("recovery-confirm");
    expect(world.all("recovery-group").map((group) => group.textContent)).toEqual(NEW_GROUPS);
    await world.accessible();
    const group = Number((await world.at("recovery-confirm")).dataset.group);
    await world.type("recovery-text", NEW_GROUPS[group - 1] ?? "");
    await world.click("finish");
    await world.at("patient-search");
  });

  it("leaves no new sheet on the screen at a lock", async () => {
    await world.click("link-sheet");
    await world.user.click(await world.at("sheet-1"));
    await world.user.paste(RECOVERY_GROUPS.join(" "));
    await passwords();
    await world.click("sheet-submit");
    await world.at("recovery-confirm");
    await world.user.keyboard("{Control>}l{/Control}");
    await world.at("sign-in-password");
    expect(document.body.textContent).not.toContain(NEW_GROUPS[0]);
  });
});
