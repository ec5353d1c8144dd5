import type { ComparisonView, ImageRecord, Transform } from "$ipc";

/** The part of the earlier photograph in the middle of every pane, and how large it is drawn. */
export type Look = { x: number; y: number; zoom: number };
export type Size = { width: number; height: number };

export const IDENTITY: Transform = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
export const MOST_ZOOM = 16;

/** `first` and after it `next`. A module that exports "then" would pass for a promise. */
export function joined(first: Transform, next: Transform): Transform {
  return {
    a: next.a * first.a + next.c * first.b,
    b: next.b * first.a + next.d * first.b,
    c: next.a * first.c + next.c * first.d,
    d: next.b * first.c + next.d * first.d,
    e: next.a * first.e + next.c * first.f + next.e,
    f: next.b * first.e + next.d * first.f + next.f,
  };
}

export const css = (map: Transform): string => `matrix(${[map.a, map.b, map.c, map.d, map.e, map.f].join(", ")})`;

/** Without registration the later photograph is drawn as large as the earlier one, middle on middle. */
export function middleOnMiddle(later: Size, earlier: Size): Transform {
  const scale = Math.min(earlier.width / later.width, earlier.height / later.height);
  const e = (earlier.width - scale * later.width) / 2;
  const f = (earlier.height - scale * later.height) / 2;
  return { a: scale, b: 0, c: 0, d: scale, e, f };
}

/** From pixels of the later photograph to those of the earlier one. */
export function laterToEarlier(view: ComparisonView | null, earlier: ImageRecord, later: ImageRecord): Transform {
  return view?.alignment.state === "registered" ? view.alignment.registration.transform : middleOnMiddle(later, earlier);
}

/** From pixels of the earlier photograph to those of a pane. */
export function toPane(look: Look, earlier: Size, pane: Size): Transform {
  const fit = fitting(earlier, pane);
  const scale = fit * look.zoom;
  return { a: scale, b: 0, c: 0, d: scale, e: pane.width / 2 - scale * look.x, f: pane.height / 2 - scale * look.y };
}

/** Pixels of the pane a pixel of the photograph where the whole of it is seen. */
export function fitting(picture: Size, pane: Size): number {
  const fit = Math.min(pane.width / picture.width, pane.height / picture.height);
  return fit > 0 && Number.isFinite(fit) ? fit : 1;
}

export const whole = (earlier: Size): Look => ({ x: earlier.width / 2, y: earlier.height / 2, zoom: 1 });

/** The look moved by pixels of the pane. */
export function panned(look: Look, dx: number, dy: number, earlier: Size, pane: Size): Look {
  const scale = fitting(earlier, pane) * look.zoom;
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  return { ...look, x: within(look.x - dx / scale, earlier.width), y: within(look.y - dy / scale, earlier.height) };
}

/** The look magnified about a place of the pane, its middle by default. */
export function zoomed(look: Look, factor: number, earlier: Size, pane: Size, at?: { x: number; y: number }): Look {
  const zoom = Math.min(Math.max(look.zoom * factor, 1), MOST_ZOOM);
  if (!at) return { ...look, zoom };
  const fit = fitting(earlier, pane);
  const shift = (place: number, middle: number) => (place - middle) / fit;
  const [u, v] = [shift(at.x, pane.width / 2), shift(at.y, pane.height / 2)];
  return { zoom, x: look.x + u / look.zoom - u / zoom, y: look.y + v / look.zoom - v / zoom };
}

/** A polygon under a map, for SVG. */
export function path(polygon: readonly (readonly [number, number])[], map: Transform): string {
  const corners = polygon.map(([x, y]) => {
    const [u, v] = [map.a * x + map.c * y + map.e, map.b * x + map.d * y + map.f];
    return `${u.toFixed(1)} ${v.toFixed(1)}`;
  });
  return corners.length === 0 ? "" : `M${corners.join("L")}Z`;
}
