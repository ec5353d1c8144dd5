import { m } from "$i18n";
import type { PlateName } from "./plates";

export const plateWords: Record<PlateName, () => string> = {
  body: m.plate_body,
  head: m.plate_head,
  hands: m.plate_hands,
  feet: m.plate_feet,
};
