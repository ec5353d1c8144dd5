import { type AppError, call, type LesionId, type LesionPlace, type LesionView, toAppError } from "$ipc";
import type { Point } from "./outline";
import { nudged, onPlate, type PlateName, plateOf, plates } from "./plates";
import { proposal, settled } from "./regions";
import { likelyPlace } from "./start";
import { centred, type Frame, onStage, toStage, WHOLE, zoomed } from "./zoom";

/** A mark on its way to its place: of a lesion on record, or of one that is still to be added. */
export type Placing = { lesion: LesionView | null; place: LesionPlace };

const CLOSE_ENOUGH = 2;

/** The chest of a standing figure; the middle of a close view. */
const middleOf = (view: LesionPlace["view"]): number => (view === "front" || view === "back" ? 0.25 : 0.5);

/** What the map shows and what is being done on it. */
export class MapState {
  plate = $state<PlateName>("body");
  frame = $state.raw<Frame>(WHOLE);
  selected = $state<LesionId | null>(null);
  showClosed = $state(true);
  placing = $state.raw<Placing | null>(null);
  busy = $state(false);
  failure = $state<AppError | null>(null);

  readonly there = $derived(this.placing === null ? null : proposal(this.placing.place));

  turnTo(plate: PlateName): void {
    if (plate === this.plate) return;
    this.plate = plate;
    this.frame = WHOLE;
  }

  /** Chosen in the list or on the figure; the figure follows. */
  select(view: LesionView): void {
    this.selected = view.lesion.id;
    if (view.lesion.place) this.#show(view.lesion.place);
  }

  #show(place: LesionPlace): void {
    this.turnTo(plateOf(place.view));
    const point = onPlate(place);
    if (!onStage(toStage(this.frame, point))) this.frame = centred(this.frame, point, this.frame.scale);
  }

  zoomTo(points: readonly Point[]): void {
    const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
    const mid = { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
    this.frame = centred(this.frame, mid, this.frame.scale * CLOSE_ENOUGH);
  }

  zoom(factor: number, at?: Point): boolean {
    const next = zoomed(this.frame, factor, at);
    const changed = next.scale !== this.frame.scale;
    this.frame = next;
    return changed;
  }

  /** Starts a mark: where the lesion is, where its site is, or in the middle of the first figure of the plate. */
  begin(lesion: LesionView | null): void {
    this.failure = null;
    const view = plates[this.plate][0]?.view ?? "front";
    const known = lesion && (lesion.lesion.place ?? likelyPlace(lesion.lesion));
    const place = known ?? { view, x: 0.5, y: middleOf(view) };
    if (lesion) this.selected = lesion.lesion.id;
    this.placing = { lesion, place };
    this.#show(place);
  }

  /** The mark is put somewhere else; beside the skin it is held at its edge when that is near. */
  put(place: LesionPlace, lesion: LesionView | null = this.placing?.lesion ?? null): void {
    this.failure = null;
    this.placing = { lesion, place: settled(place) ?? place };
  }

  nudge(by: Point): void {
    if (this.placing === null) return;
    const { scale } = this.frame;
    const place = nudged(this.placing.place, { x: by.x / scale, y: by.y / scale });
    this.placing = { ...this.placing, place };
    this.#show(place);
  }

  /** The mark goes to another figure, to its middle. */
  turnMark(view: LesionPlace["view"]): void {
    if (this.placing === null) return;
    this.placing = { ...this.placing, place: { view, x: 0.5, y: middleOf(view) } };
    this.#show(this.placing.place);
  }

  cancel(): void {
    this.placing = null;
    this.failure = null;
  }

  /** Writes a place; the answer, or null when it was refused. */
  async move({ lesion }: LesionView, place: LesionPlace | null): Promise<LesionView | null> {
    this.busy = true;
    this.failure = null;
    try {
      const { id, version } = lesion;
      const moved = await call("lesion_move", { id, version, place });
      this.placing = null;
      return moved;
    } catch (reason) {
      this.failure = toAppError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
