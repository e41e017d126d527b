import type { StatusCause } from "./api-error.ts";
import { asSeen, asStored } from "./event-spelling.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Reviews } from "./reviews.ts";
import type { Store } from "./store.ts";

/** Says what is wrong with an object, whose defaults are filled in; `previous` is the stored one in an update. */
export type Validator = (
  type: ResourceType,
  object: KubeObject,
  previous: KubeObject | undefined,
) => readonly StatusCause[];

/** What all handlers work on. */
export interface Api {
  readonly store: Store;
  readonly types: readonly ResourceType[];
  readonly validate: Validator;
  readonly reviews: Reviews;
  readonly now: () => Date;
  readonly newUid: () => string;
  /** What is appended to a generateName. */
  readonly newSuffix: () => string;
}

/** Times in metadata have whole seconds. */
export function timestamp(api: Api): string {
  return `${api.now().toISOString().slice(0, 19)}Z`;
}

export function typeNamed(api: Api, group: string, kind: string): ResourceType | undefined {
  return api.types.find((type) => type.group === group && type.kind === kind);
}

/** The type under whose rules a stored object is changed. */
export function typeStoredAs(api: Api, storage: string): ResourceType {
  return api.types.find((type) => type.storage === storage) as ResourceType;
}

/** The stored object as clients of the type see it. */
export function load(api: Api, type: ResourceType, key: string): KubeObject | undefined {
  const object = api.store.get(type.storage, key);
  return object && asSeen(type, object);
}

/** Stores an object of a client and returns it as clients see it, with its new resourceVersion. */
export function save(api: Api, type: ResourceType, key: string, object: KubeObject): KubeObject {
  return asSeen(type, api.store.put(type.storage, key, asStored(type, object)));
}
