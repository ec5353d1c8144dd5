import { formatNumber } from "./format";
import { m } from "./generated/messages";

/** A figure with the half width that is a share of it, where one is known. */
const spread = (value: number, digits: number, share: number | null | undefined): string | null =>
  share === null || share === undefined ? null : `${formatNumber(value, digits)} ± ${formatNumber(value * share, digits)}`;

/** A length, with the interval that the error of its scale leaves. */
export const millimetres = (mm: number, digits: number, share?: number | null): string =>
  m.measure_mm({ value: spread(mm, digits, share) ?? formatNumber(mm, digits) });

/** The same of an area. */
export const squareMillimetres = (mm2: number, digits: number, share?: number | null): string =>
  m.measure_mm2({ value: spread(mm2, digits, share) ?? formatNumber(mm2, digits) });
