import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isNumber, watchScanner } from "../../src/app/scanner";

describe("scanner", () => {
  let found: string[] = [];
  let end = (): void => undefined;
  let clock = 1_000;
  beforeEach(() => {
    found = [];
    end = watchScanner((number) => found.push(number));
    document.body.innerHTML = '<input id="field"><input id="secret" type="password"><button id="plain">x</button>';
  });
  afterEach(() => end());

  /** Types into an element as hands or a scanner do; true when Enter was swallowed. */
  function type(id: string, text: string, pause: number, then = "Enter"): boolean {
    const target = document.getElementById(id) as HTMLInputElement;
    for (const key of text) {
      clock += pause;
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: clock });
      target.dispatchEvent(event);
      if (target instanceof HTMLInputElement) target.value += key;
    }
    clock += pause;
    const event = new KeyboardEvent("keydown", { key: then, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: clock });
    target.dispatchEvent(event);
    clock += 1_000;
    return event.defaultPrevented;
  }

  it("takes what comes fast and ends in Enter, and leaves what hands type", () => {
    expect(type("plain", "P-000123", 8)).toBe(true);
    expect(type("plain", "P-000124", 120)).toBe(false);
    expect(type("plain", "P-000125", 8, "Tab")).toBe(false);
    expect(type("plain", "P-000126", 8, "Enter")).toBe(true);
    expect(found).toEqual(["P-000123", "P-000126"]);
  });

  it("leaves nothing of a number in the field that had the focus", () => {
    const field = document.getElementById("field") as HTMLInputElement;
    let seen = "";
    field.addEventListener("input", () => (seen = field.value));
    field.value = "Dear ";
    expect(type("field", "P-000123", 8)).toBe(true);
    expect(field.value).toBe("Dear ");
    expect(seen).toBe("Dear ");
    // Plain digits in a field may be anything, and a day is a day.
    expect(type("field", "123456", 8)).toBe(false);
    expect(type("field", "1971-03-09", 8)).toBe(false);
    expect(found).toEqual(["P-000123"]);
  });

  it("leaves long codes alone to their end, and fields that are there to be scanned into", () => {
    const field = document.getElementById("field") as HTMLInputElement;
    const code = `LENTIGO1.${"a1".repeat(60)}`;
    expect(type("plain", code, 8)).toBe(false);
    expect(type("field", code, 8)).toBe(false);
    expect(field.value).toBe(code);
    field.dataset.scanned = "";
    expect(type("field", "R-2026-00001", 8)).toBe(false);
    expect(field.value).toBe(`${code}R-2026-00001`);
    expect(found).toEqual([]);
  });

  it("takes the kind of code off that some scanners put in front", () => {
    const field = document.getElementById("field") as HTMLInputElement;
    expect(type("field", "]C0P-000123", 8)).toBe(true);
    expect(type("plain", "]Q1P-000124", 8)).toBe(true);
    expect(type("plain", "]C0x", 8)).toBe(false);
    expect(found).toEqual(["P-000123", "P-000124"]);
    expect(field.value).toBe("");
  });

  it("never listens to a password", () => {
    expect(type("secret", "P-000123", 8)).toBe(false);
    expect(found).toEqual([]);
  });

  it("knows a number from a word", () => {
    for (const text of ["P-000123", "2026/00017", "KH.44210"]) expect(isNumber(text, true), text).toBe(true);
    for (const text of ["P-1", "Lindenhoff", "a b123456", "<script>12</script>", "x".repeat(41), "' OR 1=1", "1971-03-09"]) {
      expect(isNumber(text, false), text).toBe(false);
    }
    expect(isNumber("000123", false)).toBe(true);
    expect(isNumber("000123", true)).toBe(false);
  });
});
