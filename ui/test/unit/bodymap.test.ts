import { describe, expect, it } from "vitest";
import { figures } from "../../src/features/bodymap/figures";
import { inside, marks, mirrored, nearest, path, polygon } from "../../src/features/bodymap/outline";
import { arranged, labelled, NEAR, type Pin, shortLabel, type Spot, SPREAD } from "../../src/features/bodymap/pins";
import { nudged, onPlate, placeAt, plateNames, plateOf, plates, STAGE } from "../../src/features/bodymap/plates";
import { disagree, proposal, settled } from "../../src/features/bodymap/regions";
import { centred, MOST, onStage, panned, toPlate, toStage, WHOLE, zoomed } from "../../src/features/bodymap/zoom";
import { likelyPlace } from "../../src/features/bodymap/start";
import { keysOf, siteWords } from "../../src/i18n";
import type { BodyView, LesionPlace } from "../../src/ipc";

const views = Object.keys(figures) as BodyView[];
/** A place by its distance from the midline and from the upper edge, in units of the figure. */
const at = (view: BodyView, fromMiddle: number, down: number): LesionPlace => {
  const { width, height } = figures[view];
  return { view, x: 0.5 + fromMiddle / width, y: down / height };
};
const said = (place: LesionPlace): string => {
  const found = proposal(place);
  return found === null ? "none" : `${found.site} ${found.laterality}`;
};

describe("an outline", () => {
  it("runs through its points and turns sharply at corners only", () => {
    const line = marks("0,0 10,0! 10,10");
    expect(line.map((mark) => mark.corner)).toEqual([false, true, false]);
    expect(path(line, false)).toBe("M0 0C0 0 10 0 10 0C10 0 10 10 10 10");
    expect(mirrored(line, 20).map(({ x, y }) => [x, y])).toEqual([[30, 10], [30, 0], [40, 0]]);
  });

  it("knows what lies inside and what is nearest", () => {
    const square = marks("0,0! 10,0! 10,10! 0,10!");
    expect([inside({ x: 5, y: 5 }, square), inside({ x: 11, y: 5 }, square)]).toEqual([true, false]);
    expect(nearest({ x: 14, y: 5 }, square)).toEqual({ x: 10, y: 5 });
    expect(polygon(square)).toHaveLength(24);
  });
});

describe("the figures", () => {
  it("stay inside their boxes and are drawn of whole numbers only", () => {
    for (const view of views) {
      const { width, height, parts, skin } = figures[view];
      expect(parts.some((part) => part.d.includes("NaN")), view).toBe(false);
      for (const { x, y } of skin.flat()) {
        expect(x >= -1 && x <= width + 1 && y >= -1 && y <= height + 1, `${view} ${x} ${y}`).toBe(true);
      }
    }
  });

  it("are the same on both sides where a body is", () => {
    for (const view of ["front", "back", "head_front", "head_back", "head_top"] as const) {
      const { width, height } = figures[view];
      for (let step = 0; step < 400; step++) {
        const place = { view, x: ((step % 20) + 0.5) / 20, y: (Math.floor(step / 20) + 0.5) / 20 };
        const [here, there] = [settled(place), settled({ ...place, x: 1 - place.x })];
        expect(here === null, `${view} ${place.x * width} ${place.y * height}`).toBe(there === null);
      }
    }
  });

  it("stand once on one plate, apart from each other and inside the stage", () => {
    expect(plateNames.flatMap((name) => plates[name].map((cell) => cell.view)).sort()).toEqual([...views].sort());
    for (const name of plateNames) {
      const boxes = plates[name].map(({ view, x, y, scale }) => ({ view, x, y, right: x + figures[view].width * scale, bottom: y + figures[view].height * scale }));
      for (const a of boxes) {
        expect(a.x >= 0 && a.y >= 0 && a.right <= STAGE.width && a.bottom <= STAGE.height, a.view).toBe(true);
        for (const b of boxes) {
          if (a.view !== b.view) expect(a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom, `${a.view} ${b.view}`).toBe(false);
        }
      }
    }
  });
});

