import { type Api, typeStoredAs } from "./api.ts";
import { deleteObject } from "./delete.ts";
import { isNamespaceType } from "./namespaces.ts";
import type { Change } from "./store.ts";
import { WorkLoop } from "./work-loop.ts";
import { updateObject } from "./write.ts";

const options = {
  kind: "UpdateOptions",
  manager: "kube-controller-manager",
  dryRun: false,
  fieldValidation: "Ignore",
} as const;

/** Empties namespaces that are being deleted and lets them go once nothing is left in them. Keys are their names. */
export class NamespaceController {
  readonly #api: Api;
  readonly #loop = new WorkLoop((name) => this.#empty(name));
  readonly #unsubscribe: () => void;
  readonly #storage: string;

  constructor(api: Api) {
    this.#api = api;
    this.#storage = api.types.find(isNamespaceType)?.storage as string;
    this.#unsubscribe = api.store.subscribe((change) => this.#onChange(change));
  }

  stop(): void {
    this.#unsubscribe();
    this.#loop.stop();
  }

  #onChange({ storage, object, deleted }: Change): void {
    const { name, namespace, deletionTimestamp } = object.metadata;
    if (storage !== this.#storage) {
      if (deleted && namespace !== undefined && this.#isTerminating(namespace)) this.#loop.add(namespace);
    } else if (!deleted && deletionTimestamp !== undefined) this.#loop.add(name);
  }

  #isTerminating(name: string): boolean {
    return this.#api.store.get(this.#storage, name)?.metadata.deletionTimestamp !== undefined;
  }

  #empty(name: string): void {
    if (!this.#isTerminating(name)) return;
    const { store, types } = this.#api;
    let left = 0;
    for (const storage of new Set(types.filter((type) => type.namespaced).map((type) => type.storage))) {
      const type = typeStoredAs(this.#api, storage);
      const keys = [...store.scan(storage, store.revision, `${name}/`)].filter(([key]) =>
        key.startsWith(`${name}/`),
      );
      for (const [, { metadata }] of keys) {
        const deleted = deleteObject(this.#api, type, name, metadata.name, {
          propagation: "Background",
          dryRun: false,
        });
        if (!deleted.gone) left++;
      }
    }
    if (left > 0) return;
    const type = typeStoredAs(this.#api, this.#storage);
    const target = { type, namespace: undefined, name, subresource: "finalize" } as const;
    updateObject(this.#api, target, options, (current) => ({
      object: { ...current, spec: { finalizers: [] } },
    }));
  }
}
