import { afterEach, vi } from "vitest";
import { cleanup, configure } from "@testing-library/svelte";

// A busy machine may take its time; a passing test does not wait for it.
configure({ asyncUtilTimeout: 8_000 });

// What jsdom does not have. A modal of the platform traps focus; here it only has to open and close.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.removeAttribute("open");
};
Element.prototype.setPointerCapture ??= () => undefined;
window.matchMedia ??= vi.fn((query: string) => {
  return Object.assign(new EventTarget(), { matches: false, media: query, onchange: null }) as unknown as MediaQueryList;
});
globalThis.CSS ??= {} as typeof CSS;
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
// There is nothing to paint on.
HTMLCanvasElement.prototype.getContext = () => null;
CSS.escape ??= (text: string) => text.replaceAll(/[^\w-]/g, String.raw`\$&`);

afterEach(() => cleanup());
