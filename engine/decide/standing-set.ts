import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { HeldRoles, type Part } from "./held-roles.ts";
import type { Place } from "./place.ts";
import type { StandingGrant } from "./standing-grant.ts";

/**
 * The standing grants of one subject in a shard and at Platform, arranged once, so that the units at many scopes of the shard
 * are made without looking at all of them each time.
 */
export class StandingSet {
  readonly all: readonly StandingGrant[];
  readonly #model: LoadedModel;
  readonly #platform: LoadedGrants;
  readonly #wide = new Map<LoadedConstraint, HeldRoles>();
  #wideParts: PartsByConstraint | undefined;
  #members: Set<StandingGrant> | undefined;
  #byRow: Map<LoadedGrants, Map<number, StandingGrant>> | undefined;
  // Indexes in `all`.
  #byScope: Map<LoadedGrants, Map<number, number[]>> | undefined;

  constructor({ model, platform }: Policy, all: readonly StandingGrant[]) {
    this.all = all;
    this.#model = model;
    this.#platform = platform;
  }

  /** The grant of a shard, if it stands. */
  find(grants: LoadedGrants, grant: number): StandingGrant | undefined {
    this.#byRow ??= arrangeByRow(this.all);
    return this.#byRow.get(grants)?.get(grant);
  }

  has(grant: StandingGrant): boolean {
    this.#members ??= new Set(this.all);
    return this.#members.has(grant);
  }

  /** Those that apply at a place, in order. */
  at({ grants, row }: Place): StandingGrant[] {
    this.#byScope ??= arrangeByScope(this.all);
    const found: number[][] = [this.#byScope.get(this.#platform)?.get(0) ?? []];
    const own = grants === this.#platform ? undefined : this.#byScope.get(grants);
    for (let scope = row; own !== undefined; scope = grants.parentOf(scope)) {
      found.push(own.get(scope) ?? []);
      if (scope === 0) break;
    }
    const indexes = found.flat().sort((a, b) => a - b);
    return indexes.map((index) => this.all[index]!);
  }

  /** What is held of a constraint whose unit is a whole organization: the same at each of its scopes. */
  wide(constraint: LoadedConstraint): HeldRoles {
    const known = this.#wide.get(constraint);
    if (known !== undefined) return known;
    this.#wideParts ??= partsByConstraint(this.#model, this.#platform, this.all);
    const held = new HeldRoles(constraint, this.#wideParts.get(constraint) ?? []);
    this.#wide.set(constraint, held);
    return held;
  }
}

type PartsByConstraint = ReadonlyMap<LoadedConstraint, readonly Part[]>;

/**
 * What grants hold of the roles of constraints. Of grants of the same role only the first is taken, of defaults and of those at
 * Platform apart: constraints ask no more of them.
 */
export function partsByConstraint(
  { constraints }: LoadedModel,
  platform: LoadedGrants,
  standing: readonly StandingGrant[],
): PartsByConstraint {
  const parts = new Map<LoadedConstraint, Part[]>();
  const seen = new Set<number>();
  for (const grant of standing) {
    const isAtPlatform = grant.grants === platform;
    const alike = grant.role * 4 + (isAtPlatform ? 2 : 0) + (grant.isDefault ? 1 : 0);
    if (seen.has(alike)) continue;
    seen.add(alike);
    for (const { constraint, members } of constraints.of(grant.role))
      addTo(parts, constraint, { grant, members, isAtPlatform });
  }
  return parts;
}

function arrangeByRow(standing: readonly StandingGrant[]): Map<LoadedGrants, Map<number, StandingGrant>> {
  const byRow = new Map<LoadedGrants, Map<number, StandingGrant>>();
  for (const grant of standing) mapIn(byRow, grant.grants).set(grant.grant, grant);
  return byRow;
}

function arrangeByScope(standing: readonly StandingGrant[]): Map<LoadedGrants, Map<number, number[]>> {
  const byScope = new Map<LoadedGrants, Map<number, number[]>>();
  for (const [index, { grants, scope }] of standing.entries()) addTo(mapIn(byScope, grants), scope, index);
  return byScope;
}

function mapIn<K, V>(maps: Map<K, Map<number, V>>, key: K): Map<number, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const map = new Map<number, V>();
  maps.set(key, map);
  return map;
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}
