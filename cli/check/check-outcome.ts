import type { Explanation } from "../../client/check.ts";
import { formatLabels } from "../format-labels.ts";

/** The answer to a check, as it is printed. */
export interface CheckOutcome {
  readonly decision: "allow" | "deny";
  readonly allowed: boolean;
  /** "User:ada" */
  readonly subject: string;
  readonly permission: string;
  readonly scope: string;
  readonly reason: string;
  /** What is wrong with the token, where it is not valid and this process verified it. */
  readonly detail?: string;
  /** Of denials: what the subject may learn. */
  readonly disclosure?: "Forbidden" | "NotFound";
  readonly publicReason?: string;
  /** With WrongLevel: where the permission's type lives. */
  readonly level?: string;
  readonly revision: string;
  /** The grant that decided, if one did. */
  readonly grant?: Explanation;
}

/** What reasons mean, for people. */
export const meanings: Readonly<Record<string, string>> = {
  Allowed: "a grant allows it",
  Stale: "the policy is older than the domain's staleness bound",
  InvalidToken: "the token is not valid",
  UnknownScope: "there is no such scope",
  UnknownPermission: "no catalog has this type and verb",
  WrongLevel: "the permission's type lives at another level of the scope tree",
  Suspended: "the organization is suspended",
  SeparationOfDuty: "the active roles must not be used together",
  TokenDenied: "the token narrows the permission away",
  ExplicitDeny: "a Deny rule matches",
  NoGrant: "no grant allows it",
};

/** The answer for people. */
export function formatOutcome(outcome: CheckOutcome): string {
  const { decision, subject, permission, scope, reason, detail, level, revision, grant } = outcome;
  const meaning = meanings[reason];
  const isDeny = reason === "ExplicitDeny";
  return (
    `${decision}  ${subject} ${permission} ${scope}\n` +
    formatLabels([
      ["reason", meaning === undefined ? reason : `${reason}: ${meaning}`],
      ["detail", detail],
      ["level", level],
      ["tell", tell(outcome)],
      ["binding", grant && `${grant.binding}, to ${grant.subject}`],
      ["role", grant && `${grant.role} at ${grant.scope}`],
      ["rule", grant && `${isDeny ? "Deny" : "Allow"} in role ${grant.ruleRole}`],
      ["revision", revision],
    ])
  );
}

function tell({ allowed, disclosure, publicReason }: CheckOutcome): string | undefined {
  if (allowed) return undefined;
  if (disclosure === "Forbidden")
    return `Forbidden (403)${publicReason === undefined ? "" : `, ${publicReason}`}`;
  return "NotFound (404), as if there were no such scope";
}
