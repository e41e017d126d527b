import type { KubeConfig } from "@kubernetes/client-node";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { type Kind, kinds } from "../../engine/model/objects.generated.ts";
import { toSidegateObject } from "../../engine/validate/to-sidegate-object.ts";
import type { Clock } from "../../host/clock.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import type { KubeApi } from "../../operator/kube/kube-api.ts";
import { KubeError } from "../../operator/kube/kube-error.ts";
import { sidegateResources } from "../../operator/source/kubernetes/sidegate-resources.ts";

const PAGE = 500;

/**
 * Reads all Sidegate objects of a namespace into a compiler. Default bindings are what the operator gave, as they are there.
 *
 * @throws SidegateError SG4002 to SG4005 where the cluster does not answer, or not with what is asked
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
    for (const kind of kinds) await readKind(api, kind, namespace, compiler, signal);
    return compiler;
  } finally {
    await credentials.close();
  }
}

async function readKind(
  api: KubeApi,
  kind: Kind,
  namespace: string,
  compiler: DomainCompiler,
  signal: AbortSignal,
): Promise<void> {
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
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
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
