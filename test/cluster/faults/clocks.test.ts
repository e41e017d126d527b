import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { Installation, type Replica } from "./installation.ts";

const MINUTE_MS = 60_000;
const LIMIT = { timeout: 240_000 };

// The bound is five minutes, as by default.
const installation = new Installation(process.env.KUBECONFIG ?? "");
const { witness } = installation;
let replicas: Replica[];

beforeAll(async () => {
  await installation.begin();
  witness.expect("always", "Allowed");
  witness.expect("never", "NoGrant");
  replicas = await Promise.all([
    installation.startReplica("pod-ahead", { aheadMs: 4 * MINUTE_MS }),
    installation.startReplica("pod-behind", { aheadMs: -4 * MINUTE_MS }),
  ]);
  await Promise.all([
    installation.startSidecar("right"),
    installation.startSidecar("behind", { clock: { aheadMs: -4 * MINUTE_MS } }),
  ]);
}, 150_000);
afterAll(() => installation.end(), 120_000);
afterEach(() => witness.isContent());

test(
  "whichever of two replicas leads, one of them minutes ahead and one behind, changes are effective",
  LIMIT,
  async () => {
    const first = await installation.leadingOf("pod-ahead", "pod-behind");
    await installation.isWell("with-one");
    await first.process.end();
    const others = replicas.map(({ name }) => name).filter((name) => name !== first.name);
    await installation.leadingOf(...others);
    await installation.bindEffectively("revoked");
    await installation.unbind("revoked");
    await installation.isGone("revoked");
    await installation.isWell("with-the-other");
    await installation.startReplica(first.name, {
      aheadMs: (first.name === "pod-ahead" ? 4 : -4) * MINUTE_MS,
    });
    await installation.isWell("with-both");
  },
);

test(
  "a sidecar whose clock is ahead by more than the bound says that it knows nothing, and holds nobody up",
  LIMIT,
  async () => {
    const hasty = await installation.launchSidecar("hasty", { clock: { aheadMs: 20 * MINUTE_MS } });
    await hasty.process.logged("Ready: every domain has a policy");
    await eventually(() => hasty.ask("always"), "Stale");
    await installation.bindEffectively("beside-the-hasty");
    await installation.unbind("beside-the-hasty");
    await installation.isGone("beside-the-hasty");
    expect([await hasty.ask("beside-the-hasty"), await hasty.ask("always")]).toEqual(["Stale", "Stale"]);
    await hasty.process.logged("The operator's clock differs from this machine's, or its messages lag");
    await hasty.process.end();
  },
);
