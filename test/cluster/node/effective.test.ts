import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { askerDeployment } from "./asker/manifests.ts";
import { install } from "./installation.ts";
import { binding, mayView, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

/** The staleness bound of the domain, in seconds. */
const BOUND = 20;

const shop = new Shop();
let pods: string[] = [];

beforeAll(async () => {
  await install();
  await shop.begin({ maxSeconds: BOUND });
  await shop.apply(
    askerDeployment("pay", 3, { steady }),
    askerDeployment("paused", 1, { signalsSidecar: true }),
  );
  await Promise.all([shop.rolledOut("pay"), shop.rolledOut("paused")]);
  pods = [...(await shop.pods("pay")), ...(await shop.pods("paused"))];
});

afterAll(async () => {
  await shop.end();
});

const wait = (name: string) => shop.kubectl(`wait --for=condition=Effective arb/${name} --timeout=100s`);
const cleo = mayView("cleo");

async function timed(what: string, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  console.log(`${what} after ${Math.round(ms)} ms`);
  return ms;
}

describe("With all sidecars there", () => {
  test.each([1, 2, 3, 4, 5])(
    "kubectl wait and delete return once every pod decides by the change (%i)",
    async () => {
      expect(await shop.askAll(pods, cleo)).toEqual(pods.map(() => false));
      await shop.apply(binding("cleo-views", "viewer", ["cleo"]));
      await timed("kubectl wait returned", () => wait("cleo-views"));
      expect(await shop.askAll(pods, cleo)).toEqual(pods.map(() => true));
      await timed("kubectl delete returned", () => shop.kubectl("delete arb cleo-views --timeout=100s"));
      expect(await shop.askAll(pods, cleo)).toEqual(pods.map(() => false));
    },
  );

  test("a change of a binding is waited for like a new one", async () => {
    await shop.apply(binding("cleo-views", "viewer", ["cleo"]));
    await wait("cleo-views");
    await shop.apply(binding("cleo-views", "viewer", ["bob"]));
    await shop.kubectl(
      "wait --for=jsonpath={.status.conditions[?(@.type=='Effective')].observedGeneration}=2 arb/cleo-views --timeout=100s",
    );
    await wait("cleo-views");
    expect(await shop.askAll(pods, cleo)).toEqual(pods.map(() => false));
    expect(await shop.askAll(pods, mayView("bob"))).toEqual(pods.map(() => true));
    await shop.kubectl("delete arb cleo-views --timeout=100s");
  });
});

describe("With a sidecar that is stopped", () => {
  const effective = (name: string, part: string) =>
    shop.field(`arb/${name}`, `.status.conditions[?(@.type=="Effective")].${part}`);
  const others = () => pods.filter((pod) => !pod.startsWith("paused"));
  const paused = () => pods.find((pod) => pod.startsWith("paused"))!;

  test("a change waits for it by name, and ends within the bound", async () => {
    await shop.request(paused(), "signal?name=SIGSTOP");
    const waited = await timed("kubectl wait returned", async () => {
      await shop.apply(binding("cleo-views", "viewer", ["cleo"]));
      await eventually(() => effective("cleo-views", "reason"), "Propagating");
      await eventually(async () => (await effective("cleo-views", "message")).includes(paused()), true);
      console.log(await effective("cleo-views", "message"));
      await wait("cleo-views");
    });
    expect(waited).toBeGreaterThan(1_000);
    // The connection of a process that is stopped is found dead after 20 s at most.
    expect(waited).toBeLessThan((BOUND + 20 + 30) * 1000);
    expect(await shop.askAll(others(), cleo)).toEqual(others().map(() => true));
  });

  test("it does not decide by what it missed once it goes on", async () => {
    await shop.request(paused(), "signal?name=SIGCONT");
    // Stale is no answer here; a denial would be the old policy.
    await eventually(async () => (await shop.askAll([paused()], cleo))[0], true);
  });

  test("a deletion waits for it by name, and ends within the bound", async () => {
    await shop.request(paused(), "signal?name=SIGSTOP");
    const waited = await timed("kubectl delete returned", async () => {
      const deleted = shop.kubectl("delete arb cleo-views --timeout=110s");
      await eventually(async () => (await effective("cleo-views", "message")).includes(paused()), true);
      console.log(await effective("cleo-views", "message"));
      expect(await shop.askAll(others(), cleo)).toEqual(others().map(() => false));
      await deleted;
    });
    expect(waited).toBeLessThan((BOUND + 20 + 30) * 1000);
    await shop.request(paused(), "signal?name=SIGCONT");
    const answers = new Set<boolean | string | undefined>();
    await eventually(async () => {
      const [answer] = await shop.askAll([paused()], cleo);
      answers.add(answer);
      return answer;
    }, false);
    console.log(`Afterwards it said ${[...answers].join(", ")}`);
    expect(answers).not.toContain(true);
  });

  test("nobody who was not stopped was ever answered wrongly or not at all", async () => {
    for (const pod of others()) expect(await shop.tally(pod)).toMatchObject({ wrong: [], failed: [] });
  });
});
