import {
  type AccessRole,
  type AccessRoleBinding,
  apiVersion,
  type Kind,
  type ObjectMeta,
  type ObjectOf,
  type ScopeReference,
  type SubjectReference,
} from "../../engine/model/objects.generated.ts";
import type { LevelName } from "../../engine/model/scope.ts";

/** The domain of all worlds in tests of this folder. */
export const DOMAIN = "shop";

/** Puts an object together as a source hands it over. `metadata` may be the name alone. */
export function build<K extends Kind>(
  kind: K,
  metadata: string | ObjectMeta,
  spec: ObjectOf<K>["spec"],
): ObjectOf<K> {
  const meta = typeof metadata === "string" ? { name: metadata } : metadata;
  return { apiVersion, kind, metadata: { namespace: DOMAIN, ...meta }, spec } as ObjectOf<K>;
}

/** A role that may be assigned everywhere. */
export function role(name: string, spec: Partial<AccessRole["spec"]>): AccessRole {
  return build("AccessRole", name, { assignableAt: EVERYWHERE, ...spec });
}

/** A binding of a role to subjects, written "User:ann", at a scope, written as in requests. */
export function binding(
  name: string,
  roleName: string,
  subjects: string | readonly string[],
  scope: string,
  spec: Partial<AccessRoleBinding["spec"]> = {},
): AccessRoleBinding {
  return build("AccessRoleBinding", name, {
    role: roleName,
    subjects: [subjects].flat().map(subjectReference),
    scope: scopeReference(scope),
    ...spec,
  });
}

/** Reads "Kind:name". */
export function subjectReference(text: string): SubjectReference {
  const colon = text.indexOf(":");
  return { kind: text.slice(0, colon) as SubjectReference["kind"], name: text.slice(colon + 1) };
}

/** Reads a scope as requests write it. */
export function scopeReference(text: string): ScopeReference {
  const [kind, name] = text.split("/");
  const level = KINDS[kind as keyof typeof KINDS];
  return name === undefined ? { kind: level } : { kind: level, name };
}

/** The object as it is while it is being deleted. */
export function marked<T extends { readonly metadata: ObjectMeta }>(object: T): T {
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: "2024-01-01T00:00:00Z" } };
}

export const EVERYWHERE: readonly LevelName[] = ["Platform", "Organization", "Workspace", "Environment"];

const KINDS = {
  platform: "Platform",
  organization: "Organization",
  workspace: "Workspace",
  environment: "Environment",
} as const;
