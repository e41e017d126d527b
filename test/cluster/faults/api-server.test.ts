import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { SidecarProcess } from "../../support/sidecar-process.ts";
import { Installation, type Replica } from "./installation.ts";

/** All processes of the installation live three minutes in one, so that a minute without an API server takes 20 s. */
const SPEED = 3;
const MINUTE_MS = 60_000 / SPEED;
const LIMIT = { timeout: 300_000 };

const installation = new Installation(process.env.KUBECONFIG ?? "");
const { witness } = installation;
let replicas: Replica[];
let sidecars: SidecarProcess[];

beforeAll(async () => {
  await installation.begin();
  [replicas, sidecars] = await installation.start(["pod-a", "pod-b"], ["one", "two", "three"], {
    speed: SPEED,
  });
}, 150_000);
afterAll(() => installation.end(), 120_000);
afterEach(() => witness.isContent());

test.each([
  ["hangs", "freeze"],
  ["is gone", "cut"],
] as const)(
  "while the API server %s for a minute decisions go on, and then changes do",
  LIMIT,
  async (_name, fault) => {
    const [going, coming] = [`going-${fault}`, `coming-${fault}`];
    await installation.bindEffectively(going);
    for (const { proxy } of replicas) proxy[fault]();
    const brokenAt = performance.now();
    // Written past the proxies: nobody who decides can know.
    await installation.bind(coming);
    await installation.unbind(going);
    witness.expect(going, "Allowed");
    witness.expect(coming, "NoGrant");
    while (performance.now() - brokenAt < MINUTE_MS) {
      await witness.hears(1);
      expect(await installation.isThere(going)).toBe(true);
      expect(await installation.effective(coming)).toBe("not said");
    }
    witness.isContent();

    for (const user of [going, coming]) witness.expect(user, "Allowed", "NoGrant");
    for (const { proxy } of replicas) proxy.open();
    await installation.isGone(going);
    await installation.isEffective(coming);
    witness.expect(coming, "Allowed");
    await installation.isWell(`after-${fault}`);
    await installation.isOneRevision(...sidecars);
    expect(replicas.filter(({ process }) => process.isGone)).toEqual([]);
  },
);

test("nothing is lost when watches are cut again and again under load", LIMIT, async () => {
  const users = Array.from({ length: 90 }, (_, index) => `loaded-${index}`);
  let cuts = 0;
  for (const [index, user] of users.entries()) {
    if (index % 6 === 0) {
      // Both at once, one, the other: each sees its watches end in the middle of events.
      for (const [at, { proxy }] of replicas.entries()) if (cuts % 3 !== at) proxy.reset();
      cuts++;
    }
    await installation.bind(user);
    if (index >= 3 && index % 3 === 0) await installation.unbind(users[index - 3] as string);
  }
  const kept = users.filter((_, index) => index % 3 !== 0 || index >= users.length - 3);
  for (const user of users.filter((each) => !kept.includes(each))) await installation.isGone(user);
  for (const user of kept) await installation.isEffective(user);
  for (const user of kept) witness.expect(user, "Allowed");
  await witness.hears(users.length);
  await installation.isOneRevision(...sidecars);
  expect(cuts).toBe(15);
});
