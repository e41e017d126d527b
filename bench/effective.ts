import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import pino from "pino";
import type { AccessRoleBinding, Kind } from "../engine/model/objects.generated.ts";
import { createSystemClock } from "../host/clock.ts";
import { createCredentials } from "../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../operator/kube/http-kube-api.ts";
import type { KubeApi, KubeObject } from "../operator/kube/kube-api.ts";
import { Reflector } from "../operator/kube/reflector.ts";
import { namespaceResource, sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { Follower } from "../sidecar/follower.ts";
import { applyCrds } from "./apply-crds.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { startCommand } from "./child-processes.ts";
import { generateWorld } from "./generate-world.ts";
import { pauseMs } from "./pause.ts";
import { bindingName, environmentName, userName, type WorldSize } from "./world-plan.ts";

const SIDECARS = 10;
const APPLY_TARGET_MS = 250;
const DELETE_TARGET_MS = 400;
const WRITERS = 32;
const BURST_PER_SECOND = 50;
const binding = sidegateResources.AccessRoleBinding;

/** From a write on an API server until the API says that it is effective on ten sidecars. */
export async function measureEffective(context: BenchmarkContext): Promise<void> {
  const { kubeconfig, report, isSmall } = context;
  if (kubeconfig === undefined) {
    report({ what: "changes until Effective", missing: "KUBECONFIG is not set" });
    return;
  }
  const clock = createSystemClock();
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const credentials = createCredentials(config, clock);
  const api = createHttpKubeApi({ credentials, clock });
  const namespace = `sidegate-bench-${randomUUID().slice(0, 8)}`;
  const size = isSmall ? { organizations: 10, bindings: 1_000 } : { organizations: 100, bindings: 10_000 };
  const followers: Follower[] = [];
  const seen = new Seen(api, namespace);
  try {
    await applyCrds(api);
    await api.create(namespaceResource, undefined, {
      ...{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    });
    await createAll(api, namespace, size);
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

interface Setting extends BenchmarkContext {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly size: WorldSize;
  readonly seen: Seen;
}

async function measureSingle({ api, namespace, seen, report, isSmall }: Setting): Promise<void> {
  const applied: number[] = [];
  const deleted: number[] = [];
  for (let round = 0; round < (isSmall ? 5 : 40); round++) {
    await pauseMs(200 + Math.random() * 200);
    const name = `measured-${round}`;
    const start = performance.now();
    await api.create(binding, namespace, newBinding(namespace, name, round));
    await seen.effective(name);
    applied.push(performance.now() - start);
    await pauseMs(200 + Math.random() * 200);
    const startDelete = performance.now();
    await api.delete(binding, namespace, name);
    await seen.gone(name);
    deleted.push(performance.now() - startDelete);
  }
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
  { api, namespace, size, seen, report, note, isSmall }: Setting,
  followers: readonly Follower[],
): Promise<void> {
  const seconds = isSmall ? 5 : 60;
  const writes: Promise<unknown>[] = [];
  seen.countStatuses();
  const start = performance.now();
  for (let number = 0; number < seconds * BURST_PER_SECOND; number++) {
    await pauseMs(Math.max(0, start + (number * 1000) / BURST_PER_SECOND - performance.now()));
    const name = bindingName(number % size.organizations, Math.floor(number / size.organizations) % 5, 0);
    const subjects = [{ kind: "User", name: `burst-${number}` }];
    writes.push(api.mergePatch(binding, namespace, name, { spec: { subjects } }).catch(() => {}));
  }
  await Promise.all(writes);
  const ended = performance.now();
  const revisions = () => new Set(followers.map(({ snapshots }) => snapshots.get(namespace)?.revision));
  await seen.quiet(2_000);
  while (revisions().size > 1) await pauseMs(10);
  const { most, total } = seen.statuses();
  report({
    what: `${BURST_PER_SECOND} changes a second, written within`,
    unit: "s",
    samples: [(ended - start) / 1000],
  });
  report({ what: "  status writes of one object within a second", unit: "x", samples: [most], target: 1 });
  note(`${total} statuses were written for ${writes.length} changes; all sidecars ended on one revision.`);
}

function newBinding(namespace: string, name: string, round: number): KubeObject {
  const spec = {
    role: "observer",
    subjects: [{ kind: "User", name: userName(0, round % 5) }],
    scope: { kind: "Environment", name: environmentName(0, 0) },
  };
  return {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRoleBinding",
    metadata: { name, namespace },
    spec,
  };
}

async function createAll(api: KubeApi, namespace: string, size: WorldSize): Promise<void> {
  const objects = generateWorld(size);
  const write = async () => {
    for (const object of objects) {
      const metadata = { ...object.metadata, namespace };
      const body = { ...object, metadata } as object as KubeObject;
      await api.create(sidegateResources[object.kind as Kind], namespace, body);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
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

/** The bindings of a namespace as a watch shows them. */
class Seen {
  readonly #reflector: Reflector;
  readonly #bindings = new Map<string, AccessRoleBinding>();
  #onChange: () => void = () => {};
  #changedAt = 0;
  #isCounting = false;
  /** By name, when its status changed, in milliseconds. */
  readonly #statuses = new Map<string, number[]>();

  constructor(api: KubeApi, namespace: string) {
    this.#reflector = new Reflector({
      ...{ api, namespace, resource: binding, clock: createSystemClock(), random: Math.random },
      sink: {
        put: (object) => this.#put(object as object as AccessRoleBinding),
        remove: (_namespace, name) => {
          this.#bindings.delete(name);
          this.#changed();
        },
        progress: () => {},
        listed: () => {},
      },
      ...{ onContact: () => {}, onRetry: () => {}, onFatal: () => {} },
    });
  }

  start(): void {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }

  effective(name: string): Promise<void> {
    return this.#until(() => {
      const { metadata, status } = this.#bindings.get(name) ?? {};
      const condition = status?.conditions?.find(({ type }) => type === "Effective");
      return condition?.status === "True" && condition.observedGeneration === metadata?.generation;
    });
  }

  gone(name: string): Promise<void> {
    return this.#until(() => !this.#bindings.has(name));
  }

  empty(): Promise<void> {
    return this.#until(() => this.#bindings.size === 0);
  }

  /** Nothing has come for a while. */
  async quiet(ms: number): Promise<void> {
    this.#changedAt = performance.now();
    while (performance.now() - this.#changedAt < ms) await pauseMs(100);
  }

  countStatuses(): void {
    this.#isCounting = true;
  }

  /** Of all objects, the most status writes within less than 950 ms, and how many there were. */
  statuses(): { most: number; total: number } {
    let [most, total] = [0, 0];
    for (const times of this.#statuses.values()) {
      total += times.length;
      for (const at of times)
        most = Math.max(most, times.filter((other) => other >= at && other < at + 950).length);
    }
    return { most, total };
  }

  #put(object: AccessRoleBinding): void {
    const { name } = object.metadata;
    const before = this.#bindings.get(name);
    this.#bindings.set(name, object);
    if (this.#isCounting && JSON.stringify(before?.status) !== JSON.stringify(object.status)) {
      const times = this.#statuses.get(name) ?? [];
      times.push(performance.now());
      this.#statuses.set(name, times);
    }
    this.#changed();
  }

  #changed(): void {
    this.#changedAt = performance.now();
    this.#onChange();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
  }
}
