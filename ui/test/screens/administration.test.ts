import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../world";

describe("administration", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.close());

  const user = (id: string) => world.clinic.administration.users.find((row) => row.id === id);

  async function atUsers(): Promise<void> {
    await world.open();
    await world.click("nav-administration");
    await world.at("tab-users");
  }

  async function openUser(name: string): Promise<void> {
    await world.at("users-table");
    const row = world.all("user-open").find((button) => button.textContent?.includes(name));
    if (!row) throw new Error(`no row of ${name}`);
    await world.user.click(row);
    await world.until(() => expect(document.getElementById("user-panel-title")?.textContent).toBe(name));
  }

  const toast = () => world.text("toast");

  it("is offered to administrators only", async () => {
    world.clinic.setRole("front_desk");
    await world.open();
    await world.at("patient-search");
    expect(world.all("nav-administration")).toHaveLength(0);
  });

  it("is walked with the arrow keys, and a part opens with Enter", async () => {
    await atUsers();
    await world.at("users-table");
    await world.accessible();
    const current = () => document.querySelector("nav [aria-current=page][id^=tab-]")?.id;
    (await world.at("tab-users")).focus();
    for (const [key, tab] of [
      ["ArrowDown", "directory"],
      ["End", "logs"],
      ["ArrowDown", "users"],
      ["ArrowUp", "logs"],
      ["Home", "users"],
    ] as const) {
      await world.user.keyboard(`{${key}}`);
      expect(document.activeElement?.id).toBe(`tab-${tab}`);
      expect(current()).toBe("tab-users");
    }
    await world.user.keyboard("{ArrowDown}{Enter}");
    await world.until(() => expect(document.activeElement).toBe(document.querySelector("[data-testid=part-directory]")));
    expect(document.activeElement?.getAttribute("aria-labelledby")).toBe("tab-directory");
    expect(current()).toBe("tab-directory");
    await world.accessible();
  });

  it("has its parts in named groups, each with what waits", async () => {
    await atUsers();
    const lists = [...document.querySelectorAll("nav ul")].filter((list) => list.querySelector("[id^=tab-]"));
    const named = lists.map((list) => document.getElementById(list.getAttribute("aria-labelledby") ?? "")?.textContent);
    expect(named).toEqual(["People", "Clinic", "Exchange", "System"]);
    expect(await world.text("tab-users-waiting")).toContain("1 waits");
    expect(await world.text("tab-emergency-waiting")).toContain("1 waits");
  });

  describe("users", () => {
    it("lists everybody, those who wait first, each state in words", async () => {
      await atUsers();
      await world.at("users-table");
      const rows = world.all("user-row").map((row) => row.textContent?.replaceAll(/\s+/g, " ").trim());
      expect(rows[0]).toContain("Ada Quill");
      expect(rows[0]).toContain("Waiting for approval");
      expect(await world.text("users-waiting")).toBe("1 person waits for approval");
      expect(rows[1]).toMatch(/Priya Nand.*Invited.*Never/);
      expect(rows.find((row) => row?.includes("Bo Lindqvist"))).toContain("Disabled");
      expect(rows.find((row) => row?.includes("Tamsin"))).toContain("Locked, 43 min left");
      expect(rows.find((row) => row?.includes("Ines"))).toMatch(/\(you\).*Administrator.*Active.*Yes/);
    });

    it("is walked by keyboard: arrows, Enter, Escape back to the row", async () => {
      await atUsers();
      await world.at("users-table");
      world.all("user-open")[0]?.focus();
      await world.user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
      await world.until(() => expect(document.activeElement?.id).toBe("user-panel-title"));
      expect(document.activeElement?.textContent).toBe("Bo Lindqvist");
      await world.accessible();
      await world.user.keyboard("{Escape}");
      expect(document.getElementById("user-panel")).toBeNull();
      expect(document.activeElement?.textContent).toContain("Bo Lindqvist");
    });

    it("approves a registration with a role and counts anew", async () => {
      await atUsers();
      await openUser("Ada Quill");
      await world.choose("role", "clinician");
      expect(await world.text("role-hint")).toContain("photographs");
      const asked = world.host.calledWith("session_read").length;
      await world.click("user-approve");
      await world.until(() => expect(user("user-6")).toMatchObject({ state: "active", role: "clinician" }));
      expect(await toast()).toBe("Ada Quill may sign in now, role: Clinician");
      await world.until(() => expect(world.all("users-waiting")).toHaveLength(0));
      expect(world.host.calledWith("session_read")).toHaveLength(asked + 1);
      await world.until(() => expect(document.activeElement?.id).toBe("user-panel-title"));
    });

    it("refuses a request, with the own password", async () => {
      await atUsers();
      await openUser("Ada Quill");
      await world.click("user-delete");
      expect(await world.text("user-delete-dialog")).toContain("The request is deleted");
      await world.type("user-delete-password", world.clinic.password);
      await world.click("user-delete-submit");
      await world.until(() => expect(user("user-6")).toBeUndefined());
      expect(await toast()).toBe("The request of Ada Quill is deleted");
      await world.until(() => expect(document.activeElement).toBe(document.querySelector("[data-testid=user-invite]")));
    });

    it("invites somebody, shows the code once and saves the slip", async () => {
      await atUsers();
      await world.click("user-invite");
      await world.accessible();
      await world.click("invite-submit");
      expect(document.activeElement?.id).toBe("full-name");
      await world.type("full-name", "Nils Aho");
      await world.type("email", "ines@clinic.example");
      await world.type("licence-number", "L 77");
      await world.click("invite-submit");
      expect(await world.text("failure")).toBe("This e-mail address already belongs to an account.");
      await world.type("email", "nils@clinic.example");
      await world.click("invite-submit");
      expect(await world.text("activation-code")).toBe(world.clinic.account.activationCode);
      expect(await world.text("activation-until")).toContain("2026");
      await world.accessible();
      expect(world.host.calledWith("user_invite").at(-1)).toEqual({
        details: { full_name: "Nils Aho", email: "nils@clinic.example", phone: null, date_of_birth: null, gender: null, licence_number: "L 77" },
        role: "clinician",
      });
      await world.click("activation-save");
      await world.until(() => expect(document.body.textContent).toContain("Saved to Documents/activation.pdf"));
      await world.click("activation-done");
      expect(world.all("activation-code")).toHaveLength(0);
      expect(await world.text("users-invited")).toContain("2 invitations");
    });

    it("asks for a licence number only from those who sign reports", async () => {
      await atUsers();
      await world.click("user-invite");
      await world.at("licence-number");
      await world.choose("invite-role", "front_desk");
      expect(document.getElementById("licence-number")).toBeNull();
    });

    it("makes a new activation code for somebody invited", async () => {
      await atUsers();
      await openUser("Priya Nand");
      expect(world.all("user-approve")).toHaveLength(0);
      await world.click("user-activation");
      expect(await world.text("activation-code")).toBe(world.clinic.account.activationCode);
      expect(world.host.calledWith("user_activation_issue")).toEqual([{ id: "user-5", role: "clinician" }]);
    });

    it("reads out six digits for a forgotten password", async () => {
      await atUsers();
      await openUser("Dr. Marek Sola");
      await world.click("user-reset");
      expect(await world.text("reset-code")).toBe("305172");
      expect(await world.text("reset-limits")).toMatch(/10 minutes, 3 tries.*this workstation only/);
      expect(await world.text("reset-mailed")).toContain("Not sent by e-mail");
      await world.accessible();
      await world.click("reset-done");
      expect(world.all("reset-code")).toHaveLength(0);
    });

    it("changes role, second factor and state, asking where it hurts", async () => {
      await atUsers();
      await openUser("Dr. Marek Sola");
      expect((await world.at<HTMLButtonElement>("user-role-change")).disabled).toBe(true);
      await world.choose("role", "administrator");
      await world.click("user-role-change");
      await world.until(() => expect(user("user-2")?.role).toBe("administrator"));
      await world.click("user-factor-remove");
      expect(document.activeElement).toBe(document.querySelector("[data-testid=user-factor-remove-cancel]"));
      await world.click("user-factor-remove-cancel");
      expect(document.activeElement).toBe(document.querySelector("[data-testid=user-factor-remove]"));
      expect(user("user-2")?.second_factor).toBe(true);
      await world.click("user-factor-remove");
      await world.click("user-factor-remove-confirm");
      await world.until(() => expect(user("user-2")?.second_factor).toBe(false));
      await world.click("user-disable");
      await world.click("user-disable-confirm");
      await world.click("user-enable");
      await world.at("user-disable");
      expect(user("user-2")?.state).toBe("active");
    });

    it("ends the lock after failed sign-ins", async () => {
      await atUsers();
      await openUser("Tamsin Reyes");
      await world.click("user-unlock");
      await world.until(() => expect(user("user-3")?.locked_for_seconds).toBe(0));
      await world.until(() => expect(world.all("user-unlock")).toHaveLength(0));
    });

    it("deletes an account only with the own password, and says what that means", async () => {
      await atUsers();
      await openUser("Bo Lindqvist");
      await world.click("user-delete");
      expect(await world.text("user-delete-dialog")).toContain("cannot be brought back");
      await world.accessible();
      await world.type("user-delete-password", "wrong");
      await world.click("user-delete-submit");
      expect(await world.text("user-delete-password-error")).toBe("This is not your password.");
      await world.type("user-delete-password", world.clinic.password);
      await world.click("user-delete-submit");
      await world.until(() => expect(user("user-4")).toBeUndefined());
      expect(document.getElementById("user-panel")).toBeNull();
    });

    it("says beside the action why it was refused", async () => {
      world.host.answers.user_disable = () => Promise.reject({ code: "last_administrator", message: "", details: {} });
      await atUsers();
      await openUser("Dr. Marek Sola");
      await world.click("user-disable");
      await world.click("user-disable-confirm");
      expect(await world.text("failure")).toContain("last administrator");
      expect((await world.at("user-panel")).contains(await world.at("failure"))).toBe(true);
    });

    it("offers nothing against oneself", async () => {
      await atUsers();
      await openUser("Dr. Ines Halloran");
      await world.at("user-self");
      for (const action of ["user-disable", "user-delete", "user-role-change", "user-reset"]) expect(world.all(action)).toHaveLength(0);
    });

    it("says when the list cannot be read, and tries again", async () => {
      world.host.answers.user_list = () => Promise.reject({ code: "storage_failed", message: "", details: {} });
      await atUsers();
      expect(await world.text("failure")).toContain("disk");
      delete world.host.answers.user_list;
      await world.click("retry");
      await world.at("users-table");
    });
  });
});
