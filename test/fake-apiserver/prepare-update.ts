import { clone, equal } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { isNamespaceType } from "./namespaces.ts";
import type { ResourceType, Subresource } from "./resource-type.ts";

/** The present object with what a request may change by this door; the rest of what it wants is passed over. */
export function prepareUpdate(
  type: ResourceType,
  wanted: KubeObject,
  current: KubeObject,
  subresource: Subresource,
): KubeObject {
  const next = subresource === "status" ? withStatus(wanted, current) : wanted;
  if (subresource !== "status" && type.hasStatus) setOrDelete(next, "status", clone(current.status));
  if (isNamespaceType(type)) next.spec = clone(subresource === "finalize" ? wanted.spec : current.spec);
  keepSystemFields(next, current);
  if (type.custom && subresource === undefined) next.metadata.generation = generationOf(type, next, current);
  return next;
}

function withStatus(wanted: KubeObject, current: KubeObject): KubeObject {
  const next = clone(current);
  setOrDelete(next, "status", wanted.status);
  setOrDelete(next.metadata, "managedFields", wanted.metadata.managedFields);
  return next;
}

function setOrDelete(target: { [field: string]: unknown }, field: string, value: unknown): void {
  if (value === undefined) delete target[field];
  else target[field] = value;
}

function keepSystemFields(next: KubeObject, current: KubeObject): void {
  const old = current.metadata;
  const meta = next.metadata;
  meta.uid ||= old.uid as string;
  delete meta.selfLink;
  meta.resourceVersion = old.resourceVersion as string;
  for (const field of ["creationTimestamp", "generation", "deletionGracePeriodSeconds"]) {
    setOrDelete(meta, field, old[field]);
  }
  if (old.deletionTimestamp !== undefined) meta.deletionTimestamp = old.deletionTimestamp;
}

/** One more than before if anything but metadata and status changed. */
function generationOf(type: ResourceType, object: KubeObject, current: KubeObject): number {
  const contentOf = ({ metadata: _, ...content }: KubeObject) => {
    if (type.hasStatus) delete content.status;
    return content;
  };
  const generation = current.metadata.generation ?? 0;
  return equal(contentOf(object), contentOf(current)) ? generation : generation + 1;
}
