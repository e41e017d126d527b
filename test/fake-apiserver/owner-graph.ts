import type { KubeObject, OwnerReference } from "./kube-object.ts";
import type { Change } from "./store.ts";

/** Where an object is stored. */
export interface Place {
  readonly storage: string;
  readonly key: string;
  readonly namespace: string | undefined;
}

/** Who is there, and who names whom as owner, by uid. */
export class OwnerGraph {
  readonly #places = new Map<string, Place>();
  readonly #dependents = new Map<string, Set<string>>();

  /** Takes in a change; the owners that the object names afterwards count. */
  record(change: Change): void {
    const uid = change.object.metadata.uid as string;
    for (const owner of change.previous?.metadata.ownerReferences ?? [])
      this.#dependents.get(owner.uid)?.delete(uid);
    if (change.deleted) {
      this.#places.delete(uid);
      return;
    }
    const { namespace } = change.object.metadata;
    this.#places.set(uid, { storage: change.storage, key: change.key, namespace });
    for (const owner of change.object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, dependents.add(uid));
    }
  }

  placeOf(uid: string): Place | undefined {
    return this.#places.get(uid);
  }

  /** The uids of the objects that name an owner. */
  dependentsOf(uid: string): readonly string[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  /** The place of an owner, if it exists where the dependent can name it: in its namespace or in none. */
  ownerOf(dependent: KubeObject, reference: OwnerReference): Place | undefined {
    const place = this.#places.get(reference.uid);
    const reachable = place?.namespace === undefined || place.namespace === dependent.metadata.namespace;
    return reachable ? place : undefined;
  }
}
