/** Longest pause between two characters of a scanner that types; people are slower. */
const PAUSE_MS = 50;
const SHORTEST = 5;
const LONGEST = 40;
/** A day is typed into fields and looks like a number. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** What some scanners put in front: the kind of code, `]Q1` for a square, `]C0` for bars (ISO/IEC 15424). */
const SYMBOLOGY = /^\][A-Za-z]\d/;
const SYMBOLOGY_LENGTH = 3;
/** Letters, digits and the signs between them, with at least two digits. */
const NUMBER = /^(?=(?:.*\d){2})[\p{L}\d][\p{L}\d\-/._]*$/u;

type Field = HTMLInputElement | HTMLTextAreaElement;

function fieldOf(target: EventTarget | null): Field | null {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
}

/** Codes and passwords are nobody's number, however fast they come; some fields are there to be scanned into. */
function keepsItself(field: Field | null): boolean {
  if (field?.dataset.scanned !== undefined) return true;
  return field instanceof HTMLInputElement && (field.type === "password" || field.autocomplete === "one-time-code");
}

/** Whether a burst of characters is a number from a slip. In a field, plain digits may be anything. */
export function isNumber(text: string, inField: boolean): boolean {
  if (text.length < SHORTEST || text.length > LONGEST || !NUMBER.test(text) || DAY.test(text)) return false;
  return !inField || /[^\d]/.test(text);
}

/** Takes what the scanner typed out of the field that happened to have the focus. */
function takeBack(field: Field, text: string): void {
  if (!field.value.endsWith(text)) return;
  field.value = field.value.slice(0, -text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * A scanner that types: characters in quick succession and Enter. Wherever the focus is, the number goes to
 * `found` and nothing of it stays where it was typed.
 */
export function watchScanner(found: (number: string) => void): () => void {
  let text = "";
  let last = 0;

  function pressed(event: KeyboardEvent): void {
    const field = fieldOf(event.target);
    const follows = event.timeStamp - last <= PAUSE_MS;
    last = event.timeStamp;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || keepsItself(field)) {
      text = "";
      return;
    }
    // Square or bars, a scanner types the same.
    if (event.key === "Enter") {
      const read = text;
      const number = read.replace(SYMBOLOGY, "");
      text = "";
      if (!follows || !isNumber(number, field !== null)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (field) takeBack(field, read);
      found(number);
      return;
    }
    if (event.key.length !== 1) {
      // Shift comes between the characters of a scanner; anything else ends it.
      if (event.key !== "Shift") text = "";
      return;
    }
    // What is too long stays too long: the end of a long code is no number either.
    text = (follows ? text + event.key : event.key).slice(0, LONGEST + SYMBOLOGY_LENGTH + 1);
  }

  /** A scanner never points at anything: what was typed before was a person. */
  function pointed(): void {
    text = "";
  }

  window.addEventListener("keydown", pressed, { capture: true });
  window.addEventListener("pointerdown", pointed, { capture: true });
  return () => {
    window.removeEventListener("keydown", pressed, { capture: true });
    window.removeEventListener("pointerdown", pointed, { capture: true });
  };
}
