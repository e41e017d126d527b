import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../support/run.ts";
import { ApiServer } from "./api-server.ts";
import { applyCrds } from "./apply-crds.ts";
import { Kubectl } from "./kubectl.ts";

const kubeconfig = process.env.KUBECONFIG ?? "";
const namespace = `uninstall-${Date.now()}`;
const kubectl = new Kubectl(kubeconfig, namespace);
const LEASE = "Would remove 1 Lease of the operator\n";

const apply = (object: object) => kubectl.run("apply -f -", JSON.stringify(object));

/** Other suites have objects on the same cluster, of which nothing is to be let go. */
const uninstall = (...args: string[]) =>
  run("cli/sidegate", ["uninstall", "--dry-run", "--operator-namespace", namespace, ...args], {
    env: { KUBECONFIG: kubeconfig },
  });

/** A pod as the chart makes it, which nobody schedules. */
const operatorPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "sidegate-operator-0",
    labels: { "app.kubernetes.io/name": "sidegate", "app.kubernetes.io/component": "operator" },
  },
  spec: { schedulerName: "nobody", containers: [{ name: "operator", image: "sidegate" }] },
};

beforeAll(async () => {
  await applyCrds(new ApiServer(kubeconfig));
  await kubectl.run(`create namespace ${namespace}`);
  await kubectl.run("create serviceaccount default").catch(() => {});
  await apply({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "sidegate-operator" },
    spec: {},
  });
});
afterAll(() => kubectl.run(`delete namespace ${namespace} --wait=false`));

test("uninstall takes what replicas kept, unless an operator runs, which can not do without", async () => {
  expect(await uninstall()).toContain(LEASE);
  await apply(operatorPod);
  // It will run once a node has room.
  await expect(uninstall()).rejects.toThrow("SG5033");
  await kubectl.run(
    'patch pod sidegate-operator-0 --subresource=status --type=merge -p {"status":{"phase":"Running"}}',
  );
  await expect(uninstall()).rejects.toThrow("SG5033");
  expect(await uninstall("--force")).not.toContain(LEASE);
});
