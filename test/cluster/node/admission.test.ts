import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { install } from "./installation.ts";
import { acme, binding } from "./policy.ts";
import { Shop } from "./shop.ts";

const shop = new Shop();

beforeAll(async () => {
  await install();
  await shop.begin();
  for (const name of ["erin", "olivia"])
    await shop.kubectl(`create rolebinding ${name} --clusterrole=edit --user=${name}`);
});

afterAll(async () => {
  await shop.end();
});

/** What kubectl said is shown, since its sentences are for people. */
async function shown(said: Promise<string>): Promise<string> {
  const text = await said;
  console.log(text.trim());
  return text;
}

describe("kubectl apply is refused, with what, why and what to do,", () => {
  test("what breaks separation of duty", async () => {
    const said = await shown(shop.applying(binding("bob-makes", "maker", ["bob"])));
    expect(said).toContain("denied the request");
    expect(said).toContain('AccessConstraint "four-eyes": User "bob" would have "maker"');
    expect(said).toContain("take the other role away first");
  });

  test("what takes the last owner away", async () => {
    const said = await shown(shop.applying(binding("ann-owns", "owner", ["k8s:erin"], acme)));
    expect(said).not.toContain("denied");
    await shop.apply(binding("ann-owns", "owner", ["ann"], acme));
    const deleted = await shown(shop.said("delete arb ann-owns"));
    expect(deleted).toContain('AccessConstraint "owned"');
    expect(deleted).toContain("bind another User first");
  });

  test("what an editor may not grant", async () => {
    const said = await shown(shop.applying(binding("cleo-owns", "owner", ["cleo"], acme), "--as=erin"));
    expect(said).toContain('User "k8s:erin" may not give AccessRole "owner"');
    expect(said).toContain('the verb "bind"');
  });
});

describe("An editor", () => {
  test("gives what the domain lets her give, as the user k8s:NAME", async () => {
    await shop.apply(binding("olivia-owns", "owner", ["k8s:olivia"], acme));
    const give = () => shop.applying(binding("cleo-views", "viewer", ["cleo"]), "--as=olivia");
    await eventually(async () => (await give()).includes("created"), true);
    expect(await shop.applying(binding("cleo-makes", "maker", ["cleo"]), "--as=olivia")).toContain("denied");
    await shop.kubectl("delete arb cleo-views olivia-owns --timeout=60s");
  });

  test("may not change a constraint, by the roles of the cluster", async () => {
    expect(await shown(shop.said("delete acon four-eyes --as=erin"))).toContain("Forbidden");
  });
});

test("A reference to what does not exist is accepted with a warning, and stands in the status until it does", async () => {
  const said = await shown(shop.applying(binding("cleo-audits", "auditor", ["cleo"])));
  expect(said).toContain('Warning: spec.role: AccessRole "auditor" does not exist');
  expect(said).toContain("created");
  const accepted = () => shop.field("arb/cleo-audits", '.status.conditions[?(@.type=="Accepted")].reason');
  await eventually(accepted, "ReferenceNotFound");
  await shop.apply({
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRole",
    metadata: { name: "auditor" },
    spec: { assignableAt: ["Environment"], rules: [{ resources: ["logs"], verbs: ["view"] }] },
  });
  await shop.kubectl("wait --for=condition=Effective arb/cleo-audits --timeout=60s");
  expect(await accepted()).toBe("Accepted");
  await shop.kubectl("delete arb/cleo-audits arole/auditor --timeout=60s");
});

test.each(["presets/redox", "presets/paradigm"])("The folder %s applies as it lies there", async (folder) => {
  const namespace = `${shop.namespace}-folder`;
  await run("kubectl", ["create", "namespace", namespace]);
  try {
    await run("kubectl", ["apply", "--namespace", namespace, "-f", folder]);
    const wait = "wait --for=condition=Effective arb,arole,org,env,memberships --all --timeout=60s";
    await run("kubectl", ["--namespace", namespace, ...wait.split(" ")]);
  } finally {
    await run("kubectl", ["delete", "namespace", namespace, "--timeout=100s"]);
  }
});

test("kubectl apply --dry-run=server tells who gains and loses how much, and changes nothing", async () => {
  const gains = await shown(
    shop.applying(binding("two-view", "viewer", ["bob", "cleo"]), "--dry-run=server"),
  );
  expect(gains).toContain("Warning: 2 subjects gain 2 permissions at environment/prod");
  expect(await shop.said("get arb two-view")).toContain("not found");
  const loses = await shown(shop.said("delete arb ann-views --dry-run=server"));
  expect(loses).toContain('Warning: User "ann" loses logs:view at environment/prod');
  expect(await shop.said("get arb ann-views")).not.toContain("not found");
});
