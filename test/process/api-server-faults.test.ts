import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect } from "vitest";
import type { FakeApiServer } from "../fake-apiserver/start.ts";
import { eventually, type RunningProcess } from "../support/processes.ts";
import type { SidecarProcess } from "../support/sidecar-process.ts";
import { basics, type Deployment, LIMIT, test, viewing } from "./deployment.ts";

/** Makes an operator notice in seconds what it otherwise notices in minutes. */
const hurried = {
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "hurry-long-timers.ts"))}`,
};

/** Watches of the operator: one per kind. */
const WATCHES = 11;
const FAILED = "Reading a kind failed";

interface Scene {
  readonly deployment: Deployment;
  readonly faults: FakeApiServer["faults"];
  readonly operator: RunningProcess;
  readonly sidecar: SidecarProcess;
}

/** Zoe may view logs, and operator and sidecar know it. */
async function start(deployment: Deployment, env: NodeJS.ProcessEnv = {}): Promise<Scene> {
  const { faults } = deployment.server;
  deployment.putAll([...basics, viewing("zoe")]);
  const operator = await deployment.startOperator({ env });
  const sidecar = await deployment.startSidecar();
  await eventually(() => sidecar.ask("zoe"), "Allowed");
  await eventually(() => faults.watches.count, WATCHES);
  return { deployment, faults, operator, sidecar };
}

/** While something is broken ann comes and zoe goes; once it is mended the sidecar gets to know both. */
async function follows(
  { deployment, sidecar }: Scene,
  breakIt: () => unknown,
  mend: () => unknown = () => {},
): Promise<void> {
  await breakIt();
  deployment.put(viewing("ann"));
  deployment.remove(viewing("zoe"));
  await mend();
  await eventually(() => sidecar.ask("ann"), "Allowed");
  await eventually(() => sidecar.ask("zoe"), "NoGrant");
}

describe.concurrent("changes reach the sidecar", LIMIT, () => {
  test("after the API server was away", async ({ deploy }) => {
    const scene = await start(await deploy());
    const { faults, operator, sidecar } = scene;
    await follows(
      scene,
      () => faults.pause(),
      async () => {
        await operator.logged(FAILED, { code: "SG4004", next: "watching" });
        expect(await sidecar.ask("zoe")).toBe("Allowed");
        await faults.resume();
      },
    );
  });

  test("after the API server was away and forgot its history (410)", async ({ deploy }) => {
    const scene = await start(await deploy());
    const { faults, operator } = scene;
    await follows(
      scene,
      () => faults.pause(),
      async () => {
        faults.compact();
        await faults.resume();
        await operator.logged(FAILED, { status: 410, next: "listing" });
      },
    );
  });

  test("after the API server ended all watches as expired (410)", async ({ deploy }) => {
    const scene = await start(await deploy());
    await follows(scene, () => scene.faults.watches.expire());
    await scene.operator.logged(FAILED, { status: 410, next: "listing" });
  });

  test("after the API server refused everything for a while", async ({ deploy }) => {
    const scene = await start(await deploy());
    const { faults, operator } = scene;
    await follows(
      scene,
      () => {
        faults.requests.failNext(10_000, { code: 503 });
        faults.cut();
      },
      async () => {
        await operator.logged(FAILED, { status: 503 });
        faults.requests.clear();
      },
    );
  });

  test("after the API server fell silent with its connections open", async ({ deploy }) => {
    // Bookmarks keep the other watches from looking silent to an operator in a hurry.
    const scene = await start(await deploy({ bookmarkIntervalMs: 250 }), hurried);
    const { faults, operator } = scene;
    await follows(
      scene,
      () => faults.watches.silence(),
      () => faults.watches.restore(),
    );
    await operator.logged(FAILED, { error: "the watch was silent for 180 s", next: "watching" });
  });
});
