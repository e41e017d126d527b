import { describe, expect } from "vitest";
import { eventually } from "../support/processes.ts";
import { build } from "../worlds/build.ts";
import { basics, LIMIT, test, viewing } from "./deployment.ts";

describe.concurrent("an answer", LIMIT, () => {
  test("is never older than the write that its question names", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    for (let round = 0; round < 10; round++) {
      const removed = deployment.remove(viewing("ann"));
      expect(await sidecar.ask("ann", { minPosition: [removed] })).toBe("NoGrant");
      const given = deployment.put(viewing("ann"));
      expect(await sidecar.ask("ann", { minPosition: [removed, given] })).toBe("Allowed");
    }
    // A write that changes no decision counts as well, also one of another kind.
    const unrelated = deployment.put(build("Organization", "acme", { displayName: "Acme" }));
    expect(await sidecar.ask("ann", { minPosition: [unrelated] })).toBe("Allowed");
    const renamed = deployment.put(build("Organization", "acme", { displayName: "Acme Inc." }));
    expect(await sidecar.ask("ann", { minPosition: [unrelated, renamed] })).toBe("Allowed");
  });

  test("to a question that names a write which never comes is an error at its deadline", async ({
    deploy,
  }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    const minPosition = ["AccessRoleBinding:999999999"];
    const waiting = sidecar.ask("ann", { minPosition, deadlineMs: 2000 });
    expect(await sidecar.ask("ann")).toBe("Allowed");
    expect(await waiting).toBe("PositionNotReachedError");
  });

  test("of one sidecar does not wait for another that hangs, which catches up", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    const quick = await deployment.startSidecar("quick");
    const hanging = await deployment.startSidecar("hanging");
    for (const sidecar of [quick, hanging]) await eventually(() => sidecar.ask("ann"), "Allowed");
    hanging.process.signal("SIGSTOP");
    let token = "";
    for (let round = 0; round < 5; round++) {
      token = deployment.remove(viewing("ann"));
      expect(await quick.ask("ann", { minPosition: [token] })).toBe("NoGrant");
      token = deployment.put(viewing("ann"));
      expect(await quick.ask("ann", { minPosition: [token] })).toBe("Allowed");
    }
    token = deployment.remove(viewing("ann"));
    expect(await quick.ask("ann", { minPosition: [token] })).toBe("NoGrant");
    hanging.process.signal("SIGCONT");
    await eventually(() => hanging.ask("ann", { minPosition: [token] }), "NoGrant");
    expect(await hanging.revision()).toBe(await quick.revision());
  });
});
