/** Whether a subject has a permission at a scope, as lists tell it (semantics, section 11). None: every check is denied. */
export type Standing = "None" | "Conditional" | "Always";

/**
 * What a subject gained or lost.
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
  /**
   * Of what is Conditional before and after: Narrower if it hangs on more than before, Other if it hangs on something else,
   * so that nobody can tell whether more is allowed.
   */
  readonly conditions?: "Narrower" | "Other" | undefined;
}

const RANK: Readonly<Record<Standing, number>> = { None: 0, Conditional: 1, Always: 2 };

/** Whether more may be allowed than before. */
export function isWidening({
  before,
  after,
  conditions,
}: Pick<DiffEntry, "before" | "after" | "conditions">): boolean {
  return RANK[after] > RANK[before] || conditions === "Other";
}
