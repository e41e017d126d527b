import { randomUUID } from "node:crypto";
import { request } from "undici";
import { kinds } from "../engine/model/objects.generated.ts";
import type { Credentials } from "../operator/kube/credentials.ts";
import type { KubeApi } from "../operator/kube/kube-api.ts";
import { namespaceResource, sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { applyCrds } from "./apply-crds.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { bundle, startBundled } from "./bundled.ts";
import { createObjects } from "./create-objects.ts";
import { createNamespace, openApi } from "./open-api.ts";
import { pauseMs } from "./pause.ts";
import { STRANGER } from "./plan-change.ts";
import { cpuTime, memory } from "./proc-files.ts";
import { bindingName, type WorldSize } from "./world-plan.ts";

const MB = 1_000_000;
/** Bindings in each organization. */
const PER_ORGANIZATION = 100;
const PAGE = 500;
const STARTS = 3;
const CHANGES = 20;
const SETTLE_MS = 2_000;

/** What a domain costs etcd, the API server and the operator. Needs a cluster: the fake API server has no etcd. */
export async function measureScale(context: BenchmarkContext): Promise<void> {
  const { kubeconfig, report, note, isSmall } = context;
  if (kubeconfig === undefined) {
    report({ what: "objects on an API server", missing: "KUBECONFIG is not set" });
    return;
  }
  const { api, credentials } = openApi(kubeconfig);
  try {
    await applyCrds(api);
    const bindings = Number(process.env.SIDEGATE_BENCH_BINDINGS ?? (isSmall ? 1_000 : 10_000));
    await measureSize({ ...context, api, credentials, kubeconfig }, bindings);
  } finally {
    await credentials.close();
  }
  note(
    `Organizations have ${PER_ORGANIZATION} bindings each. The store's size is what etcd reports for the file of its database; the API server's memory is what it says of its process.`,
  );
}

interface ScaleContext extends BenchmarkContext {
  readonly api: KubeApi;
  readonly credentials: Credentials;
  readonly kubeconfig: string;
}

async function measureSize(context: ScaleContext, bindings: number): Promise<void> {
  const { api, report } = context;
  const size: WorldSize = { organizations: bindings / PER_ORGANIZATION, bindings };
  const namespace = `sidegate-bench-${randomUUID().slice(0, 8)}`;
  const what = `${bindings} bindings`;
  await createNamespace(api, namespace);
  try {
    const before = await serverFacts(context);
    const start = performance.now();
    const objects = await createObjects(api, namespace, size);
    report({ what: `${what}: ${objects} objects created`, unit: "s", samples: seconds(start) });
    await pauseMs(SETTLE_MS);
    const after = await serverFacts(context);
    report({ what: "  size of the store", unit: "MB", samples: [after.store] });
    report({ what: "  of it by these objects", unit: "MB", samples: [after.store - before.store] });
    report({ what: "  memory of the API server before", unit: "MB", samples: [before.memory] });
    report({ what: "  memory of the API server with them", unit: "MB", samples: [after.memory] });
    await measureList(context, namespace);
    await measureOperator(context, namespace, what, bindings);
    report({
      what: "  memory of the API server then",
      unit: "MB",
      samples: [(await serverFacts(context)).memory],
    });
  } finally {
    await api.delete(namespaceResource, undefined, namespace).catch(() => {});
  }
}

/** Reading everything as the operator does at its start, and how much one change brings. */
async function measureList({ api, report }: ScaleContext, namespace: string): Promise<void> {
  const { signal } = new AbortController();
  const lists: number[] = [];
  let bytes = 0;
  for (let round = 0; round < STARTS; round++) {
    bytes = 0;
    const start = performance.now();
    for (const kind of kinds) {
      let continueToken: string | undefined;
      do {
        const page = await api.list(sidegateResources[kind], {
          namespace,
          limit: PAGE,
          continueToken,
          signal,
        });
        bytes += page.items.reduce((sum, item) => sum + JSON.stringify(item).length, 0);
        continueToken = page.continueToken;
      } while (continueToken !== undefined);
    }
    lists.push(...seconds(start));
  }
  report({ what: `  all listed, in pages of ${PAGE}`, unit: "s", samples: lists });
  report({ what: "  objects as JSON", unit: "MB", samples: [bytes / MB] });
  const kind = sidegateResources.AccessRoleBinding;
  const events: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const name = bindingName(0, 0, 0);
    const user = change % 2 === 0 ? STRANGER : "user-0-0@example.com";
    const changed = await api.mergePatch(kind, namespace, name, {
      spec: { subjects: [{ kind: "User", name: user }] },
    });
    events.push(JSON.stringify({ type: "MODIFIED", object: changed }).length / 1_000_000);
  }
  report({ what: "  one change on each watch", unit: "MB", samples: events });
}

async function measureOperator(
  { report, kubeconfig, directory }: ScaleContext,
  namespace: string,
  what: string,
  bindings: number,
): Promise<void> {
  const main = bundle(directory);
  const target = bindings <= 10_000 ? { start: 5, memory: 200 } : { start: 20, memory: 500 };
  const starts: number[] = [];
  const busy: number[] = [];
  const resident: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    using operator = startBundled(
      main,
      ...["operator", "--kubeconfig", kubeconfig, "--namespace", namespace],
      ...["--listen", "127.0.0.1:0", "--log-level", "info"],
    );
    const ready = await operator.logged("Ready");
    starts.push((ready.time - operator.startedAt) / 1000);
    busy.push(cpuTime(operator.pid) / 1_000_000);
    await pauseMs(SETTLE_MS);
    const { resident: now, peak } = memory(operator.pid);
    resident.push(now);
    peaks.push(peak);
    await operator.stop();
  }
  report({
    what: `operator with ${what}: start until it serves`,
    unit: "s",
    samples: starts,
    target: target.start,
  });
  report({ what: "  CPU time of it", unit: "s", samples: busy });
  report({ what: "  its memory", unit: "MB", samples: resident, target: target.memory });
  report({ what: "  the most while it started", unit: "MB", samples: peaks });
}

interface ServerFacts {
  /** MB of etcd's database. */
  readonly store: number;
  /** MB of the API server's process. */
  readonly memory: number;
}

async function serverFacts({ credentials }: ScaleContext): Promise<ServerFacts> {
  const { server, headers, dispatcher } = await credentials.access();
  const { body } = await request(`${server}/metrics`, { headers, dispatcher });
  const text = await body.text();
  const read = (name: string) => {
    const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text) ?? [];
    return Number(value) / MB;
  };
  return { store: read("apiserver_storage_size_bytes"), memory: read("process_resident_memory_bytes") };
}

function seconds(start: number): number[] {
  return [(performance.now() - start) / 1000];
}
