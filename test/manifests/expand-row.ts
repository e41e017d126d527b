/**
 * Writes out what is too long to stand in a table:
 *
 * - `{$text: 513, of: x, end: y}`: a text of 513 times x (the default) and then y
 * - `{$list: 1001, of: ENTRY}`: a list, in which `$` in texts counts the entries
 * - `{$map: 65, of: VALUE}`: an object with the keys key-0 to key-64
 */
export function expandRow(value: unknown, count = ""): unknown {
  if (typeof value === "string") return value.replaceAll("$", count === "" ? "$" : count);
  if (Array.isArray(value)) return value.map((entry) => expandRow(entry, count));
  if (typeof value !== "object" || value === null) return value;
  const { $text, $list, $map, of, end } = value as Record<string, unknown>;
  if (typeof $text === "number") {
    return `${String(of ?? "x").repeat($text)}${expandRow(end ?? "", count)}`;
  }
  if (typeof $list === "number") {
    return Array.from({ length: $list }, (_, index) => expandRow(of, String(index)));
  }
  if (typeof $map === "number") {
    return Object.fromEntries(Array.from({ length: $map }, (_, index) => [`key-${index}`, of]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, expandRow(child, count)]));
}
