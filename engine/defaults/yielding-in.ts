import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { scopesOf, targetOfScope } from "../model/scope-tree.ts";
import type { World } from "../model/world.ts";
import type { Policy } from "../policy/policy.ts";
import { membershipOfDefault } from "./default-name.ts";
import { findYielding, type Yielding } from "./find-yielding.ts";

/** A default binding that was given and yields to another binding by now. */
export interface YieldingDefault extends Yielding {
  /** The default binding. */
  readonly name: string;
  /** The Membership that owns it. */
  readonly membership: string;
}

/**
 * The default bindings of an organization that are there and yield.
 *
 * @param policy compiled from `world`
 * @param now milliseconds since 1970
 */
export function yieldingIn(
  world: World,
  policy: Policy,
  organization: string,
  now: number,
): YieldingDefault[] {
  const ofMembership = new Map<string, AccessRoleBinding[]>();
  for (const scope of scopesOf(world, organization)) {
    for (const binding of world.referring("AccessRoleBinding", targetOfScope(scope))) {
      const membership = membershipOfDefault(binding);
      if (membership === undefined || !isConstrained(policy, binding)) continue;
      const others = ofMembership.get(membership);
      if (others === undefined) ofMembership.set(membership, [binding]);
      else others.push(binding);
    }
  }
  return [...ofMembership].flatMap(([membership, defaults]) =>
    [...findYielding(policy, organization, defaults, now)].map(([name, yielding]) => ({
      ...yielding,
      name,
      membership,
    })),
  );
}

function isConstrained({ model }: Policy, { spec }: AccessRoleBinding): boolean {
  const role = model.roleRows.get(spec.role);
  return role !== undefined && model.constraints.setsOf(role) !== 0;
}
