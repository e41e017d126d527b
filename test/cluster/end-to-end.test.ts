import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { eventually } from "../support/processes.ts";
import { Journey } from "./journey.ts";

const journey = new Journey(process.env.KUBECONFIG ?? "");
const { kubectl } = journey;

beforeAll(async () => {
  await journey.begin("presets/redox");
  await journey.startOperator();
  await journey.startSidecar();
});
afterAll(() => journey.end());

const user = (name: string) => ({ kind: "User", name });
const environment = (name: string) => ({ kind: "Environment", name });
const names = async (resource: string) =>
  (await kubectl.run(`get ${resource} -o name`))
    .trim()
    .split("\n")
    .map((name) => name.replace(/^.*\//, ""));
/** "False ReferenceNotFound": the condition Accepted. */
const accepted = (resource: string, name: string) =>
  kubectl.exec([
    ...["get", resource, name, "-o"],
    `jsonpath={range .status.conditions[?(@.type=="Accepted")]}{.status} {.reason}{end}`,
  ]);

describe("a preset that is applied as it stands", () => {
  test.each([
    ["allow", 0, "stephanie", "connections:view", "environment/acme-staging", "Allowed"],
    ["deny", 1, "stephanie", "connections:manage", "environment/acme-staging", "Forbidden"],
    ["deny", 1, "stephanie", "connections:view", "environment/acme-production", "NotFound"],
  ])("answers %s (exit code %i) to %s, %s, %s: %s", async (decision, code, name, permission, scope, says) => {
    const subject = `user:${name}`;
    const asked = await journey.check(
      "--address",
      journey.address,
      "--subject",
      subject,
      "--scope",
      scope,
      permission,
    );
    expect(asked).toMatchObject({ code, stdout: expect.stringMatching(`^${decision} `) });
    expect(asked.stdout).toContain(says);
  });

  test("gives members their default roles, and then lets everybody do what its folder does", async () => {
    await journey.becomes("stephanie", "developer-test-tools:use", "environment/acme-development", "Allowed");
    const compare = async () => {
      const { code, stdout } = await journey.diff("presets/redox");
      return `${code} ${stdout.trim().split("\n")[0]}`;
    };
    await eventually(compare, "0 0 gained, 0 lost, 0 conditional: nothing changed");
  });
});

test("a changed binding changes the next decision", async () => {
  const binding = "default-acme-stephanie-environment-acme-staging";
  const ask = (tokens: string[]) =>
    journey.ask("stephanie", "logs:retry", "environment/acme-staging", tokens);
  expect(await ask([])).toBe("NoGrant Forbidden");
  expect(await ask(await kubectl.patch("arb", binding, { spec: { role: "support" } }))).toBe("Allowed");
  await kubectl.run("apply -f presets/redox/sample-people.yaml");
  const version = await kubectl.run(`get arb ${binding} -o jsonpath={.metadata.resourceVersion}`);
  expect(await ask([`AccessRoleBinding:${version}`])).toBe("NoGrant Forbidden");
});

describe("kubectl get", () => {
  beforeAll(async () => {
    // What the preset has none of, and times to come, which kubectl shows as <invalid> where they are columns of a date.
    const expiresAt = "2999-01-01T00:00:00Z";
    const scope = environment("acme-staging");
    const keys = { jwksURL: "https://id.example/keys" };
    const narrowing = { claim: "permissions", selectors: [{ pattern: "project:*", attribute: "project" }] };
    await kubectl.apply(
      { kind: "Workspace", metadata: { name: "acme-labs" }, spec: { organization: "acme" } },
      { kind: "AccessGroup", metadata: { name: "testers" }, spec: { members: [user("elena")] } },
      {
        kind: "TokenPolicy",
        metadata: { name: "connect" },
        spec: { issuer: "https://id.example", audiences: ["acme"], keys, narrowing },
      },
      {
        kind: "Membership",
        metadata: { name: "acme-guest" },
        spec: { organization: "acme", subject: user("guest"), expiresAt },
      },
      {
        kind: "AccessRoleBinding",
        metadata: { name: "guest-observes" },
        spec: {
          role: "observer",
          subjects: [user("guest")],
          scope,
          notBefore: "2998-01-01T00:00:00Z",
          expiresAt,
        },
      },
    );
  });

  test.each(crds.map(({ spec }) => spec.names))("$kind shows what one wants to know", async ({ plural }) => {
    const rows = async (...output: string[]) =>
      (await kubectl.exec(["get", plural, ...output])).trimEnd().split("\n");
    await eventually(
      async () => (await rows("--no-headers")).filter((row) => !/ True +True +Accepted /.test(row)),
      [],
    );
    const [header = "", ...objects] = await rows();
    expect(objects.length).toBeGreaterThan(0);
    expect(header).toMatch(/^NAME .+ ACCEPTED +EFFECTIVE +REASON +AGE$/);
    const [wideHeader, ...wideObjects] = await rows("--output", "wide");
    expect(wideHeader).toMatch(/^NAME .+ ACCEPTED +EFFECTIVE +REASON +AGE +MESSAGE/);
    expect([...objects, ...wideObjects].filter((row) => /<\w+>/.test(row))).toEqual([]);
  });
});

describe("a binding to a role that does not exist", () => {
  test("says so, and takes effect by itself once the role appears", async () => {
    const spec = {
      role: "auditor",
      subjects: [user("elena")],
      scope: { kind: "Organization", name: "acme" },
    };
    const written = await kubectl.apply({
      kind: "AccessRoleBinding",
      metadata: { name: "elena-audits" },
      spec,
    });
    await kubectl.run("wait --for=condition=Accepted=false --timeout=60s arb/elena-audits");
    const row = await kubectl.run("get arb elena-audits --no-headers");
    expect(row).toMatch(
      /^elena-audits +auditor +Organization +acme +elena +False +False +ReferenceNotFound /,
    );
    expect(await kubectl.run("describe arb elena-audits")).toContain('AccessRole "auditor" does not exist');
    expect(await journey.ask("elena", "audit-events:review", "organization/acme", written)).toBe(
      "NoGrant Forbidden",
    );

    const rules = [{ resources: ["audit-events"], verbs: ["review"] }];
    const role = {
      kind: "AccessRole",
      metadata: { name: "auditor" },
      spec: { assignableAt: ["Organization"], rules },
    };
    expect(
      await journey.ask("elena", "audit-events:review", "organization/acme", await kubectl.apply(role)),
    ).toBe("Allowed");
    await kubectl.run("wait --for=condition=Accepted --timeout=60s arb/elena-audits");
  });
});

describe("what is killed and started again has lost nothing:", () => {
  const ask = (tokens: readonly string[] = []) =>
    journey.ask("sam", "logs:retry", "environment/acme-staging", tokens);
  const observe = () =>
    kubectl.patch("arb", "default-acme-sam-environment-acme-staging", { spec: { role: "observer" } });
  const support = () =>
    kubectl.patch("arb", "default-acme-sam-environment-acme-staging", { spec: { role: "support" } });

  test("the operator, which the sidecar does without meanwhile", async () => {
    await journey.killOperator();
    const written = await observe();
    expect(await ask()).toBe("Allowed");
    await journey.startOperator();
    await eventually(() => ask(written), "NoGrant Forbidden");
    expect(await ask(await support())).toBe("Allowed");
  });

  test("the sidecar", async () => {
    await journey.killSidecar();
    const written = await observe();
    await journey.startSidecar();
    expect(await ask(written)).toBe("NoGrant Forbidden");
  });

  test("both, the sidecar first, which starts from its last known good", async () => {
    await journey.killOperator();
    await journey.killSidecar();
    const written = await support();
    await journey.startSidecar();
    expect(await ask()).toBe("NoGrant Forbidden");
    await journey.startOperator();
    await eventually(() => ask(written), "Allowed");
  });
});

describe("default roles", () => {
  const joins = (name: string) =>
    kubectl.apply({
      kind: "Membership",
      metadata: { name: `acme-${name}` },
      spec: { organization: "acme", subject: user(name) },
    });
  const appears = (name: string) =>
    kubectl.apply({
      kind: "Environment",
      metadata: { name },
      spec: { organization: "acme", type: "staging" },
    });
  const tests = (name: string, scope: string) =>
    journey.becomes(name, "developer-test-tools:use", `environment/${scope}`, "Allowed");

  test("are given in whichever order members and environments appear", async () => {
    await joins("nadia");
    await tests("nadia", "acme-staging");
    await appears("acme-staging-2");
    await tests("nadia", "acme-staging-2");
    await joins("omar");
    await tests("omar", "acme-staging-2");
  });

  test("are given once: one that was removed stays so, also with an operator that starts over", async () => {
    const given = "default-acme-nadia-environment-acme-staging";
    await kubectl.run(`delete arb ${given}`);
    await journey.becomes(
      "nadia",
      "developer-test-tools:use",
      "environment/acme-staging",
      "NoGrant NotFound",
    );
    await journey.killOperator();
    await journey.startOperator();
    // Whatever the operator gives after this look at her was due.
    await appears("acme-staging-3");
    await tests("nadia", "acme-staging-3");
    expect(await names("arb")).not.toContain(given);
    expect(await journey.ask("nadia", "developer-test-tools:use", "environment/acme-staging")).toBe(
      "NoGrant NotFound",
    );
  });
});

test("leaving ends every role at once and leaves nothing behind", async () => {
  await kubectl.apply({
    kind: "AccessRoleBinding",
    metadata: { name: "testers-of-development" },
    spec: { role: "support", subjects: [user("sam"), user("elena")], scope: environment("acme-development") },
  });
  // Returns once the finalizer has let the membership go.
  await kubectl.run("delete membership acme-sam --timeout=60s");
  await journey.becomes("sam", "connections:view", "environment/acme-staging", "NoGrant NotFound");
  await journey.becomes("sam", "vpn-configurations:view", "organization/acme", "NoGrant NotFound");
  await eventually(async () => (await names("arb")).filter((name) => name.includes("-sam-")), []);
  const left = await kubectl.run("get arb testers-of-development -o jsonpath={.spec.subjects[*].name}");
  expect(left).toBe("elena");
  expect(await accepted("arb", "testers-of-development")).toBe("True Accepted");
});

test("a role that is in use goes once nothing names it any more, and counts until then", async () => {
  const rule = { resources: ["single-sign-on"], verbs: ["manage"] };
  const scope = { kind: "Organization", name: "acme" };
  const ask = (tokens: readonly string[] = []) =>
    journey.ask("elena", "single-sign-on:manage", "organization/acme", tokens);
  const written = await kubectl.apply(
    {
      kind: "AccessRole",
      metadata: { name: "keeper" },
      spec: { assignableAt: ["Organization"], rules: [rule] },
    },
    {
      kind: "AccessRoleBinding",
      metadata: { name: "elena-keeps" },
      spec: { role: "keeper", subjects: [user("elena")], scope },
    },
  );
  expect(await ask(written)).toBe("Allowed");
  await eventually(
    () => kubectl.run("get arole keeper -o jsonpath={.metadata.finalizers}"),
    '["sidegate.dev/in-use"]',
  );
  await kubectl.run("delete arole keeper --wait=false");
  await eventually(() => accepted("arole", "keeper"), "False Deleting");
  expect(await ask()).toBe("Allowed");
  await kubectl.run("delete arb elena-keeps");
  await kubectl.run("wait --for=delete --timeout=60s arole/keeper");
  await eventually(() => ask(), "NoGrant Forbidden");
});

test("a namespace goes with everything in it while the operator runs, and the sidecar knows nothing any more", async () => {
  await kubectl.run(`delete namespace ${journey.namespace} --timeout=100s`);
  await journey.becomes("elena", "connections:view", "environment/acme-production", "UnknownScope NotFound");
});
