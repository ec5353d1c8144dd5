import type { ArticleContent, ArticleEditionRow, ArticleState, ArticleView, TextLanguage, TextPiece } from "./types";
import type { Handlers } from "../fake-host";
import { type FakeClinic, fail } from "./clinic";
import { NOW } from "./samples";

type Names =
  | "library_list" | "library_search" | "library_article" | "library_links" | "library_save" | "library_restore"
  | "library_return" | "library_hide" | "library_editions" | "library_compare";

type Edition = { version: number; state: ArticleState; content: ArticleContent; author: string | null };
type Article = { slug: string; language: TextLanguage; editions: Edition[]; program: ArticleContent | null; newer: boolean };

const content = (title: string, classes: string[], description: string, urgent: string): ArticleContent => ({
  title,
  synonyms: [`${title} (other name)`],
  codes: [{ system: "icd10", code: "C43.9" }],
  classes,
  contagious: false,
  sections: [
    { section: "description", text: description },
    { section: "urgent", text: urgent },
    { section: "symptoms", text: "- Asymmetry\n- **Growth** within weeks" },
    { section: "severity_mild", text: "Thin." },
    { section: "severity_severe", text: "Thick." },
    { section: "contagion", text: "It cannot be passed on." },
  ],
  sources: ["A guideline, 2020", "A textbook, 2018"],
});

const PROGRAM: [slug: string, language: TextLanguage, content: ArticleContent][] = [
  ["melanoma", "en", content("Melanoma", ["mel"], "A cancer of the pigment cells.", "See a dermatologist **within two weeks**.")],
  ["melanoma", "de", content("Melanom", ["mel"], "Ein Krebs der Pigmentzellen.", "Innerhalb von **zwei Wochen**.")],
  ["melanoma", "es", content("Melanoma", ["mel"], "Un cáncer de las células pigmentarias.", "En **dos semanas**.")],
  ["melanocytic-naevus", "en", content("Melanocytic naevus", ["nv"], "A benign mole.", "When it **changes**.")],
  ["psoriasis", "en", content("Psoriasis", [], "A chronic inflammation.", "When **all** of the skin is red.")],
];

/** Articles as the core has them; tests reach in and change them. */
export class FakeLibrary {
  readonly articles: Article[] = PROGRAM.map(([slug, language, program]) => ({ slug, language, editions: [], program: structuredClone(program), newer: false }));

  now({ editions, program }: Article): Edition {
    const newest = editions.at(-1);
    if (newest && (newest.state !== "built_in" || program === null)) return newest;
    if (program === null) throw fail("not_found");
    return { version: newest?.version ?? 1, state: "built_in", content: program, author: null };
  }
}

const marked = (text: string, word: string): TextPiece[] => {
  const at = text.toLowerCase().indexOf(word);
  if (at < 0) return [{ text, hit: false }];
  const pieces = [{ text: text.slice(0, at), hit: false }, { text: text.slice(at, at + word.length), hit: true }, { text: text.slice(at + word.length), hit: false }];
  return pieces.filter((piece) => piece.text !== "");
};

const linesOf = ({ title, sections }: ArticleContent): string[] => [`title: ${title}`, ...sections.flatMap(({ section, text }) => [`# ${section}`, ...text.split("\n")])];

