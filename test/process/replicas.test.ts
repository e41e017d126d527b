import { join } from "node:path";
import { describe, expect } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { eventually, type RunningProcess } from "../support/processes.ts";
import { DOMAIN, role } from "../worlds/build.ts";
import { basics, type Deployment, LIMIT, test } from "./deployment.ts";

/** Starts a replica, which listens at an address of its own. */
async function start(deployment: Deployment, name: string): Promise<RunningProcess> {
  deployment.server.objects.put({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "sidegate-system" },
  });
  const listen = ["--listen", `unix:${join(deployment.folder, `${name}.sock`)}`];
  return deployment.startOperator({ args: ["--replica", name, ...listen, "--grace", "5"] });
}

const held = (deployment: Deployment, lease: string) => {
  const object = deployment.server.objects.get({
    kind: "Lease.coordination.k8s.io",
    namespace: "sidegate-system",
    name: lease,
  });
  return (object?.spec as { holderIdentity?: string } | undefined)?.holderIdentity;
};
const leader = (deployment: Deployment) => held(deployment, "sidegate-operator");

const isJudged = (deployment: Deployment, name: string) => {
  const object = deployment.server.objects.get({ kind: "AccessRole", namespace: DOMAIN, name });
  const { status } = object as unknown as SidegateObject;
  return status?.conditions?.some(({ type, status }) => type === "Accepted" && status === "True") ?? false;
};

describe.concurrent("of several replicas", LIMIT, () => {
  test("one that stops in order gives leadership away at once, and ends within its grace", async ({
    deploy,
  }) => {
    const deployment = await deploy();
    deployment.putAll(basics);
    const first = await start(deployment, "pod-a");
    await eventually(() => leader(deployment), "pod-a");
    await start(deployment, "pod-b");
    expect(await first.end()).toEqual({ code: 0, signal: null });
    await eventually(() => leader(deployment), "pod-b");
    expect(held(deployment, "sidegate-replica-pod-a")).toBeUndefined();
    deployment.put(role("later", { rules: [{ resources: ["logs"], verbs: ["view"] }] }));
    await eventually(() => isJudged(deployment, "later"), true);
  });

  test("the leader may be killed: another one writes once its Lease has run out", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll(basics);
    const first = await start(deployment, "pod-a");
    await eventually(() => leader(deployment), "pod-a");
    const second = await start(deployment, "pod-b");
    await first.end("SIGKILL");
    deployment.put(role("later", { rules: [{ resources: ["logs"], verbs: ["view"] }] }));
    await second.logged("Leads");
    await eventually(() => isJudged(deployment, "later"), true);
    // The dead one's Lease is cleared away as well.
    await eventually(() => held(deployment, "sidegate-replica-pod-a"), undefined);
  });

  test("the leader that loses the API server for long goes on living, and leads again", async ({
    deploy,
  }) => {
    const deployment = await deploy();
    deployment.putAll(basics);
    const only = await start(deployment, "pod-a");
    await eventually(() => leader(deployment), "pod-a");
    await deployment.server.faults.pause();
    await only.logged("Leads no longer");
    await deployment.server.faults.resume();
    deployment.put(role("later", { rules: [{ resources: ["logs"], verbs: ["view"] }] }));
    await eventually(() => isJudged(deployment, "later"), true);
    expect(only.isGone).toBe(false);
    expect(await only.end()).toEqual({ code: 0, signal: null });
  });
});
