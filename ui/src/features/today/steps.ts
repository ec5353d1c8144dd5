import { m } from "$i18n";
import type { VisitState, VisitStep } from "$ipc";

/** What may come next, the usual step first. The core decides again. */
export const STEPS: Record<VisitState, readonly VisitStep[]> = {
  expected: ["arrive", "enter_room", "did_not_attend", "cancel"],
  arrived: ["enter_room", "finish", "cancel", "take_back"],
  in_room: ["finish", "cancel", "take_back"],
  done: ["take_back"],
  cancelled: ["take_back"],
  did_not_attend: ["take_back"],
};

/** The key that takes a step while a row has the focus. */
export const KEYS: Record<VisitStep, string> = {
  arrive: "a",
  enter_room: "r",
  finish: "d",
  did_not_attend: "n",
  cancel: "x",
  take_back: "z",
};

export const stepWords: Record<VisitStep, () => string> = {
  arrive: m.visit_step_arrive,
  enter_room: m.visit_step_enter_room,
  finish: m.visit_step_finish,
  did_not_attend: m.visit_step_did_not_attend,
  cancel: m.visit_step_cancel,
  take_back: m.visit_step_take_back,
};

export const stateWords: Record<VisitState, () => string> = {
  in_room: m.visit_state_in_room,
  arrived: m.visit_state_arrived,
  expected: m.visit_state_expected,
  done: m.visit_state_done,
  cancelled: m.visit_state_cancelled,
  did_not_attend: m.visit_state_did_not_attend,
};

export const isOpen = (state: VisitState): boolean => state === "expected" || state === "arrived" || state === "in_room";

/** The step of a key in a state, if it has one there. */
export function stepOf(state: VisitState, key: string): VisitStep | null {
  return STEPS[state].find((step) => KEYS[step] === key.toLowerCase()) ?? null;
}
