import { writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { startFakeApiServer } from "../fake-apiserver/start.ts";
import { eventually } from "../support/processes.ts";
import { build } from "../worlds/build.ts";
import { basics, LIMIT, test, viewing } from "./deployment.ts";

describe("after the cluster's storage was restored", LIMIT, () => {
  test("a sidecar does not go back, until the epoch is raised", async ({ deploy }) => {
    const deployment = await deploy({ firstRevision: 100_000 });
    deployment.putAll([...basics, viewing("ann")]);
    const operator = await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    await operator.end();
    await deployment.server.stop();

    deployment.server = await startFakeApiServer({ firstRevision: 1_000 });
    writeFileSync(deployment.kubeconfig, deployment.server.kubeconfig());
    deployment.putAll([...basics, viewing("bob")]);
    await deployment.startOperator();
    await sidecar.process.logged("The operator's replica is behind the policy in use");
    expect([await sidecar.ask("ann"), await sidecar.ask("bob")]).toEqual(["Allowed", "NoGrant"]);

    deployment.put(build("AccessDomain", "default", { epoch: 1 }));
    await eventually(() => sidecar.ask("bob"), "Allowed");
    expect(await sidecar.ask("ann")).toBe("NoGrant");
  });
});
