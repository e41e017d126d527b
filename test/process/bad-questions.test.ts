import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../engine/model/json.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { CheckRequest } from "../../proto/generated/decision.js";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { rawCall } from "../integration/sidecar-fixture.ts";
import { Processes } from "../support/processes.ts";
import { SidecarProcess } from "../support/sidecar-process.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";
import { basics, viewing } from "./deployment.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/**
 * Whatever is asked of a sidecar, and whatever a policy makes of it, each question ends with an answer or an error that names
 * the field, and all others are answered as before. Quadratic work on what is here would take minutes.
 */
let root: string;
let processes: Processes;
let sidecar: SidecarProcess;
const asked: string[] = [];

const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const SECRET = "s3cret-of-a-claim";
const MANY = 1_500;
const named = Array.from({ length: MANY }, (_, at) => at);
const expensive = (at: number) => `context.l.exists(x, context.l.exists(y, x + y == '${at}'))`;
const hour = (at: number) => new Date(Date.now() + at * 3_600_000).toISOString();
const sets = (per: "Scope" | "Organization") =>
  Array.from({ length: 50 }, (_, at) =>
    build("AccessConstraint", `${per.toLowerCase()}-${at}`, {
      separationOfDuty: { roles: [`r${at}`, `r${(at + 7) % 60}`, `r${(at + 13) % 60}`], atMost: 2, per },
    }),
  );

const objects: readonly SidegateObject[] = [
  ...basics,
  viewing("ann"),
  build("Organization", "acme", {}),
  ...["ann", "mal", "max", "boss"].map((name) =>
    build("Membership", name, { organization: "acme", subject: { kind: "User", name } }),
  ),
  ...named.map((at) => build("Environment", `e${at}`, { organization: "acme" })),
  ...Array.from({ length: 60 }, (_, at) => role(`r${at}`, { rules: [{ resources: ["*"], verbs: ["*"] }] })),
  role("giver", { grants: [{ roles: ["r1"], levels: ["Organization"] }] }),
  binding("boss", "giver", "User:boss", "organization/acme"),
  ...sets("Scope"),
  ...sets("Organization"),
  // mal has many conditions that take long, max many grants that constraints void and that begin and end.
  ...named.map((at) => binding(`mal-${at}`, "viewer", "User:mal", "platform", { when: expensive(at) })),
  ...named.map((at) =>
    binding(`max-${at}`, `r${at % 60}`, "User:max", `environment/e${at}`, {
      ...(at % 2 === 0 ? {} : { notBefore: hour(at), expiresAt: hour(2 * at + 1) }),
    }),
  ),
  build("TokenPolicy", "mobile", {
    issuer: "issuer",
    audiences: ["api"],
    keys: {
      jwks: JSON.stringify({
        keys: [{ ...keys.publicKey.export({ format: "jwk" }), alg: "ES256", kid: "k", use: "sig" }],
      }),
    },
    narrowing: { claim: "perm", selectors: [{ pattern: "env:[name]", attribute: "env" }] },
  }),
];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "sidegate-questions-"));
  const folder = mkdtempSync(join(root, "policy-"));
  const content = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  writeFileSync(join(folder, "policy.json"), content);
  processes = new Processes();
  const delivery = `unix:${join(root, "operator.sock")}`;
  processes.sidegate(["operator", "--source", folder, "--listen", delivery, "--health", "127.0.0.1:0"]);
  sidecar = new SidecarProcess(processes, { folder: root, operators: [delivery], domains: [DOMAIN] });
  await vi.waitFor(async () => expect(await sidecar.ask("ann")).toBe("Allowed"), {
    timeout: 60_000,
    interval: 50,
  });
});
afterAll(async () => {
  sidecar.closeClients();
  await processes.end();
  rmSync(root, { recursive: true });
});
afterEach(async () => {
  expect(sidecar.process.isGone).toBe(false);
  expect(await sidecar.ask("ann")).toBe("Allowed");
});

const user = (name: string) => ({ kind: "User", name }) as const;
const elements = Array.from({ length: 1_000 }, (_, at) => `element ${at}`);

