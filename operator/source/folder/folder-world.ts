import { isDeepStrictEqual } from "node:util";
import { defaultBindings } from "../../../engine/defaults/default-bindings.ts";
import type { Kind, SidegateObject } from "../../../engine/model/objects.generated.ts";
import { World } from "../../../engine/model/world.ts";
import type { SourceEvents } from "../source.ts";
import type { DeclaredObject } from "./folder-contents.ts";

/** How many objects a load put and removed, default bindings included. */
export interface LoadChanges {
  readonly put: number;
  readonly removed: number;
  /** The domains that they belong to. */
  readonly domains: ReadonlySet<string>;
}

/**
 * What a folder source has put so far. Given the next load it passes on the difference: objects that are new or changed,
 * with the number of the load as their resourceVersion, and those that went. Every default binding due is among them
 * (semantics, section 9) unless the folder has a binding of that name.
 */
export class FolderWorld {
  /** The manifests as they were read, by key. */
  #declared: ReadonlyMap<string, DeclaredObject> = new Map();
  readonly #worlds = new Map<string, World>();
  /** Default bindings that were put, by domain and name. */
  readonly #defaults = new Map<string, Map<string, SidegateObject>>();

  /** The objects of each domain, default bindings not included. A domain stays when its last object goes. */
  get worlds(): ReadonlyMap<string, World> {
    return this.#worlds;
  }

  /** Passes on what changed, all in one turn of the event loop, so that nobody sees half of a load. */
  load(
    manifests: ReadonlyMap<string, DeclaredObject>,
    resourceVersion: string,
    events: SourceEvents,
  ): LoadChanges {
    const changes = new Changes(events, resourceVersion);
    const before = this.#declared.values();
    let kept = 0;
    for (const [key, manifest] of manifests) {
      // Nearly all are what they were, and where: to find them by their keys is what a load of many would spend its time on.
      const known = before.next().value === manifest ? manifest : this.#declared.get(key);
      if (known !== undefined) kept++;
      if (known === manifest || (known !== undefined && isSame(known.object, manifest.object))) continue;
      this.#worldOf(manifest.domain).put(changes.put(manifest.domain, manifest.object));
    }
    if (kept < this.#declared.size) this.#removeAllBut(manifests, changes);
    this.#declared = manifests;
    for (const world of this.#worlds.values()) this.#loadDefaults(world, changes);
    return changes.counts;
  }

  #removeAllBut(manifests: ReadonlyMap<string, DeclaredObject>, changes: Changes): void {
    for (const [key, { domain, object }] of this.#declared) {
      if (manifests.has(key)) continue;
      this.#worldOf(domain).remove(object.kind, object.metadata.name);
      changes.remove(domain, object.kind, object.metadata.name);
    }
  }

  #loadDefaults(world: World, changes: Changes): void {
    const { domain } = world;
    const before = this.#defaults.get(domain);
    const after = new Map<string, SidegateObject>();
    for (const binding of defaultBindings(world)) {
      const { name } = binding.metadata;
      if (this.#isDeclared(world, name)) continue;
      after.set(name, binding);
      const known = before?.get(name);
      if (known === undefined || !isDeepStrictEqual(known, binding)) changes.put(domain, binding);
    }
    for (const name of before?.keys() ?? []) {
      // Where the folder has a binding of that name now, that was put in its place.
      if (!after.has(name) && !this.#isDeclared(world, name))
        changes.remove(domain, "AccessRoleBinding", name);
    }
    this.#defaults.set(domain, after);
  }

  #isDeclared(world: World, name: string): boolean {
    return world.get("AccessRoleBinding", name) !== undefined;
  }

  #worldOf(domain: string): World {
    let world = this.#worlds.get(domain);
    if (world === undefined) this.#worlds.set(domain, (world = new World(domain)));
    return world;
  }
}

function isSame(a: SidegateObject, b: SidegateObject): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

/** Passes on the changes of one load and counts them. */
class Changes {
  readonly #domains = new Set<string>();
  readonly #events: SourceEvents;
  readonly #resourceVersion: string;
  #put = 0;
  #removed = 0;

  constructor(events: SourceEvents, resourceVersion: string) {
    this.#events = events;
    this.#resourceVersion = resourceVersion;
  }

  get counts(): LoadChanges {
    return { put: this.#put, removed: this.#removed, domains: this.#domains };
  }

  /** @returns the object as it was put: in its namespace, with the number of the load */
  put<T extends SidegateObject>(namespace: string, object: T): T {
    const metadata = { ...object.metadata, namespace, resourceVersion: this.#resourceVersion };
    const stamped = { ...object, metadata };
    this.#events.put(namespace, stamped);
    this.#domains.add(namespace);
    this.#put++;
    return stamped;
  }

  remove(domain: string, kind: Kind, name: string): void {
    this.#events.remove(domain, kind, name);
    this.#domains.add(domain);
    this.#removed++;
  }
}
