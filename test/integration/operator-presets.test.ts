import { globSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { OperatorFixture } from "../operator/operator-fixture.ts";

/** Generous: a slow machine must not fail a test. */
const WITHIN = { timeout: 30_000, interval: 50 };

const root = resolve(import.meta.dirname, "../..");
const presets = globSync("presets/*/catalog.yaml", { cwd: root })
  .map((path) => basename(dirname(path)))
  .toSorted();

describe("on an API server", () => {
  let server: FakeApiServer;
  let fixture: OperatorFixture;
  beforeAll(async () => {
    server = await startFakeApiServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    fixture = new OperatorFixture({ kubeconfig: server.kubeconfig() });
    await fixture.createNamespace();
  });
  afterEach(() => fixture.stop());

  const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, WITHIN);
  const apply = async (preset: string) => {
    const objects = manifestsOf(preset);
    for (const { kind, metadata, spec } of objects) await fixture.create(kind, metadata.name, spec);
    return objects;
  };

  test.each(presets)(
    "all of the preset %s is accepted, and nothing breaks its constraints",
    async (preset) => {
      const objects = await apply(preset);
      await fixture.startOperator();
      await eventually(async () => {
        const seen = await Promise.all(objects.map(({ kind, metadata }) => fixture.get(kind, metadata.name)));
        return seen.flatMap((object) => faultsOf(object));
      }).toEqual([]);
    },
  );

  test("who is removed from an organization of redox and joins again has the default roles, whatever was before", async () => {
    await apply("redox");
    await fixture.startOperator();
    const may = (permission: string, environment: string) => () =>
      fixture.decide("elena", permission, `environment/acme-${environment}`);
    await eventually(may("connections:manage", "production")).toBe("Allowed");
    await eventually(
      async () => (await fixture.get("Membership", "acme-elena"))?.metadata.finalizers,
    ).toEqual(["sidegate.dev/leaving"]);
    await fixture.delete("Membership", "acme-elena");
    await eventually(() => fixture.names("Membership")).not.toContain("acme-elena");
    const bindings = await fixture.names("AccessRoleBinding");
    expect(bindings.filter((name) => name.includes("elena"))).toEqual([]);
    expect(may("connections:view", "development")()).toBe("NoGrant");
    const subject = { kind: "User", name: "elena" };
    await fixture.create("Membership", "acme-elena", { organization: "acme", subject });
    await eventually(may("connections:view", "production")).toBe("Allowed");
    await eventually(may("connections:manage", "development")).toBe("Allowed");
    expect(may("connections:manage", "production")()).toBe("NoGrant");
  });
});

/** In the order in which kubectl applies them. */
function manifestsOf(preset: string): SidegateObject[] {
  const folder = resolve(root, "presets", preset);
  return globSync("*.yaml", { cwd: folder })
    .toSorted()
    .flatMap((name) => parseAllDocuments(readFileSync(resolve(folder, name), "utf8")))
    .map((document) => document.toJS());
}

/** The conditions that are not True at the present generation. */
function faultsOf(object: SidegateObject | undefined): string[] {
  if (object === undefined) return ["gone"];
  const { kind, metadata, status } = object;
  const wanted = kind === "AccessConstraint" ? ["Accepted", "Satisfied"] : ["Accepted"];
  return wanted
    .filter((type) => {
      const condition = status?.conditions?.find((one) => one.type === type);
      return condition?.status !== "True" || condition.observedGeneration !== metadata.generation;
    })
    .map((type) => `${kind}/${metadata.name}: ${type}`);
}
