import { afterEach, describe, expect, it, vi } from "vitest";
import { toasts } from "$components";
import { Importer } from "$features/image/importer.svelte";
import { Measuring } from "$features/viewer/measuring.svelte";
import type { ImageMeasuringView } from "$ipc";
import { FakeHost } from "../fake-host";

describe("a photograph that is left", () => {
  it("takes no answer that comes for another", async () => {
    new FakeHost().install();
    const onScale = vi.fn();
    const measuring = new Measuring(onScale);
    let answer: (view: ImageMeasuringView) => void = () => undefined;
    const late = new Promise<ImageMeasuringView>((resolve) => (answer = resolve));
    await measuring.show("first");
    const changed = measuring.change(() => late);
    expect(measuring.busy).toBe(true);
    await measuring.show("second");
    expect(measuring.busy).toBe(false);
    measuring.take("ruler");
    measuring.place({ x: 1, y: 1 }, 1);
    const before = measuring.view;
    answer({ image_id: "first", marks: [], scale: null } as unknown as ImageMeasuringView);
    expect(await changed).toBe(false);
    measuring.scaled({ image_id: "first" } as ImageMeasuringView);
    expect(measuring.view).toBe(before);
    expect(measuring.points).toHaveLength(1);
    expect(onScale).not.toHaveBeenCalled();
  });

  it("is measured as well as its worst point was placed", () => {
    const measuring = new Measuring(() => undefined);
    measuring.take("ruler");
    measuring.place({ x: 0, y: 0 }, 7.5);
    measuring.place({ x: 100, y: 0 }, 0.5);
    expect(measuring.pointing).toBe(7.5);
    measuring.stepBack();
    measuring.stepBack();
    measuring.place({ x: 0, y: 0 }, 0.5);
    expect(measuring.pointing).toBe(0.5);
  });
});

describe("files on their way in", () => {
  afterEach(() => toasts.clear());

  it("are counted when the page is left before they began", () => {
    const importer = new Importer("patient", "lesion", () => undefined);
    const never = () => new Promise<Uint8Array>(() => undefined);
    importer.add(["a.png", "b.png", "c.png"].map((name) => ({ name, source: "file" as const, read: never })), null);
    importer.end();
    expect(toasts.list.map(({ text, tone }) => [text.slice(0, 26), tone])).toEqual([["2 files were not taken in:", "error"]]);
  });
});
