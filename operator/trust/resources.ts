import type { Resource } from "../kube/kube-api.ts";

export const secretResource: Resource = { group: "", version: "v1", plural: "secrets", kind: "Secret" };

export const configMapResource: Resource = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
};

const admission = { group: "admissionregistration.k8s.io", version: "v1" } as const;

export const validatingWebhookResource: Resource = {
  ...admission,
  plural: "validatingwebhookconfigurations",
  kind: "ValidatingWebhookConfiguration",
};

export const mutatingWebhookResource: Resource = {
  ...admission,
  plural: "mutatingwebhookconfigurations",
  kind: "MutatingWebhookConfiguration",
};
