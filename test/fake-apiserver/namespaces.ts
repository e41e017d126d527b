import type { Api } from "./api.ts";
import { forbidden, notFound } from "./api-error.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ResourceType } from "./resource-type.ts";

export function isNamespaceType(type: ResourceType): boolean {
  return type.group === "" && type.plural === "namespaces";
}

/** Makes sure that an object may be created in its namespace. Throws 404, and 403 where the namespace is going. */
export function checkNamespace(api: Api, type: ResourceType, body: KubeObject): void {
  const name = body.metadata.namespace;
  if (!type.namespaced || name === undefined) return;
  const namespaceType = api.types.find(isNamespaceType) as ResourceType;
  const namespace = api.store.get(namespaceType.storage, name);
  if (namespace === undefined) throw notFound(namespaceType, name);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    type,
    body.metadata.name,
    `unable to create new content in namespace ${name} because it is being terminated`,
    [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${name} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  );
}

/** What the server gives a new Namespace. */
export function prepareNamespace(body: KubeObject): void {
  body.spec = { finalizers: ["kubernetes"] };
  body.status = { phase: "Active" };
}

/** The label by which selectors find a Namespace by name. */
export function labelNamespace(body: KubeObject): void {
  body.metadata.labels = { ...body.metadata.labels, "kubernetes.io/metadata.name": body.metadata.name };
}
