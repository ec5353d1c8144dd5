import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../world";

describe("records of elsewhere", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  async function asked(): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-import");
    await world.at("migration-choose");
  }

  const step = () => document.querySelector("[aria-current=step]")?.textContent;
  const outcomes = () => world.all("migration-row").map((row) => row.dataset.outcome);

  async function folder(): Promise<void> {
    await world.click("migration-kind-folder");
    await world.click("migration-choose");
    await world.at("migration-columns");
  }

  async function planned(): Promise<void> {
    await folder();
    await world.choose("migration-0-3", "date_of_birth");
    await world.click("migration-dates-day_first");
    await world.click("migration-plan");
    await world.at("migration-rows");
  }

  it("are chosen by kind, with what cannot come along said first", async () => {
    await asked();
    expect(step()).toContain("Source");
    expect(await world.text("migration-stays")).toContain("Accounts and keys");
    expect(document.getElementById("passphrase")).not.toBeNull();
    await world.accessible();
    await world.type("passphrase", "wrong");
    await world.click("migration-choose");
    await world.until(() => expect(document.body.textContent).toContain("passphrase is wrong"));
    world.clinic.migration.chosen = false;
    await world.click("migration-choose");
    await world.until(() => expect(document.querySelector("[data-testid=migration-nothing]")?.textContent).toContain("Nothing was chosen"));
    world.clinic.migration.chosen = true;
    await world.click("migration-choose");
    expect(await world.text("migration-source")).toContain("Harbour Dermatology");
    expect(await world.text("migration-left")).toContain("reports: 3");
    expect(document.getElementById("migration-consents")).toBeNull();
    await world.accessible();
    await world.click("migration-back");
    await world.at("migration-choose");
  });

  it("are mapped column by column, and dates that can be read in two ways are asked about", async () => {
    await asked();
    await folder();
    expect(await world.text("migration-source")).toContain("read as Windows-1252, cells between semicolons");
    expect((await world.at<HTMLSelectElement>("migration-0-1")).value).toBe("family_name");
    expect(document.body.textContent).toContain("can be read in more than one way");
    await world.accessible();
    await world.click("migration-plan");
    const problems = await world.text("migration-problems");
    expect(problems).toContain("Date of birth");
    expect(problems).toContain("How dates are written");
    await world.choose("migration-0-3", "date_of_birth");
    await world.click("migration-dates-day_first");
    await world.click("migration-consents");
    await world.click("migration-plan");
    await world.at("migration-rows");
    expect(world.clinic.migration.mappings).toEqual([
      { tables: [["number", "family_name", "given_names", "date_of_birth", "photographs"]], dates: "day_first", consents_on_file: true },
    ]);
  });

  it("are gone through row by row before anything is written", async () => {
    await asked();
    await planned();
    expect(outcomes()).toEqual(["new", "same", "doubtful", "refused", "new"]);
    expect(await world.text("migration-rows")).toContain("Leads out of the folder: ../../etc/passwd");
    expect(await world.text("migration-start")).toBe("Import 3 rows");
    await world.accessible();
    await world.click("migration-filter-refused");
    await world.until(() => expect(outcomes()).toEqual(["refused"]));
    expect(await world.text("migration-rows")).toContain("Family name: This is needed.");
    await world.click("migration-filter-doubtful");
    await world.until(() => expect(outcomes()).toEqual(["doubtful"]));
    await world.choose("migration-decide", "same");
    await world.until(() => expect(world.all("migration-undecided")).toHaveLength(0));
    expect(await world.text("migration-start")).toBe("Import 4 rows");
    expect(world.host.calledWith("import_start")).toHaveLength(0);
    await world.click("migration-remap");
    await world.at("migration-columns");
  });

  it("come in with progress, here and among the jobs, and tell what became of each", async () => {
    world.clinic.migration.held = true;
    await asked();
    await planned();
    await world.click("migration-skip-all");
    await world.until(() => expect(world.all("migration-undecided")).toHaveLength(0));
    await world.click("migration-start");
    expect(await world.text("migration-progress-said")).toBe("1 of 5 rows");
    await world.accessible();
    await world.click("nav-patients");
    await world.click("jobs-open");
    await world.at("import-job");
    expect(document.getElementById("jobs-open")?.textContent).toContain("An import is running");
    await world.accessible();
    await world.click("nav-administration");
    await world.click("tab-import");
    await world.at("migration-progress");
    world.clinic.migration.gate?.();
    expect(await world.text("migration-results")).toContain("Registered: 2.");
    await world.until(() => expect(world.all("migration-row")).toHaveLength(5));
    await world.accessible();
    await world.click("migration-save");
    await world.until(() => expect(document.querySelector("[data-testid=migration-saved]")?.textContent).toContain("/media/stick/import-result.csv"));
    await world.click("migration-filter-skipped");
    await world.until(() => expect(outcomes()).toEqual(["doubtful"]));
    await world.click("migration-again");
    await world.at("migration-choose");
  });

  it("can be stopped, and say that the rest was not reached", async () => {
    world.clinic.migration.held = true;
    await asked();
    await planned();
    await world.click("migration-start");
    await world.click("migration-progress-stop");
    expect(await world.text("migration-results")).toContain("ended before all rows were in");
    expect(world.host.calledWith("import_cancel")).toHaveLength(1);
  });
});
