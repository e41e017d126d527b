import { type ResolvedScope, resolveScope } from "../decide/resolve-scope.ts";
import type { PrincipalReference } from "../model/objects.generated.ts";
import { quote } from "../model/quote.ts";
import type { Movement } from "./binding-changes.ts";
import { checkRight } from "./can-grant.ts";
import type { AddedGrant } from "./find-conflict.ts";
import type { Grounds, RbacVerb, Refusal } from "./judgement.ts";
import { formatTarget, refuseReceiver } from "./receiver.ts";
import { actorAt, type Writer } from "./writer.ts";

/** How roles that a write moves are judged. */
export interface MovementOptions {
  /** On whose behalf it is written: they must pass too, whatever the writer may. */
  readonly requestedBy?: PrincipalReference | undefined;
  /** The binding that is written: what it gives now is not held against what it will give. */
  readonly without?: string | undefined;
}

/**
 * Refuses what the writer, and on whose behalf it writes, may not give or take (semantics, section 8). All that a target is
 * given by the write is looked at together, and what minimums of holders say is asked of the write as a whole elsewhere. Of many
 * refusals some are told, and one at least for each verb that would lift it. Pauses now and then.
 *
 * @param movements to be told anew whenever they are asked for
 */
export function* judgeMovements(
  grounds: Grounds,
  movements: () => Iterable<Movement>,
  { requestedBy, without }: MovementOptions,
): Generator<undefined, Refusal[]> {
  const askers: Asker[] = [{ writer: grounds.writer, path: undefined }];
  if (requestedBy !== undefined)
    askers.push({ writer: { ...requestedBy, groups: [] }, path: "spec.requestedBy" });
  const refusals: Refusal[] = [];
  for (const asker of askers) {
    const refused = new RefusalList();
    yield* refuseRights(grounds, asker, movements(), refused);
    yield* refuseReceivers(grounds, asker, movements(), without, refused);
    refusals.push(...refused.all);
  }
  return refusals;
}

/** Who must be allowed to, and the field to name for it; undefined: the field of the target. */
interface Asker {
  readonly writer: Writer;
  readonly path: string | undefined;
}

function bind({ role }: Movement): RbacVerb {
  return { verb: "bind", kind: "AccessRole", name: role };
}

/** Whether the asker needs a right to the movement: RBAC may stand in for a writer, for nobody else. */
function isAsked({ hasVerb }: Grounds, { path }: Asker, movement: Movement): boolean {
  return path !== undefined || !hasVerb(bind(movement));
}

function* refuseRights(
  grounds: Grounds,
  asker: Asker,
  movements: Iterable<Movement>,
  refused: RefusalList,
): Generator<undefined, void> {
  const { policy, now } = grounds;
  const answers = new Map<string, ReturnType<typeof checkRight>>();
  let looked = 0;
  for (const movement of movements) {
    if (looked++ % BREATH === 0) yield undefined;
    if (!isAsked(grounds, asker, movement)) continue;
    const { verb, role, scope } = movement;
    const key = `${verb}/${role}/${scope}`;
    const answer =
      answers.get(key) ?? checkRight(policy, { actor: actorAt(asker.writer, scope), verb, role }, now);
    answers.set(key, answer);
    if (!("scope" in answer))
      refused.add(bind(movement), () =>
        refusal(asker, movement, "message" in answer ? answer.message : answer.detail),
      );
  }
}

/** Judges each target once, by all that it is given. */
function* refuseReceivers(
  grounds: Grounds,
  asker: Asker,
  movements: Iterable<Movement>,
  without: string | undefined,
  refused: RefusalList,
): Generator<undefined, void> {
  const { policy, now } = grounds;
  const given = new Map<string, { asked: Movement | undefined; readonly grants: AddedGrant[] }>();
  let looked = 0;
  for (const movement of movements) {
    if (looked++ % BREATH === 0) yield undefined;
    if (movement.verb !== "Give") continue;
    const target = formatTarget(movement.target);
    let known = given.get(target);
    if (known === undefined) given.set(target, (known = { asked: undefined, grants: [] }));
    const grant = addedBy(policy, movement);
    if (grant !== undefined) known.grants.push(grant);
    if (isAsked(grounds, asker, movement)) known.asked = movement;
  }
  for (const { asked, grants } of given.values()) {
    if (asked === undefined) continue;
    const why = yield* refuseReceiver(policy, asked.target, grants, now, without);
    if (why !== undefined) refused.add(bind(asked), () => refusal(asker, asked, why.message));
  }
}

/** Movements that are looked at without a pause. */
const BREATH = 1024;

/** Refusals that are told of one asker. */
const MOST = 20;

/** Some of many refusals, and the first of each verb that would lift it. */
class RefusalList {
  readonly all: Refusal[] = [];
  readonly #verbs = new Set<string>();

  add({ name }: RbacVerb, make: () => Refusal): void {
    if (this.all.length >= MOST && this.#verbs.has(name)) return;
    this.#verbs.add(name);
    this.all.push(make());
  }
}

/** Undefined where the role or the scope does not exist: the right to give it is refused then. */
function addedBy(policy: Grounds["policy"], { role, scope }: Movement): AddedGrant | undefined {
  const row = policy.model.roleRows.get(role);
  const place: ResolvedScope | undefined = resolveScope(policy, scope);
  return row === undefined || place === undefined ? undefined : { role: row, place };
}

function refusal(asker: Asker, movement: Movement, why: string): Refusal {
  const { verb, role, scope, target, path } = movement;
  const who = formatTarget(asker.writer);
  const [what, whom] = verb === "Give" ? ["give", "to"] : ["take", "from"];
  const remedy =
    asker.path === undefined
      ? `let somebody write it who may, or be allowed the verb "bind" on AccessRole ${quote(role)}`
      : "leave the field out, or name who may";
  const message = `${who} may not ${what} AccessRole ${quote(role)} at ${scope} ${whom} ${formatTarget(target)}: ${why}; ${remedy}`;
  return {
    path: asker.path ?? path,
    message,
    liftedBy: asker.path === undefined ? bind(movement) : undefined,
  };
}
