import { formatTarget } from "../delegate/receiver.ts";
import { quote } from "../model/quote.ts";
import type { Breach, Party } from "./find-breaches.ts";

/** Says what conflicts with what, and why: a sentence without full stop. */
export function describeBreach({ constraint, roles, subject, grant, by, from }: Breach): string {
  const isAlone = grant.binding === by.binding && grant.role === by.role;
  const what = isAlone
    ? `${describeParty(grant)}, which carries too many by itself`
    : `${describeParty(grant)} beside ${describeParty(by)}`;
  const when = from === undefined ? "" : ` from ${new Date(from).toISOString()} on`;
  const list = roles.map(quote).join(", ");
  const rule =
    constraint.kind === "Exclusive"
      ? `the roles ${list} exclude one another`
      : `nobody may carry more than ${constraint.atMost} of the roles ${list}`;
  return `AccessConstraint ${quote(constraint.name)}: ${formatTarget(subject)} would have ${what}${when}, and ${rule}`;
}

function describeParty({ role, scope, binding }: Party): string {
  return `${quote(role)} at ${scope} (AccessRoleBinding ${quote(binding)})`;
}
