import type { ArticleContent, ArticleSection } from "$ipc";
import { codesOf, piecesOf, SECTIONS, textOf } from "./words";

/** An article as it stands in the fields of the editor. */
export type TypedArticle = {
  title: string;
  synonyms: string;
  codes: string;
  classes: string;
  contagious: "" | "yes" | "no";
  sections: Record<ArticleSection, string>;
  sources: string;
};

export function typedOf(content: ArticleContent): TypedArticle {
  const sections = Object.fromEntries(SECTIONS.map((section) => [section, textOf(content, section)]));
  return {
    title: content.title,
    synonyms: content.synonyms.join("\n"),
    codes: content.codes.map(({ code }) => code).join(", "),
    classes: content.classes.join(", "),
    contagious: content.contagious === null ? "" : content.contagious ? "yes" : "no",
    sections: sections as Record<ArticleSection, string>,
    sources: content.sources.join("\n"),
  };
}

export function contentOf(typed: TypedArticle): ArticleContent {
  const sections = SECTIONS.map((section) => ({ section, text: typed.sections[section].trim() }));
  return {
    title: typed.title.trim(),
    synonyms: piecesOf(typed.synonyms, /[;\n]/),
    codes: codesOf(typed.codes),
    classes: piecesOf(typed.classes, /[,;\n]/),
    contagious: typed.contagious === "" ? null : typed.contagious === "yes",
    sections: sections.filter(({ text }) => text !== ""),
    sources: piecesOf(typed.sources, /\n/),
  };
}
