/** What can be done with the report on the screen, each in a dialog of its own. */
export type Doing = "sign" | "edit" | "discard" | "addendum" | "withdrawal" | "share";

/** Those in which somebody types text that a lock must not lose. */
export const TYPED = ["edit", "addendum", "withdrawal"] as const satisfies readonly Doing[];
