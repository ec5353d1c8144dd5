import type { Language } from "../ipc/generated";
import { baseLocale, overwriteGetLocale } from "./generated/runtime";

/** Each in its own words: who cannot read the window still finds theirs. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch", es: "Español" };
export const LANGUAGE_CODES = Object.keys(LANGUAGES) as Language[];

const KEY = "language";
const known = (code: string | null | undefined): Language | undefined => LANGUAGE_CODES.find((language) => language === code);

/** The one chosen at this workstation, or else the first of the system's that the window speaks. */
function remembered(): Language {
  const systems = navigator.languages.map((tag) => known(tag.split("-")[0]));
  return known(localStorage.getItem(KEY)) ?? systems.find((language) => language !== undefined) ?? baseLocale;
}

/**
 * What the window speaks. Every message and every date reads it, so a change redraws whatever shows one,
 * and nothing that was typed is lost.
 */
class Speech {
  #current = $state<Language>(baseLocale);
  #workstation: Language = baseLocale;
  #own: Language | null = null;

  get current(): Language {
    return this.#current;
  }

  /** Takes up the language of the workstation. */
  start(): void {
    this.#workstation = remembered();
    this.#own = null;
    this.#speak();
  }

  /** For whoever comes to this workstation and has no language of their own. */
  choose(language: Language): void {
    this.#workstation = language;
    localStorage.setItem(KEY, language);
    this.#speak();
  }

  /** Speaks the language of whoever is signed in; null goes back to that of the workstation. */
  follow(own: Language | null): void {
    this.#own = own;
    this.#speak();
  }

  #speak(): void {
    this.#current = this.#own ?? this.#workstation;
    document.documentElement.lang = this.#current;
  }
}

export const speech = new Speech();
overwriteGetLocale(() => speech.current);
