import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { askerDeployment, askerTemplate } from "./asker/manifests.ts";
import { install, operatorPods, rolledOut, scaleOperator } from "./installation.ts";
import { mayView, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();

beforeAll(async () => {
  await install();
  await shop.begin();
  await shop.apply(askerDeployment("pay", 2, { steady }));
  await shop.rolledOut("pay");
});

afterAll(async () => {
  await shop.end();
});

describe("While no operator runs", () => {
  beforeAll(async () => {
    await scaleOperator(0);
    await eventually(operatorPods, []);
  });

  afterAll(async () => {
    await scaleOperator(2);
    await rolledOut();
  });

  test("pods that do not ask start", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", ...askerTemplate("plain", { labels: {} }) };
    const named = { ...pod, metadata: { ...pod.metadata, name: "plain" } };
    expect(await shop.kubectl("create --dry-run=server -f -", JSON.stringify(named))).toContain("created");
  });

  test("pods that ask are refused, and their controller says why", async () => {
    await shop.apply(askerDeployment("late", 1, { steady }));
    const events = () =>
      shop.kubectl("get events --field-selector=reason=FailedCreate -o jsonpath={.items[*].message}");
    await eventually(
      async () => (await events()).includes('failed calling webhook "inject.sidegate.dev"'),
      true,
    );
    console.log(await events());
    expect(await shop.pods("late")).toEqual([]);
  });

  test("running pods are answered as ever", async () => {
    for (const pod of await shop.pods("pay")) {
      expect(await shop.ask(pod, mayView("ann"))).toMatchObject({ allowed: true });
      expect(await shop.tally(pod)).toMatchObject({ wrong: [], failed: [] });
    }
  });
});

test("A pod that was refused meanwhile comes once an operator runs", async () => {
  // The controller of the ReplicaSet tries again, after a while that grows.
  await shop.kubectl("rollout restart deployment/late");
  await shop.rolledOut("late");
});
