import { type Api, typeStoredAs } from "./api.ts";
import { ApiError } from "./api-error.ts";
import { deleteObject } from "./delete.ts";
import type { KubeObject } from "./kube-object.ts";
import { OwnerGraph, type Place } from "./owner-graph.ts";
import type { Change } from "./store.ts";
import { WorkLoop } from "./work-loop.ts";
import { updateObject } from "./write.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";
const options = {
  kind: "UpdateOptions",
  manager: "kube-controller-manager",
  dryRun: false,
  fieldValidation: "Ignore",
} as const;

/**
 * The garbage collector of the controller manager: deletes what has lost all its owners, takes references to lost
 * owners out of what still has others, and settles deletions of the kinds Foreground and Orphan.
 *
 * Keys of its work are uids: of objects whose owners, or whose finalizers, are to be looked at.
 */
export class GarbageCollector {
  readonly #api: Api;
  readonly #graph = new OwnerGraph();
  readonly #loop = new WorkLoop((uid) => this.#look(uid));
  readonly #unsubscribe: () => void;

  constructor(api: Api) {
    this.#api = api;
    this.#unsubscribe = api.store.subscribe((change) => this.#onChange(change));
  }

  stop(): void {
    this.#unsubscribe();
    this.#loop.stop();
  }

  #onChange(change: Change): void {
    this.#graph.record(change);
    const { metadata } = change.object;
    const uid = metadata.uid as string;
    if (change.deleted) for (const dependent of this.#graph.dependentsOf(uid)) this.#loop.add(dependent);
    else if (metadata.ownerReferences !== undefined || metadata.deletionTimestamp !== undefined)
      this.#loop.add(uid);
    // An owner may wait for this one.
    for (const owner of change.previous?.metadata.ownerReferences ?? []) this.#loop.add(owner.uid);
  }

  #look(uid: string): void {
    const place = this.#graph.placeOf(uid);
    const object = place && this.#api.store.get(place.storage, place.key);
    if (place === undefined || object === undefined) return;
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    try {
      if (deletionTimestamp === undefined) this.#checkOwners(place, object);
      else if (finalizers.includes(ORPHAN)) this.#orphan(place, uid);
      else if (finalizers.includes(FOREGROUND)) this.#deleteInForeground(place, uid);
    } catch (error) {
      // Someone else's finalizer or rule is in the way; the next change of the object brings it here again.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #checkOwners(place: Place, object: KubeObject): void {
    const references = object.metadata.ownerReferences ?? [];
    const held = references.filter((reference) => this.#graph.ownerOf(object, reference) !== undefined);
    if (references.length === 0) return;
    const waiting = held.some((reference) => this.#waitsForDependents(reference.uid));
    const solid = held.filter((reference) => !this.#waitsForDependents(reference.uid));
    if (solid.length > 0) {
      if (solid.length < references.length)
        this.#dropOwners(place, (uid) => !solid.some((one) => one.uid === uid));
      return;
    }
    // Dependents of a foreground deletion go in the foreground too, so that theirs go before them.
    const propagation =
      waiting && this.#graph.dependentsOf(object.metadata.uid as string).length > 0
        ? "Foreground"
        : "Background";
    const { type, namespace, name } = this.#target(place, object);
    deleteObject(this.#api, type, namespace, name, { propagation, dryRun: false });
  }

  #waitsForDependents(uid: string): boolean {
    const place = this.#graph.placeOf(uid);
    const meta = place && this.#api.store.get(place.storage, place.key)?.metadata;
    return meta?.deletionTimestamp !== undefined && (meta.finalizers ?? []).includes(FOREGROUND);
  }

  #orphan(place: Place, uid: string): void {
    for (const dependent of this.#graph.dependentsOf(uid)) {
      const at = this.#graph.placeOf(dependent);
      if (at !== undefined) this.#dropOwners(at, (owner) => owner === uid);
    }
    this.#dropFinalizer(place, ORPHAN);
  }

  #deleteInForeground(place: Place, uid: string): void {
    let blocked = false;
    for (const dependent of this.#graph.dependentsOf(uid)) {
      const at = this.#graph.placeOf(dependent);
      const object = at && this.#api.store.get(at.storage, at.key);
      const reference = object?.metadata.ownerReferences?.find((owner) => owner.uid === uid);
      if (reference?.blockOwnerDeletion === true) blocked = true;
      this.#loop.add(dependent);
    }
    if (!blocked) this.#dropFinalizer(place, FOREGROUND);
  }

  #dropOwners(place: Place, drops: (uid: string) => boolean): void {
    this.#change(place, (meta) => {
      meta.ownerReferences = (meta.ownerReferences ?? []).filter((owner) => !drops(owner.uid));
    });
  }

  #dropFinalizer(place: Place, finalizer: string): void {
    this.#change(place, (meta) => {
      meta.finalizers = (meta.finalizers ?? []).filter((item) => item !== finalizer);
    });
  }

  #change(place: Place, change: (meta: KubeObject["metadata"]) => void): void {
    const object = this.#api.store.get(place.storage, place.key);
    if (object === undefined) return;
    updateObject(this.#api, this.#target(place, object), options, (current) => {
      change(current.metadata);
      return { object: current };
    });
  }

  #target(place: Place, { metadata }: KubeObject) {
    const type = typeStoredAs(this.#api, place.storage);
    return { type, namespace: metadata.namespace, name: metadata.name, subresource: undefined };
  }
}
