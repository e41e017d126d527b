/** Orders strings by UTF-16 code units: the same on every machine, and the order of strings in compiled policies. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders objects by name. */
export function byName(a: { metadata: { name: string } }, b: { metadata: { name: string } }): number {
  return byCodeUnits(a.metadata.name, b.metadata.name);
}
