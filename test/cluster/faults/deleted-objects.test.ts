import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AccessDomain } from "../../../engine/model/objects.generated.ts";
import { eventually } from "../../support/processes.ts";
import type { SidecarProcess } from "../../support/sidecar-process.ts";
import { Installation } from "./installation.ts";

const LIMIT = { timeout: 240_000 };

const installation = new Installation(process.env.KUBECONFIG ?? "");
const { witness, server } = installation;
let sidecars: SidecarProcess[];

beforeAll(async () => {
  await installation.begin();
  [, sidecars] = await installation.start(["pod-a", "pod-b"], ["one", "two"]);
}, 150_000);
afterAll(() => installation.end(), 120_000);
afterEach(() => witness.isContent());

const secret = `/api/v1/namespaces/${installation.system}/secrets/sidegate-authority`;
const trust = `/api/v1/namespaces/${installation.namespace}/configmaps/sidegate-trust`;
const dataOf = async (path: string) => (await server.call({ method: "GET", path })).body.data;
/** The same with the keys of the Secret read, since the order of their fields says nothing. */
async function contentOf(path: string): Promise<unknown> {
  const data = ((await dataOf(path)) ?? {}) as Record<string, string>;
  const authority = data["authority.json"];
  return authority === undefined ? data : JSON.parse(Buffer.from(authority, "base64").toString("utf8"));
}
const remove = async (path: string) =>
  expect((await server.call({ method: "DELETE", path })).status).toBe(200);

describe("deleted while sidecars are connected", () => {
  test.each([
    ["the Secret with the keys", [secret]],
    ["the ConfigMap with what sidecars trust", [trust]],
    ["both", [secret, trust]],
  ])("%s comes back as it was, for new sidecars as well", LIMIT, async (_name, paths) => {
    const before = await Promise.all(paths.map(contentOf));
    for (const path of paths) await remove(path);
    // Not by value, since it would print keys.
    for (const [index, path] of paths.entries())
      await eventually(async () => isDeepStrictEqual(await contentOf(path), before[index]), true);
    const newcomer = await installation.launchSidecar(
      `newcomer-${paths.length}-${paths[0]?.includes("secrets")}`,
    );
    await eventually(() => newcomer.ask("always"), "Allowed");
    await installation.isWell(`after-${paths.length}-${paths[0]?.includes("secrets")}`);
    await newcomer.process.end();
    const domain = async () => (await installation.get("AccessDomain", "default")) as AccessDomain;
    await eventually(async () => (await domain()).status?.sidecars?.live, sidecars.length);
    await eventually(() => installation.reportedSidecars(), sidecars.length);
  });
});

test(
  "all keys are new: who still trusts the old ones takes nothing new, decides on, and follows once told",
  LIMIT,
  async () => {
    await Promise.all(["pod-a", "pod-b"].map((name) => installation.replica(name).process.end("SIGKILL")));
    await remove(secret);
    const old = (await dataOf(trust)) as Record<string, string>;
    await Promise.all(["pod-a", "pod-b"].map((name) => installation.startReplica(name)));
    await expect.poll(() => dataOf(trust), { timeout: 60_000 }).not.toEqual(old);
    const [one, two] = sidecars as [SidecarProcess, SidecarProcess];
    await one.process.logged("Lost the operator");

    // One hears of the new authority and not of the new policy keys, as from an operator that signs with a key nobody knows.
    const { keys } = await installation.mountTrust("one");
    expect(await readFile(keys, "utf8")).not.toBe(old["policy-keys.json"]);
    await installation.keep("one/policy-keys.json", old["policy-keys.json"] ?? "");
    witness.expect("later", "NoGrant");
    await installation.bind("later");
    await expect
      .poll(() => one.process.log.some(({ code }) => ["SG2008", "SG2009"].includes(String(code))), {
        timeout: 120_000,
      })
      .toBe(true);
    await witness.hears(20);
    witness.isContent();
    expect(await two.ask("later")).toBe("NoGrant");

    witness.expect("later", "NoGrant", "Allowed");
    for (const name of ["one", "two"]) await installation.mountTrust(name);
    await installation.isEffective("later");
    witness.expect("later", "Allowed");
    await installation.isWell("with-new-keys");
    await installation.isOneRevision(one, two);
  },
);
