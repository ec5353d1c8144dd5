import { type DraftSlot, toasts } from "$components";
import { formatLocale, m, retyped } from "$i18n";
import { call, toAppError } from "$ipc";
import { readRoute, type Route } from "./route.svelte";

const DEBOUNCE_MS = 400;

/** What the core keeps of a form: where it was, when it was last touched, and what it held, under which locale. */
type Body = { route: Route; at: number; locale: string; typed: unknown };

function readBody(value: unknown): Body | null {
  if (typeof value !== "object" || value === null || !("route" in value) || !("typed" in value)) return null;
  const route = readRoute(value.route);
  const at = "at" in value && typeof value.at === "number" ? value.at : 0;
  const here = formatLocale();
  const locale = "locale" in value && typeof value.locale === "string" ? value.locale : here;
  return route && { route, at, locale: here, typed: retyped(value.typed, locale, here) };
}

/** Typed text that a lock must not lose. The core holds it; the window's copy goes with the session. */
class Drafts {
  #kept = new Map<string, Body>();
  #waiting = new Map<string, Body>();
  /** Forms that hold more than the core takes, as far as that was told. */
  #refused = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes what a lock interrupted; gives the form that was touched last. */
  async restore(): Promise<Route | null> {
    this.clear();
    try {
      for (const { key, body } of await call("draft_list")) {
        const read = readBody(body);
        if (read) this.#kept.set(key, read);
      }
    } catch {
      // Without drafts one starts where the role always starts.
    }
    const newest = [...this.#kept.values()].sort((a, b) => b.at - a.at)[0];
    return newest?.route ?? null;
  }

  keepDraft(key: string, route: Route, typed: unknown): void {
    const body = { route, at: Date.now(), locale: formatLocale(), typed };
    this.#kept.set(key, body);
    this.#waiting.set(key, body);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), DEBOUNCE_MS);
  }

  takeDraft(key: string): unknown {
    return this.#kept.get(key)?.typed ?? null;
  }

  dropDraft(key: string): void {
    this.#waiting.delete(key);
    this.#refused.delete(key);
    if (this.#kept.delete(key)) this.#send(key, null).catch(() => undefined);
  }

  /** Whether any form about a reading, or about a lesion without one, holds typed text. */
  holds(subject: string): boolean {
    return [...this.#kept.keys()].some((key) => key.endsWith(`:${subject}`));
  }

  /** Forms about one subject go on as forms about another, where nothing was typed about that yet. */
  inherit(from: string, to: string, route: Route): void {
    for (const [key, { typed }] of [...this.#kept]) {
      if (!key.endsWith(`:${from}`)) continue;
      const heir = `${key.slice(0, -from.length)}${to}`;
      if (!this.#kept.has(heir)) this.keepDraft(heir, route, typed);
      this.dropDraft(key);
    }
  }

  slot(key: string, route: Route): DraftSlot {
    return {
      taken: this.takeDraft(key),
      at: this.#kept.get(key)?.at ?? 0,
      keep: (typed) => this.keepDraft(key, route, typed),
      drop: () => this.dropDraft(key),
    };
  }

  /** Hands over at once what the pause in typing still holds back. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    await Promise.all(
      waiting.map(async ([key, body]) => {
        try {
          await this.#send(key, body);
          this.#refused.delete(key);
        } catch (reason) {
          this.#refuse(key, reason);
        }
      }),
    );
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#refused.clear();
    this.#kept.clear();
  }

  /** A refusal that ends the session goes its own way; one for the size of a draft is told once. */
  #refuse(key: string, reason: unknown): void {
    if (toAppError(reason).code !== "invalid_input" || this.#refused.has(key)) return;
    this.#refused.add(key);
    toasts.say(m.draft_not_kept(), "error");
  }

  async #send(key: string, body: Body | null): Promise<void> {
    await call("draft_keep", { key, body });
  }
}

export const drafts = new Drafts();
