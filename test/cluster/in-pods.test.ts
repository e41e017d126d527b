import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/processes.ts";
import { InPods } from "./in-pods.ts";

const cluster = new InPods(process.env.KUBECONFIG ?? "");
const { kubectl, shop, other, system } = cluster;

beforeAll(() => cluster.begin("presets/redox"));
afterAll(() => cluster.end());

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const question = {
  subject: { kind: "User", name: "stephanie" },
  permission: "connections:view",
  scope: "environment/acme-staging",
} as const;

/** A pod that satisfies the standard "restricted" as long as nothing is added to it that does not. */
function podOf(name: string, annotations: Record<string, string> = {}, spec: object = {}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { "sidegate.dev/inject": "true" }, annotations },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "app", image: "app", securityContext: SECURE }],
      ...spec,
    },
  });
}

const create = (pod: string, ...options: string[]) =>
  kubectl.exec(["create", "-f", "-", ...options], pod, { withErrors: true });

describe("a pod that asks for a sidecar", () => {
  test("gets it, in a namespace that enforces restricted, with the command that gives its account the right", async () => {
    const printed = await create(podOf("first"));
    expect(printed).toContain(`Service account ${shop}/default may not sync the access domain ${shop}`);
    const commands = printed.split("\n").flatMap((line) => /^Warning: kubectl (.+)$/.exec(line)?.[1] ?? []);
    expect(commands).toHaveLength(1);
    for (const command of commands) await kubectl.run(command);

    const pod = JSON.parse(await kubectl.run("get pod first -o json"));
    expect(pod.spec.initContainers[0]).toMatchObject({ name: "sidegate", restartPolicy: "Always" });
    // The API server mounts its token into the application only.
    const mounts: { name: string }[] = pod.spec.initContainers[0].volumeMounts;
    expect(mounts.filter(({ name }) => name.startsWith("kube-api-access"))).toEqual([]);
    expect(await kubectl.run("get configmap sidegate-trust -o name")).toBe("configmap/sidegate-trust\n");
  });

  test("is told once its account has the right, after some seconds for which a refusal is remembered", async () => {
    await eventually(
      async () => (await create(podOf("second"), "--dry-run=server")).includes("may not"),
      false,
    );
  });

  test("leaves nothing behind by a dry run", async () => {
    await kubectl.exec(["create", "-n", other, "-f", "-", "--dry-run=server"], podOf("third"));
    const found = await kubectl.run(`get configmap sidegate-trust -n ${other} --ignore-not-found -o name`);
    expect(found).toBe("");
  });

  test("is refused where it can not have one", async () => {
    await expect(create(podOf("fourth", {}, { hostNetwork: true }))).rejects.toThrow(
      "spec.hostNetwork is true",
    );
    await expect(create(podOf("fifth", { "sidegate.dev/cpu": "much" }))).rejects.toThrow("sidegate.dev/cpu");
  });

  test("can not ask its node where Pod Security forbids directories of nodes", async () => {
    await expect(create(podOf("sixth", { "sidegate.dev/mode": "node" }))).rejects.toThrow("hostPath");
    const node = podOf("seventh", { "sidegate.dev/mode": "node" });
    await kubectl.exec(["create", "-n", other, "-f", "-"], node);
  });
});

test("a sidecar with what its pod has mounted is ready with a verified policy", async () => {
  const { process, address } = await cluster.startSidecar("sidecar", shop, "default", "--domain", shop);
  await process.logged("Ready: every domain has a policy");
  const client = await cluster.client(address);
  expect(await client.check(question)).toMatchObject({ allowed: true });
});

describe("the sidecar of a node", () => {
  let address: string;
  const clientOf = async (namespace: string, audience = "sidegate.dev/sidecar") =>
    cluster.client(address, await cluster.tokenFile(namespace, "default", audience));

  beforeAll(async () => {
    await kubectl.run(`create serviceaccount node -n ${system}`);
    await cluster.letSyncAll(system, "node");
    const started = await cluster.startSidecar("node", system, "node");
    await started.process.logged("Listening for checks of this node's pods");
    address = started.address;
  });

  test("answers a pod about the domain of its namespace", async () => {
    const client = await clientOf(shop);
    expect(await client.check(question)).toMatchObject({ allowed: true });
    expect(await client.check({ ...question, domain: shop })).toMatchObject({ allowed: true });
  });

  test("answers it about no other, and says what would let it", async () => {
    const client = await clientOf(other);
    await expect(client.check({ ...question, domain: shop })).rejects.toMatchObject({
      status: "PERMISSION_DENIED",
      message: expect.stringContaining(`grant the verb sync on accessdomains in namespace ${shop}`),
    });
  });

  test("answers nobody who does not say who it is, or with a token for another", async () => {
    const unknown = { status: "UNAUTHENTICATED" };
    await expect((await cluster.client(address)).check(question)).rejects.toMatchObject(unknown);
    const client = await clientOf(shop, "sidegate.dev/operator");
    await expect(client.check(question)).rejects.toMatchObject(unknown);
  });
});
