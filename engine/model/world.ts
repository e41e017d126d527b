import { type Catalog, mergeCatalogs } from "../catalog/merge-catalogs.ts";
import { findIncludeCycles, type IncludeCycle } from "./include-cycles.ts";
import type { Kind, ObjectOf, SidegateObject } from "./objects.generated.ts";
import { type ObjectKey, objectKey, referencesOf } from "./references.ts";

/**
 * The objects of one domain, and who refers to whom. It holds what was declared, also what is marked for deletion;
 * `live` is what exists for decisions.
 *
 * INVARIANT: `#referrers` holds exactly the references of the objects in `#objects`.
 */
export class World {
  readonly domain: string;
  readonly #objects = new Map<Kind, Map<string, SidegateObject>>();
  readonly #referrers = new Map<ObjectKey, Map<Kind, Set<SidegateObject>>>();
  readonly #terminatingRoles = new Set<string>();
  #catalog: Catalog | undefined;
  #includeCycles: ReadonlyMap<string, IncludeCycle> | undefined;

  constructor(domain: string) {
    this.domain = domain;
  }

  put(object: SidegateObject): void {
    const before = this.get(object.kind, object.metadata.name);
    if (this.#mayChangeCycles(before, object)) this.#includeCycles = undefined;
    if (before !== undefined) this.#drop(before);
    let ofKind = this.#objects.get(object.kind);
    if (ofKind === undefined) this.#objects.set(object.kind, (ofKind = new Map()));
    ofKind.set(object.metadata.name, object);
    if (object.kind === "PermissionCatalog") this.#catalog = undefined;
    if (object.kind === "AccessRole" && isTerminating(object))
      this.#terminatingRoles.add(object.metadata.name);
    for (const target of referencesOf(object)) {
      let ofKinds = this.#referrers.get(target);
      if (ofKinds === undefined) this.#referrers.set(target, (ofKinds = new Map()));
      const referrers = ofKinds.get(object.kind);
      if (referrers === undefined) ofKinds.set(object.kind, new Set([object]));
      else referrers.add(object);
    }
  }

  remove(kind: Kind, name: string): void {
    const object = this.get(kind, name);
    if (object === undefined) return;
    if (this.#mayChangeCycles(object, undefined)) this.#includeCycles = undefined;
    this.#drop(object);
  }

  #drop(object: SidegateObject): void {
    const { kind, metadata } = object;
    const { name } = metadata;
    this.#objects.get(kind)?.delete(name);
    if (kind === "AccessRole") this.#terminatingRoles.delete(name);
    if (kind === "PermissionCatalog") this.#catalog = undefined;
    for (const target of referencesOf(object)) {
      const ofKinds = this.#referrers.get(target);
      const referrers = ofKinds?.get(kind);
      if (referrers?.delete(object) && referrers.size === 0) ofKinds?.delete(kind);
      if (ofKinds?.size === 0) this.#referrers.delete(target);
    }
  }

  get<K extends Kind>(kind: K, name: string): ObjectOf<K> | undefined {
    return this.#objects.get(kind)?.get(name) as ObjectOf<K> | undefined;
  }

  /** The objects of a kind in no particular order, those marked for deletion included. */
  list<K extends Kind>(kind: K): Iterable<ObjectOf<K>> {
    return (this.#objects.get(kind)?.values() ?? []) as Iterable<ObjectOf<K>>;
  }

  /** How many objects there are, of one kind or of all. */
  count(kind?: Kind): number {
    if (kind !== undefined) return this.#objects.get(kind)?.size ?? 0;
    let sum = 0;
    for (const ofKind of this.#objects.values()) sum += ofKind.size;
    return sum;
  }

  /** The object if it exists for decisions: one marked for deletion does not, except a role that is still in use. */
  live<K extends Kind>(kind: K, name: string): ObjectOf<K> | undefined {
    const object = this.get(kind, name);
    if (object === undefined || !isTerminating(object)) return object;
    return kind === "AccessRole" && this.#isRoleInUse(name) ? object : undefined;
  }

  /** The objects of a kind that exist for decisions. */
  *listLive<K extends Kind>(kind: K): Iterable<ObjectOf<K>> {
    for (const object of this.list(kind)) {
      if (!isTerminating(object) || this.live(kind, object.metadata.name)) yield object;
    }
  }

  /** The catalogs of the domain, merged. */
  get catalog(): Catalog {
    return (this.#catalog ??= mergeCatalogs(this.listLive("PermissionCatalog")));
  }

  /** For each role that exists and reaches a circle of includes, by its name, that circle. */
  get includeCycles(): ReadonlyMap<string, IncludeCycle> {
    return (this.#includeCycles ??= findIncludeCycles(this.listLive("AccessRole")));
  }

  /** The objects of kind `by` that refer to the one named, which need not exist, and are not marked for deletion. */
  *referring<K extends Kind>(by: K, target: ObjectKey): Iterable<ObjectOf<K>> {
    for (const object of this.#referrers.get(target)?.get(by) ?? []) {
      if (!isTerminating(object)) yield object as ObjectOf<K>;
    }
  }

  /** The objects whose standing may change when the one named appears, changes or vanishes, each once. */
  *dependents(kind: Kind, name: string): Iterable<{ kind: Kind; name: string }> {
    const seen = new Set([objectKey(kind, name)]);
    for (const target of seen) {
      for (const referrer of this.referrers(target)) {
        const key = objectKey(referrer.kind, referrer.metadata.name);
        if (seen.has(key)) continue;
        seen.add(key);
        yield { kind: referrer.kind, name: referrer.metadata.name };
      }
    }
  }

  /** Whether any role is marked for deletion, so that bindings decide whether it exists. */
  get hasTerminatingRoles(): boolean {
    return this.#terminatingRoles.size > 0;
  }

  /** A change of anything but its includes says nothing new; a role marked for deletion exists while a binding names it. */
  #mayChangeCycles(before: SidegateObject | undefined, after: SidegateObject | undefined): boolean {
    const kind = (before ?? after)?.kind;
    if (kind === "AccessRoleBinding") return this.hasTerminatingRoles;
    return kind === "AccessRole" && includesOf(before) !== includesOf(after);
  }

  /** Whether a binding names the role or a role that includes it. */
  #isRoleInUse(name: string): boolean {
    const seen = new Set([name]);
    for (const role of seen) {
      const key = objectKey("AccessRole", role);
      for (const _binding of this.referring("AccessRoleBinding", key)) return true;
      for (const includer of this.#includers(role)) seen.add(includer);
    }
    return false;
  }

  *#includers(role: string): Iterable<string> {
    for (const referrer of this.referrers(objectKey("AccessRole", role))) {
      if (referrer.kind === "AccessRole" && referrer.spec.includes?.includes(role))
        yield referrer.metadata.name;
    }
  }

  /** All objects, or those of a kind, that refer to the one named, those marked for deletion included. */
  *referrers(target: ObjectKey, by?: Kind): Iterable<SidegateObject> {
    const ofKinds = this.#referrers.get(target);
    if (by !== undefined) yield* ofKinds?.get(by) ?? [];
    else for (const referrers of ofKinds?.values() ?? []) yield* referrers;
  }
}

/** Whether an object is marked for deletion. */
export function isTerminating(object: SidegateObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** What decides which circles a role is on, or undefined where there is no role. */
function includesOf(role: SidegateObject | undefined): string | undefined {
  if (role?.kind !== "AccessRole") return undefined;
  return JSON.stringify([isTerminating(role), role.spec.includes]);
}
