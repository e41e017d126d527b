import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readManifests } from "../../chart/rendered/render.ts";
import { eventually, projectRoot } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { imageValues, install, kubectl, NAMESPACE, rolledOut, template } from "./installation.ts";

/** Kinds of other projects, which a cluster has or not. */
const foreign = /^(cert-manager\.io|monitoring\.coreos\.com)\//;

const uninstall = () =>
  run("helm", ["uninstall", "sidegate", "--namespace", NAMESPACE, "--wait", "--ignore-not-found"]);

/** What applying a manifest would change: nothing, or a diff. */
const differences = (manifest: string, ...args: string[]) =>
  run("kubectl", ["diff", ...args, "-f", "-"], { input: manifest, codes: [0, 1] });

beforeAll(async () => {
  const releases = await run("helm", ["list", "--all-namespaces", "--output", "json"]);
  expect(JSON.parse(releases), "the cluster has to be without an installation").toEqual([]);
});

describe("helm", () => {
  test("installs on an empty cluster in under a minute", async () => {
    const begun = performance.now();
    const args = [
      "install",
      "sidegate",
      "charts/sidegate",
      "--namespace",
      NAMESPACE,
      "--create-namespace",
      "--wait",
      "--take-ownership",
    ];
    await run("helm", [...args, ...imageValues()]);
    const seconds = (performance.now() - begun) / 1000;
    console.log(`helm install --wait took ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(60);
    const pods = await kubectl(
      `get pods --namespace ${NAMESPACE} --output jsonpath={.items[*].status.containerStatuses[*].ready}`,
    );
    expect(pods).toBe("true true");
  });

  test("upgrades to the same without doing anything, and to another value by rolling it out", async () => {
    const generation = () =>
      kubectl(
        `get deployment sidegate-operator --namespace ${NAMESPACE} --output jsonpath={.metadata.generation}`,
      );
    const before = await generation();
    await install();
    expect(await generation()).toBe(before);
    await install("--set", "operator.logLevel=debug");
    await rolledOut();
    expect(await generation()).not.toBe(before);
  });

  test("leaves definitions and objects behind, and takes them up again", async () => {
    const role = {
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "AccessRole",
      metadata: { name: "kept" },
      spec: { assignableAt: ["Organization"], rules: [] },
    };
    // Ready means that such objects can be written, webhooks and all.
    await kubectl("apply -f -", JSON.stringify(role));
    await uninstall();
    expect(await kubectl("get accessroles kept --output name")).toBe("accessrole.sidegate.dev/kept\n");
    await install();
    await kubectl("delete accessrole kept --timeout=60s");
  });
});

describe("kubectl", () => {
  test("applies what helm renders, after which nothing differs", async () => {
    await uninstall();
    const manifest = await template();
    await kubectl("apply --server-side -f -", manifest);
    await rolledOut();
    // By then the operator has said whom its webhooks are to be known by.
    const bundle = () =>
      kubectl(
        "get validatingwebhookconfiguration sidegate-operator --output jsonpath={.webhooks[*].clientConfig.caBundle}",
      );
    await eventually(async () => ((await bundle()).length > 0 ? "there" : "missing"), "there");
    expect(await differences(manifest, "--server-side")).toBe("");
    expect(await differences(manifest)).toBe("");
    await kubectl("apply --server-side -f -", manifest);
    expect(await bundle()).not.toBe("");
    await kubectl("delete --wait -f -", manifestWithoutCrds(manifest));
  });

  test("installs without Helm", async () => {
    const overlay = await run("kubectl", ["kustomize", "charts/kustomize"]);
    const [repository, tag] = imageValues()
      .filter((arg) => arg.startsWith("image."))
      .map((arg) => arg.split("=")[1]);
    const manifest = overlay.replaceAll("image: sidegate:0.1.0", `image: ${repository}:${tag}`);
    await kubectl("apply --server-side -f -", manifest);
    await rolledOut();
    expect(await differences(manifest, "--server-side")).toBe("");
    await kubectl("delete --wait -f -", manifestWithoutCrds(manifest));
  });
});

describe("the API server takes every object of", () => {
  beforeAll(async () => {
    await kubectl(
      "apply --server-side -f -",
      JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [NAMESPACE, "shop", "billing"].map((name) => ({
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name },
        })),
      }),
    );
  });
  afterAll(async () => {
    await kubectl("delete namespace shop billing");
  });

  test.each([
    "values.yaml",
    ...readdirSync(join(projectRoot, "charts/sidegate/examples")).map((file) => `examples/${file}`),
  ])("%s", async (file) => {
    const manifests = readManifests(await template("--values", `charts/sidegate/${file}`));
    const items = manifests.filter(({ apiVersion }) => !foreign.test(apiVersion));
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const said = await kubectl("apply --server-side --dry-run=server --validate=strict -f -", list);
    expect(said.trim().split("\n")).toHaveLength(items.length);
  });
});

/** The same without definitions, with which all objects would go, and without the namespace. */
function manifestWithoutCrds(manifest: string): string {
  const items = readManifests(manifest).filter(
    ({ kind }) => kind !== "CustomResourceDefinition" && kind !== "Namespace",
  );
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
