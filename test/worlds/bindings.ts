import fc, { type Arbitrary } from "fast-check";
import type { AccessRoleBinding } from "../../engine/model/objects.generated.ts";
import { defaultName } from "../oracle/default-name.ts";
import { build } from "./build.ts";
import { condition } from "./conditions.ts";
import { instant } from "./instants.ts";
import { GHOST, memberships, roles } from "./names.ts";
import { compact, seldom, weighted } from "./often.ts";
import { scope } from "./scopes.ts";
import { subjects } from "./subjects.ts";

const spec: Arbitrary<AccessRoleBinding["spec"]> = fc
  .record({
    role: weighted<string>([20, fc.constantFrom(...roles)], [1, GHOST]),
    subjects: subjects(1, 3),
    scope,
    notBefore: seldom(instant, 8),
    expiresAt: seldom(instant, 8),
    when: seldom(condition, 8),
  })
  .map(compact);

export function binding(name: string): Arbitrary<AccessRoleBinding> {
  return spec.map((fields) => build("AccessRoleBinding", name, fields));
}

/** A binding that has an owner, and mostly the name that a default of that owner has at that scope. */
export const ownedBinding: Arbitrary<AccessRoleBinding> = fc
  .record({
    spec,
    owner: fc.constantFrom(...memberships),
    ownerKind: weighted([8, "Membership"], [1, "Organization"]),
    /** The scope in the name: none stands for the binding's own. */
    namedScope: seldom(scope, 8),
    namedOwner: seldom(fc.constantFrom(...memberships), 8),
  })
  .map(({ spec: fields, owner, ownerKind, namedScope, namedOwner }) => {
    // At Platform nothing has a default's name.
    const { kind, name = GHOST } = namedScope ?? fields.scope;
    const metadata = {
      name: defaultName(namedOwner ?? owner, kind, name),
      ownerReferences: [{ apiVersion: "sidegate.dev/v1alpha1", kind: ownerKind, name: owner, uid: "1" }],
    };
    return build("AccessRoleBinding", metadata, fields);
  });
