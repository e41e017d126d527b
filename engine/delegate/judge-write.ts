import { finished } from "../model/finished.ts";
import type { ObjectOf, SidegateObject } from "../model/objects.generated.ts";
import { quote } from "../model/quote.ts";
import { bindingMovements } from "./binding-changes.ts";
import type { Change } from "./change.ts";
import { groupMovements } from "./group-movements.ts";
import { judgeMembership } from "./judge-membership.ts";
import { judgeMovements } from "./judge-movements.ts";
import { judgeRole } from "./judge-role.ts";
import type { Grounds, Refusal } from "./judgement.ts";
import { brokenMinimums } from "./min-holders.ts";

/**
 * Why a write is refused, besides what RBAC says of its kind (semantics, section 8): the writer may not give or take the roles
 * that it moves, not admit or remove the member, does not hold what the role comes to; or it would leave a scope with too few
 * holders of a role (section 6). Empty: it is not.
 *
 * The caller does not ask where nothing is refused: in a terminating namespace, and for what the operator itself writes.
 */
export function judgeWrite(grounds: Grounds, change: Change): Refusal[] {
  return finished(judgeWriteInSteps(grounds, change));
}

/** The same in steps, so that the caller may let others in between. */
export function* judgeWriteInSteps(
  grounds: Grounds,
  { before, after }: Change,
): Generator<undefined, Refusal[]> {
  const refusals = yield* judgeKind(grounds, before, after);
  return [...refusals, ...judgeMinimums(grounds, { before, after })];
}

function* judgeKind(
  grounds: Grounds,
  before: SidegateObject | undefined,
  after: SidegateObject | undefined,
): Generator<undefined, Refusal[]> {
  switch ((after ?? before)?.kind) {
    case "AccessRoleBinding": {
      const [old, now] = both("AccessRoleBinding", before, after);
      const options = { requestedBy: now?.spec.requestedBy, without: old?.metadata.name };
      const movements = bindingMovements(old, now);
      return yield* judgeMovements(grounds, () => movements, options);
    }
    case "AccessGroup": {
      const [old, now] = both("AccessGroup", before, after);
      return yield* judgeMovements(grounds, () => groupMovements(grounds.world, old, now, grounds.now), {});
    }
    case "Membership":
      return judgeMembership(grounds, ...both("Membership", before, after));
    case "AccessRole":
      return judgeRole(grounds, ...both("AccessRole", before, after));
    default:
      return [];
  }
}

/** Both states of an object, which are of one kind. */
function both<K extends SidegateObject["kind"]>(
  kind: K,
  before: SidegateObject | undefined,
  after: SidegateObject | undefined,
): [ObjectOf<K> | undefined, ObjectOf<K> | undefined] {
  const of = (object: SidegateObject | undefined) =>
    object?.kind === kind ? (object as ObjectOf<K>) : undefined;
  return [of(before), of(after)];
}

function judgeMinimums({ world, now }: Grounds, change: Change): Refusal[] {
  return brokenMinimums(world, change, now).map(({ constraint, role, scope, holders, count }) => {
    const left = `${scope} with ${holders} of the ${count} Users that must hold AccessRole ${quote(role)} for good`;
    const message = `AccessConstraint ${quote(constraint)}: the write would leave ${left}; bind another User first`;
    return { path: "spec", message, liftedBy: undefined };
  });
}
