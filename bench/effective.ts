import { randomUUID } from "node:crypto";
import pino from "pino";
import { createSystemClock } from "../host/clock.ts";
import { namespaceResource } from "../operator/source/kubernetes/sidegate-resources.ts";
import { Follower } from "../sidecar/follower.ts";
import { applyCrds } from "./apply-crds.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import {
  applyAndDelete,
  CHANGES_PER_SECOND,
  changeSteadily,
  type FilledNamespace,
} from "./change-bindings.ts";
import { startCommand } from "./child-processes.ts";
import { createObjects } from "./create-objects.ts";
import { createNamespace, openApi } from "./open-api.ts";
import { pauseMs } from "./pause.ts";
import { SeenBindings } from "./seen-bindings.ts";

const SIDECARS = 10;
const APPLY_TARGET_MS = 250;
const DELETE_TARGET_MS = 400;

/** From a write on an API server until the API says that it is effective on ten sidecars. */
export async function measureEffective(context: BenchmarkContext): Promise<void> {
  const { kubeconfig, report, isSmall } = context;
  if (kubeconfig === undefined) {
    report({ what: "changes until Effective", missing: "KUBECONFIG is not set" });
    return;
  }
  const { api, credentials } = openApi(kubeconfig);
  const namespace = `sidegate-bench-${randomUUID().slice(0, 8)}`;
  const size = isSmall ? { organizations: 10, bindings: 1_000 } : { organizations: 100, bindings: 10_000 };
  const followers: Follower[] = [];
  const seen = new SeenBindings(api, namespace);
  try {
    await applyCrds(api);
    await createNamespace(api, namespace);
    await createObjects(api, namespace, size);
    using operator = startCommand(
      ...["operator", "--kubeconfig", kubeconfig, "--namespace", namespace],
      ...["--listen", "127.0.0.1:0", "--log-level", "info"],
    );
    const { address } = await operator.logged("Serves policies to sidecars");
    await operator.logged("Ready");
    for (let index = 0; index < SIDECARS; index++) {
      followers.push(await follow(String(address), namespace, `bench-${index}`));
    }
    seen.start();
    // Statuses of the whole domain are written at first.
    await seen.quiet(3_000);
    await measureSingle({ ...context, api, namespace, size, seen });
    await measureBurst({ ...context, api, namespace, size, seen }, followers);
    for (const follower of followers) await follower.close();
    // While there is an operator that lets go of what has finalizers.
    await api.delete(namespaceResource, undefined, namespace);
    await seen.empty();
    await operator.stop();
  } finally {
    await seen.stop();
    await api.delete(namespaceResource, undefined, namespace).catch(() => {});
    await credentials.close();
  }
}

type Setting = BenchmarkContext & FilledNamespace;

async function measureSingle({ report, isSmall, ...namespace }: Setting): Promise<void> {
  const { applied, deleted } = await applyAndDelete(namespace, isSmall ? 5 : 40);
  const where = `${SIDECARS} sidecars`;
  report({
    what: `binding applied until Effective, ${where}`,
    unit: "ms",
    samples: applied,
    target: APPLY_TARGET_MS,
  });
  report({
    what: `binding deleted until it is gone, ${where}`,
    unit: "ms",
    samples: deleted,
    target: DELETE_TARGET_MS,
  });
}

/** Changes at a steady rate: everybody ends on the same revision, and no status is written more than once a second. */
async function measureBurst(
  { seen, report, note, isSmall, ...rest }: Setting,
  followers: readonly Follower[],
): Promise<void> {
  seen.countStatuses();
  const { changes, seconds } = await changeSteadily({ seen, ...rest }, isSmall ? 5 : 60);
  const revisions = () => new Set(followers.map(({ snapshots }) => snapshots.get(rest.namespace)?.revision));
  await seen.quiet(2_000);
  while (revisions().size > 1) await pauseMs(10);
  const { most, total } = seen.statuses();
  report({ what: `${CHANGES_PER_SECOND} changes a second, written within`, unit: "s", samples: [seconds] });
  report({ what: "  status writes of one object within a second", unit: "x", samples: [most], target: 1 });
  note(`${total} statuses were written for ${changes} changes; all sidecars ended on one revision.`);
}

async function follow(address: string, domain: string, name: string): Promise<Follower> {
  const follower = await Follower.open({
    ...{ domains: [domain], operators: [address], name, version: "0" },
    ...{ clock: createSystemClock(), random: Math.random, logger: pino({ enabled: false }) },
  });
  await follower.follow();
  while (follower.snapshots.get(domain) === undefined) await pauseMs(5);
  return follower;
}
