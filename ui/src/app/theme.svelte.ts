export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "theme";

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? "system";
}

/** All that the window keeps between runs are the names of its theme and of its language. */
class Appearance {
  theme = $state<Theme>("system");
  #system: MediaQueryList | null = null;

  start(): () => void {
    this.theme = stored();
    this.#system = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = (): void => this.#apply();
    this.#system.addEventListener("change", apply);
    this.#apply();
    return () => this.#system?.removeEventListener("change", apply);
  }

  choose(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(KEY, theme);
    this.#apply();
  }

  #apply(): void {
    const dark = this.theme === "dark" || (this.theme === "system" && this.#system?.matches === true);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }
}

export const appearance = new Appearance();
