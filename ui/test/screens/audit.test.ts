import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatMoment } from "../../src/i18n";
import { actionsOf } from "../../src/features/audit/kinds";
import type { AuditRowView } from "../../src/ipc/generated";
import { auditRow } from "../fake/audit";
import { fail } from "../fake/clinic";
import { World } from "../world";

describe("the audit trail", () => {
  let world: World;
  let whole: AuditRowView[] = [];
  beforeEach(() => {
    world = new World();
    whole = world.clinic.audit.rows;
    // A page that axe reads quickly; paging takes the whole trail.
    world.clinic.audit.rows = whole.slice(-20);
  });
  afterEach(() => world.close());

  async function atTrail(): Promise<void> {
    await world.open();
    await world.click("nav-audit");
    await world.at("audit-verify");
  }
  const rows = () => world.all("audit-table-row");
  const asked = () => world.host.calledWith("audit_search");
  const shows = (count: number) => world.until(() => expect(rows()).toHaveLength(count));

  it("lists the newest rows in words", async () => {
    await atTrail();
    await shows(20);
    const newest = rows()[0]?.textContent ?? "";
    for (const expected of ["Bo Lindqvist", "Auditor", "Read a patient's record", "Patient", "P-000001", formatMoment(auditRow(230).at)]) {
      expect(newest).toContain(expected);
    }
    expect(await world.text("audit-count")).toBe("20 rows shown");
    expect(world.all("audit-older")).toHaveLength(0);
    await world.accessible();
  });

  it("goes back page by page", async () => {
    world.clinic.audit.rows = whole;
    await atTrail();
    await shows(100);
    expect(await world.text("audit-count")).toBe("100 rows shown, there are older ones");
    await world.click("audit-older");
    await shows(200);
    await world.click("audit-older");
    await shows(230);
    expect(asked().map(({ before, limit }) => [before, limit])).toEqual([[null, 100], [131, 100], [31, 100]]);
    expect(world.all("audit-older")).toHaveLength(0);
    expect(await world.text("audit-count")).toBe("230 rows shown");
  });

  it("narrows by days, person and kind of event", async () => {
    await atTrail();
    await shows(20);
    await world.type("audit-from", "2026-11-19");
    await world.type("audit-to", "yesterday");
    await world.click("audit-search");
    expect(document.activeElement?.id).toBe("audit-to");
    expect(await world.text("audit-to-error")).toContain("YYYY-MM-DD");
    await world.type("audit-to", "2026-11-18");
    await world.click("audit-search");
    expect(await world.text("audit-to-error")).toBe("This day lies before the first.");
    await world.accessible();
    await world.type("audit-to", "2026-11-21");
    await world.choose("audit-person", "user-3");
    await world.click("audit-kind-signing_in");
    await world.click("audit-search");
    await shows(1);
    expect(asked().at(-1)?.filter).toEqual({
      from: "2026-11-19",
      to: "2026-11-21",
      actor: "user-3",
      actions: actionsOf(["signing_in"]),
      patient_id: null,
    });
    await world.click("audit-clear");
    await shows(20);
    expect(asked().at(-1)?.filter).toEqual({ from: null, to: null, actor: null, actions: [], patient_id: null });
    expect((await world.at<HTMLInputElement>("audit-from")).value).toBe("");
  });

  it("shows one patient from a row, and all again", async () => {
    await atTrail();
    await shows(20);
    await world.user.click(world.all("audit-only-patient")[0] as HTMLElement);
    expect(await world.text("audit-patient")).toBe("Only patient P-000001");
    await world.until(() => expect(asked().at(-1)?.filter.patient_id).toBe("patient-1"));
    await world.until(() => expect(world.all("audit-only-patient")).toHaveLength(0));
    expect(document.activeElement?.textContent).toContain("Only patient P-000001");
    await world.accessible();
    await world.click("audit-all-patients");
    await world.until(() => expect(asked().at(-1)?.filter.patient_id).toBeNull());
    await world.until(() => expect(world.all("audit-patient")).toHaveLength(0));
  });

  it("unfolds what a change changed, with the keyboard", async () => {
    await atTrail();
    await shows(20);
    const changed = rows().findIndex((row) => row.textContent?.includes("Changed a patient"));
    const button = world.all("audit-details")[changed] as HTMLElement;
    button.focus();
    await world.user.keyboard("{Enter}");
    expect(button.getAttribute("aria-expanded")).toBe("true");
    const words = await world.text("audit-changes");
    for (const expected of ["Family name", "Okonkwo-Reed", "Photo consent", "no", "yes", "Many naevi", "Details: Role", "Front desk", "Clinician"]) {
      expect(words.toLowerCase()).toContain(expected.toLowerCase());
    }
    expect(words).not.toContain("Telephone");
    expect(await world.text("audit-unfolded")).toContain("Version3");
    await world.accessible();
    await world.user.keyboard("{Enter}");
    expect(world.all("audit-unfolded")).toHaveLength(0);
  });

  it("checks the chain and says what a fault means", async () => {
    await atTrail();
    await world.click("audit-verify");
    expect(await world.text("audit-verdict")).toContain("The trail is intact 230 rows were recomputed");
    await world.accessible();
    for (const [fault, first_fault, expected] of [
      ["row_altered", 117, "row 117 is the first"],
      ["tail_missing", 231, "The newest rows are gone"],
      ["anchor_missing", 0, "not in one row"],
      ["rolled_back", 117, "row 117 tells of it"],
      ["rolled_back", 117, "After a backup was restored this is as it should be"],
      ["something_new", 4, "“something_new”"],
    ] as const) {
      world.clinic.audit.verification = { intact: false, rows: 230, first_fault, fault };
      await world.click("audit-verify");
      await world.until(() => expect(world.all("audit-verdict")[0]?.textContent).toContain(expected));
    }
    await world.accessible();
    world.host.answers.audit_verify = () => Promise.reject(fail("storage_failed"));
    await world.click("audit-verify");
    await world.at("retry");
    expect(world.all("audit-verdict")).toHaveLength(0);
    delete world.host.answers.audit_verify;
    await world.click("retry");
    await world.at("audit-verdict");
  });

  it("exports what the filter finds, in either form", async () => {
    await atTrail();
    await shows(20);
    await world.click("audit-kind-records");
    await world.click("audit-search");
    await world.until(() => expect(asked()).toHaveLength(2));
    await world.click("audit-export-csv");
    await world.until(() => expect(world.all("audit-export-outcome")[0]?.textContent).toBe("Saved to Documents/audit-trail.csv"));
    world.clinic.audit.saves = false;
    await world.click("audit-export-json_lines");
    await world.until(() => expect(world.all("audit-export-outcome")[0]?.textContent).toContain("Not saved"));
    const [first, second] = world.host.calledWith("audit_export");
    expect(first).toEqual({ format: "csv", filter: asked().at(-1)?.filter });
    expect(second?.format).toBe("json_lines");
    world.host.answers.audit_export = () => Promise.reject(fail("storage_full"));
    await world.click("audit-export-csv");
    await world.at("failure");
    await world.accessible();
  });

  it("tells when nothing fits, and when the trail cannot be read", async () => {
    world.clinic.audit.rows = [];
    await atTrail();
    await world.until(() => expect(document.body.textContent).toContain("No row fits"));
    expect(world.all("audit-export-csv")).toHaveLength(0);
    await world.accessible();
    world.host.answers.audit_search = () => Promise.reject(fail("storage_failed"));
    await world.click("audit-search");
    await world.at("failure");
    expect(document.body.textContent).not.toContain("No row fits");
    delete world.host.answers.audit_search;
    world.clinic.audit.rows = [auditRow(1, { actor_name: "", subject_kind: null, subject_id: null })];
    await world.click("retry");
    await shows(1);
    expect(rows()[0]?.textContent).toContain("Name no longer known");
  });

  it("leaves an answer out that comes after a later question", async () => {
    world.clinic.audit.rows = whole;
    await atTrail();
    await shows(100);
    const late: (() => void)[] = [];
    const stale = { rows: [auditRow(999)], more: false, actors: [] };
    world.host.answers.audit_search = () => new Promise((done) => late.push(() => done(stale)));
    await world.click("audit-older");
    await world.until(() => expect(late).toHaveLength(1));
    delete world.host.answers.audit_search;
    await world.click("audit-kind-trail");
    await world.click("audit-search");
    await shows(0);
    late[0]?.();
    await new Promise((done) => setTimeout(done, 20));
    expect(rows()).toHaveLength(0);
  });

  it("is there for auditors and not for others", async () => {
    world.clinic.setRole("auditor");
    await atTrail();
    await shows(20);
    await world.close();
    world = new World();
    world.clinic.setRole("clinician");
    await world.open();
    await world.at("nav-patients");
    expect(world.all("nav-audit")).toHaveLength(0);
  });
});
