import type { AccessConstraint } from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import type { LintRule } from "./lint-rule.ts";

/** Constraints that together void what each of them would let stand. */
export const opposingConstraints: LintRule = {
  name: "OpposingConstraints",
  severity: "warning",
  meaning:
    "Two constraints speak of the same two roles and contradict each other: an exclusive set keeps one of them, and the other constraint voids just that one, so a subject with both roles is left with neither.",
  remedy: "Give both sets the same order, or let one constraint alone speak of the two roles.",
  *check(world) {
    const constraints = [...world.listLive("AccessConstraint")].sort(byName);
    for (const [index, one] of constraints.entries()) {
      for (const other of constraints.slice(0, index)) {
        const pair = conflict(one, other) ?? conflict(other, one);
        if (pair === undefined) continue;
        const field =
          one.spec.exclusive === undefined ? "spec.separationOfDuty.roles" : "spec.exclusive.roles";
        const message = `of "${pair.join('" and "')}" neither stays, since AccessConstraint "${other.metadata.name}" says otherwise`;
        yield { kind: "AccessConstraint", name: one.metadata.name, field, message };
      }
    }
  },
};

/** Two roles of which `one`, an exclusive set, keeps what `other` voids. */
function conflict(one: AccessConstraint, other: AccessConstraint): [string, string] | undefined {
  const kept = one.spec.exclusive?.roles;
  if (kept === undefined) return undefined;
  const { exclusive, separationOfDuty } = other.spec;
  if (exclusive !== undefined) return firstReversed(kept, exclusive.roles);
  const { roles = [], atMost = 1, mode = "Static" } = separationOfDuty ?? {};
  const [first, second] = kept.filter((role) => roles.includes(role));
  if (mode === "Dynamic" || atMost > 1 || first === undefined || second === undefined) return undefined;
  return [first, second];
}

/** The first two roles that stand in both lists, in another order. Roles stand in a list once. */
function firstReversed(
  one: readonly string[],
  other: readonly string[],
): [first: string, second: string] | undefined {
  const shared = one.filter((role) => other.includes(role));
  for (const [index, role] of shared.entries()) {
    const after = shared[index + 1];
    if (after !== undefined && other.indexOf(after) < other.indexOf(role)) return [role, after];
  }
  return undefined;
}
