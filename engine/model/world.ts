import { type Catalog, mergeCatalogs } from "../catalog/merge-catalogs.ts";
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
  readonly #referrers = new Map<ObjectKey, Set<ObjectKey>>();
  readonly #terminatingRoles = new Set<string>();
  #catalog: Catalog | undefined;

  constructor(domain: string) {
    this.domain = domain;
  }

  put(object: SidegateObject): void {
    this.remove(object.kind, object.metadata.name);
    let ofKind = this.#objects.get(object.kind);
    if (ofKind === undefined) this.#objects.set(object.kind, (ofKind = new Map()));
    ofKind.set(object.metadata.name, object);
    if (object.kind === "PermissionCatalog") this.#catalog = undefined;
    if (object.kind === "AccessRole" && isTerminating(object))
      this.#terminatingRoles.add(object.metadata.name);
    const key = objectKey(object.kind, object.metadata.name);
    for (const target of referencesOf(object)) {
      const referrers = this.#referrers.get(target);
      if (referrers === undefined) this.#referrers.set(target, new Set([key]));
      else referrers.add(key);
    }
  }

  remove(kind: Kind, name: string): void {
    const object = this.get(kind, name);
    if (object === undefined) return;
    this.#objects.get(kind)?.delete(name);
    if (kind === "AccessRole") this.#terminatingRoles.delete(name);
    if (kind === "PermissionCatalog") this.#catalog = undefined;
    const key = objectKey(kind, name);
    for (const target of referencesOf(object)) {
      const referrers = this.#referrers.get(target);
      if (referrers?.delete(key) && referrers.size === 0) this.#referrers.delete(target);
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

  /** Keys of the objects that refer to the one named, which need not exist. */
  referrers(target: ObjectKey): Iterable<ObjectKey> {
    return this.#referrers.get(target) ?? [];
  }

  /** The objects of kind `by` that refer to the one named and are not marked for deletion. */
  *referring<K extends Kind>(by: K, target: ObjectKey): Iterable<ObjectOf<K>> {
    const prefix = `${by}/`;
    for (const key of this.referrers(target)) {
      if (!key.startsWith(prefix)) continue;
      const object = this.get(by, key.slice(prefix.length));
      if (object !== undefined && !isTerminating(object)) yield object;
    }
  }

  /** The objects whose standing may change when the one named appears, changes or vanishes, each once. */
  *dependents(kind: Kind, name: string): Iterable<{ kind: Kind; name: string }> {
    const start = objectKey(kind, name);
    const seen = new Set([start]);
    for (const target of seen) {
      for (const key of this.referrers(target)) {
        if (seen.has(key)) continue;
        seen.add(key);
        const slash = key.indexOf("/");
        yield { kind: key.slice(0, slash) as Kind, name: key.slice(slash + 1) };
      }
    }
  }

  /** Whether any role is marked for deletion, so that bindings decide whether it exists. */
  get hasTerminatingRoles(): boolean {
    return this.#terminatingRoles.size > 0;
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
    for (const key of this.referrers(objectKey("AccessRole", role))) {
      if (!key.startsWith("AccessRole/")) continue;
      const includer = this.get("AccessRole", key.slice("AccessRole/".length));
      if (includer?.spec.includes?.includes(role)) yield includer.metadata.name;
    }
  }
}

/** Whether an object is marked for deletion. */
export function isTerminating(object: SidegateObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
