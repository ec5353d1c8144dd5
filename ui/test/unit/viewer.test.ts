import { describe, expect, it } from "vitest";
import { levelFor, levelSize, limitScale, settle, tileArea, tilesIn, toImage, toStage, visible, zoomAt } from "../../src/features/viewer/view";

const image = { width: 6000, height: 4000 };
const stage = { width: 900, height: 600 };
const fit = { scale: 0.15, x: 3000, y: 2000 };

describe("the view of a photograph", () => {
  it("keeps what is under the pointer under the pointer", () => {
    const at = { x: 700, y: 150 };
    const before = toImage(at, fit, stage);
    const view = zoomAt(fit, 0.9, at, image, stage);
    const after = toImage(at, view, stage);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
    const back = toStage(before, view, stage);
    expect([back.x, back.y].map(Math.round)).toEqual([700, 150]);
  });

  it("never leaves the photograph and never goes beyond its limits", () => {
    expect(settle({ scale: 1, x: -500, y: 99_999 }, image, stage)).toEqual({ scale: 1, x: 450, y: 3700 });
    expect(settle({ scale: 0.1, x: 0, y: 0 }, image, stage)).toEqual({ scale: 0.1, x: 3000, y: 2000 });
    expect(limitScale(0.001, image, stage, 1)).toBeCloseTo(0.15);
    expect(limitScale(100, image, stage, 1)).toBe(8);
    expect(limitScale(100, image, stage, 2)).toBe(4);
    // A small picture is not blown up to be seen whole.
    expect(limitScale(0.1, { width: 100, height: 100 }, stage, 1)).toBe(1);
  });

  it("asks for no tile while the display copy has pixels enough", () => {
    expect(levelFor(image, 0.15, 1)).toBeNull();
    expect(levelFor(image, 2048 / 6000, 1)).toBeNull();
    expect(levelFor(image, 0.4, 1)).toBe(1);
    expect(levelFor(image, 0.4, 2)).toBe(0);
    expect(levelFor(image, 1, 1)).toBe(0);
    expect(levelFor(image, 8, 1)).toBe(0);
    expect(levelFor({ width: 2000, height: 1500 }, 8, 1)).toBeNull();
  });

  it("asks for the tiles on the stage alone, the middle first", () => {
    const view = { scale: 1, x: 3000, y: 2000 };
    const places = tilesIn(0, view, image, stage);
    const seen = visible(view, image, stage);
    expect(seen).toEqual({ left: 2550, top: 1700, right: 3450, bottom: 2300 });
    expect(places).toHaveLength(6);
    expect(places[0]).toEqual({ level: 0, column: 5, row: 3 });
    for (const place of places) {
      const area = tileArea(place, image);
      expect(area.x < seen.right && area.x + area.width > seen.left).toBe(true);
      expect(area.y < seen.bottom && area.y + area.height > seen.top).toBe(true);
    }
  });

  it("lays the tiles of a level side by side up to the edge", () => {
    const odd = { width: 5001, height: 3333 };
    for (const level of [0, 1, 2]) {
      const size = levelSize(odd, level);
      const [columns, rows] = [Math.ceil(size.width / 512), Math.ceil(size.height / 512)];
      const last = tileArea({ level, column: columns - 1, row: rows - 1 }, odd);
      const over = [last.x + last.width - odd.width, last.y + last.height - odd.height];
      for (const beyond of over) expect(beyond >= 0 && beyond < 2 ** level).toBe(true);
      const [a, b] = [0, 1].map((column) => tileArea({ level, column, row: 0 }, odd));
      expect((a?.x ?? 0) + (a?.width ?? 0)).toBeCloseTo(b?.x ?? -1, 6);
    }
  });
});
