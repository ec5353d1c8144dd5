const EVERY_MS = 60_000;

/** Asks who is signed in whenever the window comes back and once a minute; a refusal clears the screen by itself. */
export function watchResume(ask: () => void): () => void {
  const back = (): void => {
    if (document.visibilityState === "visible") ask();
  };
  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", back);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", back);
  };
}
