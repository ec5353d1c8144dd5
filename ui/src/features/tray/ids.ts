import type { TrayPhotoId } from "$ipc";

/** Each once, in their order, and quickly asked for: thousands may be chosen at once. */
export const setOf = (ids: readonly TrayPhotoId[]): ReadonlySet<TrayPhotoId> => new Set(ids);
