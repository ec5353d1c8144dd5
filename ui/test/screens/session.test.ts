import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchActivity } from "../../src/app/activity";
import { World } from "../world";

describe("the session", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(async () => {
    await world.close();
    localStorage.clear();
  });

  async function atSignIn(): Promise<void> {
    world.clinic.stage = "sign_in";
    world.clinic.session = null;
    await world.open();
  }

  it("opens with the right password and says one thing for a wrong one", async () => {
    await atSignIn();
    await world.accessible();
    await world.type("sign-in-email", "ines@clinic.example");
    await world.type("sign-in-password", "wrong");
    await world.click("sign-in");
    expect(await world.text("failure")).toBe("E-mail or password is wrong.");
    expect((await world.at<HTMLInputElement>("sign-in-password")).value).toBe("");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    await world.at("patient-search");
  });

  it("shows and hides the typed password", async () => {
    await atSignIn();
    await world.click("sign-in-password-reveal");
    expect((await world.at<HTMLInputElement>("sign-in-password")).type).toBe("text");
    await world.click("sign-in-password-reveal");
    expect((await world.at<HTMLInputElement>("sign-in-password")).type).toBe("password");
  });

  it("hints at Caps Lock", async () => {
    await atSignIn();
    const field = await world.at("sign-in-password");
    await fireEvent.keyDown(field, { key: "A", modifierCapsLock: true });
    expect(document.body.textContent).toContain("Caps Lock is on.");
  });

  it.each([
    ["the lock button", () => world.click("lock")],
    ["Ctrl+L", () => world.user.keyboard("{Control>}l{/Control}")],
    ["the idle lock of the core", () => Promise.resolve(world.host.emit("session_locked", {}))],
  ])("clears the whole screen on %s", async (_, lock) => {
    world.clinic.addPatient();
    await world.open();
    await world.openPatient("Okonkwo");
    await lock();
    await world.at("sign-in-email");
    expect(document.body.textContent).not.toContain("Okonkwo");
    expect(await world.text("locked-notice")).toContain("locked");
    expect((await world.at<HTMLInputElement>("sign-in-email")).value).toBe("ines@clinic.example");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
    await world.at("patient-search");
  });

  it.each(["session_locked", "session_required"] as const)("clears the screen when a call is refused with %s", async (code) => {
    world.clinic.addPatient();
    await world.open();
    await world.at("patient-row");
    world.host.answers.patient_read = () => Promise.reject({ code, message: "", details: {} });
    await world.click("patient-row");
    await world.at("sign-in-email");
    expect(document.body.textContent).not.toContain("Okonkwo");
  });

  it("clears the screen even when the core does not answer the lock", async () => {
    world.clinic.addPatient();
    await world.open();
    world.host.answers.session_lock = () => Promise.reject(new Error("gone"));
    await world.click("lock");
    await world.at("sign-in-email");
  });

  it("signs out without keeping the name", async () => {
    await world.open();
    await world.click("sign-out");
    expect((await world.at<HTMLInputElement>("sign-in-email")).value).toBe("");
    expect(world.all("locked-notice")).toHaveLength(0);
  });

  it("says when the program cannot start, and tries again", async () => {
    world.host.answers.app_status = () => Promise.reject({ code: "key_slots_damaged", message: "", details: {} });
    await world.open();
    expect(await world.text("failure")).toContain("key file");
    delete world.host.answers.app_status;
    await world.click("retry");
    await world.at("patient-search");
  });

  it("keeps nothing but the name of the theme", async () => {
    world.clinic.addPatient();
    await world.open();
    await world.choose("theme", "dark");
    expect(document.documentElement.dataset.theme).toBe("dark");
    await world.openPatient("Okonkwo");
    expect({ ...localStorage }).toEqual({ theme: "dark" });
    expect({ ...sessionStorage }).toEqual({});
  });

  it("tells the core of a person at the keyboard, at most every 30 seconds", async () => {
    await world.open();
    let now = 0;
    const end = watchActivity(() => now);
    const touches = () => world.host.calledWith("session_touch").length;
    for (now = 1_000; now <= 91_000; now += 1_000) fireEvent.keyDown(window, { key: "a" });
    end();
    now += 60_000;
    fireEvent.keyDown(window, { key: "a" });
    await vi.waitFor(() => expect(touches()).toBe(3));
  });

  it("says clearly that there is no model", async () => {
    if (world.clinic.session) world.clinic.session.model = { identity: null, problem: "model_unavailable" };
    await world.open();
    expect(await world.text("model-status")).toContain("No model");
    await world.click("nav-model");
    expect(await world.text("failure")).toContain("No analysis is possible");
    await world.accessible();
  });

  it("shows the model card", async () => {
    await world.open();
    await world.click("nav-model");
    await world.until(() => expect(document.body.textContent).toContain("Balanced accuracy"));
    expect(document.body.textContent).toContain("0.712");
    await world.accessible();
  });
});
