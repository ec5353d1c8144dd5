import type { BodyView } from "$ipc";
import { back, front } from "./body";
import { footLeftDorsal, footLeftPlantar, footRightDorsal, footRightPlantar } from "./feet";
import type { Figure } from "./figure";
import { handLeftDorsal, handLeftPalmar, handRightDorsal, handRightPalmar } from "./hands";
import { headBack, headFront, headLeft, headRight, headTop } from "./head";

export type { Figure, Part } from "./figure";

/** Every figure of the map, drawn for it. */
export const figures: Record<BodyView, Figure> = {
  front,
  back,
  head_front: headFront,
  head_back: headBack,
  head_left: headLeft,
  head_right: headRight,
  head_top: headTop,
  hand_left_palmar: handLeftPalmar,
  hand_left_dorsal: handLeftDorsal,
  hand_right_palmar: handRightPalmar,
  hand_right_dorsal: handRightDorsal,
  foot_left_plantar: footLeftPlantar,
  foot_left_dorsal: footLeftDorsal,
  foot_right_plantar: footRightPlantar,
  foot_right_dorsal: footRightDorsal,
};
