import { apiGroup, type Kind, kinds, plurals } from "../../../engine/model/objects.generated.ts";
import type { Resource } from "../../kube/kube-api.ts";

/** The version of the API that the operator reads and writes. */
const version = "v1alpha1";

/** Where each kind is found in the API. */
export const sidegateResources = Object.fromEntries(
  kinds.map((kind) => [kind, { group: apiGroup, version, plural: plurals[kind], kind }]),
) as Readonly<Record<Kind, Resource>>;

export const namespaceResource: Resource = {
  group: "",
  version: "v1",
  plural: "namespaces",
  kind: "Namespace",
};
