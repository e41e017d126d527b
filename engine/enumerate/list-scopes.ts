import { KeySet } from "../decide/key-set.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { formatScope, Level, levelName } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import { visitOrganization } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { askerOf } from "./asker.ts";
import { firstFrom, successor } from "./first-from.ts";
import type { Holding } from "./holding.ts";
import { ShardScopes, type WantedAt } from "./shard-scopes.ts";

/** Who asks, and what; an empty permission: any. */
export type ScopesRequest = Omit<DecisionRequest, "scope">;

export interface HeldScope {
  /** "platform", "environment/acme-prod". */
  readonly scope: string;
  readonly holding: Holding;
  /** What to go on after. */
  readonly key: string;
}

/**
 * Where a subject has a permission, or any of the scope's level (semantics, section 11): Platform first, then by
 * organization, level and name. Yields undefined now and then on the way, so that the caller may let others in.
 *
 * @param request well-formed
 * @param now milliseconds since 1970
 * @param after the key after which to go on; empty: from the start
 */
export function* listScopes(
  policy: Policy,
  request: ScopesRequest,
  now: number,
  after = "",
): Generator<HeldScope | undefined> {
  const asker = askerOf(policy, request);
  const wanted = wantedAt(policy, request.permission);
  if (asker === undefined || wanted === undefined) return;
  const keys = new KeySet();
  asker.fill(keys, now);
  const slash = after.indexOf("/");
  const start = { organization: after.slice(0, Math.max(slash, 0)), scope: after.slice(slash + 1) };
  const platform = new ShardScopes(asker, keys, policy.platform, wanted, now);
  if (after === "") yield* entriesFrom(0, policy.platform, platform);
  // INVARIANT: the shards of a policy are ordered by id, so its organizations are by name.
  for (const name of policy.organizations.keys()) {
    yield undefined;
    if (name < start.organization) continue;
    const grants = yield* visitOrganization(policy, name);
    if (grants.suspended) continue;
    const first = name === start.organization ? firstFrom(grants.scopes, successor(start.scope)) : 0;
    const own = new ShardScopes(asker, keys, grants, wanted, now);
    if (!own.isBare) yield* entriesFrom(first, grants, own);
    else if (isAnything(platform))
      yield* entriesFrom(first, grants, { looks: 0, at: (_, level) => platform.at(0, level) });
  }
}

/** Whether what is held at Platform is held somewhere below it. */
function isAnything(platform: ShardScopes): boolean {
  return belowPlatform.some((level) => platform.at(0, level) !== undefined);
}

const belowPlatform = [Level.Organization, Level.Workspace, Level.Environment];

/** What is held where, and how often that had to be looked up, which takes long where much is bound. */
type Holdings = Pick<ShardScopes, "at" | "looks">;

function* entriesFrom(
  first: number,
  grants: LoadedGrants,
  holdings: Holdings,
): Generator<HeldScope | undefined> {
  let looks = 0;
  for (let row = first; row < grants.scopes.size; row++) {
    const level = grants.levelOf(row);
    const holding = holdings.at(row, level);
    if (holding === undefined) {
      if (row % BREATH === 0 || holdings.looks !== looks) yield undefined;
      looks = holdings.looks;
      continue;
    }
    const key = grants.scopes.text(row);
    const scope = formatScope(levelName(level), key.slice(1));
    yield { scope, holding, key: `${grants.organization}/${key}` };
  }
}

/** Scopes that are looked at without a pause. */
const BREATH = 256;

/** Undefined: nothing is. */
function wantedAt({ model: { catalog } }: Policy, permission: string): WantedAt | undefined {
  if (permission !== "") {
    const number = catalog.find(permission);
    if (number === undefined) return undefined;
    const wanted = [number];
    return (level) => (level === catalog.levelOf(number) ? wanted : NOTHING);
  }
  const byLevel: number[][] = [[], [], [], [], []];
  for (const [, number] of catalog.permissions) byLevel[catalog.levelOf(number)]!.push(number);
  return (level) => byLevel[level]!;
}

const NOTHING: readonly number[] = [];
