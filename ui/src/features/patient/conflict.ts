import type { MergeField } from "$ipc";
import { type Comparable, COMPARED, sameValue } from "./compared";

export type Side = "mine" | "theirs";

/** A field in which what was typed differs from what is stored now. */
export type Clash = {
  field: MergeField;
  /** Who changed it since the form was filled: one side has its way unless the person says otherwise; with both, somebody has to say. */
  proposed: Side | null;
};

/** Compares a form with the record as it is stored now. `base` is what the form was filled from, if it is known. */
export function clashes(mine: Comparable, theirs: Comparable, base: Comparable | null): Clash[] {
  return COMPARED.filter((field) => !sameValue(mine, theirs, field)).map((field) => {
    if (base === null) return { field, proposed: null };
    if (sameValue(mine, base, field)) return { field, proposed: "theirs" };
    return { field, proposed: sameValue(theirs, base, field) ? "mine" : null };
  });
}

/** What is typed, with the stored value of every field where it was chosen. */
export function combined<T extends Comparable>(mine: T, theirs: T, chosen: Partial<Record<MergeField, Side>>): T {
  const result = { ...mine };
  const take = <K extends MergeField>(field: K): void => {
    result[field] = theirs[field];
  };
  for (const field of COMPARED) if (chosen[field] === "theirs" || sameValue(mine, theirs, field)) take(field);
  return result;
}
