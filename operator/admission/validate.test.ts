import { afterEach, describe, expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { type Asked, Reviewing, reviewOf } from "../../test/support/reviewing.ts";
import { binding, build, marked, role } from "../../test/worlds/build.ts";

const later = "2099-06-01T00:00:00Z";
const member = (user: string) =>
  build("Membership", `acme-${user}`, { organization: "acme", subject: { kind: "User", name: user } });
const group = (name: string, ...users: string[]) =>
  build("AccessGroup", name, { members: users.map((user) => ({ kind: "User", name: user })) });

const stage: readonly SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [{ name: "doc", level: "Environment", verbs: [{ name: "view" }, { name: "edit" }] }],
  }),
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme" }),
  member("ann"),
  member("bob"),
  role("viewer", { rules: [{ resources: ["doc"], verbs: ["view"] }] }),
  role("maker", { rules: [{ resources: ["doc"], verbs: ["edit"] }] }),
  role("checker", {}),
  role("owner", { grants: [{ roles: ["viewer", "maker"], levels: ["Environment"] }] }),
  build("AccessConstraint", "four-eyes", { separationOfDuty: { roles: ["maker", "checker"] } }),
  build("AccessConstraint", "owned", { minHolders: { role: "owner", level: "Organization", count: 1 } }),
  binding("own", "owner", ["User:ann"], "organization/acme"),
  binding("check", "checker", ["User:bob"], "organization/acme"),
];

let reviewing: Reviewing;
const begin = (
  more: readonly SidegateObject[] = [],
  options: ConstructorParameters<typeof Reviewing>[1] = {},
) => {
  reviewing = new Reviewing([...stage, ...more], options);
  return reviewing;
};
afterEach(() => reviewing.stop());

/** An object of the stage as it is stored. */
function stored(kind: SidegateObject["kind"], name: string): SidegateObject {
  const object = reviewing.domains.worldOf("shop")?.get(kind, name);
  if (object === undefined) throw new Error(`there is no ${kind} ${name}`);
  return object as SidegateObject;
}

describe("An object that is given an owner", () => {
  const owner = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "0" };
  const owned = (object: SidegateObject, owners: readonly object[] = [owner]) =>
    ({ ...object, metadata: { ...object.metadata, ownerReferences: owners } }) as SidegateObject;

  test.each(["AccessRoleBinding/check", "Membership/acme-bob"])(
    "is judged as its deletion, which the garbage collector does without being asked: %s",
    async (key) => {
      begin();
      const [kind, name] = key.split("/") as [SidegateObject["kind"], string];
      const before = stored(kind, name);
      const asked = { before, after: owned(before), by: "eve" };
      expect(await reviewing.refusal(asked)).toContain("metadata.ownerReferences: the garbage collector");
      expect(await reviewing.refusal({ ...asked, by: "root" })).toBeUndefined();
    },
  );

  test("may not leave a scope without owner, whatever RBAC allows", async () => {
    begin();
    const before = stored("AccessRoleBinding", "own");
    expect(await reviewing.refusal({ before, after: owned(before) })).toContain('AccessConstraint "owned"');
  });

  test("that it has already, or loses, is asked for nothing", async () => {
    begin();
    const bare = stored("Membership", "acme-bob");
    expect(await reviewing.refusal({ before: owned(bare), after: owned(bare), by: "eve" })).toBeUndefined();
    expect(await reviewing.refusal({ before: owned(bare), after: bare, by: "eve" })).toBeUndefined();
  });
});

