import { expect } from "vitest";
import type { Manifest } from "../fake-apiserver/objects.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";
import { type Deployment, test } from "./deployment.ts";
import { runCli } from "./run-cli.ts";

const FOREIGN = "example.com/keep";
const SYSTEM = "sidegate-system";
const LEASE = "Lease.coordination.k8s.io";
const ours = { "app.kubernetes.io/part-of": "sidegate" };

function finalizersOf({ server }: Deployment, kind: string, name: string): readonly string[] | undefined {
  return server.objects.get({ kind, namespace: DOMAIN, name })?.metadata.finalizers as string[] | undefined;
}

function put({ server }: Deployment, object: object): void {
  server.objects.put(object as Manifest);
}

function fill(deployment: Deployment): void {
  put(deployment, {
    ...build("Organization", "acme", {}),
    metadata: { name: "acme", namespace: DOMAIN, finalizers: ["sidegate.dev/in-use", FOREIGN] },
  });
  const viewer = role("viewer", {});
  put(deployment, { ...viewer, metadata: { ...viewer.metadata, finalizers: ["sidegate.dev/in-use"] } });
  deployment.put(binding("ada", "viewer", "User:ada", "organization/acme"));
  const admission = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" };
  put(deployment, { ...admission, metadata: { name: "sidegate-operator", labels: ours }, webhooks: [] });
  put(deployment, { ...admission, metadata: { name: "other" }, webhooks: [] });
  for (const name of ["sidegate-trust", "settings"])
    put(deployment, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: DOMAIN, labels: ours },
    });
}

const uninstall = (deployment: Deployment, ...args: string[]) =>
  runCli(["uninstall", "--kubeconfig", deployment.kubeconfig, ...args]);

test("uninstall lets go of all objects and leaves what is not Sidegate's", async ({ deploy }) => {
  const deployment = await deploy();
  fill(deployment);
  const { code, stdout, stderr } = await uninstall(deployment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(
    "Removed 1 webhook configurations\nLet go of 1 Organization\nLet go of 1 AccessRole\nRemoved 1 ConfigMaps sidegate-trust\n",
  );
  expect(finalizersOf(deployment, "Organization", "acme")).toEqual([FOREIGN]);
  expect(finalizersOf(deployment, "AccessRole", "viewer") ?? []).toEqual([]);
  const { objects } = deployment.server;
  expect(
    objects.get({ kind: "ValidatingWebhookConfiguration.admissionregistration.k8s.io", name: "other" }),
  ).toBeDefined();
  expect(
    objects.get({
      kind: "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
      name: "sidegate-operator",
    }),
  ).toBeUndefined();
  expect(objects.get({ kind: "ConfigMap", namespace: DOMAIN, name: "settings" })).toBeDefined();
  expect((await uninstall(deployment)).stdout).toBe(
    "Removed 0 webhook configurations\nRemoved 0 ConfigMaps sidegate-trust\n",
  );
});

test("a dry run tells and changes nothing", async ({ deploy }) => {
  const deployment = await deploy();
  fill(deployment);
  const { stdout } = await uninstall(deployment, "--dry-run");
  expect(stdout).toContain("Would let go of 1 Organization");
  expect(finalizersOf(deployment, "Organization", "acme")).toHaveLength(2);
  expect(
    deployment.server.objects.get({ kind: "ConfigMap", namespace: DOMAIN, name: "sidegate-trust" }),
  ).toBeDefined();
});

/** What replicas leave in their namespace, and beside it what others have there. */
function leaveBehind(deployment: Deployment): void {
  const lease = (name: string, namespace = SYSTEM) =>
    put(deployment, {
      ...{ apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
      ...{ metadata: { name, namespace }, spec: {} },
    });
  for (const name of ["sidegate-operator", "sidegate-replica-a", "other"]) lease(name);
  lease("sidegate-operator", "elsewhere");
  put(deployment, {
    ...{ apiVersion: "sidegate.dev/v1alpha1", kind: "DeliveryReport" },
    ...{ metadata: { name: "a", namespace: SYSTEM }, position: {}, sidecars: 0, domains: [] },
  });
  for (const name of ["sidegate-authority", "other"])
    put(deployment, {
      ...{ apiVersion: "v1", kind: "Secret" },
      ...{ metadata: { name, namespace: SYSTEM }, data: {} },
    });
}

/** The names of what is left of it. */
function left({ server: { objects } }: Deployment) {
  const names = (kind: string) =>
    objects.list(kind).map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
  return { leases: names(LEASE), reports: names("DeliveryReport"), secrets: names("Secret.") };
}

test("uninstall removes what replicas kept in their own namespace", async ({ deploy }) => {
  const deployment = await deploy();
  leaveBehind(deployment);
  const before = left(deployment);
  expect((await uninstall(deployment, "--dry-run")).stdout).toContain(
    "Would remove 2 Lease of the operator\nWould remove 1 DeliveryReport of the operator\nWould remove 1 Secret of the operator\n",
  );
  expect(left(deployment)).toEqual(before);
  const { code, stdout } = await uninstall(deployment);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining("Removed 2 Lease of the operator\n"),
  });
  expect(left(deployment)).toEqual({
    leases: ["elsewhere/sidegate-operator", `${SYSTEM}/other`],
    reports: [],
    secrets: [`${SYSTEM}/other`],
  });
});
