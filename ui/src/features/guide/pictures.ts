/** The pictures of the guide, as they lie in the window's own files. They are taken from the real window in its flows. */
const files = import.meta.glob<string>("../../../../docs/guide/pictures/*.{jpg,png}", { query: "?url", import: "default", eager: true });

const sources = new Map(Object.entries(files).map(([path, source]) => [nameOf(path), source]));

/** Where a picture is to be had that a chapter names, from whatever folder: `../../pictures/tray.jpg`. */
export function pictureOf(to: string): string | undefined {
  return sources.get(nameOf(to));
}

/** The file's name alone: chapters in several languages lie at several depths. */
export function nameOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

export const NAMES = [...sources.keys()];
