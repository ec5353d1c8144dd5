import { formatFixed, formatNumber } from "./format";
import { m } from "./generated/messages";

/** A figure with the half width that is a share of it, where one is known: as many decimals, and never none at all. */
function spread(value: number, digits: number, share: number | null | undefined): string | null {
  if (share === null || share === undefined) return null;
  const step = 10 ** -digits;
  if (value < step) return `${formatNumber(value, digits)} ± ${formatNumber(value * share, digits)}`;
  return `${formatFixed(value, digits)} ± ${formatFixed(Math.max(value * share, step), digits)}`;
}

/** A length, with the interval that the error of its scale leaves. */
export const millimetres = (mm: number, digits: number, share?: number | null): string =>
  m.measure_mm({ value: spread(mm, digits, share) ?? formatNumber(mm, digits) });

/** The same of an area. */
export const squareMillimetres = (mm2: number, digits: number, share?: number | null): string =>
  m.measure_mm2({ value: spread(mm2, digits, share) ?? formatNumber(mm2, digits) });
