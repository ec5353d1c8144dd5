import type { ArtefactScores, DermoscopicColour, OutlineGap, TdsRange } from "../ipc/generated";
import { m } from "./generated/messages";

type Words<T extends string> = Record<T, () => string>;

export const colourWords: Words<DermoscopicColour> = {
  white: m.dermoscopic_white,
  red: m.dermoscopic_red,
  light_brown: m.dermoscopic_light_brown,
  dark_brown: m.dermoscopic_dark_brown,
  blue_grey: m.dermoscopic_blue_grey,
  black: m.dermoscopic_black,
};

export const outlineGapWords: Words<OutlineGap> = {
  outline_not_found: m.outline_gap_outline_not_found,
  outline_empty: m.outline_gap_outline_empty,
  outline_size: m.outline_gap_outline_size,
  scale_invalid: m.outline_gap_scale_invalid,
  model_unavailable: m.outline_gap_model_unavailable,
};

export const tdsRangeWords: Words<TdsRange> = {
  benign: m.tds_range_benign,
  suspicious: m.tds_range_suspicious,
  highly_suspicious: m.tds_range_highly_suspicious,
};

export const artefactWords: Words<keyof ArtefactScores> = {
  ruler: m.artefact_ruler,
  ink: m.artefact_ink,
  dark_corners: m.artefact_dark_corners,
  hair: m.artefact_hair,
  bubbles: m.artefact_bubbles,
};
