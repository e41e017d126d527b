import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { createSystemClock } from "../../host/clock.ts";
import {
  ListPermissionsRequest,
  ListPermissionsResponse,
  ListScopesResponse,
  ListSubjectsResponse,
  Reason,
} from "../../proto/generated/decision.js";
import type { Input } from "../../proto/message-type.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { listDoor } from "../../sidecar/api/lists/list-door.ts";
import { subjectList } from "../../sidecar/api/lists/list-subjects.ts";
import { Turns } from "../../sidecar/api/turns.ts";
import { Snapshots } from "../../sidecar/snapshot/snapshots.ts";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import { silent } from "../support/silent-logger.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";
import {
  type Ending,
  eventually,
  type Fixture,
  policyOf,
  rawCall,
  shop,
  startFixture,
  use,
} from "./sidecar-fixture.ts";

/** All list requests look alike. */
type Request = Input<ListPermissionsRequest>;

const ann = { kind: "User", name: "ann" };
const { listPermissions, listSubjects, listScopes } = sidegateService;
const until = "2026-03-01T00:00:00Z";
const more: readonly SidegateObject[] = [
  ...shop,
  role("reader", { rules: [{ resources: ["logs"], verbs: ["view"], names: ["a*"] }] }),
  build("AccessGroup", "readers", { members: [{ kind: "User", name: "bob" }] }),
  binding("readers-read", "reader", ["AccessGroup:readers", "Group:idp"], "environment/acme-prod"),
  binding("ann-bills", "biller", "User:ann", "organization/acme", { expiresAt: until }),
  role("biller", { rules: [{ resources: ["billing"], verbs: ["view"] }] }),
];
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

beforeEach(() => put(more));

/** Puts a policy of some objects in use. @returns its position */
function put(objects: readonly SidegateObject[]): number {
  use(fixture, policyOf(objects, { AccessRoleBinding: String(++position) }));
  return position;
}

let position = 0;

const ask = (path: string, request: Request): Promise<Ending> =>
  rawCall(fixture.addresses[0], path, ListPermissionsRequest.encode(request).finish());

const permissions = async (request: Request) =>
  ListPermissionsResponse.decode((await ask(listPermissions.path, request)).bytes);
const subjects = async (request: Request) =>
  ListSubjectsResponse.decode((await ask(listSubjects.path, request)).bytes);
const scopes = async (request: Request) =>
  ListScopesResponse.decode((await ask(listScopes.path, request)).bytes);

const always = { certainty: 1, until: 0, dependsOn: [] };
const conditional = (...dependsOn: { kind: string; detail: string }[]) => ({
  certainty: 2,
  until: 0,
  dependsOn,
});
const names = { kind: "Names", detail: "a*" };
const logs = { permission: "logs:view", scope: "environment/acme-prod" };

