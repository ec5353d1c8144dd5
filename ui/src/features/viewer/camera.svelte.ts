import { fitScale, limitScale, type Point, settle, type Size, toImage, toStage, type View, zoomAt } from "./view";

/** One step of the keyboard or a button. */
const STEP = 1.25;

/** What of the photograph is on the stage. */
export class Camera {
  stage = $state.raw<Size>({ width: 1, height: 1 });
  view = $state.raw<View>({ scale: 1, x: 0, y: 0 });
  /** The whole picture, whatever size the stage takes. */
  fitted = $state(true);
  image = $state.raw<Size>({ width: 1, height: 1 });

  /** Another photograph is shown whole. */
  show(image: Size): void {
    this.image = image;
    this.fit();
  }

  resize(stage: Size): void {
    if (stage.width < 1 || stage.height < 1) return;
    this.stage = stage;
    if (this.fitted) this.fit();
    else this.view = settle({ ...this.view, scale: this.#limit(this.view.scale) }, this.image, stage);
  }

  fit(): void {
    this.fitted = true;
    const { width, height } = this.image;
    this.view = { scale: fitScale(this.image, this.stage), x: width / 2, y: height / 2 };
  }

  /** Pixels of the screen for one of the photograph. */
  get magnification(): number {
    return this.view.scale * this.dpr;
  }

  get dpr(): number {
    return window.devicePixelRatio || 1;
  }

  /** Part of the picture is off the stage. */
  get zoomed(): boolean {
    return this.view.scale > fitScale(this.image, this.stage) * 1.001;
  }

  magnify(times: number, at: Point = this.middle): void {
    this.#zoom(times / this.dpr, at);
  }

  zoomBy(factor: number, at: Point = this.middle): void {
    this.#zoom(this.view.scale * factor, at);
  }

  zoomIn(): void {
    this.zoomBy(STEP);
  }

  zoomOut(): void {
    this.zoomBy(1 / STEP);
  }

  /** Moves the picture by pixels of the stage. */
  pan(dx: number, dy: number): void {
    const { scale, x, y } = this.view;
    this.view = settle({ scale, x: x - dx / scale, y: y - dy / scale }, this.image, this.stage);
  }

  /** Brings a point of the photograph to the middle. */
  lookAt(point: Point): void {
    this.view = settle({ scale: this.view.scale, ...point }, this.image, this.stage);
  }

  toStage(point: Point): Point {
    return toStage(point, this.view, this.stage);
  }

  toImage(point: Point): Point {
    return toImage(point, this.view, this.stage);
  }

  get middle(): Point {
    return { x: this.stage.width / 2, y: this.stage.height / 2 };
  }

  #limit(scale: number): number {
    return limitScale(scale, this.image, this.stage, this.dpr);
  }

  #zoom(scale: number, at: Point): void {
    const limited = this.#limit(scale);
    this.view = zoomAt(this.view, limited, at, this.image, this.stage);
    this.fitted = Math.abs(limited / fitScale(this.image, this.stage) - 1) < 0.001;
  }
}