describe("a subject with thousands of grants", () => {
  const dear = { permission: "logs:view", scope: "platform", context: { l: elements } } as const;

  test("whose conditions take long is answered with no more than some of them", async () => {
    const question = { subject: user("mal"), ...dear };
    expect(await sidecar.client.check(question)).toMatchObject({ allowed: false, reason: "NoGrant" });
    const { grants } = await sidecar.client.explain(question);
    const said = grants.map(({ detail }) => detail).join("\n");
    expect(said).toMatch(/the conditions of the request take more than 1000000 steps together/);
  });

  test("whom constraints across an organization concern is answered at every scope", async () => {
    for (const scope of ["organization/acme", "environment/e0", "platform"]) {
      const question = { subject: user("max"), permission: "logs:view", scope };
      expect((await sidecar.client.check(question)).allowed).toBe(false);
      expect((await sidecar.client.explain(question)).decision.allowed).toBe(false);
    }
    expect((await sidecar.client.listScopes({ subject: user("max") })).entries).toBeInstanceOf(Array);
  });

  test("that begin and end at other times each is judged before it is given more", async () => {
    const actor = { subject: user("boss"), scope: "organization/acme" };
    const given = { ...actor, verb: "Give", role: "r1", target: user("max") } as const;
    expect(await sidecar.client.canGrant(given)).toMatchObject({ allowed: false, reason: "Conflict" });
  });
});

describe("a list", () => {
  const groups = Array.from({ length: 256 }, (_, at) => `group-${at}`);
  const query = { subject: { ...user("max"), groups } };

  test("beside two hundred others keeps no check waiting for them", async () => {
    const order: string[] = [];
    const lists = Array.from({ length: 200 }, () =>
      sidecar.client.listScopes(query, { size: 1_000 }).then(() => order.push("list")),
    );
    expect(await sidecar.ask("ann", { deadlineMs: 20_000 })).toBe("Allowed");
    order.push("check");
    await Promise.allSettled(lists);
    expect(order.indexOf("check")).toBeLessThan(100);
  });

  test.each<[string, (page: string) => string, RegExp]>([
    [
      "of another query",
      (page) => page.replace(/^.{22}/, "A".repeat(22)),
      /page\.token is the token of another/,
    ],
    ["of garbage", () => "../../etc/passwd", /page\.token is no token of a page/],
    ["of 5,000 characters", () => "x".repeat(5_000), /page\.token has 5000 characters/],
  ])("does not go on after a token %s", async (_, forge, message) => {
    const asking = { permission: "logs:view", scope: "platform" } as const;
    const { nextPageToken } = await sidecar.client.listSubjects(asking, { size: 1 });
    const page = { size: 1, token: forge(nextPageToken) };
    await expect(sidecar.client.listSubjects(asking, page)).rejects.toThrow(message);
  });

  test.each<[string, string]>([
    ["that names no list", "__proto__"],
    ["that comes after all", "\uffff"],
  ])("goes on after a forged key %s with nothing that it would not list", async (_, key) => {
    const asking = { permission: "logs:view", scope: "platform" } as const;
    const { entries, nextPageToken } = await sidecar.client.listSubjects(asking, { size: 1 });
    const token = `${nextPageToken.slice(0, 23)}${Buffer.from(key).toString("base64url")}`;
    const forged = await sidecar.client.listSubjects(asking, { size: 1_000, token });
    const all = await sidecar.client.listSubjects(asking, { size: 1_000 });
    expect(entries).toHaveLength(1);
    for (const entry of forged.entries) expect(all.entries).toContainEqual(entry);
  });

  const { listPermissions, listSubjects, listScopes, canGrant, listGrantable, explain } = sidegateService;
  const doors = [listPermissions, listSubjects, listScopes, canGrant, listGrantable, explain];
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["random bytes", Buffer.alloc(5_000, 0xff)],
    ["a million unknown fields", Buffer.alloc(2_000_000, Buffer.from([0x78, 0x01]))],
    ["100,000 nested groups", Buffer.alloc(100_000, 0x0b)],
  ])("or any other question of %s is refused", async (_, bytes) => {
    for (const { path } of doors) {
      const ending = await rawCall(`unix:${join(root, "sidegate.sock")}`, path, bytes, 60_000);
      expect([path, ending.code]).toEqual([path, "INVALID_ARGUMENT"]);
      expect(ending.info?.metadata.field).toBeDefined();
      expect(ending.message.length).toBeLessThan(1_000);
    }
  });
});

