import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../src/ipc/generated";
import { nothing } from "../fake/performance";
import { World } from "../world";

describe("the AI in this clinic", () => {
  let world: World;
  beforeEach(() => (world = new World()));
  afterEach(() => world.close());

  async function at(role: Role = "clinician"): Promise<void> {
    world.clinic.setRole(role);
    await world.open();
    await world.click("nav-insights");
    await world.click("tab-performance");
    await world.at("part-performance");
  }
  const tableOf = async (name: string): Promise<string> => world.text(name);

  it("shows every figure with its interval, its counts and its source", async () => {
    await at();
    expect(await tableOf("perf-thresholds-table")).toContain("92.9% (81.0% to 97.5%) 39 of 42");
    expect(await world.text("perf-auc")).toBe("0.894 (0.832 to 0.956)");
    expect(await tableOf("perf-confusion-table")).toContain("Melanoma");
    expect(await tableOf("perf-agreement-table")).toContain("0.610 (0.470 to 0.750)");
    expect(await tableOf("perf-read-first-table")).toContain("p = 0.219");
    expect(await world.text("part-performance")).toContain("DeLong et al., Biometrics 1988");
    expect(await world.text("part-performance")).toContain("verification bias");
    await world.accessible();
  });

  it("says where there are too few, and tells a deleted model by its hash", async () => {
    await at();
    await world.choose("perf-grouping", "skin_type");
    await world.until(() => expect(world.all("perf-subgroups-table")[0]?.textContent).toContain("too few to say"));
    await world.choose("perf-grouping", "model");
    await world.until(() => expect(world.all("perf-subgroups-table")[0]?.textContent).toContain("lentigo-lesion 0.9.0 (a0a0a0a0a0a0)"));
    const { view } = world.clinic.performance;
    view.figures.counts.malignant = 9;
    view.figures.roc = null;
    await world.click("perf-apply");
    await world.at("perf-few");
    expect(await world.text("perf-auc")).toBe("too few to say");
  });

  it("warns of drift, marks a change of model and leads to the readings of a month", async () => {
    await at();
    expect(await world.text("perf-drift-warning")).toContain("2026-07");
    const table = await world.at("perf-drift-table");
    expect(table.textContent).toContain("new model: lentigo-lesion 1.0.0 (4f4f4f4f4f4f)");
    await world.choose("perf-reference", "2026-03");
    await world.until(() => expect(world.host.calledWith("performance_drift").at(-1)?.reference).toBe("2026-03"));
    const february = [...table.querySelectorAll("button")].find((button) => button.getAttribute("aria-label")?.includes("2026-02"));
    await world.user.click(february as HTMLElement);
    await world.until(() => expect(world.host.calledWith("history_read").at(-1)).toMatchObject({ from: "2026-02-01", to: "2026-02-28" }));
  });

  it("lists the lesions behind a number and opens one", async () => {
    const patient = world.clinic.addPatient();
    const lesion = world.clinic.addLesion(patient);
    world.clinic.performance.cases = [
      {
        patient_id: patient.id,
        lesion_id: lesion.id,
        analysis_id: "analysis-1",
        patient_number: patient.number,
        family_name: patient.family_name,
        given_names: patient.given_names,
        lesion_label: "L1",
        read_on: "2026-11-02",
        said: "nv",
        band: "benign",
        malignant_sum: 0.08,
        basis: "histology",
        found: "mel",
        malignant: true,
        morphology: "8743/3",
        before: "benign",
        after: "malignant",
      },
    ];
    await at();
    const cell = [...(await world.at("perf-confusion-table")).querySelectorAll("button")].find((b) => b.getAttribute("aria-label") === "2: read Melanocytic naevus, found Melanoma");
    await world.user.click(cell as HTMLElement);
    expect(await world.text("perf-case")).toContain("8743/3");
    expect(world.host.calledWith("performance_cases").at(-1)?.list).toMatchObject({ of: "known", choice: { said: "nv", found: "mel" } });
    await world.accessible();
    await world.click("perf-case-open");
    await world.at("patient-banner");
  });

  it("narrows by days, model and follow-up, and refuses a period that ends before it begins", async () => {
    await at();
    await world.type("perf-from", "2026-06-01");
    await world.type("perf-to", "2026-01-01");
    await world.click("perf-apply");
    expect(document.activeElement?.id).toBe("perf-to");
    expect(world.host.calledWith("performance_read")).toHaveLength(1);
    await world.type("perf-to", "2026-07-01");
    await world.choose("perf-model", "4f".repeat(32));
    await world.click("perf-follow-up");
    await world.click("perf-apply");
    await world.until(() =>
      expect(world.host.calledWith("performance_read").at(-1)).toEqual({
        from: "2026-06-01",
        to: "2026-07-01",
        model: "4f".repeat(32),
        kind: null,
        follow_up: true,
      }),
    );
    await world.click("perf-save-table");
    await world.until(() => expect(world.all("perf-outcome")[0]?.textContent).toContain("ai-performance.csv"));
    await world.click("perf-save-page");
    await world.until(() => expect(world.all("perf-outcome")[0]?.textContent).toContain(".pdf"));
  });

  it("tells a clinic without histology what to do", async () => {
    world.clinic.performance.view = nothing();
    world.clinic.performance.drift = { report: { months: [], reference: [], reference_readings: 0 }, months: [], cut_short: false, sampled: 100 };
    await at("administrator");
    expect(await world.text("part-performance")).toContain("record the specimen");
    expect(await world.text("part-performance")).toContain("No reading was made yet.");
    await world.accessible();
  });

  it("is not offered to the front desk", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    expect(world.all("nav-insights")).toHaveLength(0);
  });
});
