import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { errorText, formatInstant } from "../../src/i18n";
import type { Role } from "../../src/ipc/generated";
import { look as breakGlass } from "../fake/administration";
import { fail } from "../fake/clinic";
import { SLIP_CODE } from "../fake/patient-access";
import { report } from "../fake/reports";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

const REASON = "Bleeding lesion, patient on the phone.";

describe("access to one patient", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-1", lesion.id, patient.id));
    world.clinic.analyses.push(analysis("analysis-1", lesion.id, patient.id, ["image-1"], { band: "malignant", gate: "confident" }));
    world.clinic.reports.push(report("report-1", 1, patient.id, "analysis-1"));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await world.close();
  });

  async function atPatient(role: Role): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.openPatient("Okonkwo");
  }

  describe("the patient slip", () => {
    it("is issued for some hours, shown once and saved", async () => {
      await atPatient("clinician");
      await world.click("slip-issue");
      expect((await world.at<HTMLInputElement>("hours")).value).toBe("24");
      await world.accessible();
      for (const wrong of ["", "0", "73", "1.5", "soon"]) {
        await world.type("hours", wrong);
        await world.click("slip-issue-submit");
        expect(await world.text("hours-error")).toBe("Enter a whole number from 1 to 72.");
        expect(document.activeElement?.id).toBe("hours");
      }
      expect(world.host.calledWith("patient_view_issue")).toHaveLength(0);
      await world.type("hours", "8{Enter}");
      expect(await world.text("slip-code")).toBe(SLIP_CODE);
      expect(world.host.calledWith("patient_view_issue")).toEqual([{ patient_id: "patient-1", hours: 8 }]);
      expect(await world.text("slip-number")).toBe("P-000001");
      expect(await world.text("slip-until")).toBe(formatInstant(new Date(Date.now() + 8 * 3_600_000).toISOString()));
      expect(await world.text("slip-contents")).toBe("1 picture and 1 signed report");
      expect(document.body.textContent).toContain("Shown once");
      expect(document.activeElement?.textContent).toContain(SLIP_CODE);
      await world.accessible();
      await world.click("slip-save");
      await world.until(() => expect(world.all("slip-outcome")[0]?.textContent).toBe("Saved to Documents/patient-slip.pdf"));
      await world.click("slip-done");
      expect(document.body.textContent).not.toContain(SLIP_CODE);
      expect(document.activeElement?.getAttribute("data-testid")).toBe("slip-issue");
    });

    it("says why it cannot be issued or saved", async () => {
      world.clinic.patients[0] = { ...(world.clinic.patients[0] as (typeof world.clinic.patients)[0]), photo_consent: false };
      await atPatient("administrator");
      await world.click("slip-issue");
      await world.click("slip-issue-submit");
      expect(await world.text("failure")).toContain("not consented to photographs");
      await world.accessible();
      (world.clinic.patients[0] as { photo_consent: boolean }).photo_consent = true;
      await world.click("slip-issue-submit");
      await world.at("slip-code");
      world.host.answers.patient_slip_save = () => Promise.reject(fail("storage_full"));
      await world.click("slip-save");
      await world.at("failure");
      world.host.answers.patient_slip_save = () => ({ saved: false, path: null });
      await world.click("slip-save");
      await world.until(() => expect(world.all("slip-outcome")[0]?.textContent).toContain("Not saved"));
      expect(world.all("failure")).toHaveLength(0);
    });

    it("is not for the front desk or auditors", async () => {
      await atPatient("auditor");
      await world.at("not-clinical");
      expect(world.all("slip-issue")).toHaveLength(0);
    });
  });

  describe("the emergency look", () => {
    async function look(minutes = "15"): Promise<void> {
      await world.click("emergency-open");
      await world.type("reason", REASON);
      await world.type("minutes", minutes);
      await world.click("emergency-submit");
      await world.at("emergency-banner");
    }

    it("asks for a reason and a time, and warns", async () => {
      await atPatient("front_desk");
      await world.click("emergency-open");
      expect(await world.text("emergency-warning")).toContain("written to the audit trail");
      expect((await world.at<HTMLInputElement>("minutes")).value).toBe("15");
      await world.accessible();
      await world.type("reason", "  urgent  ");
      expect(await world.text("emergency-count")).toBe("6 of 500 characters");
      await world.type("minutes", "61");
      await world.click("emergency-submit");
      expect(await world.text("reason-error")).toContain("10");
      expect(await world.text("minutes-error")).toBe("Enter a whole number from 1 to 60.");
      expect(document.activeElement?.id).toBe("reason");
      await world.accessible();
      const field = await world.at<HTMLTextAreaElement>("reason");
      await world.user.clear(field);
      await world.user.click(field);
      await world.user.paste("x".repeat(501));
      expect(await world.text("emergency-count")).toBe("501 of 500 characters");
      await world.click("emergency-submit");
      expect(await world.text("reason-error")).toContain("500");
      expect(world.host.calledWith("break_glass_open")).toHaveLength(0);
      await world.click("emergency-cancel");
      expect(world.all("emergency-count")).toHaveLength(0);
      expect(document.activeElement?.getAttribute("data-testid")).toBe("emergency-open");
    });

    it.each(["front_desk", "auditor"] as const)("opens results to %s, and no photograph", async (role) => {
      await atPatient(role);
      expect(world.all("emergency-banner")).toHaveLength(0);
      await look();
      expect(world.host.calledWith("break_glass_open")).toEqual([{ patient_id: "patient-1", reason: REASON, minutes: 15 }]);
      expect(await world.text("emergency-left")).toMatch(/^Time left 1[45]:\d\d$/);
      await world.until(() => expect(document.activeElement?.id).toBe("emergency-banner"));
      expect(await world.text("photographs-closed")).toContain("a key that your account does not hold");
      expect(document.querySelectorAll("img")).toHaveLength(0);
      for (const closed of ["not-clinical", "emergency-open", "add-lesion", "export-report"]) expect(world.all(closed)).toHaveLength(0);
      await world.accessible();
      await world.click("lesion-row");
      expect(await world.text("ai-card")).toContain("Malignancy suspected");
      expect(await world.text("photographs-closed")).toContain("Photographs stay closed");
      expect(world.all("emergency-banner")).toHaveLength(1);
      expect(document.querySelectorAll("img")).toHaveLength(0);
      for (const closed of ["drop-zone", "write-report", "analyse"]) expect(world.all(closed)).toHaveLength(0);
      await world.accessible();
    });

    it("counts down and closes by itself", async () => {
      vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["Date", "setInterval", "clearInterval"] });
      await atPatient("front_desk");
      await look("1");
      await world.click("lesion-row");
      await world.at("ai-card");
      vi.advanceTimersByTime(30_000);
      await world.until(() => expect(world.all("emergency-left")[0]?.textContent).toMatch(/0:(2\d|30)/));
      vi.advanceTimersByTime(31_000);
      await world.at("results-ended");
      expect(world.all("ai-card")).toHaveLength(0);
      expect(world.all("emergency-banner")).toHaveLength(0);
      await world.accessible();
    });

    it("goes on after a lock", async () => {
      await atPatient("front_desk");
      await look();
      const { session } = world.clinic;
      if (session) world.host.answers.session_sign_in = () => ({ kind: "signed_in", session: (world.clinic.session = session) });
      await world.click("lock");
      await world.type("sign-in-password", world.clinic.password);
      await world.click("sign-in");
      await world.click("nav-patients");
      await world.openPatient("Okonkwo");
      expect(await world.text("emergency-left")).toMatch(/1[45]:\d\d$/);
    });

    it("is ended early, and the patient page closes", async () => {
      await atPatient("front_desk");
      await look();
      await world.click("lesion-row");
      await world.at("ai-card");
      const end = await world.at<HTMLButtonElement>("emergency-end");
      end.focus();
      await world.user.keyboard("{Enter}");
      await world.at("results-ended");
      expect(world.host.calledWith("break_glass_end")).toEqual([{ patient_id: "patient-1" }]);
      expect(world.all("emergency-banner")).toHaveLength(0);
      expect(document.activeElement?.id).toBe("content");
      expect(document.body.textContent).toContain("The emergency look has ended");
      await world.accessible();
      // One that ended a moment before is over all the same.
      await world.click("banner-patient");
      await look();
      for (const open of world.clinic.administration.looks) open.until = new Date().toISOString();
      await world.click("emergency-end");
      await world.at("not-clinical");
    });

    it("goes on when it cannot be ended", async () => {
      await atPatient("auditor");
      await look();
      world.host.answers.break_glass_end = () => Promise.reject(fail("storage_full"));
      await world.click("emergency-end");
      await world.until(() => expect(document.body.textContent).toContain(errorText(fail("storage_full"))));
      expect((await world.at<HTMLButtonElement>("emergency-end")).disabled).toBe(false);
      expect(await world.text("emergency-left")).toMatch(/1[45]:\d\d$/);
    });

    it("shows its time also in a window that did not open it", async () => {
      const until = new Date(Date.now() + 600_000).toISOString();
      world.clinic.administration.looks.push(breakGlass("look-9", { user_id: "user-9", patient_id: "patient-1", until }));
      if (world.clinic.session) world.clinic.session.user_id = "user-9";
      await atPatient("front_desk");
      expect(await world.text("emergency-banner")).toContain("recorded and reviewed");
      expect(await world.text("emergency-left")).toMatch(/^Time left (10:00|9:5\d)$/);
      await world.accessible();
    });

    it("keeps the reason over a lock", async () => {
      world.clinic.account.drafts.set("emergency:patient-1", {
        route: { name: "patient", patientId: "patient-1" },
        at: 1,
        typed: REASON,
      });
      world.clinic.setRole("front_desk");
      await world.open();
      await world.at("draft-kept");
      expect((await world.at<HTMLTextAreaElement>("reason")).value).toBe(REASON);
      await world.click("emergency-submit");
      await world.at("emergency-banner");
      expect(world.clinic.account.drafts.size).toBe(0);
    });

    it("says when it is refused, and is not for clinicians", async () => {
      await atPatient("auditor");
      world.host.answers.break_glass_open = () => Promise.reject(fail("storage_full"));
      await world.click("emergency-open");
      await world.type("reason", REASON);
      await world.click("emergency-submit");
      await world.at("failure");
      expect((await world.at<HTMLTextAreaElement>("reason")).value).toBe(REASON);
      await world.close();
      world = new World();
      world.clinic.addPatient();
      await atPatient("clinician");
      expect(world.all("emergency-open")).toHaveLength(0);
      expect(world.all("emergency-banner")).toHaveLength(0);
    });
  });
});
