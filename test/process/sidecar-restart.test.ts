import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { eventually } from "../support/processes.ts";
import { basics, type Deployment, LIMIT, test, viewing } from "./deployment.ts";

const SET_ASIDE = "Set a damaged file of the last known good aside";
const RESTORED = "Restored the last known good policy";

/** A sidecar had everything, on disk too, when it and its operator were killed. */
async function leaveBehind(deployment: Deployment): Promise<{ folder: string; revision: string }> {
  deployment.putAll([...basics, viewing("ann")]);
  const operator = await deployment.startOperator();
  const sidecar = await deployment.startSidecar();
  await eventually(() => sidecar.ask("ann"), "Allowed");
  const revision = await sidecar.revision();
  const folder = join(sidecar.directory, "shop");
  await eventually(() => readFileSync(join(folder, "policy"), "utf8").includes(revision), true);
  await operator.end("SIGKILL");
  await sidecar.process.end("SIGKILL");
  return { folder, revision };
}

describe.concurrent("a sidecar that is killed", LIMIT, () => {
  test("has what changed meanwhile after its restart", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    const before = await deployment.startSidecar();
    await eventually(() => before.ask("ann"), "Allowed");
    await before.process.end("SIGKILL");
    deployment.remove(viewing("ann"));
    deployment.put(viewing("bob"));
    const after = await deployment.startSidecar();
    await eventually(() => after.ask("bob"), "Allowed");
    expect(await after.ask("ann")).toBe("NoGrant");
  });

  test("answers from what it kept when there is no operator in reach", async ({ deploy }) => {
    const deployment = await deploy();
    const { revision } = await leaveBehind(deployment);
    const after = await deployment.startSidecar();
    await after.process.logged(RESTORED, { revision });
    expect([await after.ask("ann"), await after.ask("bob")]).toEqual(["Allowed", "NoGrant"]);
    expect(await after.revision()).toBe(revision);
    expect([await after.readiness(), await after.health()]).toEqual([200, "SERVING"]);

    await deployment.startOperator();
    const token = deployment.put(viewing("bob"));
    await eventually(() => after.ask("bob", { minPosition: [token] }), "Allowed");
  });

  test("in the middle of changes, again and again, never finds its files damaged", async ({ deploy }) => {
    const deployment = await deploy();
    deployment.putAll([...basics, viewing("ann")]);
    await deployment.startOperator();
    let sidecar = await deployment.startSidecar();
    await eventually(() => sidecar.readiness(), 200);
    for (let round = 0; round < 3; round++) {
      const swaps = () => sidecar.process.log.filter(({ msg }) => msg === "Swapped a policy in").length;
      const before = swaps();
      // A write for each look, so that changes are under way when the process dies.
      let last = "";
      for (let count = 0; swaps() < before + 3; count++) {
        last = `user-${round}-${count}`;
        deployment.put(viewing(last));
        await sidecar.health();
      }
      await sidecar.process.end("SIGKILL");
      sidecar = await deployment.startSidecar();
      await sidecar.process.logged(RESTORED);
      await eventually(() => sidecar.ask(last), "Allowed");
      expect(sidecar.process.log.map(({ msg }) => msg)).not.toContain(SET_ASIDE);
    }
  });
});

describe.concurrent("a last known good that is damaged", LIMIT, () => {
  const aShard = (folder: string) => join("shards", readdirSync(join(folder, "shards"))[0] as string);

  test.for([
    ["in its list of shards", () => "policy"],
    ["in a shard", aShard],
  ] as const)(
    "%s is set aside and not trusted, until the operator sends it anew",
    async ([, fileIn], { deploy }) => {
      const deployment = await deploy();
      const { folder, revision } = await leaveBehind(deployment);
      const file = join(folder, fileIn(folder));
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);

      const after = await deployment.startSidecar();
      const line = await after.process.logged(SET_ASIDE, { path: file, code: "SG2201" });
      expect(line.reason).toMatch(/the checksum differs|shard [0-9a-f]{64} can not be read whole/);
      expect(readFileSync(line.setAsideAs as string)).toEqual(bytes);
      await after.process.logged("Lost the operator");
      expect(await after.ask("ann")).toBe("UnavailableError");
      expect([await after.readiness(), await after.health()]).toEqual([503, "NOT_SERVING"]);

      const operator = await deployment.startOperator();
      await eventually(() => after.ask("ann"), "Allowed");
      expect([await after.readiness(), await after.health()]).toEqual([200, "SERVING"]);
      await eventually(() => readFileSync(join(folder, "policy"), "utf8").includes(revision), true);
      await operator.end("SIGKILL");
      await after.process.end("SIGKILL");
      const healed = await deployment.startSidecar();
      await healed.process.logged(RESTORED, { revision });
      expect(await healed.ask("ann")).toBe("Allowed");
    },
  );
});
