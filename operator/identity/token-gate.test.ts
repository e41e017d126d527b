import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../../test/fake-apiserver/start.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { podIdentity, tokenText } from "../../test/support/tokens.ts";
import { createCredentials } from "../kube/credentials.ts";
import { createHttpKubeApi } from "../kube/http-kube-api.ts";
import { TokenGate } from "./token-gate.ts";

let server: FakeApiServer;
let clock: ManualClock;
let gate: TokenGate;

beforeAll(async () => {
  server = await startFakeApiServer();
});
afterAll(() => server.stop());

beforeEach(() => {
  clock = new ManualClock();
  const config = new KubeConfig();
  config.loadFromString(server.kubeconfig());
  gate = new TokenGate({
    api: createHttpKubeApi({ credentials: createCredentials(config, clock), clock }),
    clock,
  });
});

const soon = () => clock.wallTime() / 1_000 + 3_600;
const bearer = (token: string) => [`Bearer ${token}`];
const reviews = () => server.reviews.seen.length;

/** A token that the server knows, for a pod of namespace shop. */
function issue(pod = "web-0", expiresAt = soon()): string {
  const token = tokenText({ expiresAt });
  server.reviews.setToken(token, podIdentity("shop", "web", pod));
  return token;
}

describe("a token", () => {
  test("names user and pod", async () => {
    expect(await gate.identify(bearer(issue()))).toMatchObject({
      user: "system:serviceaccount:shop:web",
      uid: "uid-of-web",
      groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
      pod: { namespace: "shop", name: "web-0", uid: "uid-of-web-0" },
      expiresAt: clock.wallTime() + 3_600_000,
    });
  });

  test("that was made for no pod names none", async () => {
    const token = tokenText();
    const { extra: _, ...identity } = podIdentity("shop", "web", "web-0");
    server.reviews.setToken(token, identity);
    const peer = await gate.identify(bearer(token));
    expect([peer.pod, peer.expiresAt]).toEqual([undefined, undefined]);
  });

  test.each([
    { name: "is missing", headers: [], code: "SG2151" },
    { name: "is of another scheme", headers: ["Basic YWRhOnNlY3JldA=="], code: "SG2151" },
    { name: "is empty", headers: ["Bearer "], code: "SG2151" },
    { name: "is no JSON Web Token", headers: ["Bearer abc"], code: "SG2152" },
    { name: "is very long", headers: [`Bearer ${"a".repeat(9_000)}`], code: "SG2152" },
    { name: "is for somebody else", headers: bearer(tokenText({ audiences: ["other"] })), code: "SG2153" },
    { name: "has no audience", headers: bearer(tokenText({ audiences: [] })), code: "SG2153" },
    { name: "ended long ago", headers: bearer(tokenText({ expiresAt: 1 })), code: "SG2154" },
  ])("that $name is refused without asking", async ({ headers, code }) => {
    const before = reviews();
    await expect(gate.identify(headers)).rejects.toMatchObject({ code });
    expect(reviews()).toBe(before);
  });

  test("that the server does not know is refused", async () => {
    const known = gate.identify(bearer(tokenText({ expiresAt: soon() })));
    await expect(known).rejects.toMatchObject({ code: "SG2152", message: /invalid bearer token/ });
  });

  test("that has just ended is refused as ended", async () => {
    const token = tokenText({ expiresAt: clock.wallTime() / 1_000 - 1 });
    await expect(gate.identify(bearer(token))).rejects.toMatchObject({
      code: "SG2154",
      message: /2025-12-31T23:59:59/,
    });
  });

  test("that lies about its audience is refused by what the server says", async () => {
    const token = tokenText();
    server.reviews.setToken(token, { ...podIdentity("shop", "web", "web-0"), audiences: ["other"] });
    await expect(gate.identify(bearer(token))).rejects.toMatchObject({ code: "SG2152", message: /"other"/ });
  });

  test("of a server that knows no audiences is refused", async () => {
    const status = { authenticated: true, user: { username: "ada" } };
    const old = new TokenGate({ api: { create: async () => ({ metadata: { name: "" }, status }) }, clock });
    await expect(old.identify(bearer(tokenText()))).rejects.toMatchObject({ code: "SG2153" });
  });

  test("is reviewed once by all who ask at the same time, and again after a minute", async () => {
    const token = issue();
    const before = reviews();
    await Promise.all([1, 2, 3].map(() => gate.identify(bearer(token))));
    expect(reviews()).toBe(before + 1);
    await clock.advance(59_999);
    await gate.identify(bearer(token));
    expect(reviews()).toBe(before + 1);
    server.reviews.setToken(token, undefined);
    await clock.advance(1);
    await expect(gate.identify(bearer(token))).rejects.toMatchObject({ code: "SG2152" });
    expect(reviews()).toBe(before + 2);
  });

  test("is not trusted for longer than it lasts", async () => {
    const token = issue("web-0", clock.wallTime() / 1_000 + 20);
    await gate.identify(bearer(token));
    const before = reviews();
    await clock.advance(20_000);
    await gate.identify(bearer(token)).catch(() => {});
    expect(reviews()).toBe(before + 1);
  });

  test("that was refused is reviewed again after 5 s", async () => {
    const token = tokenText({ expiresAt: soon() });
    await expect(gate.identify(bearer(token))).rejects.toThrow();
    server.reviews.setToken(token, podIdentity("shop", "web", "web-0"));
    await expect(gate.identify(bearer(token))).rejects.toThrow();
    await clock.advance(5_000);
    await expect(gate.identify(bearer(token))).resolves.toMatchObject({ pod: { name: "web-0" } });
  });

  test("is neither taken nor refused while the server can not be asked", async () => {
    const token = issue();
    server.faults.requests.failNext(1, { code: 503 });
    await expect(gate.identify(bearer(token))).rejects.toMatchObject({ code: "SG2156" });
    await expect(gate.identify(bearer(token))).resolves.toMatchObject({ pod: { name: "web-0" } });
  });
});

describe("a peer", () => {
  test("may sync the domains that it has the right for, and learns what right it lacks", async () => {
    const peer = await gate.identify(bearer(issue()));
    const withdraw = server.reviews.allow({
      user: "system:serviceaccount:shop:web",
      verb: "sync",
      group: "sidegate.dev",
      resource: "accessdomains",
      namespace: "shop",
    });
    await gate.authorize(peer, "shop");
    await expect(gate.authorize(peer, "bank")).rejects.toMatchObject({
      code: "SG2155",
      message:
        'serviceaccount shop/web may not sync domain "bank": grant the verb sync on accessdomains in namespace bank to serviceaccount shop/web',
    });
    withdraw();
    await gate.authorize(peer, "shop");
    await clock.advance(60_000);
    await expect(gate.authorize(peer, "shop")).rejects.toMatchObject({ code: "SG2155" });
  });

  test("is asked about with all that its token proved", async () => {
    const peer = await gate.identify(bearer(issue("web-7")));
    await gate.authorize(peer, "shop").catch(() => {});
    expect(server.reviews.seen.at(-1)).toEqual({
      user: "system:serviceaccount:shop:web",
      uid: "uid-of-web",
      groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
      extra: podIdentity("shop", "web", "web-7").extra,
      resourceAttributes: {
        verb: "sync",
        group: "sidegate.dev",
        resource: "accessdomains",
        namespace: "shop",
      },
    });
  });
});
