/** The kinds of changes, and what each means. docs/reference/explanations.md is generated from them. */
export const changeKinds = {
  Grant: "Bind a role to the subject at a scope.",
  Window: "Let a binding begin now, or go on.",
  BindingCondition: "The condition of a binding would have to come out otherwise, or be changed.",
  RuleCondition:
    "The condition of a rule would have to come out otherwise: true in an Allow rule, false in a Deny rule.",
  ResourceName: "An Allow rule would have to name the resource, or a Deny rule not to.",
  DenyRule: "Take a Deny rule out of its role.",
  Binding:
    "Take the subject out of a binding: one that denies, or that conflicts with a grant by a constraint.",
  Membership:
    "Make the subject a member of the organization, or let its membership go on. Joining brings the defaults.",
  ActiveRoles: "Ask with other active roles, or without any.",
  Token: "Ask with a token that keeps the permission.",
  Suspension: "End the suspension of the organization.",
} as const;

export type ChangeKind = keyof typeof changeKinds;

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

/** Tells changes apart. */
export function changeKey(change: Change): string {
  return JSON.stringify(change);
}
