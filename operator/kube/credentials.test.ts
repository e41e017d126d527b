import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { createCredentials } from "./credentials.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sidegate-credentials-"));
});
afterEach(() => rm(folder, { recursive: true }));

function configOf(cluster: object, user: object): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "c", ...cluster }],
    users: [{ name: "u", ...user }],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
  return config;
}
const server = "https://192.0.2.1:6443/";

test("all requests share one agent, and a token becomes a header", async () => {
  const clock = new ManualClock();
  const credentials = createCredentials(configOf({ server }, { token: "secret" }), clock);
  const first = await credentials.access();
  expect([first.server, first.headers]).toEqual([
    "https://192.0.2.1:6443",
    { Authorization: "Bearer secret" },
  ]);
  await clock.advance(60_000);
  expect((await credentials.access()).dispatcher).toBe(first.dispatcher);
  await credentials.close();
});

test("a certificate that is rotated on disk gets an agent of its own, within ten seconds", async () => {
  const clock = new ManualClock();
  const certFile = join(folder, "tls.crt");
  await writeFile(certFile, "first");
  const credentials = createCredentials(configOf({ server }, { certFile }), clock);
  const { dispatcher } = await credentials.access();
  await writeFile(certFile, "second");
  expect((await credentials.access()).dispatcher).toBe(dispatcher);
  await clock.advance(10_000);
  expect((await credentials.access()).dispatcher).not.toBe(dispatcher);
  await credentials.close();
});

test("what the server refused is read again at once", async () => {
  const certFile = join(folder, "tls.crt");
  await writeFile(certFile, "first");
  const credentials = createCredentials(configOf({ server }, { certFile }), new ManualClock());
  const { dispatcher } = await credentials.access();
  await writeFile(certFile, "second");
  credentials.renew();
  expect((await credentials.access()).dispatcher).not.toBe(dispatcher);
  await credentials.close();
});

test("a name and password become a header", async () => {
  const credentials = createCredentials(
    configOf({ server }, { username: "zoe", password: "p" }),
    new ManualClock(),
  );
  expect((await credentials.access()).headers).toEqual({ Authorization: "Basic em9lOnA=" });
  await credentials.close();
});

test.each<[string, object, object]>([
  ["a certificate file that is not there", { server }, { certFile: "/nowhere/tls.crt" }],
  ["a SOCKS proxy", { server, proxyUrl: "socks5://192.0.2.2" }, {}],
  ["plain HTTP that is not loopback", { server: "http://127.0.0.1.example.com" }, {}],
])("%s can not be used", async (_name, cluster, user) => {
  const credentials = createCredentials(configOf(cluster, user), new ManualClock());
  await expect(credentials.access()).rejects.toMatchObject({ code: "SG4005" });
});

test.each(["http://127.0.0.1:8001", "http://localhost:8001", "http://[::1]:8001"])(
  "%s can",
  async (address) => {
    const credentials = createCredentials(configOf({ server: address }, {}), new ManualClock());
    expect((await credentials.access()).server).toBe(address);
    await credentials.close();
  },
);

test("a kubeconfig without a current cluster is refused at once", () => {
  expect(() => createCredentials(new KubeConfig(), new ManualClock())).toThrow("no current context");
});
