import fc from "fast-check";
import { decide } from "../../engine/decide/decide.ts";
import { gatherKeys } from "../../engine/decide/gather-keys.ts";
import { KeySet } from "../../engine/decide/key-set.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { findMalformed } from "../../engine/decide/request.ts";
import { resolveScope } from "../../engine/decide/resolve-scope.ts";
import { canGrantInSteps } from "../../engine/delegate/can-grant.ts";
import { listGrantable } from "../../engine/delegate/list-grantable.ts";
import { listPermissions } from "../../engine/enumerate/list-permissions.ts";
import { listScopes } from "../../engine/enumerate/list-scopes.ts";
import { listSubjects } from "../../engine/enumerate/list-subjects.ts";
import { explainInSteps } from "../../engine/explain/explain.ts";
import { untilLoaded } from "../../engine/policy/organizations.ts";
import { loadOrganization, Policy } from "../../engine/policy/policy.ts";
import { OrganizationsOnDemand } from "../../sidecar/shards/organizations-on-demand.ts";
import { PinnedOrganizations } from "../../sidecar/shards/pinned-organizations.ts";
import { anyWorld } from "../worlds/any-world.ts";
import { delegationSeed, delegationWorld, questionOf } from "../worlds/delegation.ts";
import { now } from "../worlds/instants.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import { compile, toDecisionRequest } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** A policy, and what brings the shard that work on it waits for. */
interface Shelf {
  readonly policy: Policy;
  supply(): void;
}

/** Work that yields where it is time to bring what it waits for. */
type Work = (policy: Policy, request: DecisionRequest, instant: number) => Iterator<unknown, unknown>;

function* deciding(policy: Policy, request: DecisionRequest, instant: number) {
  return yield* untilLoaded(policy.organizations, () => decide(policy, request, instant));
}

const works: Readonly<Record<string, Work>> = {
  decide: deciding,
  permissions: (policy, request, instant) => listPermissions(policy, request, instant)[Symbol.iterator](),
  scopes: listScopes,
  "scopes with any permission": (policy, request, instant) =>
    listScopes(policy, { ...request, permission: "" }, instant),
  subjects: (policy, { token: _, ...request }, instant) => listSubjects(policy, request, instant),
  grantable: listGrantable,
  explain: explainInSteps,
};

/** Organizations that come one at a time and go again change no answer. */
export const onDemandLaws: readonly Law[] = [
  law(
    "what is answered with organizations that come when they are needed is what is answered with all in memory",
    400,
    fc.property(worldWithRequests(anyWorld, 4, 3), now, ({ objects, requests }, instant) => {
      const { resident, onDemand } = shelvesOf(compile(objects));
      for (const request of requests) {
        const asked = toDecisionRequest(resident.policy, request, instant);
        if (findMalformed(asked) !== undefined) continue;
        for (const [name, work] of Object.entries(works)) {
          const [wanted, found] = [resident, onDemand()].map((shelf) => answer(shelf, work, asked, instant));
          if (wanted === found) continue;
          throw new Error(showCase(objects, { name, request, now: new Date(instant), wanted, found }));
        }
      }
    }),
  ),
  law(
    "who may give and take what is the same with organizations that come when they are needed",
    400,
    fc.property(
      delegationWorld,
      fc.array(delegationSeed, { minLength: 1, maxLength: 4, size: "max" }),
      now,
      (objects, seeds, instant) => {
        const { resident, onDemand } = shelvesOf(compile(objects));
        for (const seed of seeds) {
          const question = questionOf(seed, objects);
          const work: Work = (policy) => canGrantInSteps(policy, question, instant);
          const [wanted, found] = [resident, onDemand()].map((shelf) =>
            answer(shelf, work, question.actor, instant),
          );
          if (wanted === found) continue;
          throw new Error(showCase(objects, { question, now: new Date(instant), wanted, found }));
        }
      },
    ),
  ),
];

function shelvesOf(compiled: ReturnType<typeof compile>) {
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  const bytesOf = (hash: string) => bytes.get(hash) as Uint8Array;
  const resident = { policy: Policy.load(compiled, bytesOf), supply() {} };
  const refuse = () => Promise.reject(new Error("nobody waits here"));
  const never = { resident: () => undefined, load: refuse, fetch: refuse };
  return {
    resident,
    /** Nothing is in memory but what the work holds. */
    onDemand(): Shelf {
      const policy = Policy.load(
        compiled,
        bytesOf,
        undefined,
        (hashes) => new PinnedOrganizations(new OrganizationsOnDemand(never, compiled.domain, hashes)),
      );
      const organizations = policy.organizations as PinnedOrganizations;
      const hashOf = (name: string) => compiled.shards.find(({ id }) => id === `organization/${name}`)!.hash;
      return {
        policy,
        supply() {
          const { needed } = organizations;
          if (needed !== undefined) organizations.supply(loadOrganization(needed, bytesOf(hashOf(needed))));
        },
      };
    },
  };
}

/** What work comes to, as text: what it yields and what it returns, or what it throws. */
function answer(shelf: Shelf, work: Work, request: DecisionRequest, instant: number): string {
  const { policy, supply } = shelf;
  const told: unknown[] = [];
  try {
    settle(shelf, request, instant);
    const steps = work(policy, request, instant);
    for (;;) {
      const { done, value } = steps.next();
      if (value !== undefined) told.push(value);
      if (done) return JSON.stringify(told);
      supply();
    }
  } catch (error) {
    return String(error);
  }
}

/** As the doors do before they list: what the subject and the scope ask for is brought first. */
function settle({ policy, supply }: Shelf, request: DecisionRequest, instant: number): void {
  const { organizations } = policy;
  const steps = untilLoaded(organizations, () => {
    gatherKeys(new KeySet(), policy, request, instant);
    resolveScope(policy, request.scope);
  });
  while (!steps.next().done) supply();
  if (organizations instanceof PinnedOrganizations) organizations.keep();
}
