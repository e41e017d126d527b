import type { ResourceType } from "./resource-type.ts";
import { pathOf } from "./resource-type.ts";

/** A request for objects, taken apart. */
export interface ApiRequest {
  readonly method: string;
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  readonly userAgent: string;
  readonly contentType: string;
  readonly accept: string;
  readonly body: Buffer;
}

export type Address = Pick<ApiRequest, "type" | "namespace" | "name" | "subresource">;

/** Finds what a path addresses; undefined when no resource is there. */
export function parsePath(types: readonly ResourceType[], path: string): Address | undefined {
  // "/api/v1/namespaces/NAME/events" is no part of the Namespace.
  const inNamespaces = types.filter((type) => type.namespaced);
  for (const type of [...inNamespaces, ...types.filter((type) => !type.namespaced)]) {
    const root = `${pathOf(type.group, type.version)}/`;
    if (!path.startsWith(root)) continue;
    const address = parseRest(type, path.slice(root.length).split("/").map(decodeURIComponent));
    if (address !== undefined) return address;
  }
  return undefined;
}

function parseRest(type: ResourceType, parts: string[]): Address | undefined {
  let namespace: string | undefined;
  if (type.namespaced && parts[0] === "namespaces" && parts.length > 2) {
    namespace = parts[1];
    parts = parts.slice(2);
  }
  const [plural, name, subresource, ...rest] = parts;
  if (plural !== type.plural || rest.length > 0 || name === "") return undefined;
  // A namespaced object has no address outside a namespace.
  if (type.namespaced && namespace === undefined && name !== undefined) return undefined;
  return { type, namespace, name, subresource };
}

/** Whether a boolean option is set; Kubernetes takes everything but "false" and "0" for true. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)?.toLowerCase();
  return value !== undefined && value !== "false" && value !== "0";
}
