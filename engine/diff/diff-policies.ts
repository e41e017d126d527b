import { KeySet } from "../decide/key-set.ts";
import type { Policy } from "../policy/policy.ts";
import { changedParts, type Steps } from "./changed-parts.ts";
import { type Comparison, compareSubject } from "./compare-subject.ts";
import type { DiffEntry } from "./diff-entry.ts";
import { permissionsByLevel } from "./permissions-by-level.ts";

/**
 * Everything that subjects gained and lost between two policies at an instant: Platform first, then by organization, subject,
 * scope and permission. Subjects are all Users, ServiceAccounts and asserted Groups that either policy names, and
 * `system:authenticated`.
 *
 * Works organization by organization and holds what it compares of one at a time. Organizations, subjects and scopes whose
 * inputs are the same in both policies are passed over.
 *
 * @param now milliseconds since 1970
 */
export function* diffPolicies(before: Policy, after: Policy, now: number): Generator<DiffEntry> {
  for (const entry of diffPoliciesInSteps(before, after, now)) if (entry !== undefined) yield entry;
}

/** The same in steps, so that the caller may let others in between. */
export function* diffPoliciesInSteps(before: Policy, after: Policy, now: number): Steps<DiffEntry> {
  const permissionsAt = permissionsByLevel(before.model.catalog, after.model.catalog);
  const [keysBefore, keysAfter] = [new KeySet(), new KeySet()];
  const comparison: Comparison = { before, after, permissionsAt, now, keysBefore, keysAfter };
  for (const part of changedParts(before, after, now)) {
    if (part === undefined) yield undefined;
    else yield* compareSubject(comparison, part.region, part.subject);
  }
}
