import { describe, expect } from "vitest";
import { eventually, type RunningProcess } from "../support/processes.ts";
import type { SidecarProcess } from "../support/sidecar-process.ts";
import { build } from "../worlds/build.ts";
import { basics, type Deployment, inDomain, LIMIT, test, viewing } from "./deployment.ts";

/** Above the five seconds between two confirmations, and not by much, so that the tests need not wait long. */
const MAX_SECONDS = 8;
const BOUND_MS = MAX_SECONDS * 1000;

/** What a check gives in each domain once its policy is too old. */
const stale = { denying: "Stale", failing: "UnavailableError" } as const;
type Domain = keyof typeof stale;
const domains: readonly Domain[] = ["denying", "failing"];

interface Sample {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly answer: string;
}

/** Two domains that differ in `staleness.then`, an operator, and a sidecar that has both. */
async function start(deployment: Deployment): Promise<{ operator: RunningProcess; sidecar: SidecarProcess }> {
  for (const domain of domains) {
    const then = domain === "denying" ? "Deny" : "Error";
    const settings = build("AccessDomain", "default", { staleness: { maxSeconds: MAX_SECONDS, then } });
    for (const object of [...basics, viewing("ann"), settings]) deployment.put(inDomain(domain, object));
  }
  const operator = await deployment.startOperator();
  const sidecar = await deployment.startSidecar("sidecar", domains);
  for (const domain of domains) await eventually(() => sidecar.ask("ann", { domain }), "Allowed");
  return { operator, sidecar };
}

/**
 * Cuts the operator off and asks until all policies are too old. Answers are held to the bound however slowly they come:
 * none is stale before the bound can be over, and none is made by the policy after it must be.
 */
async function expectStale(
  deployment: Deployment,
  sidecar: SidecarProcess,
  cutOff: () => Promise<unknown>,
): Promise<void> {
  const current = Date.now();
  for (const domain of domains) {
    // The operator can not but confirm the policy after this write.
    const token = deployment.put(inDomain(domain, viewing("bob")));
    await eventually(() => sidecar.ask("bob", { domain, minPosition: [token] }), "Allowed");
  }
  await cutOff();
  const unconfirmed = Date.now();
  for (const domain of domains) {
    const samples = await askUntilStale(sidecar, domain);
    for (const { askedAt, answeredAt, answer } of samples) {
      if (answeredAt < current + BOUND_MS) expect(answer, "an answer before the bound").toBe("Allowed");
      if (askedAt > unconfirmed + BOUND_MS) expect(answer, "an answer after the bound").toBe(stale[domain]);
    }
  }
}

async function askUntilStale(sidecar: SidecarProcess, domain: Domain): Promise<Sample[]> {
  const samples: Sample[] = [];
  await eventually(async () => {
    const askedAt = Date.now();
    const answer = await sidecar.ask("ann", { domain });
    samples.push({ askedAt, answeredAt: Date.now(), answer });
    return answer;
  }, stale[domain]);
  return samples;
}

describe.concurrent("a policy that nobody confirms", LIMIT, () => {
  test("decides until its bound, then staleness.then does, and a restart makes it no younger", async ({
    deploy,
  }) => {
    const deployment = await deploy();
    const { operator, sidecar } = await start(deployment);
    await expectStale(deployment, sidecar, () => operator.end("SIGKILL"));

    await sidecar.process.end("SIGKILL");
    const restarted = await deployment.startSidecar("sidecar", domains);
    for (const domain of domains) {
      await restarted.process.logged("Restored the last known good policy", { domain });
      expect(await restarted.ask("ann", { domain })).toBe(stale[domain]);
    }
    // A restart would not help, so probes ask for none.
    expect([await restarted.readiness(), await restarted.health()]).toEqual([200, "SERVING"]);

    await deployment.startOperator();
    for (const domain of domains) await eventually(() => restarted.ask("ann", { domain }), "Allowed");
  });

  test("grows old as well when the operator hangs with its connections open", async ({ deploy }) => {
    const deployment = await deploy();
    const { operator, sidecar } = await start(deployment);
    await expectStale(deployment, sidecar, async () => operator.signal("SIGSTOP"));
    operator.signal("SIGCONT");
    for (const domain of domains) await eventually(() => sidecar.ask("ann", { domain }), "Allowed");
  });
});
