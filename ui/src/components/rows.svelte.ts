/** Rows of a table of which one at a time is a tab stop; the arrow keys move it. Each button carries its id as `data-row`. */
export class Rows {
  #active = $state<string | null>(null);
  readonly #ids: () => string[];
  /** The tab stop; worked out once for all rows. */
  readonly #stop = $derived.by(() => {
    const ids = this.#ids();
    return this.#active !== null && ids.includes(this.#active) ? this.#active : ids[0];
  });

  constructor(ids: () => string[]) {
    this.#ids = ids;
  }

  tabindex(id: string): 0 | -1 {
    return id === this.#stop ? 0 : -1;
  }

  focused(id: string): void {
    this.#active = id;
  }

  pressed(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    const ids = this.#ids();
    const at = ids.indexOf(event.currentTarget.dataset.row ?? "");
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 };
    const id = ids[moves[event.key] ?? -1];
    if (id === undefined) return;
    event.preventDefault();
    event.currentTarget.closest("table")?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
  }
}
