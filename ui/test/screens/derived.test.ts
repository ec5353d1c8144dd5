import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { counts } from "../fake/derived";
import { World } from "../world";

describe("derived data", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const derived = () => world.clinic.derived;
  const cell = (kind: string, field: string) => document.querySelector(`[data-testid=derived-${kind}] [data-field=${field}]`)?.textContent;

  async function at(): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-derived");
    await world.at("derived-look");
  }

  function ends(change = {}): void {
    derived().end(change);
    world.host.emit("record_changed", { what: "derived", id: "" });
  }

  it("says what would be made before anything is, then what was", async () => {
    await at();
    expect(await world.text("derived-outcome")).toContain("Nothing has been looked through yet");
    expect(document.querySelector("[data-testid=derived-make]")).toBeNull();
    await world.accessible();
    await world.click("derived-look");
    expect(await world.text("derived-progress")).toBe("Heatmaps and overlays: 1,500 of about 2,104 looked at");
    await world.accessible();
    ends();
    await world.until(() => expect(cell("heatmaps", "without_model")).toBe("14"));
    expect(await world.text("derived-outcome")).toContain("45");
    expect([cell("pictures", "stale"), cell("pictures", "failed"), cell("directions", "stale")]).toEqual(["3", "1", "40"]);
    expect(await world.text("derived-make")).toBe("Make 45 anew");
    await world.accessible();
    await world.click("derived-make");
    await world.at("derived-progress");
    ends();
    await world.until(() => expect(cell("heatmaps", "made")).toBe("2"));
    expect(await world.text("derived-outcome")).toContain("45");
    expect(document.querySelector("[data-testid=derived-make]")).toBeNull();
    expect(world.host.calledWith("derived_start")).toEqual([{ purpose: "look" }, { purpose: "make" }]);
  });

  it("can be stopped, and begins anew", async () => {
    await at();
    await world.click("derived-look");
    await world.click("derived-stop");
    expect(await world.text("derived-outcome")).toContain("Stopped on");
    expect(document.querySelector("[data-testid=derived-make]")).toBeNull();
    await world.accessible();
  });

  it("says that everything is whole, and that there is no model", async () => {
    derived().found = { pictures: counts({ looked: 12 }), heatmaps: counts({ looked: 4 }), directions: counts() };
    await at();
    await world.click("derived-look");
    ends();
    await world.until(() => expect(document.querySelector("[data-testid=derived-outcome]")?.textContent).toContain("Everything is there"));
    world.clinic.model = { identity: null, problem: "model_unavailable" };
    world.host.emit("record_changed", { what: "derived", id: "" });
    expect(await world.text("derived-no-model")).toContain("Heatmaps and features wait");
    await world.accessible();
  });

  it("tells why a pass ended early", async () => {
    await at();
    await world.click("derived-look");
    ends({ state: "failed", problem: { code: "storage_full", message: "", details: {} } });
    await world.until(() => expect(document.querySelector("[data-testid=derived-outcome]")?.textContent).toMatch(/Ended early on .*(disk|space)/));
  });
});
