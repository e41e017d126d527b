import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AccessDomain } from "../../engine/model/objects.generated.ts";
import { REVOCATION } from "../../operator/reconcile/finalizers.ts";
import { OperatorFixture } from "./operator-fixture.ts";

/** Generous: a slow machine must not fail a test. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000, interval: 50 });

const PEOPLE = Array.from({ length: 24 }, (_, index) => `user-${index}`);

/** How an operator on an API server holds mass revocations back. */
export function describeGuard(kubeconfig: () => string): void {
  let fixture: OperatorFixture;

  beforeEach(async () => {
    fixture = new OperatorFixture({ kubeconfig: kubeconfig(), isRestricted: true });
    await fixture.createNamespace();
    await fixture.create("AccessDomain", "default", {
      membership: "Optional",
      guard: { maxRevokedPercent: 25 },
    });
    await fixture.create("Organization", "acme", {});
    await fixture.create("AccessRole", "admin", {
      assignableAt: ["Platform"],
      rules: [{ resources: ["membership"], verbs: ["create"] }],
    });
    // One object, so that all of it comes in one change.
    await bind("many", ...PEOPLE.slice(0, 12));
    for (const name of PEOPLE.slice(12)) await bind(name, name);
    await fixture.startOperator();
    await eventually(() => mayAdmit("user-0")).toBe(true);
    for (const name of ["many", "user-20"]) await eventually(() => isKept(name)).toBe(true);
  });
  afterEach(() => fixture.stop());

  const bind = (name: string, ...users: string[]) =>
    fixture.create("AccessRoleBinding", name, {
      role: "admin",
      subjects: users.map((user) => ({ kind: "User", name: user })),
      scope: { kind: "Platform" },
    });
  /** Whether it stays, when it is deleted, until its revocation is effective. */
  const isKept = async (name: string) =>
    (await fixture.get("AccessRoleBinding", name))?.metadata.finalizers?.includes(REVOCATION);
  const mayAdmit = (user: string) => {
    const outcome = fixture.decide(user, "membership:create", "organization/acme");
    return outcome === "no policy" ? outcome : outcome === "Allowed";
  };
  const status = async () => ((await fixture.get("AccessDomain", "default")) as AccessDomain).status;
  const held = async () => {
    const condition = (await status())?.conditions?.find(({ type }) => type === "Held");
    return condition && `${condition.status} ${condition.reason}`;
  };
  /** Takes 12 of 24 bindings away, and waits until that is held. */
  async function revokeMany() {
    const { book } = fixture.operator;
    await fixture.delete("AccessRoleBinding", "many");
    await eventually(held).toBe("True TooMuchRevoked");
    await eventually(async () => (await status())?.held?.revoked).toBe(12);
    return book;
  }
  const release = async () => {
    const revision = (await status())?.held?.revision;
    await fixture.patch("AccessDomain", "default", {
      metadata: { annotations: { "sidegate.dev/release-held": revision?.slice(0, 12) } },
    });
  };

  describe("a mass revocation in a guarded domain", () => {
    test("is held, explained in the status, and let through by an annotation", async () => {
      await revokeMany();
      const condition = (await status())?.conditions?.find(({ type }) => type === "Held");
      expect(condition?.message).toContain("take 12 of 24 grants away (50 %, more than 25 %)");
      expect(condition?.message).toContain(`-n ${fixture.namespace} accessdomain default`);
      expect(mayAdmit("user-0")).toBe(true);
      await release();
      await eventually(() => mayAdmit("user-0")).toBe(false);
      await eventually(held).toBe("False Released");
      expect((await status())?.held).toBeUndefined();
      expect(mayAdmit("user-20")).toBe(true);
    });

    test("stays held over a restart: the policy in use is confirmed, and nothing else given", async () => {
      const book = await revokeMany();
      const released = book.current(fixture.namespace)?.revision;
      await fixture.stopOperator();
      await fixture.startOperator();
      expect(fixture.operator.book.current(fixture.namespace)).toMatchObject({
        revision: released,
        isConfirmedOnly: true,
      });
      expect(await held()).toBe("True TooMuchRevoked");
      await release();
      await eventually(() => fixture.operator.book.current(fixture.namespace)?.shards.length).toBeGreaterThan(
        0,
      );
      expect(mayAdmit("user-0")).toBe(false);
    });

    test("lets an urgent deletion through", async () => {
      await revokeMany();
      await fixture.patch("AccessRoleBinding", "user-20", {
        metadata: { annotations: { "sidegate.dev/urgent": "true" } },
      });
      await fixture.delete("AccessRoleBinding", "user-20");
      await eventually(() => mayAdmit("user-20")).toBe(false);
      // Its finalizer goes, since the deletion is effective; those that are held back stay.
      await eventually(() => fixture.get("AccessRoleBinding", "user-20")).toBeUndefined();
      expect(await fixture.get("AccessRoleBinding", "many")).toBeDefined();
      expect([mayAdmit("user-0"), mayAdmit("user-21")]).toEqual([true, true]);
    });
  });
}
