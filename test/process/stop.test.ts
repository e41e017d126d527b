import { describe, expect, vi } from "vitest";
import { eventually } from "../support/processes.ts";
import { basics, LIMIT, test, viewing } from "./deployment.ts";

const inOrder = { code: 0, signal: null };

describe.concurrent("the end is in order, with exit code 0,", LIMIT, () => {
  test.for(["SIGTERM", "SIGINT"] as const)(
    "of an operator and a sidecar that work together, at %s",
    async (signal, { deploy }) => {
      const deployment = await deploy();
      deployment.putAll([...basics, viewing("ann")]);
      const operator = await deployment.startOperator();
      const sidecar = await deployment.startSidecar();
      await eventually(() => sidecar.ask("ann"), "Allowed");
      expect(await operator.end(signal)).toEqual(inOrder);
      expect(await sidecar.process.end(signal)).toEqual(inOrder);
      expect(sidecar.process.log.at(-1)?.msg).toBe("Stopped");
    },
  );

  test("of a sidecar that has found no operator", async ({ deploy }) => {
    const deployment = await deploy();
    const sidecar = await deployment.startSidecar();
    await sidecar.process.logged("Lost the operator");
    expect(await sidecar.process.end()).toEqual(inOrder);
  });

  test("of a sidecar with a check that waits, which gets an error", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    const waiting = sidecar.ask("ann", { minPosition: ["AccessRole:999999999"], deadlineMs: 60_000 });
    // It comes on the same connection, so once it has its answer the check before it has been read.
    expect(await sidecar.ask("ann")).toBe("Allowed");
    expect(await sidecar.process.end()).toEqual(inOrder);
    expect(await waiting).toBe("PositionNotReachedError");
  });

  test("of an operator whose API server is away", async ({ deploy }) => {
    const deployment = await deploy();
    await deployment.server.faults.pause();
    const operator = deployment.launchOperator();
    await operator.logged("Reading a kind failed", { code: "SG4004" });
    expect(await operator.end()).toEqual(inOrder);
  });

  test("of an operator whose API server does not answer", async ({ deploy }) => {
    const deployment = await deploy();
    const asked = vi.fn(() => true);
    deployment.server.faults.requests.delay(600_000, asked);
    const operator = deployment.launchOperator();
    await eventually(() => asked.mock.calls.length > 0, true);
    expect(await operator.end()).toEqual(inOrder);
  });

  test("of a replica that waits for the namespace of its installation", async ({ deploy }) => {
    const deployment = await deploy();
    const operator = deployment.launchOperator({
      args: ["--replica", "a", "--release-namespace", "missing"],
    });
    await operator.logged("Could not make the authority's Secret");
    expect(await operator.end()).toEqual(inOrder);
  });

  test("of an operator with a sidecar that hangs", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    const operator = await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.readiness(), 200);
    sidecar.process.signal("SIGSTOP");
    expect(await operator.end()).toEqual(inOrder);
  });
});
