/** The functions of casbin that match a value with a pattern, by their names in lower case. */
export type PatternFunction = (value: string, pattern: string) => boolean;

/**
 * The pattern as an anchored regular expression, for the functions whose pattern has one for all values; undefined for others.
 *
 * @param name in lower case
 */
export function toRegularExpression(name: string, pattern: string): string | undefined {
  const anyTail = pattern.replaceAll("/*", "/.*");
  switch (name) {
    case "keymatch2":
      return pattern === "*" ? "^.*$" : `^${anyTail.replace(/:[^/]+/g, "[^/]+")}$`;
    case "keymatch3":
      return `^${anyTail.replace(/\{[^/]+?\}/g, "[^/]+?")}$`;
    case "globmatch":
      return `^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`;
    case "regexmatch":
      return pattern;
    default:
      return undefined;
  }
}

/** Whether a pattern of one of these functions stands for more than itself. */
export function isPattern(name: string, pattern: string): boolean {
  const expression = toRegularExpression(name, pattern);
  return expression !== undefined && expression !== `^${pattern}$`;
}

export const patternFunctions: Readonly<Record<string, PatternFunction>> = {
  equal: (value, pattern) => value === pattern,
  keymatch: (value, pattern) => {
    const star = pattern.indexOf("*");
    return star < 0 ? value === pattern : value.startsWith(pattern.slice(0, star));
  },
  keymatch2: (value, pattern) => new RegExp(toRegularExpression("keymatch2", pattern)!).test(value),
  keymatch3: (value, pattern) => new RegExp(toRegularExpression("keymatch3", pattern)!).test(value),
  // As keyMatch3, and a name that stands twice must be the same both times.
  keymatch4: (value, pattern) => {
    const names = [...pattern.matchAll(/\{([^/]+?)\}/g)].map(([, name]) => name!);
    const groups = pattern.replaceAll("/*", "/.*").replace(/\{[^/]+?\}/g, "([^/]+)");
    const values = new RegExp(`^${groups}$`).exec(value)?.slice(1);
    return values?.every((each, index) => each === values[names.indexOf(names[index]!)]) ?? false;
  },
  // As keyMatch3, without the query.
  keymatch5: (value, pattern) => patternFunctions.keymatch3!(value.split("?")[0]!, pattern),
  globmatch: (value, pattern) => new RegExp(toRegularExpression("globmatch", pattern)!).test(value),
  regexmatch: (value, pattern) => new RegExp(pattern).test(value),
};
