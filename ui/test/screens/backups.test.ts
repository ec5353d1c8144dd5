import { waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backup } from "../fake/backups";
import { fail } from "../fake/clinic";
import { RECOVERY_GROUPS } from "../fake/samples";
import { World } from "../world";

describe("backups", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const backups = () => world.clinic.backups;

  async function at(): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-backup");
    await world.at("backup-standing");
  }

  it("are made by hand, with progress, into a folder that is chosen first", async () => {
    [backups().standing, backups().lastGood] = ["never", null];
    await at();
    expect(await world.text("backup-standing")).toContain("There is no backup yet");
    expect((await world.at<HTMLButtonElement>("backup-start")).disabled).toBe(true);
    await world.accessible();
    await world.click("backup-choose");
    await world.until(() => expect(document.querySelector("[data-testid=backup-folder]")?.textContent).toBe("/media/stick"));
    backups().hold = true;
    await world.click("backup-start");
    await world.until(() => expect(document.body.textContent).toContain("Copying: 1.2 GB of 3.6 GB"));
    await world.accessible();
    await world.until(() => expect(backups().held).not.toBeNull());
    backups().held?.();
    expect(await world.text("backup-done")).toContain("1,204 files");
    await world.until(() => expect(world.all("backup-row")).toHaveLength(1));
    expect(await world.text("backup-standing")).toContain("The last backup is good");
    await world.accessible();
  });

  it("are still under way for whoever comes back to the tab, and can be stopped there", async () => {
    backups().folder = "/media/stick";
    backups().hold = true;
    await at();
    await world.click("backup-start");
    await world.until(() => expect(backups().held).not.toBeNull());
    await world.click("tab-users");
    await world.click("tab-backup");
    await world.until(() => expect(document.body.textContent).toContain("A backup or a restore drill is under way"));
    expect(world.all("backup-start")).toHaveLength(0);
    await world.accessible();
    await world.click("backup-stop");
    await waitFor(() => expect(world.all("backup-start")).toHaveLength(1), { timeout: 5000 });
  });

  it("can be stopped", async () => {
    backups().folder = "/media/stick";
    backups().hold = true;
    await at();
    await world.click("backup-start");
    await world.until(() => expect(backups().held).not.toBeNull());
    await world.click("backup-stop");
    expect(await world.text("failure")).toContain("It was stopped");
    expect(backups().last).toBeNull();
  });

  it("say that the drive is gone and that the clinic itself lacks files", async () => {
    backups().folder = "/media/stick";
    backups().refusal = fail("backup_failed", { reason: "folder_missing" });
    await at();
    await world.click("backup-start");
    expect(await world.text("failure")).toContain("Is the drive connected?");
    await world.until(() => expect(document.querySelector("[data-testid=backup-standing]")?.textContent).toContain("Is the drive connected?"));
    backups().refusal = null;
    backups().missing = 2;
    await world.click("backup-start");
    expect(await world.text("backup-done")).toContain("2 files are missing in the clinic itself");
  });

  it("are tried out without touching the clinic", async () => {
    backups().folder = "/media/stick";
    backups().sameDisk = true;
    backups().there = [backup("a"), backup("b", { made_at: "2026-11-19T12:00:00Z", newer: true })];
    await at();
    await world.until(() => expect(world.all("backup-row")).toHaveLength(2));
    expect(world.all("backup-drill")).toHaveLength(1);
    await world.at("backup-same-disk");
    await world.accessible();
    await world.click("backup-drill");
    expect(await world.text("backup-done")).toContain("25 photographs drawn by lot were opened");
    expect(world.host.calledWith("backup_drill")).toEqual([{ id: "a" }]);
    backups().refusal = fail("backup_failed", { reason: "damaged", files: 3 });
    await world.click("backup-drill");
    expect(await world.text("failure")).toContain("3 of its files");
    await world.until(() => expect(document.getElementById("backup-now")?.textContent).toContain("the backup was damaged"));
  });

  it("follow a schedule", async () => {
    await at();
    expect(document.getElementById("backup-hour")).toBeNull();
    await world.choose("backup-rhythm", "weekly");
    await world.choose("backup-weekday", "5");
    await world.choose("backup-hour", "18");
    await world.type("newest_kept", "0");
    await world.click("backup-plan-save");
    expect((await world.at("newest_kept")).getAttribute("aria-invalid")).toBe("true");
    await world.type("newest_kept", "10");
    await world.accessible();
    await world.click("backup-plan-save");
    await world.until(() => expect(backups().plan).toEqual({ rhythm: "weekly", weekday: 5, hour: 18, newest_kept: 10 }));
  });

  it("are told in the status bar while something is amiss, to administrators", async () => {
    backups().standing = "late";
    await world.open();
    expect(await world.text("backup-note")).toBe("Backup is overdue");
    await world.click("backup-note");
    await world.at("backup-standing");
    backups().standing = "good";
    world.host.emit("record_changed", { what: "backup", id: "" });
    await world.until(() => expect(world.all("backup-note")).toHaveLength(0));
  });

  it("do not trouble anybody else", async () => {
    if (world.clinic.session) world.clinic.session.role = "clinician";
    await world.open();
    expect(world.all("backup-note")).toHaveLength(0);
    expect(world.host.calledWith("backup_read")).toHaveLength(0);
  });
});

