import { SvelteMap } from "svelte/reactivity";
import type { Camera } from "./camera.svelte";
import type { Measuring } from "./measuring.svelte";
import type { Point } from "./view";

/** Moves that are still a click, in pixels. */
const STILL = 4;
const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What pointer, wheel and keyboard do on the stage: move, zoom, and draw while a tool is taken up. */
export class Pointing {
  held = $state(false);
  readonly #pointers = new SvelteMap<number, Point>();
  #moved = 0;
  /** Distance of two fingers. */
  #spread = 0;

  constructor(
    private readonly camera: Camera,
    private readonly measuring: Measuring,
  ) {}

  listen(stage: HTMLElement): () => void {
    const place = (event: MouseEvent): Point => {
      const area = stage.getBoundingClientRect();
      return { x: event.clientX - area.left, y: event.clientY - area.top };
    };
    const listeners: [string, (event: Event) => void][] = [
      ["wheel", (event) => this.#wheel(event as WheelEvent, place(event as WheelEvent))],
      ["pointerdown", (event) => this.#down(event as PointerEvent, place(event as PointerEvent), stage)],
      ["pointermove", (event) => this.#move(event as PointerEvent, place(event as PointerEvent))],
      ["pointerup", (event) => this.#up(event as PointerEvent, place(event as PointerEvent))],
      ["pointercancel", (event) => this.#leave(event as PointerEvent)],
      ["dblclick", (event) => this.#twice(place(event as MouseEvent))],
      ["keydown", (event) => this.#key(event as KeyboardEvent)],
    ];
    for (const [name, listener] of listeners) stage.addEventListener(name, listener, { passive: false });
    return () => {
      for (const [name, listener] of listeners) stage.removeEventListener(name, listener);
    };
  }

  #wheel(event: WheelEvent, at: Point): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    // A pinch on a touchpad comes as a wheel with the control key, in smaller steps.
    const step = event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002);
    this.camera.zoomBy(Math.exp(-Math.max(-1, Math.min(1, step))), at);
  }

  #down(event: PointerEvent, at: Point, stage: HTMLElement): void {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button"))) return;
    this.#pointers.set(event.pointerId, at);
    this.#moved = this.#pointers.size > 1 ? STILL + 1 : 0;
    this.#spread = this.#distance();
    this.held = true;
    stage.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent, at: Point): void {
    const { camera, measuring } = this;
    if (measuring.tool) measuring.cursor = this.#inside(camera.toImage(at));
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const [dx, dy] = [at.x - before.x, at.y - before.y];
    this.#pointers.set(event.pointerId, at);
    this.#moved += Math.hypot(dx, dy);
    if (this.#moved <= STILL) return;
    camera.pan(dx / this.#pointers.size, dy / this.#pointers.size);
    if (this.#pointers.size === 2) {
      const spread = this.#distance();
      if (this.#spread > 0 && spread > 0) camera.zoomBy(spread / this.#spread, this.#centre());
      this.#spread = spread;
    }
  }

  #up(event: PointerEvent, at: Point): void {
    const known = this.#pointers.has(event.pointerId);
    const click = known && this.#pointers.size === 1 && this.#moved <= STILL;
    this.#leave(event);
    // The second click of two only ends a polygon.
    if (click && event.detail < 2) this.#click(at);
  }

  #leave(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    this.#spread = this.#distance();
    this.held = this.#pointers.size > 0;
  }

  #click(at: Point): void {
    const { camera, measuring } = this;
    if (measuring.tool === null) return;
    const [first] = measuring.points;
    if (measuring.closable && first) {
      const start = camera.toStage(first);
      if (Math.hypot(start.x - at.x, start.y - at.y) <= 2 * STILL) return void measuring.finish();
    }
    measuring.place(this.#inside(camera.toImage(at)), 1 / camera.magnification);
  }

  #twice(at: Point): void {
    const { camera, measuring } = this;
    if (measuring.tool === "polygon") void measuring.finish();
    else if (measuring.tool === null) {
      if (camera.zoomed) camera.fit();
      else camera.magnify(1, at);
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== event.currentTarget) return;
    const { camera, measuring } = this;
    const arrow = ARROWS[event.key];
    let taken = true;
    if (measuring.tool && arrow) this.#steer(arrow, event.shiftKey ? 1 : 10);
    else if (measuring.tool && (event.key === "Enter" || event.key === " ")) {
      measuring.place(measuring.cursor ?? this.#inside(camera.toImage(camera.middle)), 1 / camera.magnification);
    } else if (measuring.tool && event.key === "Backspace") measuring.stepBack();
    else if (measuring.tool && event.key === "Escape") measuring.take(null);
    else if (arrow && camera.zoomed) camera.pan(-arrow.x * 60, -arrow.y * 60);
    else taken = false;
    if (taken) event.preventDefault();
  }

  /** Moves the crosshair by pixels of the stage, and the picture with it when it would leave. */
  #steer(arrow: Point, step: number): void {
    const { camera, measuring } = this;
    const from = camera.toStage(measuring.cursor ?? camera.toImage(camera.middle));
    const cursor = this.#inside(camera.toImage({ x: from.x + arrow.x * step, y: from.y + arrow.y * step }));
    measuring.cursor = cursor;
    const at = camera.toStage(cursor);
    if (at.x < 0 || at.y < 0 || at.x > camera.stage.width || at.y > camera.stage.height) camera.lookAt(cursor);
  }

  #inside(point: Point): Point {
    const { width, height } = this.camera.image;
    const within = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most) * 100) / 100;
    return { x: within(point.x, width), y: within(point.y, height) };
  }

  #distance(): number {
    const [a, b] = [...this.#pointers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  }

  #centre(): Point {
    const all = [...this.#pointers.values()];
    const mean = (axis: "x" | "y") => all.reduce((sum, point) => sum + point[axis], 0) / all.length;
    return { x: mean("x"), y: mean("y") };
  }
}
