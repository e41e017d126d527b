import type { AccessRole } from "../model/objects.generated.ts";
import { quote } from "../model/quote.ts";
import { holdingsOf } from "./holdings-of.ts";
import type { Grounds, Refusal } from "./judgement.ts";
import { formatTarget } from "./receiver.ts";
import { RoleGraph } from "./role-closure.ts";
import { type Holdings, type Uncovered, uncoveredByWriter } from "./role-coverage.ts";

/** Refuses a role that comes to more than its writer holds, unless RBAC lets it escalate (semantics, section 8). */
export function judgeRole(
  grounds: Grounds,
  before: AccessRole | undefined,
  after: AccessRole | undefined,
): Refusal[] {
  const role = (after ?? before)?.metadata.name;
  if (role === undefined) return [];
  const escalate = { verb: "escalate", kind: "AccessRole", name: role } as const;
  if (grounds.hasVerb(escalate)) return [];
  const { world, policy, writer, now } = grounds;
  const graph = new RoleGraph(world.listLive("AccessRole"));
  const known = new Map<string, Holdings>();
  const holdingsAt = (place: string) => {
    let holdings = known.get(place);
    if (holdings === undefined) known.set(place, (holdings = holdingsOf(policy, graph, writer, place, now)));
    return holdings;
  };
  const remedy = `let somebody write it who holds it, or be allowed the verb "escalate" on AccessRole ${quote(role)}`;
  return uncoveredByWriter(world, before, after, holdingsAt).map((gap) => ({
    path: PATHS[gap.kind],
    message: `AccessRole ${quote(gap.role)} ${describe(gap, formatTarget(writer))}; ${remedy}`,
    liftedBy: escalate,
  }));
}

const PATHS: Readonly<Record<Uncovered["kind"], string>> = {
  Allow: "spec.rules",
  Deny: "spec.rules",
  Grants: "spec.grants",
  Level: "spec.assignableAt",
};

function describe({ kind, what, place }: Uncovered, writer: string): string {
  switch (kind) {
    case "Allow":
      return `would come to allow ${what}, which ${writer} does not hold without condition at ${place}`;
    case "Grants":
      return `would come to let its holders ${what}, which ${writer} may not without condition at ${place}`;
    case "Deny":
      return `would no longer deny all of ${what}`;
    case "Level":
      return `would come to be assignable at ${what}`;
  }
}
