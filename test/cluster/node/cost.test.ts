import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateWorld } from "../../../bench/generate-world.ts";
import { quantile } from "../../../bench/statistics.ts";
import { sidegateResources } from "../../../operator/source/kubernetes/sidegate-resources.ts";
import { eventually } from "../../support/processes.ts";
import { askerTemplate } from "./asker/manifests.ts";
import type { Tally } from "./asker/questions.ts";
import { install, kubectl } from "./installation.ts";
import { Shop } from "./shop.ts";

// Prints what docs/reference/performance.md says of sidecars in pods, for a domain of as many bindings as SIDEGATE_BINDINGS says.

const ROUNDS = 5;
const WRITERS = 24;
const bindings = Number(process.env.SIDEGATE_BINDINGS ?? 0);
const shop = new Shop();
/** The domain of the pods: their own, or a generated one. */
const domain = bindings > 0 ? `${shop.namespace}-large` : shop.namespace;

beforeAll(async () => {
  await install();
  await shop.begin();
  if (bindings === 0) return;
  await kubectl(`create namespace ${domain}`);
  const sync = `--clusterrole=sidegate-sync --group=system:serviceaccounts:${shop.namespace}`;
  await kubectl(`create rolebinding sync --namespace ${domain} ${sync}`);
  await fill();
}, 600_000);

afterAll(async () => {
  await shop.end();
  if (domain !== shop.namespace) await kubectl(`delete namespace ${domain} --timeout=280s`);
}, 300_000);

/** Objects of a generated domain in 100 organizations. */
async function fill(): Promise<void> {
  const rest = generateWorld({ organizations: 100, bindings });
  const writer = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      const { kind, metadata } = next.value;
      // Its teams break it.
      if (kind === "AccessConstraint") continue;
      await shop.post(`apis/sidegate.dev/v1alpha1/namespaces/${domain}/${sidegateResources[kind].plural}`, {
        ...next.value,
        metadata: { ...metadata, namespace: domain },
      });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** A native sidecar with the startup probe of an injected one that has nothing to do: what Kubernetes itself takes for one. */
const idle = {
  name: "idle",
  image: process.env.SIDEGATE_IMAGE,
  command: ["node", "-e", "require('node:http').createServer((_, response) => response.end()).listen(7432)"],
  restartPolicy: "Always",
  startupProbe: { httpGet: { path: "/startz", port: 7432 }, periodSeconds: 1, failureThreshold: 120 },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** Milliseconds from the creation of a pod until its application runs. */
async function startOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  initContainers: readonly object[] = [],
): Promise<number> {
  const { metadata, spec } = askerTemplate(name, { labels, annotations: { "sidegate.dev/domain": domain } });
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name },
    spec: { ...spec, initContainers },
  };
  const created = Date.now();
  await shop.post(`api/v1/namespaces/${shop.namespace}/pods`, pod);
  await shop.kubectl(`wait --for=condition=Ready pod/${name} --timeout=100s`);
  const { begunAt } = await shop.request<Tally>(name, "tally");
  return begunAt - created;
}

describe(`A sidecar with ${bindings === 0 ? "few" : bindings} bindings`, () => {
  test("costs the start of a pod so much", async () => {
    const plain: number[] = [];
    const withIdle: number[] = [];
    const injected: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      plain.push(await startOf(`plain-${round}`, {}));
      withIdle.push(await startOf(`idle-${round}`, {}, [idle]));
      injected.push(await startOf(`injected-${round}`, { "sidegate.dev/inject": "true" }));
    }
    const tell = (what: string, times: number[]) =>
      `${what} ${quantile(times, 0.5)} ms (${times.join(", ")})`;
    console.log(
      `Until the application runs, medians of ${ROUNDS}: ${tell("without a sidecar", plain)}, ${tell("with an idle one", withIdle)}, ${tell("with ours", injected)}`,
    );
    expect(quantile(injected, 0.5)).toBeLessThan(60_000);
  });

  test("takes so much memory", async () => {
    const node = await kubectl(
      `get pod injected-0 --namespace ${shop.namespace} --output jsonpath={.spec.nodeName}`,
    );
    const memory = async () => {
      const { pods } = JSON.parse(
        await kubectl(`get --raw /api/v1/nodes/${node}/proxy/stats/summary`),
      ) as Summary;
      const ours = pods.filter(({ podRef }) => podRef.namespace === shop.namespace);
      const sidecars = ours.flatMap(({ containers }) => containers.filter(({ name }) => name === "sidegate"));
      return sidecars.map(({ memory }) => Math.round((memory?.workingSetBytes ?? 0) / 1e6));
    };
    // The kubelet looks every ten seconds.
    await eventually(async () => (await memory()).filter((megabytes) => megabytes > 0).length, ROUNDS);
    console.log(`Working sets of ${ROUNDS} sidecars: ${(await memory()).join(", ")} MB`);
    console.log(await residentMemory());
  });
});

/** What sidecars say themselves. */
async function residentMemory(): Promise<string> {
  const pods = Array.from({ length: ROUNDS }, (_, round) => `injected-${round}`);
  const found = await Promise.all(
    pods.map(async (pod) => {
      const metrics = await shop.text(pod, 7433, "metrics");
      const [, bytes = "0"] = /^sidegate_sidecar_memory_bytes (\S+)$/m.exec(metrics) ?? [];
      return Math.round(Number(bytes) / 1e6);
    }),
  );
  return `Resident: ${found.join(", ")} MB`;
}

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly namespace: string };
    readonly containers: readonly {
      readonly name: string;
      readonly memory?: { readonly workingSetBytes?: number };
    }[];
  }[];
}
