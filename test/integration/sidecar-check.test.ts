import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toRequest } from "../../client/convert.ts";
import { type Check, type Decision, SidegateClient } from "../../client/index.ts";
import { limits } from "../../engine/model/limits.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import {
  allowed,
  encodeCheck,
  type Fixture,
  policyOf,
  rawCall,
  shop,
  startFixture,
  use,
} from "./sidecar-fixture.ts";

const { path } = sidegateService.check;
const policy = policyOf(shop);
let fixture: Fixture;
let client: SidegateClient;

beforeAll(async () => {
  fixture = await startFixture();
  use(fixture, policy);
  client = new SidegateClient({ address: fixture.addresses[0] });
});

afterAll(async () => {
  client.close();
  await fixture.stop();
});

describe("Check answers", () => {
  const forbidden = (reason: Decision["reason"]) =>
    ({ allowed: false, reason, disclosure: "Forbidden", publicReason: reason }) as const;
  const notFound = (reason: Decision["reason"]) =>
    ({ allowed: false, reason, disclosure: "NotFound" }) as const;

  const rows: { name: string; check: Partial<Check>; want: Omit<Decision, "revision"> }[] = [
    { name: "a grant", check: {}, want: { allowed: true, reason: "Allowed", publicReason: "Allowed" } },
    { name: "a Deny rule", check: { permission: "logs:manage" }, want: forbidden("ExplicitDeny") },
    {
      name: "no grant, of one who sees the scope",
      check: { permission: "billing:view", scope: "organization/acme" },
      want: forbidden("NoGrant"),
    },
    {
      name: "no grant, of one who does not",
      check: { subject: { kind: "User", name: "bob" } },
      want: notFound("NoGrant"),
    },
    { name: "an unknown scope", check: { scope: "environment/nowhere" }, want: notFound("UnknownScope") },
    { name: "an unknown type", check: { permission: "lgos:view" }, want: forbidden("UnknownPermission") },
    {
      name: "another level, naming it to the operator",
      check: { permission: "billing:view" },
      want: { ...forbidden("WrongLevel"), level: "Organization" },
    },
    {
      name: "another level of a scope not seen, naming it to the operator only",
      check: { permission: "billing:view", subject: { kind: "User", name: "bob" } },
      want: { ...notFound("WrongLevel"), level: "Organization" },
    },
    {
      name: "a suspended organization",
      check: { scope: "environment/frozen-prod" },
      want: forbidden("Suspended"),
    },
    {
      name: "any token, which no policy accepts",
      check: { token: "x.y.z" },
      want: forbidden("InvalidToken"),
    },
    {
      name: "a token at an unknown scope, which it does not reveal",
      check: { token: "x.y.z", scope: "environment/nowhere" },
      want: forbidden("InvalidToken"),
    },
  ];

  test.each(rows)("$name", async ({ check, want }) => {
    const decision = await client.check({ ...allowed, ...check });
    expect(decision).toEqual({ ...want, revision: policy.revision });
  });

  test("the same on the port as on the socket", async () => {
    const other = new SidegateClient({ address: fixture.addresses[1] });
    expect(await other.check(allowed)).toEqual(await client.check(allowed));
    other.close();
  });

  test("a token without subject", async () => {
    const { subject: _, ...rest } = allowed;
    expect(await client.check({ ...rest, token: "x.y.z" })).toMatchObject({ reason: "InvalidToken" });
  });

  test("with the grant that decided, if asked for", async () => {
    const explained = await client.check({ ...allowed, explain: true });
    expect(explained.explanation).toEqual({
      binding: "ann-views",
      role: "viewer",
      ruleRole: "viewer",
      scope: "organization/acme",
      subject: "User:ann",
    });
    const denied = await client.check({ ...allowed, permission: "logs:manage", explain: true });
    expect(denied.explanation?.binding).toBe("ann-muted");
  });

  test("without explanation where no grant decided", async () => {
    for (const scope of ["environment/frozen-prod", "environment/nowhere"]) {
      expect(await client.check({ ...allowed, scope, explain: true })).not.toHaveProperty("explanation");
    }
  });

  test("a request with fields of a later version, passing over them", async () => {
    const unknown = Buffer.from([0xfa, 0x07, 3, 1, 2, 3, 0xf8, 0x07, 1]);
    const ending = await rawCall(fixture.addresses[0], path, Buffer.concat([encodeCheck(allowed), unknown]));
    expect(sidegateService.check.responseDeserialize(ending.bytes).allowed).toBe(true);
  });
});

