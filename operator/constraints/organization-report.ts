import { readWindow } from "../../engine/compile/windows.ts";
import { type YieldingDefault, yieldingIn } from "../../engine/defaults/yielding-in.ts";
import { countHolders, type Shortage } from "../../engine/delegate/min-holders.ts";
import { type VoidedGrant, voidedGrants } from "../../engine/diagnose/voided-grants.ts";
import { byName } from "../../engine/model/order.ts";
import { objectKey } from "../../engine/model/references.ts";
import { formatScope, Level, levelName } from "../../engine/model/scope.ts";
import { type ScopeNode, scopesOf, targetOfScope } from "../../engine/model/scope-tree.ts";
import type { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";

/** What constraints do in one organization, or at Platform. */
export interface OrganizationReport {
  readonly voided: readonly VoidedGrant[];
  readonly yielding: readonly YieldingDefault[];
  /** Scopes that have fewer holders than a constraint asks for. */
  readonly shortages: readonly Shortage[];
  /** The first instant after `now` at which a binding begins or ends, in milliseconds since 1970; Infinity: none does. */
  readonly until: number;
}

/**
 * Looks at all that constraints void or miss.
 *
 * @param organization undefined: Platform
 * @param now milliseconds since 1970
 */
export function reportOn(
  world: World,
  policy: Policy,
  organization: string | undefined,
  now: number,
): OrganizationReport {
  return {
    voided: voidedGrants(world, policy, organization, now),
    yielding: organization === undefined ? [] : yieldingIn(world, policy, organization, now),
    shortages: shortagesIn(world, organization, now),
    until: nextEdge(world, organization, now),
  };
}

function shortagesIn(world: World, organization: string | undefined, now: number): Shortage[] {
  const scopes = organization === undefined ? [PLATFORM] : existingScopes(world, organization);
  const constraints = [...world.listLive("AccessConstraint")].sort(byName);
  return constraints.flatMap(({ metadata, spec }) => {
    if (spec.minHolders === undefined) return [];
    const { role, level, count } = spec.minHolders;
    return scopes.flatMap(({ key }) => {
      if (Number(key[0]) !== Level[level]) return [];
      const name = key.slice(1);
      const holders = countHolders(world, role, { kind: level, name }, now);
      const scope = formatScope(levelName(Level[level]), name);
      return holders >= count ? [] : [{ constraint: metadata.name, role, scope, holders, count }];
    });
  });
}

const PLATFORM: ScopeNode = { key: "1", parent: "1" };

function existingScopes(world: World, organization: string): ScopeNode[] {
  return world.live("Organization", organization) === undefined ? [] : scopesOf(world, organization);
}

function nextEdge(world: World, organization: string | undefined, now: number): number {
  const targets =
    organization === undefined
      ? [objectKey("Platform", "")]
      : [...scopesOf(world, organization).map(targetOfScope), objectKey("Platform", "")];
  let next = Number.POSITIVE_INFINITY;
  for (const target of targets) {
    for (const { spec } of world.referring("AccessRoleBinding", target)) {
      const { notBefore, expires } = readWindow(spec.notBefore, spec.expiresAt);
      for (const edge of [notBefore, expires]) if (edge > now && edge < next) next = edge;
    }
  }
  return next;
}
