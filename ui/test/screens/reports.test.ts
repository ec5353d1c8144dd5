import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../pdf-here";
import { fail } from "../fake/clinic";
import { report, sign } from "../fake/reports";
import { analysis, image } from "../fake/samples";
import { World } from "../world";

describe("a report", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    // The clinic prints on it, whatever paper is usual in the country of the workstation.
    if (world.clinic.session) world.clinic.session = { ...world.clinic.session, paper: "letter" };
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.images.push(image("image-1", lesion.id, patient.id));
    world.clinic.analyses.push(analysis("analysis-1", lesion.id, patient.id, ["image-1"], { band: "malignant", gate: "confident" }));
    world.clinic.reports.push(report("report-1", 1, patient.id, "analysis-1"));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await world.close();
  });

  const record = () => world.clinic.reports[0];
  const state = async (): Promise<string | undefined> => (await world.at("report-state")).dataset.state;

  async function openReport(): Promise<void> {
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("open-report");
    await world.at("report-facts");
  }
  const drawn = () => world.until(() => expect(world.all("report-preview")[0]?.dataset.pages).toBeDefined());

  async function prove(password = world.clinic.password): Promise<void> {
    await world.type("password", password);
  }

  async function lockAndReturn(): Promise<void> {
    await world.click("lock");
    await world.type("sign-in-password", world.clinic.password);
    await world.click("sign-in");
  }

  it("is shown as it will be printed, with what is known of it", async () => {
    await openReport();
    await drawn();
    const pages = await world.at("report-preview");
    expect(pages.dataset.pages).toBe("2");
    expect(pages.textContent).toContain("Report R-2026-00001");
    expect(await world.text("pdf-place")).toBe("Page 1 of 2");
    expect(await world.text("report-facts")).toContain("Okonkwo, Adaeze");
    expect(await state()).toBe("draft");
    expect(world.host.calledWith("report_pdf")).toEqual([{ id: "report-1", paper: "letter", print: false }]);
    await world.accessible();
  });

  it("is paged and zoomed by keys", async () => {
    Element.prototype.scrollIntoView ??= () => undefined;
    await openReport();
    await drawn();
    (await world.at("report-preview")).focus();
    await world.user.keyboard("{PageDown}");
    expect(await world.text("pdf-place")).toBe("Page 2 of 2");
    await world.user.keyboard("{PageUp}+");
    expect(await world.text("pdf-place")).toBe("Page 1 of 2");
    expect((await world.at("pdf-fit")).getAttribute("aria-pressed")).toBe("false");
    await world.user.keyboard("0");
    expect((await world.at("pdf-fit")).getAttribute("aria-pressed")).toBe("true");
  });

  it("is drawn on another paper when one is chosen, and read only then", async () => {
    await openReport();
    await drawn();
    await world.choose("draft-paper", "a4");
    await world.until(() => expect(world.host.calledWith("report_pdf").map(({ paper }) => paper)).toEqual(["letter", "a4"]));
    world.host.emit("record_changed", { what: "report", id: "report-1" });
    await world.until(() => expect(world.host.calledWith("report_read").length).toBeGreaterThan(1));
    expect(world.host.calledWith("report_pdf")).toHaveLength(2);
  });

  it("says that a PDF is damaged, and loads it again", async () => {
    world.host.answers.report_pdf = () => new TextEncoder().encode("no pdf").buffer;
    await openReport();
    await world.at("pdf-unreadable");
    world.host.answers.report_pdf = () => {
      throw fail("storage_failed");
    };
    await world.user.click(await world.at("pdf-unreadable").then((notice) => notice.querySelector("button") as HTMLElement));
    await world.at("failure");
    delete world.host.answers.report_pdf;
    await world.click("retry");
    await drawn();
  });

  it("is signed with the password, and locked from then on", async () => {
    await openReport();
    await world.click("sign-report");
    await world.click("sign-confirm");
    expect(await world.text("meaning-error")).not.toBe("");
    expect(await world.text("password-error")).not.toBe("");
    await world.accessible();
    await world.click("meaning-review");
    await prove("something else");
    await world.click("sign-confirm");
    await world.until(async () => expect(await world.text("password-error")).toContain("not your password"));
    expect(record()?.state).toBe("draft");
    await prove();
    await world.click("sign-confirm");
    await world.until(() => expect(record()?.state).toBe("signed"));
    expect(world.host.calledWith("report_sign").at(-1)).toMatchObject({ version: 1, meaning: "review", paper: "letter", code: null });
    await world.until(async () => expect(await state()).toBe("signed"));
    expect(await world.text("report-edition")).toContain("Dr. Ines Halloran");
    for (const gone of ["sign-report", "edit-conclusion", "discard-report", "draft-paper"]) expect(world.all(gone)).toHaveLength(0);
    await world.accessible();
  });

  it("asks for the digits of a second factor, and never uses them twice", async () => {
    if (world.clinic.session) world.clinic.session.second_factor = true;
    await openReport();
    await world.click("sign-report");
    await world.click("meaning-author");
    await prove();
    await world.type("code", "000000");
    await world.click("sign-confirm");
    await world.until(async () => expect(await world.text("code-error")).toContain("code"));
    expect((await world.at<HTMLInputElement>("code")).value).toBe("");
    await world.type("code", world.clinic.account.digits);
    await world.click("sign-confirm");
    await world.until(() => expect(record()?.state).toBe("signed"));
  });

  it("says what to do when somebody else was first", async () => {
    await openReport();
    await world.click("edit-conclusion");
    await world.type("conclusion", "Mine.");
    Object.assign(record() ?? {}, { version: 2, conclusion: "Theirs." });
    await world.click("save-conclusion");
    await world.click("report-reload");
    expect(await world.text("report-theirs")).toContain("Theirs.");
    expect((await world.at<HTMLTextAreaElement>("conclusion")).value).toBe("Mine.");
    await world.click("save-conclusion");
    await world.until(() => expect(record()).toMatchObject({ version: 3, conclusion: "Mine." }));
    await world.until(() => expect(world.all("save-conclusion")).toHaveLength(0));

    sign(world.clinic, "report-1");
    await world.click("discard-report");
    await world.click("discard-confirm");
    expect(await world.text("report-stale")).toContain("as it is now");
    await world.click("report-reload");
    await world.until(async () => expect(await state()).toBe("signed"));
  });

  it("is discarded after a question", async () => {
    await openReport();
    await world.click("discard-report");
    await world.accessible();
    await world.click("discard-confirm");
    await world.until(async () => expect(await state()).toBe("discarded"));
    expect(world.all("report-preview")).toHaveLength(0);
    await world.click("back-from-report");
    await world.at("reports");
    expect(world.all("report-row")).toHaveLength(0);
  });

  it("gets an addendum whose text outlives a lock, and is withdrawn", async () => {
    sign(world.clinic, "report-1");
    await openReport();
    await world.click("add-addendum");
    await world.type("text", "Histology is in.");
    await lockAndReturn();
    expect((await world.at<HTMLTextAreaElement>("text")).value).toBe("Histology is in.");
    await world.at("draft-kept");
    await prove();
    await world.click("amend-confirm");
    await world.until(() => expect(world.all("report-edition")).toHaveLength(2));
    expect(world.host.calledWith("report_amend")[0]).toMatchObject({ editions: 1, amendment: "addendum", text: "Histology is in." });
    expect(world.clinic.account.drafts.size).toBe(0);

    await world.click("withdraw-report");
    await world.accessible();
    await world.click("amend-confirm");
    expect(await world.text("text-error")).not.toBe("");
    await world.type("text", "Other lesion.");
    await prove();
    await world.click("amend-confirm");
    await world.until(async () => expect(await state()).toBe("withdrawn"));
    for (const gone of ["add-addendum", "withdraw-report", "share-report"]) expect(world.all(gone)).toHaveLength(0);
    await world.accessible();
  });

  it("says loudly that it was altered outside the program", async () => {
    sign(world.clinic, "report-1");
    world.clinic.reportDesk.altered.add("report-1");
    await openReport();
    expect((await world.at("report-altered")).getAttribute("role")).toBe("alert");
    expect(await world.text("failure")).toContain("not what was signed");
    for (const gone of ["add-addendum", "withdraw-report", "share-report", "export-report"]) expect(world.all(gone)).toHaveLength(0);
    await world.accessible();
  });

  it("leaves without the patient's name unless it is asked for", async () => {
    await openReport();
    await world.click("export-report");
    await world.until(async () => expect(await world.text("export-outcome")).toBe("Saved to Documents/R-2026-00001-letter.pdf"));
    await world.click("named");
    await world.click("export-report");
    await world.until(() => expect(world.host.calledWith("report_export").map(({ named }) => named)).toEqual([false, true]));
  });

  it("is printed page by page, and what was printed goes with the screen", async () => {
    const sheets: number[] = [];
    window.print = () => void sheets.push(document.querySelectorAll(".print-page").length);
    await openReport();
    await drawn();
    await world.click("print-report");
    await world.until(() => expect(sheets).toEqual([2]));
    expect(world.host.calledWith("report_pdf").at(-1)).toMatchObject({ print: true });
    await world.click("back-from-report");
    await world.at("reports");
    expect(document.querySelectorAll(".print-pages")).toHaveLength(0);
  });

  it("does not reach the printer once the session is locked", async () => {
    let printed = 0;
    window.print = () => void printed++;
    let made: (picture: Blob | null) => void = () => undefined;
    vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => void (made = done));
    await openReport();
    await drawn();
    const before = made;
    await world.click("print-report");
    await world.until(() => expect(made).not.toBe(before));
    await world.click("lock");
    await world.at("sign-in");
    made(null);
    await new Promise((done) => setTimeout(done, 100));
    expect(printed).toBe(0);
    expect(document.querySelectorAll(".print-pages, .print-page")).toHaveLength(0);
  });

  it("opens from its lesion and from the timeline, and leads back", async () => {
    world.clinic.timeline = [
      { key: "r1", at: "2026-11-20T11:00:00Z", day: "2026-11-20", whole_day: false, lesion_id: null, by_name: null, content: { kind: "report", id: "report-1", number: "R-2026-00001" } },
    ];
    await world.open();
    await world.openLesion("Okonkwo");
    await world.click("open-report");
    await world.at("report-facts");
    await world.click("back-from-report");
    await world.at("drop-zone");
    await world.click("back-to-patient");
    await world.click("tab-timeline");
    await world.click("open-report");
    await world.click("report-lesion");
    await world.at("drop-zone");
  });

  it("is shared in an encrypted file", async () => {
    sign(world.clinic, "report-1");
    world.clinic.reports.unshift(report("report-2", 2, world.clinic.patients[0]?.id ?? "", "analysis-1"));
    await openReport();
    await world.click("share-report");
    await world.accessible();
    expect(world.all("share-report-choice")).toHaveLength(1);
    await world.type("passphrase", "short");
    await world.type("passphrase-repeat", "other");
    await world.type("days", "91");
    await world.click("share-confirm");
    for (const field of ["passphrase", "passphrase-repeat", "days"]) expect(await world.text(`${field}-error`)).not.toBe("");
    for (const field of ["passphrase", "passphrase-repeat"]) await world.type(field, "quiet herons at noon");
    await world.type("days", "30");
    world.host.answers.report_share = () => ({ saved: false, path: null });
    await world.click("share-confirm");
    await world.until(async () => expect(await world.text("share-not-saved")).not.toBe(""));
    delete world.host.answers.report_share;
    await world.click("share-confirm");
    expect(await world.text("share-saved")).toContain("reports.lentigo-share");
    expect(world.host.calledWith("report_share").at(-1)).toMatchObject({ ids: ["report-1"], days: 30 });
  });
});
