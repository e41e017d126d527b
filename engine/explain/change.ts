/** A change of one object, or of the request, that may turn a denial into an allow. Roles and scopes are rows. */
export type Change =
  /** A binding of the role to the subject, at a scope of the case's chain. */
  | { readonly kind: "Grant"; readonly role: number; readonly atPlatform: boolean; readonly scope: number }
  /** The binding begins now, or goes on. */
  | { readonly kind: "Window"; readonly binding: string }
  /** The condition of a binding comes out otherwise. */
  | { readonly kind: "BindingCondition"; readonly binding: string; readonly value: boolean }
  /** The condition of a rule comes out so that it helps: true in an Allow rule, false in a Deny rule. */
  | { readonly kind: "RuleCondition"; readonly role: number; readonly rule: number }
  /** The names of an Allow rule hold the resource, or those of a Deny rule do not. */
  | { readonly kind: "ResourceName"; readonly role: number; readonly rule: number }
  /** A Deny rule is taken out of its role. */
  | { readonly kind: "DenyRule"; readonly role: number; readonly rule: number }
  /** A binding is taken away, or the subject out of it. */
  | { readonly kind: "Binding"; readonly binding: string }
  /** The subject becomes a member of the scope's organization, or stays one. */
  | { readonly kind: "Membership" }
  /** The request names these active roles; none: it leaves them out. */
  | { readonly kind: "ActiveRoles"; readonly roles: readonly number[] }
  /** The request's token does not narrow the permission away. */
  | { readonly kind: "Token" }
  /** The organization is not suspended any more. */
  | { readonly kind: "Suspension" };

export type ChangeKind = Change["kind"];

/** Tells changes apart. */
export function changeKey(change: Change): string {
  return JSON.stringify(change);
}
