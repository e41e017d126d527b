import { isDeepStrictEqual } from "node:util";
import { defaultBindings } from "../../../engine/defaults/default-bindings.ts";
import type { Kind, SidegateObject } from "../../../engine/model/objects.generated.ts";
import { World } from "../../../engine/model/world.ts";
import type { SourceEvents } from "../source.ts";
import { type LoadedManifest, manifestKey } from "./folder-reader.ts";

/** How many objects a load put and removed, default bindings included. */
export interface LoadChanges {
  readonly put: number;
  readonly removed: number;
}

/**
 * What a folder source has put so far. Given the next load it passes on the difference: objects that are new or changed,
 * with the number of the load as their resourceVersion, and those that went. Every default binding due is among them
 * (semantics, section 9) unless the folder has a binding of that name.
 */
export class FolderWorld {
  /** The manifests as they were read, by key. */
  #declared: ReadonlyMap<string, LoadedManifest> = new Map();
  readonly #worlds = new Map<string, World>();
  /** Default bindings that were put, by domain and name. */
  readonly #defaults = new Map<string, Map<string, SidegateObject>>();

  /** The objects of a domain, default bindings not included. */
  world(domain: string): World | undefined {
    return this.#worlds.get(domain);
  }

  /** Passes on what changed, all in one turn of the event loop, so that nobody sees half of a load. */
  load(
    manifests: ReadonlyMap<string, LoadedManifest>,
    resourceVersion: string,
    events: SourceEvents,
  ): LoadChanges {
    let put = 0;
    let removed = 0;
    const before = this.#declared;
    const declared = new Map<string, LoadedManifest>();
    for (const [key, manifest] of manifests) {
      const known = before.get(key);
      if (known !== undefined && isSame(known.object, manifest.object)) {
        // Kept as it was first read, so that the next comparison is one of identities again.
        declared.set(key, manifest);
        continue;
      }
      declared.set(key, manifest);
      const object = stamp(manifest.object, manifest.domain, resourceVersion);
      this.#worldOf(manifest.domain).put(object);
      events.put(manifest.domain, object);
      put++;
    }
    for (const [key, { domain, object }] of before) {
      if (manifests.has(key)) continue;
      this.#worldOf(domain).remove(object.kind, object.metadata.name);
      // A default binding may take the place of one that the folder declared.
      events.remove(domain, object.kind, object.metadata.name);
      removed++;
    }
    this.#declared = declared;
    for (const world of this.#worlds.values()) {
      const changes = this.#loadDefaults(world, resourceVersion, events);
      put += changes.put;
      removed += changes.removed;
    }
    return { put, removed };
  }

  #loadDefaults(world: World, resourceVersion: string, events: SourceEvents): LoadChanges {
    const { domain } = world;
    const before = this.#defaults.get(domain) ?? new Map<string, SidegateObject>();
    const after = new Map<string, SidegateObject>();
    let put = 0;
    let removed = 0;
    for (const binding of defaultBindings(world)) {
      const { name } = binding.metadata;
      if (this.#declared.has(manifestKey(domain, binding))) continue;
      const known = before.get(name);
      after.set(name, binding);
      if (known !== undefined && isDeepStrictEqual(known, binding)) continue;
      events.put(domain, stamp(binding, domain, resourceVersion));
      put++;
    }
    for (const [name, { kind }] of before) {
      if (after.has(name)) continue;
      // The folder's own binding of that name was put in its place.
      if (this.#isDeclared(domain, kind, name)) continue;
      events.remove(domain, kind, name);
      removed++;
    }
    this.#defaults.set(domain, after);
    return { put, removed };
  }

  #isDeclared(domain: string, kind: Kind, name: string): boolean {
    return this.#worlds.get(domain)?.get(kind, name) !== undefined;
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

function stamp<T extends SidegateObject>(object: T, namespace: string, resourceVersion: string): T {
  return { ...object, metadata: { ...object.metadata, namespace, resourceVersion } };
}
