import type { ObjectMeta } from "./objects.generated.ts";

/** What Argo CD and Flux leave on the objects that they apply, and what Sidegate asks pipelines to leave. */
const TOLD_BY = [
  "argocd.argoproj.io/instance",
  "argocd.argoproj.io/revision",
  "argocd.argoproj.io/tracking-id",
  "helm.toolkit.fluxcd.io/name",
  "helm.toolkit.fluxcd.io/namespace",
  "kustomize.toolkit.fluxcd.io/name",
  "kustomize.toolkit.fluxcd.io/namespace",
  "kustomize.toolkit.fluxcd.io/revision",
  "sidegate.dev/git-revision",
] as const;

/** Where an object came from, "key=value" of the annotations and labels that tell, joined by ", "; empty: none does. */
export function provenanceOf({ annotations, labels }: ObjectMeta): string {
  if (annotations === undefined && labels === undefined) return "";
  const told = TOLD_BY.flatMap((key) => {
    const value = annotations?.[key] ?? labels?.[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return told.join(", ");
}
