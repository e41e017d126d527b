import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AccessDomain, Kind } from "../../engine/model/objects.generated.ts";
import { deliveryReportResource } from "../../operator/effective/report-object.ts";
import { FollowingSidecar } from "../support/following-sidecar.ts";
import { OperatorFixture } from "./operator-fixture.ts";
import { ReplicaFixture } from "./replica-fixture.ts";

const WITHIN = { timeout: 20_000, interval: 50 };

/** When an operator on an API server calls a change effective. @param kubeconfig the text of one */
export function describeEffective(kubeconfig: () => string): void {
  describe("a change", () => {
    let fixture: OperatorFixture;
    let sidecars: FollowingSidecar[];
    beforeEach(async () => {
      sidecars = [];
      fixture = new OperatorFixture({ kubeconfig: kubeconfig(), isRestricted: true });
      await fixture.createNamespace();
      await fixture.create("PermissionCatalog", "logs", {
        resources: [{ name: "logs", level: "Platform", verbs: [{ name: "view" }] }],
      });
      await fixture.create("AccessRole", "viewer", {
        assignableAt: ["Platform"],
        rules: [{ resources: ["logs"], verbs: ["view"] }],
      });
      await fixture.startOperator();
    });
    afterEach(async () => {
      for (const sidecar of sidecars) sidecar.cut();
      await fixture.stop();
    });

    const connect = async (name: string) => {
      const { delivery } = fixture.operator;
      const sidecar = new FollowingSidecar(delivery.address, fixture.namespace, name);
      sidecars.push(sidecar);
      await expect.poll(() => sidecar.revision, WITHIN).not.toBe("");
      return sidecar;
    };
    const bind = (name: string, role = "viewer") =>
      fixture.create("AccessRoleBinding", name, {
        role,
        subjects: [{ kind: "User", name }],
        scope: { kind: "Platform" },
      });
    const effective = async (name: string, kind: Kind = "AccessRoleBinding") => {
      const object = await fixture.get(kind, name);
      const condition = object?.status?.conditions?.find(({ type }) => type === "Effective");
      if (condition?.observedGeneration !== object?.metadata.generation) return "not said";
      return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
    };
    const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, WITHIN);
    const isThere = async (name: string) => (await fixture.get("AccessRoleBinding", name)) !== undefined;

    test("is effective without sidecars, and stays so when one comes", async () => {
      await bind("ada");
      await eventually(() => effective("ada")).toBe("True NoSidecars: The domain has no live sidecar");
      await connect("one");
      await bind("bob");
      await eventually(() => effective("bob")).toMatch(/^True Effective/);
      expect(await effective("ada")).toMatch(/^True NoSidecars/);
    });

    test("is effective once the last sidecar has taken it, and names it until then", async () => {
      await connect("quick");
      const slow = await connect("slow");
      slow.isAnswering = false;
      await bind("ada");
      await eventually(() => effective("ada")).toMatch(/^False Propagating: Waits for sidecar slow/);
      slow.isAnswering = true;
      await eventually(() => effective("ada")).toBe("True Effective: Every live sidecar decides by it");
    });

    test("that takes a grant away keeps the binding until no sidecar honours it", async () => {
      const slow = await connect("slow");
      await bind("ada");
      await eventually(() => effective("ada")).toMatch(/^True/);
      slow.isAnswering = false;
      await fixture.delete("AccessRoleBinding", "ada");
      await eventually(() => effective("ada")).toMatch(/^False Propagating: Waits for sidecar slow/);
      expect(await isThere("ada")).toBe(true);
      slow.isAnswering = true;
      await eventually(() => isThere("ada")).toBe(false);
    });

    test("that is taken back names who may have taken it meanwhile", async () => {
      const slow = await connect("slow");
      slow.isAnswering = false;
      await bind("ada");
      await eventually(() => effective("ada")).toMatch(/^False Propagating: Waits for sidecar slow/);
      await fixture.delete("AccessRoleBinding", "ada");
      await eventually(async () => (await fixture.get("AccessRoleBinding", "ada"))?.metadata.generation).toBe(
        2,
      );
      await eventually(() => effective("ada")).toMatch(/^False Propagating: Waits for sidecar slow/);
      slow.isAnswering = true;
      await eventually(() => isThere("ada")).toBe(false);
    });

    test("does not wait for a sidecar that said goodbye", async () => {
      const going = await connect("going");
      going.isAnswering = false;
      await bind("ada");
      await eventually(() => effective("ada")).toMatch(/^False Propagating/);
      going.leave();
      await eventually(() => effective("ada")).toMatch(/^True/);
    });

    test("waits for a lost sidecar until its bound is over, and says until when", async () => {
      await fixture.create("AccessDomain", "default", { staleness: { maxSeconds: 3 } });
      await eventually(() => effective("default", "AccessDomain")).toMatch(/^True/);
      const lost = await connect("lost");
      await bind("ada");
      await eventually(() => effective("ada")).toMatch(/^True/);
      lost.cut();
      await fixture.delete("AccessRoleBinding", "ada");
      await eventually(() => effective("ada")).toMatch(
        /^False Propagating: Waits for sidecar lost \(lost\), at the latest until 20.*Z$/,
      );
      await eventually(() => isThere("ada")).toBe(false);
    });

    test("to something that has no effect is not effective before it has one", async () => {
      await connect("one");
      await bind("ada", "auditor");
      await eventually(() => effective("ada")).toMatch(/^False NotAccepted/);
      await fixture.create("AccessRole", "auditor", { assignableAt: ["Platform"], rules: [] });
      await eventually(() => effective("ada")).toMatch(/^True Effective/);
    });

    test("shows in the status of the domain", async () => {
      await fixture.create("AccessDomain", "default", {});
      const one = await connect("one");
      const slow = await connect("slow");
      const status = async () => ((await fixture.get("AccessDomain", "default")) as AccessDomain).status;
      await eventually(async () => (await status())?.sidecars).toEqual({ live: 2, current: 2 });
      slow.isAnswering = false;
      await bind("ada");
      await eventually(status).toMatchObject({
        sidecars: { live: 2, current: 1 },
        laggards: [{ sidecar: "slow", state: "Lagging" }],
      });
      slow.isAnswering = true;
      await eventually(async () => (await status())?.sidecars).toEqual({ live: 2, current: 2 });
      expect(await status()).toMatchObject({ revision: one.revision, laggards: [] });
    });

    test("that was deleted while no operator ran is released by the next one", async () => {
      await bind("ada");
      await eventually(() => effective("ada")).toMatch(/^True/);
      await fixture.stopOperator();
      await fixture.delete("AccessRoleBinding", "ada");
      expect(await isThere("ada")).toBe(true);
      await fixture.startOperator();
      await eventually(() => isThere("ada")).toBe(false);
    });
  });

  describe("a change with several replicas", () => {
    let fixture: ReplicaFixture;
    beforeEach(async () => {
      fixture = new ReplicaFixture(kubeconfig());
      await fixture.createNamespace();
    });
    afterEach(() => fixture.stop());

    const giveRole = (name: string) =>
      fixture.create("AccessRole", name, { assignableAt: ["Platform"], rules: [] });
    const isEffective = (name: string) =>
      expect.poll(() => fixture.conditionOf("AccessRole", name, "Effective"), WITHIN).toBe("True");
    const reports = async () => {
      const { signal } = new AbortController();
      const { namespace } = fixture;
      const page = await fixture.api.list(deliveryReportResource, { namespace, limit: 10, signal });
      return page.items.map(({ metadata }) => metadata.name).sort();
    };

    test("is effective once all replicas have read it, whichever leads, and reports go with them", async () => {
      const a = await fixture.start("pod-a");
      const b = await fixture.start("pod-b");
      await Promise.all([a.operator.ready, b.operator.ready]);
      await giveRole("first");
      await isEffective("first");
      expect(await reports()).toEqual(["pod-a", "pod-b"]);
      const leader = (await fixture.leader()) === "pod-a" ? a : b;
      await fixture.stopReplica(leader);
      await giveRole("second");
      await isEffective("second");
      expect(await reports()).toEqual([leader === a ? "pod-b" : "pod-a"]);
    });
  });
}