describe("a place", () => {
  it("proposes site and side, left and right as the patient has them", () => {
    expect(said(at("front", 40, 200))).toBe("chest left");
    expect(said(at("front", -40, 200))).toBe("chest right");
    expect(said(at("back", 40, 200))).toBe("upper_back right");
    expect(said(at("back", -40, 200))).toBe("upper_back left");
    expect(said(at("front", 0, 280))).toBe("abdomen midline");
    expect(said(at("head_top", -60, 180))).toBe("scalp left");
    expect(said(at("head_front", 60, 190))).toBe("cheek left");
  });

  it.each([
    ["front", 0, 18, "scalp midline"], ["front", 20, 90, "face left"], ["front", 40, 70, "ear left"], ["front", 12, 130, "neck left"],
    ["front", 96, 185, "shoulder left"], ["front", 100, 240, "upper_arm left"], ["front", 118, 293, "elbow left"],
    ["front", 128, 340, "forearm left"], ["front", 146, 389, "wrist left"], ["front", 148, 420, "palm left"],
    ["front", 150, 465, "finger left"], ["front", 174, 428, "finger left"], ["front", 40, 480, "thigh left"], ["front", -40, 575, "knee right"],
    ["front", -40, 660, "lower_leg right"], ["front", -36, 745, "ankle right"], ["front", -40, 770, "foot right"], ["front", -40, 786, "toe right"],
    ["back", 148, 420, "hand right"], ["back", 0, 320, "lower_back midline"], ["back", 30, 400, "buttock right"], ["back", -36, 775, "heel left"],
    ["head_front", 0, 90, "forehead midline"], ["head_front", 40, 147, "eye_region left"], ["head_front", 0, 190, "nose midline"],
    ["head_front", 0, 235, "lip midline"], ["head_front", 0, 275, "chin midline"], ["head_front", 0, 320, "neck midline"],
    ["head_back", 0, 120, "scalp midline"], ["head_back", 0, 300, "neck midline"],
  ] as const)("%s %i, %i is %s", (view, x, y, wanted) => expect(said(at(view, x, y))).toBe(wanted));

  it.each([
    ["head_left", 180, 165, "ear left"], ["head_left", 200, 80, "scalp left"], ["head_left", 56, 190, "nose left"], ["head_left", 120, 220, "cheek left"],
    ["head_right", 120, 165, "ear right"], ["head_right", 180, 220, "cheek right"],
    ["hand_left_dorsal", 112, 37, "finger_nail left"], ["hand_left_dorsal", 112, 100, "finger left"], ["hand_left_dorsal", 100, 250, "hand left"],
    ["hand_right_palmar", 100, 250, "palm right"], ["hand_left_palmar", 150, 250, "palm left"], ["hand_right_palmar", 205, 165, "finger right"],
    ["foot_left_dorsal", 140, 50, "toe_nail left"], ["foot_right_dorsal", 100, 200, "foot right"],
    ["foot_right_plantar", 100, 200, "sole right"], ["foot_left_plantar", 100, 350, "heel left"], ["foot_left_plantar", 60, 60, "toe left"],
  ] as const)("%s %i, %i is %s", (view, x, y, wanted) => {
    const { width, height } = figures[view];
    expect(said({ view, x: x / width, y: y / height })).toBe(wanted);
  });

  it("has a name wherever there is skin", () => {
    for (const view of views) {
      for (let step = 0; step < 2_500; step++) {
        const place = { view, x: ((step % 50) + 0.5) / 50, y: (Math.floor(step / 50) + 0.5) / 50 };
        expect(settled(place) !== null && proposal(place) === null, `${view} ${place.x} ${place.y}`).toBe(false);
      }
    }
  });

  it("beside the body is none, and close to it is taken to its edge", () => {
    expect(said({ view: "front", x: 0.02, y: 0.02 })).toBe("none");
    const close = at("front", 80, 290);
    expect(settled(close)).toBeNull();
    const closer = at("front", 66, 290);
    expect(settled(closer)?.x).toBeLessThan(closer.x);
    expect(said(closer)).toBe("abdomen left");
  });

  it("warns of the wrong side and of another part of the body, not of a neighbour", () => {
    const back = { site: "upper_back", laterality: "left" } as const;
    expect(disagree({ site: "back", laterality: "right" }, back)).toBe(true);
    expect(disagree({ site: "thigh", laterality: "left" }, back)).toBe(true);
    expect(disagree({ site: "back", laterality: "left" }, back)).toBe(false);
    expect(disagree({ site: "shoulder", laterality: "not_applicable" }, back)).toBe(false);
    expect(disagree({ site: "other", laterality: "left" }, back)).toBe(false);
  });

  it("goes to the plate and back, and is moved inside its figure", () => {
    for (const view of views) {
      const back = placeAt(plateOf(view), onPlate({ view, x: 0.4, y: 0.7 }));
      expect(back?.view).toBe(view);
      expect([back?.x, back?.y].map((value) => value?.toFixed(6))).toEqual(["0.400000", "0.700000"]);
    }
    expect(placeAt("body", { x: 1, y: 1 })).toBeNull();
    expect(nudged({ view: "front", x: 0.5, y: 0.999 }, { x: 0, y: 500 })).toEqual({ view: "front", x: 0.5, y: 1 });
  });
});

