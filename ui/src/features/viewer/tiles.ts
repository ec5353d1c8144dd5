import { type ImageId, tileUrl } from "$ipc";
import type { TilePlace } from "./view";

/** Tiles kept in the window: a screen of them at each of a few levels. */
const MOST = 72;
const AT_ONCE = 4;

type Tile = { place: TilePlace; picture: HTMLImageElement; ready: boolean; failed: boolean };

/** Tiles of one photograph: asked for when they are on the stage, the oldest let go first. */
export class TileSet {
  readonly #tiles = new Map<string, Tile>();
  #wanted: TilePlace[] = [];
  #loading = 0;
  #ended = false;

  constructor(
    private readonly image: ImageId,
    private readonly onReady: () => void,
  ) {}

  /** Those that can be drawn, the coarsest first. */
  get ready(): { place: TilePlace; picture: HTMLImageElement }[] {
    return [...this.#tiles.values()].filter((tile) => tile.ready).sort((a, b) => b.place.level - a.place.level);
  }

  get failed(): boolean {
    return [...this.#tiles.values()].some((tile) => tile.failed);
  }

  /** Asks for what is on the stage now; what was asked before and has not begun is forgotten. */
  want(places: TilePlace[]): void {
    this.#wanted = places.filter((place) => {
      const key = keyOf(place);
      const known = this.#tiles.get(key);
      if (known) {
        // Seen again: the last to be let go.
        this.#tiles.delete(key);
        this.#tiles.set(key, known);
      }
      return known === undefined;
    });
    this.#next();
  }

  /** Nothing of the photograph stays behind. */
  end(): void {
    this.#ended = true;
    this.#wanted = [];
    for (const tile of this.#tiles.values()) release(tile);
    this.#tiles.clear();
  }

  #next(): void {
    while (this.#loading < AT_ONCE) {
      const place = this.#wanted.shift();
      if (place === undefined) return;
      this.#load(place);
    }
  }

  #load(place: TilePlace): void {
    const tile: Tile = { place, picture: new Image(), ready: false, failed: false };
    this.#tiles.set(keyOf(place), tile);
    this.#loading++;
    const done = (ready: boolean) => {
      this.#loading--;
      if (this.#ended) return;
      tile.ready = ready;
      tile.failed = !ready;
      this.#shrink();
      this.onReady();
      this.#next();
    };
    tile.picture.onload = () => done(true);
    tile.picture.onerror = () => done(false);
    tile.picture.src = tileUrl(this.image, place.level, place.column, place.row);
  }

  #shrink(): void {
    for (const [key, tile] of this.#tiles) {
      if (this.#tiles.size <= MOST) return;
      if (!tile.ready && !tile.failed) continue;
      release(tile);
      this.#tiles.delete(key);
    }
  }
}

function keyOf({ level, column, row }: TilePlace): string {
  return `${level}/${column}/${row}`;
}

function release({ picture }: Tile): void {
  picture.onload = null;
  picture.onerror = null;
  picture.removeAttribute("src");
}