export function libraryHandlers(clinic: FakeClinic, open: () => NonNullable<FakeClinic["session"]>): Pick<Handlers, Names> {
  const { library } = clinic;
  const edits = () => ["administrator", "clinician"].includes(open().role);
  const editor = () => {
    if (!edits()) throw fail("not_permitted");
  };
  const seen = (article: Article) => edits() || library.now(article).state !== "hidden";
  const find = (slug: string, language: TextLanguage, version?: number): Article => {
    const found = library.articles.find((one) => one.slug === slug && one.language === language);
    if (!found) throw fail("not_found");
    if (version !== undefined && library.now(found).version !== version) throw fail("conflict");
    return found;
  };
  const view = (article: Article): ArticleView => {
    const { version, state, content, author } = library.now(article);
    const languages = library.articles.filter(({ slug }) => slug === article.slug).map(({ language }) => language);
    const own = author !== null && state !== "built_in";
    return {
      slug: article.slug, language: article.language, languages, version, state, content,
      of_program: article.program !== null, newer_built_in: article.newer && state === "own",
      author_name: own ? author : null, changed_at: own ? NOW : null,
    };
  };
  const keep = (article: Article, state: ArticleState, text: ArticleContent): ArticleView => {
    if (article.editions.length === 0 && article.program) article.editions.push({ version: 1, state: "built_in", content: article.program, author: null });
    const version = (article.editions.at(-1)?.version ?? 0) + 1;
    article.editions.push({ version, state, content: text, author: open().user_name });
    return view(article);
  };
  const edition = (article: Article, version: number): Edition => {
    const found = [...article.editions, library.now(article)].find((one) => one.version === version);
    if (!found) throw fail("not_found");
    return found;
  };
  return {
    library_list: ({ language }) => {
      open();
      const rows = library.articles.filter((one) => one.language === language && seen(one)).map(view);
      return rows.map(({ slug, content, state, of_program, newer_built_in }) => ({ slug, title: content.title, state, of_program, newer_built_in }));
    },
    library_search: ({ language, text }) => {
      open();
      const word = text.trim().toLowerCase();
      const found = library.articles.filter((one) => one.language === language && seen(one) && JSON.stringify(library.now(one).content).toLowerCase().includes(word));
      return found.map((one) => {
        const { content } = library.now(one);
        const section = content.sections.find((part) => part.text.toLowerCase().includes(word));
        return { slug: one.slug, title: marked(content.title, word), approximate: false, extracts: section ? [{ section: section.section, pieces: marked(section.text, word) }] : [] };
      });
    },
    library_article: ({ slug, language }) => {
      open();
      const found = library.articles.filter((one) => one.slug === slug && seen(one));
      const shown = found.find((one) => one.language === language) ?? found[0];
      if (!shown) throw fail("not_found");
      return view(shown);
    },
    library_links: ({ language }) => {
      open();
      const shown = library.articles.filter((one) => one.language === language && library.now(one).state !== "hidden").map(view);
      return shown.flatMap(({ slug, content }) => content.classes.map((code) => ({ code, slug, title: content.title })));
    },
    library_save: ({ slug, language, version, content: typed, built_in_seen: looked }) => {
      editor();
      const problems = typed.codes.some(({ code }) => !/^([A-Z]\d\d(\.\d{1,2})?|\d{6,18})$/.test(code)) ? [{ field: "codes", code: "bad_format" }] : [];
      if (problems.length > 0) throw fail("invalid_input", { problems });
      if (slug === null) {
        const article: Article = { slug: clinic.id("article"), language, editions: [], program: null, newer: false };
        library.articles.push(article);
        return keep(article, "own", typed);
      }
      const article = find(slug, language, version);
      if (looked) article.newer = false;
      return keep(article, "own", typed);
    },
    library_restore: ({ slug, language, version }) => {
      editor();
      const article = find(slug, language, version);
      if (article.program === null) throw fail("not_found");
      article.newer = false;
      return keep(article, "built_in", article.program);
    },
    library_return: ({ slug, language, version, to }) => {
      editor();
      const article = find(slug, language, version);
      return keep(article, "own", edition(article, to).content);
    },
    library_hide: ({ slug, language, version, hidden }) => {
      editor();
      const article = find(slug, language, version);
      return keep(article, hidden ? "hidden" : "own", library.now(article).content);
    },
    library_editions: ({ slug, language }) => {
      editor();
      const article = find(slug, language);
      const kept = article.editions.length > 0 ? article.editions : [library.now(article)];
      return kept.map(({ version, state, content, author }): ArticleEditionRow => ({ version, state, title: content.title, author_name: author, changed_at: author === null ? null : NOW })).reverse();
    },
    library_compare: ({ slug, language, from, to }) => {
      editor();
      const article = find(slug, language);
      const [old, young] = [linesOf(edition(article, from).content), linesOf(to === null ? (article.program ?? library.now(article).content) : edition(article, to).content)];
      const removed = old.filter((line) => !young.includes(line)).map((text) => ({ kind: "removed" as const, text }));
      return { lines: [...removed, ...young.map((text) => ({ kind: old.includes(text) ? ("same" as const) : ("added" as const), text }))] };
    },
  };
}