describe("a mark that starts from the record", () => {
  it("lies on the recorded site and side wherever a figure shows it", () => {
    for (const site of keysOf(siteWords)) {
      const place = likelyPlace({ site, laterality: "not_applicable" });
      if (site === "other") expect(place).toBeNull();
      else expect(place && proposal(place)?.site, site).toBe(site === "breast" ? "chest" : site);
    }
    const left = likelyPlace({ site: "palm", laterality: "left" });
    expect(left?.view).toBe("hand_left_palmar");
    expect(likelyPlace({ site: "thigh", laterality: "right" })?.view).toBe("front");
  });
});

describe("zoom", () => {
  it("keeps the point under the mouse where it is", () => {
    const mouse = { x: 200, y: 500 };
    const under = toPlate(WHOLE, mouse);
    const frame = zoomed(zoomed(WHOLE, 2, mouse), 1.7, mouse);
    expect(frame.scale).toBeCloseTo(3.4);
    expect(toStage(frame, under).x).toBeCloseTo(200);
    expect(toStage(frame, under).y).toBeCloseTo(500);
  });

  it("ends at the whole figure and at eight times", () => {
    expect(zoomed(WHOLE, 0.1)).toEqual(WHOLE);
    expect(zoomed(WHOLE, 100).scale).toBe(MOST);
    expect(zoomed(zoomed(WHOLE, 5, { x: 0, y: 0 }), 0.01)).toEqual(WHOLE);
  });

  it("never loses the picture out of sight", () => {
    expect(panned(WHOLE, { x: 300, y: -300 })).toEqual(WHOLE);
    const far = panned(zoomed(WHOLE, 4), { x: -99_999, y: 99_999 });
    expect(far).toEqual({ scale: 4, x: -3 * STAGE.width, y: 0 });
    const corner = centred(WHOLE, { x: 0, y: 0 }, 3);
    expect(corner).toEqual({ scale: 3, x: 0, y: 0 });
    expect(onStage(toStage(centred(WHOLE, { x: 500, y: 100 }, 4), { x: 500, y: 100 }))).toBe(true);
  });
});

