import { untrack } from "svelte";

/** Where a form leaves its typed text, so that a lock does not lose it. */
export type DraftSlot = {
  /** What was typed before, or null. */
  readonly taken: unknown;
  /** When it was last touched, 0 where nothing was typed. */
  readonly at: number;
  keep(typed: unknown): void;
  /** Saved or given up: the text is forgotten. */
  drop(): void;
};

/** Typed text of something that is kept in versions, with the version that the typing began on. */
export type Begun<T> = { version: number; typed: T };

/** What a slot holds of an editor, or null. */
export function begun<T>(slot: DraftSlot | undefined): Begun<T> | null {
  return (slot?.taken ?? null) as Begun<T> | null;
}

/** Hands what a form holds to its slot from the first change on; called while the form is set up. */
export function keepTyped(slot: DraftSlot | undefined, read: () => unknown): void {
  let last = JSON.stringify(untrack(read));
  $effect(() => {
    const typed = read();
    const text = JSON.stringify(typed);
    if (text === last) return;
    last = text;
    untrack(() => slot?.keep(typed));
  });
}
