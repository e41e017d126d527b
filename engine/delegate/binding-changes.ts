import { readWindow } from "../compile/windows.ts";
import { membershipOfDefault } from "../defaults/default-name.ts";
import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { scopeKey } from "../model/references.ts";
import { formatScope } from "../model/scope.ts";
import type { GrantVerb } from "./actor-rights.ts";
import type { Target } from "./target.ts";

/** A role that a write gives to somebody or takes away. */
export interface Movement {
  readonly verb: GrantVerb;
  readonly role: string;
  /** As requests write it. */
  readonly scope: string;
  readonly target: Target;
  /** The field, for example "spec.subjects[1]". */
  readonly path: string;
}

/**
 * What a write of a binding takes away, then what it gives (semantics, section 8), subject by subject: what the new binding
 * gives beyond the old one, by its role, scope, window, condition or subjects, and the other way round.
 */
export function bindingMovements(
  before: AccessRoleBinding | undefined,
  after: AccessRoleBinding | undefined,
): Movement[] {
  return [...beyond("Take", before, after), ...beyond("Give", after, before)];
}

/** What one binding gives that the other does not. */
function beyond(
  verb: GrantVerb,
  binding: AccessRoleBinding | undefined,
  other: AccessRoleBinding | undefined,
): Movement[] {
  if (binding === undefined) return [];
  const { role, scope, subjects } = binding.spec;
  const isWithin = other !== undefined && isContained(binding, other);
  const kept = new Set(isWithin ? other.spec.subjects.map(textOf) : []);
  const at = formatScope(scope.kind, scope.name ?? "");
  return subjects.flatMap((target, index) =>
    kept.has(textOf(target)) ? [] : [{ verb, role, scope: at, target, path: `spec.subjects[${index}]` }],
  );
}

/** Whether whatever one binding gives a subject, the other one gives it too. */
function isContained(binding: AccessRoleBinding, other: AccessRoleBinding): boolean {
  const [inner, outer] = [binding.spec, other.spec];
  const [window, around] = [
    readWindow(inner.notBefore, inner.expiresAt),
    readWindow(outer.notBefore, outer.expiresAt),
  ];
  return (
    inner.role === outer.role &&
    scopeKey(inner.scope) === scopeKey(outer.scope) &&
    around.notBefore <= window.notBefore &&
    window.expires <= around.expires &&
    (!outer.when || inner.when === outer.when) &&
    // A default yields and brings no Deny rules, so it is another thing than a binding that says the same.
    membershipOfDefault(binding) === membershipOfDefault(other)
  );
}

function textOf({ kind, name }: Target): string {
  return `${kind}:${name}`;
}
