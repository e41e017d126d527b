import { StepBudget } from "../condition/step-budget.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { checkRight } from "../delegate/can-grant.ts";
import type { SubjectReference } from "../model/objects.generated.ts";
import { hasLevel } from "../model/scope.ts";
import { readSubjectKey } from "../model/subject.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import { untilLoaded } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";
import type { Case } from "./case.ts";

/** As many are told, and looked at. */
const MAX_GRANTORS = 20;
const MAX_LOOKED_AT = 200;
/** Subjects of bindings that are passed over without a pause. */
const BREATH = 256;

export interface Grantors {
  /** As bindings name them, "Kind:name". */
  readonly names: readonly string[];
  readonly hasMore: boolean;
}

/**
 * Who has the right to give a role at a scope of a case's chain: subjects of bindings there and above whose role says so,
 * users and service accounts only if nothing takes the grant away. Groups stand for whoever is in them. Yields now and then.
 *
 * @param role a row of the model
 */
export function* findGrantors(
  own: Case,
  role: number,
  grants: LoadedGrants,
  scope: number,
): Generator<undefined, Grantors> {
  const { policy, now } = own;
  const place = scopeText(grants, scope);
  const names = new Set<string>();
  const budget = new StepBudget();
  let looked = 0;
  for (const holder of holdersOfRight(own, role, grants, scope)) {
    yield undefined;
    if (holder === undefined) continue;
    if (names.size >= MAX_GRANTORS || looked++ >= MAX_LOOKED_AT) return { names: [...names], hasMore: true };
    const actor = { subjectKind: holder.kind, subjectName: holder.name, scope: place };
    const isGroup = holder.kind === "Group" || holder.kind === "AccessGroup";
    const asks = () => hasRight(policy, { ...NOBODY, ...actor }, role, now, budget);
    if (isGroup || (yield* untilLoaded(policy.organizations, asks)))
      names.add(`${holder.kind}:${holder.name}`);
  }
  return { names: [...names], hasMore: false };
}

const NOBODY = { groups: [], permission: "", resourceName: "", activeRoles: [] };

/** @param budget of the conditions of all who are looked at */
function hasRight(
  policy: Policy,
  actor: DecisionRequest,
  role: number,
  now: number,
  budget: StepBudget,
): boolean {
  const question = { actor, verb: "Give", role: policy.model.roles.names[role]! } as const;
  return "scope" in checkRight(policy, question, now, budget);
}

/** The subjects of bindings in force at a scope and above whose role lets its holder give the role there; undefined now and then. */
function* holdersOfRight(
  { policy, now }: Case,
  role: number,
  grants: LoadedGrants,
  scope: number,
): Iterable<SubjectReference | undefined> {
  const { roles } = policy.model;
  const level = grants.levelOf(scope);
  const gives = Uint8Array.from({ length: roles.count }, (_, from) => (mayGive(from) ? 1 : 0));
  function mayGive(from: number): boolean {
    return [...roles.allowsFrom(from)].some((carried) =>
      roles.compiled[carried]!.delegations.some(
        (entry) => entry.give && hasLevel(entry.levels, level) && entry.roles.includes(role),
      ),
    );
  }
  const chain = new Set<number>([0]);
  for (let row = scope; row !== 0; row = grants.parentOf(row)) chain.add(row);
  for (const shard of new Set([grants, policy.platform])) {
    for (let subject = 0; subject < shard.subjects.size; subject++) {
      if (subject % BREATH === 0) yield undefined;
      for (let grant = shard.firstGrant(subject); grant < shard.endOfGrants(subject); grant++) {
        const from = shard.roleOf(grant, policy.model);
        if (from < 0 || gives[from] === 0 || !shard.isInForce(grant, now)) continue;
        if (shard === grants && !chain.has(shard.scopeOf(grant))) continue;
        yield readSubjectKey(shard.subjects.text(subject));
        break;
      }
    }
  }
}
