import type { Api } from "./api.ts";
import { typeNamed } from "./api.ts";
import { type DeleteOptions, deleteObject } from "./delete.ts";
import { clone, type JsonObject } from "./json.ts";
import { type KubeObject, keyOf, type ObjectMeta } from "./kube-object.ts";
import type { ResourceType, Subresource } from "./resource-type.ts";
import { createObject, updateObject } from "./write.ts";

/** A manifest as a test writes it. */
export interface Manifest extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: Partial<ObjectMeta>;
}

/** Names an object in the calls below. */
export interface ObjectRef {
  /** "Membership", or "Lease.coordination.k8s.io" for kinds of other groups. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const options = { kind: "UpdateOptions", manager: "test", dryRun: false, fieldValidation: "Strict" } as const;

/**
 * The stored objects, for tests that do not want to go over HTTP. Writes obey the same rules as requests and reach the
 * same watches. Namespaces that objects are put into are created. All methods throw ApiError.
 */
export class Objects {
  readonly #api: Api;
  readonly #group: string;

  /** @param group of the kinds that are named without one */
  constructor(api: Api, group: string) {
    this.#api = api;
    this.#group = group;
  }

  get(ref: ObjectRef): KubeObject | undefined {
    const type = this.#typeOf(ref.kind);
    const object = this.#api.store.get(type.storage, keyOf(scopeOf(type, ref.namespace), ref.name));
    return object === undefined ? undefined : clone(object);
  }

  list(kind: string, namespace?: string): KubeObject[] {
    const type = this.#typeOf(kind);
    const { store } = this.#api;
    const objects = [...store.scan(type.storage, store.revision, "")].map(([, object]) => object);
    return objects
      .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
      .map(clone);
  }

  /** Creates the object, or replaces it whatever its resourceVersion; sets the status as well if there is one. */
  put(manifest: Manifest): KubeObject {
    const [group = ""] = manifest.apiVersion.includes("/") ? manifest.apiVersion.split("/") : [""];
    const type = this.#find(group, manifest.kind);
    const object = clone(manifest) as KubeObject;
    const namespace = scopeOf(type, object.metadata.namespace);
    if (namespace !== undefined) {
      object.metadata.namespace = namespace;
      this.#ensureNamespace(namespace);
    }
    const key = keyOf(namespace, object.metadata.name);
    const target = { type, namespace, name: object.metadata.name, subresource: undefined };
    const previous = this.#api.store.get(type.storage, key);
    const { status } = object;
    if (previous === undefined) createObject(this.#api, type, object, options);
    else updateObject(this.#api, target, options, (current) => ({ object: based(object, current) }));
    if (status !== undefined && type.hasStatus) {
      const subresource: Subresource = "status";
      updateObject(this.#api, { ...target, subresource }, options, (current) => ({
        object: { ...current, status },
      }));
    }
    return clone(this.#api.store.get(type.storage, key) as KubeObject);
  }

  delete(ref: ObjectRef, how: Partial<DeleteOptions> = {}): void {
    const type = this.#typeOf(ref.kind);
    const defaults: DeleteOptions = { propagation: "Background", dryRun: false };
    deleteObject(this.#api, type, scopeOf(type, ref.namespace), ref.name, { ...defaults, ...how });
  }

  #ensureNamespace(name: string): void {
    const type = this.#find("", "Namespace");
    if (this.#api.store.get(type.storage, name) !== undefined) return;
    createObject(this.#api, type, { apiVersion: "v1", kind: "Namespace", metadata: { name } }, options);
  }

  #typeOf(name: string): ResourceType {
    const dot = name.indexOf(".");
    if (dot >= 0) return this.#find(name.slice(dot + 1), name.slice(0, dot));
    return typeNamed(this.#api, this.#group, name) ?? this.#find("", name);
  }

  #find(group: string, kind: string): ResourceType {
    const type = typeNamed(this.#api, group, kind);
    if (type === undefined) throw new Error(`the fake API server has no ${kind} in group "${group}"`);
    return type;
  }
}

function scopeOf(type: ResourceType, namespace: string | undefined): string | undefined {
  return type.namespaced ? (namespace ?? "default") : undefined;
}

function based(object: KubeObject, current: KubeObject): KubeObject {
  const { resourceVersion } = current.metadata;
  return { ...object, metadata: { ...object.metadata, resourceVersion: resourceVersion as string } };
}
