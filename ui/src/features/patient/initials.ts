type Names = { family_name: string; given_names: string };

const first = (text: string): string => {
  // A letter may be more than one code point: with its accents, or a flag of two halves.
  const [letter] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.trim());
  return letter?.segment.toLocaleUpperCase() ?? "";
};

/** The first letters of given and family name, in the order in which they are spoken. */
export function initials({ family_name, given_names }: Names): string {
  return first(given_names) + first(family_name);
}
