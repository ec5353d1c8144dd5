import { listen } from "@tauri-apps/api/event";

export type RecordChanged = {
  what: "patient" | "lesion" | "image" | "job" | "analysis" | "report" | "follow_up" | "visit" | "batch" | "tray" | "backup" | "derived";
  id: string;
};

/** Subscribes to an event of the core; the answer ends the subscription, even before it stands. */
function subscribe<T>(event: string, handler: (payload: T) => void): () => void {
  let ended = false;
  const pending = listen<T>(event, ({ payload }) => {
    if (!ended) handler(payload);
  });
  return () => {
    ended = true;
    void pending.then((unlisten) => unlisten());
  };
}

export const onRecordChanged = (handler: (change: RecordChanged) => void): (() => void) =>
  subscribe("record_changed", handler);

export const onSessionLocked = (handler: () => void): (() => void) =>
  subscribe("session_locked", handler);
