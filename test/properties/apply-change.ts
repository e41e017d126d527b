import type { DecisionRequest } from "../../engine/decide/request.ts";
import { subjectOf } from "../../engine/decide/request.ts";
import { defaultBindingsOf } from "../../engine/defaults/default-bindings.ts";
import type { Case } from "../../engine/explain/case.ts";
import type { Change } from "../../engine/explain/change.ts";
import { placeOf } from "../../engine/explain/object-refs.ts";
import type { AccessRole, AccessRoleBinding, SidegateObject } from "../../engine/model/objects.generated.ts";
import { World } from "../../engine/model/world.ts";
import { binding, build, DOMAIN } from "../worlds/build.ts";
import { keyOf, type WorldObjects } from "../worlds/world.ts";

/** Objects and a request to which changes can be made, as a person would make them. */
export interface Changeable {
  readonly objects: WorldObjects;
  readonly request: DecisionRequest;
}

/** Makes a change of a nearest miss to the objects themselves, or to the request. */
export function applyChange(own: Case, { objects, request }: Changeable, change: Change): Changeable {
  switch (change.kind) {
    case "Grant": {
      const { kind, name } = subjectOf(request);
      const role = own.policy.model.roles.names[change.role]!;
      const { text } = placeOf(own.policy, own, change);
      return {
        objects: [...objects, binding(`zz-${role}-${text.replace("/", "-")}`, role, `${kind}:${name}`, text)],
        request,
      };
    }
    case "Window":
      return {
        objects: editBinding(objects, change.binding, ({ notBefore: _, expiresAt: __, ...spec }) => spec),
        request,
      };
    case "BindingCondition":
      return {
        objects: editBinding(objects, change.binding, (spec) => ({ ...spec, when: `${change.value}` })),
        request,
      };
    case "Binding":
      return {
        objects: objects.filter((object) => keyOf(object) !== `AccessRoleBinding/${change.binding}`),
        request,
      };
    case "RuleCondition":
      return {
        objects: editRule(objects, own, change, (rule) => ({
          ...rule,
          when: rule.effect === "Deny" ? "false" : "true",
        })),
        request,
      };
    case "ResourceName":
      return {
        objects: editRule(objects, own, change, (rule) => ({
          ...rule,
          names: rule.effect === "Deny" ? ["zz-none"] : [],
        })),
        request,
      };
    case "DenyRule":
      return {
        objects: editRule(objects, own, change, (rule) => ({ ...rule, resources: ["zz-none"] })),
        request,
      };
    case "Membership":
      return { objects: joined(objects, own, request), request };
    case "Suspension":
      return {
        objects: objects.map((object) =>
          object.kind === "Organization"
            ? build("Organization", object.metadata, { ...object.spec, suspended: false })
            : object,
        ),
        request,
      };
    case "ActiveRoles":
      return {
        objects,
        request: { ...request, activeRoles: change.roles.map((role) => own.policy.model.roles.names[role]!) },
      };
    case "Token":
      return {
        objects,
        request: request.token?.valid
          ? { ...request, token: { ...request.token, narrowing: undefined } }
          : request,
      };
  }
}

function editBinding(
  objects: WorldObjects,
  name: string,
  edit: (spec: AccessRoleBinding["spec"]) => AccessRoleBinding["spec"],
): SidegateObject[] {
  return objects.map((object) =>
    object.kind === "AccessRoleBinding" && object.metadata.name === name
      ? { ...object, spec: edit(object.spec) }
      : object,
  );
}

type Rule = NonNullable<AccessRole["spec"]["rules"]>[number];

function editRule(
  objects: WorldObjects,
  own: Case,
  place: { readonly role: number; readonly rule: number },
  edit: (rule: Rule) => Rule,
): SidegateObject[] {
  const name = own.policy.model.roles.names[place.role]!;
  return objects.map((object) => {
    if (object.kind !== "AccessRole" || object.metadata.name !== name) return object;
    const rules = (object.spec.rules ?? []).map((rule, index) => (index === place.rule ? edit(rule) : rule));
    return { ...object, spec: { ...object.spec, rules } };
  });
}

/** The Membership that counts goes on, or there is a new one with its defaults. */
function joined(objects: WorldObjects, own: Case, request: DecisionRequest): SidegateObject[] {
  const { organization } = own.scope.grants;
  const subject = subjectOf(request) as { kind: "User" | "ServiceAccount"; name: string };
  const isOwn = (object: SidegateObject) =>
    object.kind === "Membership" &&
    object.metadata.deletionTimestamp === undefined &&
    object.spec.organization === organization &&
    object.spec.subject.kind === subject.kind &&
    object.spec.subject.name === subject.name;
  const [first] = objects.filter(isOwn).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (first?.kind === "Membership") {
    const { expiresAt: _, ...spec } = first.spec;
    return objects.map((object) => (object === first ? { ...first, spec } : object));
  }
  const membership = build("Membership", "zz-membership", { organization, subject });
  const world = new World(DOMAIN);
  for (const object of [...objects, membership]) world.put(object);
  return [...objects, membership, ...defaultBindingsOf(world, "zz-membership")];
}
