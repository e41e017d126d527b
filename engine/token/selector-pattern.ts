/** How a selector pattern is written: a fixed text, then `*` or one `[placeholder]`. */
const PATTERN = /^[^*[\]]*(\*|\[[^*[\]]+\])$/;

export function isSelectorPattern(pattern: string): boolean {
  return PATTERN.test(pattern);
}

/** What a selector of a claim stands for: all that have the attribute, or the one with this value of it. */
export type Selected = { readonly any: true } | { readonly any: false; readonly value: string };

const ALL: Selected = { any: true };

/**
 * Reads a selector of a claim by a pattern: `*` stands for itself, a placeholder for any text but `*` and none.
 *
 * @returns undefined if the selector is not of this pattern
 */
export function matchPattern(pattern: string, selector: string): Selected | undefined {
  if (!isSelectorPattern(pattern)) return undefined;
  if (pattern.endsWith("*")) return selector === pattern ? ALL : undefined;
  const prefix = prefixOf(pattern);
  if (!selector.startsWith(prefix)) return undefined;
  const value = selector.slice(prefix.length);
  return value === "" || value === "*" ? undefined : { any: false, value };
}

/** Whether every selector that fits `pattern` fits `other` as well. */
export function isCovered(pattern: string, other: string): boolean {
  if (pattern.endsWith("*")) return matchPattern(other, pattern) !== undefined;
  return other.endsWith("]") && prefixOf(pattern).startsWith(prefixOf(other));
}

function prefixOf(pattern: string): string {
  return pattern.slice(0, pattern.indexOf("["));
}
