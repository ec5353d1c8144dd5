import { call, type Shortcut, type ShortcutsView, type ViewerAction } from "$ipc";

/** Where a single key is text or has a meaning of its own. */
const OWN_KEYS = [
  "input:not([type=checkbox], [type=radio])",
  "textarea",
  "select",
  "[contenteditable]:not([contenteditable=false])",
  "dialog",
  "[role=tablist]",
  "[role=menu]",
  "[role=listbox]",
  "[role=slider]",
  "[role=radiogroup]",
  "audio",
  "video",
].join(",");

/** Keys that do the same as one of their neighbours, unless somebody gave them a meaning. */
const ALSO: Record<string, ViewerAction> = { "=": "zoom_in", "0": "fit", _: "zoom_out" };

/** One's own keys of the viewer; asked for once, when the viewer is first seen. */
export class Keys {
  keys = $state.raw<Shortcut[]>([]);
  usual = $state.raw<Shortcut[]>([]);

  async load(): Promise<void> {
    this.take(await call("shortcuts_read"));
  }

  take({ keys, usual }: ShortcutsView): void {
    this.keys = keys;
    this.usual = usual;
  }

  keyOf(action: ViewerAction): string | undefined {
    return this.keys.find((shortcut) => shortcut.action === action)?.key;
  }

  /** What a pressed key asks for; nothing while somebody types. */
  actionOf(event: KeyboardEvent): ViewerAction | null {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return null;
    if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return null;
    if (document.querySelector("dialog[open]")) return null;
    const key = normalKey(event.key);
    return this.keys.find((shortcut) => shortcut.key === key)?.action ?? (this.keys.length > 0 ? (ALSO[key] ?? null) : null);
  }
}

/** A letter is the same key with and without shift. */
export function normalKey(key: string): string {
  return [...key].length === 1 ? key.toLowerCase() : key;
}
