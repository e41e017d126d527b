import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readInjectionSettings } from "../../../operator/injection/read-settings.ts";
import { projectRoot } from "../../support/processes.ts";
import { type Manifest, NAMESPACE, pick, render, renderText, type Workload } from "./render.ts";

const examples = readdirSync(join(projectRoot, "charts/sidegate/examples"));

const cases: [name: string, args: string[]][] = [
  ["the defaults", []],
  ...examples.map((file): [string, string[]] => [file, ["--values", `charts/sidegate/examples/${file}`]]),
];

describe.each(cases)("rendered with %s", (_name, args) => {
  test("every object has a place, the common labels and a name of its own", async () => {
    const manifests = await render(...args);
    const names = manifests.map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { kind, metadata } of manifests) {
      expect(metadata.name, kind).toMatch(/^sidegate-[a-z-]+$|\.sidegate\.dev$/);
      expect(metadata.labels, kind).toMatchObject({ "app.kubernetes.io/part-of": "sidegate" });
      const isOfCluster = /^Cluster|^Custom|WebhookConfiguration$/.test(kind);
      expect(metadata.namespace === undefined, `${kind} ${metadata.name}`).toBe(isOfCluster);
    }
  });

  test("has no hooks, which other installers would not run", async () => {
    expect(await renderText(...args)).not.toContain("helm.sh/hook");
  });

  test("pods are restricted and name their resources", async () => {
    const manifests = await render(...args);
    const workloads = manifests.filter(({ kind }) =>
      ["Deployment", "DaemonSet"].includes(kind),
    ) as Workload[];
    for (const { spec } of workloads) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({ seccompProfile: { type: "RuntimeDefault" } });
      // The sidecar of a node makes its socket in a directory of the node, which is root's.
      const isOfNode = pod.containers[0]?.args[0] === "node";
      expect(pod.securityContext).toMatchObject(isOfNode ? { runAsUser: 0 } : { runAsNonRoot: true });
      for (const { securityContext, resources, args: given } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        });
        expect(resources).toMatchObject({
          requests: { cpu: expect.any(String) },
          limits: { memory: expect.any(String) },
        });
        // Where an option is empty, a template read a value that is not there.
        for (const arg of given) expect(arg).toMatch(/^[a-z-]+(=.+)?$/);
      }
    }
  });

  test("settings of injection are those that the operator reads", async () => {
    const manifests = await render(...args);
    const settings = manifests.find(({ metadata }) => metadata.name === "sidegate-injection");
    expect(settings === undefined).toBe(args.includes("charts/sidegate/examples/without-injection.yaml"));
    if (settings !== undefined) readInjectionSettings(settings.data?.["settings.yaml"] ?? "");
  });

  test("no webhook names an authority: that is the operator's", async () => {
    for (const { webhooks } of (await render(...args)).filter(({ kind }) =>
      kind.endsWith("WebhookConfiguration"),
    ))
      for (const { clientConfig } of webhooks ?? []) expect(Object.keys(clientConfig)).toEqual(["service"]);
  });
});

describe("definitions", () => {
  const crds = (manifests: readonly Manifest[]) =>
    manifests.filter(({ kind }) => kind === "CustomResourceDefinition");
  const committed = readdirSync(join(projectRoot, "crds"))
    .filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml")
    .map((file) => parse(readFileSync(join(projectRoot, "crds", file), "utf8")) as Manifest);

  test("are those of crds, and stay when the release goes", async () => {
    const rendered = crds(await render());
    const keep = { "helm.sh/resource-policy": "keep" };
    expect(rendered.map(({ metadata: { name } }) => name).toSorted()).toEqual(
      committed.map(({ metadata: { name } }) => name).toSorted(),
    );
    for (const crd of committed) {
      const { metadata, ...rest } = pick(rendered, crd.kind, crd.metadata.name);
      expect({ ...rest, metadata: { name: metadata.name } }).toEqual(crd);
      expect(metadata.annotations).toEqual(keep);
    }
  });

  test("go with the release, or are somebody else's, by value", async () => {
    const going = crds(await render("--set", "crds.keep=false"));
    expect(going.map(({ metadata }) => metadata.annotations)).toEqual(committed.map(() => undefined));
    expect(crds(await render("--set", "crds.enabled=false"))).toEqual([]);
  });
});

describe("roles of people", () => {
  const rules = async (name: string) => pick(await render(), "ClusterRole", name).rules as object[];

  test("edit writes what a domain holds, but not what administers it, and lifts no limit", async () => {
    const text = JSON.stringify(await rules("sidegate-edit"));
    for (const kind of ["accessdomains", "permissioncatalogs", "accessconstraints", "tokenpolicies"])
      expect(text).not.toContain(kind);
    for (const verb of ["bind", "escalate", "admit", "sync"]) expect(text).not.toContain(`"${verb}"`);
  });

  test("admin administers a domain, and may give, write and admit without limit", async () => {
    expect(await rules("sidegate-admin")).toEqual(
      expect.arrayContaining([
        { apiGroups: ["sidegate.dev"], resources: ["accessroles"], verbs: ["bind", "escalate"] },
        { apiGroups: ["sidegate.dev"], resources: ["organizations"], verbs: ["admit"] },
      ]),
    );
  });
});

describe("sync", () => {
  const subjects = async (value: string | object) => {
    const manifests = await render("--set-json", `sync.namespaces=${JSON.stringify([value])}`);
    const { metadata, roleRef, subjects } = pick(manifests, "RoleBinding", "sidegate-sync");
    expect([metadata.namespace, roleRef?.name]).toEqual(["shop", "sidegate-sync"]);
    return subjects;
  };
  const group = (name: string) => ({
    apiGroup: "rbac.authorization.k8s.io",
    kind: "Group",
    name: `system:serviceaccounts:${name}`,
  });
  const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", name, namespace });

  test.each([
    ["a name lets all accounts of the namespace", "shop", [group("shop")]],
    ["an entry without accounts does the same", { name: "shop" }, [group("shop")]],
    [
      "accounts are named: of the namespace, of another, all of another",
      { name: "shop", serviceAccounts: ["web", "billing/worker", "reports/*"] },
      [account("shop", "web"), account("billing", "worker"), group("reports")],
    ],
  ] as [string, string | object, object[]][])("%s", async (_what, value, wanted) => {
    expect(await subjects(value)).toEqual(wanted);
  });
});

test("one replica has no disruption budget, which would keep its node from being drained", async () => {
  const kinds = async (...args: string[]) => (await render(...args)).map(({ kind }) => kind);
  expect(await kinds()).toContain("PodDisruptionBudget");
  expect(await kinds("--set", "operator.replicas=1")).not.toContain("PodDisruptionBudget");
});

test("pods of the operator's own namespace and of the cluster's are never injected into", async () => {
  const { webhooks } = pick(await render(), "MutatingWebhookConfiguration", "sidegate-operator");
  const inject = webhooks?.find(({ name }) => name === "inject.sidegate.dev");
  expect(inject).toMatchObject({
    objectSelector: { matchLabels: { "sidegate.dev/inject": "true" } },
    namespaceSelector: {
      matchExpressions: [
        {
          key: "kubernetes.io/metadata.name",
          operator: "NotIn",
          values: [NAMESPACE, "kube-system", "kube-node-lease", "kube-public"],
        },
      ],
    },
  });
});
