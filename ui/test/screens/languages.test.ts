import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { byName, datePattern, formatCount, formatDay, formatPercent, retyped, speech } from "../../src/i18n";
import { World } from "../world";

describe("the language of the window", () => {
  let world: World;
  beforeEach(() => {
    localStorage.clear();
    world = new World();
  });
  afterEach(async () => {
    await world.close();
    localStorage.clear();
    speech.start();
  });

  async function atSignIn(): Promise<void> {
    world.clinic.stage = "sign_in";
    world.clinic.session = null;
    await world.open();
  }

  async function signIn(): Promise<void> {
    await world.type("sign-in-email", "ines@clinic.example");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
  }

  const heading = (): string => document.querySelector("h1")?.textContent ?? "";
  const systemSpeaks = (...tags: string[]) => vi.spyOn(navigator, "languages", "get").mockReturnValue(tags);

  it("is chosen before anybody signs in, and loses nothing that was typed", async () => {
    await atSignIn();
    expect(document.documentElement.lang).toBe("en");
    await world.type("sign-in-email", "ines@clinic.example");
    await world.choose("language", "de");
    expect(document.documentElement.lang).toBe("de");
    expect(heading()).toBe("Anmelden");
    expect((await world.at<HTMLInputElement>("sign-in-email")).value).toBe("ines@clinic.example");
    expect({ ...localStorage }).toEqual({ language: "de" });
    await world.accessible();
    await world.type("sign-in-password", "wrong");
    await world.click("sign-in");
    expect(await world.text("failure")).toBe("E-Mail oder Passwort ist falsch.");
    await world.choose("language", "en");
    expect(await world.text("failure")).toBe("E-mail or password is wrong.");
  });

  it("is remembered by the workstation", async () => {
    localStorage.setItem("language", "de");
    await atSignIn();
    expect(heading()).toBe("Anmelden");
    await signIn();
    await world.until(() => expect(document.querySelector("nav")?.textContent).toContain("Heute"));
  });

  it("begins with the system's, where the window speaks it", async () => {
    systemSpeaks("fr-CH", "de-CH", "en-US");
    await atSignIn();
    expect(heading()).toBe("Anmelden");
    expect(document.documentElement.lang).toBe("de");
    expect(formatCount(12_345)).toMatch(/^12['’]345$/);
  });

  it("is everybody's own once chosen in the profile", async () => {
    await world.open();
    await world.click("profile-open");
    const born = async (): Promise<string> => (await world.at<HTMLInputElement>("date-of-birth")).value;
    expect(await born()).toBe("06/02/1979");
    await world.type("phone", "044 111");
    await world.choose("profile-language", "de");
    await world.until(() => expect(heading()).toBe("Ihr Profil"));
    expect((await world.at<HTMLInputElement>("phone")).value).toBe("044 111");
    expect(world.host.calledWith("language_choose")).toEqual([{ language: "de" }]);
    expect(document.documentElement.lang).toBe("de");
    expect(await born()).toBe("02.06.1979");
    expect(document.body.textContent).toContain("Letzte Anmeldung 20. Nov. 2026");
    await world.accessible();
    // The workstation keeps its own.
    expect({ ...localStorage }).toEqual({});
    await world.click("sign-out");
    await world.at("sign-in-email");
    expect(heading()).toBe("Sign in");
    await signIn();
    await world.until(() => expect(document.querySelector("nav")?.textContent).toContain("Heute"));
    expect(document.documentElement.lang).toBe("de");
  });

  it("stays as it was when it cannot be stored", async () => {
    await world.open();
    world.host.answers.language_choose = () => Promise.reject({ code: "storage_full", message: "", details: {} });
    await world.click("profile-open");
    await world.choose("profile-language", "de");
    await world.until(() => expect(document.body.textContent).toContain("The disk is full"));
    expect(heading()).toBe("Your profile");
    expect((await world.at<HTMLSelectElement>("profile-language")).value).toBe("en");
  });

  it("takes the date of a form along that a lock interrupted", async () => {
    await world.open();
    await world.click("register-patient");
    await world.type("family-name", "Quillfeather");
    await world.type("date-of-birth", "03/09/1962");
    await world.user.keyboard("{Control>}l{/Control}");
    await world.choose("language", "de");
    await signIn();
    expect((await world.at<HTMLInputElement>("family-name")).value).toBe("Quillfeather");
    expect((await world.at<HTMLInputElement>("date-of-birth")).value).toBe("09.03.1962");
  });

  it("is a patient's own for their look alone", async () => {
    await atSignIn();
    await world.click("link-patient");
    await world.type("slip-code", world.clinic.account.slip);
    await world.click("slip-submit");
    await world.at("own-record");
    await world.choose("language", "de");
    expect(document.body.textContent).toContain("9. März 1971");
    expect(document.body.textContent).toContain("L1: Rücken");
    await world.accessible();
    await world.click("patient-view-done");
    await world.at("sign-in-email");
    expect(heading()).toBe("Sign in");
    expect({ ...localStorage }).toEqual({});
  });

  it("decides how days, numbers and names are written", () => {
    const written = () => [formatDay("1971-03-09", "long"), formatCount(12_345), formatPercent(0.874).replaceAll(/\s/g, " "), datePattern()];
    systemSpeaks("en-GB");
    speech.start();
    expect(written()).toEqual(["9 March 1971", "12,345", "87.4%", "DD/MM/YYYY"]);
    speech.follow("de");
    expect(written()).toEqual(["9. März 1971", "12.345", "87,4 %", "TT.MM.JJJJ"]);
    expect(["Zander", "Öhler", "Oger", "P-10", "P-9"].sort(byName)).toEqual(["Oger", "Öhler", "P-9", "P-10", "Zander"]);
    systemSpeaks("de-DE");
    speech.follow("en");
    // An English window in Germany: a ninth of March is no third of September.
    expect([datePattern(), formatDay("1971-03-09", "long")]).toEqual(["DD/MM/YYYY", "9 March 1971"]);
    speech.follow("es");
    expect(written().slice(0, 2)).toEqual(["9 de marzo de 1971", "12.345"]);
    expect(["ñandú", "nube", "oca"].sort(byName)).toEqual(["nube", "ñandú", "oca"]);
  });
});

describe("typed text under another locale", () => {
  it("keeps its days, and everything else as it was", () => {
    const typed = { born: "09/03/1971", iso: "1971-03-09", phone: "19710309", note: "seen 09/03/1971", list: ["1/2/2026", 3, null], size: "4.5" };
    expect(retyped(typed, "en-US", "de")).toEqual({ ...typed, born: "03.09.1971", list: ["02.01.2026", 3, null] });
    expect(retyped(typed, "en-US", "en-GB")).toEqual({ ...typed, born: "03/09/1971", list: ["02/01/2026", 3, null] });
    // Both mean the ninth of March by it.
    expect(retyped(typed, "en-GB", "de")).toEqual(typed);
    expect(retyped(typed, "de", "de")).toBe(typed);
  });
});
