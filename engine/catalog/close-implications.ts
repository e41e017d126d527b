/**
 * The transitive closure of "implies" among the verbs of one type, in order of name. Verbs that are implied but not
 * declared are left out.
 *
 * @returns undefined if a verb implies itself, directly or through others
 */
export function closeImplications(
  implies: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> | undefined {
  const closed = new Map<string, readonly string[]>();
  for (const verb of [...implies.keys()].toSorted()) {
    const reached = new Set(implies.get(verb));
    for (const implied of reached) {
      for (const further of implies.get(implied) ?? []) reached.add(further);
    }
    if (reached.has(verb)) return undefined;
    closed.set(verb, [...reached].filter((name) => implies.has(name)).toSorted());
  }
  return closed;
}
