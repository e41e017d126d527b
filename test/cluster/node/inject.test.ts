import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { askerDeployment, askerTemplate } from "./asker/manifests.ts";
import { install, NAMESPACE } from "./installation.ts";
import { mayView, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();

interface RunningPod {
  readonly spec: {
    readonly containers: readonly { readonly name: string }[];
    readonly initContainers?: readonly {
      readonly name: string;
      readonly restartPolicy?: string;
      readonly volumeMounts: readonly { readonly mountPath: string; readonly name: string }[];
    }[];
  };
  readonly status: {
    readonly initContainerStatuses: readonly {
      readonly state: { readonly running: { startedAt: string } };
    }[];
    readonly containerStatuses: readonly {
      readonly ready: boolean;
      readonly state: { readonly running: { startedAt: string } };
    }[];
  };
}

const podOf = async (name: string) => JSON.parse(await shop.kubectl(`get pod ${name} -o json`)) as RunningPod;

/** The Job's pods end with the Job. */
const job = (name: string) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: { backoffLimit: 0, template: askerTemplate(name, { steady, isJob: true }) },
});

beforeAll(async () => {
  await install();
  await shop.begin();
});

afterAll(async () => {
  await shop.end();
});

describe("A Deployment with the label on its template", () => {
  let pods: string[] = [];

  beforeAll(async () => {
    await shop.apply(askerDeployment("pay", 3, { steady }));
    await shop.rolledOut("pay");
    pods = await shop.pods("pay");
  });

  test("has a native sidecar in every pod, first of all containers", async () => {
    expect(pods).toHaveLength(3);
    for (const name of pods) {
      const { initContainers = [], containers } = (await podOf(name)).spec;
      expect(initContainers[0]).toMatchObject({ name: "sidegate", restartPolicy: "Always" });
      expect(containers.map((container) => container.name)).toEqual(["app"]);
    }
  });

  test("starts its application after the sidecar, which has a verified policy by then", async () => {
    for (const name of pods) {
      const { status } = await podOf(name);
      const sidecar = Date.parse(status.initContainerStatuses[0]!.state.running.startedAt);
      const app = Date.parse(status.containerStatuses[0]!.state.running.startedAt);
      console.log(`${name}: the application started ${(app - sidecar) / 1000} s after the sidecar`);
      expect(app).toBeGreaterThanOrEqual(sidecar);
      const { wrong, failed, right } = await shop.tally(name);
      expect({ wrong, failed }, "from the first question on").toEqual({ wrong: [], failed: [] });
      expect(right).toBeGreaterThan(0);
      const log = await shop.kubectl(`logs ${name} -c sidegate`);
      expect(log).toContain("Ready");
    }
  });

  test("finds the sidecar by SIDEGATE_ADDRESS, over a Unix socket", async () => {
    for (const name of pods) {
      expect(await shop.request(name, "")).toEqual({ address: "unix:///run/sidegate/sidegate.sock" });
      expect(await shop.ask(name, mayView("ann"))).toMatchObject({ allowed: true });
      expect(await shop.ask(name, mayView("mallory"))).toMatchObject({ allowed: false });
    }
  });

  test("gives the sidecar no token for the API server", async () => {
    const { initContainers = [] } = (await podOf(pods[0]!)).spec;
    const api = initContainers[0]!.volumeMounts.find(({ mountPath }) =>
      mountPath.endsWith("/serviceaccount"),
    );
    expect(api?.name).toBe("sidegate-no-token");
  });

  test("is ready in all its containers, and stays so", async () => {
    const restarts = ".items[*].status['containerStatuses','initContainerStatuses'][*].restartCount";
    const ready = ".items[*].status['containerStatuses','initContainerStatuses'][*].ready";
    const pays = (path: string) => shop.kubectl(`get pods -l app=pay -o jsonpath={${path}}`);
    expect((await pays(ready)).split(" ")).toEqual(Array(6).fill("true"));
    expect((await pays(restarts)).split(" ")).toEqual(Array(6).fill("0"));
  });

  test("is rolled out anew without an answer that is wrong or missing in pods that end", async () => {
    await shop.kubectl("rollout restart deployment/pay");
    await shop.rolledOut("pay");
    const [pod = ""] = await shop.pods("pay");
    expect(await shop.ask(pod, mayView("ann"))).toMatchObject({ allowed: true });
  });
});

test("A Job completes, with a sidecar that asks for nothing to be stopped", async () => {
  await shop.apply(job("report"));
  await shop.kubectl("wait --for=condition=Complete job/report --timeout=100s");
  const log = await shop.kubectl("logs job/report -c app");
  console.log(`The Job said ${log.trim()}`);
  expect(JSON.parse(log)).toMatchObject({ right: steady.length, wrong: [], failed: [] });
});

describe("Pods that do not ask", () => {
  test.each([
    ["without the label", {}],
    ["with another value", { "sidegate.dev/inject": "false" }],
  ])("%s are as they were", async (name, labels) => {
    const pod = { apiVersion: "v1", kind: "Pod", ...askerTemplate("plain", { labels }) };
    const named = { ...pod, metadata: { ...pod.metadata, name: `plain-${name.length}` } };
    const made = JSON.parse(
      await shop.kubectl("create --dry-run=server -o json -f -", JSON.stringify(named)),
    );
    expect(made.spec.initContainers).toBeUndefined();
    expect(JSON.stringify(made)).not.toContain("/run/sidegate");
  });

  test("in the operator's and the cluster's own namespaces are as they were, whatever their label says", async () => {
    for (const namespace of [NAMESPACE, "kube-system"]) {
      const pod = { apiVersion: "v1", kind: "Pod", ...askerTemplate("system", {}) };
      const named = { ...pod, metadata: { ...pod.metadata, name: "system" } };
      const args = ["create", "--namespace", namespace, "--dry-run=server", "-o", "json", "-f", "-"];
      const made = JSON.parse(await run("kubectl", args, { input: JSON.stringify(named) }));
      expect(made.spec.initContainers).toBeUndefined();
    }
  });
});
