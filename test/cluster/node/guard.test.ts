import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { askerDeployment } from "./asker/manifests.ts";
import { install } from "./installation.ts";
import { binding, mayView, membership, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();
let pods: string[] = [];
const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);

beforeAll(async () => {
  await install();
  await shop.begin();
  await shop.kubectl(`patch adom default --type=merge -p {"spec":{"guard":{"maxRevokedPercent":20}}}`);
  await shop.apply(
    ...users.map(membership),
    askerDeployment("pay", 1, { steady }),
    binding("many", "viewer", users),
    binding("leaver", "viewer", ["cleo"]),
  );
  await Promise.all([
    shop.rolledOut("pay"),
    shop.kubectl("wait --for=condition=Effective arb/many arb/leaver --timeout=60s"),
  ]);
  pods = await shop.pods("pay");
  // What was granted less than a minute ago can be taken back unguarded.
  await sleep(62_000);
});

afterAll(async () => {
  await shop.end();
});

const held = (part: string) => shop.field("adom/default", `.status.conditions[?(@.type=="Held")].${part}`);
const many = mayView("user-7");

test("A change that takes nearly everything away is held, and the domain says how much and how to let it through", async () => {
  expect(await shop.askAll(pods, many)).toEqual([true]);
  await shop.kubectl("delete arb many --wait=false");
  await eventually(() => held("status"), "True");
  console.log(await held("message"));
  console.log(await shop.kubectl("get adom"));
  expect(await held("message")).toContain("sidegate.dev/release-held");
  expect(await shop.askAll(pods, many)).toEqual([true]);
});

test("Meanwhile nothing that widens is delivered", async () => {
  await shop.apply(binding("bob-views", "viewer", ["bob"]));
  await eventually(
    () => shop.field("arb/bob-views", '.status.conditions[?(@.type=="Effective")].status'),
    "False",
  );
  expect(await shop.askAll(pods, mayView("bob"))).toEqual([false]);
});

test("Meanwhile a deletion that is urgent goes through at once", async () => {
  await shop.kubectl("annotate arb leaver sidegate.dev/urgent=true");
  await shop.kubectl("delete arb leaver --wait=false");
  await eventually(() => shop.askAll(pods, mayView("cleo")), [false]);
  expect(await shop.askAll(pods, many)).toEqual([true]);
});

test("The command that the domain names releases it", async () => {
  // A change that came just before makes another revision, which the status names a second later.
  await eventually(async () => {
    const [, command = ""] = /kubectl (annotate [^;]+release-held=\w+)/.exec(await held("message")) ?? [];
    if (command !== "") await run("kubectl", command.split(" "));
    return held("status");
  }, "False");
  await shop.kubectl("wait --for=delete arb/many arb/leaver --timeout=60s");
  expect(await shop.askAll(pods, many)).toEqual([false]);
  await shop.kubectl("wait --for=condition=Effective arb/bob-views --timeout=60s");
  expect(await shop.askAll(pods, mayView("bob"))).toEqual([true]);
  await eventually(() => held("status"), "False");
});
