import type {
  AccessRoleBinding,
  ObjectOf,
  SidegateObject,
  SubjectReference,
} from "../../engine/model/objects.generated.ts";
import { formatScope } from "../../engine/model/scope.ts";
import { reachedRoles } from "../oracle/includes.ts";
import { types, users } from "./names.ts";

type Objects = readonly SidegateObject[];

/** Numbers that choose among whatever a world has. */
export interface Aim {
  readonly binding: number;
  readonly subject: number;
  readonly scope: number;
  readonly type: number;
  readonly verb: number;
  readonly role: number;
}

/** What a binding is about: somebody whom it names, a scope where it applies, a permission of that level, its roles. */
export interface Target {
  readonly subject: SubjectReference;
  readonly scope: string;
  readonly type: string;
  readonly verb: string;
  /** The role that the binding names, one that it includes, or one that has an included role in common with it. */
  readonly role: string;
}

/** Chooses a target, rather from bindings that miss nothing; undefined in a world without bindings. */
export function takeAim(objects: Objects, aim: Aim): Target | undefined {
  const bindings = ofKind(objects, "AccessRoleBinding");
  const promising = bindings.filter((binding) => isPromising(objects, binding));
  const binding = pick(promising.length > 0 ? promising : bindings, aim.binding);
  if (binding === undefined) return undefined;
  const scope = pick(scopesBelow(objects, binding), aim.scope)!;
  const level = scope === "platform" ? scope : scope.slice(0, scope.indexOf("/"));
  const typesThere = Object.keys(types).filter((name) => types[name]!.level.toLowerCase() === level);
  const type = pick(typesThere, aim.type)!;
  return {
    subject: personIn(objects, pick(binding.spec.subjects, aim.subject)!, aim.subject, 3),
    scope,
    type,
    verb: pick(Object.keys(types[type]!.verbs), aim.verb)!,
    role: pick(relatedRoles(objects, binding.spec.role), aim.role)!,
  };
}

function isPromising(objects: Objects, binding: AccessRoleBinding): boolean {
  const isThere = (kind: string, name: string | undefined) =>
    objects.some((object) => object.kind === kind && object.metadata.name === name && !isMarked(object));
  const { role, scope } = binding.spec;
  const hasScope = scope.kind === "Platform" || isThere(scope.kind, scope.name);
  return !isMarked(binding) && hasScope && isThere("AccessRole", role);
}

function relatedRoles(objects: Objects, role: string): string[] {
  const all = ofKind(objects, "AccessRole");
  const reached = reachedRoles(all, role);
  const related = all.filter(({ metadata }) =>
    reachedRoles(all, metadata.name).some((name) => reached.includes(name)),
  );
  return [role, ...related.map(({ metadata }) => metadata.name)];
}

/** The subject itself, or somebody in the AccessGroup that it is. */
function personIn(
  objects: Objects,
  subject: SubjectReference,
  number: number,
  depth: number,
): SubjectReference {
  if (subject.kind !== "AccessGroup") return subject;
  const group = ofKind(objects, "AccessGroup").find(({ metadata }) => metadata.name === subject.name);
  const member = pick(group?.spec.members ?? [], number);
  if (member === undefined || depth === 0) return { kind: "User", name: users[0] };
  return personIn(objects, member, number, depth - 1);
}

/** The scope of a binding and those whose objects say that they hang under it. */
function scopesBelow(objects: Objects, binding: AccessRoleBinding): string[] {
  const { kind, name } = binding.spec.scope;
  const below = [formatScope(kind, name ?? "")];
  for (const organization of ofKind(objects, "Organization")) {
    if (below.includes("platform")) below.push(formatScope("Organization", organization.metadata.name));
  }
  for (const workspace of ofKind(objects, "Workspace")) {
    if (below.includes(`organization/${workspace.spec.organization}`)) {
      below.push(formatScope("Workspace", workspace.metadata.name));
    }
  }
  for (const environment of ofKind(objects, "Environment")) {
    const { organization, workspace } = environment.spec;
    const parent = organization === undefined ? `workspace/${workspace}` : `organization/${organization}`;
    if (below.includes(parent)) below.push(formatScope("Environment", environment.metadata.name));
  }
  return [...new Set(below)];
}

function isMarked(object: SidegateObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

function ofKind<K extends SidegateObject["kind"]>(objects: Objects, kind: K): ObjectOf<K>[] {
  return objects.filter((object) => object.kind === kind) as SidegateObject[] as ObjectOf<K>[];
}

function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % list.length];
}
