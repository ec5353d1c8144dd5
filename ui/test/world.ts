import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent, { PointerEventsCheckLevel, type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { expect, vi } from "vitest";
import App from "../src/app/App.svelte";
// The window reads it after its first screen; here it is there already, and no test waits for it.
import "../src/app/Shell.svelte";
import { navigation } from "../src/app/route.svelte";
import { importResults } from "../src/features/image/results";
import { FakeHost } from "./fake-host";
import { plainStyle } from "./plain-style";

/** The whole window on a fake core, with hands. */
export class World {
  readonly host = new FakeHost().install();
  // jsdom has no layout: asking the style of every ancestor at each click tells nothing and takes most of the time.
  readonly user: UserEvent = userEvent.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never });

  get clinic() {
    return this.host.clinic;
  }

  /** Opens the window at the list of patients, wherever the work of the role begins; `lands` leaves it there. */
  async open({ lands = false } = {}): Promise<this> {
    navigation.reset();
    render(App);
    await waitFor(() => expect(document.documentElement.dataset.ready).toBe("true"));
    const home = ["today", "audit"].includes(navigation.route.name);
    if (home && !lands) await this.click("nav-patients");
    return this;
  }

  /** The element with this id or test id; waits for it. */
  async at<T extends HTMLElement = HTMLElement>(hook: string): Promise<T> {
    return waitFor(() => {
      const found = document.getElementById(hook) ?? document.querySelector(`[data-testid="${hook}"]`);
      expect(found, hook).not.toBeNull();
      return found as T;
    });
  }

  all(hook: string): HTMLElement[] {
    return screen.queryAllByTestId(hook);
  }

  async click(hook: string): Promise<void> {
    await this.user.click(await this.at(hook));
  }

  async type(hook: string, text: string): Promise<void> {
    const field = await this.at<HTMLInputElement>(hook);
    await this.user.clear(field);
    if (text !== "") await this.user.type(field, text);
  }

  async choose(hook: string, value: string): Promise<void> {
    await this.user.selectOptions(await this.at(hook), value);
  }

  async text(hook: string): Promise<string> {
    return ((await this.at(hook)).textContent ?? "").replaceAll(/\s+/g, " ").trim();
  }

  async until(check: () => void): Promise<void> {
    await waitFor(check);
  }

  /** Opens the first patient found by a name, and one of the lesions. */
  async openPatient(name: string): Promise<void> {
    await this.type("patient-search", name);
    await this.until(() => expect(this.all("patient-row").map((row) => row.textContent)).toHaveLength(1));
    await this.click("patient-row");
    await this.at("patient-banner");
  }

  async openLesion(name: string, index = 0): Promise<void> {
    await this.openPatient(name);
    await this.at("lesion-row");
    const row = this.all("lesion-row")[index];
    if (row) await this.user.click(row);
    await this.at("drop-zone");
  }

  /** No rule of axe is broken; colour contrast needs real pixels and is measured in the browser. */
  async accessible(): Promise<void> {
    const worked = vi.spyOn(window, "getComputedStyle").mockImplementation(plainStyle);
    const { violations } = await axe
      .run(document.body, { resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } })
      .finally(() => worked.mockRestore());
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`)).toEqual([]);
  }

  async close(): Promise<void> {
    // The window ends its subscriptions while there is still a core to tell.
    cleanup();
    importResults.clear();
    await new Promise((done) => setTimeout(done, 0));
    this.host.uninstall();
    delete document.documentElement.dataset.ready;
  }
}

export const picture = (name: string, ...bytes: number[]): File => {
  const file = new File([Uint8Array.from(bytes)], name, { type: "image/jpeg" });
  // jsdom's File has no arrayBuffer of its own realm.
  file.arrayBuffer = () => Promise.resolve(Uint8Array.from(bytes).buffer);
  return file;
};
