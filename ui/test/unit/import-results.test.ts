import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toasts } from "$components";
import { Importer } from "$features/image/importer.svelte";
import { importResults } from "$features/image/results";
import { FakeHost } from "../fake-host";

const file = (name: string, read: () => Promise<Uint8Array> = () => Promise.reject(new Error("gone"))) => ({ name, source: "file" as const, read });
const told = (importer: Importer) => importer.entries.map(({ name, state }) => [name, state]);
const here = (patient = "patient") => new Importer(patient, "lesion", () => undefined);
const settled = async (importer: Importer) => {
  while (importer.running) await new Promise((done) => setTimeout(done, 1));
};

describe("results of an import", () => {
  beforeEach(() => {
    new FakeHost().install();
  });
  afterEach(() => {
    importResults.clear();
    toasts.clear();
  });

  it("are there when the page is opened again, with those that were not taken in", async () => {
    const first = here();
    first.add([file("a.png"), file("b.png")], null);
    await settled(first);
    expect(told(first)).toEqual([
      ["a.png", "rejected"],
      ["b.png", "rejected"],
    ]);
    first.end();
    expect(told(here("another patient"))).toEqual([]);
    const again = here();
    expect(told(again)).toEqual([
      ["a.png", "rejected"],
      ["b.png", "rejected"],
    ]);
    expect(again.running).toBe(false);
    expect(again.entries.every(({ error, preview }) => error?.code === "file_gone" && preview === null)).toBe(true);
    again.add([file("c.png", () => new Promise(() => undefined)), file("d.png")], null);
    again.end();
    expect(told(here())).toEqual([
      ["a.png", "rejected"],
      ["b.png", "rejected"],
      ["d.png", "cancelled"],
    ]);
  });

  it("come in after the page was left, and go when they are cleared", async () => {
    let fail: (reason: Error) => void = () => undefined;
    const first = here();
    first.add([file("a.png", () => new Promise((_, reject) => (fail = reject)))], null);
    first.end();
    fail(new Error("gone"));
    await new Promise((done) => setTimeout(done, 5));
    const again = here();
    expect(told(again)).toEqual([["a.png", "rejected"]]);
    again.clear();
    again.end();
    expect(told(here())).toEqual([]);
  });

  it("do not outlive the session, even where the page is taken away after it", async () => {
    const first = here();
    first.add([file("a.png")], null);
    await settled(first);
    importResults.clear();
    first.end();
    expect(told(here())).toEqual([]);
  });
});
