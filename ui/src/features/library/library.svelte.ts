import { type AppError, type ArticleHit, type ArticleRow, type ArticleView, call, type TextLanguage, toAppError } from "$ipc";

/** The list of a language, what was found in it, and the article that is open; late answers are left out. */
export class Library {
  rows = $state.raw<ArticleRow[] | null>(null);
  /** Null while nothing is looked for. */
  hits = $state.raw<ArticleHit[] | null>(null);
  article = $state.raw<ArticleView | null>(null);
  listFailure = $state.raw<AppError | null>(null);
  articleFailure = $state.raw<AppError | null>(null);
  #list = 0;
  #search = 0;
  #open = 0;

  async list(language: TextLanguage): Promise<void> {
    const turn = ++this.#list;
    this.listFailure = null;
    try {
      const rows = await call("library_list", { language });
      if (turn === this.#list) this.rows = rows;
    } catch (reason) {
      if (turn === this.#list) this.listFailure = toAppError(reason);
    }
  }

  async search(language: TextLanguage, text: string): Promise<void> {
    const turn = ++this.#search;
    if (text.trim() === "") {
      this.hits = null;
      return;
    }
    try {
      const hits = await call("library_search", { language, text });
      if (turn !== this.#search) return;
      this.hits = hits;
      this.listFailure = null;
    } catch (reason) {
      if (turn === this.#search) this.listFailure = toAppError(reason);
    }
  }

  async open(slug: string, language: TextLanguage): Promise<void> {
    const turn = ++this.#open;
    this.articleFailure = null;
    try {
      const article = await call("library_article", { slug, language });
      if (turn === this.#open) this.article = article;
    } catch (reason) {
      if (turn !== this.#open) return;
      this.article = null;
      this.articleFailure = toAppError(reason);
    }
  }
}
