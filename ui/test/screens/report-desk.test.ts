import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../pdf-here";
import { fail } from "../fake/clinic";
import { CODE, furnishReports, KEY_ID, report, sign } from "../fake/reports";
import { analysis } from "../fake/samples";
import { picture, World } from "../world";

const CLAIM = { number: "R-2026-00001", edition: 1, signed_at: "2026-11-20T11:00:00Z", signer_name: "Dr. Ines Halloran", key_id: KEY_ID, key_retired_at: null };

describe("the reports of the clinic", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.analyses.push(analysis("analysis-1", lesion.id, patient.id, [], { band: "malignant", gate: "confident" }));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await world.close();
  });

  const add = (number: number, change: Parameters<typeof report>[4] = {}) => {
    const made = report(`report-${number}`, number, world.clinic.patients[0]?.id ?? "", "analysis-1", change);
    world.clinic.reports.push(made);
    return made;
  };
  const rows = () => world.all("report-row");
  const numbers = () => rows().map((row) => row.dataset.report);

  async function atReports(tab?: "verify" | "pack"): Promise<void> {
    await world.open();
    await world.click("nav-reports");
    if (tab) await world.click(`tab-${tab}`);
  }

  describe("found", () => {
    it("says that there are none yet, and that none matches", async () => {
      await atReports();
      await world.until(() => expect(document.body.textContent).toContain("No reports yet"));
      await world.type("reports-text", "nobody");
      await world.click("reports-search");
      await world.until(() => expect(document.body.textContent).toContain("No report matches"));
      await world.accessible();
    });

    it("are found by text, state and day, and the filter outlives a visit to one", async () => {
      add(1, { created_at: "2026-11-18T09:00:00Z" });
      add(2);
      add(3, { state: "discarded" });
      sign(world.clinic, "report-2");
      await atReports();
      await world.until(() => expect(numbers()).toEqual(["report-2", "report-1"]));
      await world.accessible();
      await world.choose("reports-state", "signed");
      await world.type("reports-from", "2026-11-20");
      await world.type("reports-to", "2026-11-19");
      await world.click("reports-search");
      expect(await world.text("reports-to-error")).not.toBe("");
      await world.type("reports-to", "2026-11-20");
      await world.click("reports-search");
      await world.until(() => expect(numbers()).toEqual(["report-2"]));
      expect(world.host.calledWith("report_list").at(-1)).toEqual({ text: "", state: "signed", from: "2026-11-20", to: "2026-11-20", before: null, limit: 50 });
      await world.click("open-report");
      await world.at("report-facts");
      await world.click("back-from-report");
      expect((await world.at<HTMLSelectElement>("reports-state")).value).toBe("signed");
      await world.until(() => expect(numbers()).toEqual(["report-2"]));
      await world.click("reports-reset");
      await world.until(() => expect(rows()).toHaveLength(2));
    });

    it("come page by page", async () => {
      furnishReports(world.clinic, 60);
      await atReports();
      await world.until(() => expect(rows()).toHaveLength(50));
      await world.click("reports-older");
      await world.until(() => expect(rows()).toHaveLength(60));
      expect(world.all("reports-older")).toHaveLength(0);
      expect(new Set(numbers()).size).toBe(60);
    });

    it("are not mistaken for an answer that failed", async () => {
      add(1);
      world.host.answers.report_list = () => {
        throw fail("storage_failed");
      };
      await atReports();
      await world.at("failure");
      expect(rows()).toHaveLength(0);
      delete world.host.answers.report_list;
      await world.click("retry");
      await world.until(() => expect(rows()).toHaveLength(1));
    });

    it("are handed out at the front desk when they are signed, and not read there", async () => {
      add(1);
      add(2);
      sign(world.clinic, "report-2");
      world.clinic.setRole("front_desk");
      const printed: number[] = [];
      window.print = () => void printed.push(document.querySelectorAll(".print-page").length);
      await atReports();
      await world.until(() => expect(rows()).toHaveLength(2));
      await world.accessible();
      expect(world.all("open-report")).toHaveLength(0);
      expect(world.all("export-report")).toHaveLength(1);
      await world.click("print-report");
      await world.until(() => expect(printed).toEqual([2]));
      expect(world.host.calledWith("report_pdf")).toMatchObject([{ id: "report-2", print: true }]);
      await world.click("export-report");
      await world.until(() => expect(document.body.textContent).toContain("Saved to Documents/R-2026-00002"));
      expect(world.host.calledWith("report_export")).toMatchObject([{ id: "report-2", named: false }]);
    });

    it("are no matter of an auditor", async () => {
      world.clinic.setRole("auditor");
      await world.open({ lands: true });
      expect(world.all("nav-reports")).toHaveLength(0);
    });
  });

  describe("verified", () => {
    const verdict = async () => (await world.at("verify-verdict")).dataset.verdict;

    it("says genuine, and where the report stands by now", async () => {
      world.clinic.reportDesk.verdict = { chosen: true, verdict: "genuine", claim: CLAIM, now: { id: "report-1", state: "signed", editions: 2 } };
      await atReports("verify");
      await world.accessible();
      await world.click("verify-file");
      expect(await verdict()).toBe("genuine");
      expect(await world.text("verdict-claim")).toContain("Dr. Ines Halloran");
      expect(await world.text("verdict-overtaken")).toContain("newer edition");
      await world.accessible();
      world.clinic.reportDesk.verdict = { chosen: true, verdict: "genuine", claim: CLAIM, now: { id: "report-1", state: "withdrawn", editions: 2 } };
      await world.click("verify-file");
      await world.until(async () => expect(await world.text("verdict-overtaken")).toContain("withdrawn"));
    });

    it("says altered, and does not vouch for what it claims", async () => {
      world.clinic.reportDesk.verdict = { chosen: true, verdict: "altered", claim: CLAIM, now: { id: "report-1", state: "signed", editions: 1 } };
      await atReports("verify");
      await world.click("verify-file");
      expect(await verdict()).toBe("altered");
      expect(await world.text("verify-verdict")).toContain("not proven");
      expect(world.all("verdict-overtaken")).toHaveLength(0);
    });

    it("tells of a key that was retired, before the signature and after it", async () => {
      const claim = { ...CLAIM, key_retired_at: "2026-11-21T09:00:00Z" };
      world.clinic.reportDesk.verdict = { chosen: true, verdict: "genuine", claim, now: null };
      await atReports("verify");
      await world.click("verify-file");
      expect(await verdict()).toBe("genuine");
      expect(await world.text("verify-verdict")).toContain("Genuine, signed with a key retired on");
      await world.accessible();
      world.clinic.reportDesk.verdict = { chosen: true, verdict: "key_retired", claim: { ...claim, key_retired_at: "2026-11-19T09:00:00Z" }, now: null };
      await world.click("verify-file");
      await world.until(async () => expect(await verdict()).toBe("key_retired"));
      expect(await world.text("verify-verdict")).toContain("Not genuine: signed after its key was retired");
      expect(await world.text("verify-verdict")).toContain("not proven");
      await world.accessible();
    });

    it("takes a code that a scanner types, and empties the field for the next", async () => {
      world.clinic.reportDesk.verdict = { chosen: true, verdict: "genuine", claim: { ...CLAIM, signer_name: null }, now: null };
      await atReports("verify");
      await world.click("verify-code-check");
      expect(await world.text("verify-code-error")).not.toBe("");
      await world.type("verify-code", CODE);
      await world.user.keyboard("{Enter}");
      expect(await verdict()).toBe("genuine");
      expect(await world.text("verdict-claim")).toContain("Not in the code");
      expect(await world.text("verdict-overtaken")).toContain("not on record");
      expect((await world.at<HTMLInputElement>("verify-code")).value).toBe("");
      await world.type("verify-code", "scrap");
      await world.user.keyboard("{Enter}");
      await world.until(async () => expect(await verdict()).toBe("unknown"));
      await world.accessible();
    });

    it("says that no file was chosen, and what failed", async () => {
      await atReports("verify");
      await world.click("verify-file");
      await world.at("verify-note");
      world.host.answers.report_verify = () => {
        throw fail("storage_failed");
      };
      await world.click("verify-file");
      await world.at("failure");
      expect(world.all("verify-verdict")).toHaveLength(0);
    });

    it("shows the key in groups of four once there is one, and saves it", async () => {
      await atReports("verify");
      await world.at("key-none");
      await world.click("tab-find");
      world.clinic.reportDesk.keyMade = true;
      await world.click("tab-verify");
      const groups = [...(await world.at("key-fingerprint")).querySelectorAll("span")].map((group) => group.textContent);
      expect(groups).toEqual(KEY_ID.split(" "));
      expect([...(await world.at("key-public")).querySelectorAll("span")]).toHaveLength(16);
      await world.click("key-save");
      await world.until(async () => expect(await world.text("key-outcome")).toContain("clinic-key.txt"));
    });
  });

  describe("in a share pack", () => {
    async function open(passphrase = world.clinic.reportDesk.packPassphrase): Promise<void> {
      await world.type("passphrase", passphrase);
      await world.click("pack-open");
    }

    it("are shown from memory, one by one", async () => {
      await atReports("pack");
      await world.accessible();
      await open();
      await world.until(() => expect(world.all("pack-preview")[0]?.dataset.pages).toBe("1"));
      expect((await world.at("pack-preview")).textContent).toContain("R-2026-00417");
      await world.user.click(world.all("pack-report")[1] as HTMLElement);
      await world.until(() => expect(world.all("pack-preview")[0]?.textContent).toContain("R-2026-00398"));
      expect(world.host.calledWith("share_pack_pdf")).toEqual([{ place: 0 }, { place: 1 }]);
      await world.accessible();
      await world.click("pack-close");
      expect((await world.at<HTMLInputElement>("passphrase")).value).toBe("");
    });

    it("say apart what was wrong", async () => {
      await atReports("pack");
      await world.click("pack-open");
      expect(await world.text("passphrase-error")).not.toBe("");
      await open("not the one");
      await world.until(async () => expect(await world.text("failure")).toContain("passphrase is wrong"));
      world.clinic.reportDesk.packExpired = "2026-11-01T10:00:00Z";
      await open();
      await world.until(async () => expect(await world.text("failure")).toContain("expired on Nov 1, 2026"));
      world.clinic.reportDesk.pack = null;
      await open();
      await world.until(async () => expect(await world.text("pack-note")).toBe("No file was chosen."));
    });
  });

  describe("under a letterhead", () => {
    const preview = () => world.all("letterhead-preview")[0];

    async function atLetterhead(): Promise<void> {
      await world.open();
      await world.click("nav-administration");
      await world.click("tab-letterhead");
      await world.until(() => expect(preview()?.dataset.pages).toBe("1"));
    }

    it("is previewed while it is typed, and saved", async () => {
      await atLetterhead();
      await world.accessible();
      await world.type("clinic-name", "Quay Clinic");
      await world.until(() => expect(preview()?.textContent).toContain("Quay Clinic"));
      // Typing is gathered: not every letter is a sample.
      expect(world.host.calledWith("letterhead_preview").length).toBeLessThan(6);
      expect(world.clinic.reportDesk.letterhead.letterhead.clinic_name).toBe("");
      await world.at("letterhead-unsaved");
      await world.click("letterhead-save");
      await world.until(() => expect(world.clinic.reportDesk.letterhead.letterhead.clinic_name).toBe("Quay Clinic"));
      await world.until(() => expect(world.all("letterhead-unsaved")).toHaveLength(0));
    });

    it("marks the field that cannot be printed", async () => {
      await atLetterhead();
      const asked = world.host.calledWith("letterhead_preview").length;
      await world.type("lines", "1{Enter}2{Enter}3{Enter}4{Enter}5{Enter}6{Enter}7");
      await world.click("letterhead-save");
      expect(await world.text("lines-error")).toBe("At most 6 lines.");
      await world.type("lines", "x".repeat(121));
      await world.click("letterhead-save");
      expect(await world.text("lines-error")).toBe("At most 120 characters.");
      expect(world.host.calledWith("letterhead_update")).toHaveLength(0);
      world.host.answers.letterhead_update = () => {
        throw fail("invalid_input", { problems: [{ field: "clinic_name", code: "not_allowed" }] });
      };
      await world.type("lines", "One");
      await world.click("letterhead-save");
      await world.until(async () => expect(await world.text("clinic-name-error")).not.toBe(""));
      expect(world.host.calledWith("letterhead_preview").length).toBeLessThan(asked + 8);
    });

    it("takes a logo, refuses another file, and prints without one again", async () => {
      await atLetterhead();
      await world.at("logo-none");
      const input = () => document.getElementById("logo-file") as HTMLInputElement;
      await world.user.upload(input(), picture("logo.jpg", 1, 2));
      await world.at("failure");
      await world.user.upload(input(), picture("logo.jpg", 0xff, 2));
      const shown = await world.at("logo-preview");
      expect(shown.querySelector("img")?.getAttribute("src")).toBe("vault://localhost/logo?edition=1");
      await world.accessible();
      await world.click("logo-remove");
      await world.at("logo-none");
    });
  });
});