describe("pins", () => {
  const spot = (id: string, x: number, y: number, label = id): Spot => ({ id, label, x, y, rank: 0 });
  const apart = (a: Pin, b: Pin) => Math.hypot(a.x - b.x, a.y - b.y);

  it("stand at their place when they are alone", () => {
    const [pin] = arranged([spot("a", 10, 20)], null, false);
    expect(pin).toMatchObject({ kind: "pin", x: 10, y: 20, anchor: { x: 10, y: 20 } });
  });

  it("are spread when a few lie on each other, each with its true place", () => {
    const pins = arranged([spot("a", 100, 100), spot("b", 100, 100), spot("c", 104, 100)], null, false) as Pin[];
    expect(pins.map((pin) => pin.kind)).toEqual(["pin", "pin", "pin"]);
    for (const [index, pin] of pins.entries()) {
      for (const other of pins.slice(index + 1)) expect(apart(pin, other)).toBeGreaterThanOrEqual(NEAR * 0.95);
    }
    expect(pins.find((pin) => pin.id === "c")?.anchor).toEqual({ x: 104, y: 100 });
  });

  it("become one number when they are many, but for the chosen one; at the closest all are shown", () => {
    const many = Array.from({ length: SPREAD + 6 }, (_, index) => ({ ...spot(`p${index}`, 200 + index, 200), rank: index === 7 ? 4 : 0 }));
    const [number, ...others] = arranged(many, "p3", false);
    expect(number).toMatchObject({ kind: "cluster", id: "p7", rank: 4 });
    expect(number?.kind === "cluster" && number.ids).toHaveLength(SPREAD + 5);
    expect(others).toMatchObject([{ kind: "pin", id: "p3" }]);
    const all = arranged(many, null, true) as Pin[];
    expect(all).toHaveLength(many.length);
    for (const [index, pin] of all.entries()) {
      for (const other of all.slice(index + 1)) expect(apart(pin, other)).toBeGreaterThan(NEAR * 0.8);
    }
  });

  it("stay single where they only stand near each other in a row, however long", () => {
    const row = Array.from({ length: 20 }, (_, index) => spot(`p${index}`, 40 + index * 24, 200));
    const pins = arranged(row, null, false) as Pin[];
    expect(pins.every((pin) => pin.kind === "pin")).toBe(true);
    for (const pin of pins) expect(apart(pin, { ...pin, ...pin.anchor })).toBeLessThan(2 * NEAR);
  });

  it("do not cover each other either when two groups are spread side by side", () => {
    const two = [...Array.from({ length: 5 }, (_, i) => spot(`a${i}`, 100, 100)), ...Array.from({ length: 5 }, (_, i) => spot(`b${i}`, 130, 100))];
    const pins = arranged(two, null, false) as Pin[];
    for (const [index, pin] of pins.entries()) {
      for (const other of pins.slice(index + 1)) expect(apart(pin, other)).toBeGreaterThan(NEAR * 0.8);
    }
  });

  it("are arranged in no time when there are ten thousand", () => {
    const crowd = Array.from({ length: 10_000 }, (_, index) => spot(`p${index}`, (index * 7919) % STAGE.width, (index * 104_729) % STAGE.height));
    const start = performance.now();
    const pins = arranged(crowd, null, false);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(pins.reduce((sum, pin) => sum + (pin.kind === "pin" ? 1 : pin.ids.length), 0)).toBe(10_000);
  });

  it("carry a label where there is room, on the other side at the edge, and always when chosen", () => {
    const pins = arranged([spot("a", 100, 100, "L1"), spot("b", 135, 100, "L2"), spot("c", STAGE.width - 20, 300, "L3")], null, false);
    const sides = labelled(pins, null);
    expect([sides.get("a"), sides.get("b"), sides.get("c")]).toEqual(["start", "end", "start"]);
    const crowded = arranged([spot("a", 100, 100, "first"), spot("b", 135, 100, "second"), spot("c", 65, 100, "third")], null, false);
    expect(labelled(crowded, null).get("a")).toBeUndefined();
    expect(labelled(crowded, "a").get("a")).toBe("end");
    expect(shortLabel("mole left calf near the ankle")).toBe("mole left cal…");
  });
});
