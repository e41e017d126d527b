import { describe, expect } from "vitest";
import { eventually } from "../support/processes.ts";
import { basics, inDomain, LIMIT, test, viewing } from "./deployment.ts";

describe.concurrent("a sidecar that starts", LIMIT, () => {
  test("is not ready until it has a policy of every domain, and answers where it has one", async ({
    deploy,
  }) => {
    const deployment = await deploy();
    const sidecar = await deployment.startSidecar("sidecar", ["shop", "bank"]);
    const state = async () => [
      await sidecar.readiness(),
      await sidecar.health(),
      await sidecar.ask("ann", { domain: "shop" }),
      await sidecar.ask("ann", { domain: "bank" }),
    ];
    await sidecar.process.logged("Lost the operator");
    expect(await state()).toEqual([503, "NOT_SERVING", "UnavailableError", "UnavailableError"]);

    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    await eventually(state, [503, "NOT_SERVING", "Allowed", "UnavailableError"]);

    for (const object of [...basics, viewing("ann")]) deployment.put(inDomain("bank", object));
    await eventually(state, [200, "SERVING", "Allowed", "Allowed"]);
  });

  test("waits while the operator can not read its API server, which says so", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.server.faults.pause();
    const operator = deployment.launchOperator();
    const sidecar = await deployment.startSidecar();
    const line = await operator.logged("Reading a kind failed", { code: "SG4004" });
    expect(line.remedy).toMatch(/kubeconfig/);
    await sidecar.process.logged("Connected to the operator");
    expect([await sidecar.readiness(), await sidecar.health()]).toEqual([503, "NOT_SERVING"]);
    await deployment.server.faults.resume();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    expect([await sidecar.readiness(), await sidecar.health()]).toEqual([200, "SERVING"]);
  });
});
