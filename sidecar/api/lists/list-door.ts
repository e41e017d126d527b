import { findActiveRoles } from "../../../engine/decide/active-roles.ts";
import type { DecisionRequest } from "../../../engine/decide/request.ts";
import { findObstacle, type ListedFor } from "../../../engine/enumerate/find-obstacle.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { quote } from "../../../engine/model/quote.ts";
import type { Policy } from "../../../engine/policy/policy.ts";
import type { Clock } from "../../../host/clock.ts";
import { type CheckRequest, Reason } from "../../../proto/generated/decision.js";
import { awaitShards, byOnePolicy, patienceOf, settled } from "../../shards/with-shards.ts";
import { awaitPosition, missingPosition, type WaitingPolicies } from "../await-position.ts";
import type { Call, Door } from "../call.ts";
import { type Asked, proveToken, readAsked, type Tokens } from "../check/decide-check.ts";
import { RequestError } from "../request-error.ts";
import { reasons } from "../responses.ts";
import type { Turns } from "../turns.ts";
import { formatPageToken, type ListIdentity, readPageToken } from "./list-page-token.ts";
import { readListRequest } from "./list-request.ts";
import { takePage } from "./take-page.ts";

/** Completes the query of a list that names no permission. */
export const SOME_PERMISSION = "some:permission";

/** One of the lists. */
export interface List<Entry> {
  /** "/package.Service/Method". */
  readonly path: string;
  /** The name of its request, for errors. */
  readonly message: string;
  /** The query with what it lacks to be a check. Throws a RequestError for a part that the list does not take. */
  complete(query: CheckRequest): CheckRequest;
  /** Entries after a key, in order; undefined now and then. Of what the query lacks the request says nothing sensible. */
  entries(policy: Policy, request: DecisionRequest, now: number, after: string): Iterable<Entry | undefined>;
  keyOf(entry: Entry): string;
  /** About how many characters an entry takes. */
  lengthOf(entry: Entry): number;
  encode(entries: readonly Entry[], page: PageFacts): Buffer;
}

/** What the response says of a page besides its entries. */
export interface PageFacts {
  readonly nextPageToken: string;
  readonly revision: string;
  readonly obstacle: Reason;
}

/** What the doors for lists use. */
export interface ListTools {
  readonly policies: WaitingPolicies;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Shared by all that work long. */
  readonly turns: Turns;
}

/** The door for a list. */
export function listDoor<Entry>(list: List<Entry>, { policies, tokens, clock, turns }: ListTools): Door {
  return {
    path: list.path,
    handle: (bytes, call) => byOnePolicy(() => listed(bytes, call)),
  };

  async function listed(bytes: Uint8Array, call: Call): Promise<Buffer> {
    // Reading thousands of groups takes a while as well.
    await turns.next();
    const { query, pageSize, pageToken } = readListRequest(bytes, list.message);
    const check = list.complete(query);
    const missing = missingPosition(policies, check, clock.wallTime());
    if (missing !== undefined) await awaitPosition(policies, missing, call, clock.wallTime());
    const wall = clock.wallTime();
    const asked = readAsked(policies, check, wall);
    requireFresh(asked);
    const proven = await proveToken(tokens, check, asked, wall);
    requireActiveRoles(proven);
    const request = { ...proven.request, permission: query.permission, scope: query.scope };
    const patience = patienceOf(call, wall);
    const policy = await settled(proven.policy, request, wall, patience);
    const identity = identityOf(list.path, policy, request);
    const after = readPageToken(identity, pageToken);
    const entries = list.entries(policy, request, wall, after);
    const loading = () => awaitShards(policy, patience);
    const taking = { clock, turns, signal: call.signal, loading };
    const page = await takePage(entries, pageSize, list.lengthOf, taking);
    const obstacle =
      page.entries.length > 0 ? undefined : findObstacle(policy, aboutOf(query, request), wall);
    return list.encode(page.entries, {
      nextPageToken: page.last === undefined ? "" : formatPageToken(identity, list.keyOf(page.last)),
      revision: policy.revision,
      obstacle: obstacle === undefined ? Reason.REASON_UNSPECIFIED : reasons[obstacle],
    });
  }
}

/** Lists that are not of subjects say who asks. */
function aboutOf(query: CheckRequest, request: DecisionRequest): ListedFor {
  const isOfSubjects = query.subject === null && query.token === "";
  return { scope: query.scope, permission: query.permission, asker: isOfSubjects ? undefined : request };
}

/** An empty list would look like an answer, so a policy that is too old gives none, whatever the domain says of checks. */
function requireFresh({ policy, request }: Asked): void {
  if (!request.stale) return;
  const domain = quote(policy.domain);
  throw new SidegateError(
    "SG3002",
    `the policy of domain ${domain} is older than its bound, so it lists nothing`,
  );
}

/** As for a check, a token that is not valid comes first: with one, nothing is allowed. */
function requireActiveRoles({ policy, request }: Asked): void {
  if (request.token?.valid === false) return;
  const active = findActiveRoles(policy, request.activeRoles);
  if (typeof active === "string") throw new RequestError("active_roles", active);
}

/** All of a query that the list hangs on. */
function identityOf(path: string, policy: Policy, request: DecisionRequest): ListIdentity {
  const { token, subjectKind, subjectName, groups, permission, scope, activeRoles } = request;
  const bearer = token?.valid ? [token.policy, token.subject, request.resourceAttributes ?? {}] : [];
  const sorted = (names: readonly string[]) => [...names].sort();
  return [
    path,
    policy.domain,
    subjectKind,
    subjectName,
    sorted(groups),
    permission,
    scope,
    sorted(activeRoles),
    bearer,
  ];
}
