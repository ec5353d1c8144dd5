import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../world";

describe("the guide in the window", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.clinic.addPatient();
  });
  afterEach(() => world.close());

  const page = (): string | undefined => document.querySelector<HTMLElement>("[data-testid=guide-text]")?.dataset.page;
  const shut = (): void => expect(document.getElementById("guide")).toBeNull();

  it("opens with F1 at the chapter of the screen, and gives the screen back as it was", async () => {
    await world.open();
    await world.type("patient-search", "ok");
    await world.user.keyboard("{F1}");
    await world.at("guide-text");
    expect(page()).toBe("user/patients");
    await world.accessible();
    await world.user.keyboard("{Escape}");
    await world.until(shut);
    const field = await world.at<HTMLInputElement>("patient-search");
    expect(field.value).toBe("ok");
    expect(document.activeElement).toBe(field);
  });

  it("opens the chapter of the part of the administration that is open", async () => {
    await world.open();
    await world.click("nav-administration");
    await world.click("tab-backup");
    await world.click("help");
    await world.at("guide-text");
    expect(page()).toBe("administrator/backup");
    await world.click("guide-close");
    await world.until(shut);
  });

  it("leads from the contents and from links to other chapters", async () => {
    await world.open();
    await world.user.keyboard("{F1}");
    await world.click("guide-user/troubleshooting");
    await world.until(() => expect(page()).toBe("user/troubleshooting"));
    const link = [...document.querySelectorAll<HTMLAnchorElement>("#guide article a")].find(({ textContent }) => textContent === "Errors");
    if (link) await world.user.click(link);
    await world.until(() => expect(page()).toBe("user/errors"));
    expect(document.querySelector("#guide table")?.textContent).toContain("invalid_credentials");
    await world.accessible();
  });

  it("finds places by words and opens them at their heading", async () => {
    await world.open();
    await world.user.keyboard("{F1}");
    await world.type("guide-search", "somebody leaves");
    await world.at("guide-count");
    await world.accessible();
    const hit = world.all("guide-hit").find(({ textContent }) => textContent?.includes("Somebody leaves"));
    expect(hit).toBeDefined();
    if (hit) await world.user.click(hit);
    await world.until(() => expect(page()).toBe("administrator/security"));
    await world.until(() => expect(document.activeElement?.id).toBe("guide-somebody-leaves"));
    await world.type("guide-search", "zzzz");
    expect(await world.text("guide-count")).toBe("0 places found");
    await world.accessible();
  });

  it("is there before the sign-in, and leaves what was typed", async () => {
    world.clinic.stage = "sign_in";
    world.clinic.session = null;
    await world.open();
    await world.click("link-help");
    await world.at("guide-text");
    expect(page()).toBe("user/first-steps");
    await world.accessible();
    await world.user.keyboard("{Escape}");
    await world.until(shut);
    await world.type("sign-in-email", "ines@clinic.example");
    await world.type("sign-in-password", world.clinic.password);
    await world.user.keyboard("{F1}");
    await world.at("guide-text");
    await world.user.keyboard("{Escape}");
    expect((await world.at<HTMLInputElement>("sign-in-password")).value).toBe(world.clinic.password);
  });

  it("is closed by the lock", async () => {
    await world.open();
    await world.user.keyboard("{F1}");
    await world.at("guide-text");
    await world.user.keyboard("{Control>}l{/Control}");
    await world.at("sign-in-email");
    await world.until(shut);
  });
});