describe("A binding that breaks separation of duty", () => {
  test("is refused with what, why and what to do, whatever RBAC allows", async () => {
    begin();
    const after = binding("make", "maker", "User:bob", "environment/prod");
    expect(await reviewing.review({ after })).toEqual({
      denial: {
        code: 403,
        reason: "Forbidden",
        message:
          'spec.subjects: AccessConstraint "four-eyes": User "bob" would have "maker" at environment/prod (AccessRoleBinding "make") beside "checker" at organization/acme (AccessRoleBinding "check"), and nobody may carry more than 1 of the roles "maker", "checker"; take the other role away first, let the times not overlap, or leave the subject out of this binding',
      },
    });
  });

  test("is accepted where the times do not overlap, and refused from the instant on where they do", async () => {
    const until = binding("check", "checker", "User:bob", "organization/acme", { expiresAt: later });
    begin([until]);
    const after = (notBefore: string) =>
      binding("make", "maker", "User:bob", "environment/prod", { notBefore });
    expect(await reviewing.refusal({ after: after(later) })).toBeUndefined();
    expect(await reviewing.refusal({ after: after("2099-05-01T00:00:00Z") })).toContain(
      "from 2099-05-01T00:00:00.000Z on",
    );
  });

  test("is refused by way of a group, and so is who joins one", async () => {
    begin([group("g", "ann"), binding("make", "maker", "AccessGroup:g", "environment/prod")]);
    const before = stored("AccessGroup", "g");
    expect(await reviewing.refusal({ before, after: group("g", "ann", "bob") })).toContain(
      'User "bob" would have "checker" at organization/acme (AccessRoleBinding "check") beside "maker"',
    );
    expect(
      await reviewing.refusal({ after: binding("c2", "checker", "AccessGroup:g", "organization/acme") }),
    ).toContain('User "ann"');
  });

  test("is refused for everybody at once", async () => {
    begin();
    const after = binding("all", "maker", "Group:system:authenticated", "environment/prod");
    expect(await reviewing.refusal({ after })).toContain('User "bob" would have');
  });
});

describe("Whatever else makes grants void is refused:", () => {
  test("a role that comes to include one of a constraint's roles", async () => {
    begin([binding("view", "viewer", "User:bob", "environment/prod")]);
    const before = stored("AccessRole", "viewer");
    const after = role("viewer", { includes: ["maker"] });
    expect(await reviewing.refusal({ before, after })).toContain('beside "viewer" at environment/prod');
  });

  test("a scope that bindings wait for", async () => {
    begin([binding("make", "maker", "User:bob", "environment/new")]);
    const after = build("Environment", "new", { organization: "acme" });
    expect(await reviewing.refusal({ after })).toContain('"maker" at environment/new');
  });

  test("but not a constraint, which tells what it voids", async () => {
    begin([binding("view", "viewer", "User:bob", "environment/prod")]);
    const after = build("AccessConstraint", "new", { exclusive: { roles: ["checker", "viewer"] } });
    expect(await reviewing.warnings({ after })).toEqual([
      'void from now on: AccessConstraint "new": User "bob" would have "viewer" at environment/prod (AccessRoleBinding "view") beside "checker" at organization/acme (AccessRoleBinding "check"), and the roles "checker", "viewer" exclude one another',
    ]);
  });

  test("nor what changes nothing about a conflict that is there", async () => {
    begin([binding("make", "maker", "User:bob", "environment/prod")]);
    const before = stored("AccessRoleBinding", "make");
    const after = binding("make", "maker", ["User:bob", "User:ann"], "environment/prod", { reason: "new" });
    expect(await reviewing.refusal({ before, after })).toBeUndefined();
  });
});

describe("The last owner", () => {
  test.each<[string, () => Asked]>([
    ["a deleted binding", () => ({ before: stored("AccessRoleBinding", "own") })],
    [
      "a binding without the subject",
      () => ({
        before: stored("AccessRoleBinding", "own"),
        after: binding("own", "owner", "User:bob", "organization/acme", { expiresAt: later }),
      }),
    ],
    ["a deleted membership", () => ({ before: stored("Membership", "acme-ann") })],
  ])("is kept from %s", async (_name, asked) => {
    begin();
    expect(await reviewing.refusal(asked())).toContain(
      'AccessConstraint "owned": the write would leave organization/acme with 0 of the 1 Users',
    );
  });

  test("may go with the namespace, whoever deletes it", async () => {
    begin();
    reviewing.isTerminating = true;
    expect(
      await reviewing.refusal({ before: stored("AccessRoleBinding", "own"), by: "eve" }),
    ).toBeUndefined();
  });
});

