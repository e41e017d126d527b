import { describe, expect } from "vitest";
import { eventually } from "../support/processes.ts";
import { build } from "../worlds/build.ts";
import { basics, LIMIT, test, viewing } from "./deployment.ts";

/** Ann's binding under a name of its own: a deleted one stays until its deletion is effective. */
function again(round: number) {
  const binding = viewing("ann");
  return { ...binding, metadata: { ...binding.metadata, name: `${binding.metadata.name}-${round}` } };
}

describe.concurrent("an answer", LIMIT, () => {
  test("is never older than the write that its question names", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    const sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.ask("ann"), "Allowed");
    let binding = viewing("ann");
    for (let round = 0; round < 10; round++) {
      const removed = deployment.remove(binding);
      expect(await sidecar.ask("ann", { minPosition: [removed] })).toBe("NoGrant");
      binding = again(round);
      const given = deployment.put(binding);
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
    let binding = viewing("ann");
    for (let round = 0; round < 5; round++) {
      token = deployment.remove(binding);
      expect(await quick.ask("ann", { minPosition: [token] })).toBe("NoGrant");
      binding = again(round);
      token = deployment.put(binding);
      expect(await quick.ask("ann", { minPosition: [token] })).toBe("Allowed");
    }
    token = deployment.remove(binding);
    expect(await quick.ask("ann", { minPosition: [token] })).toBe("NoGrant");
    hanging.process.signal("SIGCONT");
    await eventually(() => hanging.ask("ann", { minPosition: [token] }), "NoGrant");
    expect(await hanging.revision()).toBe(await quick.revision());
  });
});
