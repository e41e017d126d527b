import { SUBJECT } from "../decide/key-set.ts";
import { quote } from "../model/quote.ts";
import { readSubjectKey } from "../model/subject.ts";
import type { Case } from "./case.ts";
import type { Change } from "./change.ts";
import { describeCondition } from "./describe-condition.ts";
import type { ExplainedChange, ObjectRef } from "./explanation.ts";
import { findGrantors } from "./find-grantors.ts";
import { bindingNamed, placeOf, plainRef, roleRef } from "./object-refs.ts";

/** Says what a change is, in which objects, and for a new grant who could make it. Yields now and then. */
export function* describeChange(own: Case, change: Change): Generator<undefined, ExplainedChange> {
  if (change.kind === "Grant") return yield* describeGrant(own, change);
  const { message, objects } = say(own, change);
  return { kind: change.kind, message, objects, role: "", scope: "", grantors: [], moreGrantors: false };
}

function* describeGrant(
  own: Case,
  change: Change & { readonly kind: "Grant" },
): Generator<undefined, ExplainedChange> {
  const { policy } = own;
  const place = placeOf(policy, own, change);
  const { names, hasMore } = yield* findGrantors(own, change.role, place.grants, change.scope);
  const role = policy.model.roles.names[change.role]!;
  return {
    kind: change.kind,
    message: `give ${subjectOf(own)} the role ${quote(role)} at ${place.text}`,
    objects: [roleRef(policy.model, change.role)],
    role,
    scope: place.text,
    grantors: names,
    moreGrantors: hasMore,
  };
}

interface Said {
  readonly message: string;
  readonly objects: readonly ObjectRef[];
}

function say(own: Case, change: Exclude<Change, { readonly kind: "Grant" }>): Said {
  switch (change.kind) {
    case "Window":
      return aboutBinding(own, change.binding, describeWindow(own, change.binding));
    case "Binding":
      return aboutBinding(
        own,
        change.binding,
        `take ${subjectOf(own)} out of AccessRoleBinding ${quote(change.binding)}`,
      );
    case "BindingCondition":
      return aboutBinding(own, change.binding, describeBindingCondition(own, change.binding));
    case "RuleCondition":
    case "ResourceName":
    case "DenyRule":
      return aboutRule(own, change);
    case "ActiveRoles":
      return aboutActiveRoles(own, change.roles);
    case "Membership":
    case "Suspension":
      return aboutOrganization(own, change.kind);
    case "Token":
      return {
        message: "present a token whose claim keeps the permission, or none",
        objects: tokenPolicy(own),
      };
  }
}

function aboutBinding(own: Case, name: string, message: string): Said {
  return { message, objects: [bindingNamed(own, name)] };
}

function describeWindow(own: Case, name: string): string {
  const grant = own.grants.find(({ binding }) => binding === name);
  const window = grant?.grants.windowOf(grant.grant);
  const binding = `AccessRoleBinding ${quote(name)}`;
  if (window === undefined) return `let ${binding} be in force`;
  if (own.now < window.notBefore)
    return `let ${binding} begin earlier: it begins ${timeOf(window.notBefore)}`;
  return `let ${binding} go on: it ended ${timeOf(window.expires)}`;
}

/** A window that can not be read never holds, so its bounds need not be times. */
function timeOf(ms: number): string {
  return Number.isFinite(ms) ? `at ${new Date(ms).toISOString()}` : "at no time that can be read";
}

function describeBindingCondition(own: Case, name: string): string {
  const grant = own.grants.find(({ binding }) => binding === name);
  const condition = grant?.grants.conditionOf(grant.grant);
  const what = `the condition of AccessRoleBinding ${quote(name)} must come out otherwise`;
  return condition === undefined ? what : `${what}: ${describeCondition(condition, own)}`;
}

function aboutRule(
  own: Case,
  { kind, role, rule }: Change & { readonly kind: "RuleCondition" | "ResourceName" | "DenyRule" },
): Said {
  const { model } = own.policy;
  const compiled = model.roles.compiled[role]!.rules[rule]!;
  const where = `rule ${rule} of AccessRole ${quote(model.roles.names[role]!)}`;
  const objects = [roleRef(model, role)];
  if (kind === "DenyRule") return { message: `take ${where}, which denies it, away`, objects };
  if (kind === "ResourceName") {
    const asked = own.request.resourceName === "" ? "no resource is named" : "the resource is another";
    return { message: `${where} is for ${compiled.names.map(quote).join(", ")}, and ${asked}`, objects };
  }
  const narrow = model.roles.narrowRules(role);
  const found = [...narrow.allow, ...narrow.deny].find((other) => other.role === role && other.rule === rule);
  const condition = found?.condition;
  const said = condition === undefined ? "" : `: ${describeCondition(condition, own)}`;
  return { message: `the condition of ${where} must come out otherwise${said}`, objects };
}

function aboutActiveRoles({ policy }: Case, roles: readonly number[]): Said {
  const names = roles.map((role) => quote(policy.model.roles.names[role]!));
  const message =
    names.length === 0 ? "ask without active roles" : `ask with the active roles ${names.join(", ")}`;
  return { message, objects: roles.map((role) => roleRef(policy.model, role)) };
}

function aboutOrganization(own: Case, kind: "Membership" | "Suspension"): Said {
  const { organization } = own.scope.grants;
  const name = `Organization ${quote(organization)}`;
  const objects = [plainRef("Organization", organization)];
  if (kind === "Suspension") return { message: `${name} must not be suspended`, objects };
  const until = own.scope.grants.memberUntil(own.keys.rowIn(own.scope.grants, SUBJECT));
  const was = until === undefined ? "" : `; the Membership ended ${timeOf(until)}`;
  return { message: `make ${subjectOf(own)} a member of ${name}${was}`, objects };
}

function tokenPolicy({ request }: Case): ObjectRef[] {
  return request.token?.valid ? [plainRef("TokenPolicy", request.token.policy)] : [];
}

function subjectOf({ keys }: Case): string {
  const { kind, name } = readSubjectKey(keys.text(SUBJECT));
  return `${kind} ${quote(name)}`;
}
