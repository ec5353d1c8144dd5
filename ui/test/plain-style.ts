const never = new Set(["HEAD", "NOSCRIPT", "SCRIPT", "STYLE", "TEMPLATE"]);

/**
 * The style of an element where no style sheet is loaded, as in jsdom: what hides it, and what stands in its `style`.
 * jsdom matches its own sheet against every element instead, which is most of the time that axe takes there.
 */
export function plainStyle(element: Element): CSSStyleDeclaration {
  const own = (element as HTMLElement).style as CSSStyleDeclaration | undefined;
  const value = (name: string): string => {
    if (name === "display" && isOut(element)) return "none";
    if (name === "visibility") return inherited(element, name) || "visible";
    const set = own?.getPropertyValue(name) ?? "";
    return set === "" && name === "display" ? "block" : set;
  };
  return new Proxy({} as CSSStyleDeclaration, {
    get: (_, name) => (name === "getPropertyValue" ? value : typeof name === "string" ? value(dashed(name)) : undefined),
  });
}

const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function isOut(element: Element): boolean {
  if (never.has(element.tagName) || element.hasAttribute("hidden")) return true;
  if (element.tagName === "DIALOG" && !element.hasAttribute("open")) return true;
  return element.parentElement?.matches("details:not([open])") === true && element.tagName !== "SUMMARY";
}

function inherited(element: Element | null, name: string): string {
  for (let at = element; at; at = at.parentElement) {
    const set = (at as HTMLElement).style?.getPropertyValue(name);
    if (set) return set;
  }
  return "";
}