describe("restoring at first run", () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    world.clinic.stage = "first_run";
    world.clinic.session = null;
    world.clinic.backups.there = [backup("a"), backup("b", { made_at: "2026-11-19T12:00:00Z" }), backup("c", { newer: true })];
    await world.open();
    await world.click("restore");
  });
  afterEach(() => world.close());

  const backups = () => world.clinic.backups;

  it("opens a backup with a password and leads to the sign-in", async () => {
    await world.accessible();
    await world.click("restore-look");
    const options = [...(await world.at<HTMLSelectElement>("restore-backup")).options];
    expect(options.map((option) => option.disabled)).toEqual([false, false, true]);
    await world.accessible();
    await world.click("restore-submit");
    expect((await world.at("email")).getAttribute("aria-invalid")).toBe("true");
    await world.choose("restore-backup", "b");
    await world.type("email", "ada@clinic.example");
    await world.type("password", "wrong");
    await world.click("restore-submit");
    expect(await world.text("failure")).toContain("wrong");
    await world.type("password", world.clinic.password);
    await world.click("restore-submit");
    await world.click("restore-sign-in");
    await world.at("link-sheet");
    expect(backups().restored).toEqual([
      { id: "b", without_damaged: false, proof: { kind: "password", email: "ada@clinic.example", password: world.clinic.password } },
    ]);
  });

  it("opens it with the recovery sheet, and without what is damaged once that was said", async () => {
    backups().refusal = fail("backup_failed", { reason: "damaged", files: 2, opens: true });
    backups().lost = 2;
    await world.click("restore-look");
    await world.choose("restore-way", "sheet");
    const group = document.querySelector<HTMLInputElement>("[data-testid=sheet-code] input, #sheet-1, #sheet");
    expect(group).not.toBeNull();
    if (group) {
      await world.user.click(group);
      await world.user.paste(RECOVERY_GROUPS.join("-"));
    }
    await world.click("restore-submit");
    expect(await world.text("restore-damaged")).toContain("2 photographs in this backup are damaged");
    await world.accessible();
    await world.click("restore-without");
    expect(await world.text("restore-lost")).toContain("2 damaged photographs are not there");
    expect(backups().restored[0]?.without_damaged).toBe(true);
  });

  it("can be stopped, and says where no backup lies", async () => {
    backups().hold = true;
    await world.click("restore-look");
    await world.type("email", "ada@clinic.example");
    await world.type("password", world.clinic.password);
    await world.click("restore-submit");
    await world.until(() => expect(backups().held).not.toBeNull());
    await world.accessible();
    await world.click("backup-stop");
    expect(await world.text("failure")).toContain("It was stopped");
    await world.click("restore-other");
    backups().there = [];
    await world.click("restore-look");
    expect(await world.text("failure")).toContain("No backup lies in this folder");
    await world.click("restore-back");
    await world.at("next");
  });
});
