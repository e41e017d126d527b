import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { askerDeployment } from "./asker/manifests.ts";
import type { Tally } from "./asker/questions.ts";
import { install, kubectl, NAMESPACE, operatorPods, restartOperator, rolledOut } from "./installation.ts";
import { binding, mayView, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();
let pods: string[] = [];

beforeAll(async () => {
  await install();
  await shop.begin();
  await shop.apply(askerDeployment("pay", 2, { steady }));
  await shop.rolledOut("pay");
  pods = await shop.pods("pay");
});

afterAll(async () => {
  await shop.end();
});

/** Whatever happened, changes arrive again, and pods that asked ten times a second all along were answered rightly each time. */
afterEach(async ({ task }) => {
  const begun = performance.now();
  await eventually(
    async () => (await shop.applying(binding("cleo-views", "viewer", ["cleo"]))).includes("created"),
    true,
  );
  await shop.kubectl("wait --for=condition=Effective arb/cleo-views --timeout=100s");
  console.log(
    `${task.name}: after it, a change was effective in ${Math.round(performance.now() - begun)} ms`,
  );
  expect(await shop.askAll(pods, mayView("cleo"))).toEqual(pods.map(() => true));
  await shop.kubectl("delete arb cleo-views --timeout=100s");
  expect(await shop.askAll(pods, mayView("cleo"))).toEqual(pods.map(() => false));
  for (const pod of pods) {
    const { right, wrong, failed, slowestMs } = await shop.tally(pod);
    console.log(`${pod} was answered ${right} times, the slowest took ${slowestMs.toFixed(0)} ms`);
    expect({ wrong, failed }).toEqual({ wrong: [], failed: [] });
  }
});

const nodeOf = (pod: string, namespace: string) =>
  kubectl(`get pod ${pod} --namespace ${namespace} --output jsonpath={.spec.nodeName}`);

/** Drains a node of some pods, and lets pods on it again once the first has gone, as another node would take them. */
async function drain(node: string, selector: string, firstIsGone: () => Promise<boolean>): Promise<string> {
  const args = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=100s"];
  const drained = run("kubectl", ["drain", node, `--pod-selector=${selector}`, ...args], {
    withErrors: true,
  });
  try {
    await eventually(firstIsGone, true);
  } finally {
    await kubectl(`uncordon ${node}`);
  }
  return drained;
}

describe("Draining the node", () => {
  test("of operators takes one after the other", async () => {
    const before = await operatorPods();
    const lostOne = async () =>
      (await operatorPods()).filter((pod) => before.includes(pod)).length < before.length;
    const said = await drain(
      await nodeOf(before[0]!, NAMESPACE),
      "app.kubernetes.io/component=operator",
      lostOne,
    );
    console.log(said);
    expect(said).toContain("would violate the pod's disruption budget");
    await rolledOut();
    expect((await operatorPods()).filter((pod) => before.includes(pod))).toEqual([]);
  });

  test("of applications has them answered until their end, and from their new beginning", async () => {
    await shop.apply(askerDeployment("guest", 1, { steady }));
    await shop.rolledOut("guest");
    const [guest = ""] = await shop.pods("guest");
    const log = shop.kubectl(`logs --follow ${guest} -c app`);
    const isGone = async () => !(await shop.pods("guest")).includes(guest);
    await drain(await nodeOf(guest, shop.namespace), "app=guest", isGone);
    const last = JSON.parse((await log).trim().split("\n").at(-1)!) as Tally;
    expect(last).toMatchObject({ wrong: [], failed: [] });
    expect(last.right).toBeGreaterThan(steady.length);
    await shop.rolledOut("guest");
    const [successor = ""] = await shop.pods("guest");
    expect(successor).not.toBe(guest);
    expect(await shop.ask(successor, mayView("ann"))).toMatchObject({ allowed: true });
  });
});

test("Killing the leader", async () => {
  const holder = () =>
    kubectl(`get lease sidegate-operator --namespace ${NAMESPACE} --output jsonpath={.spec.holderIdentity}`);
  const before = await holder();
  expect(await operatorPods()).toContain(before);
  await kubectl(`delete pod ${before} --namespace ${NAMESPACE} --grace-period=0 --force`);
  await eventually(async () => ["", before].includes(await holder()), false);
  await rolledOut();
});

test("Rolling the operator", async () => {
  await restartOperator();
});

test("Taking the operator's rights away, and giving them back", async () => {
  const role = JSON.parse(await kubectl("get clusterrolebinding sidegate-operator --output json"));
  const { name, labels, annotations } = role.metadata;
  await kubectl("delete clusterrolebinding sidegate-operator");
  try {
    const log = () =>
      kubectl(`logs --namespace ${NAMESPACE} -l app.kubernetes.io/component=operator --tail=-1 --since=60s`);
    const said = await shop.applying(binding("meanwhile", "viewer", ["cleo"]));
    console.log(said);
    await eventually(async () => /forbidden/i.test(await log()), true);
    console.log((await log()).split("\n").find((line) => /forbidden/i.test(line)));
    expect(await shop.askAll(pods, mayView("ann"))).toEqual([true, true]);
  } finally {
    await kubectl("create -f -", JSON.stringify({ ...role, metadata: { name, labels, annotations } }));
  }
  await eventually(
    async () => (await shop.applying(binding("meanwhile", "viewer", ["cleo"]))).includes("denied"),
    false,
  );
  await shop.kubectl("wait --for=condition=Effective arb/meanwhile --timeout=100s");
  await shop.kubectl("delete arb meanwhile --timeout=100s");
});

test("Restarting the API server", async ({ skip }) => {
  const command = process.env.SIDEGATE_RESTART_API_SERVER;
  skip(command === undefined, "SIDEGATE_RESTART_API_SERVER names no command that does it");
  await run("sh", ["-c", command!]);
  await eventually(async () => (await kubectl("get --raw /readyz")).trim(), "ok");
});
