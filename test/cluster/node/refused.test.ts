import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { askerTemplate } from "./asker/manifests.ts";
import { install } from "./installation.ts";
import { mayView, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();
/** A domain that the accounts of the shop have no right to. */
const billing = new Shop();

beforeAll(async () => {
  await install();
  await Promise.all([shop.begin(), billing.begin({ sync: false })]);
});

afterAll(async () => {
  await Promise.all([shop.end(), billing.end()]);
});

test("A pod whose account lacks the right is told so when it is made and by its sidecar, and starts once it has it", async () => {
  const annotations = { "sidegate.dev/domain": billing.namespace };
  const { metadata, spec } = askerTemplate("stranger", { annotations, steady });
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "stranger" }, spec };
  const warned = await shop.applying(pod);
  console.log(warned);
  expect(warned).toContain("pod/stranger created");
  const [mend = ""] = /kubectl -n .*create rolebinding.*/.exec(warned) ?? [];
  expect(mend, "the warning names the command that mends it").not.toBe("");

  const refusal = async () =>
    (await shop.kubectl("logs stranger -c sidegate")).split("\n").find((line) => line.includes("SG2155"));
  await eventually(async () => (await refusal()) !== undefined, true);
  console.log(await refusal());
  expect(await refusal()).toContain("sync");
  expect(await shop.field("pod/stranger", ".status.phase")).toBe("Pending");

  await run("sh", ["-c", mend]);
  await shop.kubectl("wait --for=condition=Ready pod/stranger --timeout=100s");
  expect(await shop.ask("stranger", mayView("ann"))).toMatchObject({ allowed: true });
});
