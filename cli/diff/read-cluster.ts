import type { KubeConfig } from "@kubernetes/client-node";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { type Kind, kinds } from "../../engine/model/objects.generated.ts";
import { toSidegateObject } from "../../engine/validate/to-sidegate-object.ts";
import type { Clock } from "../../host/clock.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import type { KubeApi } from "../../operator/kube/kube-api.ts";
import { isNotFound, KubeError } from "../../operator/kube/kube-error.ts";
import { namespaceResource, sidegateResources } from "../../operator/source/kubernetes/sidegate-resources.ts";

const PAGE = 500;

/**
 * Reads all Sidegate objects of a namespace into a compiler. Default bindings are what the operator gave, as they are there.
 *
 * @throws SidegateError SG4002 to SG4005 where the cluster does not answer, or not with what is asked; SG4006 where it has no
 *   such namespace
 */
export async function readCluster(
  kubeconfig: KubeConfig,
  namespace: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<DomainCompiler> {
  const credentials = createCredentials(kubeconfig, clock);
  try {
    const api = createHttpKubeApi({ credentials, clock });
    const compiler = new DomainCompiler(namespace);
    let count = 0;
    for (const kind of kinds) count += await readKind(api, kind, namespace, compiler, signal);
    if (count === 0) await checkNamespace(api, namespace);
    return compiler;
  } finally {
    await credentials.close();
  }
}

/** The API server lists nothing in a namespace that does not exist: a misspelt name would pass for an empty policy. */
async function checkNamespace(api: KubeApi, namespace: string): Promise<void> {
  try {
    await api.get(namespaceResource, undefined, namespace);
  } catch (cause) {
    if (isNotFound(cause))
      throw new SidegateError("SG4006", `there is no namespace "${namespace}"`, { cause });
    // Who may list the objects need not be allowed to look at the namespace.
    if (!(cause instanceof KubeError)) throw cause;
    if (cause.status !== 403)
      throw new SidegateError("SG4004", `namespace ${namespace}: ${cause.message}`, { cause });
  }
}

/** @returns how many objects of the kind there are */
async function readKind(
  api: KubeApi,
  kind: Kind,
  namespace: string,
  compiler: DomainCompiler,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  let continueToken: string | undefined;
  do {
    const page = await listPage(api, kind, namespace, continueToken, signal);
    for (const raw of page.items) {
      // Items of a list come without the kind and version, which the list has.
      const object = toSidegateObject({ ...raw, ...typeOf(kind) });
      if (object === undefined)
        throw new SidegateError("SG4002", `${kind} ${namespace}/${raw.metadata.name} has no spec`);
      compiler.put(object);
    }
    count += page.items.length;
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return count;
}

function typeOf(kind: Kind) {
  const { group, version } = sidegateResources[kind];
  return { apiVersion: `${group}/${version}`, kind };
}

async function listPage(
  api: KubeApi,
  kind: Kind,
  namespace: string,
  continueToken: string | undefined,
  signal: AbortSignal,
) {
  try {
    return await api.list(sidegateResources[kind], { namespace, limit: PAGE, continueToken, signal });
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    const { status } = cause;
    const code =
      status === 404 ? "SG4002" : status === 401 || status === 403 ? "SG4003" : ("SG4004" as const);
    throw new SidegateError(code, `listing ${kind} in ${namespace}: ${cause.message}`, { cause });
  }
}
