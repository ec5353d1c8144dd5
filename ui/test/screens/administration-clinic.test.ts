import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NEW_GROUPS } from "../fake/account";
import { look } from "../fake/administration";
import { picture, World } from "../world";

describe("administration of the clinic", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const office = () => world.clinic.administration;

  async function at(tab: "directory" | "emergency" | "security" | "mail"): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.click(`tab-${tab}`);
  }

  async function typeBackSheet(): Promise<void> {
    const group = Number((await world.at("recovery-confirm")).dataset.group);
    await world.type("recovery-text", NEW_GROUPS[group - 1] ?? "");
    await world.click("finish");
  }

  describe("the directory of clinicians", () => {
    it("adds an entry from an account, with a signature", async () => {
      await at("directory");
      expect(await world.text("directory-table")).toContain("GMC 7012345");
      await world.accessible();
      await world.click("clinician-add");
      await world.at("clinician-panel");
      const taken = [...(await world.at<HTMLSelectElement>("account")).options].find((option) => option.value === "user-1");
      expect(taken?.disabled).toBe(true);
      await world.choose("account", "user-2");
      expect((await world.at<HTMLInputElement>("full-name")).value).toBe("Dr. Marek Sola");
      await world.type("licence-number", "GMC 1");
      await world.click("clinician-save");
      await world.until(() => expect(office().clinicians).toHaveLength(2));
      expect(office().clinicians[1]).toMatchObject({ full_name: "Dr. Marek Sola", licence_number: "GMC 1", user_id: "user-2" });
      await world.user.upload(await world.at<HTMLInputElement>("signature-file"), picture("text.jpg", 1));
      expect(await world.text("failure")).toContain("not a JPEG");
      await world.user.upload(await world.at<HTMLInputElement>("signature-file"), picture("ink.jpg", 1, 2, 3, 4, 5));
      await world.at("signature-preview");
      const id = office().clinicians[1]?.id ?? "";
      expect([...(office().signatures.get(id) ?? [])]).toEqual([1, 2, 3, 4, 5]);
      expect(document.querySelector("[data-testid=signature-preview] img")?.getAttribute("src")).toContain(`clinician/${id}/signature`);
      await world.accessible();
    });

    it("changes and removes an entry after asking", async () => {
      await at("directory");
      await world.click("clinician-open");
      await world.type("full-name", "");
      await world.click("clinician-save");
      expect(document.activeElement?.id).toBe("full-name");
      await world.type("full-name", "Dr. Ines Halloran-Boyd");
      await world.click("clinician-save");
      await world.until(() => expect(office().clinicians[0]?.full_name).toBe("Dr. Ines Halloran-Boyd"));
      await world.click("clinician-remove");
      await world.click("clinician-remove-confirm");
      await world.until(() => expect(office().clinicians).toHaveLength(0));
      await world.until(() => expect(document.body.textContent).toContain("Nobody is in the directory"));
      await world.accessible();
    });

    it("says that an account has an entry already", async () => {
      world.host.answers.clinician_save = () => Promise.reject({ code: "conflict", message: "", details: {} });
      await at("directory");
      await world.click("clinician-open");
      await world.click("clinician-save");
      expect(await world.text("account-error")).toBe("This is already in use.");
    });
  });

  describe("emergency looks", () => {
    it("tells a look that runs from one that was ended early", async () => {
      const until = new Date(Date.now() + 600_000).toISOString();
      const opened = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
      office().looks = [
        look("look-3", { until, opened_at: opened(2) }),
        look("look-4", { until, opened_at: opened(3), ended_at: opened(1) }),
      ];
      await at("emergency");
      const [running, ended] = world.all("look-row").map((row) => row.textContent);
      expect(running).toContain("still open");
      expect(running).not.toContain("ended early");
      expect(ended).toContain("ended early");
      expect(ended).not.toContain("still open");
      await world.accessible();
    });

    it("shows those to review first and keeps the note", async () => {
      await at("emergency");
      expect(await world.text("looks-to-review")).toBe("1 to review");
      expect(world.all("look-row")[0]?.textContent).toMatch(/Tamsin Reyes.*P-000001.*bleeding/s);
      await world.accessible();
      await world.click("look-review");
      await world.type("note", "Spoke with Tamsin.");
      await world.accessible();
      await world.click("look-review-submit");
      await world.until(() => expect(office().looks[0]?.review_note).toBe("Spoke with Tamsin."));
      await world.until(() => expect(document.body.textContent).toContain("Everything is reviewed."));
      expect(await world.text("looks-reviewed")).toBe("2 reviewed");
      expect(world.all("tab-emergency-waiting")).toHaveLength(0);
    });

    it("leads to the patient", async () => {
      world.clinic.addPatient();
      await at("emergency");
      await world.click("look-patient");
      await world.at("patient-banner");
      await world.click("back-to-patients");
      await world.at("part-emergency");
    });

    it("says that there is none", async () => {
      office().looks = [];
      await at("emergency");
      await world.until(() => expect(document.body.textContent).toContain("No emergency looks"));
    });
  });

  describe("security", () => {
    it("sets the idle lock within its range", async () => {
      await at("security");
      await world.type("idle-lock-minutes", "61");
      await world.click("idle-lock-save");
      expect(await world.text("idle-lock-minutes-error")).toBe("Enter whole minutes from 1 to 60.");
      await world.accessible();
      await world.type("idle-lock-minutes", "5");
      await world.click("idle-lock-save");
      await world.until(() => expect(office().idleMinutes).toBe(5));
    });

    it("makes a new recovery sheet and shows nothing else until it was kept", async () => {
      await at("security");
      await world.click("sheet-issue");
      await world.type("sheet-issue-password", "wrong");
      await world.click("sheet-issue-submit");
      expect(await world.text("sheet-issue-password-error")).toBe("This is not your password.");
      await world.type("sheet-issue-password", world.clinic.password);
      await world.click("sheet-issue-submit");
      await world.at("recovery-confirm");
      expect(world.all("recovery-group").map((group) => group.textContent)).toEqual(NEW_GROUPS);
      expect(world.all("tab-users")).toHaveLength(0);
      await world.accessible();
      await typeBackSheet();
      await world.at("tab-security");
      expect(await world.text("toast")).toBe("The new recovery sheet is in force");
    });

    it("changes the keys and shows the new sheet before anything goes on", async () => {
      await at("security");
      await world.click("keys-change");
      expect(document.body.textContent).toContain("new recovery sheet");
      await world.type("keys-change-password", world.clinic.password);
      await world.click("keys-change-submit");
      await world.at("recovery-confirm");
      expect(document.body.textContent).toContain("The keys are changed");
      expect(world.all("nav-patients")).toHaveLength(0);
      await world.accessible();
      await typeBackSheet();
      await world.at("nav-patients");
      expect(document.body.textContent).not.toContain(NEW_GROUPS[0]);
    });

    it("takes the new sheet off the screen when the session locks", async () => {
      await at("security");
      await world.click("keys-change");
      await world.type("keys-change-password", world.clinic.password);
      await world.click("keys-change-submit");
      await world.at("recovery-confirm");
      world.host.emit("session_locked", {});
      await world.at("sign-in-email");
      expect(document.body.textContent).not.toContain(NEW_GROUPS[0]);
    });

    it("waits for running analyses before it changes the keys", async () => {
      world.host.answers.keys_change = () => Promise.reject({ code: "busy", message: "", details: {} });
      await at("security");
      await world.click("keys-change");
      await world.type("keys-change-password", world.clinic.password);
      await world.click("keys-change-submit");
      expect(await world.text("failure")).toContain("Other work is still under way");
    });
  });

  describe("mail", () => {
    it("is off, says that it uses the network, and is switched on", async () => {
      await at("mail");
      expect(await world.text("mail-state")).toBe("Mail is off.");
      expect(document.body.textContent).toContain("Mail uses the network. It stays off unless you switch it on here");
      expect((await world.at<HTMLButtonElement>("mail-test")).disabled).toBe(true);
      await world.accessible();
      await world.click("enabled");
      await world.click("mail-save");
      expect(document.activeElement?.id).toBe("host");
      await world.type("host", "mail.clinic.example");
      await world.choose("security", "none");
      expect((await world.at<HTMLInputElement>("port")).value).toBe("25");
      await world.type("from", "desk@clinic.example");
      await world.click("mail-save");
      expect(await world.text("security-error")).toContain("localhost");
      await world.choose("security", "start_tls");
      await world.type("user", "desk");
      await world.type("password", "hush");
      await world.click("mail-save");
      await world.until(() => expect(office().mail).toMatchObject({ enabled: true, port: 587, has_password: true }));
      expect((await world.at<HTMLInputElement>("password")).value).toBe("");
      await world.click("mail-test");
      await world.until(() => expect(document.body.textContent).toContain("Sent to ines@clinic.example"));
    });

    it("keeps the stored password unless another is typed, and forgets it with its user", async () => {
      office().mail = { enabled: true, host: "mail.clinic.example", port: 2525, security: "tls", user: "desk", has_password: true, from: "desk@clinic.example" };
      await at("mail");
      await world.choose("security", "start_tls");
      expect((await world.at<HTMLInputElement>("port")).value).toBe("2525");
      expect((await world.at<HTMLButtonElement>("mail-test")).disabled).toBe(true);
      await world.click("mail-save");
      await world.until(() => expect(world.host.calledWith("mail_settings_update")).toHaveLength(1));
      expect(world.host.calledWith("mail_settings_update")[0]).toMatchObject({ password: null, port: 2525 });
      await world.type("user", "");
      await world.click("mail-save");
      await world.until(() => expect(office().mail.has_password).toBe(false));
    });

    it("says why the test message was not taken", async () => {
      Object.assign(office().mail, { enabled: true, host: "mail.clinic.example", from: "desk@clinic.example" });
      world.host.answers.mail_test = () => Promise.reject({ code: "mail_failed", message: "", details: { reason: "unreachable" } });
      await at("mail");
      await world.click("mail-test");
      expect(await world.text("failure")).toBe("The mail server cannot be reached. Check host and port.");
      expect(await world.text("mail-answered")).toBe("");
    });
  });
});