describe("The right to write", () => {
  const view = binding("view", "viewer", "User:bob", "environment/prod");

  test("comes from the domain, without asking for RBAC", async () => {
    begin([binding("me", "owner", "User:k8s:olivia", "organization/acme"), member("k8s:olivia")]);
    expect(await reviewing.refusal({ after: view, by: "olivia" })).toBeUndefined();
    expect(reviewing.asked).toEqual([]);
  });

  test("comes from RBAC, which is asked where the domain gives none", async () => {
    begin();
    reviewing.allowed.add("bind AccessRole/viewer of eve");
    expect(await reviewing.refusal({ after: view, by: "eve" })).toBeUndefined();
    expect(reviewing.asked).toEqual(["bind AccessRole/viewer of eve"]);
  });

  test.each<[string, () => Asked, string]>([
    ["bind", () => ({ after: view, by: "eve" }), 'be allowed the verb "bind" on AccessRole "viewer"'],
    [
      "admit",
      () => ({ after: member("eve"), by: "eve" }),
      'be allowed the verb "admit" on Organization "acme"',
    ],
    [
      "escalate",
      () => ({
        before: stored("AccessRole", "viewer"),
        after: role("viewer", { rules: [{ resources: ["*"], verbs: ["*"] }] }),
        by: "eve",
      }),
      'be allowed the verb "escalate" on AccessRole "viewer"',
    ],
    [
      "a right of who asked",
      () => ({
        after: binding("view", "viewer", "User:bob", "environment/prod", {
          requestedBy: { kind: "User", name: "bob" },
        }),
      }),
      "spec.requestedBy: User",
    ],
  ])("is refused without %s", async (_name, asked, wanted) => {
    begin();
    expect(await reviewing.refusal(asked())).toContain(wanted);
  });
});

describe("An object that can never work", () => {
  const token = (name: string, issuer: string) =>
    build("TokenPolicy", name, {
      issuer,
      audiences: ["app"],
      keys: { jwksURL: "https://issuer.example/keys" },
      narrowing: { claim: "scp", selectors: [] },
    });
  test.each<[string, readonly SidegateObject[], SidegateObject, string]>([
    [
      "a catalog that contradicts another",
      [],
      build("PermissionCatalog", "d", { resources: [{ name: "doc", level: "Platform", verbs: [] }] }),
      'the type "doc" is declared with different levels',
    ],
    [
      "a condition that does not compile",
      [],
      binding("b", "viewer", "User:bob", "environment/prod", { when: "subject.name ==" }),
      "spec.when",
    ],
    [
      "a default role with Deny rules",
      [role("no", { rules: [{ effect: "Deny", resources: ["doc"], verbs: ["view"] }] })],
      build("AccessDomain", "default", { defaultRoles: [{ role: "no" }] }),
      "has Deny rules, which do not count through a default",
    ],
    [
      "a second policy for an issuer",
      [token("t", "https://i")],
      token("u", "https://i"),
      "for the same issuer",
    ],
    [
      "a chain of nine groups",
      [1, 2, 3, 4, 5, 6, 7]
        .map((at) =>
          build("AccessGroup", `g${at}`, { members: [{ kind: "AccessGroup", name: `g${at + 1}` }] }),
        )
        .concat(build("AccessGroup", "g0", { members: [{ kind: "AccessGroup", name: "g1" }] })),
      group("g8", "ann"),
      "9 AccessGroups would be nested",
    ],
  ])("is refused: %s", async (_name, others, after, wanted) => {
    begin(others);
    const { denial } = await reviewing.review({ after });
    expect(denial).toMatchObject({ code: 422, reason: "Invalid" });
    expect(denial?.message).toContain(wanted);
  });

  test("may still be changed where it has the problem already", async () => {
    const bad = (reason: string) =>
      binding("bad", "viewer", "User:bob", "environment/prod", { when: "1", reason });
    begin([bad("a")]);
    const warnings = await reviewing.warnings({
      before: stored("AccessRoleBinding", "bad"),
      after: bad("b"),
    });
    expect(warnings[0]).toContain("spec.when");
  });

  test("is refused for a role that makes a default deny", async () => {
    begin([build("AccessDomain", "default", { defaultRoles: [{ role: "viewer" }] })]);
    const before = stored("AccessRole", "viewer");
    const after = role("viewer", { rules: [{ effect: "Deny", resources: ["doc"], verbs: ["view"] }] });
    expect(await reviewing.refusal({ before, after })).toContain(
      'AccessDomain "default" gives it as a default',
    );
  });
});

