/** Paths of requests to the API server, with their queries. */

import type { ApplyOptions, ListOptions, Resource, WatchOptions } from "./kube-api.ts";

export function resourcePath(
  { group, version, plural }: Resource,
  namespace: string | undefined,
  name?: string,
): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

export function listPath(resource: Resource, options: Omit<ListOptions, "signal">): string {
  const { namespace, fieldSelector, limit, continueToken } = options;
  const query = new URLSearchParams({ limit: String(limit) });
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  if (continueToken !== undefined) query.set("continue", continueToken);
  return `${resourcePath(resource, namespace)}?${query}`;
}

export function watchPath(resource: Resource, options: Omit<WatchOptions, "signal" | "onOpen">): string {
  const { namespace, fieldSelector, resourceVersion, timeoutSeconds } = options;
  const query = new URLSearchParams({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion,
    timeoutSeconds: String(timeoutSeconds),
  });
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  return `${resourcePath(resource, namespace)}?${query}`;
}

export function applyPath(
  resource: Resource,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  { fieldManager, subresource }: ApplyOptions,
): string {
  const path = resourcePath(resource, namespace, name);
  const query = new URLSearchParams({ fieldManager, force: "true" });
  return `${path}${subresource === undefined ? "" : `/${subresource}`}?${query}`;
}
