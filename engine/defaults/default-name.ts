import { createHash } from "node:crypto";
import type { AccessRoleBinding } from "../model/objects.generated.ts";

const MAX_NAME = 253;

/**
 * The name of the default binding of a Membership at a scope (semantics, section 9): `default-MEMBERSHIP-KIND-NAME`;
 * beyond 253 characters cut to 244 and ended with `-` and 8 hexadecimal digits of the whole name's SHA-256.
 *
 * @param kind the kind of the scope as in manifests
 */
export function defaultBindingName(membership: string, kind: string, name: string): string {
  const whole = `default-${membership}-${kind.toLowerCase()}-${name}`;
  if (whole.length <= MAX_NAME) return whole;
  return `${whole.slice(0, 244)}-${createHash("sha256").update(whole).digest("hex").slice(0, 8)}`;
}

/** The annotation of a default binding that says which role was given. */
export const GIVEN_ROLE = "sidegate.dev/given-role";

/**
 * The Membership whose default a binding is, or undefined. It owns the binding, which bears the default's name and still
 * gives the role that was given: a default whose role was changed is a binding like any other, so that the Deny rules of its
 * new role count. Defaults are given at organizations and environments only.
 */
export function membershipOfDefault({ metadata, spec }: AccessRoleBinding): string | undefined {
  const { kind, name = "" } = spec.scope;
  if (kind !== "Organization" && kind !== "Environment") return undefined;
  const given = metadata.annotations?.[GIVEN_ROLE] ?? spec.role;
  if (given !== spec.role) return undefined;
  return metadata.ownerReferences?.find(
    (owner) => owner.kind === "Membership" && metadata.name === defaultBindingName(owner.name, kind, name),
  )?.name;
}
