import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../src/ipc/generated";
import { fail } from "../fake/clinic";
import { analysis, details, image } from "../fake/samples";
import { World } from "../world";

describe("the insights", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    const patient = world.clinic.addPatient();
    world.clinic.addLesion(patient);
  });
  afterEach(() => world.close());

  async function at(role: Role = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.click("nav-insights");
    await world.at("total-patients");
  }
  const button = (name: RegExp): HTMLElement => {
    const found = [...document.querySelectorAll("button")].find((one) => name.test(one.getAttribute("aria-label") ?? one.textContent ?? ""));
    if (!found) throw new Error(`no button ${name.source}`);
    return found;
  };

  const outcome = (): string => document.querySelector("[data-testid=insight-outcome]")?.textContent ?? "";

  it("show what there is, and every number leads to its records", async () => {
    await at();
    await world.accessible();
    expect(await world.text("total-patients")).toContain("1");
    await world.user.click(button(/Malignant$/));
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ noun: "reading", band: "malignant" }));
    await world.click("nav-insights");
    await world.click("total-photographs");
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ noun: "photograph", from: null }));
    await world.click("nav-insights");
    await world.click("waiting-unread_reading");
    await world.until(() => expect(document.querySelector("main")?.dataset.screen).toBe("today"));
    await world.click("nav-insights");
    await world.at("total-reports");
    await world.user.click(button(/^\d+ Signed$/));
    await world.until(() => expect(world.host.calledWith("report_list").at(-1)).toMatchObject({ state: "signed" }));
  });

  it("have a table behind the drawing that is there without sight, and can be pressed where it is seen", async () => {
    await at();
    const rows = await world.at("uploads-rows");
    expect(rows.querySelectorAll("tbody tr")).toHaveLength(26);
    expect(rows.querySelectorAll("button")).toHaveLength(0);
    expect(rows.textContent).toContain("0");
    await world.click("uploads-toggle");
    await world.accessible();
    const last = [...rows.querySelectorAll("tbody tr")].at(-1);
    await world.user.click(last?.querySelector("td button") as HTMLElement);
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ noun: "photograph", from: "2026-11-16", to: "2026-11-22" }));
  });

  it("are saved as a table or on paper", async () => {
    await at();
    await world.click("insight-csv");
    await world.until(() => expect(outcome()).toContain("/saved/dashboard.csv"));
    world.clinic.insight.saves = false;
    await world.click("insight-pdf");
    await world.until(() => expect(outcome()).toContain("Nothing was saved"));
    expect(world.host.calledWith("insight_export")).toEqual([
      { trend: null, format: "csv" },
      { trend: null, format: "pdf" },
    ]);
  });

  it("say what failed, and come when asked again", async () => {
    world.host.answers.dashboard_read = () => {
      throw fail("storage_failed");
    };
    await world.open();
    await world.click("nav-insights");
    await world.until(() => expect(document.querySelector("[role=alert]")).not.toBeNull());
    delete world.host.answers.dashboard_read;
    await world.user.click(button(/again/i));
    await world.at("total-patients");
  });

  it("show trends by band, class, site and reviewer, with months of nothing as nothing", async () => {
    await at();
    await world.click("tab-trends");
    const rows = await world.at("trend-figures-rows");
    await world.accessible();
    expect(world.host.calledWith("trend_read").at(-1)).toMatchObject({ by: "band", step: "month", to: null });
    expect(rows.querySelectorAll("tbody tr").length).toBeGreaterThan(0);
    await world.choose("trend-by", "site");
    await world.choose("trend-step", "week");
    await world.until(() => expect(world.host.calledWith("trend_read").at(-1)).toMatchObject({ by: "site", step: "week" }));
    world.clinic.insight.series = [];
    await world.choose("trend-range", "all");
    await world.until(() => expect(document.body.textContent).toContain("Nothing to count"));
    expect(world.host.calledWith("trend_read").at(-1)).toMatchObject({ from: null, to: null });
    await world.accessible();
  });

  it("lead from a figure of a trend to its records", async () => {
    await at();
    await world.click("tab-trends");
    await world.click("trend-figures-toggle");
    await world.user.click(button(/, Suspicious, /));
    await world.until(() => {
      const asked = world.host.calledWith("history_read").at(-1);
      expect(asked).toMatchObject({ noun: "reading", band: "suspicious" });
      expect(asked?.from).toMatch(/^\d{4}-\d\d-01$/);
    });
  });

  it("ask for chosen days, and name what is wrong with them", async () => {
    await at();
    await world.click("tab-trends");
    await world.choose("trend-range", "own");
    await world.type("trend-from", "nonsense");
    await world.click("trend-show");
    expect(document.activeElement?.id).toBe("trend-from");
    await world.accessible();
    await world.type("trend-from", "2025-01-10");
    await world.type("trend-to", "2025-03-01");
    await world.click("trend-show");
    await world.until(() => expect(world.host.calledWith("trend_read").at(-1)).toMatchObject({ from: "2025-01-10", to: "2025-03-01" }));
  });

  it("hold one value, and more than fit in a chart", async () => {
    await at();
    await world.click("tab-trends");
    await world.at("trend-figures-rows");
    world.clinic.insight.series = [{ value: "malignant", name: null, counts: [3] }];
    await world.choose("trend-step", "week");
    await world.until(() => expect(document.querySelectorAll("[data-testid=trend-figures-rows] thead th")).toHaveLength(3));
    world.clinic.insight.series = Array.from({ length: 40 }, (_, at) => ({ value: `code-${at}`, name: `Class ${at}`, counts: Array.from({ length: 900 }, (_, n) => n % 5) }));
    await world.choose("trend-by", "class");
    await world.until(() => expect(document.querySelectorAll("svg [data-series]").length).toBeGreaterThan(0));
    expect(document.querySelectorAll("svg path[data-series]").length).toBeLessThanOrEqual(7);
    expect(document.body.textContent).toContain("34 others");
  });

  it("count searches only where the clinic wants it, and an administrator clears them", async () => {
    await at("administrator");
    await world.click("tab-usage");
    await world.at("usage-off");
    await world.accessible();
    await world.click("usage-settings");
    await world.until(() => expect(document.querySelector("main")?.dataset.screen).toBe("administration"));
    world.clinic.insight.usage = { counts: true, rows: [{ screen: "history", kind: "band", count: 12, since: "2026-11-01" }] };
    await world.click("nav-insights");
    await world.click("tab-usage");
    expect(await world.text("usage-table")).toContain("12");
    await world.accessible();
    await world.click("usage-clear");
    await world.click("usage-clear-yes");
    await world.until(() => expect(document.body.textContent).toContain("Nothing has been counted yet"));
  });

  it("are not offered to the front desk or the auditor", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    await world.at("nav-patients");
    expect(world.all("nav-insights")).toHaveLength(0);
  });
});

