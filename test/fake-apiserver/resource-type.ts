import type { JsonObject } from "./json.ts";

/** A column of `kubectl get`. */
export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  format?: string;
  description?: string;
  priority?: number;
}

/** One resource of the API, as a CustomResourceDefinition declares it. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly hasStatus: boolean;
  /** Custom resources carry a generation, refuse strategic merge patches and repeat apiVersion and kind in lists. */
  readonly custom: boolean;
  /** The OpenAPI schema of the whole object; without one nothing is pruned. */
  readonly schema: JsonObject | undefined;
  readonly columns: readonly PrinterColumn[];
  /** JSONPaths that field selectors may name beside metadata.name and metadata.namespace. */
  readonly selectable: readonly string[];
  /** Whether PUT may create the object. */
  readonly createOnUpdate: boolean;
  /** Whether PUT may leave out the resourceVersion. */
  readonly unconditionalUpdate: boolean;
  /** What objects are stored under; two views of one resource (events) share it. */
  readonly storage: string;
  /** Whether creating is all there is: the answer is in the status and nothing is stored. */
  readonly isReview?: boolean;
}

export function apiVersionOf(type: ResourceType): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** The path of the group version: "/api/v1" or "/apis/GROUP/VERSION". */
export function pathOf(group: string, version: string): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** The parts of an object with doors of their own; undefined is the main one. */
export type Subresource = "status" | "finalize" | undefined;
