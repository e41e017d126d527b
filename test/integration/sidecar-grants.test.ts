import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import {
  CanGrantRequest,
  CanGrantResponse,
  ListGrantableRequest,
  ListGrantableResponse,
} from "../../proto/generated/decision.js";
import type { Input } from "../../proto/message-type.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { binding, build, role } from "../worlds/build.ts";
import { type Fixture, policyOf, rawCall, shop, startFixture, use } from "./sidecar-fixture.ts";

const more: readonly SidegateObject[] = [
  ...shop,
  build("Environment", "acme-test", { organization: "acme", type: "development" }),
  role("boss", {
    grants: [{ roles: ["viewer", "owner"], levels: ["Organization", "Environment"] }],
  }),
  role("owner", { assignableAt: ["Organization"] }),
  binding("ann-boss", "boss", "User:ann", "organization/acme"),
  binding("bob-owns", "owner", "User:bob", "organization/acme"),
  build("AccessConstraint", "one-owner", {
    minHolders: { role: "owner", level: "Organization", count: 1 },
  }),
];
const ann = { kind: "User", name: "ann" };
let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.stop());

beforeEach(() => use(fixture, policyOf(more)));

const call = (request: Input<CanGrantRequest>) =>
  rawCall(fixture.addresses[0], sidegateService.canGrant.path, CanGrantRequest.encode(request).finish());
const list = (request: Input<ListGrantableRequest>) =>
  rawCall(
    fixture.addresses[0],
    sidegateService.listGrantable.path,
    ListGrantableRequest.encode(request).finish(),
  );

const give = {
  actor: { subject: ann, scope: "environment/acme-prod" },
  verb: "Give",
  role: "viewer",
  targetKind: "User",
  targetName: "bob",
};

describe("CanGrant", () => {
  test("says yes, and at which revision", async () => {
    const { bytes } = await call(give);
    expect(CanGrantResponse.decode(bytes)).toMatchObject({
      allowed: true,
      reason: "",
      message: "",
      revision: expect.stringMatching(/./),
    });
  });

  test.each([
    ["a role that is not listed", { role: "muted" }, "NoGrant"],
    ["somebody who is no member", { targetName: "eve" }, "NoMembership"],
    ["a role that does not exist", { role: "gone" }, "UnknownRole"],
    ["a scope that does not exist", { actor: { subject: ann, scope: "environment/gone" } }, "UnknownScope"],
    ["a token that is none", { actor: { ...give.actor, token: "abc" } }, "InvalidToken"],
    [
      "the last owner",
      { verb: "Take", role: "owner", actor: { subject: ann, scope: "organization/acme" } },
      "LastHolder",
    ],
  ])("says no for %s, and why", async (_name, part, reason) => {
    const { bytes } = await call({ ...give, ...part });
    const answer = CanGrantResponse.decode(bytes);
    expect(answer).toMatchObject({ allowed: false, reason });
    expect(answer.message).not.toBe("");
  });

  test.each([
    ["another verb", { verb: "Lend" }, /verb is "Lend"/],
    ["another kind of target", { targetKind: "Robot" }, /target_kind is "Robot"/],
    ["no target", { targetName: "" }, /target_name is empty/],
    ["no role", { role: "" }, /role is empty/],
    ["no actor", { actor: { scope: "platform" } }, /subject is missing/],
    ["a permission", { actor: { ...give.actor, permission: "a:b" } }, /permission is given/],
    [
      "a reserved actor",
      { actor: { ...give.actor, subject: { kind: "User", name: "k8s:ann" } } },
      /reserved/,
    ],
    ["an active role that there is not", { actor: { ...give.actor, activeRoles: ["gone"] } }, /"gone"/],
  ])("refuses %s", async (_name, part, message) => {
    const { code, info, message: found } = await call({ ...give, ...part });
    expect({ code, reason: info?.reason }).toEqual({ code: "INVALID_ARGUMENT", reason: "InvalidRequest" });
    expect(found).toMatch(message);
  });
});

describe("ListGrantable", () => {
  test("lists in pages what may be given and taken at the scope and below", async () => {
    const actor = { subject: ann, scope: "organization/acme" };
    const seen = [];
    for (let token = "", pages = 0; pages < 9; pages++) {
      const { bytes } = await list({ actor, page: { size: 1, token } });
      const page = ListGrantableResponse.decode(bytes);
      seen.push(...page.grantable.map(({ scope, role: name }) => `${name} at ${scope}`));
      token = page.nextPageToken;
      if (token === "") break;
    }
    expect(seen).toEqual([
      "owner at organization/acme",
      "viewer at organization/acme",
      "viewer at environment/acme-prod",
      "viewer at environment/acme-test",
    ]);
  });
});