describe("Lists", () => {
  test("of permissions", async () => {
    const { revision } = policyOf(more);
    expect(await permissions({ query: { subject: ann, scope: "environment/acme-prod" } })).toMatchObject({
      permissions: [{ permission: "logs:view", holding: always }],
      nextPageToken: "",
      revision,
    });
    const { permissions: held } = await permissions({ query: { subject: ann, scope: "organization/acme" } });
    expect(held).toMatchObject([
      { permission: "billing:view", holding: { ...always, until: Date.parse(until) } },
    ]);
  });

  test("of subjects", async () => {
    const { subjects: holding } = await subjects({ query: logs });
    expect(holding).toMatchObject([
      { kind: "User", name: "ann", holding: always },
      { kind: "User", name: "bob", holding: conditional(names) },
      { kind: "Group", name: "idp", holding: conditional({ kind: "Group", detail: "idp" }, names) },
    ]);
  });

  test("of scopes", async () => {
    const { scopes: held } = await scopes({ query: { subject: ann, permission: "logs:view" } });
    expect(held).toMatchObject([{ scope: "environment/acme-prod", holding: always }]);
    const { scopes: any } = await scopes({ query: { subject: ann } });
    expect(any.map(({ scope }) => scope)).toEqual(["organization/acme", "environment/acme-prod"]);
  });

  test.each<[string, string, Input<ListPermissionsRequest>["query"], keyof typeof Reason]>([
    ["an unknown scope", listPermissions.path, { subject: ann, scope: "environment/no" }, "UNKNOWN_SCOPE"],
    [
      "a suspended organization",
      listPermissions.path,
      { subject: ann, scope: "environment/frozen-prod" },
      "SUSPENDED",
    ],
    [
      "a token that is not valid",
      listPermissions.path,
      { token: "x.y.z", scope: "environment/acme-prod", activeRoles: ["ghost"] },
      "INVALID_TOKEN",
    ],
    [
      "an unknown permission",
      listScopes.path,
      { subject: ann, permission: "logs:fly" },
      "UNKNOWN_PERMISSION",
    ],
    ["another level", listSubjects.path, { ...logs, scope: "organization/acme" }, "WRONG_LEVEL"],
    ["lack of grants", listSubjects.path, { ...logs, permission: "logs:manage" }, "REASON_UNSPECIFIED"],
  ])("are empty for %s", async (_, path, query, reason) => {
    const { code, bytes } = await ask(path, { query });
    expect(code).toBe("OK");
    const { subjects: listed, obstacle } = ListSubjectsResponse.decode(bytes);
    expect({ listed, obstacle }).toEqual({ listed: [], obstacle: Reason[reason] });
  });
});

describe("Pages", () => {
  /** All pages of the subjects, and the policy changed before the second. */
  async function pages(size: number, change?: () => void): Promise<string[][]> {
    const found: string[][] = [];
    for (let token = ""; ; ) {
      const { subjects: page, nextPageToken } = await subjects({ query: logs, page: { size, token } });
      found.push(page.map(({ name }) => name));
      change?.();
      if (nextPageToken === "") return found;
      token = nextPageToken;
    }
  }

  test("make up the list; one that is full may be followed by an empty one", async () => {
    expect(await pages(2)).toEqual([["ann", "bob"], ["idp"]]);
    expect(await pages(1)).toEqual([["ann"], ["bob"], ["idp"], []]);
    expect(await pages(1000)).toEqual([["ann", "bob", "idp"]]);
  });

  test("go on after the last entry when the policy changes, and lose or double nothing that stayed", async () => {
    const without = more.filter(({ metadata }) => metadata.name !== "ann-views");
    const changed = [...without, binding("zoe", "viewer", "Group:zoe", "environment/acme-prod")];
    expect(await pages(1, () => put(changed))).toEqual([["ann"], ["bob"], ["idp"], ["zoe"], []]);
  });
});

