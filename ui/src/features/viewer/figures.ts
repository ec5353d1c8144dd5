import { formatCount, formatNumber, formatPercent, m, millimetres, squareMillimetres } from "$i18n";
import type { ImageScaleView, MarkFigures, MarkKind, PixelPoint, ScaleSource } from "$ipc";
import type { Measuring } from "./measuring.svelte";

export const markKindWords: Record<MarkKind, () => string> = {
  line: m.mark_kind_line,
  ellipse: m.mark_kind_ellipse,
  polygon: m.mark_kind_polygon,
};

export const scaleSourceWords: Record<ScaleSource, () => string> = {
  dicom: m.scale_source_dicom,
  device: m.scale_source_device,
  ruler: m.scale_source_ruler,
};

const length = (px: number, mm: number | null, share: number | null = null) =>
  mm === null ? m.measure_px({ value: formatCount(Math.round(px)) }) : millimetres(mm, mm < 10 ? 2 : 1, share);
const area = (px: number, mm2: number | null, share: number | null = null) =>
  mm2 === null ? m.measure_px2({ value: formatCount(Math.round(px)) }) : squareMillimetres(mm2, mm2 < 100 ? 2 : 0, share);

/** What a measurement says, a line each; the word "uncalibrated" stands wherever millimetres do not. */
export function figureLines(figures: MarkFigures): string[] {
  const note = figures.length_mm === null ? ` (${m.measure_uncalibrated()})` : "";
  const spread = figures.spread;
  const lines = [m.mark_length({ value: length(figures.length_px, figures.length_mm, spread?.length) }) + note];
  if (figures.width_px !== null) lines.push(m.mark_width({ value: length(figures.width_px, figures.width_mm, spread?.length) }) + note);
  if (figures.area_px !== null) lines.push(m.mark_area({ value: area(figures.area_px, figures.area_mm2, spread?.area) }) + note);
  return lines;
}

/** The drawing that is under way: the area of a polygon, else the last side. */
export function draftText(measuring: Measuring): string | null {
  const { points, cursor, tool } = measuring;
  const from = tool === "ellipse" ? points[0] : points.at(-1);
  const to = tool === "ellipse" && points.length > 1 ? points[1] : cursor;
  if (tool === "polygon" && cursor && points.length > 1) return areaText([...points, cursor], measuring.view?.scale ?? null);
  if (tool === "ruler" && points.length === 2) return sideText(points[0], points[1], null);
  return sideText(from, to, measuring.view?.scale ?? null);
}

function sideText(from: PixelPoint | undefined, to: PixelPoint | null | undefined, scale: ImageScaleView | null): string | null {
  if (!from || !to) return null;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const mm = scale && Math.hypot(dx * scale.um_per_px_x, dy * scale.um_per_px_y) / 1000;
  return length(Math.hypot(dx, dy), mm) + (mm === null ? ` (${m.measure_uncalibrated()})` : "");
}

function areaText(corners: readonly PixelPoint[], scale: ImageScaleView | null): string {
  const doubled = corners.reduce((sum, { x, y }, index) => {
    const next = corners[(index + 1) % corners.length] ?? corners[0];
    return next ? sum + x * next.y - next.x * y : sum;
  }, 0);
  const px = Math.abs(doubled) / 2;
  const mm2 = scale && (px * scale.um_per_px_x * scale.um_per_px_y) / 1e6;
  return area(px, mm2) + (mm2 === null ? ` (${m.measure_uncalibrated()})` : "");
}

/** Size of a pixel, and how sure it is. */
export function scaleText(scale: ImageScaleView): string {
  const [x, y] = [formatNumber(scale.um_per_px_x, 2), formatNumber(scale.um_per_px_y, 2)];
  const size = x === y ? m.scale_size({ value: x }) : m.scale_size_two({ x, y });
  return scale.error === null ? size : `${size} ${m.scale_error({ share: formatPercent(scale.error, 1) })}`;
}
