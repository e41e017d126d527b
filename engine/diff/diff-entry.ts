/** Whether a subject has a permission at a scope, as lists tell it (semantics, section 11). None: every check is denied. */
export type Standing = "None" | "Conditional" | "Always";

/**
 * What a subject gained or lost. Conditional before and after: what it hangs on is not the same.
 *
 * Groups are entries of their own, for what whoever is in them has by that: asserted groups, `system:authenticated` and
 * `token:POLICY`.
 */
export interface DiffEntry {
  readonly subject: { readonly kind: "User" | "ServiceAccount" | "Group"; readonly name: string };
  /** "type:verb" */
  readonly permission: string;
  /** "platform", "environment/acme-prod". */
  readonly scope: string;
  readonly before: Standing;
  readonly after: Standing;
}

const RANK: Readonly<Record<Standing, number>> = { None: 0, Conditional: 1, Always: 2 };

/** Whether more may be allowed than before. Of changed conditions nobody can tell, so they count as wider. */
export function isWidening({ before, after }: Pick<DiffEntry, "before" | "after">): boolean {
  return RANK[after] > RANK[before] || (before === "Conditional" && after === "Conditional");
}
