import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, projectRoot } from "../../support/processes.ts";
import { run, toolPath } from "../../support/run.ts";
import { askerDeployment } from "./asker/manifests.ts";
import { install } from "./installation.ts";
import { binding, steady } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();
let pods: string[] = [];

beforeAll(async () => {
  await install();
  await shop.begin();
  await shop.apply(askerDeployment("pay", 2, { steady }), binding("dangling", "nobody", ["cleo"]));
  await shop.rolledOut("pay");
  pods = await shop.pods("pay");
});

afterAll(async () => {
  await shop.end();
});

/** kubectl with the project's command line as its plug-in, as a user has it on the PATH. @param codes that are no failure */
async function plugin(commandLine: string, ...codes: number[]): Promise<string> {
  const env = { PATH: `${join(projectRoot, "cli")}:${toolPath()}` };
  const printed = await run("kubectl", ["sidegate", ...commandLine.split(" ")], {
    env,
    codes: [0, ...codes],
  });
  console.log(`kubectl sidegate ${commandLine}\n${printed}`);
  return printed;
}

/** The cells of a table's rows by the first cell, under the titles of its head. */
function readTable(text: string): Record<string, Record<string, string>> {
  const [head = "", ...rows] = text.trim().split("\n");
  const starts = [...head.matchAll(/\S+(?: \S+)*/g)].map(({ index, 0: title }) => ({ index, title }));
  const cells = (row: string) =>
    starts.map(({ index, title }, column) => [title, row.slice(index, starts[column + 1]?.index).trim()]);
  return Object.fromEntries(rows.map((row) => [row.split(/\s/)[0], Object.fromEntries(cells(row))]));
}

describe("kubectl get", () => {
  test("shows of bindings what they give, and whether that is so everywhere", async () => {
    await shop.kubectl("wait --for=condition=Effective arb/ann-views --timeout=60s");
    await eventually(
      () => shop.field("arb/dangling", '.status.conditions[?(@.type=="Accepted")].status'),
      "False",
    );
    const text = await shop.kubectl("get arb");
    console.log(text);
    const table = readTable(text);
    expect(table["ann-views"]).toMatchObject({ ROLE: "viewer", ACCEPTED: "True", EFFECTIVE: "True" });
    expect(table.dangling).toMatchObject({ ROLE: "nobody", ACCEPTED: "False", EFFECTIVE: "False" });
  });

  test("shows of constraints whether they hold, and of domains how many sidecars there are", async () => {
    await eventually(() => shop.field("adom/default", ".status.sidecars.current"), "2");
    const text = await shop.kubectl("get acon,adom");
    console.log(text);
    const table = readTable(text.replace(/^\n/, "").split("\n\n")[0]!);
    expect(table["accessconstraint.sidegate.dev/four-eyes"]).toMatchObject({ SATISFIED: "True" });
    const domains = readTable(text.trim().split("\n\n")[1]!);
    expect(domains["accessdomain.sidegate.dev/default"]).toMatchObject({ SIDECARS: "2" });
  });

  test("works over all namespaces", async () => {
    const text = await run("kubectl", ["get", "arb,acon,adom", "-A"]);
    expect(text).toContain(shop.namespace);
  });
});

test("kubectl describe explains why something has no effect", async () => {
  const text = await shop.kubectl("describe arb dangling");
  console.log(text.slice(text.indexOf("Status:")));
  expect(text).toContain('AccessRole "nobody" does not exist');
  expect(text).toContain("ReferenceNotFound");
});

describe("kubectl sidegate", () => {
  test("fleet shows each sidecar: pod, domain, revision, lag, last contact, last nack", async () => {
    const text = await plugin(`fleet -n ${shop.namespace}`);
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/DOMAIN +SIDECAR +REVISION +LAG +LAST CONTACT +CONNECTED +REPLICA +LAST NACK/);
    for (const pod of pods) {
      const row = lines.find((line) => line.includes(`${shop.namespace}/${pod}`));
      expect(row).toMatch(/[0-9a-f]{12} +- +\d+m?s ago +\S+ +sidegate-operator-\S+ +-$/);
    }
    expect(text).toContain("2 of 2 decide by the current policy.");
  });

  test("check asks the sidecar of a pod", async () => {
    const asked = `check --pod ${shop.namespace}/${pods[0]} --scope environment/prod logs:view`;
    expect(await plugin(`${asked} --subject user:ann`)).toContain(
      "allow  User:ann logs:view environment/prod",
    );
    expect(await plugin(`${asked} --subject user:mallory`, 1)).toContain("deny  User:mallory");
  });

  test("explain says by which binding", async () => {
    const asked = `explain --pod ${shop.namespace}/${pods[0]} --scope environment/prod logs:view`;
    expect(await plugin(`${asked} --subject user:ann`)).toContain("ann-views");
  });
});
