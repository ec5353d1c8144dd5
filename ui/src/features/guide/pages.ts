import type { Language } from "$ipc";

/**
 * The guide as it was when the window was built. English lies in `docs/guide/<part>`, another language in
 * `docs/guide/<language>/<part>` under the same file names; a chapter that it lacks is shown in English.
 */
const files = import.meta.glob<string>("../../../../docs/guide/**/*.md", { query: "?raw", import: "default", eager: true });
const errors = import.meta.glob<string>("../../../../docs/errors*.md", { query: "?raw", import: "default", eager: true });

export type PartOfGuide = "user" | "administrator";
export type Page = {
  /** `user/first-steps`: the part and the name of the file without its number. */
  id: string;
  part: PartOfGuide;
  title: string;
  text: string;
  /** Not in the language that was asked for. */
  inEnglish: boolean;
};

const DOCS = "../../../../docs/";

/** The list of errors is made from the program's own words and stands at the end of the user's part. */
export const ERRORS = "user/errors";

type Found = { language: string; part: PartOfGuide; order: string; name: string; text: string };

function found(): Found[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const [, language = "en", part, order = "", name = ""] = /docs\/guide\/(?:([a-z]{2})\/)?(user|administrator)\/(\d+)-([a-z0-9-]+)\.md$/.exec(path) ?? [];
    return part === "user" || part === "administrator" ? [{ language, part, order, name, text }] : [];
  });
}

/** Every chapter in its order, in the language of the window where there is one. */
export function pagesIn(language: Language): Page[] {
  const all = found();
  const own = new Map(all.filter((page) => page.language === language).map((page) => [`${page.part}/${page.name}`, page.text]));
  const parts: PartOfGuide[] = ["user", "administrator"];
  return parts.flatMap((part) => {
    const chapters = all
      .filter((page) => page.language === "en" && page.part === part)
      .sort((one, other) => one.order.localeCompare(other.order))
      .map(({ name, text }): Page => {
        const id = `${part}/${name}`;
        const shown = own.get(id) ?? text;
        return { id, part, title: titleOf(shown), text: shown, inEnglish: language !== "en" && !own.has(id) };
      });
    if (part !== "user") return chapters;
    const catalogue = errors[`${DOCS}errors${language === "en" ? "" : `.${language}`}.md`];
    return catalogue === undefined ? chapters : [...chapters, { id: ERRORS, part, title: titleOf(catalogue), text: catalogue, inEnglish: false }];
  });
}

function titleOf(text: string): string {
  return /^#\s+(.+)$/m.exec(text)?.[1]?.trim() ?? "";
}
