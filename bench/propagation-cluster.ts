import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { KubeObject } from "../operator/kube/kube-api.ts";
import { namespaceResource, sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { applyCrds } from "./apply-crds.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { startCommand, startFakeApiServer } from "./child-processes.ts";
import { generateWorld } from "./generate-world.ts";
import { createNamespace, openApi } from "./open-api.ts";
import { pauseMs } from "./pause.ts";
import { planChange, STRANGER } from "./plan-change.ts";
import { startSidecarProcess } from "./sidecar-process.ts";
import { bindingName, userName } from "./world-plan.ts";

const TARGET_MS = 150;
const SIZE = { organizations: 1, bindings: 40 };
const POLL_MS = 1;
const WARM_UP = 3;
/** Between two patches, so that each is a change of its own. */
const REST_MS = 200;

/** From a patch of an object on an API server until the sidecar answers by it. */
export async function measurePatches(context: BenchmarkContext): Promise<void> {
  const { directory, kubeconfig } = context;
  if (kubeconfig !== undefined) return measureOn(kubeconfig, true, context);
  const file = join(directory, "fake.kubeconfig");
  using fake = await startFakeApiServer(file);
  fake.check();
  await measureOn(file, false, context);
}

async function measureOn(kubeconfig: string, isReal: boolean, context: BenchmarkContext): Promise<void> {
  const { api, credentials } = openApi(kubeconfig);
  const namespace = `sidegate-bench-${randomUUID().slice(0, 8)}`;
  try {
    // The fake one has them.
    if (isReal) await applyCrds(api);
    await createNamespace(api, namespace);
    for (const object of generateWorld(SIZE)) {
      const metadata = { ...object.metadata, namespace };
      await api.create(sidegateResources[object.kind], namespace, {
        ...object,
        metadata,
      } as object as KubeObject);
    }
    const patch = (name: string, user: string) =>
      api.mergePatch(sidegateResources.AccessRoleBinding, namespace, name, {
        spec: { subjects: [{ kind: "User", name: user }] },
      });
    const server = isReal ? "API server" : "fake API server (KUBECONFIG is not set)";
    await timePatches(context, { kubeconfig, namespace, server, patch });
  } finally {
    await api.delete(namespaceResource, undefined, namespace).catch(() => {});
    await credentials.close();
  }
}

interface Cluster {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly server: string;
  /** Gives a binding to a user. */
  readonly patch: (name: string, user: string) => Promise<unknown>;
}

async function timePatches(
  { report, directory, isSmall }: BenchmarkContext,
  { kubeconfig, namespace, server, patch }: Cluster,
): Promise<void> {
  using operator = startCommand(
    ...["operator", "--kubeconfig", kubeconfig, "--namespace", namespace],
    ...["--listen", "127.0.0.1:0", "--log-level", "info"],
  );
  const { address } = await operator.logged("Serves policies to sidecars");
  const sidecar = await startSidecarProcess(address as string, directory, { domain: namespace });
  using _sidecar = sidecar.command;
  using client = new CheckClient(sidecar.unix);
  const { change, request } = planChange(SIZE, 0);
  const { organization, member, binding } = change;
  const name = bindingName(organization, member, binding);
  await client.until(request, true);
  const sent: number[] = [];
  const taken: number[] = [];
  for (let round = -WARM_UP; round < (isSmall ? 5 : 40); round++) {
    await pauseMs(REST_MS + Math.random() * REST_MS);
    const allowed = round % 2 === 0;
    const start = performance.now();
    await patch(name, allowed ? userName(organization, member) : STRANGER);
    const answered = performance.now();
    await client.until(request, allowed, POLL_MS);
    if (round < 0) continue;
    sent.push(performance.now() - start);
    taken.push(answered - start);
  }
  report({ what: `object patched, ${server}`, unit: "ms", samples: sent, target: TARGET_MS });
  report({ what: "  of it until the server answered the patch", unit: "ms", samples: taken });
  await operator.stop();
}
