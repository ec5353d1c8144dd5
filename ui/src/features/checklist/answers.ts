import type { ChecklistView } from "$ipc";

export type Answers = Record<string, number>;

/** Answers that came back from a lock; nothing where they belong to another list. */
export function readAnswers(taken: unknown, list: ChecklistView): Answers | null {
  if (typeof taken !== "object" || taken === null || !("list" in taken) || !("answers" in taken)) return null;
  if (taken.list !== list.kind || typeof taken.answers !== "object" || taken.answers === null) return null;
  const held = taken.answers as Record<string, unknown>;
  const read: Answers = {};
  for (const { code, low, high } of list.items) {
    const value = held[code];
    if (typeof value === "number" && value >= low && value <= high) read[code] = value;
  }
  return read;
}
