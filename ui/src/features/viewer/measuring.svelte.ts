import {
  type AppError,
  call,
  type ImageId,
  type ImageMarkId,
  type ImageMeasuringView,
  type MarkKind,
  type PixelPoint,
  toAppError,
} from "$ipc";

/** What is being drawn: a measurement, or two points of a ruler. */
export type Tool = MarkKind | "ruler";

export const POINTS: Record<Tool, number> = { line: 2, ellipse: 3, polygon: 200, ruler: 2 };

/** Measurements and scale of the photograph that is shown, and the drawing that is under way. */
export class Measuring {
  view = $state.raw<ImageMeasuringView | null>(null);
  failure = $state.raw<AppError | null>(null);
  tool = $state<Tool | null>(null);
  points = $state.raw<PixelPoint[]>([]);
  /** Where the next point would be. */
  cursor = $state.raw<PixelPoint | null>(null);
  selected = $state<ImageMarkId | null>(null);
  /** Taken away last; it can come back. */
  removed = $state<ImageMarkId | null>(null);
  busy = $state(false);
  #image: ImageId | null = null;
  /** Grows with every photograph shown: an answer about an earlier showing is not for this one. */
  #showing = 0;
  /** How far off each point may be, in pixels of the photograph. */
  #errors: number[] = [];

  constructor(private readonly onScale: () => void) {}

  async show(image: ImageId): Promise<void> {
    this.#image = image;
    this.#showing += 1;
    this.busy = false;
    this.view = null;
    this.failure = null;
    this.selected = null;
    this.removed = null;
    this.take(null);
    await this.load();
  }

  async load(): Promise<void> {
    const [image, showing] = [this.#image, this.#showing];
    if (image === null) return;
    try {
      const view = await call("image_measuring_read", { image_id: image });
      if (this.#showing === showing) this.view = view;
    } catch (reason) {
      if (this.#showing === showing) this.failure = toAppError(reason);
    }
  }

  /** Takes a tool up, or lays it down. */
  take(tool: Tool | null): void {
    this.tool = tool;
    this.points = [];
    this.#errors = [];
    this.cursor = null;
  }

  /** The ruler has its two points and waits for the distance. */
  get ruled(): boolean {
    return this.tool === "ruler" && this.points.length === 2;
  }

  /** How well the worst point was placed. */
  get pointing(): number {
    return Math.max(0, ...this.#errors);
  }

  /** `error`: a pixel of the screen is as well as anybody points, at the magnification of that moment. */
  place(point: PixelPoint, error: number): void {
    if (this.tool === null || this.busy || this.points.length >= POINTS[this.tool]) return;
    this.points = [...this.points, point];
    this.#errors.push(error);
    if (this.tool !== "ruler" && this.points.length === POINTS[this.tool]) void this.finish();
  }

  /** Takes the last point back; with none left, the tool is laid down. */
  stepBack(): void {
    if (this.points.length === 0) this.take(null);
    else {
      this.points = this.points.slice(0, -1);
      this.#errors.pop();
    }
  }

  get closable(): boolean {
    return this.tool === "polygon" && this.points.length >= 3;
  }

  async finish(): Promise<void> {
    const [kind, image, showing] = [this.tool, this.#image, this.#showing];
    if (kind === null || kind === "ruler" || image === null || (kind === "polygon" && !this.closable)) return;
    const known = this.view?.marks.map((mark) => mark.id) ?? [];
    const done = await this.change(() =>
      call("image_mark_add", { image_id: image, entry: { kind, points: this.points, label: "" } }),
    );
    if (showing !== this.#showing) return;
    if (done) this.selected = this.view?.marks.find((mark) => !known.includes(mark.id))?.id ?? null;
    this.points = [];
    this.#errors = [];
  }

  async label(id: ImageMarkId, label: string): Promise<void> {
    await this.change(() => call("image_mark_label", { id, label }));
  }

  async remove(id: ImageMarkId): Promise<void> {
    if (await this.change(() => call("image_mark_delete", { id }))) {
      this.removed = id;
      if (this.selected === id) this.selected = null;
    }
  }

  async restore(): Promise<void> {
    const id = this.removed;
    if (id !== null && (await this.change(() => call("image_mark_restore", { id })))) {
      this.removed = null;
      this.selected = id;
    }
  }

  /** A new scale: every millimetre on the screen follows. */
  scaled(view: ImageMeasuringView): void {
    if (view.image_id !== this.#image) return;
    this.view = view;
    this.take(null);
    this.onScale();
  }

  /** Whether it was done, and the photograph that it was done to is still the one shown. */
  async change(ask: () => Promise<ImageMeasuringView>): Promise<boolean> {
    const showing = this.#showing;
    this.busy = true;
    this.failure = null;
    try {
      const view = await ask();
      if (showing !== this.#showing) return false;
      this.view = view;
      return true;
    } catch (reason) {
      if (showing === this.#showing) this.failure = toAppError(reason);
      return false;
    } finally {
      if (showing === this.#showing) this.busy = false;
    }
  }
}
