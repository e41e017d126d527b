import fc, { type Arbitrary } from "fast-check";
import type {
  AccessGroup,
  Membership,
  PrincipalReference,
  SubjectReference,
} from "../../engine/model/objects.generated.ts";
import { build, subjectReference } from "./build.ts";
import { instant } from "./instants.ts";
import { assertedGroups, GHOST, groups, serviceAccounts, users } from "./names.ts";
import { compact, seldom, weighted } from "./often.ts";
import { attributes, organizationName } from "./scopes.ts";

/** Who asks and who is a member: ann more often than all others. */
export const principal: Arbitrary<PrincipalReference> = weighted<PrincipalReference>(
  [5, { kind: "User", name: users[0] }],
  [2, fc.constantFrom(...users).map((name) => ({ kind: "User", name }))],
  [1, fc.constantFrom(...serviceAccounts).map((name) => ({ kind: "ServiceAccount", name }))],
);

/** Who may be bound or be in a group. */
const subject: Arbitrary<SubjectReference> = weighted<SubjectReference>(
  [6, principal],
  [3, fc.constantFrom(...groups).map((name) => ({ kind: "AccessGroup", name }))],
  [2, fc.constantFrom(...assertedGroups).map((name) => ({ kind: "Group", name }))],
  [
    1,
    fc
      .constantFrom(
        "Group:system:authenticated",
        "Group:token:t1",
        "User:k8s:ann",
        "User:system:authenticated",
        `AccessGroup:${GHOST}`,
      )
      .map(subjectReference),
  ],
);

export function subjects(minLength: number, maxLength: number): Arbitrary<SubjectReference[]> {
  return fc.uniqueArray(subject, { minLength, maxLength, selector: ({ kind, name }) => `${kind}:${name}` });
}

export function membership(name: string): Arbitrary<Membership> {
  return fc
    .record({ organization: organizationName, subject: principal, expiresAt: seldom(instant, 6), attributes })
    .map((spec) => build("Membership", name, compact(spec)));
}

export function group(name: string): Arbitrary<AccessGroup> {
  return fc
    .record({ members: subjects(0, 4), organization: seldom(organizationName, 2) })
    .map((spec) => build("AccessGroup", name, compact(spec)));
}
