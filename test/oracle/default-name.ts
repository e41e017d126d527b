import { createHash } from "node:crypto";
import type { AccessRoleBinding } from "../../engine/model/objects.generated.ts";

/**
 * Section 9: a default is "a binding owned by the Membership, [...] named `default-MEMBERSHIP-KIND-NAME` (kind in lower
 * case; beyond 253 characters cut to 244 and ended with `-` and 8 hexadecimal digits of the name's SHA-256)". Defaults
 * are given at organizations and environments only. "Removing or changing it later is respected" (section 14): with
 * another role than the annotation says was given it is a default no more.
 */
export function isDefault(binding: AccessRoleBinding): boolean {
  const { kind, name } = binding.spec.scope;
  if (kind !== "Organization" && kind !== "Environment") return false;
  const given = binding.metadata.annotations?.["sidegate.dev/given-role"];
  if (given !== undefined && given !== binding.spec.role) return false;
  return (binding.metadata.ownerReferences ?? []).some(
    (owner) =>
      owner.kind === "Membership" && binding.metadata.name === defaultName(owner.name, kind, name ?? ""),
  );
}

export function defaultName(membership: string, kind: string, name: string): string {
  const full = `default-${membership}-${kind.toLowerCase()}-${name}`;
  if (full.length <= 253) return full;
  return `${full.slice(0, 244)}-${createHash("sha256").update(full).digest("hex").slice(0, 8)}`;
}
