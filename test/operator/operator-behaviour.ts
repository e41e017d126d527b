import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AccessRoleBinding } from "../../engine/model/objects.generated.ts";
import { namespaceResource } from "../../operator/source/kubernetes/sidegate-resources.ts";
import { OperatorFixture } from "./operator-fixture.ts";

/** Generous: a slow machine must not fail a test. */
const WITHIN = { timeout: 20_000, interval: 50 };

/**
 * What an operator does for the objects of an API server: the same for the fake and for the real one.
 *
 * @param kubeconfig the text of a kubeconfig, asked for once before each test
 */
export function describeOperator(kubeconfig: () => string): void {
  let fixture: OperatorFixture;

  beforeEach(async () => {
    fixture = new OperatorFixture({ kubeconfig: kubeconfig() });
    await fixture.createNamespace();
  });
  afterEach(async () => {
    await fixture.stop();
  });

  const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, WITHIN);

  /** A catalog, two roles, and an organization with an environment. */
  async function createBasics() {
    await fixture.create("PermissionCatalog", "logs", {
      resources: [
        { name: "logs", level: "Environment", verbs: [{ name: "view" }] },
        { name: "billing", level: "Organization", verbs: [{ name: "view" }] },
      ],
    });
    await createRole("viewer", ["Environment"], "logs:view");
    await createRole("member", ["Organization"], "billing:view");
    await fixture.create("Organization", "acme", {});
    await createEnvironment("acme-prod", "production");
  }
  const createRole = (name: string, assignableAt: string[], permission: string, more: object = {}) => {
    const [resource, verb] = permission.split(":");
    return fixture.create("AccessRole", name, {
      assignableAt,
      rules: [{ resources: [resource], verbs: [verb] }],
      ...more,
    });
  };
  const createEnvironment = (name: string, type: string) =>
    fixture.create("Environment", name, { organization: "acme", type });
  const join = (name: string, more: object = {}) =>
    fixture.create("Membership", name, { organization: "acme", subject: { kind: "User", name }, ...more });
  const bind = (name: string, role: string, environment: string, ...users: string[]) =>
    fixture.create("AccessRoleBinding", name, {
      role,
      subjects: users.map((user) => ({ kind: "User", name: user })),
      scope: { kind: "Environment", name: environment },
    });
  const giveDefaults = () =>
    fixture.create("AccessDomain", "default", {
      defaultRoles: [{ role: "member" }, { role: "viewer", environmentTypes: ["production", "staging"] }],
    });
  const exclude = (...roles: string[]) =>
    fixture.create("AccessConstraint", "one-role", { exclusive: { roles } });
  const defaultsOf = async (membership: string) =>
    (await fixture.names("AccessRoleBinding")).filter((name) => name.startsWith(`default-${membership}-`));
  const mayViewLogs = (user: string, environment = "acme-prod") =>
    fixture.decide(user, "logs:view", `environment/${environment}`);

  describe("policies", () => {
    test("hold what was there before the operator, and follow what changes", async () => {
      await createBasics();
      await join("zoe");
      await bind("zoe-views", "viewer", "acme-prod", "zoe");
      await fixture.startOperator();
      expect(mayViewLogs("zoe")).toBe("Allowed");
      await fixture.delete("AccessRoleBinding", "zoe-views");
      await eventually(() => mayViewLogs("zoe")).toBe("NoGrant");
      await bind("zoe-again", "viewer", "acme-prod", "zoe");
      await eventually(() => mayViewLogs("zoe")).toBe("Allowed");
    });

    test("reach the position of every write, also of one that changes no decision", async () => {
      await createBasics();
      await fixture.startOperator();
      await fixture.patch("AccessRole", "viewer", { metadata: { labels: { team: "blue" } } });
      const written = BigInt((await fixture.get("AccessRole", "viewer"))?.metadata.resourceVersion ?? "0");
      const reached = () =>
        BigInt(fixture.operator.book.current(fixture.namespace)?.position.AccessRole ?? "0");
      await eventually(() => reached() >= written).toBe(true);
    });
  });

  describe("constraints", () => {
    const satisfied = async (name: string) => {
      const constraint = await fixture.get("AccessConstraint", name);
      const condition = constraint?.status?.conditions?.find(({ type }) => type === "Satisfied");
      return condition && `${condition.status} ${condition.reason}`;
    };

    test("void grants and say so on both bindings and on the constraint, until the conflict ends", async () => {
      await createBasics();
      await createRole("auditor", ["Environment"], "logs:view");
      await fixture.create("AccessConstraint", "four-eyes", {
        separationOfDuty: { roles: ["viewer", "auditor"] },
      });
      await join("ann");
      await bind("ann-views", "viewer", "acme-prod", "ann");
      await fixture.startOperator();
      await eventually(() => satisfied("four-eyes")).toBe("True Satisfied");
      await bind("ann-audits", "auditor", "acme-prod", "ann");
      await eventually(() => satisfied("four-eyes")).toBe("False GrantsVoid");
      expect(mayViewLogs("ann")).toBe("NoGrant");
      const grant = { subject: { kind: "User", name: "ann" }, unit: "environment/acme-prod" };
      expect((await fixture.get("AccessConstraint", "four-eyes"))?.status).toMatchObject({
        voidedTotal: 2,
        voided: [
          { ...grant, binding: "ann-audits", conflictsWith: "ann-views" },
          { ...grant, binding: "ann-views", conflictsWith: "ann-audits" },
        ],
      });
      const statusOf = async () => (await fixture.get("AccessRoleBinding", "ann-views"))?.status;
      await eventually(statusOf).toMatchObject({
        voidedTotal: 1,
        voided: [{ ...grant, constraint: "four-eyes", conflictsWith: "ann-audits" }],
        conditions: expect.arrayContaining([
          expect.objectContaining({
            type: "Accepted",
            status: "True",
            message: expect.stringContaining("1 grant is void"),
          }),
        ]),
      });
      await fixture.delete("AccessRoleBinding", "ann-audits");
      await eventually(() => satisfied("four-eyes")).toBe("True Satisfied");
      await eventually(statusOf).toMatchObject({
        voidedTotal: 0,
        conditions: expect.arrayContaining([expect.objectContaining({ message: "Part of the policy" })]),
      });
      expect(mayViewLogs("ann")).toBe("Allowed");
    });

    test("say which scopes have too few holders", async () => {
      await createBasics();
      await fixture.create("AccessConstraint", "watched", {
        minHolders: { role: "viewer", level: "Environment", count: 1 },
      });
      await fixture.startOperator();
      await eventually(() => satisfied("watched")).toBe("False TooFewHolders");
      await join("ann");
      await bind("ann-views", "viewer", "acme-prod", "ann");
      await eventually(() => satisfied("watched")).toBe("True Satisfied");
    });
  });

  describe("Accepted", () => {
    test("of a binding to a missing role says so, and becomes True once the role appears", async () => {
      await createBasics();
      await join("zoe");
      await fixture.startOperator();
      await bind("zoe-audits", "auditor", "acme-prod", "zoe");
      await eventually(() => fixture.accepted("AccessRoleBinding", "zoe-audits")).toBe(
        "False ReferenceNotFound",
      );
      const binding = await fixture.get("AccessRoleBinding", "zoe-audits");
      expect(binding?.status?.conditions?.[0]?.message).toContain('AccessRole "auditor" does not exist');
      expect(mayViewLogs("zoe")).toBe("NoGrant");
      await createRole("auditor", ["Environment"], "logs:view");
      await eventually(() => fixture.accepted("AccessRoleBinding", "zoe-audits")).toBe("True Accepted");
      await eventually(() => mayViewLogs("zoe")).toBe("Allowed");
    });

    test("is there for objects of all kinds, and follows changes of their specs", async () => {
      await createBasics();
      await fixture.create("AccessGroup", "team", { members: [{ kind: "AccessGroup", name: "nobody" }] });
      await fixture.startOperator();
      for (const [kind, name] of [
        ["PermissionCatalog", "logs"],
        ["AccessRole", "viewer"],
        ["Organization", "acme"],
        ["Environment", "acme-prod"],
      ] as const) {
        await eventually(() => fixture.accepted(kind, name)).toBe("True Accepted");
      }
      await eventually(() => fixture.accepted("AccessGroup", "team")).toBe("False ReferenceNotFound");
      await fixture.patch("AccessGroup", "team", { spec: { members: [{ kind: "User", name: "zoe" }] } });
      await eventually(() => fixture.accepted("AccessGroup", "team")).toBe("True Accepted");
    });

    test("is not written again by an operator that starts over", async () => {
      await createBasics();
      await giveDefaults();
      await join("zoe");
      await fixture.startOperator();
      const versions = async () => {
        const all = ["AccessRole", "Organization", "Environment", "Membership", "AccessRoleBinding"] as const;
        const lists = await Promise.all(all.map((kind) => fixture.list(kind)));
        return lists
          .flat()
          .map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`);
      };
      await eventually(() => fixture.names("AccessRoleBinding")).toHaveLength(2);
      await eventually(async () => {
        const states = await Promise.all(
          (await fixture.names("AccessRoleBinding")).map((name) =>
            fixture.accepted("AccessRoleBinding", name),
          ),
        );
        return [...new Set([...states, await fixture.accepted("Membership", "zoe")])];
      }).toEqual(["True Accepted"]);
      await eventually(() => fixture.accepted("AccessRole", "member")).toBe("True Accepted");
      await fixture.stopOperator();
      const before = await versions();
      await fixture.startOperator();
      // Whatever it writes to this one comes after its look at the others.
      await fixture.create("Workspace", "last", { organization: "acme" });
      await eventually(() => fixture.accepted("Workspace", "last")).toBe("True Accepted");
      expect(await versions()).toEqual(before);
    });
  });

  describe("default bindings", () => {
    test("are given for what is there when a member joins, and for environments that come later", async () => {
      await createBasics();
      await giveDefaults();
      await fixture.startOperator();
      await join("zoe");
      const first = ["default-zoe-environment-acme-prod", "default-zoe-organization-acme"];
      await eventually(() => fixture.names("AccessRoleBinding")).toEqual(first);
      await createEnvironment("acme-staging", "staging");
      await createEnvironment("acme-dev", "development");
      const all = [...first, "default-zoe-environment-acme-staging"].sort();
      await eventually(() => fixture.names("AccessRoleBinding")).toEqual(all);
      await eventually(() => mayViewLogs("zoe", "acme-staging")).toBe("Allowed");
      expect(mayViewLogs("zoe", "acme-dev")).not.toBe("Allowed");
    });

    test("are owned by the Membership and end with it", async () => {
      await createBasics();
      await giveDefaults();
      await fixture.startOperator();
      const membership = await join("zoe", { expiresAt: "2999-01-01T00:00:00Z" });
      const name = "default-zoe-environment-acme-prod";
      await eventually(() => fixture.names("AccessRoleBinding")).toContain(name);
      const binding = (await fixture.get("AccessRoleBinding", name)) as AccessRoleBinding;
      expect(binding.spec).toMatchObject({ role: "viewer", expiresAt: "2999-01-01T00:00:00Z" });
      expect(binding.metadata.ownerReferences).toMatchObject([
        { kind: "Membership", name: "zoe", uid: membership.metadata.uid },
      ]);
      expect(binding.metadata.ownerReferences?.[0]?.controller ?? false).toBe(false);
    });

    test("that were removed or changed are left so, also by an operator that starts over", async () => {
      await createBasics();
      await giveDefaults();
      await fixture.startOperator();
      await join("zoe");
      const [environment, organization] = [
        "default-zoe-environment-acme-prod",
        "default-zoe-organization-acme",
      ];
      await eventually(() => fixture.names("AccessRoleBinding")).toEqual([environment, organization]);
      await fixture.delete("AccessRoleBinding", environment);
      await fixture.patch("AccessRoleBinding", organization, { spec: { expiresAt: "2001-01-01T00:00:00Z" } });
      await fixture.stopOperator();
      await fixture.startOperator();
      await createEnvironment("acme-staging", "staging");
      await eventually(() => fixture.names("AccessRoleBinding")).toEqual([
        "default-zoe-environment-acme-staging",
        organization,
      ]);
      const changed = (await fixture.get("AccessRoleBinding", organization)) as AccessRoleBinding;
      expect(changed.spec.expiresAt).toBe("2001-01-01T00:00:00Z");
    });

    test("are taken away, or not given, where another binding names another role of an exclusive set", async () => {
      await createBasics();
      await createRole("auditor", ["Environment"], "logs:view");
      await giveDefaults();
      await exclude("viewer", "auditor");
      await bind("early-audits", "auditor", "acme-prod", "early");
      await fixture.startOperator();
      await join("early");
      await join("late");
      await eventually(() => defaultsOf("late")).toEqual([
        "default-late-environment-acme-prod",
        "default-late-organization-acme",
      ]);
      await eventually(() => defaultsOf("early")).toEqual(["default-early-organization-acme"]);
      await bind("late-audits", "auditor", "acme-prod", "late");
      await eventually(() => defaultsOf("late")).toEqual(["default-late-organization-acme"]);
      // Neither comes back when the other binding goes: a default is given once.
      await fixture.delete("AccessRoleBinding", "early-audits");
      await fixture.delete("AccessRoleBinding", "late-audits");
      await eventually(() => mayViewLogs("late")).toBe("NoGrant");
      expect(await defaultsOf("early")).toEqual(["default-early-organization-acme"]);
      expect(await defaultsOf("late")).toEqual(["default-late-organization-acme"]);
    });

    test("yield to a binding that someone made under their name", async () => {
      await createBasics();
      await giveDefaults();
      const name = "default-zoe-environment-acme-prod";
      await bind(name, "viewer", "acme-prod", "someone-else");
      await fixture.startOperator();
      await join("zoe");
      await eventually(async () => {
        const membership = await fixture.get("Membership", "zoe");
        return membership?.kind === "Membership" ? membership.status?.defaultsGiven : undefined;
      }).toEqual([name, "default-zoe-organization-acme"]);
      const binding = (await fixture.get("AccessRoleBinding", name)) as AccessRoleBinding;
      expect(binding.spec.subjects).toEqual([{ kind: "User", name: "someone-else" }]);
    });
  });

  describe("leaving", () => {
    test("takes the subject out of all bindings of the organization, and of no other", async () => {
      await createBasics();
      await fixture.create("Organization", "globex", {});
      await fixture.create("Workspace", "acme-labs", { organization: "acme" });
      await fixture.create("Environment", "acme-labs-dev", { workspace: "acme-labs", type: "development" });
      await fixture.create("Environment", "globex-prod", { organization: "globex", type: "production" });
      await fixture.startOperator();
      await join("zoe");
      await join("ann");
      await bind("zoe-only", "viewer", "acme-prod", "zoe");
      await bind("both", "viewer", "acme-labs-dev", "zoe", "ann");
      await bind("elsewhere", "viewer", "globex-prod", "zoe");
      await eventually(async () => (await fixture.get("Membership", "zoe"))?.metadata.finalizers).toEqual([
        "sidegate.dev/leaving",
      ]);
      await eventually(() => mayViewLogs("zoe")).toBe("Allowed");
      await fixture.delete("Membership", "zoe");
      await eventually(() => fixture.names("Membership")).toEqual(["ann"]);
      expect(await fixture.names("AccessRoleBinding")).toEqual(["both", "elsewhere"]);
      const both = (await fixture.get("AccessRoleBinding", "both")) as AccessRoleBinding;
      expect(both.spec.subjects).toEqual([{ kind: "User", name: "ann" }]);
      expect(mayViewLogs("zoe", "acme-labs-dev")).not.toBe("Allowed");
      expect(mayViewLogs("ann", "acme-labs-dev")).toBe("Allowed");
    });

    test("and joining again starts from the defaults", async () => {
      await createBasics();
      await giveDefaults();
      await fixture.startOperator();
      await join("zoe");
      const defaults = ["default-zoe-environment-acme-prod", "default-zoe-organization-acme"];
      await eventually(() => fixture.names("AccessRoleBinding")).toEqual(defaults);
      await bind("zoe-more", "viewer", "acme-prod", "zoe");
      await fixture.delete("AccessRoleBinding", "default-zoe-organization-acme");
      await eventually(() => mayViewLogs("zoe")).toBe("Allowed");
      await fixture.delete("Membership", "zoe");
      await eventually(() => fixture.names("Membership")).toEqual([]);
      expect(await fixture.names("AccessRoleBinding")).toEqual([]);
      await join("zoe");
      await eventually(() => fixture.names("AccessRoleBinding")).toEqual(defaults);
    });

    test("goes on where another operator was stopped", async () => {
      await createBasics();
      await fixture.startOperator();
      await join("zoe");
      await bind("zoe-only", "viewer", "acme-prod", "zoe");
      await eventually(
        async () => (await fixture.get("Membership", "zoe"))?.metadata.finalizers?.length,
      ).toBe(1);
      await fixture.stopOperator();
      await fixture.delete("Membership", "zoe");
      expect(await fixture.names("Membership")).toEqual(["zoe"]);
      await fixture.startOperator();
      await eventually(() => fixture.names("Membership")).toEqual([]);
      expect(await fixture.names("AccessRoleBinding")).toEqual([]);
    });

    test("of one of two memberships of a subject takes nothing", async () => {
      await createBasics();
      await fixture.startOperator();
      await join("zoe");
      await fixture.create("Membership", "zoe-twin", {
        organization: "acme",
        subject: { kind: "User", name: "zoe" },
      });
      await bind("zoe-only", "viewer", "acme-prod", "zoe");
      await eventually(() => fixture.accepted("Membership", "zoe-twin")).toBe("False DuplicateMembership");
      await fixture.delete("Membership", "zoe");
      await eventually(() => fixture.accepted("Membership", "zoe-twin")).toBe("True Accepted");
      expect(await fixture.names("AccessRoleBinding")).toEqual(["zoe-only"]);
    });
  });

  describe("finalizers", () => {
    const finalizers = async (kind: "AccessRole" | "Environment" | "Organization", name: string) =>
      (await fixture.get(kind, name))?.metadata.finalizers;

    test("keep a deleted role in force until the last binding that names it is gone", async () => {
      await createBasics();
      await join("zoe");
      await bind("zoe-views", "viewer", "acme-prod", "zoe");
      await fixture.startOperator();
      await eventually(() => finalizers("AccessRole", "viewer")).toEqual(["sidegate.dev/in-use"]);
      await fixture.delete("AccessRole", "viewer");
      await eventually(() => fixture.accepted("AccessRole", "viewer")).toBe("False Deleting");
      const role = await fixture.get("AccessRole", "viewer");
      expect(role?.status?.conditions?.[0]?.message).toContain("AccessRoleBinding zoe-views");
      expect(mayViewLogs("zoe")).toBe("Allowed");
      await fixture.delete("AccessRoleBinding", "zoe-views");
      await eventually(() => fixture.get("AccessRole", "viewer")).toBeUndefined();
    });

    test("let roles that include each other go together", async () => {
      await createBasics();
      await createRole("a", ["Environment"], "logs:view", { includes: ["b"] });
      await createRole("b", ["Environment"], "logs:view", { includes: ["a"] });
      await fixture.startOperator();
      await eventually(() => finalizers("AccessRole", "a")).toHaveLength(1);
      await eventually(() => finalizers("AccessRole", "b")).toHaveLength(1);
      await fixture.delete("AccessRole", "a");
      await eventually(() => fixture.accepted("AccessRole", "a")).toBe("False Deleting");
      await fixture.delete("AccessRole", "b");
      await eventually(() => fixture.names("AccessRole")).toEqual(["member", "viewer"]);
    });

    test("let a whole organization go, from the leaves up", async () => {
      await createBasics();
      await giveDefaults();
      await fixture.startOperator();
      await join("zoe");
      await eventually(() => fixture.names("AccessRoleBinding")).toHaveLength(2);
      await eventually(() => finalizers("Organization", "acme")).toHaveLength(1);
      await eventually(() => finalizers("Environment", "acme-prod")).toHaveLength(1);
      await fixture.delete("Organization", "acme");
      await fixture.delete("Environment", "acme-prod");
      await eventually(() => fixture.accepted("Organization", "acme")).toBe("False Deleting");
      await fixture.delete("Membership", "zoe");
      await eventually(() => fixture.names("Organization")).toEqual([]);
      expect(await fixture.names("Environment")).toEqual([]);
    });

    test("do not hold up a namespace that goes", async () => {
      await createBasics();
      await giveDefaults();
      await fixture.startOperator();
      await join("zoe");
      await eventually(() => fixture.names("AccessRoleBinding")).toHaveLength(2);
      await eventually(() => finalizers("Organization", "acme")).toHaveLength(1);
      await fixture.api.delete(namespaceResource, undefined, fixture.namespace);
      for (const kind of ["Membership", "AccessRole", "Organization", "Environment"] as const) {
        await eventually(() => fixture.names(kind)).toEqual([]);
      }
      await eventually(() => fixture.decide("zoe", "logs:view", "environment/acme-prod")).toBe(
        "UnknownScope",
      );
    });
  });
}
