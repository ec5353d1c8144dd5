const SIZE = 5;

/**
 * Puts typed or pasted text into a code of groups of five symbols, from one group on: what is too long
 * for a group flows into the next. A text of the whole length fills the code from its start, wherever it
 * was pasted. Gives the groups and the group where typing goes on.
 */
export function spread(groups: readonly string[], index: number, text: string): { groups: string[]; focus: number } {
  const symbols = text.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");
  const next = [...groups];
  if (symbols.length <= SIZE) {
    next[index] = symbols;
    return { groups: next, focus: symbols.length === SIZE ? Math.min(index + 1, groups.length - 1) : index };
  }
  let at = symbols.length >= SIZE * groups.length ? 0 : index;
  for (let from = 0; from < symbols.length && at < groups.length; from += SIZE) {
    next[at] = symbols.slice(from, from + SIZE);
    at++;
  }
  const last = Math.min(at, groups.length) - 1;
  const full = next[last]?.length === SIZE;
  return { groups: next, focus: Math.min(full ? last + 1 : last, groups.length - 1) };
}