describe("Warnings", () => {
  test("name what is missing, and what may be meant", async () => {
    begin();
    const after = binding("b", "veiwer", ["User:bob", "AccessGroup:devs"], "environment/pord");
    expect(await reviewing.warnings({ after })).toEqual([
      'spec.role: AccessRole "veiwer" does not exist (did you mean "viewer"?); it counts once that exists',
      'spec.scope: Environment "pord" does not exist (did you mean "prod"?); it counts once that exists',
      'spec.subjects[1]: AccessGroup "devs" does not exist; it counts once that exists',
    ]);
  });

  test("name rules that a catalog orphans, and bindings that a role strands", async () => {
    begin([binding("view", "viewer", "User:bob", "environment/prod")]);
    const catalog = build("PermissionCatalog", "c", {
      resources: [{ name: "doc", level: "Environment", verbs: [{ name: "view" }] }],
    });
    expect(await reviewing.warnings({ before: stored("PermissionCatalog", "c"), after: catalog })).toEqual([
      'no more in effect: AccessRole "maker" spec.rules[0].verbs: none of the rule\'s types has the verb "edit"',
    ]);
    const narrow = role("viewer", {
      assignableAt: ["Organization"],
      rules: [{ resources: ["doc"], verbs: ["view"] }],
    });
    expect(await reviewing.warnings({ before: stored("AccessRole", "viewer"), after: narrow })).toEqual([
      'no more in effect: AccessRoleBinding "view", since the role may not be assigned at Platform or Workspace or Environment any more',
    ]);
  });

  test("say who still names what is deleted", async () => {
    begin();
    expect(await reviewing.warnings({ before: stored("AccessRole", "checker") })).toEqual([
      'AccessConstraint "four-eyes", AccessRoleBinding "check" still refer to it: the role goes on, and its name is kept, until none does',
    ]);
  });
});

describe("A dry run", () => {
  test("says who gains and loses how much", async () => {
    begin();
    const after = binding("view", "viewer", ["User:ann"], "environment/prod");
    expect(await reviewing.warnings({ after, dryRun: true })).toEqual([
      'User "ann" gains doc:view at environment/prod',
    ]);
    const before = reviewing.store(binding("view", "viewer", ["User:ann", "User:bob"], "environment/prod"));
    expect(await reviewing.warnings({ before, after, dryRun: true })).toEqual([
      'User "bob" loses doc:view at environment/prod',
    ]);
    expect(await reviewing.warnings({ before, dryRun: true })).toEqual([
      "2 subjects lose 2 permissions at environment/prod",
    ]);
  });

  test("answers without numbers where there is no time to count", async () => {
    begin([], { previewMs: 0 });
    const after = binding("view", "viewer", "User:ann", "environment/prod");
    expect(await reviewing.warnings({ after, dryRun: true })).toEqual([
      "who would gain or lose how much was not counted, for want of time; sidegate diff counts it",
    ]);
  });

  test("names the default roles that come with a membership", async () => {
    begin([build("AccessDomain", "default", { defaultRoles: [{ role: "viewer" }] })]);
    expect(await reviewing.warnings({ after: member("cleo"), dryRun: true })).toContainEqual(
      'default roles are given besides: "viewer" at organization/acme',
    );
  });
});

