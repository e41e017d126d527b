import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { OperatorFixture } from "../operator/operator-fixture.ts";

const WITHIN = { timeout: 20_000, interval: 50 };

let server: FakeApiServer;
let fixture: OperatorFixture;

/** Waits of the operator are a fifth of what they are in earnest; the deadline of a request is still 3 s. */
const SPEED = 5;

async function setUp(silenceMs?: number, speed = SPEED) {
  fixture = new OperatorFixture({
    kubeconfig: server.kubeconfig(),
    speed,
    ...(silenceMs !== undefined && { silenceMs }),
  });
  await fixture.createNamespace();
  await fixture.create("PermissionCatalog", "logs", {
    resources: [{ name: "logs", level: "Platform", verbs: [{ name: "view" }] }],
  });
  await fixture.create("AccessRole", "viewer", {
    assignableAt: ["Platform"],
    rules: [{ resources: ["logs"], verbs: ["view"] }],
  });
}

beforeEach(async () => {
  server = await startFakeApiServer();
  await setUp();
});
afterEach(async () => {
  server.faults.requests.clear();
  await fixture.stop();
  await server.stop();
});

const bind = (user: string) =>
  fixture.create("AccessRoleBinding", `${user}-views`, {
    role: "viewer",
    subjects: [{ kind: "User", name: user }],
    scope: { kind: "Platform" },
  });
/** Writes and takes back without a request, as another client would while the operator sees nothing. */
const bindUnseen = (user: string) =>
  server.objects.put({
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRoleBinding",
    metadata: { name: `${user}-views`, namespace: fixture.namespace },
    spec: { role: "viewer", subjects: [{ kind: "User", name: user }], scope: { kind: "Platform" } },
  });
const unbindUnseen = (user: string) =>
  server.objects.delete({ kind: "AccessRoleBinding", namespace: fixture.namespace, name: `${user}-views` });

const may = (user: string) => fixture.decide(user, "logs:view", "platform");
const isAllowed = (user: string) => expect.poll(() => may(user), WITHIN).toBe("Allowed");
const isDenied = (user: string) => expect.poll(() => may(user), WITHIN).toBe("NoGrant");
const hasLogged = (message: string, fields: object = {}) =>
  expect
    .poll(() => fixture.log.lines.filter(({ msg }) => msg === message), WITHIN)
    .toContainEqual(expect.objectContaining(fields));

/** Zoe may, then something breaks; while it is broken Ann is allowed and Zoe is not any more. */
async function follows(breakIt: () => void | Promise<void>, mend: () => void | Promise<void> = () => {}) {
  await bind("zoe");
  await fixture.startOperator();
  expect(may("zoe")).toBe("Allowed");
  await expect.poll(() => server.faults.watches.count, WITHIN).toBe(11);
  await breakIt();
  bindUnseen("ann");
  unbindUnseen("zoe");
  await mend();
  await isAllowed("ann");
  await isDenied("zoe");
}

describe("an operator catches up", () => {
  test("after its watches expired", () => follows(() => server.faults.watches.expire()));

  test("after the server forgot its history while no watch was open", () =>
    follows(
      async () => {
        await server.faults.pause();
      },
      async () => {
        server.faults.compact();
        await server.faults.resume();
      },
    ));

  test("after all connections were cut", () => follows(() => server.faults.cut()));

  test("after the server was away", () =>
    follows(
      () => server.faults.pause(),
      async () => {
        await hasLogged("Reading a kind failed", { code: "SG4004", next: "watching" });
        await server.faults.resume();
      },
    ));

  test("after garbage in its watches", () => follows(() => server.faults.watches.garble("{]\n")));

  test("after bytes that are no text", () =>
    follows(() => server.faults.watches.garble(Buffer.from([0xff, 0xfe, 0x0a]))));

  test("after an event without an object", () =>
    follows(() => server.faults.watches.garble('{"type":"ADDED"}\n')));

  test("after the server ended its watches in good order", () => follows(() => server.faults.watches.end()));

  test("after the server refused new watches for a while", () =>
    follows(() => {
      server.faults.requests.failNext(22, { code: 503 }, ({ watch }) => watch);
      server.faults.cut();
    }));

  test("after it was throttled, when the server allows it", async () => {
    server.faults.requests.failNext(3, { code: 429, retryAfterSeconds: 2 }, ({ path }) =>
      path.includes("accessroles"),
    );
    await bind("zoe");
    const startedAt = fixture.clock.now();
    await fixture.startOperator();
    expect(fixture.clock.now() - startedAt).toBeGreaterThan(2000);
    expect(may("zoe")).toBe("Allowed");
  });
});

