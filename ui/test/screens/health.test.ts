import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { line } from "../fake/health";
import { World } from "../world";

describe("the workstation's own health", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  async function at(part: "selftest" | "logs" | "settings"): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.click(`tab-${part}`);
  }

  describe("the self-test", () => {
    it("says with sign and word what it found and what to do, and is saved", async () => {
      await at("selftest");
      await world.accessible();
      await world.click("selftest-run");
      expect(await world.text("selftest-summary")).toContain("Records or privacy are in danger.");
      expect(await world.text("check-audit_trail")).toMatch(/Red.*the first fault is at row 97.*What to do: Do not work on/);
      expect(await world.text("check-backup")).toMatch(/Amber.*There is no backup/);
      expect(await world.text("check-disk")).toMatch(/Green.*81\.4 GB/);
      expect(await world.text("check-second_factor")).toContain("2 of 4");
      expect(await world.text("check-database")).not.toContain("What to do");
      await world.accessible();
      await world.click("selftest-save");
      await world.until(() => expect(document.body.textContent).toContain("Saved to Documents/self-test-2026-11-20.pdf"));
      world.clinic.health.checks = world.clinic.health.checks.filter(({ light }) => light === "green");
      await world.click("selftest-run");
      await world.until(() => expect(document.querySelector("[data-testid=selftest-summary]")?.textContent).toContain("All is as it should be."));
    });

    it("says why it could not be run, and that nothing was saved", async () => {
      world.clinic.health.folder = null;
      world.host.answers.self_test_run = () => Promise.reject({ code: "storage_failed", message: "", details: {} });
      await at("selftest");
      await world.click("selftest-run");
      expect(await world.text("failure")).toContain("disk");
      delete world.host.answers.self_test_run;
      await world.click("selftest-run");
      await world.click("selftest-save");
      await world.until(() => expect(document.body.textContent).toContain("Nothing was saved."));
    });
  });

  describe("the log", () => {
    it("is filtered by level, part, day and text", async () => {
      await at("logs");
      expect(await world.text("log-count")).toBe("4 lines fit");
      await world.accessible();
      await world.choose("log-level", "warn");
      await world.choose("log-area", "lentigo");
      await world.click("log-search");
      await world.until(() => expect(world.all("log-line").map((row) => row.textContent)).toHaveLength(1));
      expect(world.all("log-line")[0]?.textContent).toMatch(/Error.*lentigo.*panic.*src\/wire\.rs:12:3/s);
      await world.type("log-from", "not a day");
      await world.click("log-search");
      expect(document.activeElement?.id).toBe("log-from");
      await world.type("log-from", "2026-11-19");
      await world.type("log-text", "thread");
      await world.click("log-search");
      await world.until(() => expect(world.host.calledWith("log_read").at(-1)).toMatchObject({ from: "2026-11-19", to: null, text: "thread", level: "warn", area: "lentigo" }));
      await world.type("log-text", "no such thing");
      await world.click("log-search");
      await world.until(() => expect(document.body.textContent).toContain("Nothing in the log fits."));
      await world.click("log-clear");
      await world.until(() => expect(world.all("log-line")).toHaveLength(4));
    });

    it("shows older lines on demand", async () => {
      const { health } = world.clinic;
      health.lines = Array.from({ length: 130 }, (_, count) => line("09:00:00", "info", "clinic", `line ${count}`));
      await at("logs");
      await world.until(() => expect(world.all("log-line")).toHaveLength(100));
      await world.click("log-older");
      await world.until(() => expect(world.all("log-line")).toHaveLength(130));
      expect(world.all("log-older")).toHaveLength(0);
    });

    it("shows a support bundle in full before it can be saved", async () => {
      await at("logs");
      await world.at("log-table");
      expect(world.all("bundle-save")).toHaveLength(0);
      await world.click("bundle-prepare");
      await world.at("bundle-save");
      expect(world.all("bundle-file").map((file) => file.textContent)).toEqual(world.clinic.health.bundle.files.map(({ text }) => text));
      await world.accessible();
      await world.click("bundle-save");
      await world.until(() => expect(document.querySelector("[data-testid=bundle-outcome]")?.textContent).toContain("Documents/lentigo-support.zip"));
    });
  });

  describe("the settings", () => {
    it("are listed with value, default and limits, and lead to their forms", async () => {
      await at("settings");
      expect(await world.text("setting-idle_lock_minutes")).toMatch(/Minutes until.*5 \(changed\).*10.*1 to 60/);
      expect(await world.text("setting-photograph_bytes")).toMatch(/33\.6 MB.*Cannot be changed/);
      await world.accessible();
      await world.click("setting-idle_lock_minutes-open");
      await world.at("part-security");
      expect(document.activeElement).toBe(document.querySelector("[data-testid=part-security]"));
    });

    it("switch readings off, and the screens say so", async () => {
      await at("settings");
      await world.click("setting-analyses-switch");
      await world.until(() => expect(document.querySelector("[data-testid=model-status]")?.textContent).toContain("Readings are switched off"));
      expect(await world.text("toast")).toBe("Saved: Readings by the model");
      expect(await world.text("setting-analyses")).toMatch(/Off \(changed\).*Switch on/);
      await world.accessible();
      await world.click("setting-analyses-switch");
      await world.until(() => expect(document.querySelector("[data-testid=model-status]")?.textContent).not.toContain("off"));
    });

    it("take numbers within their limits only", async () => {
      await at("settings");
      await world.type("setting-analyses_at_once-value", "3");
      await world.click("setting-analyses_at_once-save");
      expect(await world.text("setting-analyses_at_once-error")).toBe("Enter a whole number from 1 to 2.");
      expect(world.host.calledWith("setting_update")).toHaveLength(0);
      await world.accessible();
      await world.type("setting-analyses_at_once-value", "1");
      await world.click("setting-analyses_at_once-save");
      await world.until(() => expect(world.host.calledWith("setting_update")).toEqual([{ key: "analyses_at_once", value: 1 }]));
    });
  });
});