describe("Nothing is judged", () => {
  test.each<[string, () => Parameters<typeof reviewOf>[0], object]>([
    ["of a status", () => ({ before: stored("AccessRoleBinding", "own") }), { subResource: "status" }],
    [
      "of another group",
      () => ({ before: stored("AccessRoleBinding", "own") }),
      { kind: { group: "x", version: "v1", kind: "AccessRole" } },
    ],
    [
      "that the garbage collector does",
      () => ({
        before: stored("AccessRoleBinding", "own"),
        by: "system:serviceaccount:kube-system:generic-garbage-collector",
      }),
      {},
    ],
    [
      "that the operator does",
      () => ({
        after: binding("default-acme-bob-organization-acme", "viewer", "User:bob", "organization/acme"),
        by: "system:serviceaccount:sidegate-system:sidegate-operator",
      }),
      {},
    ],
    [
      "that leaves the spec as it is",
      () => {
        const before = stored("AccessRole", "viewer");
        return {
          before,
          after: { ...before, metadata: { ...before.metadata, finalizers: ["x"] } },
          by: "eve",
        };
      },
      {},
    ],
    [
      "about an object that is marked for deletion",
      () => {
        const before = marked(stored("AccessRoleBinding", "own"));
        return { before, by: "eve" };
      },
      {},
    ],
  ])("%s", async (_name, asked, more) => {
    begin();
    const signal = new AbortController().signal;
    expect(await reviewing.handler({ ...reviewOf(asked()), ...more }, signal)).toEqual({});
  });

  test("by a replica that has not read everything, which says so", async () => {
    begin();
    reviewing.isReady = false;
    await expect(reviewing.review({ after: member("cleo") })).rejects.toThrow("has not read everything");
  });
});

describe("Two writes that conflict, one right after the other", () => {
  const make = binding("make", "maker", "User:ann", "environment/prod");
  const check = binding("check-2", "checker", "User:ann", "organization/acme");

  test("are not both admitted, once the first has been seen", async () => {
    begin();
    const first = await reviewing.review({ after: make });
    const second = reviewing.review({ after: check });
    reviewing.store(make);
    expect(first.denial).toBeUndefined();
    expect((await second).denial?.message).toContain('beside "maker" at environment/prod');
  });

  test("do not wait for ever where the first was refused elsewhere", async () => {
    begin();
    await reviewing.review({ after: make });
    expect(await reviewing.refusal({ after: check })).toBeUndefined();
  });

  test("are judged by what is stored, though this replica has not seen it", async () => {
    begin();
    const unseen = binding("check", "checker", ["User:bob", "User:cleo"], "organization/acme");
    const before = { ...unseen, metadata: { ...unseen.metadata, resourceVersion: "100000" } };
    const after = binding("check", "checker", "User:cleo", "organization/acme");
    expect(await reviewing.warnings({ before, after, dryRun: true })).toContainEqual(
      expect.stringContaining("nobody gains or loses"),
    );
  });
});

test("A verb that became necessary while RBAC was asked is asked for as well", async () => {
  const asked: string[] = [];
  begin([binding("team-views", "viewer", ["AccessGroup:team"], "environment/prod")], {
    askAccess: async (_user, _namespace, { verb, name }) => {
      asked.push(`${verb} ${name}`);
      // Somebody else gives the group another role meanwhile.
      if (asked.length === 1)
        reviewing.store(binding("team-makes", "maker", ["AccessGroup:team"], "environment/prod"));
      return true;
    },
  });
  expect(await reviewing.refusal({ after: group("team", "ann"), by: "admin" })).toBeUndefined();
  expect(asked).toEqual(["bind viewer", "bind maker"]);
});
