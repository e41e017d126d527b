import type { Kind, Membership, SidegateObject } from "../../engine/model/objects.generated.ts";
import { kinds } from "../../engine/model/objects.generated.ts";
import {
  memberKey,
  type NamedObject,
  objectKey,
  parseObjectKey,
  referencesOf,
} from "../../engine/model/references.ts";
import { organizationOfScope } from "../../engine/model/scope-tree.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";
import type { ObjectChange } from "../domains.ts";

/** Kinds that any object of the domain may depend on, and that seldom change. */
const domainWide: ReadonlySet<Kind> = new Set(["AccessDomain", "PermissionCatalog", "AccessConstraint"]);

/**
 * The objects to look at again when another one appeared, changed or vanished; it itself is not among them, and some may
 * come more than once.
 */
export function* relatedObjects(world: World, change: ObjectChange): Iterable<NamedObject> {
  const { kind, name, before, after } = change;
  if (domainWide.has(kind)) {
    for (const other of kinds) yield* namesOf(world.list(other));
    return;
  }
  // Two policies may be for the same tokens; nothing else hangs on one, and its keys change with each rotation.
  if (kind === "TokenPolicy") yield* namesOf(world.list(kind));
  let isDefaultRole = false;
  for (const dependent of world.dependents(kind, name)) {
    isDefaultRole ||= dependent.kind === "AccessDomain";
    yield dependent;
  }
  if (isDefaultRole) yield* namesOf(world.list("Membership"));
  if (kind === "Workspace" || kind === "Environment") {
    const organization = organizationOfScope(world, { kind, name }) ?? organizationSaid(before);
    if (organization !== undefined) yield* membersOf(world, organization);
  }
  for (const version of [before, after]) if (version?.kind === "Membership") yield* rivalsOf(world, version);
  if (before !== undefined) yield* goingTargetsOf(world, before);
}

/** What an object that vanished or let go may have kept from being deleted. */
function* goingTargetsOf(world: World, object: SidegateObject): Iterable<NamedObject> {
  for (const key of referencesOf(object)) {
    const { kind, name } = parseObjectKey(key);
    const target = world.get(kind, name);
    if (target !== undefined && isTerminating(target)) yield { kind, name };
  }
}

/** Other Memberships of the same subject and organization: the first by name counts. */
function* rivalsOf(world: World, { spec }: Membership): Iterable<NamedObject> {
  yield* namesOf(world.referring("Membership", memberKey(spec)));
}

function membersOf(world: World, organization: string): Iterable<NamedObject> {
  return namesOf(world.referring("Membership", objectKey("Organization", organization)));
}

function organizationSaid(object: SidegateObject | undefined): string | undefined {
  return object?.kind === "Workspace" || object?.kind === "Environment"
    ? object.spec.organization
    : undefined;
}

function* namesOf(objects: Iterable<SidegateObject>): Iterable<NamedObject> {
  for (const { kind, metadata } of objects) yield { kind, name: metadata.name };
}
