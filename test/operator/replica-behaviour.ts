import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kinds } from "../../engine/model/objects.generated.ts";
import { compareResourceVersions } from "../../engine/model/position.ts";
import { createSystemClock } from "../../host/clock.ts";
import { catchUp } from "../../operator/replica/catch-up.ts";
import { countedIn } from "../../operator/replica/counted-replicas.ts";
import { createKubernetesSource } from "../../operator/source/kubernetes/kubernetes-source.ts";
import { silent } from "../support/silent-logger.ts";
import { ReplicaFixture } from "./replica-fixture.ts";

const WITHIN = { timeout: 30_000, interval: 50 };

/** What several replicas do on an API server. @param kubeconfig the text of one, asked for when a test begins */
export function describeReplicas(kubeconfig: () => string): void {
  describe("several replicas", () => {
    let fixture: ReplicaFixture;
    beforeEach(async () => {
      fixture = new ReplicaFixture(kubeconfig());
      await fixture.createNamespace();
      await fixture.create("PermissionCatalog", "logs", {
        resources: [{ name: "logs", level: "Platform", verbs: [{ name: "view" }] }],
      });
    });
    afterEach(() => fixture.stop());

    const giveRole = (name: string) =>
      fixture.create("AccessRole", name, {
        assignableAt: ["Platform"],
        rules: [{ resources: ["logs"], verbs: ["view"] }],
      });
    const isAccepted = (name: string) =>
      expect.poll(() => fixture.conditionOf("AccessRole", name, "Accepted"), WITHIN).toBe("True");
    const isLeader = (name: string) => expect.poll(() => fixture.leader(), WITHIN).toBe(name);

    test("publish the same revision, one of them writes, and another goes on when it stops", async () => {
      const a = await fixture.start("pod-a");
      await isLeader("pod-a");
      const b = await fixture.start("pod-b");
      await Promise.all([a.operator.ready, b.operator.ready]);
      await giveRole("first");
      await isAccepted("first");
      const revisions = () =>
        [a, b].map(({ operator }) => operator.book.current(fixture.namespace)?.revision);
      await expect.poll(() => new Set(revisions()).size, WITHIN).toBe(1);
      expect(revisions()[0]).toMatch(/./);
      expect(await fixture.lease("sidegate-replica-pod-b")).toMatchObject({
        spec: { holderIdentity: "pod-b", leaseDurationSeconds: 30 },
      });

      await fixture.stopReplica(a);
      expect(await fixture.lease("sidegate-replica-pod-a")).toBeUndefined();
      await isLeader("pod-b");
      await giveRole("second");
      await isAccepted("second");
      expect((await fixture.lease("sidegate-operator"))?.spec).toMatchObject({
        leaseDurationSeconds: 15,
        leaseTransitions: expect.any(Number),
      });
      await expect
        .poll(() => fixture.events(), WITHIN)
        .toEqual(expect.arrayContaining(["LeaderElection Lease/sidegate-operator"]));
    });

    test("are ready only once they count, and nobody holds the Lease after the last has stopped", async () => {
      const a = await fixture.start("pod-a");
      await a.operator.ready;
      await expect.poll(() => a.operator.isReady(), WITHIN).toBe(true);
      const own = (await fixture.lease("sidegate-replica-pod-a"))?.spec?.acquireTime;
      const counted = async () => countedIn(await fixture.lease("sidegate-operator"));
      await expect.poll(counted, WITHIN).toEqual({ "pod-a": own });
      await fixture.stopReplica(a);
      expect((await fixture.lease("sidegate-operator"))?.spec).toMatchObject({
        holderIdentity: "",
        leaseDurationSeconds: 1,
      });
    });

    test("catch up within seconds, with kinds of which nothing has changed as well", async () => {
      const clock = createSystemClock();
      const position: Record<string, string> = {};
      const { promise: synced, resolve } = Promise.withResolvers<void>();
      const { namespace, api } = fixture;
      const source = createKubernetesSource({
        ...{ api, namespace, clock, random: Math.random, logger: silent },
        onUnreadable: () => {},
        onContact: () => {},
        onFatal: () => {},
      });
      await source.start({
        put: () => {},
        remove: () => {},
        synced: () => resolve(),
        progress(kind, resourceVersion) {
          position[kind] = resourceVersion;
        },
      });
      await synced;
      const before = { ...position };
      await giveRole("moves-on");
      const { signal } = new AbortController();
      await catchUp({
        ...{ api, namespace, clock, random: Math.random, signal },
        position: () => position,
        hurry: () => source.hurry?.(),
      });
      for (const kind of kinds)
        expect(compareResourceVersions(position[kind] as string, before[kind] as string)).toBeGreaterThan(0);
      await source.stop();
    });

    test("tell a person of grants that are void and of the constraint that voids them", async () => {
      const { operator } = await fixture.start("pod-a");
      await operator.ready;
      for (const name of ["payer", "approver"]) await giveRole(name);
      await fixture.create("AccessConstraint", "four-eyes", {
        separationOfDuty: { mode: "Static", roles: ["payer", "approver"] },
      });
      for (const role of ["payer", "approver"])
        await fixture.create("AccessRoleBinding", `ada-${role}`, {
          role,
          subjects: [{ kind: "User", name: "ada" }],
          scope: { kind: "Platform" },
        });
      await expect
        .poll(() => fixture.events(), WITHIN)
        .toEqual(
          expect.arrayContaining([
            "GrantsVoid AccessConstraint/four-eyes",
            "GrantsVoid AccessRoleBinding/ada-approver",
            "GrantsVoid AccessRoleBinding/ada-payer",
          ]),
        );
    });
  });
}