describe("the risk of a patient", () => {
  let world: World;
  let reading: string;
  beforeEach(() => {
    world = new World();
    const { clinic } = world;
    const patient = clinic.addPatient(details({ family_name: "Okonkwo" }));
    const lesion = clinic.addLesion(patient);
    const photo = image(clinic.id("image"), lesion.id, patient.id);
    clinic.images.push(photo);
    const read = analysis(clinic.id("analysis"), lesion.id, patient.id, [photo.id], { band: "malignant", gate: "confident" });
    clinic.analyses.push(read);
    reading = read.id;
  });
  afterEach(() => world.close());

  it("brings factors, readings, checklists and histology together, each with its way there", async () => {
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("tab-risk");
    await world.at("risk-table");
    await world.accessible();
    expect([world.all("risk-reading"), world.all("risk-checklist"), world.all("risk-finding")].map((rows) => rows.length)).toEqual([1, 1, 1]);
    expect(await world.text("risk-checklist")).toContain("5.1 of 8.9");
    expect(document.querySelectorAll("#risk-sum svg path[data-series]")).toHaveLength(1);
    await world.user.click(world.all("risk-reading")[0]?.querySelector("button") as HTMLElement);
    await world.until(() => expect(document.querySelector("main")?.dataset.screen).toBe("lesion"));
  });

  it("leaves out what waits for an impression, and says so", async () => {
    world.clinic.decisions.readFirst = true;
    world.clinic.decisions.unseen.add(reading);
    await world.open();
    await world.openPatient("Okonkwo");
    await world.click("tab-risk");
    await world.at("risk-withheld");
    expect(world.all("risk-reading")).toHaveLength(0);
    await world.accessible();
  });
});
