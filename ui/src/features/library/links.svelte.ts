import { type ArticleLink, call, type TextLanguage } from "$ipc";

/** What has an article in a language. Without the list there are no links, and everything else works. */
export class ArticleLinks {
  #links = $state.raw<ArticleLink[]>([]);
  #turn = 0;

  async read(language: TextLanguage): Promise<void> {
    const turn = ++this.#turn;
    const links = await call("library_links", { language }).catch(() => []);
    if (turn === this.#turn) this.#links = links;
  }

  /** The articles on these codes, each once, in their order. */
  of(codes: readonly string[]): ArticleLink[] {
    const found = codes.flatMap((code) => this.#links.find((link) => link.code === code) ?? []);
    return found.filter((link, at) => found.findIndex(({ slug }) => slug === link.slug) === at);
  }
}
