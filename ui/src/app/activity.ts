import { call } from "$ipc";

const EVERY_MS = 30_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/** Tells the core that a person is at the keyboard, at most every 30 seconds. */
export function watchActivity(now: () => number = Date.now): () => void {
  // The session has just been opened: the first interval counts from here.
  let last = now();
  const touch = (): void => {
    if (now() - last < EVERY_MS) return;
    last = now();
    // A refusal ends the session through its own listener; nothing else is to be done here.
    call("session_touch").catch(() => undefined);
  };
  for (const sign of SIGNS) window.addEventListener(sign, touch, { passive: true });
  return () => {
    for (const sign of SIGNS) window.removeEventListener(sign, touch);
  };
}
