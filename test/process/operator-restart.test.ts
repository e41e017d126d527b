import { join } from "node:path";
import { describe, expect } from "vitest";
import { eventually } from "../support/processes.ts";
import { basics, LIMIT, test, viewing } from "./deployment.ts";

describe.concurrent("the end of an operator", LIMIT, () => {
  test("that is killed goes unnoticed, and its successor brings what changed meanwhile", async ({
    deploy,
  }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    const operator = await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    const revision = await sidecar.revision();

    await operator.end("SIGKILL");
    await sidecar.process.logged("Lost the operator");
    deployment.remove(viewing("ann"));
    deployment.put(viewing("bob"));
    expect([await sidecar.ask("ann"), await sidecar.ask("bob")]).toEqual(["Allowed", "NoGrant"]);
    expect(await sidecar.revision()).toBe(revision);
    expect(await sidecar.readiness()).toBe(200);

    await deployment.startOperator();
    await eventually(() => sidecar.ask("bob"), "Allowed");
    expect(await sidecar.ask("ann")).toBe("NoGrant");
    deployment.put(viewing("cid"));
    await eventually(() => sidecar.ask("cid"), "Allowed");
  });

  test("that was asked for is followed by one with the same revision", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    const operator = await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.readiness(), 200);
    const revision = await sidecar.revision();
    expect(await operator.end("SIGTERM")).toEqual({ code: 0, signal: null });
    const successor = await deployment.startOperator();
    await successor.logged("Published a policy", { revision });
    const token = deployment.put(viewing("bob"));
    await eventually(() => sidecar.ask("bob", { minPosition: [token] }), "Allowed");
  });

  test("makes its sidecars turn to another one", async ({ deploy }) => {
    // Bookmarks tell an operator how far it has read kinds of which nothing changes. The one that read first would
    // otherwise seem to be behind the other for a minute.
    const deployment = await deploy({ bookmarkIntervalMs: 250 });
    deployment.putAll([...basics, viewing("ann")]);
    const addresses = ["one", "two"].map((name) => `unix:${join(deployment.folder, `${name}.sock`)}`);
    const operators = await Promise.all(
      addresses.map((address) => deployment.startOperator({ args: ["--listen", address] })),
    );
    const sidecar = await deployment.startSidecar("sidecar", ["shop"], addresses);
    const { address } = await sidecar.process.logged("Connected to the operator");
    await eventually(() => sidecar.ask("ann"), "Allowed");
    await operators[addresses.indexOf(address as string)]!.end("SIGKILL");
    const token = deployment.put(viewing("bob"));
    await eventually(() => sidecar.ask("bob", { minPosition: [token] }), "Allowed");
  });
});
