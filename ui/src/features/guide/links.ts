import { ERRORS } from "./pages";

export type Place = { page: string; section: string };

/** Where a link of a chapter leads, written as a forge follows it: `04-clinician.md#viewer`, `../../errors.md`, `../../../errors.de.md`. */
export function placeOf(from: string, to: string): Place {
  const [path = "", section = ""] = to.split("#");
  if (path === "") return { page: from, section };
  if (/errors(\.[a-z]{2})?\.md$/.test(path)) return { page: ERRORS, section };
  const name = (path.split("/").at(-1) ?? "").replace(/^\d+-/, "").replace(/\.md$/, "");
  const other = /\.\.\/(?:[a-z]{2}\/)?(user|administrator)\//.exec(path)?.[1];
  return { page: `${other ?? from.split("/")[0] ?? "user"}/${name}`, section };
}