describe("silent connections", () => {
  test("are given up, and nothing is missed", async () => {
    await fixture.stop();
    await setUp(1500);
    await follows(
      () => server.faults.watches.silence(),
      () => server.faults.watches.restore(),
    );
  });
});

test("an operator that is cut off for a minute vouches for nothing until it is back", async () => {
  await fixture.stop();
  await setUp(undefined, 20);
  await bind("zoe");
  await fixture.startOperator();
  expect([fixture.operator.isReady(), may("zoe")]).toEqual([true, "Allowed"]);
  await server.faults.pause();
  await expect.poll(() => may("zoe"), WITHIN).toBe("no policy");
  expect(fixture.operator.isReady()).toBe(false);
  unbindUnseen("zoe");
  await server.faults.resume();
  await isDenied("zoe");
  expect(fixture.operator.isReady()).toBe(true);
});

describe("lists", () => {
  test("of many pages are read to the end", async () => {
    for (let i = 0; i < 1200; i++) bindUnseen(`user-${i}`);
    await fixture.startOperator();
    expect([may("user-0"), may("user-1199")]).toEqual(["Allowed", "Allowed"]);
  });

  test("that break off begin anew, and the operator is not ready before", async () => {
    for (let i = 0; i < 1200; i++) bindUnseen(`user-${i}`);
    server.faults.requests.failNext(1, { code: 410 }, ({ query }) => query.has("continue"));
    await fixture.startOperator();
    expect([may("user-0"), may("user-1199")]).toEqual(["Allowed", "Allowed"]);
    expect(fixture.log.lines).toContainEqual(expect.objectContaining({ status: 410, next: "listing" }));
  });

  test("of kinds that the server does not know are told with what to do", async () => {
    server.faults.requests.failNext(1, { code: 404 }, ({ path }) => path.includes("tokenpolicies"));
    await fixture.startOperator();
    await hasLogged("Reading a kind failed", { kind: "TokenPolicy", code: "SG4002" });
  });
});

describe("writes", () => {
  test("that the server refuses are tried again", async () => {
    await bind("zoe");
    server.faults.requests.failNext(3, { code: 500 }, ({ method }) => method === "PATCH");
    await fixture.startOperator();
    await expect.poll(() => fixture.accepted("AccessRoleBinding", "zoe-views"), WITHIN).toBe("True Accepted");
    await expect.poll(() => fixture.accepted("AccessRole", "viewer"), WITHIN).toBe("True Accepted");
  });

  test("of defaults that are not recorded before a crash are given once all the same", async () => {
    await fixture.create("AccessRole", "member", { assignableAt: ["Organization"] });
    await fixture.create("AccessDomain", "default", { defaultRoles: [{ role: "member" }] });
    await fixture.create("Organization", "acme", {});
    await fixture.startOperator();
    const isRecord = ({ path, method }: { path: string; method: string }) =>
      method === "PATCH" && path.endsWith("/memberships/zoe/status");
    server.faults.requests.failNext(1000, { code: 500 }, isRecord);
    await fixture.create("Membership", "zoe", {
      organization: "acme",
      subject: { kind: "User", name: "zoe" },
    });
    const names = () => fixture.names("AccessRoleBinding");
    await expect.poll(names, WITHIN).toEqual(["default-zoe-organization-acme"]);
    await fixture.stopOperator();
    server.faults.requests.clear();
    await fixture.startOperator();
    const given = async () => {
      const membership = await fixture.get("Membership", "zoe");
      return membership?.kind === "Membership" ? membership.status?.defaultsGiven : undefined;
    };
    await expect.poll(given, WITHIN).toEqual(["default-zoe-organization-acme"]);
    expect(await names()).toEqual(["default-zoe-organization-acme"]);
  });
});

describe("an operator for one namespace", () => {
  test("reads no other", async () => {
    await fixture.stop();
    fixture = new OperatorFixture({ kubeconfig: server.kubeconfig(), isRestricted: true });
    await fixture.createNamespace();
    await fixture.create("Organization", "acme", {});
    server.objects.put({
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "Organization",
      metadata: { name: "globex", namespace: "elsewhere" },
      spec: {},
    });
    await fixture.startOperator();
    expect([...fixture.operator.book.domains()]).toEqual([fixture.namespace]);
  });
});