describe("a token", () => {
  const encode = (value: unknown) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const claims: JsonObject = {
    iss: "issuer",
    aud: "api",
    sub: "ann",
    perm: { "env:a": true },
    secret: SECRET,
  };
  function tokenOf(payload: unknown, head: object = {}, key: KeyObject = keys.privateKey): string {
    const content = `${encode({ alg: "ES256", kid: "k", ...head })}.${encode(payload)}`;
    const signature = sign("sha256", Buffer.from(content), { key, dsaEncoding: "ieee-p1363" });
    return `${content}.${signature.toString("base64url")}`;
  }
  function hmac(): string {
    const content = `${encode({ alg: "HS256", kid: "k" })}.${encode(claims)}`;
    const pem = keys.publicKey.export({ format: "pem", type: "spki" });
    return `${content}.${createHmac("sha256", pem).update(content).digest("base64url")}`;
  }

  test.each<[string, string, RegExp]>([
    ["with the algorithm none", tokenOf(claims, { alg: "none" }), /no key of the policy is for/],
    ["with an HMAC by the public key", hmac(), /no key of the policy is for/],
    ["whose key id is a path", tokenOf(claims, { kid: "../../etc/passwd" }), /key id/],
    [
      "of another's signature",
      tokenOf(claims, {}, generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
      /signature is not good/,
    ],
    ["whose times are texts", tokenOf({ ...claims, exp: "9999999999" }), /exp is no time/],
    ["whose times are beyond numbers", tokenOf(JSON.stringify(claims).replace("{", '{"exp":1e999,')), /exp/],
    ["with a selector of objects", tokenOf({ ...claims, perm: { constructor: true } }), /fits no pattern/],
    ["that narrows to a text", tokenOf({ ...claims, perm: { "env:a": SECRET } }), /has a value that is not/],
    [
      "that nests 3,000 lists",
      tokenOf(JSON.stringify(claims).replace("{", `{"x":${"[".repeat(3_000)}${"]".repeat(3_000)},`)),
      /deeper/,
    ],
    ["that narrows", tokenOf(claims), /it is of TokenPolicy "mobile"/],
  ])("%s allows nothing, and its claims are told to nobody", async (_, token, detail) => {
    const question = { token, permission: "logs:view", scope: "platform" };
    asked.push(token);
    expect((await sidecar.client.check(question)).allowed).toBe(false);
    const explained = await sidecar.client.explain(question);
    expect(explained.token).toMatch(detail);
    const { entries } = await sidecar.client.listPermissions({ token, scope: "platform" });
    expect(entries.filter(({ holding }) => holding.certainty === "Always")).toEqual([]);
    expect(JSON.stringify(explained)).not.toContain(SECRET);
  });

  test("of 1 MB is refused", async () => {
    const check = { token: "x".repeat(1 << 20), permission: "logs:view", scope: "platform" };
    const bytes = CheckRequest.encode(check).finish();
    const address = `unix:${join(root, "sidegate.sock")}`;
    const ending = await rawCall(address, sidegateService.check.path, bytes, 60_000);
    expect(ending).toMatchObject({ code: "INVALID_ARGUMENT", info: { metadata: { field: "token" } } });
  });

  test("leaves nothing of itself in the log", () => {
    const log = sidecar.process.stdout + sidecar.process.stderr;
    expect(asked.length).toBeGreaterThan(5);
    for (const token of asked)
      for (const part of token.split(".")) if (part.length > 20) expect(log).not.toContain(part);
    expect(log).not.toContain(SECRET);
  });
});