describe("Check refuses, naming the field and never allowing,", () => {
  const ann = allowed.subject;
  const names = (count: number) => Array.from({ length: count }, (_, i) => `group-${i}`);

  const rows: { name: string; check: Partial<Check>; field: string; says?: RegExp }[] = [
    { name: "no subject", check: { subject: undefined as never }, field: "subject" },
    { name: "an empty subject", check: { subject: { kind: "User", name: "" } }, field: "subject.name" },
    {
      name: "a subject of 64 KiB",
      check: { subject: { kind: "User", name: "x".repeat(65_536) } },
      field: "subject.name",
      says: /65536 characters; at most 512/,
    },
    { name: "another kind", check: { subject: { ...ann, kind: "Robot" as never } }, field: "subject.kind" },
    {
      name: "a kind that every object has",
      check: { subject: { ...ann, kind: "constructor" as never } },
      field: "subject.kind",
    },
    { name: "a reserved name", check: { subject: { kind: "User", name: "k8s:ann" } }, field: "subject.name" },
    {
      name: "a service account without namespace",
      check: { subject: { kind: "ServiceAccount", name: "ann" } },
      field: "subject.name",
    },
    {
      name: "10,000 groups",
      check: { subject: { ...ann, groups: names(10_000) } },
      field: "subject.groups",
      says: /4096/,
    },
    { name: "an empty group", check: { subject: { ...ann, groups: [""] } }, field: "subject.groups" },
    {
      name: "attributes of 64 KiB",
      check: { subject: { ...ann, attributes: { a: "x".repeat(65_536) } } },
      field: "subject.attributes",
      says: /32768 bytes/,
    },
    {
      name: "a context of 100,000 keys",
      check: { context: Object.fromEntries(names(100_000).map((name) => [name, null])) },
      field: "context",
    },
    { name: "no permission", check: { permission: "" }, field: "permission" },
    { name: "a permission without verb", check: { permission: "logs" }, field: "permission" },
    { name: "no scope", check: { scope: "" }, field: "scope" },
    { name: "a scope of no level", check: { scope: "cluster/acme" }, field: "scope" },
    { name: "a scope of 64 KiB", check: { scope: `environment/${"x".repeat(65_536)}` }, field: "scope" },
    { name: "a long resource name", check: { resource: { name: "x".repeat(4096) } }, field: "resource.name" },
    { name: "65 active roles", check: { activeRoles: names(65) }, field: "active_roles" },
    { name: "an active role that there is not", check: { activeRoles: ["nobody"] }, field: "active_roles" },
    { name: "a long token", check: { token: "x".repeat(limits.token + 1) }, field: "token" },
    { name: "a position without kind", check: { minPosition: ["4711"] }, field: "min_position" },
    { name: "a position of no kind", check: { minPosition: ["Pod:1"] }, field: "min_position" },
    {
      name: "a position that is no number",
      check: { minPosition: ["Organization:x"] },
      field: "min_position",
    },
    {
      name: "17 positions",
      check: { minPosition: Array.from({ length: 17 }, () => "Organization:1") },
      field: "min_position",
    },
  ];

  test.each(rows)("$name", async ({ check, field, says }) => {
    const request = toRequest({ ...allowed, ...check }, undefined);
    const ending = await rawCall(fixture.addresses[0], path, encodeCheck(request));
    expect(ending.code).toBe("INVALID_ARGUMENT");
    expect(ending.info).toEqual({
      reason: "InvalidRequest",
      domain: "sidegate.dev",
      metadata: { code: "SG3001", field },
    });
    expect(ending.message).toContain(field);
    expect(ending.message.length).toBeLessThan(500);
    if (says) expect(ending.message).toMatch(says);
  });

  const bytes: { name: string; bytes: Buffer; code: string }[] = [
    { name: "garbage", bytes: Buffer.from("not a message"), code: "INVALID_ARGUMENT" },
    { name: "invalid UTF-8", bytes: Buffer.from([0x0a, 2, 0xc3, 0x28]), code: "INVALID_ARGUMENT" },
    { name: "a cut message", bytes: encodeCheck(allowed).subarray(0, -1), code: "INVALID_ARGUMENT" },
    { name: "no bytes", bytes: Buffer.alloc(0), code: "INVALID_ARGUMENT" },
    {
      name: "a million fields",
      bytes: Buffer.alloc(2_000_000, Buffer.from([0x78, 0])),
      code: "INVALID_ARGUMENT",
    },
    {
      name: "a million empty subjects",
      bytes: Buffer.alloc(2_000_000, Buffer.from([0x12, 0])),
      code: "INVALID_ARGUMENT",
    },
    { name: "5 MiB", bytes: Buffer.alloc(5 * 1024 * 1024), code: "RESOURCE_EXHAUSTED" },
  ];

  test.each(bytes)("$name", async ({ bytes, code }) => {
    expect((await rawCall(fixture.addresses[0], path, bytes)).code).toBe(code);
    expect((await client.check(allowed)).allowed).toBe(true);
  });
});
