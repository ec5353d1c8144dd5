import { marks, type Mark, mirrored, path, type Point, polygon, whole } from "../outline";

/** A drawn part: skin that lies over what was drawn before it, the edge of skin, or a line upon it. */
export type Part = { d: string; kind: "skin" | "edge" | "line" | "faint" };

export type Figure = {
  width: number;
  height: number;
  parts: Part[];
  /** The outlines of the skin: a place is on the figure when it lies inside one of them. */
  skin: Point[][];
};

/** Collects the parts of one figure. A symmetric figure is written as one half beside its midline. */
export class Drawing {
  readonly #parts: Part[] = [];
  readonly #skin: Point[][] = [];

  constructor(
    readonly width: number,
    readonly height: number,
    readonly axis: number = width / 2,
  ) {}

  /** Coordinates count from the midline. */
  #from(text: string): Mark[] {
    return marks(text).map((mark) => ({ ...mark, x: mark.x + this.axis }));
  }

  /** Without edges of its own, the outline is its edge. */
  #cover(outline: Mark[], ...edges: Mark[][]): void {
    const d = path(outline, true);
    this.#parts.push({ d, kind: "skin" });
    if (edges.length === 0) this.#parts.push({ d, kind: "edge" });
    for (const edge of edges) this.#parts.push({ d: path(edge, false), kind: "edge" });
    this.#skin.push(polygon(outline));
  }

  /** Skin that is the same on both sides, written as the half right of the midline. */
  symmetric(half: string): this {
    this.#cover(whole(this.#from(half), this.axis));
    return this;
  }

  /** The same where the figure ends in a cut: sharp turns on the midline belong to no edge. */
  symmetricCut(half: string): this {
    const all = this.#from(half);
    const edge = all.filter((mark) => mark.x !== this.axis || !mark.corner);
    const other = mirrored(edge, this.axis);
    const joined = edge[0]?.x === this.axis;
    this.#cover(whole(all, this.axis), ...(joined ? [[...other, ...edge.slice(1)]] : [edge, other]));
    return this;
  }

  /** The same piece of skin on both sides. */
  twice(outline: string): this {
    this.#cover(this.#from(outline));
    this.#cover(mirrored(this.#from(outline), this.axis));
    return this;
  }

  /** A piece of skin on its own. */
  skin(outline: string): this {
    this.#cover(this.#from(outline));
    return this;
  }

  /** The same with a cut between its last point and its first. */
  skinCut(outline: string): this {
    const all = this.#from(outline);
    this.#cover(all, all);
    return this;
  }

  /** Lines on the skin, each on both sides. */
  lines(kind: "line" | "faint", ...halves: string[]): this {
    for (const half of halves) {
      const line = this.#from(half);
      this.#parts.push({ d: path(line, false), kind }, { d: path(mirrored(line, this.axis), false), kind });
    }
    return this;
  }

  /** Lines on the skin as they are. */
  alone(kind: "line" | "faint", ...texts: string[]): this {
    for (const text of texts) this.#parts.push({ d: path(this.#from(text), false), kind });
    return this;
  }

  /** Small rings on both sides, such as nipples. */
  rings(x: number, y: number, across: number, down: number): this {
    for (const side of [x, -x]) this.ring("line", side, y, across, down);
    return this;
  }

  ring(kind: "line" | "faint", x: number, y: number, across: number, down: number): this {
    const around = Array.from({ length: 8 }, (_, eighth) => {
      const turn = (eighth * Math.PI) / 4;
      return { x: this.axis + x + across * Math.cos(turn), y: y + down * Math.sin(turn), corner: false };
    });
    this.#parts.push({ d: path(around, true), kind });
    return this;
  }

  done(): Figure {
    return { width: this.width, height: this.height, parts: this.#parts, skin: this.#skin };
  }
}

/** The figure seen in a mirror: the other hand, the other foot, the other side of the head. */
export function flipped(figure: Figure): Figure {
  const turn = (d: string): string => d.replaceAll(/(-?[\d.]+) (-?[\d.]+)/g, (_, x: string, y: string) => `${Math.round((figure.width - Number(x)) * 10) / 10} ${y}`);
  return {
    ...figure,
    parts: figure.parts.map((part) => ({ ...part, d: turn(part.d) })),
    skin: figure.skin.map((outline) => outline.map(({ x, y }) => ({ x: figure.width - x, y }))),
  };
}