describe("A list is refused", () => {
  const page = (fields: Request["page"]): Request => ({
    query: { subject: ann, scope: "platform" },
    page: fields,
  });

  test.each<[string, string, Request, string]>([
    ["without a subject", listPermissions.path, { query: { scope: "platform" } }, "subject"],
    ["without a query", listScopes.path, {}, "subject"],
    ["without a scope", listPermissions.path, { query: { subject: ann } }, "scope"],
    ["with a permission", listPermissions.path, { query: { subject: ann, ...logs } }, "permission"],
    ["of subjects with a subject", listSubjects.path, { query: { subject: ann, ...logs } }, "subject"],
    ["of subjects with a token", listSubjects.path, { query: { token: "x", ...logs } }, "token"],
    ["of subjects without a permission", listSubjects.path, { query: { scope: "platform" } }, "permission"],
    ["of scopes with a scope", listScopes.path, { query: { subject: ann, scope: "platform" } }, "scope"],
    [
      "of scopes with half a permission",
      listScopes.path,
      { query: { subject: ann, permission: "logs" } },
      "permission",
    ],
    [
      "with an active role that there is not",
      listPermissions.path,
      { query: { subject: ann, scope: "platform", activeRoles: ["ghost"] } },
      "active_roles",
    ],
    ["with a page that is too large", listPermissions.path, page({ size: 1001 }), "page.size"],
    ["with a page token that is none", listPermissions.path, page({ token: "next" }), "page.token"],
    [
      "with a page token that is too long",
      listPermissions.path,
      page({ token: "x".repeat(5000) }),
      "page.token",
    ],
    [
      "with too many groups",
      listPermissions.path,
      {
        query: {
          scope: "platform",
          subject: { ...ann, groups: Array.from({ length: 5000 }, (_, i) => `group-${i}`) },
        },
      },
      "subject.groups",
    ],
  ])("%s", async (_, path, request, field) => {
    const { code, info } = await ask(path, request);
    expect([code, info?.metadata.field]).toEqual(["INVALID_ARGUMENT", field]);
  });

  test("with the page token of another list", async () => {
    const { nextPageToken: token } = await subjects({ query: logs, page: { size: 1 } });
    const other = { query: { ...logs, permission: "logs:manage" }, page: { token } };
    const { code, message } = await ask(listSubjects.path, other);
    expect([code, message]).toEqual([
      "INVALID_ARGUMENT",
      expect.stringContaining("page.token is the token of another list"),
    ]);
  });

  test("that is no message", async () => {
    const { code, message } = await rawCall(fixture.addresses[0], listScopes.path, Buffer.from([0xff, 0xff]));
    expect([code, message]).toEqual(["INVALID_ARGUMENT", expect.stringContaining("ListScopesRequest")]);
  });
});

test("A list waits for its minimum position", async () => {
  const query = { ...logs, minPosition: [`AccessRoleBinding:${position + 1}`] };
  const answer = subjects({ query });
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  put(shop);
  expect((await answer).subjects.map(({ name }) => name)).toEqual(["ann"]);
});

test("A policy that is too old lists nothing, whatever it answers to checks", async () => {
  const domain = build("AccessDomain", "default", { staleness: { maxSeconds: 60, then: "Deny" } });
  put([...more, domain]);
  await fixture.clock.advance(60_000);
  expect((await ask(listSubjects.path, { query: logs })).code).toBe("UNAVAILABLE");
  expect((await ask(listSubjects.path, { query: { ...logs, scope: "x" } })).code).toBe("INVALID_ARGUMENT");
});

describe("A long list", () => {
  const many = 20_000;
  const users = Array.from({ length: many / 1000 }, (_, tenth) =>
    binding(
      `b${tenth}`,
      tenth === 0 ? "viewer" : "idle",
      Array.from({ length: 1000 }, (_, user) => `User:u${tenth * 1000 + user}`),
      "organization/acme",
    ),
  );
  const clock = createSystemClock();
  const snapshots = new Snapshots({ domains: [DOMAIN], clock });
  const optional = build("AccessDomain", "default", { membership: "Optional" });
  snapshots.swap(policyOf([...shop, ...users, role("idle", {}), optional]), clock.wallTime());
  // Each look at the clock takes a millisecond, so the list takes long however fast the machine is.
  let time = 0;
  const door = listDoor(subjectList, {
    policies: snapshots,
    tokens: new TokenVerifier(silent),
    clock: { ...clock, now: () => time++ },
    turns: new Turns(),
  });
  const request = (size: number) => ListPermissionsRequest.encode({ query: logs, page: { size } }).finish();

  test("lets other work in between", async () => {
    let turns = 0;
    let done = false;
    const signal = new AbortController().signal;
    const answer = Promise.resolve(door.handle(request(1000), { deadline: Infinity, signal }));
    const finished = answer.finally(() => {
      done = true;
    });
    for (; !done; turns++) await setImmediate();
    expect(ListSubjectsResponse.decode(await answer).subjects).toHaveLength(1000);
    expect(turns).toBeGreaterThan(10);
    await finished;
  });

  test("ends when its caller has gone", async () => {
    const gone = new AbortController();
    const answer = Promise.resolve(door.handle(request(1000), { deadline: Infinity, signal: gone.signal }));
    gone.abort();
    await expect(answer).rejects.toThrow(/abort/i);
  });
});
