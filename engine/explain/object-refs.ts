import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";
import type { Case, CaseGrant } from "./case.ts";
import type { ObjectRef } from "./explanation.ts";

/** The binding of a grant that is there. */
export function bindingRef({ grants, grant, binding }: CaseGrant): ObjectRef {
  return { kind: "AccessRoleBinding", name: binding, ...grants.originOf(grant) };
}

/** A binding of the case by its name. */
export function bindingNamed({ grants }: Case, name: string): ObjectRef {
  const grant = grants.find(({ binding }) => binding === name);
  return grant === undefined ? plainRef("AccessRoleBinding", name) : bindingRef(grant);
}

/** @param role a row of the model */
export function roleRef({ roles }: LoadedModel, role: number): ObjectRef {
  const { generation, provenance } = roles.compiled[role]!;
  return { kind: "AccessRole", name: roles.names[role]!, generation: Number(generation), provenance };
}

/** An object of which the policy holds no more than the name. */
export function plainRef(kind: string, name: string): ObjectRef {
  return { kind, name, generation: 0, provenance: "" };
}

/** The shard and the text of a scope that a change names. */
export function placeOf(policy: Policy, { scope }: Case, change: { atPlatform: boolean; scope: number }) {
  const grants = change.atPlatform ? policy.platform : scope.grants;
  return { grants, text: scopeText(grants, change.scope) };
}
