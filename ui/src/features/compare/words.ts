import { formatCount, formatFixed, formatNumber, formatPercent, m } from "$i18n";
import type { Bounded, CannotRegister, ComparisonStep, Monitoring, Registration, SizeBasis } from "$ipc";

type Words<T extends string> = Record<T, () => string>;

export const refusalWords: Words<CannotRegister> = {
  too_little_detail: m.compare_refused_detail,
  no_agreement: m.compare_refused_agreement,
  too_little_overlap: m.compare_refused_overlap,
};

export const stepWords: Words<ComparisonStep> = {
  opening: m.compare_step_opening,
  outlining: m.compare_step_outlining,
  registering: m.compare_step_registering,
  measuring: m.compare_step_measuring,
};

export const monitoringWords: Words<Monitoring> = {
  too_early: m.compare_monitoring_early,
  short_term: m.compare_monitoring_short,
  long_term: m.compare_monitoring_long,
};

export const basisWords: Words<SizeBasis> = { calibrated: m.compare_basis_calibrated, skin: m.compare_basis_skin };

/** Residuals in pixels of a short side of 448 that count as close and as fair. */
const CLOSE = 1;
const FAIR = 2.5;

export function fitText({ residual_px }: Registration): string {
  const residual = formatFixed(residual_px, 1);
  if (residual_px <= CLOSE) return m.compare_fit_close({ residual });
  return residual_px <= FAIR ? m.compare_fit_fair({ residual }) : m.compare_fit_rough({ residual });
}

const signed = (value: number, text: string): string => (value > 0 ? `+${text}` : value < 0 ? `−${text}` : text);

/** A ratio as a change: 1.08 is +8 %. */
export const changeText = (ratio: number): string => signed(Math.round((ratio - 1) * 100), formatPercent(Math.abs(ratio - 1), 0));

export const rangeText = ({ low, high }: Bounded): string => m.compare_range({ low: changeText(low), high: changeText(high) });

/** Whether the interval leaves "unchanged" out. */
export const isBeyond = ({ low, high }: Bounded): boolean => low > 1 || high < 1;

const backwards = (days: number, text: string): string => (days < 0 ? `−${text}` : text);

/** With a minus where the later photograph was taken first. */
export function intervalText(days: number): string {
  const length = Math.abs(days);
  if (length < 60) return m.compare_days({ count: backwards(days, formatCount(length)) });
  return m.compare_months({ count: backwards(days, formatNumber(length / 30.4369, 1)), days: backwards(days, formatCount(length)) });
}

export const signedNumber = (value: number, digits = 1): string => signed(value, formatFixed(Math.abs(value), digits));
