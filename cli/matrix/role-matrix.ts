import { hasLevel, Level, type LevelName, levelName, levelNames } from "../../engine/model/scope.ts";
import type { World } from "../../engine/model/world.ts";
import { hasBit } from "../../engine/policy/loaded-catalog.ts";
import type { LoadedRoles, NarrowRule } from "../../engine/policy/loaded-roles.ts";
import type { Policy } from "../../engine/policy/policy.ts";

/**
 * How far the rules of a role with one effect reach for a permission: Always; Sometimes (for some resource names or under a
 * condition); Never (there is an Allow rule, but the role may be assigned nowhere at or above the level of the permission).
 */
export type Reach = "Always" | "Sometimes" | "Never";

/** What a role says about a permission. A Deny counts before an Allow. */
export interface MatrixCell {
  readonly role: string;
  readonly permission: string;
  readonly allow?: Reach;
  readonly deny?: "Always" | "Sometimes";
  /** The roles in which the rules stand: the role itself, or ones that it includes. */
  readonly from: readonly string[];
  /** The resource names and conditions that Sometimes hangs on. */
  readonly names?: readonly string[];
  readonly conditions?: readonly string[];
}

export interface MatrixRole {
  readonly name: string;
  /** The organization that owns it. */
  readonly organization?: string;
  readonly assignableAt: readonly LevelName[];
}

export interface RoleMatrix {
  readonly roles: readonly MatrixRole[];
  /** By level, then name. */
  readonly permissions: readonly { readonly name: string; readonly level: LevelName }[];
  /** Only those in which a rule says something; by permission, then role. */
  readonly cells: readonly MatrixCell[];
}

/** Which roles and permissions to show; what is left out is all. */
export interface MatrixFilter {
  readonly levels?: readonly LevelName[] | undefined;
  readonly roles?: readonly string[] | undefined;
  /** Roles that may be given in this organization: those without an organization and its own. */
  readonly organization?: string | undefined;
}

/** What each role says about each permission, as the compiled policy has it: includes, implied verbs and `*` followed. */
export function roleMatrix(world: World, policy: Policy, filter: MatrixFilter = {}): RoleMatrix {
  const { roles } = policy.model;
  const rows = roles.names.map((_, row) => row).filter((row) => isWanted(roles, row, filter));
  const permissions = [...world.catalog.types.values()]
    .sort((a, b) => a.level - b.level)
    .map(({ name, level, verbs }) => ({ name, level: levelName(level), verbs: [...verbs.keys()] }))
    .filter(({ level }) => filter.levels === undefined || filter.levels.includes(level))
    .flatMap(({ name, level, verbs }) => verbs.map((verb) => ({ name: `${name}:${verb}`, level })));
  return {
    roles: rows.map((row) => describeRole(roles, row)),
    permissions,
    cells: permissions.flatMap(({ name }) => rows.flatMap((row) => cellOf(policy, row, name) ?? [])),
  };
}

function isWanted({ names, organizations }: LoadedRoles, row: number, filter: MatrixFilter): boolean {
  const owner = organizations[row]!;
  if (filter.organization !== undefined && owner !== "" && owner !== filter.organization) return false;
  return filter.roles === undefined || filter.roles.includes(names[row]!);
}

function describeRole({ names, organizations, assignable }: LoadedRoles, row: number): MatrixRole {
  const levels = levelNames.filter((level) => hasLevel(assignable[row]!, Level[level]));
  const organization = organizations[row]!;
  return {
    name: names[row]!,
    ...(organization !== "" && { organization }),
    assignableAt: levels,
  };
}

/** What a role, a row of the model, says about a permission; undefined: nothing. */
export function cellOf({ model }: Policy, role: number, permission: string): MatrixCell | undefined {
  const { catalog, roles } = model;
  const number = catalog.find(permission);
  if (number === undefined) return undefined;
  const at = roles.at(role);
  const of = (rules: readonly NarrowRule[]) => rules.filter(({ mask }) => hasBit(mask, 0, number));
  const { all } = roles;
  const narrowAllow = hasBit(all.narrowAllow, at, number) ? of(roles.narrowRules(role).allow) : [];
  const narrowDeny = hasBit(all.narrowDeny, at, number) ? of(roles.narrowRules(role).deny) : [];
  const allow = reachOf(hasBit(all.allow, at, number), narrowAllow);
  const deny = reachOf(hasBit(all.deny, at, number), narrowDeny);
  if (allow === undefined && deny === undefined) return undefined;
  // The bits of the level of the permission and those above it.
  const mayReach = (roles.assignable[role]! & ((2 << catalog.levelOf(number)) - 1)) !== 0;
  const narrow = [...(allow === "Sometimes" ? narrowAllow : []), ...(deny === "Sometimes" ? narrowDeny : [])];
  const names = [...new Set(narrow.flatMap((rule) => rule.names))];
  const conditions = [...new Set(narrow.flatMap(({ condition }) => condition?.source ?? []))];
  return {
    role: roles.names[role]!,
    permission,
    ...(allow && { allow: mayReach ? allow : "Never" }),
    ...(deny && { deny }),
    from: sourcesOf(roles, role, number),
    ...(names.length > 0 && { names }),
    ...(conditions.length > 0 && { conditions }),
  };
}

function reachOf(plain: boolean, narrow: readonly NarrowRule[]): "Always" | "Sometimes" | undefined {
  if (plain) return "Always";
  return narrow.length > 0 ? "Sometimes" : undefined;
}

/** The names of the roles whose own rules say it, the role itself first. */
function sourcesOf(roles: LoadedRoles, role: number, permission: number): string[] {
  const { own } = roles;
  const allowing = roles.allowsFrom(role);
  return [...roles.reaches(role)]
    .filter((from) => {
      const has = (masks: Uint32Array) => hasBit(masks, roles.at(from), permission);
      if (has(own.deny) || has(own.narrowDeny)) return true;
      return allowing.has(from) && (has(own.allow) || has(own.narrowAllow));
    })
    .map((from) => roles.names[from]!);
}
