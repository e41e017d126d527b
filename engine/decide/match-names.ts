/** Whether a resource name is one of `names`, or begins with one of them that ends in `*`. Empty `names`: any. */
export function matchesNames(names: readonly string[], resource: string): boolean {
  if (names.length === 0) return true;
  return names.some((name) =>
    name.endsWith("*") ? resource.startsWith(name.slice(0, -1)) : name === resource,
  );
}
