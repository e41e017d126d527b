import type { RbacVerb } from "../../engine/delegate/judgement.ts";
import { apiGroup } from "../../engine/model/objects.generated.ts";
import type { KubeApi, Resource } from "../kube/kube-api.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";
import type { UserInfo } from "./review.ts";

/** Whether RBAC (or whatever authorizes in the cluster) allows somebody a verb on an object of a namespace. */
export type AskAccess = (user: UserInfo, namespace: string, verb: RbacVerb) => Promise<boolean>;

const subjectAccessReviews: Resource = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "subjectaccessreviews",
  kind: "SubjectAccessReview",
};

/** Asks the API server, each time anew: what was just revoked must not be honoured. */
export function createAskAccess(api: Pick<KubeApi, "create">): AskAccess {
  return async ({ username, uid, groups, extra }, namespace, { verb, kind, name }) => {
    const { version, plural: resource } = sidegateResources[kind];
    const review = await api.create(subjectAccessReviews, undefined, {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      metadata: { name: "" },
      spec: {
        user: username,
        ...(uid !== undefined && { uid }),
        groups,
        extra,
        resourceAttributes: { namespace, verb, group: apiGroup, version, resource, name },
      },
    });
    return (review.status as { allowed?: unknown } | undefined)?.allowed === true;
  };
}
