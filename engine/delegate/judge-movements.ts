import { type ResolvedScope, resolveScope } from "../decide/resolve-scope.ts";
import { finished } from "../model/finished.ts";
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
 * given by the write is looked at together, and what minimums of holders say is asked of the write as a whole elsewhere.
 */
export function judgeMovements(
  grounds: Grounds,
  movements: readonly Movement[],
  { requestedBy, without }: MovementOptions,
): Refusal[] {
  const askers: Asker[] = [{ writer: grounds.writer, path: undefined }];
  if (requestedBy !== undefined)
    askers.push({ writer: { ...requestedBy, groups: [] }, path: "spec.requestedBy" });
  return askers.flatMap((asker) => {
    const asked = movements.filter(
      (movement) => asker.path !== undefined || !grounds.hasVerb(bind(movement)),
    );
    return [
      ...refuseRights(grounds, asker, asked),
      ...refuseReceivers(grounds, asker, asked, movements, without),
    ];
  });
}

/** Who must be allowed to, and the field to name for it; undefined: the field of the target. */
interface Asker {
  readonly writer: Writer;
  readonly path: string | undefined;
}

function bind({ role }: Movement): RbacVerb {
  return { verb: "bind", kind: "AccessRole", name: role };
}

function refuseRights({ policy, now }: Grounds, asker: Asker, movements: readonly Movement[]): Refusal[] {
  const answers = new Map<string, ReturnType<typeof checkRight>>();
  return movements.flatMap((movement) => {
    const { verb, role, scope } = movement;
    const key = `${verb}/${role}/${scope}`;
    const answer =
      answers.get(key) ?? checkRight(policy, { actor: actorAt(asker.writer, scope), verb, role }, now);
    answers.set(key, answer);
    if ("scope" in answer) return [];
    return [refusal(asker, movement, "message" in answer ? answer.message : answer.detail)];
  });
}

/** Judges each target once, by all that it is given. */
function refuseReceivers(
  { policy, now }: Grounds,
  asker: Asker,
  asked: readonly Movement[],
  all: readonly Movement[],
  without: string | undefined,
): Refusal[] {
  const given = Map.groupBy(all.filter(isGive), ({ target }) => formatTarget(target));
  const judged = new Map(asked.filter(isGive).map((movement) => [formatTarget(movement.target), movement]));
  return [...judged].flatMap(([target, movement]) => {
    const grants = (given.get(target) ?? []).flatMap((other) => addedBy(policy, other) ?? []);
    const refused = finished(refuseReceiver(policy, movement.target, grants, now, without));
    return refused === undefined ? [] : [refusal(asker, movement, refused.message)];
  });
}

function isGive({ verb }: Movement): boolean {
  return verb === "Give";
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
