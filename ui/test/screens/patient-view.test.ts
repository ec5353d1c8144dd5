import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Viewing } from "../../src/features/patient-view/viewing.svelte";
import "../pdf-here";
import { OWN_RECORD } from "../fake/account";
import { pdf } from "../fake/pdf";
import { World } from "../world";

describe("a patient's own look", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    world.clinic.stage = "sign_in";
    world.clinic.session = null;
    await world.open();
  });
  afterEach(() => world.close());

  async function look(): Promise<void> {
    await world.click("link-patient");
    await world.type("slip-code", world.clinic.account.slip.toLowerCase());
    await world.click("slip-submit");
    await world.at("own-record");
  }

  it("shows the own record and nothing of the clinic's work", async () => {
    await look();
    const text = document.body.textContent ?? "";
    for (const expected of ["Adaeze Okonkwo", "P-000001", "9 March 1971", "L1: Back", "R-2026-00001"]) {
      expect(text.replace("March 9, 1971", "9 March 1971")).toContain(expected);
    }
    const pictures = [...document.querySelectorAll("img")].map((img) => img.getAttribute("src"));
    expect(pictures).toEqual(["vault://localhost/own/0", "vault://localhost/own/1"]);
    expect(await world.text("own-countdown")).toContain("10:00");
    await world.accessible();
  });

  it("shows a signed report, and says where it cannot", async () => {
    const asked: string[] = [];
    let found = true;
    vi.stubGlobal("fetch", (address: string) => {
      asked.push(address);
      return Promise.resolve({ ok: found, arrayBuffer: () => Promise.resolve(pdf([["Report R-2026-00001"], ["Page two"]])) });
    });
    Element.prototype.scrollIntoView ??= () => undefined;
    await look();
    await world.click("own-report-open");
    await world.until(() => expect(world.all("own-report-pages")[0]?.dataset.pages).toBe("2"));
    expect(asked).toEqual(["vault://localhost/own/2"]);
    await world.accessible();
    await world.click("own-report-close");
    expect(world.all("own-report-pages")).toHaveLength(0);
    expect(document.activeElement).toBe(await world.at("own-report-open"));
    found = false;
    await world.click("own-report-open");
    await world.at("failure");
    vi.unstubAllGlobals();
  });

  it("ends when the patient is done and leaves nothing", async () => {
    await look();
    await world.click("patient-view-done");
    await world.at("view-ended");
    expect(world.host.calledWith("patient_view_close")).toHaveLength(1);
    expect(document.body.innerHTML).not.toContain("Okonkwo");
    await world.accessible();
  });

  it("ends with Ctrl+L and when the core says so", async () => {
    await look();
    await world.user.keyboard("{Control>}l{/Control}");
    await world.at("view-ended");
    await look();
    world.host.emit("session_locked", {});
    await world.at("view-ended");
    expect(document.body.innerHTML).not.toContain("Okonkwo");
  });

  it("says when a slip is not good", async () => {
    await world.click("link-patient");
    await world.type("slip-code", "nonsense");
    await world.click("slip-submit");
    expect(await world.text("failure")).toContain("wrong, used up or too old");
    await world.click("back-to-sign-in");
    await world.at("sign-in-email");
  });

  it("comes back after a reload", async () => {
    await world.close();
    world = new World();
    world.clinic.stage = "patient_view";
    world.clinic.session = null;
    world.clinic.account.viewing = { record: OWN_RECORD, ends_in_seconds: 65, idle_seconds: 60 };
    await world.open();
    expect(await world.text("own-countdown")).toContain("1:05");
  });
});

describe("the time of a look", () => {
  let world: World;
  let now = 0;
  beforeEach(() => {
    world = new World();
    now = 0;
    world.clinic.account.viewing = { record: OWN_RECORD, ends_in_seconds: 300, idle_seconds: 90 };
  });
  afterEach(() => world.close());

  function begin() {
    const end = vi.fn();
    const first = world.clinic.account.viewing;
    if (!first) throw new Error("no look");
    return { end, viewing: new Viewing(first, end, () => now) };
  }
  const reads = () => world.host.calledWith("patient_view_read").length;

  it("ends at idle and reads nothing by itself", () => {
    const { end, viewing } = begin();
    for (now = 0; now < 90_000; now += 1000) viewing.tick();
    expect(end).not.toHaveBeenCalled();
    viewing.tick();
    expect(end).toHaveBeenCalledOnce();
    expect(reads()).toBe(0);
  });

  it("is prolonged by a touch, told at most every 20 seconds", async () => {
    const { end, viewing } = begin();
    for (now = 0; now <= 100_000; now += 1000) {
      viewing.touch();
      viewing.tick();
      await Promise.resolve();
      await new Promise((done) => setTimeout(done, 0));
    }
    expect(end).not.toHaveBeenCalled();
    expect(reads()).toBe(5);
  });

  it("ends when the core has ended it", async () => {
    const { end, viewing } = begin();
    world.clinic.account.viewing = null;
    await viewing.ask();
    expect(end).toHaveBeenCalledOnce();
  });
});
