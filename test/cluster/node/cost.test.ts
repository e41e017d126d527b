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

/** Milliseconds from the creation of a pod until its application runs. */
async function startOf(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  const { metadata, spec } = askerTemplate(name, { labels, annotations: { "sidegate.dev/domain": domain } });
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name }, spec };
  const created = Date.now();
  await shop.post(`api/v1/namespaces/${shop.namespace}/pods`, pod);
  await shop.kubectl(`wait --for=condition=Ready pod/${name} --timeout=100s`);
  const { begunAt } = await shop.request<Tally>(name, "tally");
  return begunAt - created;
}

describe(`A sidecar with ${bindings === 0 ? "few" : bindings} bindings`, () => {
  test("costs the start of a pod so much", async () => {
    const plain: number[] = [];
    const injected: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      plain.push(await startOf(`plain-${round}`, {}));
      injected.push(await startOf(`injected-${round}`, { "sidegate.dev/inject": "true" }));
    }
    const [without, withIt] = [quantile(plain, 0.5), quantile(injected, 0.5)];
    console.log(
      `Until the application runs: ${without} ms without a sidecar, ${withIt} ms with one, ${withIt - without} ms more (medians of ${ROUNDS}: ${plain.join(", ")}; ${injected.join(", ")})`,
    );
    expect(withIt).toBeLessThan(60_000);
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
