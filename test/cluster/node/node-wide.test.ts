import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { askerDeployment } from "./asker/manifests.ts";
import { install, kubectl, NAMESPACE } from "./installation.ts";
import { binding, mayView } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();
const billing = new Shop();
let pods: string[] = [];
const annotations = { "sidegate.dev/mode": "node" };

beforeAll(async () => {
  // No right to sync: of the pod's own domain it takes none.
  const open = { restricted: false, sync: false };
  await install("--set", "node.enabled=true");
  await Promise.all([shop.begin(open), billing.begin(open)]);
  await nodesReady();
  await shop.apply(askerDeployment("pay", 2, { annotations }));
  await shop.rolledOut("pay");
  pods = await shop.pods("pay");
});

afterAll(async () => {
  await Promise.all([shop.end(), billing.end()]);
  await install();
});

const nodesReady = () =>
  kubectl(`rollout status daemonset/sidegate-node --namespace ${NAMESPACE} --timeout=100s`);

/**
 * The first question about a domain waits until the node's sidecar has connected and has the policy, which may take longer than the
 * asker waits where a replica has just gone: then it is told what was waited for, and never a wrong answer. Prints how long it took and what
 * was said, and what was logged where it was long.
 */
async function firstAnswer(): Promise<void> {
  const begun = performance.now();
  const said = new Set<boolean | string | undefined>();
  await eventually(async () => {
    const answers = await shop.askAll(pods, mayView("ann"));
    for (const answer of answers) said.add(answer);
    return answers;
  }, [true, true]);
  expect(said).not.toContain(false);
  const ms = performance.now() - begun;
  console.log(`The first answer came after ${Math.round(ms)} ms`, [...said]);
  if (ms < 3_000) return;
  for (const component of ["node", "operator"]) {
    const selector = `app.kubernetes.io/component=${component}`;
    console.log(await kubectl(`logs --namespace ${NAMESPACE} -l ${selector} --tail=100 --prefix`));
  }
}

describe("A pod in mode node", () => {
  test("has no sidecar of its own, and is answered by that of its node", async () => {
    const path = ".items[*].spec.initContainers[*].name";
    expect(await shop.kubectl(`get pods -l app=pay -o jsonpath={${path}}`)).toBe("");
    await firstAnswer();
    expect(await shop.askAll(pods, mayView("ann"))).toEqual([true, true]);
    expect(await shop.askAll(pods, mayView("mallory"))).toEqual([false, false]);
  });

  test("may not ask about another domain, and is told by which right it might", async () => {
    const foreign = { ...mayView("ann"), domain: billing.namespace };
    const answer = await shop.ask(pods[0]!, foreign);
    console.log(answer);
    expect(answer).toMatchObject({ error: expect.stringContaining("PERMISSION_DENIED") });
    expect(answer).toMatchObject({ error: expect.stringContaining("sync") });
    await billing.letSync(`--serviceaccount=${shop.namespace}:default`);
    await eventually(() => shop.askAll([pods[0]!], foreign), [true]);
  });

  test("is waited for by kubectl wait and delete like any other", async () => {
    await shop.apply(binding("cleo-views", "viewer", ["cleo"]));
    await shop.kubectl("wait --for=condition=Effective arb/cleo-views --timeout=100s");
    expect(await shop.askAll(pods, mayView("cleo"))).toEqual([true, true]);
    await shop.kubectl("delete arb cleo-views --timeout=100s");
    expect(await shop.askAll(pods, mayView("cleo"))).toEqual([false, false]);
  });

  test("is answered again after the node's sidecar was replaced", async () => {
    await kubectl(`rollout restart daemonset/sidegate-node --namespace ${NAMESPACE}`);
    await nodesReady();
    await eventually(() => shop.askAll(pods, mayView("ann")), [true, true]);
  });
});
